import type { Stats } from 'node:fs';
import { lstat, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AssayError } from '../../errors/assay-error.ts';
import type { ObjectPath } from '../connector.ts';
import { fileError, readablePath } from '../readable-path.ts';
import type { FileSource } from './connect.ts';
import { bytesFromName } from './types.ts';

/**
 * Where a file really is, and what it is like now.
 *
 * @throws SOURCE_NO_OBJECT, SOURCE_NOT_ALLOWED, NOT_SUPPORTED for what is no file or has a name that is not UTF-8
 */
export async function locate(source: FileSource, path: ObjectPath): Promise<{ real: string; found: Stats }> {
  const given = source.isFile ? source.root : join(source.root, ...path);
  const shown = path.join('/');
  const real = await readablePath(given, source.context).catch(async (cause: AssayError) => {
    if (cause.code !== 'SOURCE_NO_DATABASE') throw cause;
    if (await existsByBytes(source, path))
      throw new AssayError('NOT_SUPPORTED', `the name of "${shown}" is not UTF-8; rename the file to have it read`, {
        cause,
      });
    throw new AssayError('SOURCE_NO_OBJECT', `there is no longer a file "${shown}"; scan its folder again`, { cause });
  });
  const found = await stat(real).catch((cause) => {
    throw fileError(shown, cause);
  });
  if (!found.isFile()) throw new AssayError('NOT_SUPPORTED', `"${shown}" is not a file, so it has no rows`);
  return { real, found };
}

/** Whether the name stands for one that is not UTF-8. */
async function existsByBytes(source: FileSource, path: readonly string[]): Promise<boolean> {
  if (!path.some((name) => /%[0-9A-F]{2}/.test(name)) || path.includes('..')) return false;
  const parts = path.flatMap((name) => [Buffer.from('/'), bytesFromName(name)]);
  return lstat(Buffer.concat([Buffer.from(source.root), ...parts])).then(
    () => true,
    () => false,
  );
}
