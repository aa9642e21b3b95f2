import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { AssayError } from '../../errors/assay-error.ts';

/** The beginning of a file, unpacked. */
export interface Head {
  bytes: Buffer;
  /** That is all there is. */
  complete: boolean;
  packing: 'gzip' | 'zstd' | undefined;
}

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
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    raw = buffer.subarray(0, bytesRead);
    complete = bytesRead < HEAD_BYTES;
  } finally {
    await file.close();
  }
  const packing = packingOf(raw);
  return packing ? { ...(await unpackHead(path, shown, packing)), packing } : { bytes: raw, complete, packing };
}

function packingOf(raw: Buffer): Head['packing'] {
  const magic = raw.subarray(0, 4).toString('hex');
  if (magic.startsWith('1f8b')) return 'gzip';
  return magic === '28b52ffd' ? 'zstd' : undefined;
}

async function unpackHead(path: string, shown: string, packing: 'gzip' | 'zstd'): Promise<Omit<Head, 'packing'>> {
  const raw = createReadStream(path, { highWaterMark: HEAD_BYTES });
  const unpack = packing === 'gzip' ? createGunzip() : createZstdDecompress();
  raw.on('error', (error) => unpack.destroy(error));
  const chunks: Buffer[] = [];
  let bytes = 0;
  let complete = true;
  try {
    for await (const chunk of raw.pipe(unpack) as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      bytes += chunk.length;
      complete = bytes <= HEAD_BYTES;
      if (!complete) break;
    }
  } catch (cause) {
    // A file that is cut off further on still has a beginning; reading it whole will say what is wrong.
    complete = false;
    if (bytes === 0)
      throw new AssayError(
        'SOURCE_BAD_DATA',
        `"${shown}" begins like a ${packing} file and cannot be unpacked (${(cause as Error).message}); copy it again from where it came`,
        { cause },
      );
  } finally {
    raw.destroy();
    unpack.destroy();
  }
  return { bytes: Buffer.concat(chunks).subarray(0, HEAD_BYTES), complete };
}
