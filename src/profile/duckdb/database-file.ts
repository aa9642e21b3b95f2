import { closeSync, openSync, readSync } from 'node:fs';
import type { DuckDbCatalog } from '../../connectors/connector.ts';
import { AssayError } from '../../errors/assay-error.ts';
import { quoteText } from '../sql.ts';
import { translateDuckDbError } from './errors.ts';
import { openSession, type Session, type SessionOptions } from './session.ts';

/**
 * Opens a DuckDB database file for its connector, to look into its catalog.
 *
 * @throws SOURCE_BUSY, SOURCE_BAD_DATA, SOURCE_NO_RIGHT, SOURCE_NO_DATABASE
 */
export async function openDatabaseFile(path: string, options: SessionOptions): Promise<DuckDbCatalog> {
  const session = await openSession(options);
  try {
    await attachFile(session, path);
  } catch (error) {
    await session.close();
    throw error;
  }
  return {
    async query(sql, doing) {
      try {
        return await session.query(sql, doing);
      } catch (error) {
        throw translateFileError(error, path);
      }
    },
    close: () => session.close(),
  };
}

/** Attaches a database file as `src`, read-only. From here on the session can reach nothing else. */
export async function attachFile(session: Session, path: string): Promise<void> {
  try {
    // With its type said, a file of another kind is refused; without, DuckDB looks for an extension that reads it.
    await session.run(`ATTACH ${quoteText(path)} AS src (TYPE duckdb, READ_ONLY)`, 'opening the database file');
  } catch (error) {
    throw translateFileError(error, path);
  }
  await session.lock([]);
}

/** What DuckDB says of a database file, in words that name the file and tell what to do. */
export function translateFileError(thrown: unknown, path: string): AssayError {
  const error = translateDuckDbError(thrown, `"${path}"`);
  const said = error.message;
  const bad = (what: string): AssayError => new AssayError('SOURCE_BAD_DATA', `"${path}" ${what}`, { cause: thrown });
  if (error.code === 'CANCELLED') return error;
  if (/Conflicting lock|Could not set lock/.test(said)) {
    const holder = /\(PID (\d+)\)/.exec(said)?.[1];
    const who = holder ? ` (process ${holder})` : '';
    return new AssayError(
      'SOURCE_BUSY',
      `"${path}" is open for writing in another program${who}; end that program or close its connection, or give a copy of the file`,
      { cause: thrown },
    );
  }
  const version = /version number (\d+), but we can only read versions? (?:between )?([^.]+)\./.exec(said);
  if (version)
    return bad(
      `has storage version ${version[1]}, and this version of Assay reads ${version[2]}; write it again with COPY FROM DATABASE to a file attached with an older STORAGE_VERSION`,
    );
  if (/encrypt/i.test(said) && !/Corrupt/.test(said))
    return bad('is encrypted; give a copy that is not, for Assay takes no key for it');
  if (/not a valid DuckDB database file/.test(said)) return bad(notDuckDb(path));
  if (/Could not read enough bytes/.test(said))
    return bad(
      'is cut off: it ends before what its header promises; copy it again, whole and while nobody writes to it',
    );
  if (/Corrupt database file|checksum/i.test(said))
    return bad('is damaged: a block does not match its checksum; restore it from a copy');
  if (/replaying WAL/i.test(said))
    return bad(
      'has a write-ahead log beside it (.wal) that cannot be read; open it once with the program that wrote it and run CHECKPOINT',
    );
  if (/database does not exist/.test(said))
    return new AssayError('SOURCE_NO_DATABASE', `there is no file "${path}" on this worker`, { cause: thrown });
  if (/file system operations are disabled/.test(said)) {
    const file = /Cannot access (?:file|directory) "([^"]*)"/.exec(said)?.[1];
    return new AssayError(
      'SOURCE_NOT_ALLOWED',
      `it reads ${file ? `"${file}"` : 'a file'}, which lies outside of the database; only what is in the database file is read`,
      { cause: thrown },
    );
  }
  if (
    /Extension .* (not found|is an existing extension)|not in the catalog, but it exists in the .* extension/.test(said)
  )
    return new AssayError(
      'NOT_SUPPORTED',
      `it needs an extension of DuckDB that Assay does not have: ${said.slice(0, 300)}`,
      { cause: thrown },
    );
  return error;
}

/** What a file is instead, as far as its first bytes tell. */
function notDuckDb(path: string): string {
  const head = Buffer.alloc(16);
  try {
    const file = openSync(path, 'r');
    readSync(file, head, 0, head.length, 0);
    closeSync(file);
  } catch {
    // The words without it are true as well.
  }
  if (head.toString('latin1').startsWith('SQLite format 3'))
    return 'is a SQLite database, not a DuckDB one; give databaseType SQLITE';
  return 'is not a DuckDB database file; check the path';
}
