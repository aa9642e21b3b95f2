import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { AssayError } from '../errors/assay-error.ts';
import { Gate } from '../model/gate.ts';

/** Each may take 350 MB of memory and holds a connection to the database. */
const imports = new Gate(2);

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
    await take(body, mostBytes, file);
    return await imports.run(() => work(file));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A body that is too large is neither destroyed, for its sender would get no answer, nor left unread, for then its connection stands still. */
async function take(body: Readable, mostBytes: number, file: string): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    let bytes = 0;
    for await (const piece of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      bytes += piece.length;
      if (bytes > mostBytes) throw tooLarge(mostBytes);
      await handle.writeFile(piece);
    }
  } catch (error) {
    body.resume();
    if (error instanceof AssayError) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOSPC' || code === 'EDQUOT')
      throw new AssayError('DISK_FULL', 'the disk of the temporary folder is full: the upload was not taken', {
        cause: error,
      });
    throw new AssayError('BAD_REQUEST', 'body: broke off before its end; send it again', { cause: error });
  } finally {
    await handle.close();
  }
}

const tooLarge = (mostBytes: number): AssayError =>
  new AssayError(
    'TOO_LARGE',
    `body: is larger than ${Math.floor(mostBytes / 2 ** 20)} MB; send it in parts, or have ASSAY_IMPORT_MB raised`,
  );
