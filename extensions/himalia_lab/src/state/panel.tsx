// The panel itself: the assignment in front in full, the others in a line each.
import { TranslationBundle } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';

import { IAssignment, ISubmission, addressOf, listSubmissions } from '../api';
import { announce } from '../announce';
import { onPlatform } from '../course';
import { IPanelOptions, SidePanel } from '../panel';
import { SUBMIT } from '../submit';
import { VALIDATE } from '../validate';
import { dateTime, refusalSaid } from '../words';

export class StatePanel extends SidePanel {
  constructor(
    options: IPanelOptions,
    private readonly trans: TranslationBundle,
    private readonly commands: CommandRegistry,
    private readonly open: (name: string) => Promise<void>
  ) {
    super(options);
  }

  protected changed(): void {
    const assignment = this.current?.place.assignment ?? null;
    const mark = `${assignment?.name} ${assignment?.submissions}`;
    if (mark !== this._mark) {
      this._mark = mark;
      this._submissions = [];
      if (assignment?.submissions) {
        void this._read(assignment.name, mark);
      }
    }
    this.update();
  }

  protected override render(): JSX.Element {
    const { trans } = this;
    const { assignments } = this.options;
    const current = this.current?.place.assignment ?? null;
    const others = assignments.all.filter(each => each.name !== current?.name);
    return (
      <>
        <h2>{this.options.title}</h2>
        {assignments.failure ? this._failure(assignments.failure) : null}
        {current ? this._whole(current) : null}
        {others.length ? (
          <section aria-labelledby="himalia-others">
            <h3 id="himalia-others">{current ? trans.__('Other assignments') : trans.__('In this course')}</h3>
            <ul className="himalia-list">{others.map(each => this._line(each))}</ul>
          </section>
        ) : null}
        {!assignments.all.length && !assignments.failure ? <p>{trans.__('No assignment has been released yet.')}</p> : null}
      </>
    );
  }

  private _whole(assignment: IAssignment): JSX.Element {
    const { trans } = this;
    const source = this.current?.place.source ?? false;
    const address = onPlatform(assignment.page && assignment.feedback ? `${assignment.page}/copy` : assignment.page);
    return (
      <section aria-labelledby="himalia-current">
        <h3 id="himalia-current">{assignment.title}</h3>
        <p className="himalia-state">{source ? sourceSaid(assignment, trans) : stateSaid(assignment, trans)}</p>
        <dl className="himalia-facts">
          <dt>{trans.__('Deadline')}</dt>
          <dd>
            {assignment.deadline ? (
              <time dateTime={assignment.deadline}>{dateTime(assignment.deadline, true)}</time>
            ) : (
              trans.__('none')
            )}
          </dd>
          {assignment.deadline ? (
            <>
              <dt>{trans.__('After it')}</dt>
              <dd>{assignment.late_policy === 'accept' ? trans.__('marked late') : trans.__('refused')}</dd>
            </>
          ) : null}
          <dt>{trans.__('Files taken')}</dt>
          <dd>{assignment.accepts.join(' ')}</dd>
        </dl>
        {source ? null : (
          <p className="himalia-actions">
            <button type="button" className="jp-mod-styled jp-mod-accept" onClick={() => this._run(SUBMIT)}>
              {trans.__('Hand in')}
            </button>
            <button type="button" className="jp-mod-styled jp-mod-reject" onClick={() => this._run(VALIDATE)}>
              {trans.__('Verify')}
            </button>
          </p>
        )}
        {this._submissions.length ? this._receipts(assignment) : null}
        {address ? (
          <p>
            <a href={address} target="_blank" rel="noopener">
              {assignment.feedback ? trans.__('Read the graded copy') : trans.__('Open the page of this assignment')}
            </a>
          </p>
        ) : null}
      </section>
    );
  }

  private _receipts(assignment: IAssignment): JSX.Element {
    const { trans } = this;
    return (
      <>
        <h4>{trans.__('Handed in')}</h4>
        <ol className="himalia-list">
          {this._submissions.map(each => (
            <li key={each.id}>
              <time dateTime={each.received_at}>{dateTime(each.received_at)}</time>{' '}
              {each.late ? <span className="himalia-mark">{trans.__('late')}</span> : null}{' '}
              {each.counts ? <span className="himalia-mark">{trans.__('counts')}</span> : null}
              <br />
              <code title={each.sha256}>{each.sha256.slice(0, 12)}…</code>{' '}
              <a href={addressOf('api', 'submissions', assignment.name, `${each.id}.zip`)} download="">
                {trans.__('Download')}
                <span className="himalia-visually-hidden"> {dateTime(each.received_at)}</span>
              </a>
            </li>
          ))}
        </ol>
      </>
    );
  }

  private _line(assignment: IAssignment): JSX.Element {
    const { trans } = this;
    return (
      <li key={assignment.name}>
        <strong>{assignment.title}</strong>
        <br />
        {stateSaid(assignment, trans)}
        {assignment.deadline ? <> · {dateTime(assignment.deadline)}</> : null}
        <br />
        <button
          type="button"
          className="jp-mod-styled jp-mod-reject"
          aria-label={trans.__('Open %1', assignment.title)}
          onClick={() => void this._open(assignment.name)}
        >
          {trans.__('Open')}
        </button>
      </li>
    );
  }

  private _failure(error: unknown): JSX.Element {
    const { title, detail } = refusalSaid(error, this.trans);
    return (
      <div className="himalia-late">
        <strong>{title}</strong> {detail}{' '}
        <button type="button" className="jp-mod-styled jp-mod-reject" onClick={() => void this.options.assignments.refresh()}>
          {this.trans.__('Try again')}
        </button>
      </div>
    );
  }

  private _run(command: string): void {
    void this.commands.execute(command);
  }

  private async _open(name: string): Promise<void> {
    try {
      await this.open(name);
    } catch (error) {
      const { title, detail } = refusalSaid(error, this.trans);
      announce(`${title} ${detail}`);
      this.options.assignments.failure = error;
      this.update();
    }
  }

  private async _read(name: string, mark: string): Promise<void> {
    const found = await listSubmissions(name).catch(() => []);
    if (mark === this._mark) {
      this._submissions = found;
      this.update();
    }
  }

  private _mark = '';
  private _submissions: ISubmission[] = [];
}

/** Where the person stands with an assignment, in a few words. */
function stateSaid(assignment: IAssignment, trans: TranslationBundle): string {
  if (assignment.state === 'draft') {
    return trans.__('Not released yet');
  }
  if (assignment.feedback) {
    return trans.__('Graded copy returned');
  }
  if (assignment.last_submitted) {
    return trans.__('Handed in: %1', dateTime(assignment.last_submitted));
  }
  if (assignment.kind === 'practice') {
    return trans.__('Practice, not marked');
  }
  return assignment.fetched ? trans.__('Started, not handed in yet') : trans.__('Not started yet');
}

/** Where an author stands with it. */
function sourceSaid(assignment: IAssignment, trans: TranslationBundle): string {
  return assignment.version === null
    ? trans.__('Not released yet')
    : trans.__('Released, version %1', String(assignment.version));
}
