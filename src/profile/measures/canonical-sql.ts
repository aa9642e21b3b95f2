import type { CanonicalKind } from '../../sketch/canonical-text.ts';
import type { ColumnKind, MeasuredColumn } from '../column.ts';
import { quoteText } from '../sql.ts';

const KINDS: Partial<Record<ColumnKind, CanonicalKind>> = {
  text: 'text',
  nested: 'text',
  other: 'text',
  decimal: 'decimal',
  float: 'float',
  timestamp: 'timestamp',
  blob: 'blob',
};
export const canonicalKind = ({ kind }: Pick<MeasuredColumn, 'kind'>): CanonicalKind => KINDS[kind] ?? 'plain';

const ASCII_WHITE_SPACE = quoteText('\t\n\v\f\r ');
/** Unicode White_Space. */
const WHITE_SPACE = quoteText(
  '\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000',
);

/**
 * Characters for which DuckDB's `lower` and `nfc_normalize` (each character for itself, an older Unicode) may write another text
 * than JavaScript: dotted capital I, capital sigma (which ends a word in another letter), and blocks to which
 * letters or marks were added of late; and U+0000, at which `nfc_normalize` ends. A test holds all other characters against JavaScript.
 */
const BY_HAND = `'[\\x{0}\\x{130}\\x{3A3}\\x{897}\\x{1AB0}-\\x{1AFF}\\x{1C80}-\\x{1C8F}\\x{A7C0}-\\x{A7FF}\\x{10D00}-\\x{11FFF}\\x{16000}-\\x{16FFF}\\x{1E000}-\\x{1EFFF}]'`;

export const isAscii = (text: string): string => `strlen(${text}) = length(${text})`;

/** Whether SQL can write the canonical text of a value. */
export const bySql = (value: string, kind: CanonicalKind): string =>
  kind === 'text' ? `CASE WHEN ${isAscii(value)} THEN true ELSE NOT regexp_matches(${value}, ${BY_HAND}) END` : 'true';

/**
 * An ASCII text that begins and ends with no white space: what is slow, trimming and composing, has nothing to do there. 30 ns, as
 * much as `lower`.
 */
export const isPlainAscii = (text: string): string => `${isAscii(text)} AND ${endsPlainly(text)}`;

/** Whether an ASCII text begins and ends with no white space. */
export const endsPlainly = (text: string): string =>
  `${text} >= '!'${[32, 9, 10, 11, 12, 13].map((code) => ` AND NOT ends_with(${text}, chr(${code}))`).join('')}`;

/**
 * The canonical text of a value, as `canonicalText` writes it, where `bySql` holds. Replacing within a text costs 0.25 to 0.4 µs,
 * three times its hash; so it is done only where there may be something to replace.
 */
export function canonicalSql(
  value: string,
  { kind: columnKind, scale, duckdbType }: MeasuredColumn,
  kind: CanonicalKind,
): string {
  const text = `${value}::VARCHAR`;
  if (kind === 'text') return textSql(value);
  if (kind === 'decimal') {
    if (scale === 0) return text;
    // One zero of several digits takes a quarter of the time as a slice.
    const one = scale > 1 ? ` WHEN NOT ends_with(${text}, '00') THEN (${text})[:-2]` : '';
    return `CASE WHEN NOT ends_with(${text}, '0') THEN ${text}${one} ELSE rtrim(rtrim(${text}, '0'), '.') END`;
  }
  if (kind === 'float') {
    // Up to here every whole number is one of the type, so its digits are those of the integer.
    const single = /^(FLOAT|REAL)/i.test(duckdbType);
    const whole = `${value} = trunc(${value})`;
    // Writing a double takes 0.17 µs, and 0.06 as JSON, which is the same where neither needs an exponent; a test holds the two together.
    const json = single ? '' : ` WHEN abs(${value}) BETWEEN 0.0001 AND 1e15 THEN to_json(${value})::VARCHAR`;
    return `CASE WHEN ${whole} AND abs(${value}) < ${single ? 2 ** 24 : 2 ** 53} THEN ${value}::BIGINT::VARCHAR${json} WHEN ${whole} AND ends_with(${text}, '.0') THEN left(${text}, length(${text}) - 2) ELSE ${text} END`;
  }
  if (kind === 'timestamp') {
    const joined = `CASE WHEN contains(${text}, '(') THEN regexp_replace(lower(${text}), ' ([0-9])', 't\\1') ELSE replace(${text}, ' ', 't') END`;
    if (/TIME ZONE|TIMESTAMPTZ/i.test(duckdbType)) return `replace(${joined}, '+00', 'z')`;
    // The other types of timestamps have more or fewer digits than a TIME.
    if (!/^(TIMESTAMP|DATETIME)$/i.test(duckdbType)) return joined;
    return `CASE WHEN ${value} BETWEEN TIMESTAMP '0001-01-01' AND TIMESTAMP '9999-12-31 23:59:59.999999' THEN concat(${value}::DATE::VARCHAR, 't', ${value}::TIME::VARCHAR) ELSE ${joined} END`;
  }
  if (kind === 'blob') return `lower(hex(${value}))`;
  return columnKind === 'integer' || columnKind === 'boolean' ? text : `lower(${text})`;
}

/** @param otherwise what a text is that SQL cannot make canonical; absent: `bySql` is known to hold */
const textSql = (text: string, otherwise?: string): string => {
  const composed = `nfc_normalize(lower(trim(${text}, ${WHITE_SPACE})))`;
  const others =
    otherwise === undefined
      ? composed
      : `CASE WHEN regexp_matches(${text}, ${BY_HAND}) THEN ${otherwise} ELSE ${composed} END`;
  return `CASE WHEN ${isPlainAscii(text)} THEN lower(${text}) WHEN ${isAscii(text)} THEN lower(trim(${text}, ${ASCII_WHITE_SPACE})) ELSE ${others} END`;
};

/**
 * What is known of all texts of a column: they are ASCII, or begin and end with no white space besides, or are their own canonical texts, for
 * they have no capitals either.
 */
export type KnownTexts = 'canonical' | 'plain' | 'ascii' | undefined;

/**
 * The choosing hash of the canonical text of a value; of a value whose canonical text SQL cannot write, that of the value itself.
 *
 * @param texts what is known need not be looked at
 */
export function choosingSql(column: MeasuredColumn, value: string, texts?: KnownTexts): string {
  const kind = canonicalKind(column);
  if (kind !== 'text') return `hash(${canonicalSql(value, column, kind)})`;
  const text = `${value}::VARCHAR`;
  if (texts === 'canonical') return `hash(${text})`;
  if (texts === 'plain') return `hash(lower(${text}))`;
  if (texts === 'ascii')
    return `hash(CASE WHEN ${endsPlainly(text)} THEN lower(${text}) WHEN ${text} IN ('', ' ') THEN '' ELSE lower(trim(${text}, ${ASCII_WHITE_SPACE})) END)`;
  return `hash(${textSql(text, text)})`;
}
