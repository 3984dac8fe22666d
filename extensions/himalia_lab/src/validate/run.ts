// Restarts the kernel and runs every cell, one after the other, past the ones that fail.
import { CodeCell } from '@jupyterlab/cells';
import { NotebookActions, NotebookPanel } from '@jupyterlab/notebook';

import { IResults, IRunCell, resultsOf } from './results';

export interface IProgress {
  /** Called before each cell. */
  at(done: number, total: number): void;
  /** Whether the person asked to stop. */
  readonly stopped: boolean;
}

/** The results of a run from a fresh kernel; null when it was stopped or the kernel could not be had. */
export async function runAfresh(panel: NotebookPanel, progress: IProgress): Promise<IResults | null> {
  const session = panel.sessionContext;
  await session.ready;
  if (session.session?.kernel) {
    await session.restartKernel();
  } else {
    await session.startKernel();
  }
  NotebookActions.clearAllOutputs(panel.content);
  const cells = panel.content.widgets;
  for (let index = 0; index < cells.length; index++) {
    if (progress.stopped || !session.session?.kernel) {
      return null;
    }
    progress.at(index, cells.length);
    const cell = cells[index];
    if (cell.model.type === 'code') {
      // One at a time: an error then stops nothing but its own cell.
      await CodeCell.execute(cell as CodeCell, session).catch(() => undefined);
    }
  }
  return progress.stopped ? null : resultsOf(cellsOf(panel));
}

function cellsOf(panel: NotebookPanel): IRunCell[] {
  return panel.content.widgets.map(cell => ({
    type: cell.model.type,
    source: cell.model.sharedModel.getSource(),
    marks: (cell.model.getMetadata('nbgrader') ?? {}) as IRunCell['marks'],
    outputs: cell instanceof CodeCell ? cell.model.outputs.toJSON() : []
  }));
}
