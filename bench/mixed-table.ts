import { createReadStream } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';
import type { ReadResult } from '../src/connectors/connector.ts';

/** The ways in which rows reach us: a columnar file, a text file, a stream of text as a database sends it. */
export const INPUTS = ['Parquet', 'CSV file', 'CSV stream'] as const;
export type Input = (typeof INPUTS)[number];

/** Name, type and expression of the 12 columns; `i` is the row's number. */
const mixedColumns = (rows: number): [name: string, type: string, sql: string][] => [
  ['id', 'BIGINT', 'i::BIGINT'],
  ['token', 'VARCHAR', 'md5(i::VARCHAR)'],
  ['customer', 'VARCHAR', "'customer ' || (i * 7919 % 5000)"],
  ['ratio', 'DOUBLE', '(hash(i) % 1000000 / 997.0)::DOUBLE'],
  ['branch', 'INTEGER', '(i % 100)::INTEGER'],
  ['amount', 'DECIMAL(12,2)', '((hash(i + 1) % 100000000) / 100)::DECIMAL(12,2)'],
  ['booked_at', 'TIMESTAMP', "TIMESTAMP '2020-01-01' + INTERVAL 1 SECOND * (i * 37 % 100000000)"],
  ['opened', 'DATE', "DATE '2000-01-01' + (hash(i + 2) % 9000)::INTEGER"],
  ['email', 'VARCHAR', `'user' || (hash(i + 3) % ${Math.max(1, Math.round(rows * 0.89))}) || '@example.com'`],
  ['note', 'VARCHAR', "CASE WHEN i % 5 = 0 THEN NULL WHEN i % 7 = 0 THEN ' ' ELSE 'note number ' || i END"],
  ['active', 'BOOLEAN', 'i % 2 = 0'],
  ['status', 'VARCHAR', "['open', 'closed', 'blocked'][1 + (hash(i + 4) % 3)::INTEGER]"],
];

/**
 * A table of 12 mixed columns, seeded by the row's number: the same rows on every machine. Among them unique texts (`token`),
 * texts of which six tenths of the rows are different (`email`: 6 million at 10 million rows) and of 5,000 different ones
 * (`customer`), integers, decimals, doubles, dates and timestamps.
 *
 * @param columns more than 12: the same mix again with other values, under names with a number
 */
export function mixedRows(rows: number, columns = 12): string {
  const list = Array.from({ length: columns }, (_, at) => {
    const [name, , sql] = mixedColumns(rows)[at % 12]!;
    const again = Math.floor(at / 12);
    return again === 0
      ? `${sql} AS ${name}`
      : `${sql.replaceAll(/\bi\b/g, `(i + ${again * 999_983})`)} AS ${name}${again}`;
  });
  return `SELECT ${list.join(', ')} FROM range(${rows}) r(i)`;
}

/** What a connector would hand on of such a table, in a file at `path`. */
export function readMixed(input: Input, path: string, columns = 12): ReadResult {
  if (input === 'Parquet') return { kind: 'relation', spec: { kind: 'parquet', paths: [path] } };
  if (input === 'CSV file') return { kind: 'relation', spec: { kind: 'csv', paths: [path], delimiter: ',' } };
  return {
    kind: 'bytes',
    format: 'csv',
    csv: { delimiter: ',', quote: '"', escape: '"', header: true, nullText: '' },
    columns: Array.from({ length: columns }, (_, at) => {
      const type = mixedColumns(1)[at % 12]![1];
      return { name: `c${at}`, nativeType: type, duckdbType: type, typeBasis: 'precise' };
    }),
    stream: createReadStream(path, { highWaterMark: 1 << 18 }),
  };
}

export interface DuckDbLimits {
  threads: number;
  memoryMb: number;
  tempFolder: string;
}

/** Writes such a table; in the order of its rows, and without holding it in memory. */
export const writeMixed = (
  path: string,
  input: Input,
  rows: number,
  limits: DuckDbLimits,
  columns = 12,
): Promise<void> =>
  onDuckDb(
    `COPY (${mixedRows(rows, columns)}) TO '${path}' (${input === 'Parquet' ? 'FORMAT parquet, COMPRESSION zstd' : 'FORMAT csv'})`,
    limits,
  );

/** Runs statements on a DuckDB of their own. */
export async function onDuckDb(sql: string, limits: DuckDbLimits): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(limits.threads),
    memory_limit: `${limits.memoryMb}MB`,
    temp_directory: limits.tempFolder,
  });
  const connection = await instance.connect();
  await connection.run(sql);
  connection.closeSync();
  instance.closeSync();
}
