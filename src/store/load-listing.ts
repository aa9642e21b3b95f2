import { Readable } from 'node:stream';
import { sql } from 'kysely';
import { ENTITY_WORDS, type EntityType } from '../model/entity.ts';
import { newEntityId } from '../model/ids.ts';
import { type Effects, noEffects } from '../model/job-status.ts';
import { copyInto, copyLine } from './copy-into.ts';
import type { Trx } from './database.ts';
import type { Listing, MergeRequest } from './ingest.ts';
import { NameCounts, NOTE_COLUMNS } from './name-counts.ts';
import { pgCode } from './pg-errors.ts';
import { withOwnNotes } from './search-notes.ts';

const ENTITY_COLUMNS = [
  ...['id', 'source_id', 'parent_id', 'root_id', 'type', 'name', 'fqdn', 'ordinal', 'metadata', 'changed_by_job'],
  'fingerprint',
];

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
  const rows = Readable.from(toEntityLines(lines, place, loaded), { highWaterMark: 1 });
  await withOwnNotes(trx, () => copyInto(trx, 'entity', ENTITY_COLUMNS, rows));
  return loaded;
}

/** Says for search and for the next ingest what was loaded. */
export async function endLoad(trx: Trx, { created, tops, names }: Loaded, place: LoadPlace): Promise<Effects> {
  await copyInto(trx, 'search_change', NOTE_COLUMNS, Readable.from(names.lines()));
  await sql`
    INSERT INTO scan (container_id, source_id, scanned_at, job_id, below)
    SELECT id, ${place.source.id}, now(), ${place.jobId}, true FROM unnest(${tops}::uuid[]) AS top(id)`.execute(trx);
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
 * Lines of the stage → lines of `entity`. Ids are made here, parents before children, so that rows go into every index in
 * about its order.
 */
async function* toEntityLines(
  chunks: AsyncIterable<string>,
  { source, rootId, jobId, units }: LoadPlace,
  { created, tops, names }: Loaded,
): AsyncGenerator<Buffer> {
  const text = (value: string): string => copyLine([value]).slice(0, -1);
  const fqdnId = text(source.fqdnId);
  const wanted = new Set(units.map(text));
  const ids = new Map<string, string>();
  const counts: Record<string, number> = {};
  let [lastPlace, lastId] = ['', rootId];
  for await (const chunk of chunks) {
    let out = '';
    for (const line of chunk.split('\n')) {
      if (line === '') continue;
      const [, depth, own, type, name, segment, parentPlace, ordinal, metadata, fingerprint] = line.split(
        '\t',
      ) as string[];
      const place = `${parentPlace}/${segment === '\\N' ? name : segment}`;
      if (parentPlace !== lastPlace) {
        lastPlace = parentPlace as string;
        lastId = parentPlace === '' ? rootId : (ids.get(lastPlace) ?? '');
      }
      if (lastId === '' || own !== 't' || (depth === '1' && !wanted.has(place))) throw new NotLoadable();
      const id = newEntityId();
      if (type !== 'COLUMN') ids.set(place, id);
      if (depth === '1') tops.push(id);
      names.add(type as string, name as string);
      counts[type as string] = (counts[type as string] ?? 0) + 1;
      out += `${id}\t${source.id}\t${lastId}\t${rootId}\t${type}\t${name}\t${fqdnId}${place}\t${ordinal}\t${metadata}\t${jobId}\t${fingerprint}\n`;
    }
    yield Buffer.from(out);
  }
  for (const [type, n] of Object.entries(counts)) created[ENTITY_WORDS[type as EntityType]] = n;
}
