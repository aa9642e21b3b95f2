import { sql } from 'kysely';
import { AssayError } from '../errors/assay-error.ts';
import { isTerminal, type JobStatus } from '../model/job-status.ts';
import type { Db, Trx } from '../store/database.ts';
import { concludeJobIfDone } from './conclude-job.ts';
import { appendEvents } from './events.ts';
import { CANCEL_CHANNEL } from './settings.ts';
import type { ConcludeJob } from './task.ts';

/**
 * Asks for the end of a job. What has not started ends at once; workers abort what runs and kill it after the grace time.
 * A job that has ended keeps its state.
 *
 * @returns the status after the call: CANCELLING, CANCELLED, or the terminal state it already had
 * @throws NOT_FOUND
 */
export async function cancelJob(db: Db, jobId: string, reason: string, conclude: ConcludeJob): Promise<JobStatus> {
  const before = await db.transaction().execute(async (trx) => {
    const job = await trx.selectFrom('job').select(['status']).where('id', '=', jobId).forUpdate().executeTakeFirst();
    if (!job) throw new AssayError('NOT_FOUND', `there is no job ${jobId}`);
    if (isTerminal(job.status) || job.status === 'CANCELLING') return job.status;
    await markCancelling(trx, [jobId], reason);
    return 'CANCELLING' as const;
  });
  if (before !== 'CANCELLING') return before;
  return dropWaitingTasks(db, jobId, conclude);
}

/**
 * Asks for the end of every other unfinished job that works on the same sources or waits for the same locks. In the
 * transaction that accepts the job which needs them gone, so that it cannot be accepted and they be forgotten; the sweep
 * ends what of them has not started.
 */
export async function requestCancelOfOthers(
  trx: Trx,
  job: { id: string; lock_keys: string[]; resource_ids: string[] },
  reason: string,
): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    SELECT id FROM job WHERE id <> ${job.id} AND finished_at IS NULL AND status <> 'CANCELLING'
      AND (lock_keys && ${job.lock_keys}::text[] OR resource_ids && ${job.resource_ids}::text[])
    ORDER BY id FOR UPDATE`.execute(trx);
  await markCancelling(
    trx,
    rows.map((row) => row.id),
    reason,
  );
}

async function markCancelling(trx: Trx, jobIds: readonly string[], reason: string): Promise<void> {
  for (const jobId of jobIds) {
    await sql`UPDATE job SET status = 'CANCELLING', cancel_requested_at = now(), updated_at = now(), version = version + 1
      WHERE id = ${jobId}`.execute(trx);
    await appendEvents(trx, jobId, [{ level: 'warning', kind: 'cancel', message: reason }]);
    await sql`SELECT pg_notify(${CANCEL_CHANNEL}, ${jobId})`.execute(trx);
  }
}

/**
 * Ends the tasks of a job being cancelled that no worker holds. Tasks are locked before the job, as everywhere, so that two
 * transactions cannot wait for each other.
 */
export async function dropWaitingTasks(db: Db, jobId: string, conclude: ConcludeJob): Promise<JobStatus> {
  return db.transaction().execute(async (trx) => {
    const { rows } = await sql`
      UPDATE task SET state = 'cancelled', reason = 'cancelled', finished_at = now(), fence = fence + 1
      WHERE id IN (SELECT id FROM task WHERE job_id = ${jobId} AND state IN ('ready', 'blocked') ORDER BY id FOR UPDATE SKIP LOCKED)
      RETURNING id`.execute(trx);
    await trx
      .updateTable('job')
      .set((eb) => ({ open_tasks: eb('open_tasks', '-', rows.length) }))
      .where('id', '=', jobId)
      .execute();
    await concludeJobIfDone(trx, jobId, conclude);
    const job = await trx.selectFrom('job').select('status').where('id', '=', jobId).executeTakeFirstOrThrow();
    return job.status;
  });
}
