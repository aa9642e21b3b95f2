import { sql } from 'kysely';
import { type AssayError, withRemedy } from '../errors/assay-error.ts';
import { noEffects } from '../model/job-status.ts';
import type { Trx } from '../store/database.ts';
import { backoffMs } from './backoff.ts';
import { concludeJobIfDone } from './conclude-job.ts';
import { appendEvents, type JobEvent } from './events.ts';
import { insertTasks, notifyTasks } from './insert-tasks.ts';
import { assertFence } from './lease.ts';
import { MAX_FAILURES } from './settings.ts';
import type { ConcludeJob, TaskDraft, TaskEnd } from './task.ts';

export interface TaskHandle {
  id: number;
  fence: number;
  job_id: string;
  item: string;
  title: string;
  stage: number;
}

/** Tasks that a plan adds, and what it left out. */
export interface PlannedTasks {
  tasks: readonly TaskDraft[];
  skipped: readonly { item: string; title: string; reason: string }[];
}

/**
 * Ends a task in the transaction that wrote its results: verifies the token, starts the item's next stage, adds planned
 * tasks, and ends the job when this was the last one.
 *
 * @throws LEASE_LOST when another attempt holds the task; the caller's transaction must roll back
 */
export async function endTask(
  trx: Trx,
  task: TaskHandle,
  end: TaskEnd,
  conclude: ConcludeJob,
  options: { events?: JobEvent[]; planned?: PlannedTasks; bytes?: Record<string, Uint8Array> } = {},
): Promise<void> {
  await assertFence(trx, task);
  await trx
    .updateTable('task')
    .set({
      state: end.state,
      reason: end.reason,
      part: end.part === null ? null : JSON.stringify(end.part),
      effects: JSON.stringify(end.effects),
      progress: 1,
      lease_until: null,
      finished_at: sql`clock_timestamp()`,
    })
    .where('id', '=', task.id)
    .execute();
  for (const [name, bytes] of Object.entries(options.bytes ?? {})) {
    await trx
      .insertInto('task_bytes')
      .values({ task_id: task.id, name, bytes: Buffer.from(bytes) })
      .execute();
  }
  const job = await trx
    .selectFrom('job')
    .select(['id', 'affinity', 'priority', 'open_tasks', 'status'])
    .where('id', '=', task.job_id)
    .forUpdate()
    .executeTakeFirstOrThrow();
  let opened = 0;
  if (options.planned && end.state === 'done') {
    await insertTasks(trx, job, options.planned.tasks, 'work');
    await insertSkipped(trx, job, options.planned.skipped);
    opened = options.planned.tasks.length;
  }
  const dropped = await advanceItem(trx, task, end.state);
  await appendEvents(trx, task.job_id, options.events ?? []);
  const open = job.open_tasks - 1 + opened - dropped;
  await trx
    .updateTable('job')
    .set({ open_tasks: open, updated_at: sql`clock_timestamp()` })
    .where('id', '=', task.job_id)
    .execute();
  await concludeJobIfDone(trx, task.job_id, conclude);
}

/**
 * Reports that an attempt failed: tried again after a pause where the error allows it, otherwise the task has failed.
 *
 * @returns `retry` with the pause, or `failed`
 */
export async function failTask(
  trx: Trx,
  task: TaskHandle,
  error: AssayError,
  conclude: ConcludeJob,
  random: number,
): Promise<{ outcome: 'retry' | 'failed'; pauseMs: number }> {
  await assertFence(trx, task);
  const { failures, affinity } = await trx
    .updateTable('task')
    .set((eb) => ({ failures: eb('failures', '+', 1), error: JSON.stringify(error) }))
    .where('id', '=', task.id)
    .returning(['failures', 'affinity'])
    .executeTakeFirstOrThrow();
  const what = task.title || task.item;
  if (error.row.retry && failures < MAX_FAILURES) {
    const pauseMs = backoffMs(error.row.kind, failures, random);
    await sql`UPDATE task SET state = 'ready', lease_until = NULL, worker_id = NULL, fence = fence + 1,
      run_at = now() + make_interval(secs => ${pauseMs / 1000}) WHERE id = ${task.id}`.execute(trx);
    await appendEvents(trx, task.job_id, [
      {
        level: 'warning',
        kind: 'retry',
        message: `${what}: ${error.message} (try ${failures} of ${MAX_FAILURES}; again in ${(pauseMs / 1000).toFixed(1)} s)`,
        details: { code: error.code },
      },
    ]);
    await notifyTasks(trx, affinity);
    return { outcome: 'retry', pauseMs };
  }
  const events: JobEvent[] = [
    { level: 'error', kind: 'failed', message: `${what}: ${error.message}`, details: { code: error.code } },
  ];
  const end: TaskEnd = { state: 'failed', reason: withRemedy(error), part: null, effects: noEffects() };
  await endTask(trx, task, end, conclude, { events });
  return { outcome: 'failed', pauseMs: 0 };
}

async function insertSkipped(
  trx: Trx,
  job: { id: string; affinity: string },
  skipped: PlannedTasks['skipped'],
): Promise<void> {
  for (let from = 0; from < skipped.length; from += 2_000) {
    await trx
      .insertInto('task')
      .values(
        skipped.slice(from, from + 2_000).map((one, index) => ({
          job_id: job.id,
          key: `!skipped/${String(from + index).padStart(8, '0')}`,
          item: one.item,
          title: one.title,
          kind: 'work' as const,
          affinity: job.affinity,
          state: 'skipped' as const,
          reason: one.reason,
          progress: 1,
          finished_at: sql<string>`now()`,
        })),
      )
      .execute();
  }
}

/** Starts the item's next stage, or drops what can no longer run. @returns how many tasks were dropped */
async function advanceItem(trx: Trx, task: TaskHandle, state: TaskEnd['state']): Promise<number> {
  if (task.item === '') return 0;
  if (state === 'done') {
    const { rows } = await sql<{ affinity: string }>`
      UPDATE task SET state = 'ready', run_at = now() WHERE job_id = ${task.job_id} AND item = ${task.item} AND state = 'blocked'
        AND stage = (SELECT min(stage) FROM task WHERE job_id = ${task.job_id} AND item = ${task.item} AND state = 'blocked')
        AND NOT EXISTS (SELECT 1 FROM task WHERE job_id = ${task.job_id} AND item = ${task.item} AND state IN ('ready', 'running'))
      RETURNING affinity`.execute(trx);
    for (const affinity of new Set(rows.map((row) => row.affinity))) await notifyTasks(trx, affinity);
    return 0;
  }
  const { rows } = await sql`
    UPDATE task SET state = ${state === 'cancelled' ? 'cancelled' : 'skipped'}, reason = 'an earlier part of it did not succeed', finished_at = now()
    WHERE job_id = ${task.job_id} AND item = ${task.item} AND state = 'blocked' RETURNING id`.execute(trx);
  return rows.length;
}
