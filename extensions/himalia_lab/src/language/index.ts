// Tells assistive technology which language the page speaks: Lab's pages say English whatever they are in.
import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ITranslator } from '@jupyterlab/translation';

const plugin: JupyterFrontEndPlugin<void> = {
  id: 'himalia-lab:language',
  description: "Sets the page's language for screen readers and dates.",
  autoStart: true,
  requires: [ITranslator],
  activate: (_: JupyterFrontEnd, translator: ITranslator): void => {
    document.documentElement.lang = translator.languageCode.replace('_', '-');
  }
};

export default plugin;
