import { distinctOfCounter, type Interval, shareOfSample } from '../../profile/interval.ts';
import { HASH_BITS, type ValueSet } from '../../sketch/value-set.ts';
import { allRead, type ColumnFacts } from '../column-facts.ts';
import type { Score } from '../verdict.ts';
import { exactScore, scoreOf } from './score.ts';

/** The four figures of a column beside a dictionary. */
export interface Containment {
  similarity: Score;
  columnCardinality: Score;
  intersectionCardinality: Score;
  dictionarySimilarity: Score;
}

/**
 * How much of a column is in a dictionary, and of the dictionary in the column, by different values (canonical texts).
 *
 * A column's value set holds n hashes: all of its values, or, beyond 2,560, a uniform sample of its N different values. All
 * hashes of a dictionary of D terms are known, so each of the n is looked up, and f of them are found. A value that is no term agrees
 * with one by chance with p = 1 − (1 − 2⁻³⁴)^D, 0.0006 for 10 million terms.
 *
 * - `similarity` = (f/n − p) / (1 − p), which is unbiased; f/n where all values are known. Interval: Wilson's score of f in n, with the
 *   correction for the N there are; ±0.02 at n = 2,560.
 * - `intersectionCardinality` = similarity · N, `dictionarySimilarity` = that / D. Exact where all values are known, else between the
 *   products of the lower and of the upper ends.
 * - `columnCardinality` = N: the number of hashes, or the profile's distinct count within what the value set allows.
 *
 * Of a column of which not all rows were read, they are of the rows that were read, and the basis is `sample`.
 *
 * @source E. Cohen and H. Kaplan, Summarizing data using bottom-k sketches (2007); E. B. Wilson (1927)
 * @param found how many of the value set's hashes are in the dictionary
 * @param terms different terms of the dictionary; 0 for one that has none
 */
export function containmentOf(facts: ColumnFacts, set: ValueSet, found: number, terms: number): Containment {
  const n = set.hashes.length;
  if (found > n)
    throw new RangeError(`received ${found} hashes that were found, expected no more than the ${n} there are`);
  const whole = allRead(facts);
  const columnCardinality = cardinalityOf(facts, set);
  const seen = shareOfSample(found, n, whole && set.cut ? Math.max(Math.round(columnCardinality.value), n) : undefined);
  const share = set.cut ? shareBeyondChance(seen, terms) : n === 0 ? { value: 0, low: 0, high: 0 } : seen;
  const count = set.cut
    ? product(share, columnCardinality, terms)
    : { value: found, low: found, high: whole ? found : Math.max(found, Math.min(columnCardinality.high, terms)) };
  const ofTerms = (value: number): number => (terms === 0 ? 0 : Math.min(value / terms, 1));
  const told = (interval: Interval): Score =>
    whole && !set.cut ? exactScore(interval.value, n) : scoreOf(interval, whole ? 'estimate' : 'sample', n);
  return {
    similarity: told(share),
    columnCardinality,
    intersectionCardinality: told(count),
    dictionarySimilarity: told({ value: ofTerms(count.value), low: ofTerms(count.low), high: ofTerms(count.high) }),
  };
}

/**
 * Different values: exact up to what a value set holds. Beyond, the profile counts spellings and the value set what is left of them in
 * lower case, so the first bounds the second; it is the better number wherever the two agree.
 */
export function cardinalityOf(facts: ColumnFacts, set?: ValueSet): Score {
  const counted = facts.distinctBounds ?? { low: facts.distinct, high: facts.distinct };
  const whole = allRead(facts);
  if (set && !set.cut) {
    const n = set.hashes.length;
    if (whole) return exactScore(n);
    return scoreOf({ value: n, low: n, high: Math.max(counted.high, facts.nonNull) }, 'sample', facts.sampledRows);
  }
  if (!set) {
    if (whole && !facts.distinctBounds) return exactScore(facts.distinct);
    return scoreOf({ value: facts.distinct, ...counted }, whole ? 'estimate' : 'sample', facts.sampledRows);
  }
  const estimate = set.estimate();
  const known = { atLeast: set.hashes.length, atMost: Math.max(counted.high, set.hashes.length) };
  const { low, high } = distinctOfCounter(Math.min(estimate, known.atMost), set.relativeError(), known);
  const agreed = facts.distinct >= low && facts.distinct <= high;
  const value = agreed ? facts.distinct : Math.round(Math.min(estimate, known.atMost));
  return scoreOf({ value, low, high }, whole ? 'estimate' : 'sample', facts.sampledRows);
}

function product(share: Interval, of: Interval, most: number): Interval {
  const at = (a: number, b: number): number => Math.min(Math.max(a * b, 0), most);
  return { value: at(share.value, of.value), low: at(share.low, of.low), high: at(share.high, of.high) };
}

function shareBeyondChance({ value, low, high }: Interval, terms: number): Interval {
  const chance = -Math.expm1(terms * Math.log1p(-(2 ** -HASH_BITS)));
  const share = (seen: number): number => Math.min(Math.max((seen - chance) / (1 - chance), 0), 1);
  return { value: share(value), low: share(low), high: share(high) };
}
