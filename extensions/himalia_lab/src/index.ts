// Himalia in JupyterLab: one extension, one folder per plugin.
import { JupyterFrontEndPlugin } from '@jupyterlab/application';

import assignments from './assignments';
import badge from './badge';
import language from './language';
import source from './source';
import state from './state';
import submit from './submit';
import validate from './validate';
import versions from './versions';

const plugins: JupyterFrontEndPlugin<any>[] = [
  language,
  assignments,
  badge,
  submit,
  validate,
  source,
  state,
  versions
];

export default plugins;
