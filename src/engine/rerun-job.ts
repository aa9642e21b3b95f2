import { AssayError } from '../errors/assay-error.ts';
import { isTerminal } from '../model/job-status.ts';
import type { Db, JobRow } from '../store/database.ts';
import { acceptJob, type JobUser, type OnAcceptance, PLAN_KEY } from './accept-job.ts';

/**
 * Starts a new job with the input of an ended one. Names in its scope are the snapshot of the first.
 *
 * @param onRerun what accepting a job of this type does beside storing it
 * @throws NOT_FOUND for an unknown job or when a source of it is gone, CONFLICT while the first is still running
 */
export async function rerunJob(
  db: Db,
  jobId: string,
  user: JobUser,
  onRerun?: (first: JobRow) => OnAcceptance,
): Promise<JobRow> {
  const first = await db.selectFrom('job').selectAll().where('id', '=', jobId).executeTakeFirst();
  if (!first) throw new AssayError('NOT_FOUND', `there is no job ${jobId}`);
  if (!isTerminal(first.status)) {
    throw new AssayError(
      'CONFLICT',
      `job ${jobId} is still ${first.status}; cancel it or wait for its end before running it again`,
    );
  }
  const known = await db
    .selectFrom('data_source')
    .select('id')
    .where('id', 'in', [...first.resource_ids, ''])
    .execute();
  const gone = first.resource_ids.filter((id) => !known.some((source) => source.id === id));
  if (gone.length > 0) throw new AssayError('NOT_FOUND', `data source ${gone.join(', ')} of job ${jobId} was removed`);
  const planned = await db
    .selectFrom('task')
    .select(['key', 'item', 'title', 'payload', 'kind'])
    .where('job_id', '=', jobId)
    .orderBy('id')
    .limit(1)
    .executeTakeFirstOrThrow();
  const { key, item, title, payload } = planned;
  const { job } = await acceptJob(
    db,
    {
      name: first.name,
      input: first.input,
      scope: first.scope,
      resourceIds: first.resource_ids,
      affinity: first.affinity,
      lockKeys: first.lock_keys,
      priority: first.priority,
      warnings: [`This is a re-run of job ${jobId}.`],
      rerunOf: jobId,
      ...onRerun?.(first),
      ...(key === PLAN_KEY ? {} : { single: { key, item, title, payload } }),
    },
    user,
  );
  return job;
}
