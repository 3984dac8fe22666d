// Himalia in JupyterLab: one extension, one folder per plugin.
import { JupyterFrontEndPlugin } from '@jupyterlab/application';

import assignments from './assignments';
import badge from './badge';
import language from './language';
import submit from './submit';

const plugins: JupyterFrontEndPlugin<unknown>[] = [
  language,
  assignments,
  badge,
  submit
] as JupyterFrontEndPlugin<unknown>[];

export default plugins;
