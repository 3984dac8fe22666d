// What "Hand in" says: the question before, the receipt after, the refusal in plain words.
import { Dialog, showDialog } from '@jupyterlab/apputils';
import { TranslationBundle } from '@jupyterlab/translation';

import { announce } from '../announce';
import { IAssignment, IReceipt, addressOf } from '../api';
import { bodyOf, element, facts } from '../dom';
import { dateTime, exactTime, refusalSaid } from '../words';

export class Talk {
  constructor(private readonly trans: TranslationBundle) {}

  /** Whether the person wants to hand in. The deadline is told, not judged: the browser's clock may be wrong. */
  async confirms(assignment: IAssignment): Promise<boolean> {
    const { trans } = this;
    const body = bodyOf(
      element('p', {}, trans.__('Your notebooks are saved. The folder “%1” is handed in as it is now.', assignment.name)),
      this._deadline(assignment),
      assignment.submissions > 0
        ? element('p', {}, trans._n('You have handed in once already; the last one on time counts.', 'You have handed in %1 times already; the last one on time counts.', assignment.submissions))
        : null
    );
    const answer = await showDialog({
      title: trans.__('Hand in “%1”?', assignment.title),
      body,
      buttons: [Dialog.cancelButton({ label: trans.__('Cancel') }), Dialog.okButton({ label: trans.__('Hand in') })]
    });
    return answer.button.accept;
  }

  async receipt(receipt: IReceipt): Promise<void> {
    const { trans } = this;
    const file = addressOf('api', 'submissions', receipt.assignment, `${receipt.id}.zip`);
    const late = receipt.late ? trans.__('Received after the deadline: marked late.') : trans.__('Received on time.');
    announce(`${trans.__('Handed in.')} ${exactTime(receipt.received_at)}. ${late}`);
    const body = bodyOf(
      element('p', { class: receipt.late ? 'himalia-late' : 'himalia-on-time' }, late),
      facts([
        [trans.__('Received'), element('time', { datetime: receipt.received_at }, exactTime(receipt.received_at))],
        [trans.__('Receipt'), element('code', {}, receipt.id)],
        ['SHA-256', element('code', { class: 'himalia-digest' }, receipt.sha256)],
        [trans.__('Files'), filesOf(receipt)]
      ]),
      element('p', {}, element('a', { href: file, download: '' }, trans.__('Download what was handed in'))),
      element('p', { class: 'himalia-hint' }, trans.__('The SHA-256 of this download is the one above: it proves what you handed in, and when.'))
    );
    await showDialog({
      title: receipt.late ? trans.__('Handed in, late') : trans.__('Handed in'),
      body,
      buttons: [Dialog.okButton({ label: trans.__('Close') })]
    });
  }

  /** Say why it was refused; true when the person wants to try again. */
  async refused(error: unknown, again: boolean): Promise<boolean> {
    const { trans } = this;
    const { title, detail } = refusalSaid(error, trans);
    announce(`${trans.__('Not handed in.')} ${title} ${detail}`);
    const answer = await showDialog({
      title: trans.__('Not handed in'),
      body: bodyOf(element('p', {}, element('strong', {}, title)), detail ? element('p', {}, detail) : null),
      buttons: [
        Dialog.cancelButton({ label: trans.__('Close') }),
        ...(again ? [Dialog.okButton({ label: trans.__('Try again') })] : [])
      ]
    });
    return again && answer.button.accept;
  }

  private _deadline(assignment: IAssignment): HTMLElement | null {
    const { trans } = this;
    if (!assignment.deadline) {
      return null;
    }
    const until = trans.__('Deadline: %1.', dateTime(assignment.deadline, true));
    const after =
      assignment.late_policy === 'accept'
        ? trans.__('After it, work is taken and marked late.')
        : trans.__('After it, work is no longer taken.');
    return element('p', {}, `${until} ${after}`);
  }
}

function filesOf(receipt: IReceipt): HTMLElement {
  const lines = receipt.files.slice(0, 12).map(file => element('li', {}, file.path));
  const more = receipt.files.length - lines.length;
  return element('ul', { class: 'himalia-files' }, ...lines, more > 0 ? element('li', {}, `+ ${more}`) : null);
}
