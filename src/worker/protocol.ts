import type { ClaimedTask } from '../engine/claim.ts';
import type { SerializedError } from '../errors/assay-error.ts';
import type { ProfilingLimits } from '../jobs/job.ts';

/** What the worker and the processes that do its tasks say to each other. */
export interface TaskLimits {
  fileRoots: string[];
  protectedPaths: string[];
  memoryMb: number;
  threads: number;
  /** A folder of this process alone; emptied after every task. */
  tempFolder: string;
  /** Absent: the defaults of the settings. */
  profiling?: ProfilingLimits;
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
  /** `more`: another task of its lane follows, so connections to sources are worth keeping. `confirm`: say that it was heard. */
  | { type: 'run'; task: ClaimedTask; more: boolean; confirm: boolean }
  | { type: 'abort'; taskId: number; reason: string }
  /** None of its lane follows after all: what waits for its commit waits no longer. */
  | { type: 'last' }
  | { type: 'exit' };

export type FromChild =
  /** Heard, where that was asked for. */
  | { type: 'begun'; taskId: number }
  | { type: 'progress'; taskId: number; fraction: number }
  /** It gives itself so long from now; what then does not stop by itself is killed. */
  | { type: 'limit'; taskId: number; ms: number; reason: string }
  /** Run, and waiting for a commit together with others: the next one of its lane may come. */
  | { type: 'ran'; taskId: number }
  /** Committed, as done, skipped, failed, or to be tried again. */
  | { type: 'ended'; taskIds: number[] }
  /** Not committed: the parent reports it. */
  | { type: 'broken'; taskIds: number[]; error: SerializedError }
  /** Not committed together: each is to be done again, alone. */
  | { type: 'uncommitted'; taskIds: number[] };
