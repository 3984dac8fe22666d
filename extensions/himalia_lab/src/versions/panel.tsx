// The panel: versions by day, each with its hour and reason; below, starting again.
import { Dialog, showDialog } from '@jupyterlab/apputils';
import * as nbformat from '@jupyterlab/nbformat';
import { NotebookPanel } from '@jupyterlab/notebook';
import { TranslationBundle } from '@jupyterlab/translation';

import { announce } from '../announce';
import { IQuestion, IVersion, listQuestions, listVersions, restart, restoreVersion, versionContent } from '../api';
import { bodyOf, element } from '../dom';
import { localPath, reread, saved } from '../notebooks';
import { IPanelOptions, SidePanel } from '../panel';
import { day, exactTime, reasonSaid, refusalSaid, secondOfDay } from '../words';
import { IChange, changesOf } from './changes';

export class VersionsPanel extends SidePanel {
  constructor(
    options: IPanelOptions,
    private readonly trans: TranslationBundle
  ) {
    super(options);
  }

  protected changed(): void {
    const path = this._path;
    if (path !== this._shown) {
      this._shown = path;
      this._versions = [];
      this._questions = null;
      this._chosen = '';
      if (path && !this.current?.place.source) {
        void this._readQuestions(path);
      }
    }
    if (path) {
      void this._readVersions(path);
    }
    this.update();
  }

  protected override render(): JSX.Element {
    const { trans } = this;
    if (!this._path) {
      return (
        <>
          <h2>{this.options.title}</h2>
          <p>{trans.__('Open a notebook of an assignment to see its versions.')}</p>
        </>
      );
    }
    return (
      <>
        <h2>{this.options.title}</h2>
        <p>{trans.__('Each save is kept. Bringing a version back keeps the present one too.')}</p>
        {this._failure ? <p className="himalia-late">{this._failure}</p> : null}
        {this._questions ? this._startAgain(this._questions) : null}
        {this._days().map(([name, versions]) => (
          <section key={name} aria-label={name}>
            <h3>{name}</h3>
            <ul className="himalia-list">{versions.map(version => this._line(version))}</ul>
          </section>
        ))}
      </>
    );
  }

  private _line(version: IVersion): JSX.Element {
    const { trans } = this;
    const at = secondOfDay(version.at);
    const reason = reasonSaid(version.reason, trans);
    const newest = version === this._versions[0];
    return (
      <li key={version.id}>
        <time dateTime={version.at} title={exactTime(version.at)}>
          {at}
        </time>{' '}
        {reason ? <span className="himalia-mark">{reason}</span> : null}
        {newest ? (
          <span> {trans.__('as it is now')}</span>
        ) : (
          <span className="himalia-actions">
            <button
              type="button"
              className="jp-mod-styled jp-mod-reject"
              aria-label={trans.__('Compare the version of %1 with now', exactTime(version.at))}
              onClick={() => void this._do(panel => this._compare(panel, version))}
            >
              {trans.__('Compare')}
            </button>
            <button
              type="button"
              className="jp-mod-styled jp-mod-reject"
              aria-label={trans.__('Bring back the version of %1', exactTime(version.at))}
              onClick={() => void this._do(panel => this._restore(panel, version))}
            >
              {trans.__('Bring back')}
            </button>
          </span>
        )}
      </li>
    );
  }

  private _startAgain(questions: IQuestion[]): JSX.Element {
    const { trans } = this;
    return (
      <section aria-labelledby="himalia-again">
        <h3 id="himalia-again">{trans.__('Start again')}</h3>
        <label htmlFor="himalia-question">{trans.__('What to put back as it was released')}</label>
        <select
          id="himalia-question"
          className="jp-mod-styled"
          value={this._chosen}
          onChange={event => {
            this._chosen = event.target.value;
            this.update();
          }}
        >
          <option value="">{trans.__('The whole notebook')}</option>
          {questions.map(question => (
            <option key={question.grade_id} value={question.grade_id}>
              {question.heading ? `${question.heading} (${question.grade_id})` : question.grade_id}
            </option>
          ))}
        </select>
        <p className="himalia-actions">
          <button
            type="button"
            className="jp-mod-styled jp-mod-warn"
            onClick={() => void this._do(panel => this._again(panel, this._chosen))}
          >
            {trans.__('Start again')}
          </button>
        </p>
      </section>
    );
  }

  private async _compare(panel: NotebookPanel, version: IVersion): Promise<void> {
    const { trans } = this;
    const then = (await versionContent(localPath(panel.context.path), version.id)) as nbformat.INotebookContent;
    const changes = changesOf(then, panel.context.model.toJSON() as unknown as nbformat.INotebookContent);
    const body = changes.length
      ? bodyOf(...changes.map(change => this._change(change)))
      : bodyOf(element('p', {}, trans.__('The text is the same; only results may differ.')));
    const answer = await showDialog({
      title: trans.__('Version of %1', exactTime(version.at)),
      body,
      buttons: [
        Dialog.cancelButton({ label: trans.__('Close') }),
        Dialog.okButton({ label: trans.__('Bring back') })
      ]
    });
    if (answer.button.accept) {
      await this._put(panel, () => restoreVersion(localPath(panel.context.path), version.id));
    }
  }

  private _change(change: IChange): HTMLElement {
    const { trans } = this;
    return element(
      'div',
      { class: 'himalia-change' },
      element('h4', {}, trans.__('In that version')),
      element('pre', {}, change.then),
      element('h4', {}, trans.__('Now')),
      change.now === null ? element('p', {}, trans.__('This cell is gone.')) : element('pre', {}, change.now)
    );
  }

  private async _restore(panel: NotebookPanel, version: IVersion): Promise<void> {
    const { trans } = this;
    const title = trans.__('Bring back the version of %1?', exactTime(version.at));
    if (await this._sure(title, trans.__('Bring back'))) {
      await this._put(panel, () => restoreVersion(localPath(panel.context.path), version.id));
    }
  }

  private async _again(panel: NotebookPanel, question: string): Promise<void> {
    const { trans } = this;
    const title = question
      ? trans.__('Start question “%1” again?', question)
      : trans.__('Start the whole notebook again?');
    if (await this._sure(title, trans.__('Start again'))) {
      await this._put(panel, () => restart(localPath(panel.context.path), question));
    }
  }

  private async _sure(title: string, label: string): Promise<boolean> {
    const { trans } = this;
    const answer = await showDialog({
      title,
      body: bodyOf(element('p', {}, trans.__('The notebook as it is now is kept as a version: you can come back to it.'))),
      buttons: [Dialog.cancelButton({ label: trans.__('Cancel') }), Dialog.warnButton({ label })]
    });
    return answer.button.accept;
  }

  /** Save what is on the screen, let the server change the file, show the file. */
  private async _put(panel: NotebookPanel, change: () => Promise<IVersion[]>): Promise<void> {
    await saved(panel.context);
    this._versions = await change();
    await reread(panel);
    announce(this.trans.__('Done. The notebook as it was is kept as a version.'));
    this.update();
  }

  private async _do(action: (panel: NotebookPanel) => Promise<void>): Promise<void> {
    const panel = this.current?.panel;
    if (!panel) {
      return;
    }
    this._failure = '';
    try {
      await action(panel);
    } catch (error) {
      const { title, detail } = refusalSaid(error, this.trans);
      this._failure = `${title} ${detail}`;
      announce(this._failure);
    }
    this.update();
  }

  private async _readVersions(path: string): Promise<void> {
    const found = await listVersions(path).catch(() => null);
    if (found && path === this._path) {
      this._versions = found;
      this.update();
    }
  }

  private async _readQuestions(path: string): Promise<void> {
    const found = await listQuestions(path).catch(() => null);
    if (path === this._path) {
      this._questions = found;
      this.update();
    }
  }

  private _days(): [string, IVersion[]][] {
    const days = new Map<string, IVersion[]>();
    for (const version of this._versions) {
      const name = day(version.at);
      days.set(name, [...(days.get(name) ?? []), version]);
    }
    return [...days];
  }

  private get _path(): string | null {
    const panel = this.current?.panel;
    return panel ? localPath(panel.context.path) : null;
  }

  private _shown: string | null = null;
  private _versions: IVersion[] = [];
  /** What can be started again; null where the notebook is not one of the sujet. */
  private _questions: IQuestion[] | null = null;
  private _chosen = '';
  private _failure = '';
}
