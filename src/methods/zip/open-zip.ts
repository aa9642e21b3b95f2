import { type Readable, Transform } from 'node:stream';
import { crc32 } from 'node:zlib';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { AssayError } from '../../errors/assay-error.ts';

/** Files in a zip at most, and in all zips within it. */
export const MOST_MEMBERS = 20_000;
/** Lists of words become 20 times smaller at most; what becomes much smaller is made to fill a disk. */
const MOST_RATIO = 200;
/** Below that no ratio is looked at. */
const SMALL_BYTES = 1 << 20;

/** What may be unpacked of one upload, its inner zips included. */
export interface Budget {
  bytes: number;
  members: number;
}

/** A file in a zip. */
export interface ZipMember {
  /** As it stands in the zip, with `/` between folders. */
  name: string;
  /** Unpacked, as the zip says; held to when it is read. */
  bytes: number;
  /** Why it cannot be read. */
  problem?: string;
  /** Its bytes. The stream fails with an AssayError BAD_REQUEST for what is damaged or larger than was said. */
  open(): Promise<Readable>;
}

export interface OpenZip {
  members: ZipMember[];
  close(): void;
}

/**
 * The files of a zip, by its central directory. Folders and what systems add to zips (`__MACOSX`, `.DS_Store`) are left out.
 *
 * @throws AssayError BAD_REQUEST for what is no zip or is cut off, TOO_LARGE for more than the budget allows
 */
export async function openZip(place: { file: string } | { bytes: Buffer }, budget: Budget): Promise<OpenZip> {
  // Names are read below, so that an unsafe one spoils its own member alone.
  const options = { autoClose: false, decodeStrings: false };
  let zip: ZipFile | undefined;
  try {
    zip =
      'file' in place
        ? await yauzl.openPromise(place.file, options)
        : await yauzl.fromBufferPromise(place.bytes, options);
    if (zip.entryCount > budget.members)
      throw new AssayError(
        'TOO_LARGE',
        `zip: holds ${zip.entryCount} files; at most ${MOST_MEMBERS} are allowed in all`,
      );
    budget.members -= zip.entryCount;
    const opened = zip;
    const members: ZipMember[] = [];
    const names = new Set<string>();
    let packed = 0;
    for await (const entry of zip.eachEntry()) {
      packed += entry.compressedSize;
      const name = nameOf(entry);
      if (isLitter(name)) continue;
      const problem = problemOf(entry, name) ?? (names.has(name) ? TWICE : undefined);
      names.add(name);
      members.push({
        name,
        bytes: entry.uncompressedSize,
        problem,
        open: () => openMember(opened, entry, name, budget),
      });
    }
    // Members that share their bytes are the way to fill any disk from a small file.
    if (packed > zip.fileSize) throw new AssayError('BAD_REQUEST', 'zip: its files overlap; make it anew');
    return { members, close: () => opened.close() };
  } catch (error) {
    zip?.close();
    throw damaged('zip', error);
  }
}

const TWICE = 'the zip holds two files of this name';

function nameOf(entry: Entry): string {
  const { generalPurposeBitFlag, fileNameRaw, extraFields } = entry;
  return yauzl.getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, false);
}

const isLitter = (name: string): boolean =>
  name.endsWith('/') || /(^|\/)(__MACOSX\/|\.DS_Store$|Thumbs\.db$)/.test(name) || /(^|\/)\._[^/]*$/.test(name);

function problemOf(entry: Entry, name: string): string | undefined {
  const unsafe = yauzl.validateFileName(name);
  if (unsafe || /\p{Cc}/u.test(name)) return 'its name leads out of the zip or has control characters; rename it';
  if (entry.isEncrypted()) return 'it is encrypted; zip it without a password';
  if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8)
    return `it is packed by method ${entry.compressionMethod}; only "store" and "deflate" are read`;
  if (entry.uncompressedSize > SMALL_BYTES && entry.uncompressedSize > MOST_RATIO * entry.compressedSize)
    return `it would grow to ${Math.round(entry.uncompressedSize / Math.max(entry.compressedSize, 1))} times its size; at most ${MOST_RATIO} are allowed`;
  return undefined;
}

async function openMember(zip: ZipFile, entry: Entry, name: string, budget: Budget): Promise<Readable> {
  if (entry.uncompressedSize > budget.bytes)
    throw new AssayError(
      'TOO_LARGE',
      `${name}: the files of the zip are larger than is allowed in all; import them in parts`,
    );
  budget.bytes -= entry.uncompressedSize;
  const stream = await zip.openReadStreamPromise(entry).catch((error: unknown) => {
    throw damaged(name, error);
  });
  let sum = 0;
  const checked = new Transform({
    transform(bytes: Buffer, _encoding, done) {
      sum = crc32(bytes, sum);
      done(null, bytes);
    },
    flush(done) {
      done(sum === entry.crc32 ? null : damaged(name, new Error('its checksum is wrong')));
    },
  });
  stream.on('error', (error) => checked.destroy(damaged(name, error)));
  checked.on('close', () => stream.destroy());
  return stream.pipe(checked);
}

/** What a library says of a broken zip, with what can be done. */
function damaged(name: string, error: unknown): AssayError {
  if (error instanceof AssayError) return error;
  const words = error instanceof Error ? error.message : String(error);
  const says = /end of central directory/i.test(words) ? 'it is no zip, or its end is missing' : words.slice(0, 200);
  return new AssayError('BAD_REQUEST', `${name}: damaged (${says}); make the zip anew and send it whole`, {
    cause: error,
  });
}
