import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AssayError } from '../../errors/assay-error.ts';
import type { ReadRequest, ReadResult } from '../connector.ts';
import { fileError, readablePath } from '../readable-path.ts';
import type { FileSource } from './connect.ts';
import { DELIMITERS, extensionOf } from './types.ts';

/**
 * Names the file for DuckDB to read in place. The columns are found when it is read; the extension tells the delimiter.
 *
 * @throws SOURCE_NO_OBJECT, SOURCE_NOT_ALLOWED, NOT_SUPPORTED for a file that is no delimited text by its name
 */
export async function readDelimited(source: FileSource, request: ReadRequest): Promise<ReadResult> {
  const given = source.isFile ? source.root : join(source.root, ...request.path);
  const shown = request.path.join('/');
  const real = await readablePath(given, source.context).catch((cause: AssayError) => {
    if (cause.code !== 'SOURCE_NO_DATABASE') throw cause;
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
  return { kind: 'relation', spec: { kind: 'csv', paths: [real], delimiter, header: request.headerExists } };
}
