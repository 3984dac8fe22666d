// The versions of the notebook in front: bring one back, or start again from what was released.
import { ILayoutRestorer, JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator } from '@jupyterlab/translation';

import { courseOfPage } from '../course';
import { versionsIcon } from '../icons';
import { IAssignments } from '../tokens';
import { bundle } from '../words';
import { VersionsPanel } from './panel';

const SHOW = 'himalia:show-versions';

const plugin: JupyterFrontEndPlugin<void> = {
  id: 'himalia-lab:versions',
  description: 'Lists the dated versions of a notebook and brings them back.',
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
    const title = trans.__('Versions');
    const panel = new VersionsPanel({ id: 'himalia-versions', title, icon: versionsIcon, tracker, assignments }, trans);
    app.shell.add(panel, 'right', { rank: 91, type: 'Himalia' });
    restorer?.add(panel, panel.id);
    app.commands.addCommand(SHOW, {
      label: trans.__('Show the versions of this notebook'),
      describedBy: { args: { type: 'object', properties: {} } },
      execute: () => app.shell.activateById(panel.id)
    });
    palette?.addItem({ command: SHOW, category: 'Himalia' });
  }
};

export default plugin;
