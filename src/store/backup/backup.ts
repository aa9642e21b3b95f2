import { open, rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { AssayError } from '../../errors/assay-error.ts';
import { planMigrations } from '../migrate.ts';
import { FINGERPRINT_META_KEY } from '../secrets/load-secrets.ts';
import { type BackupHeader, type BackupTrailer, FORMAT, FORMAT_VERSION, SESSION } from './format.ts';
import { columnList, listTables, quoted, readSequences } from './tables.ts';

export interface BackupReport {
  file: string;
  bytes: number;
  rows: Record<string, number>;
  /** The key that the secrets in it need; null when there is none. */
  keyFingerprint: string | null;
}

/**
 * Writes all our tables into a file as they are at one moment, while everything goes on. Secrets stay ciphertext: keep the key
 * as well. The file appears under its name only when it is whole; only its owner can read it.
 *
 * @param assayVersion goes into the header
 * @throws AssayError CONFLICT when the file exists, DISK_FULL
 */
export async function backup(pool: pg.Pool, file: string, assayVersion: string): Promise<BackupReport> {
  const draft = `${file}.${process.pid}.part`;
  await refuseExisting(file);
  const client = await pool.connect();
  let failed = true;
  try {
    const { applied } = await planMigrations(pool);
    if (applied.length === 0) throw new AssayError('NOTHING_TO_WORK_ON', 'The database is empty: nothing to back up.');
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await client.query(SESSION);
    const report = await writeFile(client, draft, { migrations: applied, assay: assayVersion });
    await client.query('COMMIT');
    await rename(draft, file);
    failed = false;
    return { file, ...report };
  } catch (error) {
    throw explain(error, file);
  } finally {
    // In the middle of a COPY a connection cannot be used again.
    client.release(failed);
    if (failed) await rm(draft, { force: true });
  }
}

async function writeFile(
  client: pg.PoolClient,
  draft: string,
  origin: { migrations: string[]; assay: string },
): Promise<Omit<BackupReport, 'file'>> {
  const handle = await open(draft, 'wx', 0o600);
  try {
    let written: Omit<BackupReport, 'file' | 'bytes'> = { rows: {}, keyFingerprint: null };
    const lines = async function* (): AsyncGenerator<Buffer | string> {
      written = yield* writeLines(client, origin);
    };
    await pipeline(lines, createGzip({ level: 6 }), async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) await handle.writeFile(chunk);
    });
    await handle.sync();
    return { ...written, bytes: (await handle.stat()).size };
  } finally {
    await handle.close();
  }
}

async function* writeLines(
  client: pg.PoolClient,
  origin: { migrations: string[]; assay: string },
): AsyncGenerator<Buffer | string, Omit<BackupReport, 'file' | 'bytes'>> {
  const fingerprint = await client.query<{ fingerprint: string }>(
    `SELECT value->>'fingerprint' AS fingerprint FROM meta WHERE key = $1`,
    [FINGERPRINT_META_KEY],
  );
  const header: BackupHeader = {
    format: FORMAT,
    version: FORMAT_VERSION,
    assay: origin.assay,
    createdAt: new Date().toISOString(),
    migrations: origin.migrations,
    keyFingerprint: fingerprint.rows[0]?.fingerprint ?? null,
    tables: await listTables(client),
  };
  yield `${JSON.stringify(header)}\n`;
  const rows: Record<string, number> = {};
  for (const { name, columns } of header.tables) {
    // `serve` tells who serves the folder just now.
    const from = name === 'meta' ? `(SELECT ${columnList(columns)} FROM meta WHERE key <> 'serve')` : undefined;
    const stream = client.query(copyTo(`COPY ${from ?? `${quoted(name)} (${columnList(columns)})`} TO STDOUT`));
    yield* stream as AsyncIterable<Buffer>;
    rows[name] = stream.rowCount;
    yield '\\.\n';
  }
  const trailer: BackupTrailer = { end: true, rows, sequences: await readSequences(client) };
  yield `${JSON.stringify(trailer)}\n`;
  return { rows, keyFingerprint: header.keyFingerprint };
}

async function refuseExisting(file: string): Promise<void> {
  const found = await open(file, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!found) return;
  await found.close();
  throw new AssayError('CONFLICT', `${file} exists already; give a name that is free.`);
}

function explain(error: unknown, file: string): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new AssayError('DISK_FULL', `The disk is full: the backup ${file} was not written.`, { cause: error });
  }
  if (code === 'ENOENT' || code === 'EACCES' || code === 'EROFS') {
    return new AssayError('BAD_REQUEST', `The backup ${file} cannot be written: ${(error as Error).message}.`, {
      cause: error,
    });
  }
  return error;
}
