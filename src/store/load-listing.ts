import { Readable } from 'node:stream';
import { sql } from 'kysely';
import { ENTITY_WORDS, type EntityType } from '../model/entity.ts';
import { type Effects, noEffects } from '../model/job-status.ts';
import { copyInto, copyLine, readField } from './copy-into.ts';
import type { Trx } from './database.ts';
import { ENTITY_COLUMNS, EntityRows, uuidBytes } from './entity-rows.ts';
import type { Listing, MergeRequest } from './ingest.ts';
import { NameCounts, NOTE_COLUMNS } from './name-counts.ts';
import { pgCode } from './pg-errors.ts';
import { withOwnNotes } from './search-notes.ts';

/** The lines do not lead from parents to children, or stand for something that may be known: they must be merged. */
class NotLoadable extends Error {}

/** Where lines are copied to. */
export interface LoadPlace {
  jobId: string;
  source: { id: string; fqdnId: string };
  /** The RESOURCE. */
  rootId: string;
  /** Places of the schemas that the lines may show, none of which the catalog knows. */
  units: readonly string[];
}

/** What was copied, and what is still to be said of it. */
export interface Loaded {
  created: Record<string, number>;
  /** Ids of the schemas. */
  tops: string[];
  names: NameCounts;
}

/**
 * Copies the first listing of a schema straight into the catalog: what has no parent there cannot be known, so nothing has to
 * be staged, matched or deleted.
 *
 * @returns undefined when it must be merged, with the transaction as it was
 */
export async function loadListing(trx: Trx, listing: Listing, request: MergeRequest): Promise<Effects | undefined> {
  if (!mayLoad(listing, request)) return undefined;
  const place = { ...request, units: request.complete.filter(isUnit) };
  if (await knowsAny(trx, place)) return undefined;
  await sql`SAVEPOINT load_listing`.execute(trx);
  try {
    return await endLoad(trx, await copyListing(trx, wholeLines(await listing.read()), place), place);
  } catch (error) {
    if (!(error instanceof NotLoadable) && pgCode(error) !== UNIQUE_VIOLATION) throw error;
    await sql`ROLLBACK TO SAVEPOINT load_listing`.execute(trx);
    return undefined;
  }
}

/** A name that came twice. */
const UNIQUE_VIOLATION = '23505';

/**
 * Copies lines of the stage into `entity`; when it throws, the transaction has to go back.
 *
 * @param lines some whole lines at a time
 */
export async function copyListing(trx: Trx, lines: AsyncIterable<string>, place: LoadPlace): Promise<Loaded> {
  const loaded: Loaded = { created: {}, tops: [], names: new NameCounts(place.source.id) };
  const rows = Readable.from(toEntityRows(lines, place, loaded), { highWaterMark: 1 });
  await withOwnNotes(trx, () => copyInto(trx, 'entity', ENTITY_COLUMNS, rows, 'binary'));
  return loaded;
}

/** Says for search and for the next ingest what was loaded. */
export async function endLoad(trx: Trx, { created, tops, names }: Loaded, place: LoadPlace): Promise<Effects> {
  await copyInto(trx, 'search_change', NOTE_COLUMNS, Readable.from(names.lines()));
  await sql`
    INSERT INTO scan (container_id, source_id, scanned_at, job_id, below)
    SELECT id, ${place.source.id}, clock_timestamp(), ${place.jobId}, true FROM unnest(${tops}::uuid[]) AS top(id)`.execute(
    trx,
  );
  return { ...noEffects(), created };
}

function mayLoad(listing: Listing, request: MergeRequest): boolean {
  const { complete, failed } = request;
  const hides = request.chooseVanished !== undefined || request.dropBareSchemas;
  if (request.shape !== 'database' || hides || request.targetIds.length > 0 || listing.kept > 0) return false;
  return failed.length === 0 && complete.length > 0 && !complete.includes('');
}

export async function knowsAny(trx: Trx, { source, rootId, units }: LoadPlace): Promise<boolean> {
  const fqdns = units.map((place) => source.fqdnId + place);
  const { rows } = await sql`
    SELECT 1 FROM entity WHERE parent_id = ${rootId} AND fqdn = ANY(${fqdns}::text[]) LIMIT 1`.execute(trx);
  return rows.length > 0;
}

const isUnit = (place: string): boolean => place.lastIndexOf('/') === 0;

async function* wholeLines(stream: Readable): AsyncGenerator<string> {
  let rest = '';
  stream.setEncoding('utf8');
  for await (const chunk of stream as AsyncIterable<string>) {
    const end = chunk.lastIndexOf('\n') + 1;
    if (end > 0) yield rest + chunk.slice(0, end);
    rest = end > 0 ? chunk.slice(end) : rest + chunk;
  }
}

/**
 * Lines of the stage → rows of `entity`. Ids are made here, parents before children, so that rows go into every index in
 * about its order.
 */
async function* toEntityRows(
  chunks: AsyncIterable<string>,
  { source, rootId, jobId, units }: LoadPlace,
  { created, tops, names }: Loaded,
): AsyncGenerator<Buffer> {
  const wanted = new Set(units.map((unit) => copyLine([unit]).slice(0, -1)));
  const rows = new EntityRows(source.id, rootId, jobId);
  const root = uuidBytes(rootId);
  const ids = new Map<string, Buffer>();
  const counts: Record<string, number> = {};
  let lastPlace: string | undefined;
  let parentId: Buffer | undefined;
  for await (const chunk of chunks) {
    for (let from = 0; from < chunk.length; ) {
      const end = chunk.indexOf('\n', from);
      const line = chunk.slice(from, end).split('\t') as LineFields;
      from = end + 1;
      const [, depth, own, type, name, segment, parentPlace, ordinal, metadata, fingerprint] = line;
      const place = `${parentPlace}/${segment === '\\N' ? name : segment}`;
      if (parentPlace !== lastPlace) {
        lastPlace = parentPlace;
        parentId = parentPlace === '' ? root : ids.get(parentPlace);
      }
      if (!parentId || own !== 't' || (depth === '1' && !wanted.has(place))) throw new NotLoadable();
      const id = rows.add(
        {
          type,
          name: readField(name),
          fqdn: source.fqdnId + readField(place),
          ordinal: Number(ordinal),
          metadata: readField(metadata),
          fingerprint: fingerprint === '\\N' ? null : fingerprint,
        },
        parentId,
      );
      if (type !== 'COLUMN') ids.set(place, Buffer.from(id));
      if (depth === '1') tops.push(id.toString('hex'));
      names.add(type, name);
      counts[type] = (counts[type] ?? 0) + 1;
    }
    yield* rows.take();
  }
  yield* rows.end();
  for (const [type, n] of Object.entries(counts)) created[ENTITY_WORDS[type as EntityType]] = n;
}

/** Of a line of the stage, as COPY writes them. */
type LineFields = [
  seq: string,
  depth: string,
  own: string,
  type: string,
  name: string,
  segment: string,
  parentPlace: string,
  ordinal: string,
  metadata: string,
  fingerprint: string,
];
