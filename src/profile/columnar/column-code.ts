import type { TimeFormats } from '../cast.ts';
import { decimalShape, kindOf } from '../column.ts';

/** How the fields of a column are read: the numbers are those of assembly/columns.ts. */
export const KINDS = {
  text: 0,
  int64: 1,
  int32: 2,
  double: 3,
  decimal: 4,
  date: 5,
  timestamp: 6,
  boolean: 7,
} as const;

/** What the compiled reader is told of a column. */
export interface ColumnCode {
  kind: keyof typeof KINDS;
  /** Scale of a decimal; digits of a second of a timestamp (0: none may be there); 1 for booleans that may be one letter. */
  a: number;
  /** Digits of a decimal; bits of an int32; 1 for timestamps with their zone. */
  b: number;
  /** What DuckDB has to make of it: SQL of the type that is wanted where Parquet has no such one. */
  castTo?: string;
}

export const TEXT: ColumnCode = { kind: 'text', a: 0, b: 0 };

const INTEGERS: Record<string, Pick<ColumnCode, 'kind' | 'b'>> = {
  BIGINT: { kind: 'int64', b: 0 },
  INTEGER: { kind: 'int32', b: 32 },
  SMALLINT: { kind: 'int32', b: 16 },
  TINYINT: { kind: 'int32', b: 8 },
  HUGEINT: { kind: 'int64', b: 0 },
};

/** 64 bits hold so many decimal digits, whatever they are. */
const DIGITS = 18;

/**
 * How a column of this type can be read without DuckDB, by rules that are never more lenient than those of `castSql`: what is written in another way is
 * kept as text and left to it. Undefined where there is none: all of it is text then. Pure.
 */
export function columnCode(
  { duckdbType, typeBasis }: { duckdbType: string; typeBasis: 'precise' | 'inferred' },
  formats: TimeFormats = {},
): ColumnCode | undefined {
  const type = duckdbType.toUpperCase();
  const integer = INTEGERS[type];
  if (integer) return { a: 0, ...integer, ...(type === 'BIGINT' || type === 'INTEGER' ? {} : { castTo: type }) };
  if (type === 'DOUBLE') return { kind: 'double', a: 0, b: 0 };
  if (type === 'BOOLEAN') return { kind: 'boolean', a: typeBasis === 'precise' ? 1 : 0, b: 0 };
  if (type === 'DATE' && (formats.date ?? ISO_DATE) === ISO_DATE) return { kind: 'date', a: 0, b: 0 };
  if (type === 'TIMESTAMP' && formats.timestamp === undefined) return { kind: 'timestamp', a: 6, b: 0 };
  if (type === 'TIMESTAMP' && formats.timestamp === ISO_SECONDS) return { kind: 'timestamp', a: 0, b: 0 };
  if (type === 'TIMESTAMP WITH TIME ZONE' || type === 'TIMESTAMPTZ') return { kind: 'timestamp', a: 6, b: 1 };
  if (kindOf(type) === 'decimal' && typeBasis === 'precise') {
    const { width, scale } = decimalShape(type);
    if (width <= DIGITS) return { kind: 'decimal', a: scale, b: width };
  }
  return undefined;
}

const ISO_DATE = '%Y-%m-%d';
const ISO_SECONDS = '%Y-%m-%d %H:%M:%S';
