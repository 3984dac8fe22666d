// "Hand in": saves, asks once, sends the assignment's folder, shows the receipt.
import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { ITranslator } from '@jupyterlab/translation';
import { UUID } from '@lumino/coreutils';

import { announce } from '../announce';
import { submit } from '../api';
import { WordButton } from '../button';
import { sendIcon } from '../icons';
import { addToToolbar, saveAll } from '../notebooks';
import { IAssignments, IPlace } from '../tokens';
import { bundle } from '../words';
import { Talk } from './dialogs';

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
    const caption = trans.__('Save, then hand in this assignment and get a receipt');
    const talk = new Talk(trans);
    const here = () => copyOf(assignments, tracker.currentWidget);

    app.commands.addCommand(SUBMIT, {
      label: trans.__('Hand in the assignment'),
      caption,
      icon: sendIcon,
      isEnabled: () => here() !== null,
      describedBy: { args: { type: 'object', properties: {} } },
      execute: async () => {
        const place = here();
        if (place) {
          await handIn(place);
        }
      }
    });
    palette?.addItem({ command: SUBMIT, category: 'Himalia' });

    const running = new Set<string>();
    const handIn = async (place: IPlace): Promise<void> => {
      const name = place.assignment.name;
      if (running.has(name)) {
        return;
      }
      running.add(name);
      try {
        await saveAll(tracker, assignments, place);
        await assignments.refresh();
        const fresh = assignments.all.find(each => each.name === name) ?? place.assignment;
        if (await talk.confirms(fresh)) {
          await send(name);
        }
      } catch (error) {
        await talk.refused(error, false);
      } finally {
        running.delete(name);
      }
    };

    // One key per press: trying again after a lost answer gives the first receipt, not a second submission.
    const send = async (name: string): Promise<void> => {
      const key = UUID.uuid4();
      for (;;) {
        try {
          announce(trans.__('Handing in…'));
          const receipt = await talk.waiting(submit(name, key));
          void assignments.refresh();
          await talk.receipt(receipt);
          return;
        } catch (error) {
          if (!(await talk.refused(error, true))) {
            return;
          }
        }
      }
    };

    const add = (panel: NotebookPanel) => {
      const button = new WordButton(sendIcon, { label: trans.__('Hand in'), tooltip: caption }, () => {
        const place = copyOf(assignments, panel);
        if (place) {
          void handIn(place);
        }
      });
      button.addClass('himalia-submit');
      addToToolbar(panel, 'himalia-submit', button, assignments, place => place !== null && !place.source);
    };
    app.docRegistry.addWidgetExtension('Notebook', { createNew: (panel: NotebookPanel) => add(panel) });
    assignments.changed.connect(() => app.commands.notifyCommandChanged(SUBMIT));
  }
};

/** The assignment that this notebook is a copy of, for its student. */
function copyOf(assignments: IAssignments, panel: NotebookPanel | null): IPlace | null {
  const place = panel ? assignments.of(panel.context.path) : null;
  return place && !place.source ? place : null;
}

export default plugin;
