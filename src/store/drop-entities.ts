import { sql } from 'kysely';
import { ENTITY_WORDS, type EntityType } from '../model/entity.ts';
import type { Trx } from './database.ts';

/**
 * Deletes entities, everything below them, and all that is kept about them.
 *
 * @param roots name of a temporary table with a column `id`; never from outside
 * @returns how many of each type, by word
 */
export async function dropEntities(trx: Trx, roots: string): Promise<Record<string, number>> {
  await sql`
    CREATE TEMP TABLE entity_drop ON COMMIT DROP AS
    WITH RECURSIVE down AS (
      SELECT e.id, e.type FROM entity e WHERE e.id IN (SELECT id FROM ${sql.raw(roots)})
      UNION
      SELECT e.id, e.type FROM down d JOIN entity e ON e.parent_id = d.id
    ) SELECT id, type FROM down`.execute(trx);
  await sql`ANALYZE entity_drop`.execute(trx);
  await forgetAbout(trx, 'SELECT id FROM entity_drop');
  await sql`DELETE FROM entity WHERE id IN (SELECT id FROM entity_drop)`.execute(trx);
  const { rows } = await sql<{ type: EntityType; n: number }>`
    SELECT type, count(*) AS n FROM entity_drop GROUP BY type`.execute(trx);
  await sql`DROP TABLE entity_drop`.execute(trx);
  return Object.fromEntries(rows.map((row) => [ENTITY_WORDS[row.type], row.n]));
}

/** Deletes what is kept about entities. @param ids a query that gives their ids; never from outside */
export async function forgetAbout(trx: Trx, ids: string): Promise<void> {
  const which = sql.raw(ids);
  await sql`DELETE FROM entity_attributes WHERE entity_id IN (${which})`.execute(trx);
  await sql`DELETE FROM assertion WHERE entity_id IN (${which})`.execute(trx);
  await sql`DELETE FROM profile WHERE entity_id IN (${which})`.execute(trx);
  await sql`DELETE FROM scan WHERE container_id IN (${which})`.execute(trx);
}
