import type { ClaimedTask } from '../engine/claim.ts';
import type { SerializedError } from '../errors/assay-error.ts';

/** What the worker and the processes that do its tasks say to each other. */
export interface TaskLimits {
  fileRoots: string[];
  protectedPaths: string[];
  memoryMb: number;
  threads: number;
  /** A folder of this process alone; emptied after every task. */
  tempFolder: string;
}

export interface ChildSetup {
  /** `pg.PoolConfig`, JSON. */
  connection: Record<string, unknown>;
  /** Secret key, base64. Travels over the pipe only, never in arguments or environment. */
  secretKey: string;
  limits: TaskLimits;
}

export type ToChild =
  | { type: 'setup'; setup: ChildSetup }
  | { type: 'run'; task: ClaimedTask }
  | { type: 'abort'; taskId: number; reason: string }
  | { type: 'exit' };

export type FromChild =
  | { type: 'progress'; taskId: number; fraction: number }
  /** Committed, as done, skipped, failed, or to be tried again. */
  | { type: 'ended'; taskId: number }
  /** Not committed: the parent reports it. */
  | { type: 'broken'; taskId: number; error: SerializedError };
