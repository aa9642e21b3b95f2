import { sql } from 'kysely';
import type { Db } from './database.ts';

/** More children, or more below, than a page should have to fetch and sort: about 20 ms. */
const MANY = 5_000;

/** What lies below some entities, in the form in which it costs least to test for. */
export interface Below {
  /** Sources of which everything is meant. */
  sources: string[];
  /** Containers below which there is much: told by their fqdn. */
  many: { sourceId: string; fqdn: string }[];
  /** What lies below the others. */
  ids: string[];
}

/** Below the root of a data source lies everything of that source; below anything else what its children lead to. */
export async function findBelow(db: Db, ids: readonly string[]): Promise<Below> {
  const { rows } = await sql<{ id: string; sourceId: string; fqdn: string; isRoot: boolean }>`
    SELECT id, source_id AS "sourceId", fqdn, parent_id IS NULL AS "isRoot" FROM entity WHERE id = ANY(${ids}::uuid[])`.execute(
    db,
  );
  const below: Below = { sources: rows.filter((row) => row.isRoot).map((row) => row.sourceId), many: [], ids: [] };
  const others = rows.filter((row) => !row.isRoot);
  const all = await listBelow(
    db,
    others.map((row) => row.id),
  );
  if (all) below.ids = all;
  else
    for (const other of others) {
      const few = await listBelow(db, [other.id]);
      if (few) below.ids.push(...few);
      else below.many.push(other);
    }
  return below;
}

/** @returns undefined when there are many */
async function listBelow(db: Db, ids: readonly string[]): Promise<string[] | undefined> {
  const { rows } = await sql<{ id: string }>`
    WITH RECURSIVE down AS (
      SELECT id, type FROM entity WHERE parent_id = ANY(${ids}::uuid[])
      UNION ALL SELECT c.id, c.type FROM down d, LATERAL (
        SELECT id, type FROM entity WHERE parent_id = d.id AND d.type <> 'COLUMN' OFFSET 0) c
    ) SELECT id FROM down LIMIT ${MANY + 1}`.execute(db);
  return rows.length > MANY ? undefined : rows.map((row) => row.id);
}

/** Whether some entities have many children together. */
export async function findCrowded(db: Db, ids: readonly string[]): Promise<boolean> {
  const { rows } = await sql<{ n: number }>`
    SELECT count(*) AS n FROM (SELECT 1 FROM entity WHERE parent_id = ANY(${ids}::uuid[]) LIMIT ${MANY + 1}) c`.execute(
    db,
  );
  return (rows[0]?.n ?? 0) > MANY;
}
