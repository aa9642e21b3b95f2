import type { ClaimedTask } from '../engine/claim.ts';
import { addTaskEffects, earlierBytes, earlierParts, readTaskEffects } from '../engine/earlier-stages.ts';
import { appendEvents, type JobEvent } from '../engine/events.ts';
import { assertFence } from '../engine/lease.ts';
import type { TaskContext } from '../jobs/job.ts';
import { type Effects, noEffects } from '../model/job-status.ts';
import type { TaskHost } from './do-task.ts';
import { openConfigured, openSaved } from './open-source.ts';

export interface TaskContextHandle extends TaskContext {
  /** Effects of the fenced transactions of this and earlier attempts. */
  fencedEffects(): Effects;
  /** Events not yet written, taken out. */
  takeEvents(): JobEvent[];
  /** Writes the waiting events. */
  flush(): Promise<void>;
  /** Writes no more, and releases what the task holds. */
  close(): Promise<void>;
}

const FLUSH_MS = 1_000;
/** Progress is sent at most so often. */
const PROGRESS_MS = 100;
/** Events of one attempt beyond this are counted, not kept: a table with a million bad rows must not fill the log. */
const EVENT_LIMIT = 1_000;

/** What a runner sees of the world: the store, the sources, the log, and the token-checked ways to write. */
export function createTaskContext(
  host: TaskHost,
  task: ClaimedTask,
  signal: AbortSignal,
  onProgress: (fraction: number) => void,
): TaskContextHandle {
  let waiting: JobEvent[] = [];
  let kept = 0;
  let effects: Effects = noEffects();
  let lastProgressAt = 0;
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
      onProgress(Math.min(1, Math.max(0, fraction)));
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
    openConfig: (config, secrets) => openConfigured(host, task, signal, config, secrets),
    decrypt: (ciphertext, place) => host.secrets.decrypt(ciphertext, place),
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
    flush,
    async close() {
      clearInterval(timer);
      await flushing;
      const released = await Promise.allSettled(releases.map((release) => release()));
      for (const one of released) if (one.status === 'rejected') throw one.reason;
    },
  };
  return context;
}
