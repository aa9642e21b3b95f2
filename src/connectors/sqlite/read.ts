import { setImmediate as nextTurn } from 'node:timers/promises';
import { AssayError } from '../../errors/assay-error.ts';
import { conditionTest } from '../../model/condition-test.ts';
import { blameCondition } from '../blame-condition.ts';
import { brokenViewError } from '../broken-view.ts';
import type { Partition, ReadColumn, ReadRequest, ReadResult, RowSample } from '../connector.ts';
import { choiceOf, thresholdFor } from './choose-rows.ts';
import { type Declared, declaredColumns } from './columns.ts';
import { isStatementError, sqliteError } from './connect.ts';
import { quoteName, quoteText } from './dialect.ts';
import { partConditions, typesOfPart } from './partitions.ts';
import { findClasses } from './storage-classes.ts';
import { readType, type StorageClasses, withBasis } from './types.ts';

type Database = import('node:sqlite').DatabaseSync;

const BATCH_ROWS = 2_048;

/**
 * Rows as batches of column arrays. Values are bigint, number or text as the column's `duckdbType` says; bytes are lower-case
 * hex. Between batches other work gets its turn, so that `signal` is heard. Types and rows come from one snapshot. `done` is
 * called when the last batch was taken, the reader walked away, or there is nothing to read.
 */
export async function readTable(
  database: Database,
  file: string,
  request: ReadRequest,
  done: () => void,
): Promise<ReadResult> {
  const [schema, table] = request.path;
  try {
    if (schema !== 'main' || table === undefined)
      throw new AssayError('SOURCE_NO_OBJECT', `SQLite has no "${request.path.join('/')}": expected main/<table>`);
    database.exec('BEGIN');
    const declared = declaredColumns(database, file, table, request.columns);
    checkWhere(database, table, request.where);
    const rows = rowsOf(database, table, request);
    const columns = await typesOf(database, declared, rows, request.partition);
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

/** What a view reads is gone, where the view itself is not; or the condition computes what cannot be. */
function readError(cause: unknown, file: string, request: ReadRequest): AssayError {
  const { type, path } = request;
  if (!isStatementError(cause)) return sqliteError(cause, file);
  return type === 'VIEW' && /^no such /.test((cause as Error).message)
    ? brokenViewError(path, (cause as Error).message, cause)
    : blameCondition(sqliteError(cause, file), request);
}

/** What is stored decides the types; of a part that was done once, for the whole table. */
async function typesOf(
  database: Database,
  declared: readonly Declared[],
  rows: string,
  partition: Partition | undefined,
): Promise<ReadColumn[]> {
  const planned = typesOfPart(partition);
  if (planned)
    return declared.map(({ name, type }) => ({
      name,
      nativeType: type,
      ...withBasis(type, planned[name] ?? 'VARCHAR'),
    }));
  const names = declared.map(({ name }) => name);
  const classes = await findClasses(database, names, [rows], async () => {});
  return declared.map(({ name, type }, i) => ({
    name,
    nativeType: type,
    ...readType(type, classes[i] as StorageClasses),
  }));
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
  const conditions = [
    ...partConditions(database, table, request.partition),
    ...(mark ? [fromCondition(mark)] : []),
    ...(where === undefined ? [] : [`(${where}\n)`]),
  ].join(' AND ');
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
const inOneOrder = (table: string, { columns, sample, partition }: ReadRequest): string =>
  `${quoteName(table)}${columns || sample || partition ? ' NOT INDEXED' : ''}`;

/** A number beside a text is always the smaller one, unless the column has a type; so it stands without quotes. */
function fromCondition({ column, value }: NonNullable<ReadRequest['from']>): string {
  return `${quoteName(column)} >= ${/^-?\d+(\.\d+)?$/.test(value) ? value : quoteText(value)}`;
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
