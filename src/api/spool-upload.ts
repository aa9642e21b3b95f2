import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AssayError } from '../errors/assay-error.ts';

/**
 * Writes a body into a file of a folder of its own, hands it on, and removes the folder whatever comes of it. So a slow sender holds
 * no transaction open, and a zip can be read from its end.
 *
 * @throws TOO_LARGE, BAD_REQUEST where the sender breaks off
 */
export async function withUpload<T>(body: Readable, mostBytes: number, work: (file: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'assay-upload-'));
  try {
    const file = join(folder, 'upload');
    let bytes = 0;
    const counted = new Transform({
      transform(piece: Buffer, _encoding, done) {
        bytes += piece.length;
        done(bytes > mostBytes ? tooLarge(mostBytes) : null, piece);
      },
    });
    await pipeline(body, counted, createWriteStream(file, { mode: 0o600 })).catch((error: unknown) => {
      if (error instanceof AssayError) throw error;
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'ENOSPC' || code === 'EDQUOT')
        throw new AssayError('DISK_FULL', 'the disk of the temporary folder is full: the upload was not taken', {
          cause: error,
        });
      throw new AssayError('BAD_REQUEST', 'body: broke off before its end; send it again', { cause: error });
    });
    return await work(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const tooLarge = (mostBytes: number): AssayError =>
  new AssayError(
    'TOO_LARGE',
    `body: is larger than ${Math.floor(mostBytes / 2 ** 20)} MB; send it in parts, or have ASSAY_IMPORT_MB raised`,
  );
