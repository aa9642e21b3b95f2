import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from } from 'pg-copy-streams';
import { copyLine } from './copy-into.ts';

/** Rows for one table of a sample database. Names are put into statements as they are: never from outside. */
export interface SampleRows {
  /** `schema.table`. */
  table: string;
  columns: readonly string[];
  rows: Iterable<readonly (string | number | boolean | null)[]>;
}

export interface SampleDatabase {
  name: string;
  before: readonly string[];
  tables: readonly SampleRows[];
  after: readonly string[];
  /** A login that may read everything in it and nothing elsewhere. */
  reader: { name: string; password: string };
}

/** Lines are sent in pieces of this many characters: one piece per row would spend most of the time on the stream. */
const PIECE = 256 * 1024;

/**
 * Makes a database beside the catalog's own, replacing one of that name, and fills it by COPY. Tables and rows come in one
 * transaction: with `wal_level = minimal` the server then writes them once instead of twice.
 *
 * @param connection a superuser's
 * @param onRows called as rows come in, with the total so far
 */
export async function createSampleDatabase(
  connection: pg.ClientConfig,
  sample: SampleDatabase,
  onRows: (rows: number) => void = () => {},
): Promise<number> {
  await runStatements(connection, [
    `DROP DATABASE IF EXISTS ${sample.name} WITH (FORCE)`,
    `CREATE DATABASE ${sample.name} TEMPLATE template0 ENCODING 'UTF8'`,
    ...readerStatements(sample.reader),
  ]);
  const client = new pg.Client({ ...connection, database: sample.name, application_name: 'assay sample' });
  await client.connect();
  let total = 0;
  try {
    await client.query('BEGIN');
    for (const statement of sample.before) await client.query(statement);
    for (const { table, columns, rows } of sample.tables) {
      const copy = client.query(from(`COPY ${table} (${columns.join(', ')}) FROM STDIN (FREEZE)`));
      const start = total;
      await pipeline(
        Readable.from(
          pieces(rows, (count) => {
            total = start + count;
            onRows(total);
          }),
        ),
        copy,
      );
    }
    for (const statement of sample.after) await client.query(statement);
    for (const schema of new Set(sample.tables.map(({ table }) => table.split('.')[0]))) {
      await client.query(`GRANT USAGE ON SCHEMA ${schema} TO ${sample.reader.name}`);
      await client.query(`GRANT SELECT ON ALL TABLES IN SCHEMA ${schema} TO ${sample.reader.name}`);
      await client.query(
        `ALTER DEFAULT PRIVILEGES IN SCHEMA ${schema} GRANT SELECT ON TABLES TO ${sample.reader.name}`,
      );
    }
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
  return total;
}

/** Runs statements one after the other, each on its own. */
export async function runStatements(connection: pg.ClientConfig, statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ ...connection, application_name: 'assay sample' });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

function* pieces(rows: SampleRows['rows'], onRows: (count: number) => void): Iterable<string> {
  let piece = '';
  let count = 0;
  for (const row of rows) {
    piece += copyLine(row);
    count++;
    if (piece.length < PIECE) continue;
    yield piece;
    piece = '';
    onRows(count);
  }
  if (piece !== '') yield piece;
  onRows(count);
}

function readerStatements({ name, password }: SampleDatabase['reader']): string[] {
  return [
    `DO $$ BEGIN CREATE ROLE ${name} LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$`,
    `ALTER ROLE ${name} PASSWORD ${pg.escapeLiteral(password)}`,
  ];
}
