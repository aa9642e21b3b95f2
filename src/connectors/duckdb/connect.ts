import { stat } from 'node:fs/promises';
import { AssayError } from '../../errors/assay-error.ts';
import type { ConnectContext, DuckDbCatalog, SourceConfig } from '../connector.ts';
import { fileError, readablePath } from '../readable-path.ts';
import { duckdbPath } from './spec.ts';

/** An open database file. */
export interface DuckDbFile {
  path: string;
  catalog: DuckDbCatalog;
  /** Bytes of the write-ahead log beside it, 0 when there is none. */
  walBytes: number;
}

/**
 * Opens the file read-only after checking that it and the write-ahead log beside it may be read.
 *
 * @throws SOURCE_NOT_ALLOWED, SOURCE_NO_DATABASE, SOURCE_NO_RIGHT, SOURCE_BAD_DATA (not DuckDB, damaged, too new), SOURCE_BUSY
 */
export async function openFile(config: SourceConfig, context: ConnectContext): Promise<DuckDbFile> {
  const given = duckdbPath(config);
  if (!given) throw new AssayError('BAD_REQUEST', 'path: missing; expected the DuckDB file as the worker sees it');
  if (!context.openDuckDb) throw new AssayError('INTERNAL', 'nobody told the connector how to open DuckDB files');
  context.signal.throwIfAborted();
  const path = await readablePath(given, context);
  const found = await stat(path).catch((cause) => {
    throw fileError(given, cause);
  });
  if (!found.isFile())
    throw new AssayError('SOURCE_NO_DATABASE', `"${given}" is not a file, so it is no DuckDB database`);
  const walBytes = await sizeOfWal(`${path}.wal`, context);
  return { path, catalog: await context.openDuckDb(path, context.signal), walBytes };
}

/** DuckDB reads it by itself, so it must lie where files may be read: it could be a link. */
async function sizeOfWal(path: string, context: ConnectContext): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  if (!found) return 0;
  await readablePath(path, context);
  return found.size;
}
