import { sql } from 'kysely';
import type { EntityType } from '../model/entity.ts';
import type { Db, Trx } from './database.ts';

/** A table-like entity that profiling may work on. */
export interface ProfileTarget {
  id: string;
  type: EntityType;
  name: string;
  /** `/public/customer`. */
  place: string;
  sourceId: string;
  affinityId: string;
  /** Rows by the source's own estimate; null when it has none. */
  rows: number | null;
  /** Columns asked for by id; null means all. */
  columnIds: string[] | null;
  profiledAt: Date | null;
}

/** Entities of a scope → the tables, views and files they stand for, each once, in the order of their places. */
export async function listProfileTargets(db: Db, scopeIds: readonly string[]): Promise<ProfileTarget[]> {
  const { rows } = await sql<ProfileTarget>`
    WITH RECURSIVE wanted AS (SELECT DISTINCT unnest(${[...scopeIds]}::uuid[]) AS id),
    down AS (
      SELECT e.id, e.type FROM entity e JOIN wanted w ON w.id = e.id WHERE e.type <> 'COLUMN'
      UNION
      SELECT e.id, e.type FROM down d JOIN entity e ON e.parent_id = d.id
      WHERE d.type NOT IN ('TABLE', 'VIEW', 'FILE') AND e.type <> 'COLUMN'
    ), target AS (
      SELECT id, NULL::uuid[] AS columns FROM down WHERE type IN ('TABLE', 'VIEW', 'FILE')
      UNION ALL
      SELECT e.parent_id, array_agg(e.id ORDER BY e.ordinal, e.id) FROM entity e JOIN wanted w ON w.id = e.id
      WHERE e.type = 'COLUMN' AND NOT EXISTS (SELECT 1 FROM down d WHERE d.id = e.parent_id) GROUP BY e.parent_id
    )
    SELECT e.id, e.type, e.name, substr(e.fqdn, length(s.fqdn_id) + 1) AS place, e.source_id AS "sourceId",
      s.affinity_id AS "affinityId", t.columns::text[] AS "columnIds", p.profiled_at AS "profiledAt",
      CASE WHEN jsonb_typeof(e.metadata->'stats'->'rows') = 'number' THEN (e.metadata->'stats'->>'rows')::float8 END AS rows
    FROM target t JOIN entity e ON e.id = t.id JOIN data_source s ON s.id = e.source_id
    LEFT JOIN profile p ON p.entity_id = e.id AND p.current
    ORDER BY e.source_id, e.fqdn`.execute(db);
  return rows;
}

/** The columns of a table in the catalog. */
export async function listColumns(
  db: Db | Trx,
  tableId: string,
): Promise<{ id: string; name: string; ordinal: number; metadata: Record<string, unknown> }[]> {
  return db
    .selectFrom('entity')
    .select(['id', 'name', 'ordinal', 'metadata'])
    .where('parent_id', '=', tableId)
    .where('type', '=', 'COLUMN')
    .orderBy('ordinal')
    .orderBy('id')
    .execute();
}

/** The columns of a table, which stay until the transaction ends: an ingest that drops one waits, and then forgets its profile too. */
export async function holdColumns(trx: Trx, tableId: string): Promise<{ id: string; name: string }[]> {
  return trx
    .selectFrom('entity')
    .select(['id', 'name'])
    .where('parent_id', '=', tableId)
    .where('type', '=', 'COLUMN')
    .orderBy('fqdn')
    .orderBy('id')
    .forKeyShare()
    .execute();
}

/** So many profiles of an entity are kept, the current one included. */
export const KEPT_PROFILES = 10;

/** PostgreSQL takes 65,535 parameters a statement; a row has eight. */
const ROWS_PER_INSERT = 1_000;

export interface NewProfile {
  entityId: string;
  basis: object;
  body: object;
}

/**
 * Stores the profiles of a table and its columns as the current ones, and forgets those before the last ten. Of two jobs
 * that profile the same table the one that was accepted later wins whole, whichever ends first.
 *
 * @returns false when a later job's profile is there already: then nothing was written
 */
export async function storeProfiles(
  trx: Trx,
  table: { id: string; sourceId: string },
  job: { id: string; seq: number },
  profiles: readonly NewProfile[],
): Promise<boolean> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${table.id}, 7001))`.execute(trx);
  const ids = profiles.map(({ entityId }) => entityId);
  const { rows: later } = await sql`
    SELECT 1 FROM profile WHERE entity_id = ANY(${ids}::uuid[]) AND current AND job_seq > ${job.seq} LIMIT 1`.execute(
    trx,
  );
  if (later.length > 0) return false;
  await sql`UPDATE profile SET current = false WHERE entity_id = ANY(${ids}::uuid[]) AND current`.execute(trx);
  for (let from = 0; from < profiles.length; from += ROWS_PER_INSERT) {
    await trx
      .insertInto('profile')
      .values(
        profiles.slice(from, from + ROWS_PER_INSERT).map(({ entityId, basis, body }) => ({
          entity_id: entityId,
          table_id: table.id,
          source_id: table.sourceId,
          job_id: job.id,
          job_seq: job.seq,
          basis: JSON.stringify(basis),
          body: JSON.stringify(body),
        })),
      )
      .execute();
  }
  await sql`
    DELETE FROM profile WHERE id IN (
      SELECT id FROM (
        SELECT id, row_number() OVER (PARTITION BY entity_id ORDER BY current DESC, id DESC) AS age
        FROM profile WHERE entity_id = ANY(${ids}::uuid[])) aged
      WHERE age > ${KEPT_PROFILES})`.execute(trx);
  return true;
}

export interface CurrentProfile {
  entityId: string;
  tableId: string;
  jobId: string;
  profiledAt: Date;
  basis: Record<string, unknown>;
  body: Record<string, unknown>;
}

/** The current profiles of these entities, those that have one. */
export async function listCurrentProfiles(db: Db, entityIds: readonly string[]): Promise<CurrentProfile[]> {
  const { rows } = await sql<CurrentProfile>`
    SELECT entity_id AS "entityId", table_id AS "tableId", job_id AS "jobId", profiled_at AS "profiledAt", basis, body
    FROM profile WHERE entity_id = ANY(${[...entityIds]}::uuid[]) AND current`.execute(db);
  return rows;
}
