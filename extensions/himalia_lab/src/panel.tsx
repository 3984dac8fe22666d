// The frame of our side panels: a heading, a body that follows the notebook in front and the assignments.
import { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { LabIcon, ReactWidget } from '@jupyterlab/ui-components';

import { IAssignments, IPlace } from './tokens';

export interface IPanelOptions {
  id: string;
  title: string;
  icon: LabIcon;
  tracker: INotebookTracker;
  assignments: IAssignments;
}

export abstract class SidePanel extends ReactWidget {
  constructor(protected readonly options: IPanelOptions) {
    super();
    this.id = options.id;
    this.title.icon = options.icon;
    this.title.caption = options.title;
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', options.title);
    this.addClass('himalia-panel');
    options.tracker.currentChanged.connect(this._follow, this);
    options.assignments.changed.connect(this._refresh, this);
    this._follow();
  }

  /** The notebook in front, if it stands in an assignment. */
  protected get current(): { panel: NotebookPanel; place: IPlace } | null {
    const panel = this.options.tracker.currentWidget;
    const place = panel ? this.options.assignments.of(panel.context.path) : null;
    return panel && place ? { panel, place } : null;
  }

  /** Called when the notebook in front, its path or its state on disk changed, while the panel shows. */
  protected abstract changed(): void;

  protected override onAfterShow(): void {
    this.changed();
  }

  private _follow(): void {
    const panel = this.options.tracker.currentWidget;
    if (this._followed && !this._followed.isDisposed) {
      this._followed.context.pathChanged.disconnect(this._refresh, this);
      this._followed.context.fileChanged.disconnect(this._refresh, this);
    }
    this._followed = panel;
    panel?.context.pathChanged.connect(this._refresh, this);
    panel?.context.fileChanged.connect(this._refresh, this);
    this._refresh();
  }

  private _refresh(): void {
    if (this.isVisible) {
      this.changed();
    }
  }

  private _followed: NotebookPanel | null = null;
}
