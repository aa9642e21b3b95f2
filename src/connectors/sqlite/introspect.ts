import { AssayError } from '../../errors/assay-error.ts';
import type { IntrospectRequest, ListingEvent, SourceObject } from '../connector.ts';
import { sqliteError } from './connect.ts';
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
}

/** Lists schema `main` in one read transaction. A view that no longer compiles fails alone. */
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
  try {
    database.exec('BEGIN');
    const tables = database
      .prepare(
        `SELECT name, type, sql FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name`,
      )
      .all() as { name: string; type: string; sql: string | null }[];
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
        yield { kind: 'objects', objects: [tableObject(place, table, {})] };
        yield { kind: 'failed', path: place, error: sqliteError(cause, file) };
      }
    }
    yield { kind: 'complete', path };
  } catch (cause) {
    if (request.signal.aborted) throw cause;
    yield { kind: 'failed', path, error: sqliteError(cause, file) };
  } finally {
    if (database.isTransaction) database.exec('ROLLBACK');
  }
}

function describeTable(
  database: Database,
  path: readonly string[],
  table: { name: string; type: string; sql: string | null },
): SourceObject[] {
  const columns = database
    .prepare('SELECT * FROM pragma_table_xinfo(?) ORDER BY cid')
    .all(table.name) as unknown as ColumnRow[];
  const keys = database
    .prepare('SELECT * FROM pragma_foreign_key_list(?) ORDER BY id, seq')
    .all(table.name) as unknown as ForeignKeyRow[];
  const unique = database
    .prepare(`SELECT name FROM pragma_index_list(?) WHERE "unique" = 1 AND origin = 'u' ORDER BY name`)
    .all(table.name) as { name: string }[];
  const uniqueKeys = unique.map((index) =>
    (
      database.prepare('SELECT name FROM pragma_index_info(?) ORDER BY seqno').all(index.name) as { name: string }[]
    ).map((column) => column.name),
  );
  // Hidden columns of virtual tables (1) are no data; generated ones (2, 3) are.
  const visible = columns.filter((column) => column.hidden !== 1);
  const primaryKey = visible
    .filter((column) => column.pk > 0)
    .sort((a, b) => a.pk - b.pk)
    .map((column) => column.name);
  const foreignKeys = groupForeignKeys(keys);
  const head = tableObject(path, table, {
    ...(primaryKey.length > 0 ? { primaryKey } : {}),
    ...(foreignKeys.length > 0 ? { foreignKeys } : {}),
    ...(uniqueKeys.length > 0 ? { uniqueKeys } : {}),
  });
  const foreign = new Set(keys.map((key) => key.from));
  return [head, ...visible.map((column, index) => describeColumn(path, column, index, foreign.has(column.name)))];
}

function tableObject(
  path: readonly string[],
  table: { type: string; sql: string | null },
  keys: Record<string, unknown>,
): SourceObject {
  const isView = table.type === 'view';
  const facts = {
    tableType: isView ? 'VIEW' : 'TABLE',
    remarks: '',
    ...(isView ? { definition: table.sql ?? '' } : {}),
    ...keys,
  };
  return { type: isView ? 'VIEW' : 'TABLE', path, metadata: { table: facts } };
}

function describeColumn(
  path: readonly string[],
  column: ColumnRow,
  index: number,
  isForeignKey: boolean,
): SourceObject {
  const size = /\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\)/.exec(column.type);
  return {
    type: 'COLUMN',
    path: [...path, column.name],
    metadata: {
      column: {
        dataType: affinityOf(column.type),
        sqlDataType: column.type,
        typeName: column.type.replace(/\s*\(.*$/, ''),
        columnSize: size?.[1] ? Number(size[1]) : 0,
        decimalDigits: size?.[2] ? Number(size[2]) : 0,
        isNullable: column.notnull === 0 && column.pk === 0,
        isPrimaryKey: column.pk > 0,
        isForeignKey,
        ordinalPosition: index + 1,
        defaultValue: column.dflt_value ?? '',
        remarks: '',
      },
    },
  };
}

function groupForeignKeys(keys: ForeignKeyRow[]): Record<string, unknown>[] {
  return [...Map.groupBy(keys, (key) => key.id).values()].map((rows) => ({
    columns: rows.map((row) => row.from),
    referencedTable: rows[0]?.table ?? '',
    referencedColumns: rows.map((row) => row.to ?? ''),
  }));
}
