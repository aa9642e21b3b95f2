import { sql } from 'kysely';
import { AssayError } from '../errors/assay-error.ts';
import { newHexId } from '../model/ids.ts';
import type { Db, JobRow, JobScope, Trx, UserSnapshot } from '../store/database.ts';
import { requestCancelOfOthers } from './cancel-job.ts';
import { appendEvents, type JobEvent } from './events.ts';
import { insertTasks } from './insert-tasks.ts';
import type { TaskDraft } from './task.ts';

export interface JobUser {
  id: string;
  username: string;
  snapshot: UserSnapshot;
}

/** What accepting a job does beside storing it. */
export interface OnAcceptance {
  /**
   * Why other unfinished jobs of the same sources or locks must make way: they are cancelled in the transaction that accepts
   * this one, and their event log says this sentence.
   */
  supersedes?: string;
  /** Runs in the transaction that accepts the job, e.g. to mark a source as going away. */
  onAccepted?(trx: Trx, jobId: string): Promise<void>;
}

/** A job about to be accepted: what its type made of the request. */
export interface NewJob extends OnAcceptance {
  name: string;
  input: Record<string, unknown>;
  scope: JobScope;
  resourceIds: string[];
  affinity: string;
  /** Jobs that share a key run one at a time, in the order of their acceptance: `source:<id>`. */
  lockKeys: string[];
  /** Sentences for the event log: unknown keys, ignored fields. */
  warnings: string[];
  /** Given when the job is one piece of work that needs no planning. */
  single?: TaskDraft;
  priority?: number;
  rerunOf?: string;
}

export interface IdempotencyKey {
  route: string;
  key: string;
  bodyHash: string;
}

/** Keys are remembered so long. */
const IDEMPOTENCY_HOURS = 24;

/**
 * Writes the job, its first task and its first event in one transaction and wakes the workers.
 *
 * @returns the job; `replayed` when an earlier request with the same idempotency key had made it
 * @throws CONFLICT for the same key with another body, or when a source of the job is being removed
 */
export async function acceptJob(
  db: Db,
  job: NewJob,
  user: JobUser,
  idempotency?: IdempotencyKey,
): Promise<{ job: JobRow; replayed: boolean }> {
  return db.transaction().execute(async (trx) => {
    const id = newHexId();
    const earlier = idempotency && (await claimKey(trx, user.id, idempotency, id));
    if (earlier) return { job: earlier, replayed: true };
    await queueUp(trx, job.lockKeys);
    await refuseVanishing(trx, job.resourceIds, job.supersedes !== undefined);
    const row = await trx
      .insertInto('job')
      .values({
        id,
        name: job.name,
        user_id: user.id,
        user_snapshot: JSON.stringify(user.snapshot),
        input: JSON.stringify(job.input),
        scope: JSON.stringify(job.scope),
        resource_ids: job.resourceIds,
        affinity: job.affinity,
        priority: job.priority ?? 0,
        lock_keys: job.lockKeys,
        rerun_of: job.rerunOf ?? null,
        open_tasks: 1,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    const first: TaskDraft = job.single ?? { key: PLAN_KEY, item: '', title: 'plan', payload: {}, weight: 0 };
    await insertTasks(trx, row, [first], job.single ? 'work' : 'plan');
    const events: JobEvent[] = [{ level: 'info', kind: 'accepted', message: `Accepted for ${user.username}.` }];
    for (const message of job.warnings) events.push({ level: 'warning', kind: 'warning', message });
    await appendEvents(trx, id, events);
    await job.onAccepted?.(trx, id);
    if (job.supersedes !== undefined) await requestCancelOfOthers(trx, row, job.supersedes);
    return { job: row, replayed: false };
  });
}

/** Sorts before every key that a plan gives. */
export const PLAN_KEY = '!plan';

/**
 * Makes acceptances that share a lock key wait for each other's commit, so that the order of `seq`, which decides who runs
 * first, is the order in which they become visible. Locked in one order, so that none waits in a circle.
 */
async function queueUp(trx: Trx, lockKeys: readonly string[]): Promise<void> {
  await sql`
    SELECT pg_advisory_xact_lock(${LOCK_KEY_SPACE}, key) FROM (
      SELECT DISTINCT hashtext(key) AS key FROM unnest(${lockKeys}::text[]) AS key ORDER BY 1) k`.execute(trx);
}

/** "assl" */
const LOCK_KEY_SPACE = 0x61_73_73_6c;

async function claimKey(trx: Trx, userId: string, key: IdempotencyKey, jobId: string): Promise<JobRow | undefined> {
  await sql`DELETE FROM idempotency WHERE user_id = ${userId} AND route = ${key.route} AND key = ${key.key}
    AND created_at < now() - make_interval(hours => ${IDEMPOTENCY_HOURS})`.execute(trx);
  const inserted = await trx
    .insertInto('idempotency')
    .values({ user_id: userId, route: key.route, key: key.key, body_hash: key.bodyHash, job_id: jobId })
    .onConflict((conflict) => conflict.doNothing())
    .returning('job_id')
    .executeTakeFirst();
  if (inserted) return undefined;
  const first = await trx
    .selectFrom('idempotency')
    .selectAll()
    .where('user_id', '=', userId)
    .where('route', '=', key.route)
    .where('key', '=', key.key)
    .executeTakeFirstOrThrow();
  if (first.body_hash !== key.bodyHash) {
    throw new AssayError(
      'CONFLICT',
      `Idempotency-Key "${key.key}" was used for job ${first.job_id} with another body; give each different request a key of its own`,
    );
  }
  const job = await trx.selectFrom('job').selectAll().where('id', '=', first.job_id).executeTakeFirst();
  if (job) return job;
  throw new AssayError(
    'CONFLICT',
    `Idempotency-Key "${key.key}" belongs to job ${first.job_id}, which is no longer kept`,
  );
}

/**
 * From the acceptance of a removal no new job may start on its source, until it has ended. The share lock makes the two wait
 * for each other; a job that will change the row takes the stronger lock at once, or two of them would wait for each other.
 */
async function refuseVanishing(trx: Trx, sourceIds: readonly string[], forChange: boolean): Promise<void> {
  if (sourceIds.length === 0) return;
  const lock = sql.raw(forChange ? 'FOR UPDATE' : 'FOR SHARE');
  const { rows } = await sql<{ resource_name: string; removal_job_id: string | null }>`
    SELECT resource_name, removal_job_id FROM data_source
    WHERE id = ANY(${sourceIds}::text[]) ORDER BY id ${lock}`.execute(trx);
  const marked = rows.filter((row) => row.removal_job_id !== null);
  if (marked.length === 0) return;
  // A removal that failed or was cancelled holds its source no longer.
  const open = await trx
    .selectFrom('job')
    .select('id')
    .where(
      'id',
      'in',
      marked.map((row) => row.removal_job_id as string),
    )
    .where('finished_at', 'is', null)
    .execute();
  const leaving = marked.filter((row) => open.some((job) => job.id === row.removal_job_id));
  if (leaving.length === 0) return;
  throw new AssayError(
    'CONFLICT',
    leaving.map((row) => `data source "${row.resource_name}" is being removed by job ${row.removal_job_id}`).join('; '),
  );
}
