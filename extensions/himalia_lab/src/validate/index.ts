// "Verify": a fresh kernel, every cell, and the list of visible tests that fail.
import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { Dialog, ICommandPalette, Notification } from '@jupyterlab/apputils';
import { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { ITranslator, TranslationBundle } from '@jupyterlab/translation';

import { announce } from '../announce';
import { WordButton } from '../button';
import { bodyOf, element } from '../dom';
import { checkIcon } from '../icons';
import { addToToolbar } from '../notebooks';
import { IAssignments } from '../tokens';
import { bundle } from '../words';
import { IFailure, IResults } from './results';
import { runAfresh } from './run';

export const VALIDATE = 'himalia:verify';

const plugin: JupyterFrontEndPlugin<void> = {
  id: 'himalia-lab:verify',
  description: 'Runs a notebook from a fresh kernel and lists the visible tests that fail.',
  autoStart: true,
  requires: [IAssignments, INotebookTracker, ITranslator],
  optional: [ICommandPalette],
  activate: (
    app: JupyterFrontEnd,
    assignments: IAssignments,
    tracker: INotebookTracker,
    translator: ITranslator,
    palette: ICommandPalette | null
  ): void => {
    const trans = bundle(translator);
    const caption = trans.__('Restart, run every cell and list the visible tests that fail');
    app.commands.addCommand(VALIDATE, {
      label: trans.__('Verify the notebook'),
      caption,
      icon: checkIcon,
      isEnabled: () => tracker.currentWidget !== null,
      describedBy: { args: { type: 'object', properties: {} } },
      execute: async () => {
        if (tracker.currentWidget) {
          await verify(tracker.currentWidget, trans);
        }
      }
    });
    palette?.addItem({ command: VALIDATE, category: 'Himalia' });

    const add = (panel: NotebookPanel) => {
      const button = new WordButton(checkIcon, { label: trans.__('Verify'), tooltip: caption }, () => {
        void verify(panel, trans);
      });
      button.addClass('himalia-validate');
      addToToolbar(panel, 'himalia-verify', button, assignments, place => place !== null);
    };
    app.docRegistry.addWidgetExtension('Notebook', { createNew: add });
  }
};

const running = new WeakSet<NotebookPanel>();

async function verify(panel: NotebookPanel, trans: TranslationBundle): Promise<void> {
  if (running.has(panel)) {
    return;
  }
  running.add(panel);
  const progress = new Progress(panel, trans);
  let results: IResults | null;
  try {
    results = await runAfresh(panel, progress);
  } finally {
    progress.close();
    running.delete(panel);
  }
  if (results) {
    await report(panel, results, trans);
  } else {
    announce(trans.__('Stopped.'));
  }
}

class Progress {
  stopped = false;

  constructor(
    private readonly panel: NotebookPanel,
    private readonly trans: TranslationBundle
  ) {
    const started = trans.__('Verifying: restarting, then running every cell…');
    announce(started);
    this._id = Notification.emit(started, 'in-progress', {
      autoClose: false,
      actions: [{ label: trans.__('Stop'), callback: () => this._stop() }]
    });
  }

  at(done: number, total: number): void {
    const message = this.trans.__('Verifying: cell %1 of %2…', done + 1, total);
    Notification.update({ id: this._id, message, type: 'in-progress', autoClose: false });
  }

  close(): void {
    Notification.dismiss(this._id);
  }

  private _stop(): void {
    this.stopped = true;
    void this.panel.sessionContext.session?.kernel?.interrupt();
  }

  private _id: string;
}

async function report(panel: NotebookPanel, results: IResults, trans: TranslationBundle): Promise<void> {
  const failing = results.failures.filter(each => each.test).length;
  const title = titleOf(results, failing, trans);
  announce(title);
  let chosen: IFailure | null = null;
  const list = element('ul', { class: 'himalia-failures' });
  const body = bodyOf(
    element('p', {}, trans._n('%1 visible test, %2 failing.', '%1 visible tests, %2 failing.', results.tests, failing)),
    results.failures.length ? list : null,
    element('p', { class: 'himalia-hint' }, trans.__('Grading may add tests that are not shown here.'))
  );
  const dialog = new Dialog({ title, body, buttons: [Dialog.okButton({ label: trans.__('Close') })] });
  for (const failure of results.failures) {
    const go = () => {
      chosen = failure;
      dialog.resolve();
    };
    list.append(lineOf(failure, go, trans));
  }
  await dialog.launch();
  if (chosen) {
    await show(panel, chosen);
  }
}

function titleOf(results: IResults, failing: number, trans: TranslationBundle): string {
  if (failing) {
    return trans._n('%1 visible test fails', '%1 visible tests fail', failing);
  }
  if (results.failures.length) {
    return trans.__('Some cells do not run');
  }
  return results.tests ? trans.__('All visible tests pass') : trans.__('Every cell runs');
}

function lineOf(failure: IFailure, go: () => void, trans: TranslationBundle): HTMLElement {
  const button = element('button', { type: 'button', class: 'jp-mod-styled jp-Button' }, trans.__('Go to the cell'));
  button.addEventListener('click', go);
  const what = failure.test ? trans.__('Test') : trans.__('Cell');
  const place = failure.heading ? `${what} · ${failure.heading}` : what;
  button.setAttribute('aria-label', `${trans.__('Go to the cell')}: ${place}`);
  return element('li', {}, element('strong', {}, place), element('pre', {}, failure.error), button);
}

async function show(panel: NotebookPanel, failure: IFailure): Promise<void> {
  panel.content.deselectAll();
  panel.content.activeCellIndex = failure.index;
  await panel.content.scrollToItem(failure.index, 'smart').catch(() => undefined);
  panel.content.activate();
}

export default plugin;
