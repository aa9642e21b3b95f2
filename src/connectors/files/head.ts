import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { AssayError } from '../../errors/assay-error.ts';
import { type Packing, packingOf } from '../../model/file-formats.ts';

/** The beginning of a file, unpacked. */
export interface Head {
  bytes: Buffer;
  /** That is all there is. */
  complete: boolean;
  /** They had to be unpacked. */
  packed: boolean;
}

/** A zstd file may be of frames of a line each; the first ones tell enough. */
const MOST_FRAMES = 200;

/** Enough for a hundred lines of most tables; a longer line is judged by its beginning. */
const HEAD_BYTES = 64 * 1024;

/**
 * First bytes of a file; of a packed one what they unpack to. Never more than that is unpacked.
 *
 * @throws SOURCE_BAD_DATA for a packed file that does not unpack even at its beginning
 */
export async function readHead(path: string, shown: string): Promise<Head> {
  const file = await open(path);
  let raw: Buffer;
  let complete: boolean;
  let size: number;
  try {
    ({ size } = await file.stat());
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    raw = buffer.subarray(0, bytesRead);
    complete = bytesRead < HEAD_BYTES;
  } finally {
    await file.close();
  }
  const packing = packingOf(raw);
  return packing ? unpackHead(path, size, shown, packing) : { bytes: raw, complete, packed: false };
}

async function unpackHead(path: string, size: number, shown: string, packing: Packing): Promise<Head> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  let at = 0;
  try {
    // Node's zstd stream ends behind each frame; its gzip stream goes through all members.
    for (let frame = 0; frame < MOST_FRAMES && at < size; frame++) {
      const raw = createReadStream(path, { start: at, highWaterMark: HEAD_BYTES });
      const unpack = packing === 'gzip' ? createGunzip() : createZstdDecompress();
      raw.on('error', (error) => unpack.destroy(error));
      try {
        for await (const chunk of raw.pipe(unpack) as AsyncIterable<Buffer>) {
          chunks.push(chunk);
          bytes += chunk.length;
          if (bytes > HEAD_BYTES) break;
        }
      } finally {
        raw.destroy();
        unpack.destroy();
      }
      if (bytes > HEAD_BYTES) break;
      // Bytes that it took in.
      at = packing === 'gzip' ? size : at + unpack.bytesWritten;
    }
  } catch (cause) {
    // A file that is cut off further on still has a beginning; reading it whole will say what is wrong.
    at = 0;
    if (bytes === 0)
      throw new AssayError(
        'SOURCE_BAD_DATA',
        `"${shown}" begins like a ${packing} file and cannot be unpacked (${(cause as Error).message}); copy it again from where it came`,
        { cause },
      );
  }
  return {
    bytes: Buffer.concat(chunks).subarray(0, HEAD_BYTES),
    complete: bytes <= HEAD_BYTES && at >= size,
    packed: true,
  };
}
