import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { close, createReadStream, openSync, read, unlinkSync, write } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import type { SourceObject } from '../connectors/connector.ts';
import { encodeFqdnSegment } from '../model/entity.ts';
import { toStorable, toStorableJson } from '../model/storable-text.ts';
import { copyLine } from '../store/copy-into.ts';
import { fingerprintOf, type KnownTable, statsMoved } from './fingerprint.ts';
import { toPlace } from './object-path.ts';

/** Text gathered before it is written: large enough that a million objects make a few hundred writes. */
const CHUNK_CHARACTERS = 1 << 20;

const writeAt = promisify(write) as (fd: number, bytes: Buffer, offset: number) => Promise<{ bytesWritten: number }>;
const readAt = promisify(read) as (
  fd: number,
  bytes: Buffer,
  offset: number,
  length: number,
  position: number,
) => Promise<{ bytesRead: number }>;
const closeFile = promisify(close);

/** A table and the columns that came right after it: told apart from what the catalog knows as a whole. */
interface TableGroup {
  seq: number;
  object: SourceObject;
  name: string;
  parentPlace: string;
  place: string;
  metadata: string;
  /** Lines of its columns. */
  lines: string;
  columns: number;
  /** What its fingerprint is made of. */
  facts: string;
}

/**
 * A listing on its way into the catalog, kept in a file of COPY lines. The source is read to its end before the catalog's
 * transaction begins: a slow or breaking source holds no lock and no half-written rows, and memory stays flat. The file has
 * no name once it is open, so that a killed process leaves nothing behind.
 *
 * A table that looks with all its columns as the catalog remembers it is kept as one line without metadata: nothing below it
 * has to be compared again.
 */
export class Spool {
  readonly #folder: string;
  readonly #fingerprints: boolean;
  #fd: number | undefined;
  #text = '';
  /** Bytes of each part that was written; no line is cut by them. */
  readonly #chunks: number[] = [];
  #finished = false;
  readonly #grown = new EventEmitter();
  #reading: Promise<string> | undefined;
  #seq = 0;
  #parentPlace = '';
  #parentKey = '';
  #ordinal = 0;
  #group: TableGroup | undefined;
  readonly #tables = new Set<string>();
  readonly counts: Record<string, number> = {};
  /** Tables of the unit that is listed as the catalog remembers them, by `knownKey`. */
  known: ReadonlyMap<string, KnownTable> = new Map();
  /** Tables that are as the catalog remembers them, and their columns. */
  kept = 0;
  keptColumns = 0;
  /** A table came twice, or a column away from its table: what was told of whole tables does not hold. */
  scattered = false;

  /** @param fingerprints false: they are neither compared nor made */
  constructor(folder: string, fingerprints = true) {
    this.#folder = folder;
    this.#fingerprints = fingerprints;
  }

  /** Objects so far. */
  get size(): number {
    return this.#seq;
  }

  /** @param own false for an object that only leads to a wanted one */
  async add(object: SourceObject, own: boolean): Promise<void> {
    const given = object.path[object.path.length - 1] as string;
    const name = toStorable(given);
    const { json, replaced } = toStorableJson(object.metadata);
    const flags = [...(name === given ? [] : ['name']), ...(replaced ? ['metadata'] : [])];
    const metadata = flags.length === 0 ? json : withFlag(json, flags);
    const parentPlace = this.#placeOfParent(object.path);
    const seq = ++this.#seq;
    if (own) this.counts[object.type] = (this.counts[object.type] ?? 0) + 1;
    const line = (): string => restOfLine(object, own, name, parentPlace, this.#ordinal, metadata);
    if (object.type === 'COLUMN') {
      const group = this.#group;
      if (group?.place === parentPlace && own) {
        const rest = line();
        group.lines += `${seq}\t${rest}\t\\N\n`;
        group.facts += `${rest}\n`;
        group.columns++;
        return;
      }
      if (this.#tables.has(parentPlace)) this.scattered = true;
    } else this.#closeGroup();
    if (this.#fingerprints && own && (object.type === 'TABLE' || object.type === 'VIEW')) {
      this.#openGroup({ seq, object, name, parentPlace, metadata });
    } else this.#text += `${seq}\t${line()}\t\\N\n`;
    if (this.#text.length >= CHUNK_CHARACTERS) await this.#flush();
  }

  /** The lines, from the start. */
  async read(): Promise<Readable> {
    this.#closeGroup();
    await this.#flush();
    if (this.#fd === undefined) return Readable.from([]);
    return createReadStream('', {
      fd: this.#fd,
      start: 0,
      autoClose: false,
      highWaterMark: CHUNK_CHARACTERS,
      // A stream that is destroyed closes its file whatever `autoClose` says, as when a COPY of it fails; the file is the spool's.
      fs: { read, close: (_fd: number, done: (error: null) => void) => done(null) },
    });
  }

  /**
   * Some whole lines at a time, from the start and as they come, until `finish`. One reader may follow; it never keeps the
   * listing waiting.
   *
   * @throws when `signal` aborts, or the file is removed
   */
  async *follow(signal: AbortSignal): AsyncGenerator<string> {
    let at = 0;
    for (let index = 0; ; index++) {
      while (index === this.#chunks.length && !this.#finished) await once(this.#grown, 'more', { signal });
      const length = this.#chunks[index];
      if (length === undefined) return;
      signal.throwIfAborted();
      this.#reading = this.#readChunk(at, length);
      yield await this.#reading;
      at += length;
    }
  }

  /** Nothing more comes: what `kept` and `keptColumns` say is final. */
  async finish(): Promise<void> {
    this.#closeGroup();
    await this.#flush();
    this.#finished = true;
    this.#grown.emit('more');
  }

  async remove(): Promise<void> {
    const fd = this.#fd;
    this.#fd = undefined;
    this.#group = undefined;
    this.#text = '';
    await this.#reading?.catch(() => {});
    if (fd !== undefined) await closeFile(fd);
  }

  #openGroup(head: Pick<TableGroup, 'seq' | 'object' | 'name' | 'parentPlace' | 'metadata'>): void {
    const { object, name, parentPlace } = head;
    const place = `${parentPlace}/${encodeFqdnSegment(name)}`;
    if (this.#tables.has(place)) this.scattered = true;
    this.#tables.add(place);
    const { stats: _, ...lasting } = object.metadata;
    const facts = `${restOfLine(object, true, name, parentPlace, 0, JSON.stringify(lasting))}\n`;
    this.#group = { ...head, place, lines: '', columns: 0, facts };
  }

  #closeGroup(): void {
    const group = this.#group;
    if (!group) return;
    this.#group = undefined;
    const { seq, object, name, parentPlace, metadata } = group;
    // Two names of the source may have become this one.
    const fingerprint = name.includes('\ufffd') ? null : fingerprintOf(group.facts);
    const known = this.known.get(knownKey(object.type, group.place));
    if (known && known.fingerprint === fingerprint && !statsMoved(readStats(known.stats), statsOf(object))) {
      this.kept++;
      this.keptColumns += group.columns;
      this.#text += `${seq}\t${restOfLine(object, true, name, parentPlace, 0, null)}\t${fingerprint}\n`;
    } else {
      this.#text += `${seq}\t${restOfLine(object, true, name, parentPlace, 0, metadata)}\t${fingerprint ?? '\\N'}\n${group.lines}`;
    }
  }

  /** Siblings usually come in a row: the place of their parent is made once, and columns are numbered as they come. */
  #placeOfParent(path: readonly string[]): string {
    let key = '';
    for (let at = 0; at < path.length - 1; at++) key += `${path[at]}\u0000`;
    if (key !== this.#parentKey) {
      this.#parentKey = key;
      this.#parentPlace = toPlace(path.slice(0, -1));
      this.#ordinal = 0;
    }
    this.#ordinal++;
    return this.#parentPlace;
  }

  async #flush(): Promise<void> {
    if (this.#text === '') return;
    this.#fd ??= openNameless(this.#folder);
    const bytes = Buffer.from(this.#text);
    this.#text = '';
    for (let at = 0; at < bytes.length; ) at += (await writeAt(this.#fd, bytes, at)).bytesWritten;
    this.#chunks.push(bytes.length);
    this.#grown.emit('more');
  }

  async #readChunk(from: number, length: number): Promise<string> {
    const bytes = Buffer.allocUnsafe(length);
    for (let at = 0; at < length; ) {
      if (this.#fd === undefined) throw new Error('the listing was given up');
      const { bytesRead } = await readAt(this.#fd, bytes, at, length - at, from + at);
      if (bytesRead === 0) throw new Error('the file of the listing is shorter than what was written');
      at += bytesRead;
    }
    return bytes.toString();
  }
}

export const knownKey = (type: string, place: string): string => `${type} ${place}`;

const statsOf = (object: SourceObject): Record<string, unknown> =>
  (object.metadata.stats ?? {}) as Record<string, unknown>;

const readStats = (json: string | null): Record<string, unknown> =>
  json === null ? {} : (JSON.parse(json) as Record<string, unknown>);

/** A line of the stage between its `seq` and its `fingerprint`. @param metadata null for a table that is kept as it is */
function restOfLine(
  object: SourceObject,
  own: boolean,
  name: string,
  parentPlace: string,
  ordinal: number,
  metadata: string | null,
): string {
  const segment = encodeFqdnSegment(name);
  return copyLine([
    object.path.length,
    own,
    object.type,
    name,
    segment === name ? null : segment,
    parentPlace,
    object.type === 'COLUMN' ? ordinal : 0,
    metadata,
  ]).slice(0, -1);
}

function openNameless(folder: string): number {
  const path = join(folder, `harvest-${randomUUID()}`);
  const fd = openSync(path, 'wx+', 0o600);
  unlinkSync(path);
  return fd;
}

/** People see that a name or value is not what the source has. */
function withFlag(json: string, flags: string[]): string {
  return JSON.stringify({ ...(JSON.parse(json) as object), replacedCharacters: flags });
}
