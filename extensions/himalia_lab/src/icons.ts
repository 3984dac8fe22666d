// Our icons, drawn for this extension; they follow Lab's theme colours.
import { LabIcon } from '@jupyterlab/ui-components';

function icon(name: string, path: string): LabIcon {
  const svgstr = `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24"><path class="jp-icon3 jp-icon-selectable" fill="#616161" d="${path}"/></svg>`;
  return new LabIcon({ name: `himalia-lab:${name}`, svgstr });
}

export const sendIcon = icon('send', 'M12 3 6 9h4v7h4V9h4zM4 18h16v2.5H4z');
export const checkIcon = icon('check', 'M9.2 16.6 4.6 12l-1.9 1.9 6.5 6.5L21.3 8.3l-1.9-1.9z');
export const assignmentIcon = icon('assignment', 'M6 2h9l4 4v16H5V2zm8 1.8V7h3.2zM8 10h8v1.6H8zm0 4h8v1.6H8zm0 4h5v1.6H8z');
export const versionsIcon = icon('versions', 'M12.6 3a9 9 0 0 0-8.7 6.6L1.8 7.5v6.3h6.3L5.7 11.4A7 7 0 1 1 7.7 17l-1.4 1.4A9 9 0 1 0 12.6 3m-.9 4.5v5.2l4.2 2.5.8-1.3-3.5-2.1V7.5z');
