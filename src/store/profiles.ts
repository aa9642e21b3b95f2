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
  /** By the source's own estimate; of a file its size. */
  bytes: number | null;
  /** Columns in the catalog; 0 for a file that was not read yet. */
  columnCount: number;
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
      CASE WHEN jsonb_typeof(e.metadata->'stats'->'rows') = 'number' THEN (e.metadata->'stats'->>'rows')::float8 END AS rows,
      CASE WHEN jsonb_typeof(e.metadata->'stats'->'bytes') = 'number' THEN (e.metadata->'stats'->>'bytes')::float8 END AS bytes,
      (SELECT count(*) FROM entity c WHERE c.parent_id = e.id AND c.type = 'COLUMN')::int AS "columnCount"
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

/** Of the tables that have a column of this name: its type in the words of java.sql.Types, '' where the catalog has none. */
export async function listTypesOfColumn(
  db: Db,
  tableIds: readonly string[],
  name: string,
): Promise<Map<string, string>> {
  const { rows } = await sql<{ id: string; type: string }>`
    SELECT parent_id AS id, coalesce(metadata->'column'->>'sqlDataType', '') AS type FROM entity
    WHERE parent_id = ANY(${[...tableIds]}::uuid[]) AND type = 'COLUMN' AND name = ${name}`.execute(db);
  return new Map(rows.map(({ id, type }) => [id, type]));
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

/** PostgreSQL takes 65,535 parameters a statement; a row has eight. */
const ROWS_PER_INSERT = 1_000;

export interface NewProfile {
  entityId: string;
  basis: object;
  body: object;
}

/**
 * Stores profiles of a table and of its columns as the current ones, each for itself: of two jobs that profile the same
 * entity the one that was accepted later wins, whichever ends first, and jobs for different columns do not touch each other.
 * Earlier profiles stay until the purge, which knows how many are to be kept.
 *
 * @returns the ids of the entities whose profile was stored; for the others a later job's is there already
 */
export async function storeProfiles(
  trx: Trx,
  table: { id: string; sourceId: string },
  job: { id: string; seq: number },
  profiles: readonly NewProfile[],
): Promise<Set<string>> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${table.id}, 7001))`.execute(trx);
  const ids = profiles.map(({ entityId }) => entityId);
  const { rows: later } = await sql<{ id: string }>`
    SELECT entity_id AS id FROM profile
    WHERE entity_id = ANY(${ids}::uuid[]) AND current AND job_seq > ${job.seq}`.execute(trx);
  const superseded = new Set(later.map(({ id }) => id));
  const mine = profiles.filter(({ entityId }) => !superseded.has(entityId));
  const stored = new Set(mine.map(({ entityId }) => entityId));
  await sql`UPDATE profile SET current = false WHERE entity_id = ANY(${[...stored]}::uuid[]) AND current`.execute(trx);
  for (let from = 0; from < mine.length; from += ROWS_PER_INSERT) {
    await trx
      .insertInto('profile')
      .values(
        mine.slice(from, from + ROWS_PER_INSERT).map(({ entityId, basis, body }) => ({
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
  return stored;
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
