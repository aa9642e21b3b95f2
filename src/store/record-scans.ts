import { sql } from 'kysely';
import type { Trx } from './database.ts';

/**
 * Says when containers were listed whole, from `harvest_match`. When all below them was listed too, one row above says it for
 * all (`below`): a million columns then cost one row and not a hundred thousand. When not, what such a row said of containers
 * that were left out now is written down for each of them first.
 */
export async function recordScans(
  trx: Trx,
  request: { source: { id: string }; jobId: string; everything: boolean },
): Promise<void> {
  const listed = sql`m.own AND m.covered AND m.type <> 'COLUMN' AND m.type <> 'FILE'`;
  if (!request.everything) await spellOut(trx);
  const topmost = request.everything
    ? sql`AND NOT EXISTS (SELECT 1 FROM harvest_match p WHERE p.id = m.parent_id AND p.own AND p.covered)`
    : sql``;
  await sql`
    INSERT INTO scan (container_id, source_id, scanned_at, job_id, below)
    SELECT m.id, ${request.source.id}, now(), ${request.jobId}, ${request.everything}::boolean FROM harvest_match m
    WHERE ${listed} ${topmost} ORDER BY m.id
    ON CONFLICT (container_id) DO UPDATE SET scanned_at = excluded.scanned_at, job_id = excluded.job_id, below = excluded.below`.execute(
    trx,
  );
}

async function spellOut(trx: Trx): Promise<void> {
  await sql`
    WITH RECURSIVE down AS (
      SELECT s.container_id AS id, s.source_id, s.scanned_at, s.job_id FROM scan s
      JOIN harvest_match m ON m.id = s.container_id AND m.own AND m.covered WHERE s.below
      UNION ALL
      SELECT e.id, d.source_id, d.scanned_at, d.job_id FROM down d
      JOIN entity e ON e.parent_id = d.id AND e.type <> 'COLUMN' AND e.type <> 'FILE'
    )
    INSERT INTO scan (container_id, source_id, scanned_at, job_id)
    SELECT id, min(source_id), max(scanned_at), min(job_id) FROM down GROUP BY id ORDER BY id
    ON CONFLICT (container_id) DO UPDATE SET scanned_at = excluded.scanned_at, job_id = excluded.job_id
    WHERE scan.scanned_at < excluded.scanned_at`.execute(trx);
}
