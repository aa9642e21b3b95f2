import { sql } from 'kysely';
import type { Effects } from '../model/job-status.ts';
import type { Trx } from './database.ts';

/** What statements select and join by. The rest, JSON above all, costs three times as much to sample. */
const PLANNED_BY = 'id, source_id, parent_id, type, name, fqdn';

/** After a merge that made or took away much, the planner must know before the next job runs; autovacuum comes a minute later. */
export async function refreshStatistics(trx: Trx, effects: Effects): Promise<void> {
  const moved = [effects.created, effects.deleted]
    .flatMap((counts) => Object.values(counts))
    .reduce((a, b) => a + b, 0);
  const { rows } = await sql<{
    known: number;
  }>`SELECT reltuples::bigint AS known FROM pg_class WHERE oid = 'entity'::regclass`.execute(trx);
  if (moved > Math.max(1_000, 0.1 * (rows[0]?.known ?? 0)))
    await sql`ANALYZE entity (${sql.raw(PLANNED_BY)})`.execute(trx);
}
