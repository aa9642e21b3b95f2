import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { AssayError } from '../../errors/assay-error.ts';
import { packingOf } from '../../model/file-formats.ts';
import type { Session } from './session.ts';
import { zstdFrames } from './zstd-frames.ts';

/**
 * A packed file may unpack to this much, or to a hundred times its own size if that is more. Text packs 3 to 20 times; what packs
 * more and is large is made to fill a disk. One gigabyte of zeros packs into 1 MB and is written in about two seconds.
 */
const ALWAYS_BYTES = 2 ** 30;
const TIMES = 100;

/** Text in UTF-8 may begin with these bytes; DuckDB's reader of JSON takes them for data. */
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Paths that can be read as they are: packed files (told by their first bytes, not their names) are unpacked into the session's
 * folder. Done here and not by DuckDB, so that what unpacks without end is stopped, and a torn file is named as such.
 *
 * @throws SOURCE_BAD_DATA, SOURCE_NO_OBJECT, DISK_FULL
 */
export async function unpackAll(
  session: Session,
  paths: readonly string[],
  kind: 'csv' | 'json' | 'parquet',
): Promise<{ paths: string[]; bytes: number }> {
  const found: string[] = [];
  let bytes = 0;
  for (const [i, path] of paths.entries()) {
    await using file = await open(path).catch((error: unknown) => {
      throw new AssayError('SOURCE_NO_OBJECT', `the file ${path} cannot be opened`, { cause: error });
    });
    const { size } = await file.stat();
    const head = await headOf(file);
    const packing = packingOf(head);
    const marked = kind === 'json' && head.subarray(0, 3).equals(BYTE_ORDER_MARK);
    const skip = marked ? BYTE_ORDER_MARK.length : 0;
    if (packing === undefined && skip === 0) {
      const promised = kind !== 'parquet' && size > 0 ? /\.(gz|zst)$/i.exec(path)?.[1] : undefined;
      // DuckDB goes by the name.
      if (promised !== undefined)
        throw new AssayError(
          'SOURCE_BAD_DATA',
          `"${path}" is called .${promised} and is not packed that way; rename it to what it is, or copy it again from where it came`,
        );
      found.push(path);
      bytes += size;
      continue;
    }
    const target = join(session.folder, `unpacked-${i}.${kind}`);
    const pieces = packing === 'zstd' ? zstdPieces(session, file, path, size) : onePiece(path, packing, skip);
    bytes += await writeBounded(session, pieces, target, Math.max(ALWAYS_BYTES, size * TIMES), {
      path,
      skipMark: kind === 'json',
    });
    found.push(target);
  }
  return { paths: found, bytes };
}

async function headOf(file: FileHandle): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
  return buffer.subarray(0, bytesRead);
}

/** gzip in as many members as there are, or the plain file from behind its mark. */
async function* onePiece(path: string, packing: 'gzip' | undefined, start: number): AsyncIterable<Readable> {
  const raw = createReadStream(path, { start });
  yield packing === 'gzip' ? forward(raw, createGunzip()) : raw;
}

async function* zstdPieces(session: Session, file: FileHandle, path: string, size: number): AsyncIterable<Readable> {
  for await (const { from, end } of zstdFrames(file, size, () => session.assertLive()))
    yield forward(createReadStream(path, { start: from, end: end - 1 }), createZstdDecompress());
}

/** Like pipe, but an error of the source ends the target. */
function forward(raw: Readable, unpack: ReturnType<typeof createGunzip>): Readable {
  raw.on('error', (error) => unpack.destroy(error));
  unpack.on('close', () => raw.destroy());
  return raw.pipe(unpack);
}

async function writeBounded(
  session: Session,
  pieces: AsyncIterable<Readable>,
  target: string,
  most: number,
  { path, skipMark }: { path: string; skipMark: boolean },
): Promise<number> {
  let written = 0;
  await using out = await open(target, 'wx', 0o600);
  try {
    for await (const piece of pieces) {
      for await (const chunk of piece as AsyncIterable<Buffer>) {
        session.assertLive();
        // The mark is shorter than any first chunk of an unpacker.
        const marked = skipMark && written === 0 && chunk.subarray(0, 3).equals(BYTE_ORDER_MARK);
        const bytes = marked ? chunk.subarray(3) : chunk;
        if (written + bytes.length > most)
          throw new AssayError(
            'SOURCE_BAD_DATA',
            `"${path}" unpacks to more than ${Math.round(most / 2 ** 20).toLocaleString('en-US')} MB, ${TIMES} times its own size and more; unpack it yourself if that is meant`,
          );
        await out.write(bytes);
        written += bytes.length;
      }
    }
  } catch (error) {
    throw unpackError(error, path);
  }
  return written;
}

function unpackError(thrown: unknown, path: string): AssayError {
  const { code, message } = thrown as NodeJS.ErrnoException;
  const bad = (what: string): AssayError =>
    new AssayError('SOURCE_BAD_DATA', `"${path}"${what}; copy it again from where it came`, { cause: thrown });
  if (thrown instanceof AssayError) {
    if (message.startsWith('it is made of')) return new AssayError('SOURCE_BAD_DATA', `"${path}": ${message}`);
    if (message.startsWith('it is cut off')) return bad(message.slice('it'.length));
    return message.startsWith('what follows') ? bad(`: ${message}`) : thrown;
  }
  if (code === 'ENOSPC')
    return new AssayError('DISK_FULL', `no space was left while unpacking "${path}"`, { cause: thrown });
  if (code === 'Z_BUF_ERROR') return bad(' is cut off: its gzip data ends too soon');
  if (code?.startsWith('Z_') || code?.startsWith('ZSTD_'))
    return bad(` is damaged: it cannot be unpacked (${message})`);
  return new AssayError('SOURCE_LOST', `reading "${path}" broke: ${message}`, { cause: thrown });
}
