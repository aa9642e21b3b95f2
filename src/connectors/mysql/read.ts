import { Readable } from 'node:stream';
import { AssayError } from '../../errors/assay-error.ts';
import { conditionTest } from '../../model/condition-test.ts';
import type { ReadColumn, ReadRequest, ReadResult } from '../connector.ts';
import type { MysqlAddress } from './address.ts';
import { type ColumnRow, columnsOfTable, toColumnRow } from './catalog.ts';
import { type ChosenRows, chooseRows, fromCondition } from './choose-rows.ts';
import { CSV, type CsvColumn, CsvRows } from './csv-rows.ts';
import { quoteName, quotePath, tablePath } from './dialect.ts';
import { inOneOrder } from './one-order.ts';
import { partitionCondition } from './partitions.ts';
import { toRowsError } from './rows-error.ts';
import type { Session } from './session.ts';
import { numberOf, toSourceError } from './source-error.ts';
import { toDuckdbType } from './types.ts';

type Selected = ReadColumn & CsvColumn & { expression: string };

/** Bytes handed on at once. */
const CHUNK_BYTES = 64 * 1024;

/**
 * Streams rows as CSV. `release` is called once, when the last row was sent or the stream was given up; a stream that is
 * destroyed early stops its statement in the server.
 */
export async function readTable(
  session: Session,
  address: MysqlAddress,
  request: ReadRequest,
  release: () => void,
): Promise<ReadResult> {
  const { signal } = request;
  try {
    const selected = await selectColumns(session, request);
    if (request.where !== undefined) await checkWhere(session, request);
    await session.query('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY', signal);
    const { condition, keep, took } = await chooseRows(session, request, conditionsOf(request));
    const hint = request.columns || request.sample ? await inOneOrder(session, request) : '';
    const statement = buildSelect(request, selected, condition, hint, took ? keep?.rows : undefined);
    const rows = new CsvRows(selected);
    const toError = (error: unknown): AssayError => toRowsError(error, address, request);
    const stream = new RowStream(session, toError, statement, rows, signal, release);
    const columns = selected.map(
      ({ name, nativeType, duckdbType, typeBasis }): ReadColumn => ({ name, nativeType, duckdbType, typeBasis }),
    );
    return {
      kind: 'bytes',
      format: 'csv',
      csv: CSV,
      columns,
      stream,
      warnings: () => rows.warnings(),
      ...left(keep, took),
    };
  } catch (error) {
    if (!session.dead) await session.query('ROLLBACK').catch(() => session.end());
    release();
    // Rows are counted by the condition before some samples are read.
    throw request.where === undefined ? toSourceError(error, address) : toRowsError(error, address, request);
  }
}

/** The rows of a running statement. The server waits while nobody reads; whatever breaks is an error, never an end. */
class RowStream extends Readable {
  #session: Session;
  #toError: (error: unknown) => AssayError;
  #signal: AbortSignal;
  #release: () => void;
  #ended = false;
  #abort = (): void => {
    this.destroy(new AssayError('CANCELLED', 'reading was cancelled and the statement stopped in the source'));
  };

  constructor(
    session: Session,
    toError: (error: unknown) => AssayError,
    statement: string,
    rows: CsvRows,
    signal: AbortSignal,
    release: () => void,
  ) {
    super({ highWaterMark: 4 * CHUNK_BYTES });
    this.#session = session;
    this.#toError = toError;
    this.#signal = signal;
    this.#release = release;
    // The server may answer the cancel after the stream was given up.
    this.on('error', () => {});
    session.onLost = (error) => this.destroy(error);
    const query = session.start(statement) as unknown as NodeJS.EventEmitter;
    query.on('error', (error) => this.destroy(error));
    query.on('result', (row: (Buffer | null)[]) => {
      if (this.destroyed) return;
      rows.add(row);
      if (rows.size >= CHUNK_BYTES && !this.push(rows.take())) session.pause();
    });
    query.on('end', () => {
      if (this.destroyed) return;
      this.#ended = true;
      if (rows.size > 0) this.push(rows.take());
      this.push(null);
    });
    if (signal.aborted) this.#abort();
    else signal.addEventListener('abort', this.#abort, { once: true });
  }

  override _read(): void {
    if (!this.#ended) this.#session.resume();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    const session = this.#session;
    this.#signal.removeEventListener('abort', this.#abort);
    session.onLost = undefined;
    done(error && (this.#signal.aborted ? cancelled(error) : this.#toError(error)));
    void (this.#ended ? this.#commit() : this.#giveUp()).then(this.#release);
  }

  async #commit(): Promise<void> {
    await this.#session.query('COMMIT').catch(() => this.#session.end());
  }

  /** The rows on their way are not waited for: the connection ends with the statement. */
  async #giveUp(): Promise<void> {
    if (!this.#session.dead) await this.#session.stop().catch(() => {});
    this.#session.cut();
  }
}

function cancelled(error: unknown): AssayError {
  if (error instanceof AssayError && error.code === 'CANCELLED') return error;
  return new AssayError('CANCELLED', 'reading was cancelled and the statement stopped in the source', { cause: error });
}

async function selectColumns(session: Session, request: ReadRequest): Promise<Selected[]> {
  const [schema, table] = tablePath(request.path);
  const all: ColumnRow[] = [];
  for await (const row of session.rows(columnsOfTable(schema, table), request.signal)) all.push(toColumnRow(row));
  if (all.length === 0) {
    // The server says why, where it is no table, a broken view, or out of the user's rights.
    await session.query(`SELECT 1 FROM ${quotePath([schema, table])} LIMIT 0`, request.signal);
    throw new AssayError('SOURCE_NO_OBJECT', `there is no table or view "${table}" in database "${schema}" (any more)`);
  }
  const unknown = (request.columns ?? []).filter((name) => !all.some((row) => row.name === name));
  if (unknown.length > 0)
    throw new AssayError(
      'SOURCE_NO_OBJECT',
      `\`${schema}\`.\`${table}\` has no column ${unknown.map((one) => `"${one}"`).join(', ')}`,
    );
  const wanted = request.columns?.map((name) => all.find((row) => row.name === name) as ColumnRow) ?? all;
  if (wanted.length === 0)
    throw new AssayError('NOT_SUPPORTED', `no column of \`${schema}\`.\`${table}\` was asked for`);
  return wanted.map(toSelected);
}

function toSelected(row: ColumnRow): Selected {
  const { select, ...type } = toDuckdbType(row);
  const quoted = quoteName(row.name);
  return { name: row.name, nativeType: row.columnType, ...type, expression: select?.(quoted) ?? quoted };
}

const left = (keep: ChosenRows['keep'], took: ChosenRows['took']): Pick<ReadResult, 'rest' | 'took'> => {
  if (took) return { took };
  return keep ? { rest: { sample: { ...keep, kind: 'rows' } } } : {};
};

function conditionsOf(request: ReadRequest): string[] {
  const conditions = [...partitionCondition(request.partition), ...fromCondition(request)];
  // On a line of its own: a comment at the end of the user's text must not swallow what follows.
  if (request.where !== undefined) conditions.push(`(${request.where}\n)`);
  return conditions;
}

function buildSelect(
  request: ReadRequest,
  columns: readonly Selected[],
  condition: string,
  hint: string,
  firstRows = Number.POSITIVE_INFINITY,
): string {
  const most = Math.min(request.limit ?? Number.POSITIVE_INFINITY, firstRows);
  const where = condition === '' ? '' : ` WHERE ${condition}`;
  const limit = most === Number.POSITIVE_INFINITY ? '' : ` LIMIT ${Math.max(0, Math.trunc(most))}`;
  return `SELECT ${columns.map((column) => column.expression).join(', ')} FROM ${quotePath(request.path)}${hint}${where}${limit}`;
}

/**
 * The condition stands between brackets in a text that holds one statement, so it is first parsed, not run, where it cannot close ours.
 */
async function checkWhere(session: Session, request: ReadRequest): Promise<void> {
  const text = conditionTest(quotePath(request.path), request.where ?? '');
  let placeholders: number;
  try {
    placeholders = await session.parse(text);
  } catch (cause) {
    const number = numberOf(cause);
    const isMissing = [1142, 1143, 1146, 1356].includes(number);
    if (number === 0 || isMissing || session.dead) throw cause;
    throw new AssayError('BAD_REQUEST', `whereClause: the server says: ${(cause as Error).message} (${number})`, {
      cause,
    });
  }
  if (placeholders > 0) throw new AssayError('BAD_REQUEST', 'whereClause: "?" stands for a value, but none is given');
}
