import type { DuckDbCatalog } from '../connector.ts';
import { quoteText } from './dialect.ts';

/** What the catalog of a file says, as records. The file is attached as `src`. */

export interface CatalogTable {
  name: string;
  type: 'TABLE' | 'VIEW';
  remarks: string;
  definition: string;
  /** Null for views. DuckDB keeps the count of a table's rows, deleted ones included until the next checkpoint. */
  rows: number | null;
}

export interface CatalogColumn {
  table: string;
  name: string;
  position: number;
  type: string;
  isNullable: boolean;
  defaultValue: string | null;
  remarks: string;
}

export interface Constraint {
  table: string;
  type: string;
  name: string;
  columns: string[];
  toTable: string | null;
  toColumns: string[];
}

const DOING = 'reading its catalog';
const textOf = (value: unknown): string => (value === null || value === undefined ? '' : String(value));
const textsOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

/** Every database has them, and they describe DuckDB. */
const OWN_SCHEMAS = `('information_schema', 'pg_catalog')`;

export async function listSchemas(catalog: DuckDbCatalog): Promise<string[]> {
  const rows = await catalog.query(
    `SELECT schema_name FROM duckdb_schemas() WHERE database_name = 'src' AND schema_name NOT IN ${OWN_SCHEMAS} ORDER BY schema_name`,
    DOING,
  );
  return rows.map((row) => String(row[0]));
}

/** Undefined when there is no such schema. */
export async function schemaRemarks(catalog: DuckDbCatalog, schema: string): Promise<string | undefined> {
  const [row] = await catalog.query(
    `SELECT comment FROM duckdb_schemas() WHERE database_name = 'src' AND schema_name = ${quoteText(schema)}`,
    DOING,
  );
  return row && textOf(row[0]);
}

const inSchema = (schema: string): string => `database_name = 'src' AND schema_name = ${quoteText(schema)}`;

export async function listTables(catalog: DuckDbCatalog, schema: string): Promise<CatalogTable[]> {
  const rows = await catalog.query(
    `SELECT table_name AS name, 'TABLE', comment, '', estimated_size FROM duckdb_tables() WHERE ${inSchema(schema)}
     UNION ALL
     SELECT view_name, 'VIEW', comment, sql, NULL FROM duckdb_views() WHERE ${inSchema(schema)} AND NOT internal
     ORDER BY name`,
    DOING,
  );
  return rows.map(([name, type, comment, sql, size]) => ({
    name: String(name),
    type: type === 'VIEW' ? 'VIEW' : 'TABLE',
    remarks: textOf(comment),
    definition: textOf(sql),
    rows: size === null ? null : Number(size),
  }));
}

export async function listColumns(catalog: DuckDbCatalog, schema: string): Promise<CatalogColumn[]> {
  const rows = await catalog.query(
    `SELECT table_name, column_name, column_index, data_type, is_nullable, column_default, comment
     FROM duckdb_columns() WHERE ${inSchema(schema)} AND NOT internal ORDER BY table_name, column_index`,
    DOING,
  );
  return rows.map(([table, name, index, type, isNullable, defaultValue, comment]) => ({
    table: String(table),
    name: String(name),
    position: Number(index),
    type: String(type),
    isNullable: isNullable === true,
    defaultValue: defaultValue === null ? null : String(defaultValue),
    remarks: textOf(comment),
  }));
}

export async function listConstraints(catalog: DuckDbCatalog, schema: string): Promise<Constraint[]> {
  const rows = await catalog.query(
    `SELECT table_name, constraint_type, constraint_name, constraint_column_names, referenced_table, referenced_column_names
     FROM duckdb_constraints() WHERE ${inSchema(schema)} AND constraint_type IN ('PRIMARY KEY', 'UNIQUE', 'FOREIGN KEY')
     ORDER BY table_name, constraint_index`,
    DOING,
  );
  return rows.map(([table, type, name, columns, toTable, toColumns]) => ({
    table: String(table),
    type: String(type),
    name: textOf(name),
    columns: textsOf(columns),
    toTable: toTable === null ? null : String(toTable),
    toColumns: textsOf(toColumns),
  }));
}
