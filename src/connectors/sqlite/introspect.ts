import { AssayError } from '../../errors/assay-error.ts';
import { brokenView } from '../broken-view.ts';
import type { IntrospectRequest, ListingEvent, SourceObject } from '../connector.ts';
import { isStatementError, sqliteError } from './connect.ts';
import { estimateRows } from './partitions.ts';
import { affinityOf } from './types.ts';

type Database = import('node:sqlite').DatabaseSync;

interface ColumnRow {
  cid: number;
  name: string;
  type: string;
  notnull: number;
  dflt_value: string | null;
  pk: number;
  hidden: number;
}

interface ForeignKeyRow {
  id: number;
  table: string;
  from: string;
  to: string | null;
  on_update: string;
  on_delete: string;
}

interface TableRow {
  name: string;
  type: string;
  sql: string | null;
}

/** Lists schema `main` in one read transaction. A view that no longer compiles is as it is, and no failure of the listing. */
export async function* introspectMain(
  database: Database,
  file: string,
  request: IntrospectRequest,
): AsyncIterable<ListingEvent> {
  const { path } = request.unit;
  if (path.length !== 1 || path[0] !== 'main') {
    yield {
      kind: 'failed',
      path,
      error: new AssayError('SOURCE_NO_OBJECT', `SQLite has the schema "main" only, received "${path.join('/')}"`),
    };
    return;
  }
  const own = !database.isTransaction;
  try {
    if (own) database.exec('BEGIN');
    const tables = database
      .prepare(
        `SELECT name, type, sql FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name`,
      )
      .all() as unknown as TableRow[];
    yield { kind: 'objects', objects: [{ type: 'SCHEMA', path, metadata: {} }] };
    for (const table of tables) {
      request.signal.throwIfAborted();
      const place = [...path, table.name];
      if (request.mayContain && !request.mayContain(place)) continue;
      try {
        yield { kind: 'objects', objects: describeTable(database, place, table) };
        yield { kind: 'complete', path: place };
      } catch (cause) {
        // It is there, though its columns cannot be had.
        const broken = table.type === 'view' && isStatementError(cause) ? (cause as Error).message : '';
        yield { kind: 'objects', objects: [tableObject(place, table, NO_KEYS, broken)] };
        if (broken === '') yield { kind: 'failed', path: place, error: sqliteError(cause, file) };
        else yield brokenView(place, broken);
      }
    }
    yield { kind: 'complete', path };
  } catch (cause) {
    if (request.signal.aborted) throw cause;
    yield { kind: 'failed', path, error: sqliteError(cause, file) };
  } finally {
    if (own && database.isTransaction) database.exec('ROLLBACK');
  }
}

function describeTable(database: Database, path: readonly string[], table: TableRow): SourceObject[] {
  const columns = database
    .prepare('SELECT * FROM pragma_table_xinfo(?) ORDER BY cid')
    .all(table.name) as unknown as ColumnRow[];
  const keys = database
    .prepare('SELECT * FROM pragma_foreign_key_list(?) ORDER BY id, seq')
    .all(table.name) as unknown as ForeignKeyRow[];
  const unique = database
    .prepare(
      `SELECT name FROM pragma_index_list(?) WHERE "unique" = 1 AND origin <> 'pk' AND partial = 0 ORDER BY name`,
    )
    .all(table.name) as { name: string }[];
  const uniqueKeys = unique
    .map(({ name }) => ({
      name,
      columns: (
        database.prepare('SELECT name FROM pragma_index_info(?) ORDER BY seqno').all(name) as { name: string | null }[]
      ).map((column) => column.name),
    }))
    // A key over an expression has a column without a name.
    .filter((key) => !key.columns.includes(null));
  // Hidden columns of virtual tables (1) are no data; generated ones (2, 3) are.
  const visible = columns.filter((column) => column.hidden !== 1);
  const primary = visible
    .filter((column) => column.pk > 0)
    .sort((a, b) => a.pk - b.pk)
    .map((column) => column.name);
  const foreignKeys = toForeignKeys(keys, (name) => primaryKeyOf(database, name));
  const head = tableObject(path, table, {
    primaryKey: primary.length > 0 ? { name: '', columns: primary } : null,
    uniqueKeys,
    foreignKeys,
    rows: table.type === 'table' ? (estimateRows(database, table.name) ?? countOfAnalyze(database, table.name)) : null,
  });
  return [head, ...visible.map((column, index) => describeColumn(path, column, index, foreignKeys))];
}

interface TableKeys {
  primaryKey: { name: string; columns: string[] } | null;
  uniqueKeys: { name: string; columns: (string | null)[] }[];
  foreignKeys: ForeignKey[];
  rows: number | null;
}

const NO_KEYS: TableKeys = { primaryKey: null, uniqueKeys: [], foreignKeys: [], rows: null };

/** Rows by how close their numbers lie; where they have none, what ANALYZE last counted. Sizes would need a walk through the whole file. */
function tableObject(
  path: readonly string[],
  table: TableRow,
  { rows, ...keys }: TableKeys,
  broken = '',
): SourceObject {
  const isView = table.type === 'view';
  const facts = {
    tableType: isView ? 'VIEW' : /^\s*CREATE\s+VIRTUAL/i.test(table.sql ?? '') ? 'VIRTUAL TABLE' : 'TABLE',
    remarks: '',
    ...(isView ? { definition: table.sql ?? '' } : {}),
    ...(broken === '' ? {} : { broken }),
    ...keys,
  };
  return { type: isView ? 'VIEW' : 'TABLE', path, metadata: { table: facts, stats: { rows, bytes: null } } };
}

function countOfAnalyze(database: Database, table: string): number | null {
  if (!database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_stat1'").get()) return null;
  const row = database.prepare('SELECT stat FROM sqlite_stat1 WHERE tbl = ? ORDER BY idx LIMIT 1').get(table);
  const count = Number.parseInt(String(row?.stat ?? ''), 10);
  return Number.isNaN(count) ? null : count;
}

function describeColumn(
  path: readonly string[],
  column: ColumnRow,
  index: number,
  foreignKeys: ForeignKey[],
): SourceObject {
  const size = /\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\)/.exec(column.type);
  const references = foreignKeys
    .filter((key) => key.columns.includes(column.name))
    .map(({ columns, references: to }) => ({
      key: '',
      schema: to.schema,
      table: to.table,
      column: to.columns[columns.indexOf(column.name)] ?? '',
    }));
  return {
    type: 'COLUMN',
    path: [...path, column.name],
    metadata: {
      column: {
        dataType: column.type,
        sqlDataType: SQL_TYPES[affinityOf(column.type)],
        typeName: column.type.replace(/\s*\(.*$/, ''),
        columnSize: size?.[1] ? Number(size[1]) : 0,
        decimalDigits: size?.[2] ? Number(size[2]) : 0,
        isNullable: column.notnull === 0 && column.pk === 0,
        isPrimaryKey: column.pk > 0,
        isForeignKey: references.length > 0,
        ordinalPosition: index + 1,
        defaultValue: column.dflt_value,
        remarks: '',
        ...(references.length > 0 ? { references } : {}),
      },
    },
  };
}

/** Names of java.sql.Types for what SQLite makes of a declaration. */
const SQL_TYPES = { INTEGER: 'BIGINT', REAL: 'DOUBLE', TEXT: 'VARCHAR', BLOB: 'BLOB', NUMERIC: 'NUMERIC' } as const;

interface ForeignKey {
  name: string;
  columns: string[];
  references: { schema: string; table: string; columns: string[] };
  onUpdate: string;
  onDelete: string;
}

function primaryKeyOf(database: Database, table: string): string[] {
  const rows = database.prepare('SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk').all(table);
  return rows.map((row) => String(row.name));
}

/** A key that names no columns means the primary key of the other table. */
function toForeignKeys(keys: ForeignKeyRow[], primaryKey: (table: string) => string[]): ForeignKey[] {
  return [...Map.groupBy(keys, (key) => key.id).values()].map((rows) => ({
    name: '',
    columns: rows.map((row) => row.from),
    references: { schema: 'main', table: rows[0]?.table ?? '', columns: targetsOf(rows, primaryKey) },
    onUpdate: rows[0]?.on_update ?? '',
    onDelete: rows[0]?.on_delete ?? '',
  }));
}

function targetsOf(rows: ForeignKeyRow[], primaryKey: (table: string) => string[]): string[] {
  if (rows.every((row) => row.to !== null)) return rows.map((row) => row.to ?? '');
  return primaryKey(rows[0]?.table ?? '');
}
