import type { ControlledTransaction } from 'kysely';
import type { Connector } from '../connectors/connector.ts';
import type { ClaimedTask } from '../engine/claim.ts';
import { endTask } from '../engine/end-task.ts';
import type { AssayError } from '../errors/assay-error.ts';
import { concludeJob } from '../jobs/conclude.ts';
import type { Plan, TaskOutcome } from '../jobs/job.ts';
import { loadRunner } from '../jobs/runners.ts';
import { addEffects, noEffects } from '../model/job-status.ts';
import type { Database, Db, Trx } from '../store/database.ts';
import type { Secrets } from '../store/secrets/secrets.ts';
import { toStoreOrAssayError } from '../store/store-error.ts';
import type { TaskLimits } from './protocol.ts';
import type { SharedConnections } from './shared-connections.ts';
import { createTaskContext, type TaskContextHandle } from './task-context.ts';

export interface TaskHost {
  db: Db;
  secrets: Secrets;
  limits: TaskLimits;
  /** In place of the connectors of this version. */
  loadConnector?: (databaseType: string) => Promise<Connector>;
}

/**
 * Does one attempt of a task and commits it.
 *
 * @returns undefined when it was committed, otherwise the error that the worker reports
 */
export async function doTask(
  host: TaskHost,
  task: ClaimedTask,
  signal: AbortSignal,
  onProgress: (fraction: number) => void,
  more: { onLimit?: (ms: number, reason: string) => void; shared?: SharedConnections } = {},
): Promise<AssayError | undefined> {
  const context = createTaskContext(host, task, signal, { onProgress, ...more });
  try {
    const runner = await loadRunner(task.job_name);
    if (task.kind === 'plan') {
      if (!runner.plan) throw new Error(`job ${task.job_name} has a plan task but no plan`);
      await commitPlan(host.db, task, await runner.plan(task.job_input, context), context);
    } else {
      await commitOutcome(host.db, task, await runner.run(task.payload, context), context);
    }
    return undefined;
  } catch (thrown) {
    await context.flush().catch(() => {});
    return context.overtime() ?? toStoreOrAssayError(thrown);
  } finally {
    await context.close();
  }
}

function commitPlan(db: Db, task: ClaimedTask, plan: Plan, context: TaskContextHandle): Promise<void> {
  return inTransaction(db, context.signal, async (trx) => {
    await plan.write?.(trx);
    const end = {
      state: 'done' as const,
      reason: '',
      part: plan.part ?? null,
      effects: addEffects(plan.effects ?? noEffects(), context.fencedEffects()),
    };
    const planned = { tasks: plan.tasks, skipped: plan.skipped ?? [] };
    await endTask(trx, task, end, concludeJob, { planned, events: context.takeEvents() });
  });
}

function commitOutcome(db: Db, task: ClaimedTask, outcome: TaskOutcome, context: TaskContextHandle): Promise<void> {
  const end = async (trx: Trx): Promise<void> => {
    const written = await outcome.write?.(trx);
    const effects = [outcome.effects, written, context.fencedEffects()].reduce<ReturnType<typeof noEffects>>(
      (sum, one) => (one ? addEffects(sum, one) : sum),
      noEffects(),
    );
    const taskEnd = { state: outcome.outcome, reason: outcome.reason ?? '', part: outcome.part ?? null, effects };
    await endTask(trx, task, taskEnd, concludeJob, { bytes: outcome.bytes, events: context.takeEvents() });
  };
  return outcome.begun ? inBegun(outcome.begun, context.signal, end) : inTransaction(db, context.signal, end);
}

/** Refuses to commit once the task was told to stop. */
function inTransaction(db: Db, signal: AbortSignal, work: (trx: Trx) => Promise<void>): Promise<void> {
  return db.transaction().execute(async (trx) => {
    await work(trx);
    signal.throwIfAborted();
  });
}

async function inBegun(
  trx: ControlledTransaction<Database>,
  signal: AbortSignal,
  work: (trx: Trx) => Promise<void>,
): Promise<void> {
  try {
    await work(trx);
    signal.throwIfAborted();
    await trx.commit().execute();
  } catch (error) {
    // What went wrong is said by the error; a connection that broke has rolled back.
    if (!trx.isCommitted)
      await trx
        .rollback()
        .execute()
        .catch(() => {});
    throw error;
  }
}
