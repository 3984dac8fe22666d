// A toolbar button whose words can change while it keeps its place and its focus. (Lab's own ToolbarButton is a
// toggle: it says "pressed" after a click.)
import { LabIcon, ReactWidget, ToolbarButtonComponent } from '@jupyterlab/ui-components';

export interface IWords {
  label: string;
  tooltip: string;
}

export class WordButton extends ReactWidget {
  constructor(
    private readonly icon: LabIcon,
    private words: IWords,
    private readonly press: () => void
  ) {
    super();
    this.addClass('himalia-tool');
  }

  say(words: IWords): void {
    this.words = words;
    this.update();
  }

  protected override render(): JSX.Element {
    return <ToolbarButtonComponent {...this.words} icon={this.icon} onClick={this.press} />;
  }
}
