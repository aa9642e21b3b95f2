import { ANY_DECIMAL, type PushedKind, type ReadColumn } from '../connector.ts';
import { quoteName } from './dialect.ts';

/**
 * How a column is measured in SQL. `value` is what is grouped and ordered, in the order that DuckDB has for its type; `text(v)`
 * is such a value exactly as DuckDB writes it, for its hash and for people. Pure.
 */
export interface PushColumn {
  column: ReadColumn;
  kind: PushedKind;
  value: string;
  text(v: string): string;
  /** Condition of values that DuckDB's type does not hold, or that it writes in another way; absent when there are none. */
  misfit?(v: string): string;
  /** The value is not the column itself but a text that has to be made of it. */
  made: boolean;
}

/** Latest instant of a DuckDB timestamp; PostgreSQL goes on to the year 294276. */
const LATEST = '294247-01-10 04:00:54.775807';

/** @param typname of the base type, as the catalog says it */
export function pushColumn(column: ReadColumn, typname: string): PushColumn {
  const ref = quoteName(column.name);
  const type = column.duckdbType;
  const asText = (v: string): string => `${v}::text`;
  const own = (kind: PushedKind, text = asText, misfit?: PushColumn['misfit']): PushColumn => ({
    column,
    kind,
    value: ref,
    text,
    made: false,
    ...(misfit ? { misfit } : {}),
  });
  if (/^(SMALLINT|INTEGER|BIGINT)$/.test(type)) {
    const value = typname === 'oid' ? `${ref}::int8` : typname === 'xid' ? `${ref}::text::int8` : ref;
    return { ...own('integer'), value };
  }
  if (type === ANY_DECIMAL) return own('decimal', (v) => `round(${v}, 20)::text`, isOther);
  if (type.startsWith('DECIMAL')) return own('decimal', asText, (v) => `${v} = 'NaN'`);
  if (type === 'FLOAT') return own('float', floatText('float4'), isLongReal);
  if (type === 'DOUBLE') return own('float', floatText('float8'));
  if (type === 'BOOLEAN') return own('boolean');
  if (type === 'UUID') return own('uuid');
  if (type === 'BLOB') return own('blob');
  if (type === 'TIME') return own('temporal');
  if (type === 'DATE') return own('temporal', dateText);
  if (type === 'TIMESTAMP') return own('temporal', timestampText('timestamp', ''), late('timestamp', LATEST));
  if (type === 'TIMESTAMP WITH TIME ZONE')
    return own('temporal', timestampText('timestamptz', '+00'), late('timestamptz', `${LATEST}+00`));
  const made = !PLAIN_TEXT.has(typname);
  const words = made ? `CASE WHEN ${ref} IS DISTINCT FROM NULL THEN concat(${ref}) END` : `${ref}::text`;
  return { ...own('text', (v) => v), value: `(${words}) COLLATE "C"`, made };
}

/**
 * Types whose cast to text is what COPY writes. For others it is not: it drops the blanks behind a character(n) and adds the /32
 * to an address. concat() asks the type's output function, as COPY does, but makes an empty text of a null.
 */
const PLAIN_TEXT = new Set(['text', 'varchar', 'numeric']);

/** Has more than 20 digits behind the point or 18 before it, or is no number. */
const isOther = (v: string): string =>
  `(scale(trim_scale(${v})) > 20 OR NOT ${v} BETWEEN -1e18 + 1e-20 AND 1e18 - 1e-20)`;

const late =
  (type: string, latest: string) =>
  (v: string): string =>
    `${v} > ${type} '${latest}' AND isfinite(${v})`;

const dateText = (v: string): string =>
  `CASE WHEN ${v} < date '0001-01-01' AND isfinite(${v}) THEN to_char(${v}, 'YYYY-MM-DD" (BC)"') ELSE ${v}::text END`;

/** The era stands behind the date, and zeros at the end of a fraction are left out. */
const timestampText =
  (type: string, zone: string) =>
  (v: string): string =>
    `CASE WHEN ${v} < ${type} '0001-01-01' AND isfinite(${v}) ` +
    `THEN rtrim(rtrim(to_char(${v}, 'YYYY-MM-DD" (BC) "HH24:MI:SS.US'), '0'), '.') || '${zone}' ELSE ${v}::text END`;

/**
 * Both write the shortest digits that read back to the same number, with three differences. PostgreSQL changes to the form with an
 * exponent from 1e15 (real: 1e6) on, DuckDB from 1e16 on. DuckDB marks whole numbers with `.0`. And where a text that is shorter by
 * one lies just on the edge of what reads back to the number, which is so for large whole ones only, DuckDB takes that one.
 */
const floatText =
  (type: 'float4' | 'float8') =>
  (v: string): string => {
    const text = `${v}::text`;
    const [head, tail] = [`split_part(${text}, 'e', 1)`, `split_part(${text}, 'e', 2)`];
    const number = `${text}::numeric`;
    const shorter = `(rtrim(round(${head}::numeric, greatest(${digitsOf(v)} - 2, 1))::text, '0') || 'e' || ${tail})`;
    return (
      `CASE WHEN ${v} = 'NaN' THEN 'nan' WHEN ${v} = 'Infinity' THEN 'inf' WHEN ${v} = '-Infinity' THEN '-inf' ` +
      `WHEN abs(${v}) >= 1e6 AND abs(${v}) < 1e16 THEN ${number}::text || CASE WHEN scale(${number}) = 0 THEN '.0' ELSE '' END ` +
      `WHEN abs(${v}) >= 1e16 AND ${digitsOf(v)} > 2 AND ${shorter}::${type} = ${v} THEN ${shorter} ` +
      `WHEN ${text} ~ '[.e]' THEN ${text} ELSE ${text} || '.0' END`
    );
  };

const digitsOf = (v: string): string => `length(translate(split_part(${v}::text, 'e', 1), '-.', ''))`;

/** Whole reals beyond 2^24 of eight digits or more DuckDB writes now by those digits, now by all of the number that they stand for. */
const isLongReal = (v: string): string => `abs(${v}) >= 16777216 AND abs(${v}) < 1e16 AND ${digitsOf(v)} >= 8`;
