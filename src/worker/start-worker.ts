import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type pg from 'pg';
import { type ClaimedTask, claimTasks, handBack, handBackUnbegun } from '../engine/claim.ts';
import { endTask, failTask } from '../engine/end-task.ts';
import { renewLeases } from '../engine/lease.ts';
import { listen } from '../engine/listen.ts';
import { purge, type Retention } from '../engine/purge.ts';
import { FOLD_MS, FOLD_WAIT_MS, HEARTBEAT_MS, POLL_MS, PURGE_MS, RENEW_MS, SWEEP_MS } from '../engine/settings.ts';
import { sweepExpired } from '../engine/sweep.ts';
import { heartbeat, signOff, type WorkerIdentity } from '../engine/worker-registry.ts';
import { type AssayError, toAssayError } from '../errors/assay-error.ts';
import { concludeJob } from '../jobs/conclude.ts';
import { noEffects } from '../model/job-status.ts';
import type { Db } from '../store/database.ts';
import { foldSearchChanges } from '../store/search/fold-changes.ts';
import { toStoreOrAssayError } from '../store/store-error.ts';
import type { ChildSetup } from './protocol.ts';
import { repeat } from './repeat.ts';
import type { SlotEnd } from './slot-end.ts';
import { Slots } from './slots.ts';

export interface WorkerLogger {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

export interface WorkerOptions {
  db: Db;
  pool: pg.Pool;
  name: string;
  affinities: string[];
  slots: number;
  software: string;
  /** Connection, key and limits for the processes that do tasks. Read anew for each process: an embedded server may move. */
  childSetup(): ChildSetup;
  retention: Retention;
  /** Called when the database does not answer: starts the embedded server again. */
  ensureRunning(): Promise<void>;
  log: WorkerLogger;
}

export interface RunningWorker {
  id: string;
  /** Hands unfinished tasks back, ends the processes, signs off. */
  stop(): Promise<void>;
}

/** Claims tasks, has them done in processes of their own, renews their leases, takes over what dead workers left. */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  const { db, log } = options;
  const identity: WorkerIdentity = {
    id: randomUUID(),
    name: options.name,
    host: hostname(),
    pid: process.pid,
    software: options.software,
    affinities: options.affinities,
    slots: options.slots,
  };
  /** Ends that the database has not taken yet; reported again with every renewal until the token is stale. */
  const unreported = new Map<number, { task: ClaimedTask; end: SlotEnd }>();
  let stopping = false;

  const slots = new Slots(options.slots, options.childSetup, (task, end) => {
    if (end.how === 'committed' || end.how === 'dropped') {
      claims.now();
      if (slots.running === 0) folds.now();
      return;
    }
    unreported.set(task.id, { task, end });
    void report(task.id);
  });

  const report = async (taskId: number): Promise<void> => {
    const waiting = unreported.get(taskId);
    if (!waiting) return;
    const { task, end } = waiting;
    try {
      await db.transaction().execute(async (trx) => {
        if (end.how === 'cancelled') {
          await endTask(
            trx,
            task,
            { state: 'cancelled', reason: 'cancelled', part: null, effects: noEffects() },
            concludeJob,
          );
        } else if (end.how === 'error') {
          await failTask(trx, task, end.error, concludeJob, Math.random());
        }
      });
      if (end.how === 'unbegun') await handBackUnbegun(db, [task]);
      if (end.how === 'uncommitted') await handBack(db, [task], 'alone');
      unreported.delete(taskId);
      claims.now();
    } catch (thrown) {
      const error = toStoreOrAssayError(thrown);
      if (error.code === 'LEASE_LOST') unreported.delete(taskId);
      else log.warn({ taskId, err: error }, 'the end of a task could not be reported yet');
    }
  };

  const onTrouble = async (error: AssayError, what: string): Promise<void> => {
    if (stopping) return;
    log.warn({ err: error }, `${what} failed; it is tried again`);
    await options
      .ensureRunning()
      .catch((cause: unknown) => log.error({ err: cause }, 'the database could not be brought back'));
  };

  const claims = repeat('claiming tasks', POLL_MS, onTrouble, async () => {
    const free = slots.free - unreported.size;
    if (stopping || free <= 0) return;
    const claimer = {
      workerId: identity.id,
      workerName: identity.name,
      host: identity.host,
      affinities: identity.affinities,
    };
    const tasks = await claimTasks(db, claimer, free);
    for (const [first, ...rest] of lanesOf(tasks)) if (first) slots.start(first, rest);
  });
  const renewals = repeat('renewing leases', RENEW_MS, onTrouble, async () => {
    for (const taskId of unreported.keys()) await report(taskId);
    const held = slots.held();
    const waiting = [...unreported.values()].map(({ task }) => ({ id: task.id, fence: task.fence, progress: 0 }));
    if (held.length + waiting.length === 0) return;
    const renewed = await renewLeases(db, [...held, ...waiting]);
    const kept = new Map(renewed.map((one) => [one.id, one]));
    const lost = held.filter((task) => kept.get(task.id)?.fence !== task.fence);
    slots.stop(lost, 'drop');
    const cancelled = renewed.filter((one) => one.status === 'CANCELLING');
    slots.stop(cancelled, 'cancel');
    await slots.watchMemory();
  });
  const beats = repeat('the heartbeat', HEARTBEAT_MS, onTrouble, () => heartbeat(db, identity, slots.running));
  const sweeps = repeat('the sweep', SWEEP_MS, onTrouble, async () => {
    await sweepExpired(db, concludeJob);
  });
  const purges = repeat('the purge', PURGE_MS, onTrouble, async () => {
    const deleted = Object.entries(await purge(db, options.retention)).filter(([, rows]) => rows > 0);
    if (deleted.length > 0) log.info({ deleted: Object.fromEntries(deleted) }, 'old rows purged');
  });
  // So that no search has to. While tasks run, only now and then: they need the processor more.
  const folds = repeat('folding changes for search', FOLD_MS, onTrouble, async () => {
    // What takes longer goes on by itself; what a transaction holds is looked at the next time.
    await foldSearchChanges(db, FOLD_WAIT_MS);
  });
  const loops = [claims, renewals, beats, sweeps];

  await heartbeat(db, identity, 0);
  const listener = listen(options.pool, {
    onTask: (affinity) => {
      if (affinity === '*' || identity.affinities.includes(affinity)) claims.now();
    },
    onCancel: () => renewals.now(),
    onLost: (error) => void onTrouble(toAssayError(error, 'STORE_UNAVAILABLE'), 'listening'),
  });
  for (const loop of loops) loop.start();
  // No work at start-up that can wait.
  purges.start(PURGE_MS);
  folds.start(FOLD_MS);
  log.info({ worker: identity.name, slots: identity.slots, affinities: identity.affinities }, 'worker started');

  return {
    id: identity.id,
    async stop() {
      stopping = true;
      for (const loop of [...loops, purges, folds]) await loop.stop();
      await listener.close();
      const held = slots.held();
      await slots.close();
      for (const taskId of unreported.keys()) await report(taskId);
      const given = await handBack(db, held);
      await signOff(db, identity.id);
      log.info({ worker: identity.name, handedBack: given }, 'worker stopped');
    },
  };
}

/** Claimed tasks, those of a lane together. */
function lanesOf(tasks: readonly ClaimedTask[]): ClaimedTask[][] {
  const lanes = new Map<string, ClaimedTask[]>();
  for (const task of tasks) {
    const key = task.lane === null ? String(task.id) : `${task.job_id} ${task.lane}`;
    lanes.set(key, [...(lanes.get(key) ?? []), task]);
  }
  return [...lanes.values()];
}
