import { type CanonicalKind, canonicalText } from '../../sketch/canonical-text.ts';
import { HASH_BITS, MOST_HASHES, ValueSet } from '../../sketch/value-set.ts';
import { fromBase64, toBase64, valueSetHash } from '../../sketch/value-set-codec.ts';
import type { ColumnKind, MeasuredColumn } from '../column.ts';
import { quoteText } from '../sql.ts';
import { HASH } from './distinct.ts';
import { type Measure, requireCount } from './measure.ts';

/** The bytes of the value set of the part in base64. */
export interface ValueSetPart {
  set: string;
}

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

const isAscii = (text: string): string => `strlen(${text}) = length(${text})`;

/** Whether SQL can write the canonical text of a value. */
const bySql = (value: string, kind: CanonicalKind): string =>
  kind === 'text' ? `CASE WHEN ${isAscii(value)} THEN true ELSE NOT regexp_matches(${value}, ${BY_HAND}) END` : 'true';

/** An ASCII text that begins and ends with no white space: what is slow, trimming and composing, has nothing to do there. */
const isPlainAscii = (text: string): string =>
  `${isAscii(text)} AND unicode(${text}) > 32${[32, 9, 10, 11, 12, 13].map((code) => ` AND NOT ends_with(${text}, chr(${code}))`).join('')}`;

/**
 * The canonical text of a value, as `canonicalText` writes it, where `bySql` holds. Replacing within a text costs 0.25 to 0.4 µs,
 * three times its hash; so it is done only where there may be something to replace.
 */
function canonicalSql(
  value: string,
  { kind: columnKind, scale, duckdbType }: MeasuredColumn,
  kind: CanonicalKind,
): string {
  const text = `${value}::VARCHAR`;
  if (kind === 'text')
    return `CASE WHEN ${isPlainAscii(value)} THEN lower(${value}) ELSE nfc_normalize(lower(trim(${value}, ${WHITE_SPACE}))) END`;
  if (kind === 'decimal')
    return scale > 0 ? `CASE WHEN ends_with(${text}, '0') THEN rtrim(rtrim(${text}, '0'), '.') ELSE ${text} END` : text;
  if (kind === 'float')
    return `CASE WHEN ${value} = 0 THEN '0' WHEN ends_with(${text}, '.0') THEN left(${text}, length(${text}) - 2) ELSE ${text} END`;
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

/** More texts that only JavaScript can make canonical, or more bytes of them, are too many for one answer. */
const MOST_BY_HAND = 200_000;
const MOST_BYTES_BY_HAND = 64 * 2 ** 20;

/**
 * Scalar expressions that give the value set of all values of `value` in `from`, nulls and blanks left out: the smallest hashes that
 * SQL can make, one more than is kept, and the texts that JavaScript has to make canonical and hash. So no value is
 * chosen by anything but the hash that identifies it. Pure.
 *
 * @param below only hashes below this, as a share of hash space: for many different values, of which all the others need not be
 * sorted. Ask again with 1 when fewer than k come back.
 */
export function valueSetSql(column: MeasuredColumn, from: string, value: string, below = 1): Record<string, string> {
  const kind = canonicalKind(column);
  const asText = kind === 'text' ? `${value}::VARCHAR` : value;
  const limit = below < 1 ? ` WHERE h < ${Math.ceil(below * 2 ** HASH_BITS)}` : '';
  const rows = `(SELECT ${asText} AS x FROM ${from} WHERE ${value} IS NOT NULL)`;
  const hashes = `SELECT ${HASH('c')} >> ${64 - HASH_BITS} AS h FROM (SELECT ${canonicalSql('x', column, kind)} AS c FROM ${rows} WHERE ${bySql('x', kind)}) WHERE c <> ''`;
  const sql: Record<string, string> = {
    hashes: `(SELECT to_json(list(h ORDER BY h)) FROM (SELECT DISTINCT h FROM (${hashes})${limit} ORDER BY h LIMIT ${MOST_HASHES + 1}))`,
  };
  if (kind !== 'text') return sql;
  const others = `(SELECT DISTINCT x FROM ${rows} WHERE NOT (${bySql('x', kind)}))`;
  return {
    ...sql,
    by_hand: `(SELECT count(*) FROM ${others})`,
    texts: `(SELECT CASE WHEN count(*) <= ${MOST_BY_HAND} AND sum(strlen(x)) <= ${MOST_BYTES_BY_HAND} THEN to_json(list(x)) END FROM (SELECT x FROM ${others} LIMIT ${MOST_BY_HAND + 1}))`,
  };
}

/** The answer to {@link valueSetSql}. Throws an Error with the reason when too many texts are to be made canonical by hand. */
export function readValueSet(row: Record<string, string | null>): ValueSet {
  const hashes = JSON.parse(row.hashes ?? '[]') as number[];
  const byHand = row.by_hand === undefined ? 0 : requireCount(row, 'by_hand');
  if (byHand === 0) return new ValueSet(hashes);
  if (row.texts == null)
    throw new Error(
      `${byHand} of its values have characters that only we write in lower case, which is done for ${MOST_BY_HAND}`,
    );
  const texts = (JSON.parse(row.texts) as string[]).map((text) => canonicalText(text)).filter((text) => text !== '');
  return new ValueSet([...hashes, ...texts.map(valueSetHash)]);
}

/**
 * From the different values where all of them are grouped, else from all rows: a sample of the rows, or of the values by
 * another hash, says nothing of the smallest hashes. There only hashes are looked at of which about four times as many
 * as are kept are expected.
 */
export const valueSet: Measure<ValueSetPart> = {
  name: 'valueset',
  pass: 'values',
  applies: () => true,
  sql: (column, { values }) =>
    values?.kind === 'sample' ? valueSetSql(column, 'a', 'v', share(values)) : valueSetSql(column, 'd', 'v'),
  inHand({ texts }, column) {
    const kind = canonicalKind(column);
    const canonical = new Set(texts.map((text) => canonicalText(text, kind)));
    canonical.delete('');
    return { hashes: JSON.stringify([...canonical].map(valueSetHash)) };
  },
  part(row, _column, { values }) {
    const set = readValueSet(row);
    if (values?.kind === 'sample' && share(values) < 1 && set.hashes.length < MOST_HASHES)
      throw new Error('far fewer of its values are different once written in lower case and trimmed');
    return { set: toBase64(set) };
  },
  merge: (a, b) => ({ set: toBase64(fromBase64(a.set).merge(fromBase64(b.set))) }),
};

const share = ({ chosen, level }: { chosen: number; level: number }): number =>
  Math.min((4 * MOST_HASHES) / Math.max(chosen * 2 ** level, 1), 1);
