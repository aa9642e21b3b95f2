import type { Effects } from '../model/job-status.ts';

/** A part of a job that one worker does in one go. */
export interface TaskDraft {
  /** Unique within the job; parts are folded in the order of their keys. */
  key: string;
  /** What it works on; tasks of one item count as one in the statistics: an entity id, a schema name. */
  item: string;
  /** For people: `public.customer`. */
  title: string;
  /** Tasks of a stage start when every task of the item's lower stages is done. Default 0. */
  stage?: number;
  payload: Record<string, unknown>;
  /** Share of the progress bar; default 1. */
  weight?: number;
  affinity?: string;
  /**
   * Tasks of a lane run one after the other, for a process that has much to gain from doing several (one connection to a source),
   * or a source that may not be asked more at once. Each is claimed, ends and fails as itself. All of one affinity.
   */
  lane?: string;
  /** So many of its lane are claimed at once, and done by one process. Default 1. */
  together?: number;
}

export interface FinishedTask {
  key: string;
  item: string;
  title: string;
  kind: 'plan' | 'work';
  stage: number;
  state: 'done' | 'failed' | 'skipped' | 'cancelled';
  part: Record<string, unknown> | null;
  reason: string;
}

export interface Conclusion {
  /** Shown by `GET /jobs/{id}`. */
  result: Record<string, unknown>;
  /** A sentence for a job that did everything; the engine puts failures in front. */
  message: string;
  /** Present when the job failed as a whole though its tasks ended well: nothing could have been done. */
  failed?: string;
}

/** What the engine asks of whoever knows the jobs: how the parts of one fold into its result. Pure. */
export type ConcludeJob = (jobName: string, parts: FinishedTask[], input: Record<string, unknown>) => JobWords;

export interface JobWords extends Conclusion {
  /** `['table', 'tables']` */
  noun: readonly [string, string];
}

/** How one task ended, as its worker reports it. */
export interface TaskEnd {
  state: 'done' | 'skipped' | 'failed' | 'cancelled';
  reason: string;
  part: Record<string, unknown> | null;
  effects: Effects;
}
