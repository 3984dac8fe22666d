// "Verify": a fresh kernel, every cell, and the list of visible tests that fail.
import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { Dialog, ICommandPalette } from '@jupyterlab/apputils';
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
      buttons.set(panel, button);
      addToToolbar(panel, 'himalia-verify', button, assignments, place => place !== null);
    };
    app.docRegistry.addWidgetExtension('Notebook', { createNew: add });
  }
};

const buttons = new WeakMap<NotebookPanel, WordButton>();
const running = new WeakMap<NotebookPanel, Progress>();

/** Verify a notebook; pressed while that runs, it stops it. */
async function verify(panel: NotebookPanel, trans: TranslationBundle): Promise<void> {
  const underWay = running.get(panel);
  if (underWay) {
    underWay.stop();
    return;
  }
  const progress = new Progress(panel, trans);
  running.set(panel, progress);
  let results: IResults | null;
  try {
    results = await runAfresh(panel, progress);
  } finally {
    running.delete(panel);
    progress.close();
  }
  if (results) {
    await report(panel, results, trans);
  } else {
    announce(trans.__('Stopped.'));
  }
}

/** Says in the button how far the run is, and that pressing it stops the run. */
class Progress {
  stopped = false;

  constructor(
    private readonly panel: NotebookPanel,
    private readonly trans: TranslationBundle
  ) {
    this._button = buttons.get(panel);
    this._say(trans.__('Stop'), trans.__('Verifying: restarting, then running every cell…'));
    announce(trans.__('Verifying: restarting, then running every cell…'));
  }

  at(done: number, total: number): void {
    const { trans } = this;
    this._say(trans.__('Stop (%1/%2)', done + 1, total), trans.__('Verifying: cell %1 of %2…', done + 1, total));
  }

  stop(): void {
    this.stopped = true;
    void this.panel.sessionContext.session?.kernel?.interrupt();
  }

  close(): void {
    const { trans } = this;
    this._say(trans.__('Verify'), trans.__('Restart, run every cell and list the visible tests that fail'));
  }

  private _say(label: string, tooltip: string): void {
    if (!this.panel.isDisposed) {
      this._button?.say({ label, tooltip });
    }
  }

  private readonly _button: WordButton | undefined;
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
