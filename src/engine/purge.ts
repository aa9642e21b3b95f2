import { sql } from 'kysely';
import type { Db } from '../store/database.ts';

export interface Retention {
  eventDays: number;
  jobDays: number;
  /** Profiles kept per entity. */
  profiles: number;
}

/** Rows per transaction: small enough to stay out of everyone's way. */
const BATCH = 5_000;
const LOCK = 0x61_73_73_70; // 'assp'

/**
 * Deletes what is older than its retention, in bounded batches; the audit log is kept for ever. One process at a time: who
 * does not get the lock has nothing to do.
 *
 * @returns rows deleted by what they were; also added to `purge_count` for the metrics
 */
export async function purge(db: Db, retention: Retention): Promise<Record<string, number>> {
  const oldProfiles = sql`SELECT id FROM (
      SELECT id, row_number() OVER (PARTITION BY entity_id ORDER BY id DESC) AS age FROM profile
    ) aged WHERE age > ${retention.profiles} LIMIT ${BATCH}`;
  const statements = {
    events: sql`DELETE FROM job_event WHERE (job_id, seq) IN (
      SELECT e.job_id, e.seq FROM job_event e JOIN job j ON j.id = e.job_id
      WHERE j.finished_at < now() - make_interval(days => ${retention.eventDays})
        AND e.at < now() - make_interval(days => ${retention.eventDays}) LIMIT ${BATCH})`,
    // Children first: a job with a million tasks must not be one transaction.
    tasks: sql`DELETE FROM task WHERE id IN (SELECT t.id FROM task t JOIN job j ON j.id = t.job_id
      WHERE j.finished_at < now() - make_interval(days => ${retention.jobDays}) LIMIT ${BATCH})`,
    eventsOfJobs: sql`DELETE FROM job_event WHERE (job_id, seq) IN (SELECT e.job_id, e.seq FROM job_event e JOIN job j ON j.id = e.job_id
      WHERE j.finished_at < now() - make_interval(days => ${retention.jobDays}) LIMIT ${BATCH})`,
    jobs: sql`DELETE FROM job WHERE id IN (
      SELECT id FROM job WHERE finished_at < now() - make_interval(days => ${retention.jobDays}) LIMIT ${BATCH})`,
    profiles: sql`DELETE FROM profile WHERE id IN (${oldProfiles})`,
    workers: sql`DELETE FROM worker WHERE id IN (SELECT id FROM worker WHERE heartbeat_at < now() - interval '1 day' LIMIT ${BATCH})`,
    idempotency: sql`DELETE FROM idempotency WHERE ctid = ANY(ARRAY(
      SELECT ctid FROM idempotency WHERE created_at < now() - interval '1 day' LIMIT ${BATCH}))`,
    refreshTokens: sql`DELETE FROM refresh_token WHERE hash IN (SELECT hash FROM refresh_token WHERE expires_at < now() LIMIT ${BATCH})`,
  };
  const deleted: Record<string, number> = {};
  for (const [what, statement] of Object.entries(statements)) {
    for (let full = true; full; ) {
      const rows = await db.transaction().execute(async (trx) => {
        const lock = await sql<{ free: boolean }>`SELECT pg_try_advisory_xact_lock(${LOCK}) AS free`.execute(trx);
        if (!lock.rows[0]?.free) return 0;
        const result = await statement.execute(trx);
        const count = Number(result.numAffectedRows ?? 0n);
        if (count > 0) {
          await sql`INSERT INTO purge_count (what, rows) VALUES (${what}, ${count})
            ON CONFLICT (what) DO UPDATE SET rows = purge_count.rows + excluded.rows`.execute(trx);
        }
        return count;
      });
      deleted[what] = (deleted[what] ?? 0) + rows;
      full = rows >= BATCH;
    }
  }
  return deleted;
}
