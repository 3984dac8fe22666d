// "Hand in": saves, asks once, sends the assignment's folder, shows the receipt.
import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { ITranslator } from '@jupyterlab/translation';

import { WordButton } from '../button';
import { sendIcon } from '../icons';
import { addToToolbar } from '../notebooks';
import { IAssignments, IPlace } from '../tokens';
import { bundle } from '../words';
import { HandIn } from './hand-in';

export const SUBMIT = 'himalia:submit';

const plugin: JupyterFrontEndPlugin<void> = {
  id: 'himalia-lab:submit',
  description: 'Hands in an assignment and shows the receipt.',
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
    const handIn = new HandIn(assignments, tracker, trans);
    const from = async (panel: NotebookPanel | null) => {
      const place = copyOf(assignments, panel);
      if (place) {
        await handIn.run(place);
      }
    };
    app.commands.addCommand(SUBMIT, {
      label: trans.__('Hand in the assignment'),
      caption: handIn.caption,
      icon: sendIcon,
      isEnabled: () => copyOf(assignments, tracker.currentWidget) !== null,
      describedBy: { args: { type: 'object', properties: {} } },
      execute: () => from(tracker.currentWidget)
    });
    palette?.addItem({ command: SUBMIT, category: 'Himalia' });
    assignments.changed.connect(() => app.commands.notifyCommandChanged(SUBMIT));

    const createNew = (panel: NotebookPanel) => {
      const words = { label: trans.__('Hand in'), tooltip: handIn.caption };
      const button = new WordButton(sendIcon, words, () => void from(panel));
      button.addClass('himalia-submit');
      handIn.adopt(button);
      addToToolbar(panel, 'himalia-submit', button, assignments, place => place !== null && !place.source);
    };
    app.docRegistry.addWidgetExtension('Notebook', { createNew });
  }
};

/** The assignment that this notebook is a copy of, for its student. */
function copyOf(assignments: IAssignments, panel: NotebookPanel | null): IPlace | null {
  const place = panel ? assignments.of(panel.context.path) : null;
  return place && !place.source ? place : null;
}

export default plugin;
