// The course's badge: its title and the beginning of the environment's id, in the status bar.
import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { Dialog, showDialog } from '@jupyterlab/apputils';
import { IStatusBar } from '@jupyterlab/statusbar';
import { ITranslator, TranslationBundle } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';

import { ICourse, courseOfPage, shortened } from '../course';
import { bodyOf, element, facts } from '../dom';
import { bundle } from '../words';

const plugin: JupyterFrontEndPlugin<void> = {
  id: 'himalia-lab:badge',
  description: 'Shows the course and its environment in the status bar.',
  autoStart: true,
  requires: [ITranslator],
  optional: [IStatusBar],
  activate: (_: JupyterFrontEnd, translator: ITranslator, statusBar: IStatusBar | null): void => {
    const course = courseOfPage();
    if (!course.key || !statusBar) {
      return;
    }
    const item = new Widget({ node: badge(course, bundle(translator)) });
    item.addClass('himalia-badge');
    statusBar.registerStatusItem('himalia-lab:badge', { item, align: 'left', rank: 0 });
  }
};

function badge(course: ICourse, trans: TranslationBundle): HTMLElement {
  const label = course.environment
    ? trans.__('%1 · environment %2', course.title, shortened(course.environment))
    : course.title;
  const button = element('button', { type: 'button', class: 'himalia-badge-button' }, label);
  button.title = trans.__('About this course');
  button.addEventListener('click', () => void about(course, trans));
  return element('div', {}, button);
}

async function about(course: ICourse, trans: TranslationBundle): Promise<void> {
  const link = course.address
    ? element('a', { href: course.address, target: '_blank', rel: 'noopener' }, trans.__('Open my courses'))
    : null;
  const body = bodyOf(
    facts([
      [trans.__('Environment'), element('code', {}, course.environment || trans.__('the bare one'))],
      [trans.__('Course key'), element('code', {}, course.key)]
    ]),
    link ? element('p', {}, link) : null
  );
  await showDialog({ title: course.title, body, buttons: [Dialog.okButton({ label: trans.__('Close') })] });
}

export default plugin;
