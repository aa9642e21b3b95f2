import type { ClaimedTask } from '../engine/claim.ts';
import { addTaskEffects, earlierBytes, earlierParts, readTaskEffects } from '../engine/earlier-stages.ts';
import { appendEvents, type JobEvent } from '../engine/events.ts';
import { assertFence } from '../engine/lease.ts';
import { AssayError } from '../errors/assay-error.ts';
import type { TaskContext } from '../jobs/job.ts';
import { type Effects, noEffects } from '../model/job-status.ts';
import type { Around, TaskHost } from './do-task.ts';
import { openConfigured, openSaved } from './open-source.ts';
import { SharedConnections } from './shared-connections.ts';

export interface TaskContextHandle extends TaskContext {
  /** Effects of the fenced transactions of this and earlier attempts. */
  fencedEffects(): Effects;
  /** Events not yet written, taken out. */
  takeEvents(): JobEvent[];
  /** They were not written after all. */
  giveBack(events: readonly JobEvent[]): void;
  /** The task has been run and waits for its commit: its time is no longer limited, and its events are written then. */
  ran(): void;
  /** The error of a task that ran out of the time it gave itself. */
  overtime(): AssayError | undefined;
  /** Writes the waiting events. */
  flush(): Promise<void>;
  /** Writes no more, and releases what the task holds. */
  close(): Promise<void>;
}

const FLUSH_MS = 1_000;
/** Progress is sent at most so often, and of a task that takes less not at all. */
const PROGRESS_MS = 100;
/** Events of one attempt beyond this are counted, not kept: a table with a million bad rows must not fill the log. */
const EVENT_LIMIT = 1_000;

/** What a runner sees of the world: the store, the sources, the log, and the token-checked ways to write. */
export function createTaskContext(
  host: TaskHost,
  task: ClaimedTask,
  workerSignal: AbortSignal,
  around: Around,
): TaskContextHandle {
  const tooLong = new AbortController();
  const signal = AbortSignal.any([workerSignal, tooLong.signal]);
  let overtime: AssayError | undefined;
  let limitTimer: NodeJS.Timeout | undefined;
  let waiting: JobEvent[] = [];
  let kept = 0;
  let effects: Effects = noEffects();
  let lastProgressAt = performance.now();
  let flushing: Promise<void> | undefined;
  const releases: (() => Promise<void>)[] = [];

  const flush = async (): Promise<void> => {
    await flushing;
    if (waiting.length === 0) return;
    const events = waiting;
    waiting = [];
    flushing = host.db
      .transaction()
      .execute((trx) => appendEvents(trx, task.job_id, events))
      .catch(() => {
        // The store is away: keep them for the next try, or for the transaction that ends the task.
        waiting = [...events, ...waiting];
      })
      .finally(() => {
        flushing = undefined;
      });
    await flushing;
  };
  const timer = setInterval(() => void flush(), FLUSH_MS);

  const context: TaskContextHandle = {
    job: {
      id: task.job_id,
      name: task.job_name,
      seq: task.job_seq,
      input: task.job_input,
      resourceIds: task.resource_ids,
    },
    attempt: task.attempt,
    signal,
    db: host.db,
    limits: host.limits,
    progress(fraction) {
      const now = performance.now();
      if (now - lastProgressAt < PROGRESS_MS) return;
      lastProgressAt = now;
      around.onProgress(Math.min(1, Math.max(0, fraction)));
    },
    event(level, message, details) {
      kept++;
      if (kept < EVENT_LIMIT) waiting.push({ level, kind: level === 'info' ? 'progress' : level, message, details });
      else if (kept === EVENT_LIMIT) {
        waiting.push({
          level: 'warning',
          kind: 'warning',
          message: `${task.title}: more events follow that are not kept`,
        });
      }
    },
    earlierBytes: (name) => earlierBytes(host.db, task, name),
    earlierParts: () => earlierParts(host.db, task),
    openSource: (sourceId) => openSaved(host, task, signal, sourceId),
    async withConnection(sourceId, work) {
      const shared = around.shared ?? new SharedConnections();
      try {
        return await shared.with(
          `${task.job_id} ${sourceId}`,
          signal,
          (connectionSignal) => openSaved(host, task, connectionSignal, sourceId),
          work,
        );
      } finally {
        if (!around.shared) await shared.close();
      }
    },
    limitTime(seconds, reason) {
      const ms = seconds * 1_000;
      clearTimeout(limitTimer);
      limitTimer = setTimeout(() => {
        overtime = new AssayError('TIME_LIMIT', reason);
        tooLong.abort(overtime);
      }, ms);
      around.onLimit?.(ms, reason);
    },
    overtime: () => overtime,
    openConfig: (config, secrets) => openConfigured(host, task, signal, config, secrets),
    decrypt: (ciphertext, place) => host.secrets.decrypt(ciphertext, place),
    seal: (bytes, place) => host.secrets.seal(bytes, place),
    unseal: (sealed, place) => host.secrets.unseal(sealed, place),
    onEnd(release) {
      releases.push(release);
    },
    async fenced(work) {
      await host.db.transaction().execute(async (trx) => {
        const delta = await work(trx);
        signal.throwIfAborted();
        await assertFence(trx, task);
        if (delta) await addTaskEffects(trx, task.id, delta);
      });
      effects = await readTaskEffects(host.db, task.id);
    },
    fencedEffects: () => effects,
    takeEvents() {
      const events = waiting;
      waiting = [];
      return events;
    },
    giveBack(events) {
      waiting = [...events, ...waiting];
    },
    ran() {
      clearInterval(timer);
      clearTimeout(limitTimer);
    },
    flush,
    async close() {
      clearInterval(timer);
      clearTimeout(limitTimer);
      await flushing;
      const released = await Promise.allSettled(releases.map((release) => release()));
      for (const one of released) if (one.status === 'rejected') throw one.reason;
    },
  };
  return context;
}
