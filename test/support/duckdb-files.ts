import { tmpdir } from 'node:os';
import { DuckDBInstance } from '@duckdb/node-api';
import type { OpenDuckDb } from '../../src/connectors/connector.ts';
import { openDatabaseFile } from '../../src/profile/duckdb/database-file.ts';

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
