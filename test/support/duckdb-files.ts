import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import type { OpenDuckDb, ReadRowGroups } from '../../src/connectors/connector.ts';
import { openDatabaseFile } from '../../src/profile/duckdb/database-file.ts';
import { readRowGroups } from '../../src/profile/duckdb/parquet-footer.ts';

/** Runs statements in a DuckDB that keeps what it makes in a file. The file is closed, and all in it, afterwards. */
export async function writeDuckDb(path: string, statements: readonly string[]): Promise<void> {
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  try {
    for (const statement of statements) await connection.run(statement);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** Options of COPY … TO for a file with this ending: `csv.gz`, `jsonl`, `parquet`. */
export function copyOptions(ending: string): string {
  const [format = '', packing] = ending.split('.');
  const compression = packing === undefined ? '' : `, COMPRESSION ${packing === 'gz' ? 'gzip' : 'zstd'}`;
  if (format === 'parquet') return '(FORMAT parquet)';
  if (format === 'json') return `(FORMAT json, ARRAY true${compression})`;
  if (format === 'jsonl') return `(FORMAT json${compression})`;
  return `(FORMAT csv, HEADER, DELIMITER '${format === 'tsv' ? '\\t' : ','}', FORCE_QUOTE *${compression})`;
}

/** What a worker hands to connectors. */
export const openDuckDbForTests: OpenDuckDb = (path, signal) =>
  openDatabaseFile(path, { memoryMb: 64, threads: 1, tempFolder: tmpdir(), signal });

export const readRowGroupsForTests: ReadRowGroups = (path, signal) =>
  readRowGroups(path, { memoryMb: 64, threads: 1, tempFolder: tmpdir(), signal });

/** Another process that has the file open for writing. Killing it leaves its changes in the write-ahead log. */
export async function holdForWriting(path: string, statements: readonly string[]): Promise<ChildProcess> {
  const writer = fileURLToPath(new URL('./duckdb-writer.ts', import.meta.url));
  const child = spawn(process.execPath, [writer, path, ...statements], { stdio: ['ignore', 'pipe', 'inherit'] });
  await Promise.race([
    once(child.stdout as NonNullable<typeof child.stdout>, 'data'),
    once(child, 'exit').then(() => Promise.reject(new Error('the writer ended before it held the file'))),
  ]);
  return child;
}

export async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
