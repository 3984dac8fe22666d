// Reads the assignments of the course and keeps them: at the start, after each action, and every few minutes.
import { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { Poll } from '@lumino/polling';
import { ISignal, Signal } from '@lumino/signaling';

import { IAssignment, listAssignments } from './api';
import { courseOfPage } from './course';
import { IAssignments, IPlace } from './tokens';

const EVERY = 3 * 60 * 1000;

class Assignments implements IAssignments {
  all: readonly IAssignment[] = [];
  failure: unknown = null;

  get changed(): ISignal<IAssignments, void> {
    return this._changed;
  }

  of(path: string): IPlace | null {
    const parts = path.replace(/^[^/]*:/, '').split('/');
    const source = parts[0] === 'source' && parts.length > 2;
    const name = source ? parts[1] : parts.length > 1 ? parts[0] : '';
    const assignment = this.all.find(each => each.name === name);
    return assignment ? { assignment, source } : null;
  }

  async refresh(): Promise<void> {
    try {
      this.all = await listAssignments();
      this.failure = null;
    } catch (error) {
      this.failure = error;
    }
    this._changed.emit();
  }

  private _changed = new Signal<IAssignments, void>(this);
}

const plugin: JupyterFrontEndPlugin<IAssignments> = {
  id: 'himalia-lab:assignments',
  description: 'The assignments of the course.',
  autoStart: true,
  provides: IAssignments,
  activate: (): IAssignments => {
    const assignments = new Assignments();
    if (!courseOfPage().key) {
      return assignments;
    }
    new Poll({
      name: 'himalia-lab:assignments',
      factory: () => assignments.refresh(),
      frequency: { interval: EVERY, backoff: true, max: 10 * EVERY },
      standby: 'when-hidden'
    });
    return assignments;
  }
};

export default plugin;
