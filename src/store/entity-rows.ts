import { writeEntityId } from '../model/ids.ts';

/** Columns of `entity` in the order in which `EntityRows` writes them: what is the same in all rows comes first. */
export const ENTITY_COLUMNS = [
  ...['source_id', 'root_id', 'changed_by_job', 'type', 'id', 'parent_id', 'fingerprint', 'ordinal', 'name', 'fqdn'],
  'metadata',
];

/** Of the buffers handed on. */
const CHUNK_BYTES = 1 << 20;
/** Everything of a row but its texts and what is the same in all rows: lengths and numbers. */
const FIXED_BYTES = 128;

const UUID_BYTES = 16;

/**
 * Rows of `entity` in COPY's binary format: neither side has to write or read uuids as text, which is an eighth of what the
 * store spends on a row (2.8 s of processor in place of 3.2 for 220,000). https://www.postgresql.org/docs/current/sql-copy.html
 */
export class EntityRows {
  readonly #same: Buffer;
  readonly #types = new Map<string, Buffer>();
  #bytes = Buffer.allocUnsafe(CHUNK_BYTES);
  #at = 0;
  readonly #full: Buffer[] = [];

  constructor(sourceId: string, rootId: string, jobId: string) {
    const fields = Buffer.alloc(2);
    fields.writeInt16BE(ENTITY_COLUMNS.length);
    this.#same = Buffer.concat([
      fields,
      field(Buffer.from(sourceId)),
      field(uuidBytes(rootId)),
      field(Buffer.from(jobId)),
    ]);
    this.#at = HEADER.copy(this.#bytes);
  }

  /** @returns the id of the new row. @param fingerprint hex, or null */
  add(
    row: { type: string; name: string; fqdn: string; ordinal: number; metadata: string; fingerprint: string | null },
    parentId: Buffer,
  ): Buffer {
    const { name, fqdn, metadata, fingerprint } = row;
    // Three bytes of UTF-8 at most for each unit of UTF-16.
    this.#reserve(FIXED_BYTES + this.#same.length + 3 * (name.length + fqdn.length + metadata.length));
    const bytes = this.#bytes;
    let at = this.#at + this.#same.copy(bytes, this.#at);
    at += this.#typeField(row.type).copy(bytes, at);
    at = bytes.writeInt32BE(UUID_BYTES, at);
    writeEntityId(bytes, at);
    const id = bytes.subarray(at, at + UUID_BYTES);
    at = bytes.writeInt32BE(UUID_BYTES, at + UUID_BYTES);
    at += parentId.copy(bytes, at);
    if (fingerprint === null) at = bytes.writeInt32BE(-1, at);
    else {
      at = bytes.writeInt32BE(UUID_BYTES, at);
      at += bytes.write(fingerprint, at, 'hex');
    }
    at = bytes.writeInt32BE(row.ordinal, bytes.writeInt32BE(4, at));
    at = writeText(bytes, at, name);
    at = writeText(bytes, at, fqdn);
    const length = bytes.write(metadata, at + 5);
    bytes.writeInt32BE(length + 1, at);
    bytes[at + 4] = JSONB_VERSION;
    this.#at = at + 5 + length;
    return id;
  }

  /** What is complete so far. */
  take(): Buffer[] {
    return this.#full.splice(0);
  }

  /** The rest, and the end. */
  end(): Buffer[] {
    this.#reserve(2);
    this.#at = this.#bytes.writeInt16BE(-1, this.#at);
    return [...this.take(), this.#bytes.subarray(0, this.#at)];
  }

  #reserve(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return;
    this.#full.push(this.#bytes.subarray(0, this.#at));
    this.#bytes = Buffer.allocUnsafe(Math.max(CHUNK_BYTES, bytes));
    this.#at = 0;
  }

  #typeField(type: string): Buffer {
    const known = this.#types.get(type);
    if (known) return known;
    const made = field(Buffer.from(type));
    this.#types.set(type, made);
    return made;
  }
}

/** Signature, no flags, no extension. */
const HEADER = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const JSONB_VERSION = 1;

export const uuidBytes = (id: string): Buffer => Buffer.from(id.replaceAll('-', ''), 'hex');

function field(value: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(value.length);
  return Buffer.concat([length, value]);
}

function writeText(bytes: Buffer, at: number, text: string): number {
  const length = bytes.write(text, at + 4);
  return bytes.writeInt32BE(length, at) + length;
}
