import { sql } from 'kysely';
import { AssayError } from '../errors/assay-error.ts';
import { noEffects } from '../model/job-status.ts';
import type { Db, Trx } from '../store/database.ts';
import { ADD_ATTEMPT } from '../store/task-time.ts';
import { dropWaitingTasks } from './cancel-job.ts';
import { endTask, failTask, type TaskHandle } from './end-task.ts';
import { appendEvents } from './events.ts';
import { notifyTasks } from './insert-tasks.ts';
import { MAX_ATTEMPTS } from './settings.ts';
import type { ConcludeJob } from './task.ts';

type Expired = TaskHandle & { attempt: number; status: string; worker_name: string | null; affinity: string };

/**
 * Takes over what dead workers held: a lease that ran out makes its task ready again (or ends it, when its job is being
 * cancelled or the task seems to kill its workers). Any process may sweep; SKIP LOCKED keeps sweepers apart.
 *
 * @returns how many tasks were taken over
 */
export async function sweepExpired(db: Db, conclude: ConcludeJob): Promise<number> {
  const { rows } = await sql<{ id: number; job_id: string }>`
    SELECT id, job_id FROM task WHERE state = 'running' AND lease_until < now() ORDER BY id LIMIT 100`.execute(db);
  for (const row of rows) await db.transaction().execute((trx) => takeOver(trx, row.id, conclude));
  const { rows: stuck } = await sql<{ id: string }>`
    SELECT DISTINCT j.id FROM job j JOIN task t ON t.job_id = j.id
    WHERE j.status = 'CANCELLING' AND t.state IN ('ready', 'blocked') LIMIT 100`.execute(db);
  for (const job of stuck) await dropWaitingTasks(db, job.id, conclude);
  return rows.length;
}

async function takeOver(trx: Trx, taskId: number, conclude: ConcludeJob): Promise<void> {
  const { rows } = await sql<Expired>`
    SELECT t.id, t.fence, t.job_id, t.item, t.title, t.stage, t.attempt, t.worker_name, t.affinity, j.status
    FROM task t JOIN job j ON j.id = t.job_id
    WHERE t.id = ${taskId} AND t.state = 'running' AND t.lease_until < now() FOR UPDATE OF t SKIP LOCKED`.execute(trx);
  const task = rows[0];
  if (!task) return;
  if (task.status === 'CANCELLING') {
    await endTask(trx, task, { state: 'cancelled', reason: 'cancelled', part: null, effects: noEffects() }, conclude);
    return;
  }
  if (task.attempt >= MAX_ATTEMPTS) {
    const error = new AssayError(
      'TOO_MANY_ATTEMPTS',
      `it was started ${task.attempt} times and its workers were lost or stopped each time; it may be what ends them`,
    );
    await failTask(trx, task, error, conclude, 0);
    return;
  }
  await sql`UPDATE task SET state = 'ready', fence = fence + 1, lease_until = NULL, worker_id = NULL, run_at = now(), ${ADD_ATTEMPT}
    WHERE id = ${task.id}`.execute(trx);
  await appendEvents(trx, task.job_id, [
    {
      level: 'warning',
      kind: 'taken over',
      message: `${task.title || task.item}: worker ${task.worker_name ?? 'unknown'} was lost; it starts again`,
    },
  ]);
  await notifyTasks(trx, task.affinity);
}
