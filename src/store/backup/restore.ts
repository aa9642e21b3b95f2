import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { AssayError } from '../../errors/assay-error.ts';
import { applyMigration, beginMigrating } from '../migrate.ts';
import { MIGRATIONS, type Migration } from '../migrations/index.ts';
import { type BackupHeader, type BackupTrailer, damaged, parseHeader, parseTrailer, SESSION } from './format.ts';
import { LineSource } from './line-source.ts';
import { columnList, listTables, quoted } from './tables.ts';

export interface RestoreReport {
  rows: Record<string, number>;
  /** Version of Assay and moment of the backup. */
  assay: string;
  createdAt: string;
  /** The key that the restored secrets need: give it as ASSAY_SECRET_KEY, or copy the old folder's secret.key. */
  keyFingerprint: string | null;
  /** Migrations applied after the rows were in, because the backup is of an older version. */
  migrated: string[];
}

/** What may have rows in a database that counts as empty: a process that only looked leaves them. */
const MAY_HAVE_ROWS = new Set(['meta', 'purge_count']);

/**
 * Fills an empty database from a backup, in one transaction: all of it or nothing. A database without tables takes backups of
 * every older version and is brought up to date; one already migrated takes those of its own version.
 *
 * @throws AssayError CONFLICT when the database is not empty; STORE_NEWER for a backup of a newer version; BAD_REQUEST for a
 *   file that is damaged or none of ours
 */
export async function restore(
  pool: pg.Pool,
  file: string,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<RestoreReport> {
  const gunzip = createGunzip();
  const source = createReadStream(file);
  // Errors of the file reach us through what is read from `gunzip`; one that comes when nobody reads any more is of no use.
  pipeline(source, gunzip).catch(() => undefined);
  gunzip.on('error', () => undefined);
  const client = await pool.connect();
  let failed = true;
  try {
    await client.query('BEGIN');
    await client.query(SESSION);
    const report = await restoreWithin(client, new LineSource(gunzip), file, migrations);
    await client.query('COMMIT');
    failed = false;
    return report;
  } catch (error) {
    throw explain(error, file);
  } finally {
    source.destroy();
    gunzip.destroy();
    // Closing the connection rolls back, in the middle of a COPY too.
    client.release(failed);
  }
}

async function restoreWithin(
  client: pg.PoolClient,
  lines: LineSource,
  file: string,
  migrations: readonly Migration[],
): Promise<RestoreReport> {
  const header = parseHeader((await lines.readLine()) ?? '', file);
  refuseUnknownMigrations(header, migrations, file);
  await prepareSchema(client, header, migrations, file);
  const rows: Record<string, number> = {};
  for (const { name, columns } of header.tables) {
    const copy = client.query(copyFrom(`COPY ${quoted(name)} (${columnList(columns)}) FROM STDIN`));
    await pipeline(Readable.from(lines.readRows(), { objectMode: false }), copy);
    rows[name] = copy.rowCount;
  }
  const trailer = parseTrailer((await lines.readLine()) ?? '', file);
  if (!(await lines.isAtEnd())) throw damaged(file, 'something follows its end');
  for (const { name } of header.tables) {
    if (rows[name] !== trailer.rows[name]) {
      throw damaged(file, `${name} has ${rows[name]} rows in place of ${trailer.rows[name]}`);
    }
  }
  await setSequences(client, trailer);
  const newer = migrations.filter((migration) => !header.migrations.includes(migration.name));
  for (const migration of newer) await applyMigration(client, migration);
  return {
    rows,
    assay: header.assay,
    createdAt: header.createdAt,
    keyFingerprint: header.keyFingerprint,
    migrated: newer.map((migration) => migration.name),
  };
}

function refuseUnknownMigrations(header: BackupHeader, migrations: readonly Migration[], file: string): void {
  const unknown = header.migrations.filter((name) => !migrations.some((migration) => migration.name === name));
  if (unknown.length > 0) {
    throw new AssayError(
      'STORE_NEWER',
      `${file} was made by Assay ${header.assay} and holds ${unknown.join(', ')}, which this version does not know. ` +
        'Restore it with that version or a later one. Nothing was changed.',
    );
  }
}

/** Leaves the tables of the backup's version, all of them empty and kept from everybody else. */
async function prepareSchema(
  client: pg.PoolClient,
  header: BackupHeader,
  migrations: readonly Migration[],
  file: string,
): Promise<void> {
  await beginMigrating(client);
  const found = await client.query<{ name: string }>('SELECT name FROM migration');
  const applied = new Set(found.rows.map((row) => row.name));
  const wanted = migrations.filter((migration) => header.migrations.includes(migration.name));
  if (applied.size === 0) for (const migration of wanted) await applyMigration(client, migration);
  else if (applied.size !== wanted.length || wanted.some((migration) => !applied.has(migration.name))) {
    throw new AssayError(
      'CONFLICT',
      `The database is of another version than the backup ${file} (made by Assay ${header.assay}). Restore into a database ` +
        'or data folder that was never started; it is then brought up to date.',
    );
  }
  const tables = await listTables(client);
  await client.query(`LOCK TABLE ${tables.map((table) => quoted(table.name)).join(', ')} IN ACCESS EXCLUSIVE MODE`);
  const full: string[] = [];
  for (const { name } of tables) {
    if (MAY_HAVE_ROWS.has(name)) await client.query(`DELETE FROM ${quoted(name)}`);
    else if ((await client.query(`SELECT FROM ${quoted(name)} LIMIT 1`)).rowCount) full.push(name);
  }
  if (full.length > 0) {
    throw new AssayError(
      'CONFLICT',
      `The database is not empty (it has rows in ${full.join(', ')}), and a restore would mix with them. Give an empty ` +
        'database or a new data folder. Nothing was changed.',
    );
  }
}

async function setSequences(client: pg.PoolClient, trailer: BackupTrailer): Promise<void> {
  for (const { table, column, value, called } of trailer.sequences) {
    await client.query('SELECT setval(pg_get_serial_sequence($1, $2), $3, $4)', [quoted(table), column, value, called]);
  }
}

/** SQLSTATE classes 22, 23 and 42: the rows do not fit the tables, which an intact backup's always do. */
const MISFIT = /^(22|23|42)/;

function explain(error: unknown, file: string): unknown {
  if (error instanceof AssayError) return error;
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (error instanceof RangeError) return damaged(file, 'it ends too early', error);
  if (code.startsWith('Z_') || code === 'ERR_STREAM_PREMATURE_CLOSE') return damaged(file, message, error);
  if (/^(ENOENT|EACCES|EISDIR)$/.test(code)) {
    return new AssayError('BAD_REQUEST', `The backup ${file} cannot be read: ${message}.`, { cause: error });
  }
  if (MISFIT.test(code)) return damaged(file, message, error);
  return error;
}
