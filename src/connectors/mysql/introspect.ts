import { AssayError } from '../../errors/assay-error.ts';
import { brokenView } from '../broken-view.ts';
import type { IntrospectRequest, ListingEvent, SourceObject } from '../connector.ts';
import type { SessionPool } from '../session-pool.ts';
import { type ColumnRow, columnsOf, oneSchema, type SchemaRow, type TableRow, toColumnRow } from './catalog.ts';
import { quoteName } from './dialect.ts';
import { readFacts } from './facts.ts';
import type { Grants } from './grants.ts';
import { isView, type OwnFacts, toColumnObject, toSchemaObject, toTableObject } from './objects.ts';
import { hold, type Rights, readRights } from './rights.ts';
import type { Session } from './session.ts';

/** Objects handed on at once. Tables and their keys are held for the whole schema, columns come as a stream. */
const GROUP_OBJECTS = 8_000;

/**
 * Lists one database. What the user may not see is left out by the server in silence, so the rights are looked at before and
 * after: only when they cover the whole database both times, and nobody changed any in between, does the listing prove what is gone.
 *
 * @param session opened after `before` was read
 */
export async function* introspectSchema(
  session: Session,
  pool: SessionPool<Session>,
  before: Rights,
  request: IntrospectRequest,
): AsyncGenerator<ListingEvent> {
  const { unit, signal } = request;
  const [name] = unit.path;
  try {
    if (name === undefined || unit.path.length !== 1)
      throw new AssayError('NOT_SUPPORTED', `one database is listed at a time, received /${unit.path.join('/')}`);
    const schema = await findSchema(session, name, signal);
    if (!schema) throw new AssayError('SOURCE_NO_OBJECT', `there is no database "${name}" (any more)`);
    yield { kind: 'objects', objects: [toSchemaObject(schema)] };
    const listed = yield* listTables(session, pool, name, request);
    const after = await readRights(session, signal, 'after');
    if (!(await findSchema(session, name, signal)))
      throw new AssayError('SOURCE_NO_OBJECT', `database "${name}" was dropped while it was listed`);
    yield* prove(name, listed, before, after);
  } catch (error) {
    if (signal.aborted) throw error;
    yield { kind: 'failed', path: unit.path, error: error as Error };
  }
}

async function findSchema(session: Session, name: string, signal: AbortSignal): Promise<SchemaRow | undefined> {
  return (await session.query<SchemaRow>(oneSchema(name), signal))[0];
}

/** @param whole tables whose columns were listed */
function* prove(schema: string, whole: readonly string[], before: Rights, after: Rights): Generator<ListingEvent> {
  const isSure = (sees: (grants: Grants) => boolean): boolean =>
    hold(before, after) && sees(before.grants) && sees(after.grants);
  if (!isSure((grants) => grants.seesAllOf(schema))) {
    for (const table of whole)
      if (isSure((grants) => grants.seesColumns(schema, table))) yield { kind: 'complete', path: [schema, table] };
    const reason = hold(before, after)
      ? `the rights of the user cover only a part of database "${schema}": a table that is not shown may still exist, so none was deleted; run GRANT SELECT, SHOW VIEW ON ${quoteName(schema)}.* TO the user`
      : `rights were given or taken on the server, or FLUSH was run there, while database "${schema}" was listed: a table that is not shown may still exist, so none was deleted; ingest it again`;
    yield { kind: 'unproven', path: [schema], reason };
  }
  yield { kind: 'complete', path: [schema] };
}

/** @returns the tables whose columns were listed */
async function* listTables(
  session: Session,
  pool: SessionPool<Session>,
  schema: string,
  request: IntrospectRequest,
): AsyncGenerator<ListingEvent, string[]> {
  const { signal } = request;
  const { all, factsOf } = await readFacts(session, pool, schema, signal);
  const isWanted = (row: TableRow): boolean =>
    row.type !== 'SEQUENCE' && (request.mayContain?.([schema, row.name]) ?? true);
  const tables = all.filter(isWanted);
  const place = new Map(tables.map((row, index) => [row.name, index]));
  const listed: string[] = [];
  let next = 0;
  let batch: SourceObject[] = [];
  for await (const group of groupByTable(session.rows(columnsOf(schema), signal))) {
    const index = place.get(group[0]?.table ?? '');
    // Made since the tables were listed: it comes next time. Or nobody wants it.
    if (index === undefined || index < next) continue;
    for (; next < index; next++) yield* withoutColumns(schema, tables[next] as TableRow, factsOf, batch);
    const row = tables[next++] as TableRow;
    const own = factsOf(row.name);
    batch.push(toTableObject(schema, row, own, ''), ...group.map((column) => toColumnObject(schema, column, own)));
    listed.push(row.name);
    if (batch.length < GROUP_OBJECTS) continue;
    yield { kind: 'objects', objects: batch };
    batch = [];
  }
  for (; next < tables.length; next++) yield* withoutColumns(schema, tables[next] as TableRow, factsOf, batch);
  if (batch.length > 0) yield { kind: 'objects', objects: batch };
  return listed;
}

/**
 * Every table has a column: where none is shown, something kept the server from looking. A broken view is as it is and no
 * failure of the listing; its columns stay as they are known.
 */
function* withoutColumns(
  schema: string,
  row: TableRow,
  factsOf: (table: string) => OwnFacts,
  batch: SourceObject[],
): Generator<ListingEvent> {
  const told = row.remarks === 'VIEW' ? '' : (row.remarks ?? '');
  const broken = told || 'the server shows none of its columns';
  batch.push(toTableObject(schema, row, factsOf(row.name), isView(row) ? broken : ''));
  const path = [schema, row.name];
  if (isView(row)) yield brokenView(path, broken);
  else if (row.engine === null && told !== '')
    yield { kind: 'failed', path, error: new AssayError('SOURCE_BAD_DATA', `the table cannot be opened: ${told}`) };
  else yield { kind: 'unproven', path, reason: `no column of ${path.join('/')} is shown; its columns stay as known` };
}

async function* groupByTable(rows: AsyncIterable<(string | null)[]>): AsyncGenerator<ColumnRow[]> {
  let group: ColumnRow[] = [];
  for await (const row of rows) {
    const column = toColumnRow(row);
    if (group.length > 0 && group[0]?.table !== column.table) {
      yield group;
      group = [];
    }
    group.push(column);
  }
  if (group.length > 0) yield group;
}
