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

/**
 * Copies the first listing of a schema straight into the catalog: what has no parent there cannot be known, so nothing has to
 * be staged, matched or deleted.
 *
 * @returns undefined when it must be merged, with the transaction as it was
 */
export async function loadListing(trx: Trx, listing: Listing, request: MergeRequest): Promise<Effects | undefined> {
  if (!(await mayLoad(trx, listing, request))) return undefined;
  const effects = noEffects();
  const tops: string[] = [];
  const names = new NameCounts(request.source.id);
  await sql`SAVEPOINT load_listing`.execute(trx);
  try {
    const lines = Readable.from(toEntityLines(await listing.read(), request, tops, effects.created, names));
    await withOwnNotes(trx, () => copyInto(trx, 'entity', ENTITY_COLUMNS, lines));
  } catch (error) {
    if (!(error instanceof NotLoadable) && pgCode(error) !== UNIQUE_VIOLATION) throw error;
    await sql`ROLLBACK TO SAVEPOINT load_listing`.execute(trx);
    return undefined;
  }
  await copyInto(trx, 'search_change', NOTE_COLUMNS, Readable.from(names.lines()));
  await sql`
    INSERT INTO scan (container_id, source_id, scanned_at, job_id, below)
    SELECT id, ${request.source.id}, now(), ${request.jobId}, true FROM unnest(${tops}::uuid[]) AS top(id)`.execute(
    trx,
  );
  return effects;
}

/** A name that came twice. */
const UNIQUE_VIOLATION = '23505';

async function mayLoad(trx: Trx, listing: Listing, request: MergeRequest): Promise<boolean> {
  const { complete, failed } = request;
  const hides = request.chooseVanished !== undefined || request.dropBareSchemas;
  if (request.shape !== 'database' || hides || request.targetIds.length > 0 || listing.kept > 0) return false;
  if (failed.length > 0 || complete.length === 0 || complete.includes('')) return false;
  const units = complete.filter(isUnit).map((place) => request.source.fqdnId + place);
  const { rows } = await sql`
    SELECT 1 FROM entity WHERE parent_id = ${request.rootId} AND fqdn = ANY(${units}::text[]) LIMIT 1`.execute(trx);
  return rows.length === 0;
}

const isUnit = (place: string): boolean => place.lastIndexOf('/') === 0;

/**
 * Lines of the stage → lines of `entity`. Ids are made here, parents before children, so that rows go into every index in
 * about its order.
 *
 * @param tops takes the ids of the schemas
 * @param created takes the counts
 * @param names takes what search has to know
 */
async function* toEntityLines(
  rows: Readable,
  request: MergeRequest,
  tops: string[],
  created: Record<string, number>,
  names: NameCounts,
): AsyncGenerator<Buffer> {
  const { source, rootId, jobId } = request;
  const text = (value: string): string => copyLine([value]).slice(0, -1);
  const fqdnId = text(source.fqdnId);
  const units = new Set(request.complete.filter(isUnit).map(text));
  const ids = new Map<string, string>();
  const counts: Record<string, number> = {};
  let rest = '';
  let [lastPlace, lastId] = ['', rootId];
  rows.setEncoding('utf8');
  for await (const chunk of rows as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() as string;
    let out = '';
    for (const line of lines) {
      const [, depth, own, type, name, segment, parentPlace, ordinal, metadata, fingerprint] = line.split(
        '\t',
      ) as string[];
      const place = `${parentPlace}/${segment === '\\N' ? name : segment}`;
      if (parentPlace !== lastPlace) {
        lastPlace = parentPlace as string;
        lastId = parentPlace === '' ? rootId : (ids.get(lastPlace) ?? '');
      }
      if (lastId === '' || own !== 't' || (depth === '1' && !units.has(place))) throw new NotLoadable();
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
