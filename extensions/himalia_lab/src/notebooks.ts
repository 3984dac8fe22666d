// What several plugins do with notebooks: follow those in an assignment, save one or a whole folder first.
import { ICellModel } from '@jupyterlab/cells';
import { DocumentRegistry } from '@jupyterlab/docregistry';
import { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { Widget } from '@lumino/widgets';

import { Refusal } from './api';
import { IAssignments, IPlace } from './tokens';

/** The path as the server half knows it, without the name of a drive. */
export function localPath(path: string): string {
  return path.replace(/^[^/]*:/, '');
}

/** Save every open notebook of an assignment: what is handed in is what is on the screen. */
export async function saveAll(tracker: INotebookTracker, assignments: IAssignments, place: IPlace): Promise<void> {
  const open = tracker.filter(panel => {
    const other = assignments.of(panel.context.path);
    return other?.assignment.name === place.assignment.name && other.source === place.source;
  });
  for (const panel of open) {
    await saved(panel.context);
  }
}

/** Save a notebook if it holds unsaved work. Throws when it could not be saved. */
export async function saved(context: DocumentRegistry.Context): Promise<void> {
  await context.ready;
  if (!context.model.dirty) {
    return;
  }
  let failed = false;
  const watch = (_: unknown, state: DocumentRegistry.SaveState) => {
    failed = state === 'failed' || failed;
  };
  context.saveState.connect(watch);
  try {
    await context.save();
  } catch {
    failed = true;
  } finally {
    context.saveState.disconnect(watch);
  }
  if (failed || context.model.dirty) {
    throw new Refusal('not-saved', `${localPath(context.path)} could not be saved.`, localPath(context.path));
  }
}

/** Put a button in a notebook's toolbar, shown only where `shown` says so. */
export function addToToolbar(
  panel: NotebookPanel,
  name: string,
  button: Widget,
  assignments: IAssignments,
  shown: (place: IPlace | null) => boolean
): void {
  const update = () => {
    button.setHidden(!shown(assignments.of(panel.context.path)));
  };
  if (!panel.toolbar.insertBefore('spacer', name, button)) {
    panel.toolbar.addItem(name, button);
  }
  assignments.changed.connect(update);
  panel.context.pathChanged.connect(update);
  panel.disposed.connect(() => {
    assignments.changed.disconnect(update);
  });
  update();
}

/** Read a notebook from disk again and stay at the cell where the person was. */
export async function reread(panel: NotebookPanel): Promise<void> {
  const before = panel.content.activeCell?.model;
  const place = { id: before?.id, question: questionOf(before), index: panel.content.activeCellIndex };
  await panel.context.revert();
  const cells = panel.content.widgets.map(cell => cell.model);
  const same = cells.findIndex(cell => cell.id === place.id || (place.question && questionOf(cell) === place.question));
  panel.content.activeCellIndex = same >= 0 ? same : Math.min(place.index, cells.length - 1);
  await panel.content.scrollToItem(panel.content.activeCellIndex, 'smart').catch(() => undefined);
}

function questionOf(cell: ICellModel | undefined): string | undefined {
  return (cell?.getMetadata('nbgrader') as { grade_id?: string } | undefined)?.grade_id;
}
