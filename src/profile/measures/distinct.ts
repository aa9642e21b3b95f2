import { CHOICE_BITS, ChosenValues, MOST_CHOSEN, NAME_BITS } from '../../sketch/chosen-values.ts';
import { fromBase64, toBase64 } from '../../sketch/chosen-values-codec.ts';
import {
  fromBase64 as counterFromBase64,
  toBase64 as counterToBase64,
  emptyCounter,
  mergeCounters,
  registersFromMasks,
} from '../../sketch/distinct-counter-codec.ts';
import type { MeasuredColumn } from '../column.ts';
import { isBlank } from '../text/alphabet.ts';
import { choosingSql } from './canonical-sql.ts';
import { BLANK } from './counts.ts';
import { type Measure, requireCount, requireText } from './measure.ts';

/** Distinct values of the part, nulls and blank texts left out, with a counter and a sample of them that add up across parts. */
export interface DistinctPart {
  /** Exact; null where values were sampled, and once two parts were merged, for a value may be in both. */
  count: number | null;
  /** No fewer than this are distinct. */
  atLeast: number;
  /** Σ count² over all values, blanks too, for the selectivity; null where rows were sampled, and once merged. */
  squares: string | null;
  /** Where rows were sampled: what the sample says of pairs of equal rows; null once merged. */
  pairs?: { values: number; pairs: number; triples: number } | null;
  /**
   * Where values were sampled: so many of them, each taken with the chance 2^−level. Spellings of one text were taken together: `squares` is
   * the sum of the squares of how many there were of each.
   */
  chosen?: { count: number; level: number; squares?: number };
  /** The bytes of the distinct counter in base64; null where values were sampled, for it counts every value. */
  counter: string | null;
  /** Of a part of a table: the bytes of its chosen values in base64, no blanks among them; null once a part lacks them. */
  sample?: string | null;
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
    // A sample of the values says more than a counter of all rows, which takes three times as long.
    const counter: Record<string, string> = all ? { masks: masks(notBlank(column, 'g')) } : {};
    const sample: Record<string, string> = known.whole ? {} : { sample: chosenSql(column, all) };
    const spelt = column.kind === 'text' && known.values?.kind === 'sample';
    const spellings: Record<string, string> = spelt
      ? {
          spellings: `(SELECT coalesce(sum(m * m), 0) FROM (SELECT count(*) AS m FROM ${notBlank(column, 'd')} GROUP BY h))`,
        }
      : {};
    return { count, ...ofRows, ...counter, ...sample, ...spellings };
  },
  inHand({ texts, counts, hashes }, { kind }, { whole }) {
    // Which canonical texts SQL leaves alone, only SQL knows.
    if (!whole) return undefined;
    const counter = emptyCounter();
    let count = 0;
    for (const [i, text] of texts.entries()) {
      if (kind === 'text' && isBlank(text)) continue;
      count += 1;
      counter.addHalves(hashes.high[i] as number, hashes.low[i] as number);
    }
    const squares = String(counts.reduce((sum, n) => sum + n * n, 0));
    return { count, atLeast: count, squares, counter: counterToBase64(counter) };
  },
  part(row, _column, { groups, values, whole }) {
    const count = requireCount(row, 'count');
    const level = values?.kind === 'sample' ? values.level : 0;
    const sample = whole ? {} : { sample: toBase64(readChosen(requireText(row, 'sample'), level)) };
    if (groups.kind === 'all') {
      const masks = row.masks ? (JSON.parse(row.masks) as [string, string][]) : [];
      const counter = counterToBase64(registersFromMasks(masks.map(([b, m]) => [Number(b), BigInt(m)])));
      return { count, atLeast: count, squares: requireText(row, 'squares'), counter, ...sample };
    }
    const pairs = {
      values: requireCount(row, 'values'),
      pairs: requireCount(row, 'pairs'),
      triples: requireCount(row, 'triples'),
    };
    const sampled = { atLeast: count, squares: null, pairs, counter: null, ...sample };
    const squares = row.spellings == null ? {} : { squares: Number(row.spellings) };
    return level === 0 ? { ...sampled, count } : { ...sampled, count: null, chosen: { count, level, ...squares } };
  },
  merge(a, b) {
    const both = a.sample && b.sample ? fromBase64(a.sample).merge(fromBase64(b.sample)) : null;
    return {
      count: null,
      atLeast: Math.max(a.atLeast, b.atLeast),
      squares: null,
      counter:
        a.counter && b.counter
          ? counterToBase64(mergeCounters(counterFromBase64(a.counter), counterFromBase64(b.counter)))
          : null,
      sample: both && toBase64(both),
    };
  },
};

/** The values with the smallest choosing hashes, one more than is kept. */
const chosenSql = (column: MeasuredColumn, all: boolean): string => {
  const from = notBlank(column, all ? 'g' : 'd');
  const first = `SELECT v, n, ${all ? choosingSql(column, 'v') : 'h'} AS h FROM ${from} ORDER BY h LIMIT ${MOST_CHOSEN + 1}`;
  return `(SELECT to_json({'choice': list(h >> ${64 - CHOICE_BITS}), 'name': list(${nameSql('v')}), 'count': list(n)}) FROM (${first}))`;
};

/** What tells a value apart from others with its choosing hash. */
export const nameSql = (value: string): string => `(${HASH(`${value}::VARCHAR`)} >> ${64 - NAME_BITS})`;

function readChosen(text: string, level: number): ChosenValues {
  const { choice, name, count } = JSON.parse(text) as Record<'choice' | 'name' | 'count', number[] | null>;
  const values = (choice ?? []).map((at, i) => ({ choice: at, name: name?.[i] ?? 0, count: Number(count?.[i]) }));
  if (values.length <= MOST_CHOSEN) return new ChosenValues(values, level);
  // Beyond the last of them others were left out.
  const last = values.reduce((most, { choice }) => Math.max(most, choice), 1);
  return new ChosenValues(values, Math.max(level, CHOICE_BITS - Math.floor(Math.log2(last))));
}
