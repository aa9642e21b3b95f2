import { canonicalText } from '../../sketch/canonical-text.ts';
import { termHash } from '../../sketch/term-hash.ts';
import { HASH_BITS, MOST_HASHES, ValueSet } from '../../sketch/value-set.ts';
import { fromBase64, HALF_BITS, toBase64, valueSetHash, valueSetHashOf } from '../../sketch/value-set-codec.ts';
import type { MeasuredColumn } from '../column.ts';
import { isBlank } from '../text/alphabet.ts';
import { bySql, canonicalKind, canonicalSql } from './canonical-sql.ts';
import { HASH } from './distinct.ts';
import { type Measure, requireCount } from './measure.ts';

/** The bytes of the value set of the part in base64. */
export interface ValueSetPart {
  set: string;
}

/** More texts that only JavaScript can make canonical, or more bytes of them, are too many for one answer. */
const MOST_BY_HAND = 200_000;
const MOST_BYTES_BY_HAND = 12 * 2 ** 20;

/** The hash of a canonical text `c` in a value set, as `valueSetHash` has it. */
const SET_HASH = `((hash(c) >> ${64 - HALF_BITS}) << ${HALF_BITS}) | (${HASH('c')} >> ${64 - HALF_BITS})`;

/** Queries for the values of a column, nulls left out: the canonical texts `c` that SQL can make, and those `x` that it cannot, each once. */
function textsOf(column: MeasuredColumn, from: string, value: string, byHand: string | null) {
  const kind = canonicalKind(column);
  const rows = (of: string): string =>
    `(SELECT ${kind === 'text' ? `${value}::VARCHAR` : value} AS x FROM ${of} WHERE ${value} IS NOT NULL)`;
  const canonical = `SELECT ${canonicalSql('x', column, kind)} AS c FROM ${rows(from)} WHERE ${bySql('x', kind)}`;
  if (kind !== 'text' || byHand === null) return { canonical };
  return { canonical, others: `SELECT DISTINCT x FROM ${rows(byHand)} WHERE NOT (${bySql('x', kind)})` };
}

/**
 * What gives the hashes of all values of a column, nulls and blanks left out, as a value set has them: a query for `h` of each row whose
 * canonical text SQL can make, and one for the texts that are left to `canonicalText` and `valueSetHash`. Pure.
 */
export function valueSetHashes(
  column: MeasuredColumn,
  from: string,
  value: string,
): { hashes: string; others?: string } {
  const { canonical, ...others } = textsOf(column, from, value, from);
  return { hashes: `SELECT ${SET_HASH} AS h FROM (${canonical}) WHERE c <> ''`, ...others };
}

/**
 * Scalar expressions that give the value set of the values of `value` in `from`, nulls and blanks left out: the smallest hashes that
 * SQL can make, one more than is kept, and the texts of `byHand` that JavaScript has to make canonical and hash. So no value is
 * chosen by anything but the hash that identifies it. Pure.
 *
 * @param byHand where those texts are looked for; null where there are none
 */
export function valueSetSql(
  column: MeasuredColumn,
  from: string,
  value: string,
  byHand: string | null = from,
): Record<string, string> {
  const { canonical, others: texts } = textsOf(column, from, value, byHand);
  const sql: Record<string, string> = {
    hashes: `(SELECT to_json(list(h ORDER BY h)) FROM (SELECT DISTINCT ${SET_HASH} AS h FROM (${canonical}) WHERE c <> '' ORDER BY h LIMIT ${MOST_HASHES + 1}))`,
  };
  if (texts === undefined) return sql;
  const others = `(${texts})`;
  return {
    ...sql,
    by_hand: `(SELECT count(*) FROM ${others})`,
    texts: `(SELECT CASE WHEN count(*) <= ${MOST_BY_HAND} AND sum(strlen(x)) <= ${MOST_BYTES_BY_HAND} THEN to_json(list(x)) END FROM (SELECT x FROM ${others} LIMIT ${MOST_BY_HAND + 1}))`,
  };
}

/** The answer to {@link valueSetSql}: its hashes. Throws an Error with the reason when too many texts are to be made canonical by hand. */
export function readHashes(row: Record<string, string | null>): number[] {
  const hashes = JSON.parse(row.hashes ?? '[]') as number[];
  const byHand = row.by_hand === undefined ? 0 : requireCount(row, 'by_hand');
  if (byHand === 0) return hashes;
  if (row.texts == null)
    throw new Error(
      `${byHand} of its values have characters that only we write in lower case, which is done for ${MOST_BY_HAND}`,
    );
  const texts = (JSON.parse(row.texts) as string[]).map((text) => canonicalText(text)).filter((text) => text !== '');
  return [...hashes, ...texts.map(valueSetHash)];
}

/**
 * From the different values where all of them are grouped. Where values were chosen, that was by the upper half of the same hash, so
 * the chosen ones hold all values with the smallest hashes. A sample of the rows would say nothing of them.
 */
export const valueSet: Measure<ValueSetPart> = {
  name: 'valueset',
  pass: 'values',
  applies: () => true,
  sql: (column, { values }) =>
    values?.kind === 'sample'
      ? valueSetSql(column, 'd', 'v', values.texts === undefined ? 'a' : null)
      : valueSetSql(column, 'd', 'v'),
  inHand({ texts, hashes: { high } }, column) {
    const kind = canonicalKind(column);
    const found = new Float64Array(texts.length);
    let length = 0;
    for (let i = 0; i < texts.length; i += 1) {
      const text = texts[i] as string;
      if (kind === 'text') {
        if (!isBlank(text)) found[length++] = termHash(text, high[i] as number);
        continue;
      }
      const canonical = canonicalText(text, kind);
      found[length++] = canonical === text ? valueSetHashOf(text, high[i] as number) : valueSetHash(canonical);
    }
    return { set: toBase64(new ValueSet(found.subarray(0, length))) };
  },
  part(row, _column, { values }) {
    const hashes = readHashes(row);
    if (values?.kind !== 'sample') return { set: toBase64(new ValueSet(hashes)) };
    const chosen = new Set(hashes.filter((hash) => hash < 2 ** (HASH_BITS - values.level)));
    if (chosen.size < MOST_HASHES)
      throw new Error('far fewer of its values are different once written in lower case and trimmed');
    return { set: toBase64(new ValueSet(chosen, true)) };
  },
  merge: (a, b) => ({ set: toBase64(fromBase64(a.set).merge(fromBase64(b.set))) }),
};
