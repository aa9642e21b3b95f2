import { lstat, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AssayError } from '../../errors/assay-error.ts';
import type { ReadRequest, ReadResult } from '../connector.ts';
import { fileError, readablePath } from '../readable-path.ts';
import type { FileSource } from './connect.ts';
import { sniffDelimited } from './sniff.ts';
import { bytesFromName, DELIMITERS, extensionOf } from './types.ts';

/**
 * Names the file for DuckDB to read in place. The columns are found when it is read; the extension tells the delimiter.
 *
 * @throws SOURCE_NO_OBJECT, SOURCE_NOT_ALLOWED, NOT_SUPPORTED for a file that is no delimited text by its name
 */
export async function readDelimited(source: FileSource, request: ReadRequest): Promise<ReadResult> {
  const given = source.isFile ? source.root : join(source.root, ...request.path);
  const shown = request.path.join('/');
  request.signal.throwIfAborted();
  if (request.where !== undefined)
    throw new AssayError('NOT_SUPPORTED', 'whereClause: files evaluate no conditions; leave it out for file sources');
  const real = await readablePath(given, source.context).catch(async (cause: AssayError) => {
    if (cause.code !== 'SOURCE_NO_DATABASE') throw cause;
    if (await existsByBytes(source, request.path))
      throw new AssayError('NOT_SUPPORTED', `the name of "${shown}" is not UTF-8; rename the file to have it read`, {
        cause,
      });
    throw new AssayError('SOURCE_NO_OBJECT', `there is no longer a file "${shown}"; scan its folder again`, { cause });
  });
  const found = await stat(real).catch((cause) => {
    throw fileError(shown, cause);
  });
  if (!found.isFile()) throw new AssayError('NOT_SUPPORTED', `"${shown}" is not a file, so it has no rows`);
  const extension = extensionOf(shown) || extensionOf(real);
  const delimiter = DELIMITERS[extension];
  if (delimiter === undefined) {
    const known = Object.keys(DELIMITERS).map((one) => `.${one}`);
    throw new AssayError('NOT_SUPPORTED', `"${shown}" cannot be read as a table; expected one of ${known.join(', ')}`);
  }
  // Half of Europe writes its .csv with semicolons.
  const sniffed = await sniffDelimited(real, delimiter).catch((cause) => {
    throw fileError(shown, cause);
  });
  const header = request.headerExists ?? sniffed.header;
  const spec = { kind: 'csv' as const, paths: [real], delimiter: sniffed.delimiter ?? delimiter };
  return { kind: 'relation', spec: header === undefined ? spec : { ...spec, header } };
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
