// What a version has that the notebook in front has not: the cells whose text differs. No page.
import * as nbformat from '@jupyterlab/nbformat';

export interface IChange {
  then: string;
  /** The same cell's text now; null where the cell is gone. */
  now: string | null;
}

export function changesOf(then: nbformat.INotebookContent, now: nbformat.INotebookContent): IChange[] {
  const present = new Map(now.cells.map((cell, index) => [keyOf(cell, index), textOf(cell)]));
  return then.cells
    .map((cell, index) => ({ then: textOf(cell), now: present.get(keyOf(cell, index)) ?? null }))
    .filter(change => change.then !== change.now);
}

function keyOf(cell: nbformat.ICell, index: number): string {
  const marks = cell.metadata.nbgrader as { grade_id?: string } | undefined;
  return marks?.grade_id ? `question ${marks.grade_id}` : `cell ${(cell.id as string) ?? index}`;
}

function textOf(cell: nbformat.ICell): string {
  return Array.isArray(cell.source) ? cell.source.join('') : cell.source;
}
