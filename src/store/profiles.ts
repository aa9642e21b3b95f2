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
export async function listColumns(db: Db | Trx, tableId: string): Promise<{ id: string; name: string }[]> {
  return db
    .selectFrom('entity')
    .select(['id', 'name'])
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

/** A table whose profile is about to be stored. */
export interface HeldTable {
  id: string;
  sourceId: string;
  rootId: string;
  fqdn: string;
  metadata: Record<string, unknown>;
}

/**
 * Tables, files and views, which stay until the transaction ends, locked in the order of their fqdn as everywhere. Locked at once as
 * strongly as they will be needed: two that first share a file and then both want it alone wait for ever.
 *
 * @param alone their columns are going to be made and deleted
 */
export async function holdTables(
  trx: Trx,
  tables: readonly { id: string; alone: boolean }[],
): Promise<Map<string, HeldTable>> {
  const held = new Map<string, HeldTable>();
  for (const [alone, lock] of [
    [true, sql`FOR UPDATE`],
    [false, sql`FOR KEY SHARE`],
  ] as const) {
    const ids = tables.filter((table) => table.alone === alone).map(({ id }) => id);
    if (ids.length === 0) continue;
    const { rows } = await sql<HeldTable>`
      SELECT id, source_id AS "sourceId", root_id AS "rootId", fqdn, metadata FROM entity
      WHERE id = ANY(${ids}::uuid[]) ORDER BY fqdn, id ${lock}`.execute(trx);
    for (const row of rows) held.set(row.id, row);
  }
  return held;
}

/**
 * The ids of the columns of these tables by their names, by table. They stay until the transaction ends: an ingest that drops one waits,
 * and then forgets its profile too.
 */
export const holdColumns = (trx: Trx, tableIds: readonly string[]): Promise<Map<string, Map<string, string>>> =>
  columnIds(trx, tableIds, sql`FOR KEY SHARE`);

/** The same, not held: for who holds the tables alone. */
export async function columnIds(
  trx: Trx,
  tableIds: readonly string[],
  lock = sql``,
): Promise<Map<string, Map<string, string>>> {
  const byTable = new Map<string, Map<string, string>>(tableIds.map((id) => [id, new Map()]));
  if (tableIds.length === 0) return byTable;
  const { rows } = await sql<{ id: string; name: string; tableId: string }>`
    SELECT id, name, parent_id AS "tableId" FROM entity
    WHERE parent_id = ANY(${[...tableIds]}::uuid[]) AND type = 'COLUMN' ORDER BY fqdn, id ${lock}`.execute(trx);
  for (const { id, name, tableId } of rows) byTable.get(tableId)?.set(name, id);
  return byTable;
}

/** So many rows are sent at once: of a wide table they take megabytes. */
const ROWS_PER_INSERT = 1_000;

export interface NewProfile {
  tableId: string;
  sourceId: string;
  entityId: string;
  /** JSON. */
  basis: string;
  body: string;
}

export interface StoredProfiles {
  /** The id of each profile that was stored, by its entity; for the others a later job's is there already. */
  ids: Map<string, number>;
  /** Entities among them that had one before. */
  replaced: string[];
}

/**
 * Stores profiles of tables and of their columns as the current ones, each for itself: of two jobs that profile the same
 * entity the one that was accepted later wins, whichever ends first, and jobs for different columns do not touch each other.
 * Earlier profiles stay until the purge, which knows how many are to be kept.
 */
export async function storeProfiles(
  trx: Trx,
  job: { id: string; seq: number },
  profiles: readonly NewProfile[],
): Promise<StoredProfiles> {
  const tables = [...new Set(profiles.map(({ tableId }) => tableId))];
  await sql`SELECT pg_advisory_xact_lock(key) FROM (
    SELECT DISTINCT hashtextextended(id, 7001) AS key FROM unnest(${tables}::text[]) AS id ORDER BY 1) AS keys`.execute(
    trx,
  );
  const { rows: current } = await sql<{ id: string; later: boolean }>`
    SELECT entity_id AS id, job_seq > ${job.seq} AS later FROM profile
    WHERE entity_id = ANY(${profiles.map(({ entityId }) => entityId)}::uuid[]) AND current`.execute(trx);
  const superseded = new Set(current.filter(({ later }) => later).map(({ id }) => id));
  const replaced = current.filter(({ later }) => !later).map(({ id }) => id);
  if (replaced.length > 0)
    await sql`UPDATE profile SET current = false WHERE entity_id = ANY(${replaced}::uuid[]) AND current`.execute(trx);
  const mine = profiles.filter(({ entityId }) => !superseded.has(entityId));
  const ids = new Map<string, number>();
  for (let from = 0; from < mine.length; from += ROWS_PER_INSERT) {
    const { rows } = await sql<{ id: number; entityId: string }>`
      INSERT INTO profile (entity_id, table_id, source_id, job_id, job_seq, basis, body)
      SELECT entity_id, table_id, source_id, ${job.id}, ${job.seq}, basis, body
      FROM json_to_recordset(${toRecords(mine.slice(from, from + ROWS_PER_INSERT))})
        AS new(entity_id uuid, table_id uuid, source_id text, basis jsonb, body jsonb)
      RETURNING id, entity_id AS "entityId"`.execute(trx);
    for (const { id, entityId } of rows) ids.set(entityId, id);
  }
  return { ids, replaced };
}

/** What is JSON already is not written a second time. */
const toRecords = (profiles: readonly NewProfile[]): string =>
  `[${profiles
    .map(
      ({ entityId, tableId, sourceId, basis, body }) =>
        `{"entity_id":"${entityId}","table_id":"${tableId}","source_id":${JSON.stringify(sourceId)},"basis":${basis},"body":${body}}`,
    )
    .join(',')}]`;

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
