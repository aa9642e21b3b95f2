import type { ClaimedTask } from '../engine/claim.ts';
import type { AssayError } from '../errors/assay-error.ts';
import { commitTask, runTask, type TaskHost } from './do-task.ts';
import { type Ends, isJoint, JointCommits } from './joint-commits.ts';
import { SharedConnections } from './shared-connections.ts';

export interface RunnerEvents extends Ends {
  onProgress(taskId: number, fraction: number): void;
  /** It gives itself so long; what then does not stop by itself is to be killed. */
  onLimit(taskId: number, ms: number, reason: string): void;
  /** It has been run and waits for its commit: the next task may come. */
  onRan(taskId: number): void;
}

/** Does tasks one after the other, and commits those of a lane together where they may. */
export class TaskRunner {
  readonly #host: TaskHost;
  readonly #events: RunnerEvents;
  readonly #aborts = new Map<number, AbortController>();
  /** Kept from one task of a lane to the next. */
  readonly #shared = new SharedConnections();
  readonly #commits: JointCommits;
  #running = false;
  /** Another task of the lane follows the one that runs, or ran last. */
  #more = false;

  constructor(host: TaskHost, events: RunnerEvents) {
    this.#host = host;
    this.#events = events;
    this.#commits = new JointCommits(host.db, {
      onEnd: (tasks, error) => this.#end(tasks, error),
      onUncommitted: (tasks) => {
        this.#forget(tasks);
        events.onUncommitted(tasks);
      },
    });
  }

  /**
   * Resolves when the task has ended, or was run and waits for its commit.
   *
   * @param more another task of its lane follows
   */
  async run(task: ClaimedTask, more: boolean): Promise<void> {
    const { id } = task;
    const abort = new AbortController();
    this.#aborts.set(id, abort);
    this.#running = true;
    this.#more = more;
    const ran = await runTask(this.#host, task, abort.signal, {
      onProgress: (fraction) => this.#events.onProgress(id, fraction),
      onLimit: (ms, reason) => this.#events.onLimit(id, ms, reason),
      shared: this.#shared,
    });
    if (isJoint(ran) && (this.#more || !this.#commits.idle)) {
      this.#events.onRan(id);
      this.#commits.add(ran);
      this.#running = false;
      if (!this.#more) await this.last();
      return;
    }
    // While it writes it may still read its source.
    const error = await commitTask(this.#host.db, ran);
    this.#running = false;
    if (!this.#more) await this.last();
    this.#end([task], error);
  }

  /** None of the lane follows: resolves when all that waited has ended. Connections to sources are closed, or will be after the task that runs. */
  async last(): Promise<void> {
    this.#more = false;
    await Promise.all([this.#commits.flush(), this.#running ? undefined : this.#shared.close()]);
  }

  /** Stops a task that has not ended. */
  abort(taskId: number, reason: string): void {
    this.#aborts.get(taskId)?.abort(new Error(reason));
  }

  #end(tasks: readonly ClaimedTask[], error: AssayError | undefined): void {
    this.#forget(tasks);
    this.#events.onEnd(tasks, error);
  }

  #forget(tasks: readonly ClaimedTask[]): void {
    for (const { id } of tasks) this.#aborts.delete(id);
  }
}
