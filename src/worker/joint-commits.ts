import type { ClaimedTask } from '../engine/claim.ts';
import type { AssayError } from '../errors/assay-error.ts';
import type { ToStore } from '../jobs/job.ts';
import type { Db } from '../store/database.ts';
import { toStoreOrAssayError } from '../store/store-error.ts';
import { commitTask, commitTogether, type RanTask } from './do-task.ts';

/** A task whose results may be committed with those of others. */
export type JointTask = RanTask & { outcome: { stored: ToStore } };

export interface Ends {
  /** Of tasks that ended alike: committed, or not, with the error to report. */
  onEnd(tasks: readonly ClaimedTask[], error: AssayError | undefined): void;
  /** Not committed, and which of them is to blame nobody knows: each is to be done again, alone. */
  onUncommitted(tasks: readonly ClaimedTask[]): void;
}

export const isJoint = (ran: RanTask): ran is JointTask => ran.outcome?.stored !== undefined;

/**
 * So long results wait for others, and then for the commit before theirs: what a killed process has to do again, and how late it
 * shows in the job.
 */
const MOST_MS = 1_000;
/** Rows of one transaction, of which a larger task has its own: about 10 MB of profiles. */
const MOST_ROWS = 1_000;

/**
 * Commits small tasks of a lane together, while the next ones are being read and measured. A commit of its own costs a task of a
 * file of 100 rows as much as half of measuring it. Each still ends as itself: where they cannot be committed together, each is alone.
 */
export class JointCommits {
  readonly #db: Db;
  readonly #ends: Ends;
  #waiting: JointTask[] = [];
  #hurry = false;
  /** The oldest has waited long enough. */
  #overdue = false;
  #committing: Promise<void> | undefined;
  /** Runs, or has said `overdue`, as long as something waits. */
  #timer: NodeJS.Timeout | undefined;

  constructor(db: Db, ends: Ends) {
    this.#db = db;
    this.#ends = ends;
  }

  /** Nothing waits, nothing is being committed. */
  get idle(): boolean {
    return this.#waiting.length === 0 && this.#committing === undefined;
  }

  /** All that wait are of one job. */
  add(ran: JointTask): void {
    ran.context.ran();
    this.#waiting.push(ran);
    // The timer is asked, not a clock: one that it fires a fraction of a millisecond too early for would let them wait for ever.
    this.#timer ??= setTimeout(() => {
      this.#overdue = true;
      this.#commitWhatIsDue();
    }, MOST_MS);
    this.#commitWhatIsDue();
  }

  /** Resolves when all that was added has ended. */
  async flush(): Promise<void> {
    this.#hurry = true;
    this.#commitWhatIsDue();
    while (this.#committing) await this.#committing;
    this.#hurry = false;
  }

  #commitWhatIsDue(): void {
    if (this.#committing || this.#waiting.length === 0) return;
    const rows = this.#waiting.reduce((sum, { outcome }) => sum + outcome.stored.rows, 0);
    if (!this.#hurry && !this.#overdue && rows < MOST_ROWS) return;
    const group = this.#waiting.splice(0, fitting(this.#waiting));
    if (this.#waiting.length === 0) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#overdue = false;
    }
    this.#committing = this.#commit(group).finally(() => {
      this.#committing = undefined;
      this.#commitWhatIsDue();
    });
  }

  async #commit(group: readonly JointTask[]): Promise<void> {
    const error = await commitTogether(
      this.#db,
      group.map(({ task, context, outcome }) => ({ task, context, stored: outcome.stored })),
    ).then(() => undefined, toStoreOrAssayError);
    const together = group.length > 1;
    // What ails one must not harm the others.
    if (error && together && error.code !== 'STORE_UNAVAILABLE') {
      for (const one of group) this.#ends.onEnd([one.task], await commitTask(this.#db, one));
      return;
    }
    await Promise.all(
      group.map(async ({ context }) => {
        if (error && !together) await context.flush();
        await context.close();
      }),
    );
    const tasks = group.map(({ task }) => task);
    // The database is away, or one of them breaks each connection that it is written on: that one must not use up the tries of all.
    if (error && together) this.#ends.onUncommitted(tasks);
    else this.#ends.onEnd(tasks, error);
  }
}

/** How many of them make one transaction: one at least. */
function fitting(waiting: readonly JointTask[]): number {
  let rows = 0;
  const beyond = waiting.findIndex(({ outcome }) => {
    rows += outcome.stored.rows;
    return rows > MOST_ROWS;
  });
  return beyond < 0 ? waiting.length : Math.max(1, beyond);
}
