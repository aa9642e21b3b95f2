import { sql } from 'kysely';
import type { Db, TaskRow } from '../store/database.ts';
import { ADD_ATTEMPT } from '../store/task-time.ts';
import { LEASE_MS, TASK_CHANNEL } from './settings.ts';

export interface Claimer {
  workerId: string;
  workerName: string;
  host: string;
  affinities: readonly string[];
}

/** A claimed task; `fence` is the token that every write of this attempt carries. */
export type ClaimedTask = Pick<
  TaskRow,
  'id' | 'job_id' | 'key' | 'item' | 'title' | 'kind' | 'stage' | 'payload' | 'attempt' | 'lane' | 'priority'
> & {
  fence: number;
  job_name: string;
  job_seq: number;
  job_input: Record<string, unknown>;
  resource_ids: string[];
};

/**
 * Takes up to `limit` tasks, highest priority and oldest first. A job that shares a lock key with an earlier unfinished
 * job waits for it. SKIP LOCKED keeps claimers from waiting for each other (PostgreSQL manual, SELECT, The Locking Clause).
 *
 * Of a lane only the first ready task can be taken, and none while another one runs; with it come the next ones, as many as it
 * says go together, but none that is to be done alone. Those count as one towards the limit.
 *
 * @returns in that order, which is the order in which those of a lane are to be done
 */
export async function claimTasks(db: Db, claimer: Claimer, limit: number): Promise<ClaimedTask[]> {
  const { rows } = await sql<ClaimedTask>`
    WITH candidate AS MATERIALIZED (
      SELECT t.id, t.job_id, t.lane, t.together FROM task t JOIN job j ON j.id = t.job_id
      WHERE t.state = 'ready' AND t.run_at <= now() AND t.affinity = ANY(${claimer.affinities}::text[])
        AND j.status IN ('ACCEPTED', 'RUNNING')
        AND (j.lock_keys = '{}' OR NOT EXISTS (
          SELECT 1 FROM job e WHERE e.finished_at IS NULL AND e.seq < j.seq AND e.lock_keys && j.lock_keys))
        AND (t.lane IS NULL OR NOT EXISTS (
          SELECT 1 FROM task o WHERE o.job_id = t.job_id AND o.lane = t.lane
            AND (o.state = 'running' OR (o.state = 'ready' AND o.id < t.id AND o.run_at <= now()))))
      ORDER BY t.priority DESC, t.id
      LIMIT ${limit} FOR UPDATE OF t SKIP LOCKED
    ), mate AS MATERIALIZED (
      SELECT o.id, o.job_id FROM candidate c CROSS JOIN LATERAL (
        SELECT t.id, t.job_id FROM task t
        WHERE t.job_id = c.job_id AND t.lane = c.lane AND t.state = 'ready' AND t.run_at <= now() AND t.id > c.id AND t.together > 1
        ORDER BY t.id LIMIT c.together - 1 FOR UPDATE OF t SKIP LOCKED) o
    ), taken AS (
      SELECT id, job_id FROM candidate UNION ALL SELECT id, job_id FROM mate
    ), starting AS (
      SELECT id FROM job WHERE id IN (SELECT job_id FROM candidate) AND status = 'ACCEPTED' ORDER BY id FOR UPDATE
    ), started AS (
      UPDATE job SET status = 'RUNNING', started_at = coalesce(started_at, now()), updated_at = now(), version = version + 1
      WHERE id IN (SELECT id FROM starting) AND status = 'ACCEPTED'
    )
    UPDATE task t SET state = 'running', attempt = t.attempt + 1, fence = t.fence + 1, progress = 0,
      lease_until = now() + make_interval(secs => ${LEASE_MS / 1000}),
      worker_id = ${claimer.workerId}, worker_name = ${claimer.workerName}, worker_host = ${claimer.host},
      started_at = coalesce(t.started_at, now()), attempt_at = now()
    FROM taken c JOIN job j ON j.id = c.job_id
    WHERE t.id = c.id
    RETURNING t.id, t.job_id, t.key, t.item, t.title, t.kind, t.stage, t.payload, t.attempt, t.fence, t.lane, t.priority,
      j.name AS job_name, j.seq AS job_seq, j.input AS job_input, j.resource_ids`.execute(db);
  return rows.sort((a, b) => b.priority - a.priority || a.id - b.id);
}

/**
 * Gives unfinished tasks back at once (graceful stop): ready again, with a new token so that a straggler cannot commit.
 *
 * @param how `alone`: never together with others again, for one of them may have ended their process
 */
export async function handBack(
  db: Db,
  tasks: readonly { id: number; fence: number }[],
  how: 'as it was' | 'alone' = 'as it was',
): Promise<number> {
  if (tasks.length === 0) return 0;
  const { rows } = await sql<{ affinity: string }>`
    WITH given AS (
      UPDATE task SET state = 'ready', fence = task.fence + 1, lease_until = NULL, worker_id = NULL, run_at = now(),
        ${ADD_ATTEMPT}, together = CASE WHEN ${how === 'alone'} THEN 1 ELSE together END
      FROM jsonb_to_recordset(${JSON.stringify(tasks)}::jsonb) AS g(id bigint, fence bigint)
      WHERE task.id = g.id AND task.fence = g.fence AND task.state = 'running'
      RETURNING task.affinity
    )
    SELECT affinity, pg_notify(${TASK_CHANNEL}, affinity) FROM given`.execute(db);
  return rows.length;
}

/** Gives back what was claimed together with another task and never begun: as if it had not been claimed. */
export async function handBackUnbegun(db: Db, tasks: readonly { id: number; fence: number }[]): Promise<void> {
  if (tasks.length === 0) return;
  await sql`
    WITH given AS (
      UPDATE task SET state = 'ready', fence = task.fence + 1, attempt = task.attempt - 1, lease_until = NULL, worker_id = NULL,
        run_at = now()
      FROM jsonb_to_recordset(${JSON.stringify(tasks)}::jsonb) AS g(id bigint, fence bigint)
      WHERE task.id = g.id AND task.fence = g.fence AND task.state = 'running'
      RETURNING task.affinity
    )
    SELECT pg_notify(${TASK_CHANNEL}, affinity) FROM given`.execute(db);
}
