import { decimalShape, kindOf } from './column.ts';
import { quoteText } from './sql.ts';

/** Formats of a file whose dates are not written the ISO way, in the letters of strptime. */
export interface TimeFormats {
  date?: string;
  timestamp?: string;
}

/**
 * SQL that casts a text to a type, null where it does not fit. DuckDB's own cast is lenient where a profile must not be: it
 * rounds `1.5` to 2, drops `foo` from `2020-01-01 foo` and the BC from PostgreSQL's `0044-03-15 BC`, and reads the bytes `\x4142`
 * as `A42`. Guessed numbers also keep their leading zeros by staying text (`007` is no number), guessed doubles the digits that
 * a double does not hold, and guessed words what they are: `yes` is not printed as `true`, nor `10:00` as `10:00:00`. Pure.
 *
 * @param number what `TRY_CAST` makes of the text as `numberType`, where it is at hand: DuckDB computes nothing once that stands in a CASE
 */
export function castSql(
  text: string,
  column: { duckdbType: string; typeBasis: 'precise' | 'inferred'; sure?: true },
  formats: TimeFormats = {},
  number?: string,
): string {
  const type = column.duckdbType.toUpperCase();
  const kind = kindOf(type);
  const guessed = column.typeBasis === 'inferred';
  const when = (pattern: string): string =>
    `CASE WHEN regexp_full_match(${text}, ${quoteText(pattern)}) THEN TRY_CAST(${text} AS ${type}) END`;
  if (kind === 'blob' && column.sure) return `from_hex(${text}[3:])`;
  if (kind === 'blob')
    return `CASE WHEN regexp_full_match(${text}, '\\\\x([0-9a-fA-F]{2})*') THEN from_hex(${text}[3:]) END`;
  if (kind === 'float' && guessed) return doubleSql(text, number);
  if (kind === 'boolean' && guessed) return when('(?i)true|false');
  if (type === 'TIME' && guessed) return when('[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?');
  if (kind === 'integer' && guessed) return integerSql(text, number ?? `TRY_CAST(${text} AS ${type})`);
  if (kind === 'decimal' && guessed) return when(`[+-]?[0-9]+(\\.[0-9]{0,${decimalShape(type).scale}}0*)?`);
  if (kind === 'date' && column.sure)
    return `CASE WHEN ends_with(${text}, ' BC') THEN CAST(replace(${text}, ' BC', ' (BC)') AS DATE) ELSE CAST(${text} AS DATE) END`;
  if (kind === 'date') return formats.date ? `TRY_STRPTIME(${text}, ${quoteText(formats.date)})::DATE` : dateSql(text);
  if (kind === 'timestamp') {
    const strptime =
      formats.timestamp && type === 'TIMESTAMP'
        ? `TRY_STRPTIME(${text}, ${quoteText(formats.timestamp)})`
        : `TRY_CAST(${text} AS ${type})`;
    return `CASE WHEN ends_with(${text}, ' BC') THEN TRY_CAST(regexp_replace(${text}, '^(\\S+) (\\S+) BC$', '\\1 (BC) \\2') AS ${type}) ELSE ${strptime} END`;
  }
  return `TRY_CAST(${text} AS ${type})`;
}

/** The type of the number that `castSql` looks at more than once; undefined for other columns. */
export function numberType(column: { duckdbType: string; typeBasis: 'precise' | 'inferred' }): string | undefined {
  if (column.typeBasis !== 'inferred') return undefined;
  const kind = kindOf(column.duckdbType);
  return kind === 'float' ? 'DOUBLE' : kind === 'integer' ? column.duckdbType : undefined;
}

/** An integer that is written as DuckDB writes it: with no sign, zero or digit to spare. */
const integerSql = (text: string, number: string): string =>
  `CASE WHEN ${number}::VARCHAR = ${text} THEN ${number} WHEN ${text} = '-0' THEN 0 END`;

const dateSql = (text: string): string =>
  `CASE WHEN regexp_full_match(${text}, '[0-9]+-[0-9]{2}-[0-9]{2}( \\(BC\\))?|-?infinity') THEN TRY_CAST(${text} AS DATE) ` +
  `WHEN ends_with(${text}, ' BC') THEN TRY_CAST(replace(${text}, ' BC', ' (BC)') AS DATE) END`;

/** So many significant digits are safe in a double, whatever they are: no shorter text needs to be looked into. */
const SAFE_DIGITS = 15;

/**
 * A text with more digits than are safe must be what programs write of its double: the fewest digits that tell it from others, or
 * 17. Else different texts would become one number. Nor is `1e400` infinite, or `1e-400` zero.
 */
function doubleSql(text: string, number = `TRY_CAST(${text} AS DOUBLE)`): string {
  // Few begin with a sign or a zero: only these are looked into.
  const zeros = `${text} < '1' AND ltrim(${text}, '+-') BETWEEN '00' AND '09:'`;
  const digits = `trim(regexp_replace(${text}, '[eE].*|[^0-9]', '', 'g'), '0')`;
  // Numbers beyond the doubles become infinite, or nothing: those are looked into once more.
  const none = `CASE WHEN regexp_full_match(${text}, '[-+]?[0-9.]*[1-9][0-9.]*([eE].*)?') THEN NULL ELSE ${number} END`;
  return (
    `CASE WHEN ${zeros} THEN NULL WHEN isinf(${number}) OR ${number} = 0 THEN ${none} WHEN strlen(${text}) <= ${SAFE_DIGITS} THEN ${number} WHEN ${number}::VARCHAR = ${text} THEN ${number} ` +
    `WHEN strlen(${digits}) <= ${SAFE_DIGITS} OR printf('%.17g', ${number}) = lower(${text}) THEN ${number} END`
  );
}

/**
 * SQL of a column of floats in which NaN and zero have no sign: DuckDB holds the values with and without one to be equal, keeps
 * whichever comes first, and writes them differently. Pure.
 */
export const unsigned = (ref: string, duckdbType: string): string =>
  `CASE WHEN isnan(${ref}) THEN 'nan'::${duckdbType} ELSE ${ref} + 0::${duckdbType} END AS ${ref}`;
