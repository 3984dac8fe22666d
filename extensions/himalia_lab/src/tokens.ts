// What the plugins share: the assignments of the course, kept fresh.
import { Token } from '@lumino/coreutils';
import { ISignal } from '@lumino/signaling';

import { IAssignment } from './api';

/** Where a notebook stands: an assignment's copy, or its source. */
export interface IPlace {
  assignment: IAssignment;
  source: boolean;
}

export interface IAssignments {
  /** Emitted when the list was read again, also when reading failed. */
  readonly changed: ISignal<IAssignments, void>;
  /** Why the list could not be read, if the last attempt failed. */
  failure: unknown;
  readonly all: readonly IAssignment[];
  /** Where the file of this path stands; null outside of any assignment. */
  of(path: string): IPlace | null;
  refresh(): Promise<void>;
}

export const IAssignments = new Token<IAssignments>(
  'himalia-lab:IAssignments',
  'The assignments of the course as this person sees them.'
);
