import { sql } from 'kysely';
import type { Db } from './database.ts';

/** Seconds that the tasks of one item of a job took so far, those that run now as well: all together, also where several ran at once. */
export async function secondsOfItem(db: Db, jobId: string, item: string): Promise<number> {
  const { rows } = await sql<{ seconds: number }>`
    SELECT coalesce(sum(extract(epoch FROM coalesce(finished_at, clock_timestamp()) - started_at)), 0)::float8 AS seconds
    FROM task WHERE job_id = ${jobId} AND item = ${item} AND (finished_at IS NOT NULL OR state = 'running')`.execute(
    db,
  );
  return rows[0]?.seconds ?? 0;
}
