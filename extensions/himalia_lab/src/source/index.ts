// For authors: each save of a notebook in `source/` is sent to the platform, and its toolbar says so.
import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { Dialog, showDialog } from '@jupyterlab/apputils';
import { DocumentRegistry } from '@jupyterlab/docregistry';
import { NotebookPanel } from '@jupyterlab/notebook';
import { ITranslator, TranslationBundle } from '@jupyterlab/translation';
import { Debouncer } from '@lumino/polling';

import { announce } from '../announce';
import { Refusal, sendSource } from '../api';
import { WordButton } from '../button';
import { courseOfPage } from '../course';
import { bodyOf, element } from '../dom';
import { sendIcon } from '../icons';
import { localPath, reread, saved } from '../notebooks';
import { bundle, refusalSaid, timeOfDay } from '../words';

const SETTLE = 1500;

const plugin: JupyterFrontEndPlugin<void> = {
  id: 'himalia-lab:source',
  description: "Sends an assignment's source to the platform when it is saved.",
  autoStart: true,
  requires: [ITranslator],
  activate: (app: JupyterFrontEnd, translator: ITranslator): void => {
    if (!courseOfPage().author) {
      return;
    }
    const trans = bundle(translator);
    app.docRegistry.addWidgetExtension('Notebook', {
      createNew: (panel: NotebookPanel) => {
        new SourceState(panel, trans);
      }
    });
  }
};

/** The assignment whose source this path belongs to. */
function sourceOf(path: string): string | null {
  const parts = localPath(path).split('/');
  return parts[0] === 'source' && parts.length > 2 ? parts[1] : null;
}

class SourceState {
  constructor(
    private readonly panel: NotebookPanel,
    private readonly trans: TranslationBundle
  ) {
    const words = { label: trans.__('Send the source'), tooltip: trans.__('Save, and send this source to the platform') };
    this._button = new WordButton(sendIcon, words, () => void this._send(true));
    if (!panel.toolbar.insertBefore('spacer', 'himalia-source', this._button)) {
      panel.toolbar.addItem('himalia-source', this._button);
    }
    panel.context.saveState.connect(this._onSave, this);
    panel.context.pathChanged.connect(this._place, this);
    panel.disposed.connect(() => this._soon.dispose());
    this._place();
  }

  private _onSave(_: unknown, state: DocumentRegistry.SaveState): void {
    if (state === 'completed' && sourceOf(this.panel.context.path)) {
      void this._soon.invoke();
    }
  }

  private async _send(pressed: boolean, choice: '' | 'mine' | 'theirs' = ''): Promise<void> {
    const { trans, panel } = this;
    const assignment = sourceOf(panel.context.path);
    if (!assignment || panel.isDisposed) {
      return;
    }
    try {
      await saved(panel.context);
      await sendSource(assignment, choice);
      if (choice === 'theirs') {
        await reread(panel);
      }
      const label = trans.__('Source sent at %1', timeOfDay(new Date().toISOString()));
      this._button.say({ label, tooltip: trans.__('The platform has this source. Press to send it again.') });
      if (pressed) {
        announce(label);
      }
    } catch (error) {
      await this._failed(error, pressed);
    }
  }

  private async _failed(error: unknown, pressed: boolean): Promise<void> {
    const { trans } = this;
    const { title, detail } = refusalSaid(error, trans);
    const label = trans.__('Source not sent');
    this._button.say({ label, tooltip: `${title} ${detail} ${trans.__('Press to try again.')}` });
    announce(`${label}. ${title} ${detail}`);
    // A save by itself must not open a dialog over what is being typed.
    if (pressed && error instanceof Refusal && error.code === 'source-changed') {
      const choice = await whose(title, trans);
      if (choice) {
        await this._send(true, choice);
      }
    }
  }

  private _place(): void {
    this._button.setHidden(sourceOf(this.panel.context.path) === null);
  }

  private readonly _button: WordButton;
  private readonly _soon = new Debouncer(() => this._send(false), SETTLE);
}

/** Whose source is kept; null for neither, for now. */
async function whose(title: string, trans: TranslationBundle): Promise<'mine' | 'theirs' | null> {
  const text = trans.__('If you take theirs, your notebooks are kept as versions: you can bring them back.');
  const mine = trans.__('Send mine');
  const answer = await showDialog({
    title,
    body: bodyOf(element('p', {}, text)),
    buttons: [
      Dialog.cancelButton({ label: trans.__('Cancel') }),
      Dialog.warnButton({ label: mine }),
      Dialog.okButton({ label: trans.__('Take theirs') })
    ]
  });
  if (!answer.button.accept) {
    return null;
  }
  return answer.button.label === mine ? 'mine' : 'theirs';
}

export default plugin;
