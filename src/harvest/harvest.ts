import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Connection, IngestUnit, ListingEvent, SourceObject } from '../connectors/connector.ts';
import { type AssayError, toAssayError } from '../errors/assay-error.ts';
import { FQDN_BYTES } from '../model/entity.ts';
import type { Effects } from '../model/job-status.ts';
import type { Db, Trx } from '../store/database.ts';
import { listKnownTables } from '../store/fingerprints.ts';
import { holdSource, type MergeRequest, mergeListing } from '../store/ingest.ts';
import type { KnownTable } from './fingerprint.ts';
import { toPlace } from './object-path.ts';
import type { Selection } from './selection.ts';
import { knownKey, Spool } from './spool.ts';

export interface HarvestRequest {
  units: readonly IngestUnit[];
  selection: Selection;
  signal: AbortSignal;
  tempFolder: string;
  /** With which every fqdn of the source begins. */
  fqdnId: string;
  /** Tables that the catalog remembers whole, of a unit: what looks the same is not compared again. Absent: everything is. */
  loadKnown?(unit: IngestUnit): Promise<ReadonlyMap<string, KnownTable>>;
  /** Gets the file when a listing begins, and again if it has to begin anew. */
  onSpool?(spool: Spool): void;
  /** Called now and then with the number of objects so far. */
  onProgress(objects: number): void;
}

/** What a listing showed. Its objects wait in a file until `merge`; call `remove` in any case. */
export interface Harvest {
  spool: Spool;
  complete: string[];
  failed: { path: string[]; error: AssayError }[];
  /** Places that were left out on purpose: what the catalog knows at or below them stays. */
  unproven: string[];
  /** Why, where the connector says so: sentences for the event log. */
  doubts: string[];
  /** Objects wanted, by type. */
  counts: Record<string, number>;
  /** Objects that the source has and the filters left out; at least, since a connector may skip them. */
  hidden: number;
}

/**
 * Lists units of a source into a file.
 *
 * @throws what the connector throws: then nothing is known of what was not listed, and the task is tried again
 */
export async function harvest(connection: Connection, request: HarvestRequest): Promise<Harvest> {
  const done = await harvestOnce(connection, request, true);
  if (!done.spool.scattered) return done;
  await done.spool.remove();
  return harvestOnce(connection, request, false);
}

/** What the catalog remembers of the tables of a source, for `loadKnown`. */
export function rememberedBy(db: Db, source: { id: string; fqdn_id: string }): HarvestRequest['loadKnown'] {
  return async (unit) => {
    const tables = await listKnownTables(db, source.id, source.fqdn_id + toPlace(unit.path));
    // Of a hundred thousand tables only what is compared.
    return new Map(
      tables.map(({ type, fqdn, fingerprint, stats }) => [
        knownKey(type, fqdn.slice(source.fqdn_id.length)),
        { fingerprint, stats },
      ]),
    );
  };
}

async function harvestOnce(connection: Connection, request: HarvestRequest, fingerprints: boolean): Promise<Harvest> {
  const spool = new Spool(request.tempFolder, fingerprints);
  const counts = spool.counts;
  const result: Harvest = { spool, complete: [], failed: [], unproven: [], doubts: [], counts, hidden: 0 };
  try {
    request.onSpool?.(spool);
    for (const unit of request.units) {
      spool.known = (fingerprints && (await request.loadKnown?.(unit))) || new Map();
      await harvestUnit(connection, unit, request, result);
    }
    await spool.finish();
    return result;
  } catch (error) {
    await spool.remove();
    throw error;
  }
}

/** Failures named in a sentence; the rest are counted. */
const NAMED = 5;
/** Doubts kept of a task. */
const DOUBTS = 100;

/** Why a harvest of a unit is not whole; '' when it is. */
export function sayBroken(done: Harvest, unit: IngestUnit): string {
  const { failed } = done;
  if (failed.length === 0) {
    if (done.complete.includes(toPlace(unit.path))) return '';
    return 'its listing ended without saying that it is complete; nothing was deleted';
  }
  const named = failed.slice(0, NAMED).map(({ path, error }) => `${path.join('/') || 'the root'}: ${error.message}`);
  const more = failed.length > NAMED ? `; and ${failed.length - NAMED} more` : '';
  const what = failed.length === 1 ? 'one place could not be listed' : `${failed.length} places could not be listed`;
  return `${what} (nothing below was deleted): ${named.join('; ')}${more}`;
}

/** Writes a harvest into the catalog; the caller's transaction also ends its task. */
export async function mergeHarvest(
  trx: Trx,
  done: Harvest,
  place: Pick<MergeRequest, 'jobId' | 'source' | 'rootId' | 'shape' | 'ownsRoot' | 'targetIds'>,
  selection: Selection,
): Promise<Effects> {
  const effects = await mergeListing(trx, done.spool, {
    ...place,
    complete: done.complete,
    failed: [...done.failed.map((failure) => toPlace(failure.path)), ...done.unproven],
    dropBareSchemas: selection.bareHidden,
    ...(selection.chooseVanished ? { chooseVanished: selection.chooseVanished } : {}),
  });
  await holdSource(trx, place.source.id);
  return effects;
}

async function harvestUnit(
  connection: Connection,
  unit: IngestUnit,
  request: HarvestRequest,
  result: Harvest,
): Promise<void> {
  const { selection, signal } = request;
  const skipped = new Set<string>();
  const mayContain = (path: readonly string[]): boolean => {
    if (selection.mayContain(path)) return true;
    if (skipped.size < 1_000) skipped.add(toPlace(path));
    return false;
  };
  const writer = new UnitWriter(unit, selection, result, FQDN_BYTES - Buffer.byteLength(request.fqdnId));
  for await (const event of connection.introspect({ unit, mayContain, signal })) {
    signal.throwIfAborted();
    await takeEvent(event, writer, unit, result);
    request.onProgress(result.spool.size);
  }
  await writer.finish();
  result.hidden += skipped.size;
}

async function takeEvent(event: ListingEvent, writer: UnitWriter, unit: IngestUnit, result: Harvest): Promise<void> {
  if (event.kind === 'objects') await takeObjects(event.objects, writer);
  else if (event.kind === 'complete') result.complete.push(toPlace(event.path));
  else if (event.kind === 'unproven') doubt(result, event.path, event.reason);
  else {
    const error = toAssayError(event.error, 'SOURCE_FAILED');
    // The whole unit broke in a way that may pass: try it again rather than report an empty unit.
    if (error.row.retry && toPlace(event.path) === toPlace(unit.path)) throw error;
    result.failed.push({ path: [...event.path], error });
  }
}

/** What the catalog knows at or below the path stays; why, for the event log, as long as there is room. */
function doubt(result: Harvest, path: readonly string[], reason: string | undefined): void {
  result.unproven.push(toPlace(path));
  if (reason !== undefined && result.doubts.length < DOUBTS) result.doubts.push(reason);
}

/** About 2 ms of work. What is copied meanwhile goes through a socket that the store empties in 7 ms. */
const OBJECTS_PER_TURN = 256;

async function takeObjects(objects: readonly SourceObject[], writer: UnitWriter): Promise<void> {
  for (const [index, object] of objects.entries()) {
    if (index % OBJECTS_PER_TURN === OBJECTS_PER_TURN - 1) await nextTurn();
    await writer.add(object);
  }
}

/** Sorts the objects of a unit and sees to it that the unit itself and the folders above a wanted file are there first. */
class UnitWriter {
  readonly #unit: IngestUnit;
  readonly #unitPlace: string;
  readonly #selection: Selection;
  readonly #result: Harvest;
  /** Folders nobody needed yet, by place. */
  readonly #waiting = new Map<string, SourceObject>();
  #unitWritten: boolean;
  readonly #longest: number;

  /** @param longest bytes that a place may have */
  constructor(unit: IngestUnit, selection: Selection, result: Harvest, longest: number) {
    this.#longest = longest;
    this.#unit = unit;
    this.#unitPlace = toPlace(unit.path);
    this.#selection = selection;
    this.#result = result;
    this.#unitWritten = unit.path.length === 0;
  }

  async add(object: SourceObject): Promise<void> {
    if (object.path.length === 0) return;
    if (this.#isTooLong(object.path)) return this.#leaveOut(object.path);
    if (!this.#unitWritten) {
      const isUnit = toPlace(object.path) === this.#unitPlace;
      await this.#writeUnit(isUnit ? object : undefined);
      if (isUnit) return;
    }
    const wanted = this.#selection.judge(object.type, object.path);
    if (wanted === 'hidden') this.#result.hidden++;
    else if (object.type === 'FOLDER' && this.#selection.bareHidden) {
      this.#waiting.set(toPlace(object.path), object);
    } else {
      await this.#writeFoldersAbove(object.path);
      await this.#result.spool.add(object, wanted === 'own');
    }
  }

  async finish(): Promise<void> {
    if (this.#unitWritten) return;
    // Nothing was seen of it. When its listing broke, what the catalog knows of it stays as it is.
    const broken = this.#result.failed.some((failure) => toPlace(failure.path) === this.#unitPlace);
    if (!broken) await this.#writeUnit(undefined);
  }

  #isTooLong(path: readonly string[]): boolean {
    let characters = path.length;
    for (const name of path) characters += name.length;
    // A character has up to three bytes, and a byte up to three characters in a place.
    return characters * 9 > this.#longest && Buffer.byteLength(toPlace(path)) > this.#longest;
  }

  /** What lies below it is too long as well, and said with it. */
  #leaveOut(path: readonly string[]): void {
    if (this.#isTooLong(path.slice(0, -1))) return;
    const start = path.join('/').slice(0, 200);
    doubt(
      this.#result,
      path,
      `the path ${start}… has more than the ${this.#longest} bytes that are kept: it is left out, with all below`,
    );
  }

  async #writeUnit(shown: SourceObject | undefined): Promise<void> {
    this.#unitWritten = true;
    const object = shown ?? { type: this.#unit.type, path: this.#unit.path, metadata: {} };
    const wanted = this.#selection.judge(object.type, object.path);
    if (wanted !== 'hidden') await this.#result.spool.add(object, wanted === 'own');
  }

  async #writeFoldersAbove(path: readonly string[]): Promise<void> {
    if (this.#waiting.size === 0) return;
    for (let length = 1; length < path.length; length++) {
      const place = toPlace(path.slice(0, length));
      const folder = this.#waiting.get(place);
      if (!folder) continue;
      this.#waiting.delete(place);
      await this.#result.spool.add(folder, true);
    }
  }
}
