/** What a column's values are, as far as measuring is concerned. */
export type ColumnKind =
  | 'integer'
  | 'decimal'
  | 'float'
  | 'text'
  | 'boolean'
  | 'date'
  | 'time'
  | 'timestamp'
  | 'interval'
  | 'uuid'
  | 'blob'
  | 'nested'
  | 'other';

/** A column of a relation that is measured. `ref` is its name in our SQL: never the source's name, which may be anything. */
export interface MeasuredColumn {
  name: string;
  ref: string;
  nativeType: string;
  duckdbType: string;
  typeBasis: 'precise' | 'inferred';
  kind: ColumnKind;
  /** Digits behind the point of a decimal; 0 for everything else. */
  scale: number;
}

const INTEGERS = new Set([
  'TINYINT',
  'SMALLINT',
  'INTEGER',
  'BIGINT',
  'HUGEINT',
  'UTINYINT',
  'USMALLINT',
  'UINTEGER',
  'UBIGINT',
  'UHUGEINT',
]);
const KINDS: Record<string, ColumnKind> = {
  FLOAT: 'float',
  DOUBLE: 'float',
  VARCHAR: 'text',
  JSON: 'text',
  ENUM: 'text',
  BOOLEAN: 'boolean',
  DATE: 'date',
  TIME: 'time',
  INTERVAL: 'interval',
  UUID: 'uuid',
  BLOB: 'blob',
};

/** `DECIMAL(18,3)` → decimal, `VARCHAR[]` → nested. Pure. */
export function kindOf(duckdbType: string): ColumnKind {
  const type = duckdbType.trim().toUpperCase();
  if (type.endsWith(']') || /^(STRUCT|MAP|UNION)\b/.test(type)) return 'nested';
  const base = (type.split('(')[0] ?? '').trim();
  if (INTEGERS.has(base)) return 'integer';
  if (base === 'DECIMAL' || base === 'NUMERIC') return 'decimal';
  if (base.startsWith('TIMESTAMP')) return 'timestamp';
  return KINDS[base] ?? 'other';
}

/** Width and scale of `DECIMAL(18,3)`; DuckDB's own default is (18,3). */
export function decimalShape(duckdbType: string): { width: number; scale: number } {
  const match = /\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\)/.exec(duckdbType);
  return match ? { width: Number(match[1]), scale: Number(match[2] ?? 0) } : { width: 18, scale: 3 };
}

export function measuredColumn(
  column: { name: string; nativeType: string; duckdbType: string; typeBasis: 'precise' | 'inferred' },
  ref: string,
): MeasuredColumn {
  const kind = kindOf(column.duckdbType);
  return {
    name: column.name,
    ref,
    nativeType: column.nativeType,
    duckdbType: column.duckdbType,
    typeBasis: column.typeBasis,
    kind,
    scale: kind === 'decimal' ? decimalShape(column.duckdbType).scale : 0,
  };
}

/** The column as text, for it holds what its type does not. Where that was only guessed, text is what the source has. */
export const asText = <T extends Pick<MeasuredColumn, 'nativeType' | 'duckdbType' | 'typeBasis'>>(column: T): T => ({
  ...column,
  nativeType: isGuessed(column) ? 'VARCHAR' : column.nativeType,
  duckdbType: 'VARCHAR',
  typeBasis: 'inferred',
});

/** The words of JSON are its own, and stay. */
const isGuessed = ({ nativeType, duckdbType, typeBasis }: Parameters<typeof asText>[0]): boolean =>
  typeBasis === 'inferred' && nativeType === duckdbType;

export const isNumeric = (kind: ColumnKind): boolean => kind === 'integer' || kind === 'decimal' || kind === 'float';
export const isTemporal = (kind: ColumnKind): boolean => kind === 'date' || kind === 'time' || kind === 'timestamp';
export const isWords = (kind: ColumnKind): boolean => kind === 'text' || kind === 'uuid';
