import type { AssayError } from '../errors/assay-error.ts';

/** How a task that a slot held came to its end, as far as the worker must do something about it. */
export type SlotEnd =
  /** The process committed it itself. */
  | { how: 'committed' }
  /** Not committed: report this error. */
  | { how: 'error'; error: AssayError }
  /** Stopped because its job is being cancelled. */
  | { how: 'cancelled' }
  /** Another worker has it, or it was handed back: nothing to report. */
  | { how: 'dropped' }
  /** Its process ended before it was begun, by one that it was claimed together with or by itself: to be handed back. */
  | { how: 'unbegun' }
  /**
   * Run, but its process, or the connection to the store, ended before it was committed; which of those that waited is to blame
   * nobody knows. To be handed back.
   */
  | { how: 'uncommitted' };
