import type { ClaimedTask } from '../engine/claim.ts';
import type { AssayError } from '../errors/assay-error.ts';
import type { ToStore } from '../jobs/job.ts';
import type { Db } from '../store/database.ts';
import { toStoreOrAssayError } from '../store/store-error.ts';
import { commitTask, commitTogether, type RanTask } from './do-task.ts';

/** A task whose results may be committed with those of others. */
export type JointTask = RanTask & { outcome: { stored: ToStore } };

/** Of tasks that ended alike: committed, or not, with the error to report. */
export type OnEnd = (tasks: readonly ClaimedTask[], error: AssayError | undefined) => void;

export const isJoint = (ran: RanTask): ran is JointTask => ran.outcome?.stored !== undefined;

/** So long results wait for others at most: what a killed process has to do again, and how late it shows in the job. */
const MOST_MS = 1_000;
/** Rows of one transaction: about 10 MB of profiles. */
const MOST_ROWS = 1_000;

/**
 * Commits small tasks of a lane together, while the next ones are being read and measured. A commit of its own costs a task of a
 * file of 100 rows as much as half of measuring it. Each still ends as itself: where they cannot be committed together, each is alone.
 */
export class JointCommits {
  readonly #db: Db;
  readonly #onEnd: OnEnd;
  #waiting: JointTask[] = [];
  #since = 0;
  #hurry = false;
  #committing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(db: Db, onEnd: OnEnd) {
    this.#db = db;
    this.#onEnd = onEnd;
  }

  /** Nothing waits, nothing is being committed. */
  get idle(): boolean {
    return this.#waiting.length === 0 && this.#committing === undefined;
  }

  /** All that wait are of one job. */
  add(ran: JointTask): void {
    ran.context.ran();
    if (this.#waiting.length === 0) this.#since = performance.now();
    this.#waiting.push(ran);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
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
    const due = this.#hurry || rows >= MOST_ROWS || performance.now() - this.#since >= MOST_MS;
    if (!due) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const group = this.#waiting.splice(0);
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
    // What ails one must not harm the others; a database that is away ails all of them.
    if (error && group.length > 1 && error.code !== 'STORE_UNAVAILABLE') {
      for (const one of group) this.#onEnd([one.task], await commitTask(this.#db, one));
      return;
    }
    // All at once: where the database is away each waits until its connection is given up.
    await Promise.all(
      group.map(async ({ context }) => {
        if (error) await context.flush();
        await context.close();
      }),
    );
    this.#onEnd(
      group.map(({ task }) => task),
      error,
    );
  }
}
