import { sql } from 'kysely';
import type { Db } from './database.ts';

/** Seconds of the running attempt of the row `task`. A lost worker is found out of late, maybe a night: it had its task until the lease ended. */
const OF_ATTEMPT = sql<number>`greatest(0, coalesce(
  extract(epoch FROM least(clock_timestamp(), task.lease_until) - task.attempt_at), 0))::float8`;

/** For the SET of each statement that ends an attempt of the row `task`, by whatever end. */
export const ADD_ATTEMPT = sql`busy_seconds = task.busy_seconds + ${OF_ATTEMPT}`;

/**
 * Time that the tasks of one item of a job took so far: that of their attempts, without what lies between them.
 *
 * @returns `seconds` of all together, those that run now as well; `running`: how many run now
 */
export async function timeOfItem(db: Db, jobId: string, item: string): Promise<{ seconds: number; running: number }> {
  const { rows } = await sql<{ seconds: number; running: number }>`
    SELECT coalesce(sum(busy_seconds + CASE WHEN state = 'running' THEN ${OF_ATTEMPT} ELSE 0 END), 0)::float8 AS seconds,
      count(*) FILTER (WHERE state = 'running')::integer AS running
    FROM task WHERE job_id = ${jobId} AND item = ${item}`.execute(db);
  return rows[0] ?? { seconds: 0, running: 0 };
}
