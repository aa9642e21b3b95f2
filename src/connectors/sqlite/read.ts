import { setImmediate as nextTurn } from 'node:timers/promises';
import { AssayError } from '../../errors/assay-error.ts';
import { conditionTest } from '../../model/condition-test.ts';
import { brokenViewError } from '../broken-view.ts';
import type { ReadColumn, ReadRequest, ReadResult, RowSample } from '../connector.ts';
import { choiceOf, thresholdFor } from './choose-rows.ts';
import { isStatementError, sqliteError } from './connect.ts';
import { quoteName, quoteText } from './dialect.ts';
import { readType, type StorageClasses } from './types.ts';

type Database = import('node:sqlite').DatabaseSync;

const BATCH_ROWS = 2_048;

/**
 * Rows as batches of column arrays. Values are bigint, number or text as the column's `duckdbType` says; bytes are lower-case
 * hex. Between batches other work gets its turn, so that `signal` is heard. Types and rows come from one snapshot. `done` is
 * called when the last batch was taken, the reader walked away, or there is nothing to read.
 */
export function readTable(database: Database, file: string, request: ReadRequest, done: () => void): ReadResult {
  const [schema, table] = request.path;
  try {
    if (schema !== 'main' || table === undefined)
      throw new AssayError('SOURCE_NO_OBJECT', `SQLite has no "${request.path.join('/')}": expected main/<table>`);
    database.exec('BEGIN');
    const declared = declaredColumns(database, table, request.columns);
    if (declared.length === 0)
      throw new AssayError(
        'SOURCE_NO_OBJECT',
        `"${file}" no longer has the table "${table}"; ingest its metadata again`,
      );
    checkWhere(database, table, request.where);
    const rows = rowsOf(database, table, request);
    const columns = inferColumns(database, declared, rows);
    const list = columns.map((column) => expressionOf(column)).join(', ');
    const batches = batchesOf(database, `SELECT ${list} FROM ${rows}`, columns, file, request, done);
    const took = request.sample?.kind === 'blocks' ? { took: 'first rows' as const } : {};
    // More than were asked for: as many as were wanted are kept of them.
    const rest = request.sample?.kind === 'rows' ? { rest: { sample: request.sample } } : {};
    return { kind: 'batches', columns, batches, ...took, ...rest };
  } catch (cause) {
    done();
    throw readError(cause, file, request);
  }
}

/** What a view reads is gone, where the view itself is not. */
const readError = (cause: unknown, file: string, { type, path }: ReadRequest): AssayError =>
  type === 'VIEW' && isStatementError(cause) && /^no such /.test((cause as Error).message)
    ? brokenViewError(path, (cause as Error).message, cause)
    : sqliteError(cause, file);

function declaredColumns(
  database: Database,
  table: string,
  wanted: readonly string[] | undefined,
): { name: string; type: string }[] {
  const all = database
    .prepare('SELECT name, type FROM pragma_table_xinfo(?) WHERE hidden <> 1 ORDER BY cid')
    .all(table) as {
    name: string;
    type: string;
  }[];
  if (!wanted) return all;
  const missing = wanted.filter((name) => !all.some((column) => column.name === name));
  if (missing.length > 0)
    throw new AssayError('SOURCE_NO_OBJECT', `table "${table}" no longer has the columns ${missing.join(', ')}`);
  return wanted.map((name) => all.find((column) => column.name === name) as (typeof all)[number]);
}

/** Finds a condition that is none before anything is read. The file is open for reading only. */
function checkWhere(database: Database, table: string, where: string | undefined): void {
  if (where === undefined) return;
  try {
    database.prepare(conditionTest(quoteName(table), where));
  } catch (cause) {
    const { errcode, message } = cause as { errcode?: number; message: string };
    if (errcode !== 1) throw cause;
    throw new AssayError('BAD_REQUEST', `whereClause: SQLite says: ${message}`, { cause });
  }
}

/** What stands behind FROM: the table, cut down as the request says. */
function rowsOf(database: Database, table: string, request: ReadRequest): string {
  const { where, from: mark, sample } = request;
  const conditions = [...(mark ? [fromCondition(mark)] : []), ...(where === undefined ? [] : [`(${where}\n)`])].join(
    ' AND ',
  );
  const firstRows = sample?.kind === 'blocks' ? sample.rows : Number.POSITIVE_INFINITY;
  const most = Math.min(request.limit ?? Number.POSITIVE_INFINITY, firstRows);
  const limit = most === Number.POSITIVE_INFINITY ? '' : ` LIMIT ${Math.max(0, Math.floor(most))}`;
  const from = `FROM ${inOneOrder(table, request)}`;
  if (!sample || sample.kind === 'blocks') {
    if (conditions === '' && limit === '') return inOneOrder(table, request);
    return `(SELECT * ${from}${conditions === '' ? '' : ` WHERE ${conditions}`}${limit})`;
  }
  const where1 = conditions === '' ? '' : ` WHERE ${conditions}`;
  // The number of a row begins anew with each statement; a table need not have a rowid, a view has none.
  const numbered = `(SELECT *, row_number() OVER () AS "assay row" ${from}${where1})`;
  if (sample.kind === 'nth') return `(SELECT * FROM ${numbered} WHERE "assay row" % ${sample.n} = 0${limit})`;
  const choose = choiceOf(sample.seed, thresholdOf(database, sample, `FROM ${quoteName(table)}${where1}`));
  database.function('assay_chosen', { deterministic: true }, (row) => (choose(Number(row)) ? 1 : 0));
  return `(SELECT * FROM ${numbered} WHERE assay_chosen("assay row")${limit})`;
}

function thresholdOf(database: Database, sample: Extract<RowSample, { kind: 'share' | 'rows' }>, from: string): number {
  if (sample.kind === 'share') return Math.round((sample.percent / 100) * 2 ** 32);
  const { n } = database.prepare(`SELECT count(*) AS n ${from}`).get() as { n: number };
  return thresholdFor(sample.rows, n);
}

/**
 * The table in its own order. An index that holds all columns that are read would be read in its stead, in another order for
 * each group of columns: the rows of one group would not be those of the next. A view stays in the order that SQLite gives it.
 */
const inOneOrder = (table: string, { columns, sample }: ReadRequest): string =>
  `${quoteName(table)}${columns || sample ? ' NOT INDEXED' : ''}`;

/** A number beside a text is always the smaller one, unless the column has a type; so it stands without quotes. */
function fromCondition({ column, value }: NonNullable<ReadRequest['from']>): string {
  return `${quoteName(column)} >= ${/^-?\d+(\.\d+)?$/.test(value) ? value : quoteText(value)}`;
}

/** One pass that counts the storage classes of every column: declared types bind nobody in SQLite. */
function inferColumns(database: Database, declared: { name: string; type: string }[], rows: string): ReadColumn[] {
  const counts = declared.flatMap(({ name }) => {
    const column = quoteName(name);
    const of = (type: string): string => `coalesce(sum(typeof(${column}) = '${type}'), 0)`;
    const large = `coalesce(sum(typeof(${column}) = 'integer' AND abs(${column} / 2) > 4503599627370496), 0)`;
    return [of('integer'), of('real'), of('text'), of('blob'), large];
  });
  // SQLite allows 2,000 columns in a result: five counts each, so wide tables take several passes.
  const found: number[] = [];
  for (let from = 0; from < counts.length; from += 1_500) {
    const part = counts.slice(from, from + 1_500).map((count, index) => `${count} AS c${index}`);
    found.push(
      ...Object.values(database.prepare(`SELECT ${part.join(', ')} FROM ${rows}`).get() as Record<string, number>),
    );
  }
  return declared.map(({ name, type }, index) => {
    const [integer = 0, real = 0, text = 0, blob = 0, large = 0] = found.slice(index * 5, index * 5 + 5);
    const classes: StorageClasses = { integer, real, text, blob, large };
    return { name, nativeType: type, ...readType(type, classes) };
  });
}

/** Text as SQLite itself would write it, so that 1.0 stays `1.0`. */
function expressionOf(column: ReadColumn): string {
  const name = quoteName(column.name);
  if (column.duckdbType !== 'VARCHAR') return name;
  return `CASE typeof(${name}) WHEN 'blob' THEN lower(hex(${name})) ELSE CAST(${name} AS TEXT) END AS ${name}`;
}

async function* batchesOf(
  database: Database,
  statement: string,
  columns: ReadColumn[],
  file: string,
  request: ReadRequest,
  done: () => void,
): AsyncIterable<unknown[][]> {
  const { signal } = request;
  try {
    const query = database.prepare(statement);
    query.setReadBigInts(true);
    query.setReturnArrays(true);
    let batch: unknown[][] = columns.map(() => []);
    for (const row of query.iterate() as unknown as Iterable<unknown[]>) {
      for (let at = 0; at < columns.length; at++) {
        const value = row[at];
        batch[at]?.push(
          typeof value === 'bigint' && columns[at]?.duckdbType === 'DOUBLE' ? Number(value) : (value ?? null),
        );
      }
      if ((batch[0]?.length ?? 0) < BATCH_ROWS) continue;
      yield batch;
      batch = columns.map(() => []);
      await nextTurn();
      signal.throwIfAborted();
    }
    if ((batch[0]?.length ?? 0) > 0) yield batch;
  } catch (cause) {
    if (signal.aborted) throw cause;
    throw readError(cause, file, request);
  } finally {
    done();
  }
}
