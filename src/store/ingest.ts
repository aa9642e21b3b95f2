import type { Readable } from 'node:stream';
import { sql } from 'kysely';
import { AssayError } from '../errors/assay-error.ts';
import { ENTITY_WORDS, type EntityType } from '../model/entity.ts';
import { type Effects, noEffects } from '../model/job-status.ts';
import { boundLockWait } from './bound-waits.ts';
import { copyInto } from './copy-into.ts';
import { isLeaving } from './data-sources.ts';
import type { Trx } from './database.ts';
import { dropEntities } from './drop-entities.ts';
import { loadListing } from './load-listing.ts';
import { recordScans } from './record-scans.ts';
import { refreshStatistics } from './refresh-statistics.ts';
import { deleteEntities, withOwnNotes } from './search-notes.ts';

/** Columns of a staged listing, in the order of the copied lines. */
const STAGE_COLUMNS = [
  ...['seq', 'depth', 'own', 'type', 'name', 'segment', 'parent_place', 'ordinal', 'metadata', 'fingerprint'],
];

/** COPY lines of a listing. A table without metadata is known to be, with its columns, what its fingerprint says. */
export interface Listing {
  read(): Promise<Readable>;
  /** How many tables came without metadata and columns, and how many columns they have. */
  kept: number;
  keptColumns: number;
}

/** An entity that a listing no longer shows, or one below it. */
export interface VanishedEntity {
  id: string;
  parentId: string;
  type: EntityType;
  /** `/public/customer` */
  place: string;
}

export interface MergeRequest {
  jobId: string;
  source: { id: string; fqdnId: string };
  /** The RESOURCE. */
  rootId: string;
  /** With a database, a complete root says which schemas there are; with files, all that is below it. */
  shape: 'database' | 'files';
  /** Whether this run asked for everything below the root (files) or only for units below it (databases). */
  ownsRoot: boolean;
  /** Entities that may go though their parent was not asked for. */
  targetIds: readonly string[];
  /** Places that were listed to their end, and places whose listing broke or that were not looked into. */
  complete: readonly string[];
  failed: readonly string[];
  /** A new schema with nothing in it is not created: the filters want nothing of it. */
  dropBareSchemas: boolean;
  /** Given when filters hide things: which of these may go. Absent: all. */
  chooseVanished?(vanished: readonly VanishedEntity[]): string[];
}

/** 0.1: estimates of rows and bytes drift with every ANALYZE of the source; below a tenth they are not news. */
const STATS_DRIFT = 0.1;

/** RFC 9562 version 7, made by the database: PostgreSQL has `uuidv7()` only from 18 on. */
const UUID_V7 = sql.raw(`encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) placing
  substring(int8send(floor(extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid`);

/**
 * Brings the catalog to what a listing shows, in a few statements over all rows: inserts what is new, updates what changed,
 * deletes what a complete listing no longer shows. What did not change is not touched, so that it costs nothing and nobody
 * has to look at it again. Identity is (parent, type, name): the same name as another type is a new object.
 *
 * @param listing COPY lines of `STAGE_COLUMNS`, parents before their children
 * @throws what the driver throws, `lock_not_available` when others hold the same rows for a minute
 */
export async function mergeListing(trx: Trx, listing: Listing, request: MergeRequest): Promise<Effects> {
  await boundLockWait(trx);
  const loaded = await loadListing(trx, listing, request);
  if (loaded) {
    await refreshStatistics(trx, loaded);
    return loaded;
  }
  const depths = await stage(trx, listing, request);
  for (const depth of depths) await mergeLevel(trx, depth, request);
  await requireKept(trx, listing.kept);
  if (request.dropBareSchemas) {
    const { rows: bare } = await sql<{ id: string }>`
      DELETE FROM harvest_match m WHERE type = 'SCHEMA' AND change = 'new'
        AND NOT EXISTS (SELECT 1 FROM harvest_match c WHERE c.parent_id = m.id) RETURNING id`.execute(trx);
    if (bare.length > 0) await deleteEntities(trx, sql`id = ANY(${bare.map(({ id }) => id)}::uuid[])`);
  }
  const effects = noEffects();
  effects.deleted = await dropVanished(trx, request);
  await rememberTables(trx, request);
  await recordScans(trx, { ...request, everything: request.failed.length === 0 && !request.chooseVanished });
  await countMatches(trx, effects);
  if (listing.keptColumns > 0) effects.unchanged.columns = (effects.unchanged.columns ?? 0) + listing.keptColumns;
  await refreshStatistics(trx, effects);
  return effects;
}

/** @throws CONFLICT when the source is gone or going; the row stays locked, so that a removal waits for this transaction */
export async function holdSource(trx: Trx, sourceId: string): Promise<void> {
  const { rows } = await sql<{ removal_job_id: string | null; leaving: boolean }>`
    SELECT s.removal_job_id, ${isLeaving('s')} AS leaving FROM data_source s WHERE s.id = ${sourceId} FOR SHARE OF s`.execute(
    trx,
  );
  const row = rows[0];
  if (!row) throw new AssayError('CONFLICT', `data source ${sourceId} was removed in the meantime; nothing was stored`);
  if (!row.leaving) return;
  throw new AssayError(
    'CONFLICT',
    `data source ${sourceId} is being removed by job ${row.removal_job_id}; nothing was stored`,
  );
}

async function stage(trx: Trx, listing: Listing, request: MergeRequest): Promise<number[]> {
  // Enough for the hash joins of a million rows without many batches on disk; given back when the transaction ends.
  await sql`SET LOCAL work_mem = '64MB'`.execute(trx);
  await sql`
    CREATE TEMP TABLE harvest_stage (seq integer, depth integer, own boolean, type text, name text COLLATE "C",
      segment text COLLATE "C", parent_place text COLLATE "C", ordinal integer, metadata jsonb, fingerprint uuid) ON COMMIT DROP`.execute(
    trx,
  );
  await sql`
    CREATE TEMP TABLE harvest_proof (place text COLLATE "C", failed boolean, complete boolean) ON COMMIT DROP`.execute(
    trx,
  );
  await sql`
    CREATE TEMP TABLE harvest_match (seq integer, depth integer, id uuid, parent_id uuid, type text, place text COLLATE "C",
      own boolean, existing boolean, change text, covered boolean, kept boolean) ON COMMIT DROP`.execute(trx);
  await copyInto(trx, 'harvest_stage', STAGE_COLUMNS, await listing.read());
  await sql`
    INSERT INTO harvest_proof SELECT place, bool_or(failed), bool_or(NOT failed) FROM (
      SELECT unnest(${[...request.complete]}::text[]) AS place, false AS failed
      UNION ALL SELECT unnest(${[...request.failed]}::text[]), true) p GROUP BY place`.execute(trx);
  await sql`ANALYZE harvest_stage (seq, depth, type, name, parent_place)`.execute(trx);
  await sql`ANALYZE harvest_proof`.execute(trx);
  // A listing that shows a name twice (names that became equal when characters were replaced, a folder that moved while it
  // was read) must not break the unique key: the first one counts.
  await sql`
    DELETE FROM harvest_stage s USING (
      SELECT type, parent_place, name, min(seq) AS first FROM harvest_stage GROUP BY type, parent_place, name HAVING count(*) > 1) d
    WHERE s.type = d.type AND s.parent_place = d.parent_place AND s.name = d.name AND s.seq > d.first`.execute(trx);
  await sql`
    INSERT INTO harvest_match
    SELECT 0, 0, ${request.rootId}::uuid, NULL, 'RESOURCE', '', ${request.ownsRoot}::boolean, true, 'root',
      coalesce((SELECT complete AND NOT failed FROM harvest_proof WHERE place = ''), false), false`.execute(trx);
  const { rows: depths } = await sql<{
    depth: number;
  }>`SELECT DISTINCT depth FROM harvest_stage ORDER BY depth`.execute(trx);
  return depths.map((row) => row.depth);
}

/**
 * Finds the known entity of each staged object of a level, inserts those that are new and updates those that changed, in one
 * statement: what it found is kept in a file of the server rather than joined again, and rows go into the indexes in the order
 * of the listing. The join repeats the unique key: without it a planner that has no statistics of `entity` walks all entities of
 * the source for each object (100,000 columns took 171 s in place of 5).
 */
async function mergeLevel(trx: Trx, depth: number, request: MergeRequest): Promise<void> {
  const inherited = depth === 1 && request.shape === 'database' ? sql`false` : sql`p.covered`;
  const merge = sql`
    WITH found AS MATERIALIZED (
      SELECT s.seq, coalesce(e.id, ${UUID_V7}) AS id, p.id AS parent_id, s.type, s.name, s.place, s.own, e.id IS NOT NULL AS existing,
        CASE WHEN e.id IS NULL THEN 'new' WHEN NOT s.own THEN 'context' WHEN s.metadata IS NULL THEN 'same'
          WHEN e.ordinal <> s.ordinal OR e.metadata - 'stats' <> s.metadata - 'stats'
            OR (e.metadata->'stats' IS DISTINCT FROM s.metadata->'stats' AND ${statsMoved()}) THEN 'changed'
          ELSE 'same' END AS change,
        coalesce(NOT f.failed AND (f.complete OR ${inherited}), ${inherited}) AS covered, s.ordinal, s.metadata, s.fingerprint
      FROM (SELECT *, parent_place || '/' || coalesce(segment, name) AS place FROM harvest_stage WHERE depth = ${depth}) s
      JOIN harvest_match p ON p.depth = ${depth - 1} AND p.place = s.parent_place
      LEFT JOIN entity e ON p.existing AND e.parent_id = p.id AND e.type = s.type AND e.name = s.name
      LEFT JOIN harvest_proof f ON f.place = s.place
      WHERE CASE WHEN s.metadata IS NULL THEN e.fingerprint = s.fingerprint ELSE s.own OR e.id IS NOT NULL END
    ), made AS (
      INSERT INTO entity (id, source_id, parent_id, root_id, type, name, fqdn, ordinal, metadata, changed_by_job, fingerprint)
      SELECT id, ${request.source.id}, parent_id, ${request.rootId}::uuid, type, name, ${request.source.fqdnId}::text || place,
        ordinal, metadata, ${request.jobId}, ${proven(request)} FROM found WHERE change = 'new'
    ), noted AS (
      INSERT INTO search_change (name, type, source_id, n, profiled)
      SELECT name, type, ${request.source.id}, count(*), 0 FROM found WHERE change = 'new' GROUP BY 1, 2
    ), updated AS (
      UPDATE entity e SET metadata = found.metadata, ordinal = found.ordinal, changed_by_job = ${request.jobId}, updated_at = now(),
        fingerprint = ${proven(request)}
      FROM found WHERE found.change = 'changed' AND e.id = found.id
    )
    INSERT INTO harvest_match
    SELECT seq, ${depth}::integer, id, parent_id, type, place, own, existing, change, covered, metadata IS NULL FROM found`;
  await withOwnNotes(trx, () => merge.execute(trx));
  await sql`ANALYZE harvest_match`.execute(trx);
}

/** The fingerprint of a row of `found`, when its listing proves that the table is stored exactly as it was shown. */
function proven(request: MergeRequest) {
  const doubtful = [...new Set(request.failed.flatMap(withPlacesAbove))];
  return sql`CASE WHEN found.own AND found.covered AND found.place <> ALL(${doubtful}::text[]) THEN found.fingerprint END`;
}

/** @throws STORE_FAILED, upon which the task is tried again, when a table that was to be kept is not what it was any more */
async function requireKept(trx: Trx, wanted: number): Promise<void> {
  if (wanted === 0) return;
  const { rows } = await sql<{ n: number }>`SELECT count(*) AS n FROM harvest_match WHERE kept`.execute(trx);
  if (rows[0]?.n === wanted) return;
  throw new AssayError('STORE_FAILED', 'the catalog was changed while the source was listed; it is listed again');
}

/** Notes how the tables look whose columns changed and not they themselves, and forgets it of those that were not listed whole. */
async function rememberTables(trx: Trx, request: MergeRequest): Promise<void> {
  await sql`
    WITH found AS (
      SELECT m.id, m.place, m.own, m.covered, s.fingerprint FROM harvest_match m JOIN harvest_stage s ON s.seq = m.seq
      WHERE m.type IN ('TABLE', 'VIEW') AND m.existing AND NOT m.kept)
    UPDATE entity e SET fingerprint = ${proven(request)} FROM found
    WHERE e.id = found.id AND e.fingerprint IS DISTINCT FROM ${proven(request)}`.execute(trx);
}

/** True when a figure came, went, is no number, or drifted by more than a tenth. */
function statsMoved() {
  return sql`EXISTS (
    SELECT 1 FROM jsonb_each(coalesce(e.metadata->'stats', '{}')) a FULL JOIN jsonb_each(coalesce(s.metadata->'stats', '{}')) b USING (key)
    WHERE a.value IS DISTINCT FROM b.value AND CASE
      WHEN jsonb_typeof(a.value) = 'number' AND jsonb_typeof(b.value) = 'number'
      THEN abs((a.value#>>'{}')::numeric - (b.value#>>'{}')::numeric) > ${STATS_DRIFT}::numeric * abs((a.value#>>'{}')::numeric)
      ELSE true END)`;
}

/** Deletes what a complete, error-free listing of its parent does not show, with everything below it. */
async function dropVanished(trx: Trx, request: MergeRequest): Promise<Record<string, number>> {
  await sql`
    CREATE TEMP TABLE harvest_gone ON COMMIT DROP AS
    SELECT e.id, e.type, e.fqdn FROM harvest_match p JOIN entity e ON e.parent_id = p.id
    WHERE p.existing AND p.covered AND NOT p.kept AND (p.own OR e.id = ANY(${[...request.targetIds]}::uuid[]))
      AND NOT (e.type = 'COLUMN' AND p.type = 'FILE')
      AND NOT EXISTS (SELECT 1 FROM harvest_match m WHERE m.id = e.id)`.execute(trx);
  const above = [...new Set(request.failed.flatMap(withPlacesAbove))].map((place) => request.source.fqdnId + place);
  if (above.length > 0) await sql`DELETE FROM harvest_gone WHERE fqdn = ANY(${above}::text[])`.execute(trx);
  if (request.chooseVanished) await keepHidden(trx, request);
  const { rows } = await sql<{ any: boolean }>`SELECT EXISTS (SELECT 1 FROM harvest_gone) AS any`.execute(trx);
  return rows[0]?.any ? dropEntities(trx, 'harvest_gone') : {};
}

async function keepHidden(trx: Trx, request: MergeRequest): Promise<void> {
  const { rows } = await sql<{ id: string; parent_id: string; type: EntityType; fqdn: string }>`
    WITH RECURSIVE down AS (
      SELECT e.id, e.parent_id, e.type, e.fqdn FROM entity e JOIN harvest_gone g ON g.id = e.id
      UNION ALL
      SELECT e.id, e.parent_id, e.type, e.fqdn FROM down d JOIN entity e ON e.parent_id = d.id AND e.type <> 'COLUMN'
    ) SELECT * FROM down`.execute(trx);
  const vanished = rows.map((row) => ({
    id: row.id,
    parentId: row.parent_id,
    type: row.type,
    place: row.fqdn.slice(request.source.fqdnId.length),
  }));
  const chosen = request.chooseVanished?.(vanished) ?? [];
  await sql`DELETE FROM harvest_gone`.execute(trx);
  await sql`INSERT INTO harvest_gone (id) SELECT unnest(${chosen}::uuid[])`.execute(trx);
}

function withPlacesAbove(place: string): string[] {
  const segments = place.split('/');
  return segments.map((_, index) => segments.slice(0, index + 1).join('/'));
}

async function countMatches(trx: Trx, effects: Effects): Promise<void> {
  const { rows } = await sql<{ change: string; type: EntityType; n: number }>`
    SELECT change, type, count(*) AS n FROM harvest_match WHERE own AND change <> 'root' GROUP BY change, type`.execute(
    trx,
  );
  for (const { change, type, n } of rows) {
    const kind = change === 'new' ? effects.created : change === 'changed' ? effects.changed : effects.unchanged;
    kind[ENTITY_WORDS[type]] = n;
  }
}
