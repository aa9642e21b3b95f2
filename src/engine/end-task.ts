import { sql } from 'kysely';
import { type AssayError, withRemedy } from '../errors/assay-error.ts';
import { noEffects } from '../model/job-status.ts';
import { toStorableJson } from '../model/storable-text.ts';
import type { Trx } from '../store/database.ts';
import { ADD_ATTEMPT } from '../store/task-time.ts';
import { backoffMs } from './backoff.ts';
import { concludeJobIfDone } from './conclude-job.ts';
import { appendEvents, type JobEvent } from './events.ts';
import { insertTasks, notifyTasks } from './insert-tasks.ts';
import { assertFence, leaseLost } from './lease.ts';
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

/** A task that ends, and what ends with it. */
export interface EndingTask {
  task: TaskHandle;
  end: TaskEnd;
  events?: JobEvent[];
  planned?: PlannedTasks;
  bytes?: Record<string, Uint8Array> | undefined;
}

/** One task, see `endTasks`. */
export function endTask(
  trx: Trx,
  task: TaskHandle,
  end: TaskEnd,
  conclude: ConcludeJob,
  options: Omit<EndingTask, 'task' | 'end'> = {},
): Promise<void> {
  return endTasks(trx, [{ task, end, ...options }], conclude);
}

/**
 * Ends tasks of one job in the transaction that wrote their results: verifies the tokens, starts the next stages of the items, adds
 * planned tasks, and ends the job when these were the last.
 *
 * @throws LEASE_LOST when another attempt holds one of them; the caller's transaction must roll back
 */
export async function endTasks(trx: Trx, ending: readonly EndingTask[], conclude: ConcludeJob): Promise<void> {
  const [first] = ending;
  if (!first) return;
  const jobId = first.task.job_id;
  await writeEnds(trx, ending);
  for (const { task, bytes = {} } of ending)
    for (const [name, one] of Object.entries(bytes))
      await trx
        .insertInto('task_bytes')
        .values({ task_id: task.id, name, bytes: Buffer.from(one) })
        .execute();
  // Locks the job before its stages are looked at: of two tasks that end at once the second must see that the first has.
  const job = await trx
    .updateTable('job')
    .set((eb) => ({ open_tasks: eb('open_tasks', '-', ending.length), updated_at: sql<string>`clock_timestamp()` }))
    .where('id', '=', jobId)
    .returning(['id', 'affinity', 'priority', 'open_tasks'])
    .executeTakeFirstOrThrow();
  let opened = 0;
  for (const { end, planned } of ending) {
    if (!planned || end.state !== 'done') continue;
    await insertTasks(trx, job, planned.tasks, 'work');
    await insertSkipped(trx, job, planned.skipped);
    opened += planned.tasks.length;
  }
  opened -= await advanceItems(trx, jobId, ending);
  await appendEvents(
    trx,
    jobId,
    ending.flatMap(({ events = [] }) => events),
  );
  if (opened !== 0)
    await trx
      .updateTable('job')
      .set((eb) => ({ open_tasks: eb('open_tasks', '+', opened) }))
      .where('id', '=', jobId)
      .execute();
  if (job.open_tasks + opened <= 0) await concludeJobIfDone(trx, jobId, conclude);
}

async function writeEnds(trx: Trx, ending: readonly EndingTask[]): Promise<void> {
  const ends = ending.map(({ task: { id, fence }, end: { state, reason, part, effects } }) => ({
    id,
    fence,
    state,
    reason,
    part,
    effects,
  }));
  const { rows } = await sql<{ id: number }>`
    UPDATE task SET state = e.state, reason = e.reason, part = e.part, effects = e.effects, progress = 1, lease_until = NULL,
      ${ADD_ATTEMPT}, finished_at = clock_timestamp()
    FROM jsonb_to_recordset(${toStorableJson(ends).json}::jsonb)
      AS e(id bigint, fence bigint, state text, reason text, part jsonb, effects jsonb)
    WHERE task.id = e.id AND task.fence = e.fence AND task.state = 'running' RETURNING task.id`.execute(trx);
  const held = new Set(rows.map(({ id }) => id));
  const lost = ending.find(({ task }) => !held.has(task.id));
  if (lost) throw leaseLost(lost.task);
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
    .set((eb) => ({ failures: eb('failures', '+', 1), error: toStorableJson(error).json }))
    .where('id', '=', task.id)
    .returning(['failures', 'affinity'])
    .executeTakeFirstOrThrow();
  const what = task.title || task.item;
  if (error.row.retry && failures < MAX_FAILURES) {
    const pauseMs = backoffMs(error.row.kind, failures, random);
    await sql`UPDATE task SET state = 'ready', lease_until = NULL, worker_id = NULL, fence = fence + 1,
      ${ADD_ATTEMPT}, run_at = now() + make_interval(secs => ${pauseMs / 1000}) WHERE id = ${task.id}`.execute(trx);
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

/** Drops what can no longer run, and starts the next stages of items whose earlier ones are done. @returns how many tasks were dropped */
async function advanceItems(trx: Trx, jobId: string, ending: readonly EndingTask[]): Promise<number> {
  const itemsThat = (isMeant: (state: TaskEnd['state']) => boolean): string[] =>
    ending.filter(({ task, end }) => task.item !== '' && isMeant(end.state)).map(({ task }) => task.item);
  let dropped = 0;
  for (const [items, state] of [
    [itemsThat((one) => one === 'cancelled'), 'cancelled'],
    [itemsThat((one) => one === 'failed' || one === 'skipped'), 'skipped'],
  ] as const) {
    if (items.length === 0) continue;
    const { rows } = await sql`
      UPDATE task SET state = ${state}, reason = 'an earlier part of it did not succeed', finished_at = now()
      WHERE job_id = ${jobId} AND item = ANY(${items}::text[]) AND state = 'blocked' RETURNING id`.execute(trx);
    dropped += rows.length;
  }
  const done = itemsThat((one) => one === 'done');
  if (done.length === 0) return dropped;
  const { rows } = await sql<{ affinity: string }>`
    UPDATE task SET state = 'ready', run_at = now() WHERE job_id = ${jobId} AND item = ANY(${done}::text[]) AND state = 'blocked'
      AND stage = (SELECT min(o.stage) FROM task o WHERE o.job_id = ${jobId} AND o.item = task.item AND o.state = 'blocked')
      AND NOT EXISTS (SELECT 1 FROM task o WHERE o.job_id = ${jobId} AND o.item = task.item AND o.state IN ('ready', 'running'))
    RETURNING affinity`.execute(trx);
  for (const affinity of new Set(rows.map((row) => row.affinity))) await notifyTasks(trx, affinity);
  return dropped;
}
