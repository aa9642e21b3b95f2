import { finished } from 'node:stream';
import { AssayError } from '../../errors/assay-error.ts';
import { brokenViewError } from '../broken-view.ts';
import type { CsvFormat, Partition, ReadColumn, ReadRequest, ReadResult } from '../connector.ts';
import type { PostgresAddress } from './address.ts';
import { tuplesOf } from './catalog.ts';
import { chooseRows, fromCondition, ROWS_PER_PAGE } from './choose-rows.ts';
import { blameComputing, checkCondition } from './condition.ts';
import type { Session } from './connect.ts';
import { CopyOut } from './copy-out.ts';
import { quoteName, quoteText } from './dialect.ts';
import { toSourceError } from './source-error.ts';
import { toDuckdbType } from './types.ts';

/** `\N` marks null, so that no line is ever empty: readers of CSV skip empty lines. */
const CSV: CsvFormat = { delimiter: ',', quote: '"', escape: '"', header: false, nullText: '\\N' };

const READABLE = `
WITH RECURSIVE relation AS (
  SELECT c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'p', 'f', 'v', 'm')
), base(num, oid, typmod) AS (
  SELECT a.attnum, a.atttypid, a.atttypmod FROM pg_catalog.pg_attribute a JOIN relation r ON r.oid = a.attrelid
  WHERE a.attnum > 0 AND NOT a.attisdropped
  UNION ALL
  SELECT b.num, t.typbasetype, t.typtypmod FROM base b JOIN pg_catalog.pg_type t ON t.oid = b.oid WHERE t.typtype = 'd'
)
SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS native, t.typtype, b.typmod,
  CASE WHEN t.typnamespace = 'pg_catalog'::regnamespace THEN t.typname ELSE t.typnamespace::regnamespace || '.' || t.typname END AS typname
FROM relation r
LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN base b ON b.num = a.attnum AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_type d WHERE d.oid = b.oid AND d.typtype = 'd')
LEFT JOIN pg_catalog.pg_type t ON t.oid = b.oid
ORDER BY a.attnum`;

export interface ReadableRow extends Record<string, unknown> {
  name: string | null;
  native: string;
  /** Of a type that is not PostgreSQL's own with its schema, for an extension may have a `date` of another kind. */
  typname: string;
  typtype: string;
  typmod: number;
}

/**
 * The same rows in the same order each time, for the columns of a table may be read by several tasks: no plan in parallel, no scan
 * that begins in the middle, no index read in place of the table, in another order, because it holds all columns of a task.
 */
const IN_ORDER =
  'SET LOCAL synchronize_seqscans = off; SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL enable_indexonlyscan = off';
const needsOrder = ({ columns, sample, limit }: ReadRequest): boolean =>
  columns !== undefined || sample !== undefined || limit !== undefined;

/**
 * Streams rows by COPY. `release` is called once, when the last byte was read or the stream was given up; a stream that is
 * destroyed early stops its statement in the server.
 */
export async function readTable(
  session: Session,
  address: PostgresAddress,
  request: ReadRequest,
  release: () => void,
): Promise<ReadResult> {
  const { signal } = request;
  try {
    const columns = (await readableColumns(session, request)).map(toReadColumn);
    await session.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY', [], signal);
    if (request.where !== undefined) await checkCondition(session, request, signal);
    if (needsOrder(request)) await session.query(IN_ORDER);
    const { from, keep, most, took } = await chooseRows(session, request, conditionsOf(request));
    const select = buildSelect(request, columns, from, most);
    const stream = session.client.query(
      new CopyOut(`COPY (${select}) TO STDOUT (${copyOptions(columns)})`, (error) =>
        signal.aborted ? cancelled(error) : readError(error, address, request),
      ),
    );
    watch(stream, session, signal, release, request.where !== undefined);
    return {
      kind: 'bytes',
      format: 'csv',
      csv: CSV,
      columns,
      stream,
      ...(keep ? { rest: { sample: keep } } : {}),
      ...(took ? { took } : {}),
    };
  } catch (error) {
    if (!session.dead) await session.query('ROLLBACK').catch(() => session.end());
    release();
    // Rows are counted by the condition before some samples are read.
    throw blameComputing(toSourceError(error, address, request.where !== undefined), request);
  }
}

function watch(stream: CopyOut, session: Session, signal: AbortSignal, release: () => void, once: boolean): void {
  const abort = (): void => {
    stream.destroy(new AssayError('CANCELLED', 'reading was cancelled and the statement stopped in the source'));
  };
  // The server may answer the cancel after the stream was given up.
  stream.on('error', () => {});
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  finished(stream, { writable: false }, (error) => {
    signal.removeEventListener('abort', abort);
    if (!error) {
      // What SQL of a user set in its session ends with it.
      const commit = session.query('COMMIT');
      (once ? commit.then(() => session.end()) : commit).then(release, () => session.end().then(release));
      return;
    }
    session
      .stop()
      .catch(() => {})
      .then(() => session.end())
      .then(release);
  });
}

/** A view that is there, and reads what is not: its functions are looked into only when they run. */
function readError(thrown: unknown, address: PostgresAddress, request: ReadRequest): AssayError {
  const { type, path } = request;
  const error = toSourceError(thrown, address, true);
  return type === 'VIEW' && error.code === 'SOURCE_NO_OBJECT'
    ? brokenViewError(path, error.message, error)
    : blameComputing(error, request);
}

function cancelled(error: unknown): AssayError {
  if (error instanceof AssayError) return error;
  return new AssayError('CANCELLED', 'reading was cancelled and the statement stopped in the source', { cause: error });
}

type ColumnsRequest = Pick<ReadRequest, 'path' | 'columns' | 'where' | 'signal'>;

/** What the catalog says of the columns that were asked for, in their order. */
export async function readableColumns(session: Session, request: ColumnsRequest): Promise<ReadableRow[]> {
  const [schema, table] = tablePath(request.path);
  const rows = await session.query<ReadableRow>(READABLE, [schema, table], request.signal);
  if (rows.length === 0)
    throw new AssayError('SOURCE_NO_OBJECT', `there is no table or view "${table}" in schema "${schema}" (any more)`);
  const all = rows.filter((row) => row.name !== null);
  const unknown = (request.columns ?? []).filter((name) => !all.some((row) => row.name === name));
  if (unknown.length > 0)
    throw new AssayError(
      'SOURCE_NO_OBJECT',
      `"${schema}"."${table}" has no column ${unknown.map((one) => `"${one}"`).join(', ')}`,
    );
  const wanted = request.columns ? request.columns.map((name) => all.find((row) => row.name === name)) : all;
  if (request.columns?.length === 0)
    throw new AssayError('NOT_SUPPORTED', `no column of "${schema}"."${table}" was asked for`);
  return wanted as ReadableRow[];
}

export const toReadColumn = (row: ReadableRow): ReadColumn => ({
  name: String(row.name),
  nativeType: row.native,
  ...toDuckdbType(row),
});

export function tablePath(path: readonly string[]): [string, string] {
  const [schema, table, ...rest] = path;
  if (schema === undefined || table === undefined || rest.length > 0)
    throw new AssayError('WRONG_ENTITY_TYPE', `received /${path.join('/')}, expected a table or view: /schema/table`);
  return [schema, table];
}

function conditionsOf(request: ReadRequest): string[] {
  const conditions = [...partitionConditions(request.partition), ...fromCondition(request)];
  // On a line of its own: a comment at the end of the user's text must not swallow what follows.
  if (request.where !== undefined) conditions.push(`(${request.where}\n)`);
  return conditions;
}

function buildSelect(
  request: ReadRequest,
  columns: ReadColumn[],
  from: string,
  mostRows = Number.POSITIVE_INFINITY,
): string {
  const most = Math.min(request.limit ?? Number.POSITIVE_INFINITY, mostRows);
  const limit = most === Number.POSITIVE_INFINITY ? '' : ` LIMIT ${Math.max(0, Math.trunc(most))}`;
  return `SELECT ${columns.map(({ name }) => quoteName(name)).join(', ')} FROM ${from}${limit}`;
}

/** The only text column of a line is quoted always: an empty text would be an empty line. */
function copyOptions(columns: ReadColumn[]): string {
  const [only] = columns;
  const quoteAll = columns.length === 1 && only?.duckdbType === 'VARCHAR' ? ', FORCE_QUOTE *' : '';
  return `FORMAT csv, NULL ${quoteText(CSV.nullText)}${quoteAll}`;
}

function partitionConditions(partition: Partition | undefined): string[] {
  if (!partition) return [];
  const { fromPage, toPage } = partition.spec as { fromPage?: number; toPage?: number };
  const conditions: string[] = [];
  if (fromPage) conditions.push(`ctid >= '(${Math.trunc(fromPage)},0)'::tid`);
  if (toPage !== undefined) conditions.push(`ctid < '(${Math.trunc(toPage)},0)'::tid`);
  return conditions;
}

/** TID range scans came with PostgreSQL 14; before, every part would read the whole table. */
const TID_RANGE_SCAN = 140000;

const PAGES = (version: number): string => `
SELECT c.relkind AS kind, (${tuplesOf('c', version)})::float8 AS tuples,
  CASE WHEN c.relkind IN ('r', 'm') THEN pg_relation_size(c.oid) / current_setting('block_size')::int ELSE 0 END::float8 AS pages
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'p', 'f', 'v', 'm')`;

/** Page ranges of about `targetRows` rows. The last one is open, so that a growing table is read whole. */
export async function planPages(
  session: Session,
  path: readonly string[],
  targetRows: number,
  signal: AbortSignal,
): Promise<Partition[]> {
  const [schema, table] = tablePath(path);
  const [row] = await session.query<{ kind: string; tuples: number; pages: number }>(
    PAGES(session.version),
    [schema, table],
    signal,
  );
  if (!row)
    throw new AssayError('SOURCE_NO_OBJECT', `there is no table or view "${table}" in schema "${schema}" (any more)`);
  const rows = row.tuples >= 0 ? row.tuples : row.pages * ROWS_PER_PAGE;
  return cutPages(session.version >= TID_RANGE_SCAN ? row.pages : 0, rows, targetRows);
}

export function cutPages(pages: number, rows: number, targetRows: number): Partition[] {
  const parts = Math.max(1, Math.min(pages, Math.ceil(rows / Math.max(1, targetRows))));
  return Array.from({ length: parts }, (_, index) => {
    const spec: Record<string, unknown> = { fromPage: Math.floor((pages * index) / parts) };
    if (index + 1 < parts) spec.toPage = Math.floor((pages * (index + 1)) / parts);
    return { key: String(index).padStart(6, '0'), spec, rows: Math.round(rows / parts) };
  });
}
