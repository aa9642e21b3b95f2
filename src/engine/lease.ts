import { sql } from 'kysely';
import { AssayError } from '../errors/assay-error.ts';
import type { JobStatus } from '../model/job-status.ts';
import type { Db, Trx } from '../store/database.ts';
import { LEASE_MS } from './settings.ts';

export interface HeldTask {
  id: number;
  fence: number;
  progress: number;
}

export interface Renewal {
  id: number;
  fence: number;
  status: JobStatus;
}

/**
 * Renews the leases of all tasks a worker holds, in one statement. A task that is missing from the answer was lost. A row that
 * is locked just now is being ended: it counts as held and is left alone, so that a long end does not cost the other tasks of
 * the worker their leases.
 */
export async function renewLeases(db: Db, held: readonly HeldTask[]): Promise<Renewal[]> {
  if (held.length === 0) return [];
  const { rows } = await sql<Renewal>`
    WITH held AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(held)}::jsonb) AS h(id bigint, fence bigint, progress double precision)
    ), free AS (
      SELECT t.id, h.progress FROM task t JOIN held h ON t.id = h.id AND t.fence = h.fence AND t.state = 'running'
      ORDER BY t.id FOR UPDATE OF t SKIP LOCKED
    ), renewed AS (
      UPDATE task t SET lease_until = now() + make_interval(secs => ${LEASE_MS / 1000}), progress = free.progress
      FROM free WHERE t.id = free.id
    )
    SELECT t.id, t.fence, j.status FROM task t JOIN job j ON j.id = t.job_id
    JOIN held h ON t.id = h.id AND t.fence = h.fence AND t.state = 'running'`.execute(db);
  return rows;
}

/** Locks the task for the rest of the transaction, or throws LEASE_LOST when this attempt no longer holds it. */
export async function assertFence(trx: Trx, task: { id: number; fence: number }): Promise<void> {
  const row = await trx
    .selectFrom('task')
    .select('id')
    .where('id', '=', task.id)
    .where('fence', '=', task.fence)
    .where('state', '=', 'running')
    .forUpdate()
    .executeTakeFirst();
  if (!row) throw leaseLost(task);
}

export const leaseLost = (task: { id: number; fence: number }): AssayError =>
  new AssayError('LEASE_LOST', `task ${task.id} is no longer held with token ${task.fence}; its work was rolled back`);
