import {
  emptyCounter,
  fromBase64,
  mergeCounters,
  registersFromMasks,
  toBase64,
} from '../../sketch/distinct-counter-codec.ts';
import type { MeasuredColumn } from '../column.ts';
import { BLANK } from './counts.ts';
import { type Measure, requireCount, requireText } from './measure.ts';

/** Distinct values of the part, exactly, nulls and blank texts left out, and a counter of them that adds up across parts. */
export interface DistinctPart {
  /** Exact; null once two parts were merged, for a value may be in both. */
  count: number | null;
  /** No fewer than this are distinct. */
  atLeast: number;
  /** Σ count² over all values, blanks too, for the selectivity; null once merged. */
  squares: string | null;
  /** The bytes of the distinct counter in base64. */
  counter: string;
}

/** The published value hash of the exact text. */
export const HASH = (text: string): string => `(md5_number(${text})::UHUGEINT >> 64)::UBIGINT`;

/** Bucket = top 11 bits; the one-hot of the rank = lowest set bit of the other 53, so one `bit_or` collects all ranks of a bucket. */
const masks = (from: string): string => `(SELECT to_json(list([b::VARCHAR, m::VARCHAR] ORDER BY b)) FROM (
  SELECT h >> 53 AS b, bit_or(w & -w) AS m FROM (
    SELECT h, ((h & 9007199254740991) | 9007199254740992)::BIGINT AS w FROM (SELECT ${HASH('v::VARCHAR')} AS h FROM ${from})
  ) GROUP BY 1))`;

const notBlank = ({ kind }: MeasuredColumn): string =>
  kind === 'text' ? `g WHERE NOT regexp_full_match(v::VARCHAR, ${BLANK})` : 'g';

export const distinct: Measure<DistinctPart> = {
  name: 'distinct',
  pass: 'groups',
  applies: () => true,
  sql: (column) => ({
    count: `(SELECT count(*) FROM ${notBlank(column)})`,
    squares: '(SELECT coalesce(sum(n::HUGEINT * n::HUGEINT), 0) FROM g)',
    masks: masks(notBlank(column)),
  }),
  part(row) {
    const count = requireCount(row, 'count');
    const masks = row.masks ? (JSON.parse(row.masks) as [string, string][]) : [];
    const counter = count === 0 ? emptyCounter() : registersFromMasks(masks.map(([b, m]) => [Number(b), BigInt(m)]));
    return { count, atLeast: count, squares: requireText(row, 'squares'), counter: toBase64(counter) };
  },
  merge: (a, b) => ({
    count: null,
    atLeast: Math.max(a.atLeast, b.atLeast),
    squares: null,
    counter: toBase64(mergeCounters(fromBase64(a.counter), fromBase64(b.counter))),
  }),
};
