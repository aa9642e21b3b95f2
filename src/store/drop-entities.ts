import { sql } from 'kysely';
import { ENTITY_WORDS, type EntityType } from '../model/entity.ts';
import type { Trx } from './database.ts';
import { forgetFingerprints } from './fingerprints.ts';
import { deleteEntities } from './search-notes.ts';

/**
 * Deletes entities, everything below them, and all that is kept about them.
 *
 * The roots and the containers below are locked first, in the order of their fqdn, and what lies below is looked up again
 * after that: whoever was writing below one of them (profiling a file makes its columns) has committed by then. Everybody
 * locks an entity before the rows kept about it, so that nobody waits in a circle.
 *
 * @param roots name of a temporary table with a column `id`; never from outside
 * @returns how many of each type, by word
 */
export async function dropEntities(trx: Trx, roots: string): Promise<Record<string, number>> {
  await sql`CREATE TEMP TABLE entity_drop (id uuid PRIMARY KEY, type text, locked boolean) ON COMMIT DROP`.execute(trx);
  while (await lockMore(trx, roots));
  await sql`ANALYZE entity_drop`.execute(trx);
  const given = sql.raw(roots);
  await forgetFingerprints(trx, sql`SELECT parent_id FROM entity WHERE id IN (SELECT id FROM ${given})`);
  await deleteEntities(trx, sql`id IN (SELECT id FROM entity_drop)`);
  await forgetAbout(trx, 'SELECT id FROM entity_drop');
  const { rows } = await sql<{ type: EntityType; n: number }>`
    SELECT type, count(*) AS n FROM entity_drop GROUP BY type`.execute(trx);
  await sql`DROP TABLE entity_drop`.execute(trx);
  return Object.fromEntries(rows.map((row) => [ENTITY_WORDS[row.type], row.n]));
}

/**
 * Looks up what is to go as it is now, and locks what is not locked yet. Columns below a container need no lock of their own
 * before the deletion: who writes to them holds the container.
 *
 * @returns whether something was locked: while it was waited for, more may have come below
 */
async function lockMore(trx: Trx, roots: string): Promise<boolean> {
  const given = sql.raw(roots);
  await sql`CREATE TEMP TABLE entity_locked ON COMMIT DROP AS SELECT id FROM entity_drop WHERE locked`.execute(trx);
  await sql`TRUNCATE entity_drop`.execute(trx);
  await sql`
    WITH RECURSIVE down AS (
      SELECT e.id, e.type FROM entity e WHERE e.id IN (SELECT id FROM ${given})
      UNION
      SELECT e.id, e.type FROM down d JOIN entity e ON e.parent_id = d.id
    ) INSERT INTO entity_drop SELECT id, type, type <> 'COLUMN' OR id IN (SELECT id FROM ${given}) FROM down`.execute(
    trx,
  );
  const { rows } = await sql<{ n: number }>`
    WITH locked AS MATERIALIZED (
      SELECT e.id FROM entity e
      WHERE e.id IN (SELECT id FROM entity_drop WHERE locked) AND e.id NOT IN (SELECT id FROM entity_locked)
      ORDER BY e.fqdn, e.id FOR UPDATE OF e)
    SELECT count(*)::int AS n FROM locked`.execute(trx);
  await sql`DROP TABLE entity_locked`.execute(trx);
  return (rows[0]?.n ?? 0) > 0;
}

/** Deletes what is kept about entities. @param ids a query that gives their ids; never from outside */
export async function forgetAbout(trx: Trx, ids: string): Promise<void> {
  const which = sql.raw(ids);
  await sql`DELETE FROM entity_attributes WHERE entity_id IN (${which})`.execute(trx);
  await sql`DELETE FROM assertion WHERE entity_id IN (${which})`.execute(trx);
  await sql`DELETE FROM profile WHERE entity_id IN (${which})`.execute(trx);
  await sql`DELETE FROM scan WHERE container_id IN (${which})`.execute(trx);
}
