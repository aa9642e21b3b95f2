import { stat } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { AssayError } from '../../errors/assay-error.ts';
import type { ConnectContext, SourceConfig } from '../connector.ts';
import { fileError, readablePath } from '../readable-path.ts';
import { sqlitePath } from './spec.ts';

type Database = import('node:sqlite').DatabaseSync;

/** How long a statement waits for a writer of the file. Nothing else runs in this process meanwhile. */
const BUSY_TIMEOUT_MS = 2_000;

/** SQLITE_READONLY and SQLITE_CANTOPEN: what a file in WAL mode answers in a folder where its -shm cannot be made. */
const NO_WAL_INDEX = [8, 14];

/**
 * Opens the file read-only after checking that it may be read.
 *
 * @throws SOURCE_NOT_ALLOWED, SOURCE_NO_DATABASE, SOURCE_NO_RIGHT, SOURCE_BAD_DATA (not SQLite, or encrypted), SOURCE_BUSY
 */
export async function openFile(
  config: SourceConfig,
  context: ConnectContext,
): Promise<{ database: Database; path: string }> {
  const given = sqlitePath(config);
  if (!given) throw new AssayError('BAD_REQUEST', 'path: missing; expected the SQLite file as the worker sees it');
  const path = await readablePath(given, context);
  const found = await stat(path).catch((cause) => {
    throw fileError(given, cause);
  });
  if (!found.isFile())
    throw new AssayError('SOURCE_NO_DATABASE', `"${given}" is not a file, so it is no SQLite database`);
  try {
    return { database: await openDatabase(path), path };
  } catch (cause) {
    throw sqliteError(cause, given);
  }
}

/** Another handle on a file that `openFile` has checked. Throws what SQLite throws. */
export async function openDatabase(path: string): Promise<Database> {
  const { DatabaseSync } = await import('node:sqlite');
  const attempt = (place: string | URL): Database => {
    const database = new DatabaseSync(place, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
    try {
      database.exec('PRAGMA query_only = ON; PRAGMA trusted_schema = OFF');
      // Opening reads nothing: only this finds a file that is not SQLite, and an empty one is a valid empty database.
      database.prepare('SELECT count(*) FROM sqlite_schema').get();
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  };
  try {
    return attempt(path);
  } catch (error) {
    const code = Number((error as { errcode?: number }).errcode ?? 0) & 0xff;
    if (!NO_WAL_INDEX.includes(code) || (await sizeOf(`${path}-wal`)) > 0) throw error;
    // Without a -wal nobody has the file open for writing now, and all that was written is in it. Somebody with more rights who
    // begins to write meanwhile may spoil what is read; a wrong page then shows as a damaged file.
    const place = pathToFileURL(path);
    place.search = '?immutable=1';
    return attempt(place);
  }
}

const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    (found) => found.size,
    () => 0,
  );

/** Whether SQLite could read, and says that the SQL makes no sense (SQLITE_ERROR). */
export const isStatementError = (cause: unknown): boolean => (cause as { errcode?: number }).errcode === 1;

/** Words that a value of a row follows. Full-text search quotes values too, but SQLite refuses MATCH in a view of a file. */
const BEFORE_VALUE = /^(bad JSON path|JSON path error near)\b.*$/s;

/** Translates an error of SQLite, without values of rows. Result codes: https://www.sqlite.org/rescode.html */
export function sqliteError(cause: unknown, what: string): AssayError {
  if (cause instanceof AssayError) return cause;
  const message = (cause instanceof Error ? cause.message : String(cause)).replace(BEFORE_VALUE, '$1 a value');
  const code = Number((cause as { errcode?: number }).errcode ?? 0) & 0xff;
  if (code === 26)
    return new AssayError('SOURCE_BAD_DATA', `"${what}" is not a SQLite database, or it is encrypted`, { cause });
  if (code === 11)
    return new AssayError('SOURCE_BAD_DATA', `"${what}" is a damaged SQLite database: ${message}`, { cause });
  if (code === 5 || code === 6) {
    return new AssayError('SOURCE_BUSY', `"${what}" is locked by a program that writes to it: ${message}`, { cause });
  }
  if (code === 14 || code === 3 || code === 23)
    return new AssayError('SOURCE_NO_RIGHT', `"${what}" cannot be opened: ${message}`, { cause });
  if (code === 10) return new AssayError('SOURCE_LOST', `reading "${what}" broke: ${message}`, { cause });
  if (/no such (table|column|view)/i.test(message)) {
    return new AssayError('SOURCE_NO_OBJECT', `${message} in "${what}"; ingest its metadata again`, { cause });
  }
  return new AssayError('SOURCE_FAILED', `SQLite says of "${what}": ${message}`, { cause });
}
