import type { ControlledTransaction } from 'kysely';
import type { Connector } from '../connectors/connector.ts';
import type { ClaimedTask } from '../engine/claim.ts';
import { endTask, endTasks } from '../engine/end-task.ts';
import type { JobEvent } from '../engine/events.ts';
import type { AssayError } from '../errors/assay-error.ts';
import { concludeJob } from '../jobs/conclude.ts';
import type { Plan, TaskOutcome, ToStore } from '../jobs/job.ts';
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

/** A task that has been run: what is to be committed of it, or the error that it ended with. */
export interface RanTask {
  task: ClaimedTask;
  context: TaskContextHandle;
  plan?: Plan;
  outcome?: TaskOutcome;
  error?: AssayError;
}

/** Told while a task is run. */
export interface Around {
  onProgress(fraction: number): void;
  /** Told how long the task gives itself, so that it can be killed where it does not hear. */
  onLimit?(ms: number, reason: string): void;
  /** Connections that outlive the task. Absent: each `withConnection` opens and closes its own. */
  shared?: SharedConnections | undefined;
}

/** All of an attempt but its commit. Never throws. Who calls must have it committed, which also releases what it holds. */
export async function runTask(
  host: TaskHost,
  task: ClaimedTask,
  signal: AbortSignal,
  around: Around,
): Promise<RanTask> {
  const context = createTaskContext(host, task, signal, around);
  try {
    const runner = await loadRunner(task.job_name);
    if (task.kind !== 'plan') return { task, context, outcome: await runner.run(task.payload, context) };
    if (!runner.plan) throw new Error(`job ${task.job_name} has a plan task but no plan`);
    return { task, context, plan: await runner.plan(task.job_input, context) };
  } catch (thrown) {
    return { task, context, error: context.overtime() ?? toStoreOrAssayError(thrown) };
  }
}

/** @returns undefined when it was committed, otherwise the error that the worker reports */
export async function commitTask(
  db: Db,
  { task, context, plan, outcome, error }: RanTask,
): Promise<AssayError | undefined> {
  try {
    if (plan) await commitPlan(db, task, plan, context);
    else if (outcome) await commitOutcome(db, task, outcome, context);
    else await context.flush();
    return error;
  } catch (thrown) {
    await context.flush().catch(() => {});
    return error ?? context.overtime() ?? toStoreOrAssayError(thrown);
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
  if (outcome.stored) return commitTogether(db, [{ task, context, stored: outcome.stored }]);
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

/** Tasks of one job whose results are stored, and which end, in one transaction; all or none. */
export async function commitTogether(
  db: Db,
  ran: readonly { task: ClaimedTask; context: TaskContextHandle; stored: ToStore }[],
): Promise<void> {
  const [first] = ran;
  if (!first) return;
  const taken = new Map<TaskContextHandle, JobEvent[]>();
  await db
    .transaction()
    .execute(async (trx) => {
      const written = await first.stored.write(
        trx,
        ran.map(({ stored }) => stored.found),
      );
      const ending = ran.map(({ task, context }, i) => {
        const { part = null, effects = noEffects(), warnings = [] } = written[i] ?? {};
        taken.set(context, context.takeEvents());
        return {
          task,
          end: { state: 'done' as const, reason: '', part, effects: addEffects(effects, context.fencedEffects()) },
          events: [
            ...(taken.get(context) ?? []),
            ...warnings.map((message) => ({ level: 'warning' as const, kind: 'warning', message })),
          ],
        };
      });
      await endTasks(trx, ending, concludeJob);
      for (const { context } of ran) context.signal.throwIfAborted();
    })
    .catch((error) => {
      for (const [context, events] of taken) context.giveBack(events);
      throw error;
    });
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
