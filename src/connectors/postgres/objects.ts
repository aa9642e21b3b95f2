import type { SourceObject } from '../connector.ts';
import type { ColumnRow, ConstraintRow, DetailsRow, RelationRow, SchemaRow, UniqueKeyRow } from './catalog.ts';
import { sizeOf, toSqlType } from './types.ts';

/** Rows of the catalog → objects. Pure. Figures that move by themselves stand under `stats` only. */

export interface OwnFacts {
  keys: UniqueKeyRow[];
  constraints: ConstraintRow[];
  details: DetailsRow;
}

const TABLE_TYPES = {
  r: 'TABLE',
  p: 'PARTITIONED TABLE',
  f: 'FOREIGN TABLE',
  v: 'VIEW',
  m: 'MATERIALIZED VIEW',
} as const;

const ACTIONS: Record<string, string> = {
  a: 'NO ACTION',
  r: 'RESTRICT',
  c: 'CASCADE',
  n: 'SET NULL',
  d: 'SET DEFAULT',
};

export function toSchemaObject(row: SchemaRow): SourceObject {
  return { type: 'SCHEMA', path: [row.name], metadata: { schema: { remarks: row.remarks ?? '', owner: row.owner } } };
}

export function toTableObject(schema: string, row: RelationRow, own: OwnFacts): SourceObject {
  const isView = row.kind === 'v' || row.kind === 'm';
  const table: Record<string, unknown> = {
    tableType: TABLE_TYPES[row.kind],
    remarks: row.remarks ?? '',
    owner: row.owner,
  };
  if (isView) table.definition = row.definition ?? '';
  const primary = own.keys.find((key) => key.is_primary);
  table.primaryKey = primary ? { name: primary.name, columns: primary.columns ?? [] } : null;
  table.uniqueKeys = own.keys
    .filter((key) => !key.is_primary)
    .map((key) => ({ name: key.name, columns: key.columns ?? [] }));
  table.foreignKeys = own.constraints.filter((one) => one.type === 'f').map(toForeignKey);
  table.checks = own.constraints
    .filter((one) => one.type === 'c')
    .map((one) => ({ name: one.name, clause: one.clause ?? '' }));
  if (row.partition_of) table.partitionOf = row.partition_of;
  if (row.partition_key) table.partitionKey = row.partition_key;
  return {
    type: isView ? 'VIEW' : 'TABLE',
    path: [schema, row.name],
    metadata: { table, stats: toStats(row, own.details) },
  };
}

/** As the source last counted them; null when it never did (-1), which is not the same as 0. */
function toStats(row: RelationRow, { bytes, leaves }: DetailsRow): Record<string, unknown> {
  if (row.kind === 'v') return { rows: null, bytes: null };
  const tuples = row.kind === 'p' && row.tuples < 0 ? (leaves?.[0] ?? -1) : row.tuples;
  return { rows: tuples < 0 ? null : Math.round(tuples), bytes: bytes ?? leaves?.[1] ?? null };
}

function toForeignKey(row: ConstraintRow): Record<string, unknown> {
  return {
    name: row.name,
    columns: row.columns ?? [],
    references: { schema: row.to_schema, table: row.to_table, columns: row.to_columns ?? [] },
    onUpdate: ACTIONS[row.on_update] ?? '',
    onDelete: ACTIONS[row.on_delete] ?? '',
  };
}

export function toColumnObject(schema: string, relation: RelationRow, row: ColumnRow, own: OwnFacts): SourceObject {
  const references = own.constraints
    .filter((one) => one.type === 'f' && one.columns?.includes(row.name))
    .map((one) => ({
      key: one.name,
      schema: one.to_schema,
      table: one.to_table,
      column: one.to_columns?.[one.columns?.indexOf(row.name) ?? -1] ?? '',
    }));
  const column: Record<string, unknown> = {
    dataType: row.native,
    sqlDataType: toSqlType(row),
    typeName: row.domain ?? row.typname,
    ...sizeOf(row),
    isNullable: !row.not_null,
    isPrimaryKey: own.keys.some((key) => key.is_primary && key.columns?.includes(row.name)),
    isForeignKey: references.length > 0,
    ordinalPosition: row.ordinal,
    defaultValue: row.default_value,
    remarks: row.remarks ?? '',
  };
  if (row.identity) column.identity = row.identity === 'a' ? 'ALWAYS' : 'BY DEFAULT';
  if (row.generated) column.generated = row.generated;
  if (references.length > 0) column.references = references;
  return { type: 'COLUMN', path: [schema, relation.name, row.name], metadata: { column } };
}
