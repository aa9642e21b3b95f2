import type { SourceObject } from '../connector.ts';
import type {
  CheckRow,
  ColumnRow,
  ForeignKeyRow,
  RuleRow,
  SchemaRow,
  TableRow,
  UniqueKeyRow,
  ViewRow,
} from './catalog.ts';
import { sizeOf, toSqlType } from './types.ts';

/** Rows of the catalog → objects. Pure. Figures that move by themselves stand under `stats` only. */

export interface Key {
  name: string;
  columns: string[];
}

export interface ForeignKey extends Key {
  references: { schema: string; table: string; columns: string[] };
  onUpdate: string;
  onDelete: string;
}

/** What is known of one table beside its own row. */
export interface OwnFacts {
  primaryKey: Key | null;
  uniqueKeys: Key[];
  foreignKeys: ForeignKey[];
  checks: { name: string; clause: string }[];
  view: ViewRow | undefined;
}

/** A key over an expression or the first characters of a column makes no column unique, so it is left out. */
export function toKeys(rows: readonly UniqueKeyRow[]): Pick<OwnFacts, 'primaryKey' | 'uniqueKeys'> {
  const keys: Key[] = [];
  for (const [name, parts] of Map.groupBy(rows, (row) => row.name)) {
    if (parts.some((part) => part.column === null || part.part !== null)) continue;
    keys.push({ name, columns: parts.map((part) => part.column as string) });
  }
  keys.sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    primaryKey: keys.find((key) => key.name === 'PRIMARY') ?? null,
    uniqueKeys: keys.filter((key) => key.name !== 'PRIMARY'),
  };
}

export function toForeignKeys(rows: readonly ForeignKeyRow[], rules: readonly RuleRow[]): ForeignKey[] {
  const keys = [...Map.groupBy(rows, (row) => row.name)].map(([name, parts]): ForeignKey => {
    const [first] = parts as [ForeignKeyRow];
    const rule = rules.find((one) => one.name === name);
    return {
      name,
      columns: parts.map((part) => part.column),
      references: { schema: first.to_schema, table: first.to_table, columns: parts.map((part) => part.to_column) },
      onUpdate: rule?.on_update ?? '',
      onDelete: rule?.on_delete ?? '',
    };
  });
  return keys.sort((a, b) => (a.name < b.name ? -1 : 1));
}

export const toChecks = (rows: readonly CheckRow[]): OwnFacts['checks'] =>
  rows.map(({ name, clause }) => ({ name, clause: clause ?? '' }));

export function toSchemaObject(row: SchemaRow): SourceObject {
  const schema = {
    remarks: row.SCHEMA_COMMENT ?? '',
    charset: row.DEFAULT_CHARACTER_SET_NAME,
    collation: row.DEFAULT_COLLATION_NAME,
  };
  return { type: 'SCHEMA', path: [row.SCHEMA_NAME], metadata: { schema } };
}

export const isView = (row: TableRow): boolean => row.type.endsWith('VIEW');

/** @param broken why its columns cannot be had; '' when all is well */
export function toTableObject(schema: string, row: TableRow, own: OwnFacts, broken: string): SourceObject {
  const view = isView(row);
  const table: Record<string, unknown> = {
    tableType: view ? 'VIEW' : row.type === 'BASE TABLE' ? 'TABLE' : row.type,
    // Of a view the server says "VIEW", or what is wrong with it.
    remarks: view ? '' : (row.remarks ?? ''),
    engine: row.engine ?? '',
    collation: row.collation ?? '',
  };
  if (view) {
    table.definition = own.view?.definition ?? '';
    table.owner = own.view?.definer ?? '';
  }
  if (broken !== '') table.broken = broken;
  if (/\bpartitioned\b/i.test(row.options ?? '')) table.partitioned = true;
  table.primaryKey = own.primaryKey;
  table.uniqueKeys = own.uniqueKeys;
  table.foreignKeys = own.foreignKeys;
  table.checks = own.checks;
  return {
    type: view ? 'VIEW' : 'TABLE',
    path: [schema, row.name],
    metadata: { table, stats: { rows: view ? null : toNumber(row.table_rows), bytes: view ? null : toBytes(row) } },
  };
}

const toNumber = (text: string | null): number | null => (text === null ? null : Number(text));
const toBytes = ({ data_bytes, index_bytes }: TableRow): number | null =>
  data_bytes === null ? null : Number(data_bytes) + Number(index_bytes ?? 0);

export function toColumnObject(schema: string, row: ColumnRow, own: OwnFacts): SourceObject {
  const references = own.foreignKeys
    .filter((key) => key.columns.includes(row.name))
    .map((key) => ({
      key: key.name,
      schema: key.references.schema,
      table: key.references.table,
      column: key.references.columns[key.columns.indexOf(row.name)] ?? '',
    }));
  const column: Record<string, unknown> = {
    dataType: row.columnType,
    sqlDataType: toSqlType(row),
    typeName: row.dataType,
    ...sizeOf(row),
    isNullable: row.isNullable,
    isPrimaryKey: own.primaryKey?.columns.includes(row.name) ?? false,
    isForeignKey: references.length > 0,
    ordinalPosition: row.ordinal,
    // MariaDB writes the default as SQL, where none is the word NULL.
    defaultValue: row.defaultValue === 'NULL' ? null : row.defaultValue,
    remarks: row.remarks,
  };
  if (row.charset !== null) column.charset = row.charset;
  if (row.collation !== null) column.collation = row.collation;
  if (/auto_increment/i.test(row.extra)) column.identity = 'BY DEFAULT';
  if (row.generated !== null) column.generated = row.generated;
  if (references.length > 0) column.references = references;
  return { type: 'COLUMN', path: [schema, row.table, row.name], metadata: { column } };
}
