// One hand-in from the press to the receipt.
import { INotebookTracker } from '@jupyterlab/notebook';
import { TranslationBundle } from '@jupyterlab/translation';
import { UUID } from '@lumino/coreutils';

import { announce } from '../announce';
import { IReceipt, submit } from '../api';
import { WordButton } from '../button';
import { saveAll } from '../notebooks';
import { IAssignments, IPlace } from '../tokens';
import { Talk } from './dialogs';

export class HandIn {
  readonly caption: string;

  constructor(
    private readonly assignments: IAssignments,
    private readonly tracker: INotebookTracker,
    private readonly trans: TranslationBundle
  ) {
    this.caption = trans.__('Save, then hand in this assignment and get a receipt');
    this._talk = new Talk(trans);
  }

  /** A button that says "Handing in…" while that is so. */
  adopt(button: WordButton): void {
    this._buttons.add(button);
    button.disposed.connect(() => this._buttons.delete(button));
  }

  /** Save, ask, send, show the receipt. A second press while this runs does nothing. */
  async run(place: IPlace): Promise<void> {
    const name = place.assignment.name;
    if (this._running.has(name)) {
      return;
    }
    this._running.add(name);
    try {
      if (await this._confirmed(place)) {
        const receipt = await this._received(name);
        if (receipt) {
          void this.assignments.refresh();
          await this._talk.receipt(receipt);
        }
      }
    } catch (error) {
      await this._talk.refused(error, false);
    } finally {
      this._running.delete(name);
    }
  }

  private async _confirmed(place: IPlace): Promise<boolean> {
    await saveAll(this.tracker, this.assignments, place);
    await this.assignments.refresh();
    const fresh = this.assignments.all.find(each => each.name === place.assignment.name);
    return this._talk.confirms(fresh ?? place.assignment);
  }

  /** The receipt; null when the person gave up. One key per press: trying again after a lost answer gives the first receipt. */
  private async _received(name: string): Promise<IReceipt | null> {
    const key = UUID.uuid4();
    for (;;) {
      try {
        return await this._sent(name, key);
      } catch (error) {
        if (!(await this._talk.refused(error, true))) {
          return null;
        }
      }
    }
  }

  private async _sent(name: string, key: string): Promise<IReceipt> {
    const { trans } = this;
    announce(trans.__('Handing in…'));
    this._say(trans.__('Handing in…'));
    try {
      return await submit(name, key);
    } finally {
      this._say(trans.__('Hand in'));
    }
  }

  private _say(label: string): void {
    this._buttons.forEach(button => button.say({ label, tooltip: this.caption }));
  }

  private readonly _talk: Talk;
  private readonly _running = new Set<string>();
  private readonly _buttons = new Set<WordButton>();
}
