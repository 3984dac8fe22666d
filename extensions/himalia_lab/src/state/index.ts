// The state of the assignments: what is due and when, what was handed in, what has come back.
import { ILayoutRestorer, JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator } from '@jupyterlab/translation';

import { openAssignment } from '../api';
import { courseOfPage } from '../course';
import { assignmentIcon } from '../icons';
import { IAssignments } from '../tokens';
import { bundle } from '../words';
import { StatePanel } from './panel';

const SHOW = 'himalia:show-assignments';

const plugin: JupyterFrontEndPlugin<void> = {
  id: 'himalia-lab:state',
  description: 'Shows the state of the assignments in a side panel.',
  autoStart: true,
  requires: [IAssignments, INotebookTracker, ITranslator],
  optional: [ILayoutRestorer, ICommandPalette],
  activate: (
    app: JupyterFrontEnd,
    assignments: IAssignments,
    tracker: INotebookTracker,
    translator: ITranslator,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null
  ): void => {
    if (!courseOfPage().key) {
      return;
    }
    const trans = bundle(translator);
    const title = trans.__('Assignments');
    const panel = new StatePanel(
      { id: 'himalia-state', title, icon: assignmentIcon, tracker, assignments },
      trans,
      app.commands,
      async name => {
        const path = await openAssignment(name);
        await app.commands.execute('docmanager:open', { path });
        void assignments.refresh();
      }
    );
    app.shell.add(panel, 'right', { rank: 90, type: 'Himalia' });
    restorer?.add(panel, panel.id);
    app.commands.addCommand(SHOW, {
      label: trans.__('Show the assignments'),
      describedBy: { args: { type: 'object', properties: {} } },
      execute: () => app.shell.activateById(panel.id)
    });
    palette?.addItem({ command: SHOW, category: 'Himalia' });
  }
};

export default plugin;
