import { type RawBuilder, sql } from 'kysely';
import { AssayError } from '../errors/assay-error.ts';
import type { JobStatus, Statistics } from '../model/job-status.ts';
import type { Db, JobRow } from './database.ts';
import { KEPT } from './kept-plans.ts';

/** A job and what can only be known by looking at its tasks and at the clock of the database. */
export type JobWithTime = JobRow & { durationMs: number };

/** @throws NOT_FOUND */
export async function getJob(db: Db, id: string): Promise<JobWithTime> {
  const { rows } =
    await sql<JobWithTime>`SELECT job.*, ${DURATION} AS "durationMs" FROM job WHERE id = ${id.toLowerCase()}`.execute(
      db,
    );
  const job = rows[0];
  if (!job) throw new AssayError('NOT_FOUND', `there is no job ${id}`);
  return job;
}

const DURATION = sql`coalesce(round(extract(epoch FROM coalesce(finished_at, greatest(clock_timestamp(), started_at)) - started_at) * 1000), 0)::float8`;

export interface JobFilter {
  statuses?: readonly string[];
  names?: readonly string[];
  dataSourceId?: string;
  userId?: string;
  /** Accepted at or after, ISO 8601. */
  from?: string;
  /** Accepted before. */
  to?: string;
  /** Only jobs with a smaller sequence number. */
  beforeSeq?: number;
  size: number;
}

/** Newest first. */
export async function listJobs(db: Db, filter: JobFilter): Promise<JobWithTime[]> {
  const tests: RawBuilder<unknown>[] = [sql`true`];
  if (filter.statuses) tests.push(sql`status = ANY(${filter.statuses}::text[])`);
  if (filter.names) tests.push(sql`name = ANY(${filter.names}::text[])`);
  if (filter.dataSourceId) tests.push(sql`resource_ids @> ARRAY[${filter.dataSourceId}]::text[]`);
  if (filter.userId) tests.push(sql`user_id = ${filter.userId}`);
  if (filter.from) tests.push(sql`created_at >= ${filter.from}::timestamptz`);
  if (filter.to) tests.push(sql`created_at < ${filter.to}::timestamptz`);
  if (filter.beforeSeq !== undefined) tests.push(sql`seq < ${filter.beforeSeq}`);
  const { rows } = await sql<JobWithTime>`SELECT job.*, ${DURATION} AS "durationMs" FROM job
    WHERE ${sql.join(tests, sql` AND `)} ORDER BY seq DESC LIMIT ${filter.size}`.execute(db);
  return rows;
}

export interface JobRunnerView {
  name: string;
  host: string;
  tasks: number;
  running: number;
}

export interface JobProgress {
  statistics: Statistics;
  /** 0 to 1. */
  fraction: number;
  runners: JobRunnerView[];
}

const NO_PROGRESS: JobProgress = { statistics: { total: 0, done: 0, failed: 0, skipped: 0 }, fraction: 0, runners: [] };

/** What the tasks of these jobs say, by job id. Items count as the engine counts them when a job ends. */
export async function readProgress(db: Db, jobIds: readonly string[]): Promise<(jobId: string) => JobProgress> {
  if (jobIds.length === 0) return () => NO_PROGRESS;
  const { rows } = await sql<Statistics & { job_id: string; fraction: number; runners: JobRunnerView[] | null }>`${KEPT}
    WITH mine AS MATERIALIZED (
      SELECT job_id, item, kind, state, weight, progress, worker_name, worker_host FROM task
      WHERE job_id = ANY((SELECT ${[...jobIds]}::text[])::text[])
    ), item AS (
      SELECT job_id, item, bool_or(state IN ('ready', 'blocked', 'running')) AS open, bool_or(state = 'failed') AS failed,
        bool_or(state = 'skipped') AS skipped, bool_or(state = 'cancelled') AS cancelled
      FROM mine WHERE kind = 'work' GROUP BY job_id, item
    ), counted AS (
      SELECT job_id, count(*) AS total,
        count(*) FILTER (WHERE NOT open AND NOT failed AND NOT skipped AND NOT cancelled) AS done,
        count(*) FILTER (WHERE failed) AS failed,
        count(*) FILTER (WHERE NOT open AND NOT failed AND NOT cancelled AND skipped) AS skipped
      FROM item GROUP BY job_id
    ), weighed AS (
      SELECT job_id, coalesce(sum(weight * CASE WHEN state IN ('ready', 'blocked') THEN 0
        WHEN state = 'running' THEN least(progress, 1) ELSE 1 END) / nullif(sum(weight), 0), 0)::float8 AS fraction
      FROM mine GROUP BY job_id
    ), runner AS (
      SELECT job_id, worker_name AS name, coalesce(worker_host, '') AS host, count(*) AS tasks,
        count(*) FILTER (WHERE state = 'running') AS running
      FROM mine WHERE worker_name IS NOT NULL GROUP BY job_id, worker_name, worker_host
    ), ran AS (
      SELECT job_id, json_agg(json_build_object('name', name, 'host', host, 'tasks', tasks, 'running', running)
        ORDER BY name, host) AS runners
      FROM runner GROUP BY job_id
    )
    SELECT w.job_id, w.fraction, coalesce(c.total, 0) AS total, coalesce(c.done, 0) AS done, coalesce(c.failed, 0) AS failed,
      coalesce(c.skipped, 0) AS skipped, r.runners
    FROM weighed w LEFT JOIN counted c ON c.job_id = w.job_id LEFT JOIN ran r ON r.job_id = w.job_id`.execute(db);
  const found = new Map(
    rows.map(({ job_id, fraction, runners, ...statistics }) => [
      job_id,
      { statistics, fraction, runners: runners ?? [] },
    ]),
  );
  return (jobId) => found.get(jobId) ?? NO_PROGRESS;
}

export interface WaitReason {
  /** The earlier job that holds a lock key of this one. */
  job?: { id: string; name: string; status: JobStatus };
  /** Affinities of its ready tasks that no living worker serves. */
  unserved?: string[];
  /** Every open task failed before and is tried again later. */
  retry?: { reason: string; inMs: number; tasks: number };
}

/** Why jobs that have not ended stand still, by job id. `aliveMs`: a worker whose heartbeat is older is gone. */
export async function readWaitReasons(
  db: Db,
  jobIds: readonly string[],
  aliveMs: number,
): Promise<Map<string, WaitReason>> {
  const reasons = new Map<string, WaitReason>();
  if (jobIds.length === 0) return reasons;
  const { rows } = await sql<WaitRow>`${KEPT}
    WITH mine AS MATERIALIZED (
      SELECT job_id, state, affinity, error, run_at FROM task
      WHERE job_id = ANY((SELECT ${[...jobIds]}::text[])::text[]) AND state IN ('ready', 'running')
    ), unserved AS (
      SELECT job_id, array_agg(DISTINCT affinity) AS affinities FROM mine
      WHERE state = 'ready' AND NOT EXISTS (
        SELECT 1 FROM worker w WHERE mine.affinity = ANY(w.affinities) AND w.stopped_at IS NULL
          AND w.heartbeat_at > now() - make_interval(secs => ${aliveMs / 1000}))
      GROUP BY job_id
    ), retried AS (
      SELECT job_id, (array_agg(error->>'message' ORDER BY run_at))[1] AS reason, count(*) AS tasks,
        greatest(0, extract(epoch FROM min(run_at) - clock_timestamp()) * 1000)::float8 AS in_ms
      FROM mine GROUP BY job_id HAVING bool_and(state = 'ready' AND error IS NOT NULL AND run_at > clock_timestamp())
    )
    SELECT j.id, other.id AS "otherId", other.name AS "otherName", other.status AS "otherStatus", unserved.affinities,
      retried.reason, retried.in_ms AS "inMs", retried.tasks
    FROM job j LEFT JOIN unserved ON unserved.job_id = j.id LEFT JOIN retried ON retried.job_id = j.id
    LEFT JOIN LATERAL (
      SELECT e.id, e.name, e.status FROM job e
      WHERE j.status = 'ACCEPTED' AND j.lock_keys <> '{}'
        AND e.finished_at IS NULL AND e.seq < j.seq AND e.lock_keys && j.lock_keys
      ORDER BY e.seq LIMIT 1
    ) other ON true
    WHERE j.id = ANY((SELECT ${[...jobIds]}::text[])::text[])`.execute(db);
  for (const row of rows) {
    const reason = toWaitReason(row);
    if (reason) reasons.set(row.id, reason);
  }
  return reasons;
}

interface WaitRow {
  id: string;
  otherId: string | null;
  otherName: string;
  otherStatus: JobStatus;
  affinities: string[] | null;
  reason: string;
  inMs: number;
  tasks: number | null;
}

/** A job that waits for another has not tried anything yet. */
function toWaitReason(row: WaitRow): WaitReason | undefined {
  if (row.otherId !== null) return { job: { id: row.otherId, name: row.otherName, status: row.otherStatus } };
  const { affinities, reason, inMs, tasks } = row;
  if (affinities === null && tasks === null) return undefined;
  return { ...(affinities ? { unserved: affinities } : {}), ...(tasks ? { retry: { reason, inMs, tasks } } : {}) };
}

/** The job that an earlier request with this idempotency key made, with the hash of that request's body. */
export async function findByIdempotencyKey(
  db: Db,
  userId: string,
  route: string,
  key: string,
): Promise<{ job: JobRow; bodyHash: string } | undefined> {
  const found = await db
    .selectFrom('idempotency')
    .innerJoin('job', 'job.id', 'idempotency.job_id')
    .selectAll('job')
    .select('idempotency.body_hash')
    .where('idempotency.user_id', '=', userId)
    .where('idempotency.route', '=', route)
    .where('idempotency.key', '=', key)
    .where(sql<boolean>`idempotency.created_at > now() - interval '24 hours'`)
    .executeTakeFirst();
  if (!found) return undefined;
  const { body_hash: bodyHash, ...job } = found;
  return { job, bodyHash };
}

/** Hashes of the bodies that a user sent with this key to routes that begin so, of the last 24 hours. */
export async function listIdempotencyHashes(
  db: Db,
  userId: string,
  routePrefix: string,
  key: string,
): Promise<string[]> {
  const rows = await db
    .selectFrom('idempotency')
    .select('body_hash')
    .distinct()
    .where('user_id', '=', userId)
    .where('key', '=', key)
    .where(sql<boolean>`starts_with(route, ${routePrefix})`)
    .where(sql<boolean>`created_at > now() - interval '24 hours'`)
    .execute();
  return rows.map((row) => row.body_hash);
}
