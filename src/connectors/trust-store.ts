import { readFile } from 'node:fs/promises';
import { AssayError } from '../errors/assay-error.ts';
import { type FileAccess, fileError, readablePath } from './readable-path.ts';

const PEM = /-----BEGIN (TRUSTED )?CERTIFICATE-----/;

/**
 * The PEM certificates of the authorities to trust. A file is read only where files of this worker may be read: otherwise
 * the answer would tell anybody who may test a connection which files there are.
 *
 * @param location a file, or the certificates themselves
 * @throws SOURCE_TLS
 */
export async function readTrustStore(location: string, access: FileAccess): Promise<string> {
  if (PEM.test(location)) return location;
  let text: string;
  try {
    const path = await readablePath(location, access);
    text = await readFile(path, 'utf8').catch((cause: unknown) => {
      throw fileError(location, cause);
    });
  } catch (cause) {
    const hint = 'name a PEM file below a --file-root of the worker, or give its text';
    throw new AssayError('SOURCE_TLS', `trustStoreLocation: ${(cause as Error).message}; ${hint}`, { cause });
  }
  if (!PEM.test(text)) throw new AssayError('SOURCE_TLS', `trustStoreLocation: ${location} holds no PEM certificate`);
  return text;
}
