import { sql } from 'kysely';
import { ENTITY_TYPES, type EntityType } from '../model/entity.ts';
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
  const all = await listBelow(db, others);
  if (all) below.ids = all;
  else if (others.length === 1) below.many = others;
  else
    for (const other of others) {
      const few = await listBelow(db, [other]);
      if (few) below.ids.push(...few);
      else below.many.push(other);
    }
  return below;
}

/**
 * Through the index of fqdns, in whose order the rows lie: by their parents they would be fetched from everywhere.
 *
 * @returns undefined when there are many
 */
async function listBelow(db: Db, roots: readonly { sourceId: string; fqdn: string }[]): Promise<string[] | undefined> {
  if (roots.length === 0) return [];
  const [fqdns, sources] = [roots.map((root) => root.fqdn), roots.map((root) => root.sourceId)];
  // '0' follows '/' in byte order: everything below lies between the two.
  const { rows } = await sql<{ ids: string[] | null }>`
    SELECT CASE WHEN count(*) <= ${MANY} THEN array_agg(id) END AS ids FROM (
      SELECT e.id FROM unnest(${fqdns}::text[], ${sources}::text[]) AS r(fqdn, source_id), LATERAL (
        SELECT id FROM entity WHERE source_id = r.source_id AND fqdn > r.fqdn || '/' AND fqdn < r.fqdn || '0'
        ORDER BY fqdn LIMIT ${MANY + 1}) e
      LIMIT ${MANY + 1}) few HAVING count(*) > 0`.execute(db);
  return rows[0] ? (rows[0].ids ?? undefined) : [];
}

/** Where the children of some entities are to be looked for. */
export interface Crowd {
  sources: string[];
  types: EntityType[];
}

/** @returns undefined when the children of these entities, together, are few */
export async function findCrowd(db: Db, ids: readonly string[]): Promise<Crowd | undefined> {
  const { rows: counted } = await sql<{ n: number }>`
    SELECT count(*) AS n FROM (SELECT 1 FROM entity WHERE parent_id = ANY(${ids}::uuid[]) LIMIT ${MANY + 1}) c`.execute(
    db,
  );
  if ((counted[0]?.n ?? 0) <= MANY) return undefined;
  const { rows } = await sql<{ sourceId: string; types: EntityType[] }>`
    SELECT p.source_id AS "sourceId", array(
      SELECT t.type FROM unnest(${[...ENTITY_TYPES]}::text[]) AS t(type)
      WHERE EXISTS (SELECT 1 FROM entity c WHERE c.parent_id = p.id AND c.type = t.type)) AS types
    FROM entity p WHERE p.id = ANY(${ids}::uuid[])`.execute(db);
  return {
    sources: [...new Set(rows.map((row) => row.sourceId))],
    types: [...new Set(rows.flatMap((row) => row.types))],
  };
}
