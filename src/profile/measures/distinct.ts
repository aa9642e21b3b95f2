import {
  emptyCounter,
  fromBase64,
  mergeCounters,
  registersFromMasks,
  toBase64,
} from '../../sketch/distinct-counter-codec.ts';
import type { MeasuredColumn } from '../column.ts';
import { isBlank } from '../text/alphabet.ts';
import { BLANK } from './counts.ts';
import { type Measure, requireCount, requireText } from './measure.ts';

/** Distinct values of the part, nulls and blank texts left out, and a counter of them that adds up across parts. */
export interface DistinctPart {
  /** Exact; null where values were sampled, and once two parts were merged, for a value may be in both. */
  count: number | null;
  /** No fewer than this are distinct. */
  atLeast: number;
  /** Σ count² over all values, blanks too, for the selectivity; null where rows were sampled, and once merged. */
  squares: string | null;
  /** Where rows were sampled: what the sample says of pairs of equal rows; null once merged. */
  pairs?: { values: number; pairs: number; triples: number } | null;
  /** Where values were sampled: so many of them, each taken with the chance 2^−level. */
  chosen?: { count: number; level: number };
  /** The bytes of the distinct counter in base64; null where values were sampled, for it counts every value. */
  counter: string | null;
}

/** The published value hash of the exact text. */
export const HASH = (text: string): string => `(md5_number(${text})::UHUGEINT >> 64)::UBIGINT`;

/** Bucket = top 11 bits; the one-hot of the rank = lowest set bit of the other 53, so one `bit_or` collects all ranks of a bucket. */
const masks = (from: string): string => `(SELECT to_json(list([b::VARCHAR, m::VARCHAR] ORDER BY b)) FROM (
  SELECT h >> 53 AS b, bit_or(w & -w) AS m FROM (
    SELECT h, ((h & 9007199254740991) | 9007199254740992)::BIGINT AS w FROM (SELECT ${HASH('v::VARCHAR')} AS h FROM ${from})
  ) GROUP BY 1))`;

const notBlank = ({ kind }: MeasuredColumn, from: string): string =>
  kind === 'text' ? `${from} WHERE NOT regexp_full_match(v::VARCHAR, ${BLANK})` : from;

export const distinct: Measure<DistinctPart> = {
  name: 'distinct',
  pass: 'values',
  applies: () => true,
  sql(column, known): Record<string, string> {
    const count = `(SELECT count(*) FROM ${notBlank(column, 'd')})`;
    const all = known.groups.kind === 'all';
    const ofRows: Record<string, string> = all
      ? { squares: '(SELECT coalesce(sum(n::HUGEINT * n::HUGEINT), 0) FROM g)' }
      : {
          values: '(SELECT coalesce(sum(n), 0) FROM g)',
          pairs: '(SELECT coalesce(sum(n * (n - 1)), 0) FROM g)',
          triples: '(SELECT coalesce(sum(n::HUGEINT * (n - 1) * (n - 2)), 0) FROM g)',
        };
    // A whole table needs no merging: a sample of its values says more than a counter of all rows, which takes three times as long.
    if (!all && known.whole) return { count, ...ofRows };
    return { count, ...ofRows, masks: masks(notBlank(column, all ? 'g' : 'a')) };
  },
  inHand({ texts, counts, hashes }, { kind }) {
    const counter = emptyCounter();
    let count = 0;
    for (const [i, text] of texts.entries()) {
      if (kind === 'text' && isBlank(text)) continue;
      count += 1;
      counter.addHalves(hashes.high[i] as number, hashes.low[i] as number);
    }
    const squares = String(counts.reduce((sum, n) => sum + n * n, 0));
    return { count, atLeast: count, squares, counter: toBase64(counter) };
  },
  part(row, _column, { groups, values, whole }) {
    const count = requireCount(row, 'count');
    const counter = (): string => {
      const masks = row.masks ? (JSON.parse(row.masks) as [string, string][]) : [];
      return toBase64(registersFromMasks(masks.map(([b, m]) => [Number(b), BigInt(m)])));
    };
    if (groups.kind === 'all')
      return { count, atLeast: count, squares: requireText(row, 'squares'), counter: counter() };
    const pairs = {
      values: requireCount(row, 'values'),
      pairs: requireCount(row, 'pairs'),
      triples: requireCount(row, 'triples'),
    };
    const sampled = { atLeast: count, squares: null, pairs };
    if (values?.kind !== 'sample') return { ...sampled, count, counter: whole ? null : counter() };
    return { ...sampled, count: null, chosen: { count, level: values.level }, counter: whole ? null : counter() };
  },
  merge(a, b) {
    if (a.counter === null || b.counter === null)
      throw new Error('distinct values of a whole table cannot be merged with others');
    return {
      count: null,
      atLeast: Math.max(a.atLeast, b.atLeast),
      squares: null,
      counter: toBase64(mergeCounters(fromBase64(a.counter), fromBase64(b.counter))),
    };
  },
};
