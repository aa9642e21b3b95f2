import { AssayError, toAssayError } from '../../errors/assay-error.ts';
import type { ErrorCode } from '../../errors/table.ts';
import { brokenView } from '../broken-view.ts';
import type { DuckDbCatalog, IntrospectRequest, ListingEvent, ObjectPath, SourceObject } from '../connector.ts';
import {
  type CatalogColumn,
  type CatalogTable,
  type Constraint,
  listColumns,
  listConstraints,
  listTables,
  schemaRemarks,
} from './catalog.ts';
import { quoteName, tableName, withoutStatement } from './dialect.ts';
import { sizeOf, sqlType, typeName } from './types.ts';

/**
 * Lists a schema. The file is read-only and locked against writers, so what the statements say belongs together. The columns of
 * a view are those that the file recorded; a view of which it recorded none is asked. One that cannot answer is broken, which is as it is and no failure of the listing.
 */
export async function* introspectSchema(
  catalog: DuckDbCatalog,
  request: IntrospectRequest,
): AsyncIterable<ListingEvent> {
  const { path } = request.unit;
  const schema = path[0] ?? '';
  try {
    request.signal.throwIfAborted();
    const remarks = path.length === 1 ? await schemaRemarks(catalog, schema) : undefined;
    if (remarks === undefined) {
      const error = new AssayError('SOURCE_NO_OBJECT', `the file has no schema "${path.join('/')}"`);
      yield { kind: 'failed', path, error };
      return;
    }
    yield { kind: 'objects', objects: [{ type: 'SCHEMA', path, metadata: { schema: { remarks } } }] };
    const tables = await listTables(catalog, schema);
    const columns = Map.groupBy(await listColumns(catalog, schema), (column) => column.table);
    const constraints = Map.groupBy(await listConstraints(catalog, schema), (one) => one.table);
    for (const table of tables) {
      request.signal.throwIfAborted();
      const place = [...path, table.name];
      if (request.mayContain && !request.mayContain(place)) continue;
      const keys = toKeys(schema, constraints.get(table.name) ?? []);
      let listed = columns.get(table.name) ?? [];
      let problem: AssayError | undefined;
      try {
        if (listed.length === 0) listed = await askView(catalog, schema, table.name);
      } catch (cause) {
        if (request.signal.aborted) throw cause;
        problem = toAssayError(cause, 'SOURCE_FAILED');
      }
      const broken = problem && !OF_THE_FILE.includes(problem.code) ? withoutStatement(problem.message) : '';
      const described = listed.map((column) => describeColumn(place, column, keys));
      yield { kind: 'objects', objects: [describeTable(place, table, keys, broken), ...described] };
      if (problem === undefined) yield { kind: 'complete', path: place };
      else if (broken === '') yield { kind: 'failed', path: place, error: problem };
      else yield brokenView(place, broken);
    }
    yield { kind: 'complete', path };
  } catch (cause) {
    if (request.signal.aborted) throw cause;
    yield { kind: 'failed', path, error: toAssayError(cause, 'SOURCE_FAILED') };
  }
}

/** What keeps a view from answering and is not its own doing. */
const OF_THE_FILE: readonly ErrorCode[] = [
  'SOURCE_BAD_DATA',
  'SOURCE_BUSY',
  'SOURCE_LOST',
  'OUT_OF_MEMORY',
  'DISK_FULL',
];

/** A view that was not bound since it was made: binding it tells its columns, or what is wrong with it. */
async function askView(catalog: DuckDbCatalog, schema: string, name: string): Promise<CatalogColumn[]> {
  const rows = await catalog.query(
    `SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM ${tableName(schema, name)})`,
    `view ${quoteName(name)}`,
  );
  return rows.map((row, at) => ({
    table: name,
    name: String(row[0]),
    position: at + 1,
    type: String(row[1]),
    isNullable: true,
    defaultValue: null,
    remarks: '',
  }));
}

interface ForeignKey {
  name: string;
  columns: string[];
  references: { schema: string; table: string; columns: string[] };
  onUpdate: string;
  onDelete: string;
}

interface TableKeys {
  primaryKey: { name: string; columns: string[] } | null;
  uniqueKeys: { name: string; columns: string[] }[];
  foreignKeys: ForeignKey[];
}

/** DuckDB knows no actions of foreign keys, and no foreign key into another schema. */
function toKeys(schema: string, constraints: readonly Constraint[]): TableKeys {
  const of = (type: string): Constraint[] => constraints.filter((one) => one.type === type);
  const [primary] = of('PRIMARY KEY').map(({ name, columns }) => ({ name, columns }));
  return {
    primaryKey: primary ?? null,
    uniqueKeys: of('UNIQUE').map(({ name, columns }) => ({ name, columns })),
    foreignKeys: of('FOREIGN KEY').map(({ name, columns, toTable, toColumns }) => ({
      name,
      columns,
      references: { schema, table: toTable ?? '', columns: toColumns },
      onUpdate: 'NO ACTION',
      onDelete: 'NO ACTION',
    })),
  };
}

/** @param broken why its columns cannot be had; '' when all is well */
function describeTable(path: ObjectPath, table: CatalogTable, keys: TableKeys, broken: string): SourceObject {
  const isView = table.type === 'VIEW';
  const facts = {
    tableType: table.type,
    remarks: table.remarks,
    ...(isView ? { definition: table.definition } : {}),
    ...(broken === '' ? {} : { broken }),
    ...keys,
  };
  return { type: table.type, path, metadata: { table: facts, stats: { rows: table.rows, bytes: null } } };
}

function describeColumn(path: ObjectPath, column: CatalogColumn, keys: TableKeys): SourceObject {
  const references = keys.foreignKeys
    .filter((key) => key.columns.includes(column.name))
    .map(({ name, columns, references: to }) => ({
      key: name,
      schema: to.schema,
      table: to.table,
      column: to.columns[columns.indexOf(column.name)] ?? '',
    }));
  const isPrimaryKey = keys.primaryKey?.columns.includes(column.name) ?? false;
  return {
    type: 'COLUMN',
    path: [...path, column.name],
    metadata: {
      column: {
        dataType: column.type,
        sqlDataType: sqlType(column.type),
        typeName: typeName(column.type),
        ...sizeOf(column.type),
        isNullable: column.isNullable && !isPrimaryKey,
        isPrimaryKey,
        isForeignKey: references.length > 0,
        ordinalPosition: column.position,
        defaultValue: column.defaultValue,
        remarks: column.remarks,
        ...(references.length > 0 ? { references } : {}),
      },
    },
  };
}
