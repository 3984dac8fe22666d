// The server half, typed: every call, and how a refusal reaches the page.
import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

/** An assignment as this person sees it; the deadline is the person's own. */
export interface IAssignment {
  name: string;
  title: string;
  kind: 'practice' | 'lab' | 'project' | 'exam';
  state: 'draft' | 'released' | 'withdrawn';
  deadline: string | null;
  late_policy: 'refuse' | 'accept';
  accepts: string[];
  version: number | null;
  fetched_version: number | null;
  submissions: number;
  last_submitted: string | null;
  feedback: boolean;
  /** The path of its page on the platform. */
  page: string;
  fetched: boolean;
  source: boolean;
}

export interface IReceipt {
  id: string;
  assignment: string;
  received_at: string;
  sha256: string;
  size: number;
  late: boolean;
  deadline: string | null;
  files: { path: string; size: number }[];
}

export interface ISubmission {
  id: string;
  received_at: string;
  sha256: string;
  late: boolean;
  counts: boolean;
  feedback_sha256: string | null;
}

export interface IVersion {
  id: string;
  at: string;
  sha256: string;
  size: number;
  reason: string;
}

export interface IQuestion {
  grade_id: string;
  heading: string;
}

/** What was refused: `code` is a stable word, `title` what happened, `detail` what to do. */
export class Refusal extends Error {
  constructor(
    readonly code: string,
    readonly title: string,
    readonly detail: string
  ) {
    super(detail ? `${title} ${detail}` : title);
  }
}

const settings = ServerConnection.makeSettings();

/** The address of a resource of the server half. */
export function addressOf(...path: string[]): string {
  return URLExt.join(settings.baseUrl, 'himalia', ...path.map(encodeURIComponent));
}

export async function listAssignments(): Promise<IAssignment[]> {
  return (await call<{ assignments: IAssignment[] }>('assignments')).assignments;
}

/** Bring an assignment here if it is not, and give the path of its first notebook. */
export async function openAssignment(assignment: string): Promise<string> {
  return (await call<{ path: string }>('open', { assignment })).path;
}

export async function submit(assignment: string, key: string): Promise<IReceipt> {
  return call<IReceipt>('submit', { assignment, key });
}

export async function listSubmissions(assignment: string): Promise<ISubmission[]> {
  const path = `submissions/${encodeURIComponent(assignment)}`;
  return (await call<{ submissions: ISubmission[] }>(path)).submissions;
}

export async function listVersions(path: string): Promise<IVersion[]> {
  return (await call<{ versions: IVersion[] }>(`versions${query({ path })}`)).versions;
}

export async function restoreVersion(path: string, version: string): Promise<IVersion[]> {
  return (await call<{ versions: IVersion[] }>('versions', { path, version })).versions;
}

export async function versionContent(path: string, version: string): Promise<unknown> {
  return call<unknown>(`versions/content${query({ path, version })}`);
}

export async function listQuestions(path: string): Promise<IQuestion[]> {
  return (await call<{ questions: IQuestion[] }>(`restart${query({ path })}`)).questions;
}

/** Put one question, or the whole notebook where `question` is empty, back as it was released. */
export async function restart(path: string, question: string): Promise<IVersion[]> {
  return (await call<{ versions: IVersion[] }>('restart', { path, question })).versions;
}

/** Send a source; where somebody else changed it too, `choice` says whose is kept. */
export async function sendSource(
  assignment: string,
  choice: '' | 'mine' | 'theirs'
): Promise<{ sent: boolean; sha256: string }> {
  return call('source', { assignment, choice });
}

function query(parts: Record<string, string>): string {
  return `?${new URLSearchParams(parts).toString()}`;
}

async function call<T>(path: string, body?: Record<string, string>): Promise<T> {
  const url = URLExt.join(settings.baseUrl, 'himalia', 'api', path);
  const request = body ? { method: 'POST', body: JSON.stringify(body) } : {};
  let answer: Response;
  try {
    answer = await ServerConnection.makeRequest(url, request, settings);
  } catch (error) {
    throw new Refusal('offline', String(error), '');
  }
  const content = await answer.json().catch(() => null);
  if (!answer.ok) {
    throw refusalOf(answer, content);
  }
  return content as T;
}

// What a proxy or the hub answers for a server that is stopping or gone.
const GONE = [424, 502, 503, 504];

function refusalOf(answer: Response, content: unknown): Refusal {
  const told = (content ?? {}) as Partial<Record<'code' | 'title' | 'detail' | 'message', string>>;
  const title = told.title ?? told.message ?? `${answer.status} ${answer.statusText}`;
  const other = GONE.includes(answer.status) ? 'offline' : 'failed';
  return new Refusal(told.code ?? other, title, told.detail ?? '');
}
