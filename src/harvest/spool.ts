import { randomUUID } from 'node:crypto';
import { close, createReadStream, openSync, unlinkSync, write } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import type { SourceObject } from '../connectors/connector.ts';
import { encodeFqdnSegment } from '../model/entity.ts';
import { copyLine } from '../store/copy-into.ts';
import { toPlace } from './object-path.ts';
import { toStorable, toStorableJson } from './storable-text.ts';

/** Text gathered before it is written: large enough that a million objects make a few hundred writes. */
const CHUNK_CHARACTERS = 1 << 20;

const writeAt = promisify(write) as (fd: number, bytes: Buffer, offset: number) => Promise<{ bytesWritten: number }>;
const closeFile = promisify(close);

/**
 * A listing on its way into the catalog, kept in a file of COPY lines. The source is read to its end before the catalog's
 * transaction begins: a slow or breaking source holds no lock and no half-written rows, and memory stays flat. The file has
 * no name once it is open, so that a killed process leaves nothing behind.
 */
export class Spool {
  readonly #folder: string;
  #fd: number | undefined;
  #text = '';
  #seq = 0;
  #parentPlace = '';
  #parentKey = '';
  #ordinal = 0;
  readonly counts: Record<string, number> = {};

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Objects so far. */
  get size(): number {
    return this.#seq;
  }

  /** @param own false for an object that only leads to a wanted one */
  async add(object: SourceObject, own: boolean): Promise<void> {
    const given = object.path[object.path.length - 1] as string;
    const name = toStorable(given);
    const segment = encodeFqdnSegment(name);
    const { json, replaced } = toStorableJson(object.metadata);
    const flags = [...(name === given ? [] : ['name']), ...(replaced ? ['metadata'] : [])];
    const metadata = flags.length === 0 ? json : withFlag(json, flags);
    this.#seq++;
    this.#text += copyLine([
      this.#seq,
      object.path.length,
      own,
      object.type,
      name,
      segment === name ? null : segment,
      this.#placeOfParent(object.path),
      object.type === 'COLUMN' ? this.#ordinal : 0,
      metadata,
    ]);
    if (own) this.counts[object.type] = (this.counts[object.type] ?? 0) + 1;
    if (this.#text.length >= CHUNK_CHARACTERS) await this.#flush();
  }

  /** The lines, from the start. */
  async read(): Promise<Readable> {
    await this.#flush();
    if (this.#fd === undefined) return Readable.from([]);
    return createReadStream('', { fd: this.#fd, start: 0, autoClose: false, highWaterMark: CHUNK_CHARACTERS });
  }

  async remove(): Promise<void> {
    const fd = this.#fd;
    this.#fd = undefined;
    this.#text = '';
    if (fd !== undefined) await closeFile(fd);
  }

  /** Siblings usually come in a row: the place of their parent is made once, and columns are numbered as they come. */
  #placeOfParent(path: readonly string[]): string {
    const key = path.slice(0, -1).join('\u0000');
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
  }
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
