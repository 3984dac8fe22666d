// Reads a notebook after a run: which visible tests pass, what fails and where. No page, no kernel.
import * as nbformat from '@jupyterlab/nbformat';

/** What of a cell this needs to know. */
export interface IRunCell {
  readonly type: string;
  readonly source: string;
  readonly marks: { grade?: boolean; solution?: boolean; grade_id?: string };
  readonly outputs: readonly nbformat.IOutput[];
}

export interface IFailure {
  index: number;
  /** The heading that the cell stands under. */
  heading: string;
  test: boolean;
  error: string;
}

export interface IResults {
  tests: number;
  failures: IFailure[];
}

export function resultsOf(cells: readonly IRunCell[]): IResults {
  let heading = '';
  let tests = 0;
  const failures: IFailure[] = [];
  cells.forEach((cell, index) => {
    heading = headingOf(cell) || heading;
    const test = isTest(cell);
    tests += test ? 1 : 0;
    const error = errorOf(cell);
    if (error !== null) {
      failures.push({ index, heading, test, error });
    }
  });
  return { tests, failures };
}

function isTest(cell: IRunCell): boolean {
  return cell.type === 'code' && cell.marks.grade === true && cell.marks.solution !== true;
}

function errorOf(cell: IRunCell): string | null {
  const found = cell.type === 'code' ? cell.outputs.find(nbformat.isError) : undefined;
  if (!found) {
    return null;
  }
  return found.evalue ? `${found.ename}: ${found.evalue}` : found.ename;
}

function headingOf(cell: IRunCell): string {
  const line = cell.type === 'markdown' ? cell.source.split('\n').find(each => /^#+\s/.test(each)) : undefined;
  return line ? line.replace(/^#+\s*/, '').trim() : '';
}
