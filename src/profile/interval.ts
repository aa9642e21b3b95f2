/**
 * 95 % intervals of figures that were estimated. Pure. What is known for certain (a lower bound, an upper bound) narrows each
 * of them. Every one is tested against the sampling it is for, and `bench/coverage.ts` says how often it holds the truth.
 *
 * A *sample* takes each of `ofRows` rows with the same chance, whatever its values; `rows` of them were taken, or none was left
 * out (`rows === ofRows`, and then low = value = high).
 */
export interface Interval {
  value: number;
  low: number;
  high: number;
}

/** 97.5 % point of the normal distribution: two tails of 2.5 % are outside. */
export const Z95 = 1.959963984540054;

/** A count among the rows of a sample: so many of the `rows` that were taken of `ofRows`. */
export interface CountInSample {
  count: number;
  rows: number;
  ofRows: number;
}

/**
 * How many of all rows a count in a sample stands for, over the parts of a table. Given how many rows a sample has, it is a
 * simple one without replacement, so the share of the count is Wilson's with the correction for a finite population, which is
 * far narrower than the count times 2^level where a value is frequent, and exact for a constant. Parts with different shares
 * sampled weigh as strata, with the variance of their pooled share.
 *
 * @source E. B. Wilson, Probable inference, JASA 22 (1927); W. G. Cochran, Sampling Techniques (1977), 2.6, 3.2 and 5.3
 */
export function countOfSample(parts: readonly CountInSample[]): Interval {
  const total = sum(parts, ({ ofRows }) => ofRows);
  const seen = sum(parts, ({ count }) => count);
  const unseen = sum(parts, ({ count, rows }) => rows - count);
  const sampled = parts.filter(({ rows }) => rows > 0);
  // Of a part with no row taken nothing is known; it is taken to be as the others.
  const reached = sum(sampled, ({ ofRows }) => ofRows);
  if (reached === 0) return { value: 0, low: 0, high: total };
  const share = sum(sampled, ({ count, rows, ofRows }) => (count / rows) * ofRows) / reached;
  const spread = sum(sampled, ({ rows, ofRows }) => (ofRows / reached) ** 2 * leftOut(rows, ofRows) * (1 / rows));
  const [low, high] = wilson(share, spread);
  return whole({ value: share * total, low: low * total, high: high * total }, seen, total - unseen);
}

/**
 * The same where only the level of each part's sample is known: each row was taken with the chance p = 2^−level. The score
 * interval: all N for which (c − N·p)² ≤ z²·N·p·(1−p). Over parts the variance of the sum is Σ c·4^level·(1 − 2^−level),
 * of which the score takes the mean per row. Wider than {@link countOfSample}, for the number of rows taken says nothing here.
 * What is taken together counts once for the chance: then `squares` is Σ (how many at a time)², in place of their number.
 *
 * @source Wilson (1927), for the number of trials instead of the chance
 */
export function countOfLevels(
  parts: readonly { count: number; level: number; squares?: number }[],
  most = Number.POSITIVE_INFINITY,
): Interval {
  const sampled = parts.filter(({ level }) => level > 0);
  const sure = sum(parts, ({ count, level }) => (level > 0 ? 0 : count));
  const estimate = sum(sampled, ({ count, level }) => count * 2 ** level);
  const variance = sum(sampled, ({ count, level, squares = count }) => squares * 2 ** level * (2 ** level - 1));
  const perRow = estimate > 0 ? variance / estimate : Math.max(0, ...sampled.map(({ level }) => 2 ** level - 1));
  const [low, high] = score(estimate, Z95 ** 2 * perRow);
  const seen = sum(parts, ({ count }) => count);
  return whole({ value: sure + estimate, low: sure + low, high: sure + high }, seen, most);
}

/**
 * Share (0 to 1) of something that `hits` of `n` rows had; `of` rows there are in all.
 *
 * @source Wilson (1927)
 */
export function shareOfSample(hits: number, n: number, of = Number.POSITIVE_INFINITY): Interval {
  if (n === 0) return { value: 0, low: 0, high: 1 };
  const [low, high] = wilson(hits / n, leftOut(n, of) / n);
  const bounds = Number.isFinite(of) ? [hits / of, 1 - (n - hits) / of] : [0, 1];
  return { value: hits / n, low: Math.max(low, bounds[0] ?? 0), high: Math.min(high, bounds[1] ?? 1) };
}

/**
 * Which values of a sorted sample of `n` of `of` values bound the quantile q of all of them by nearest rank: 1 is the smallest of
 * the sample, `n` its largest; 0 and `n + 1` say that the sample does not bound it on that side, but the smallest and
 * largest value of all do. The number of sampled values up to the quantile is hypergeometric; its tails are taken from
 * the normal law with the next term for its skewness (Cornish and Fisher), which the ends of the scale need, and near those, where
 * few values are expected beyond the quantile, added up.
 *
 * Where values weigh differently, n is (Σ w)² / Σ w² (Kish) and rank / n the share of the weight.
 *
 * @source H. A. David and H. N. Nagaraja, Order Statistics (2003), 7.1; E. A. Cornish and R. A. Fisher (1938)
 */
export function quantileRanks(q: number, n: number, of = Number.POSITIVE_INFINITY): Interval {
  const value = Math.min(Math.max(Math.ceil(q * n), 1), n);
  if (n >= of) return { value, low: value, high: value };
  if (n * Math.min(q, 1 - q) < FEW) {
    const [low, high] =
      q <= 0.5
        ? ranksNearEnd(q, n, of)
        : ranksNearEnd(1 - q, n, of)
            .map((rank) => n + 1 - rank)
            .reverse();
    return { value, low: Math.min(low ?? 0, value), high: Math.max(high ?? n + 1, value) };
  }
  const taken = n / of;
  const reach = Z95 * Math.sqrt(n * q * (1 - q) * leftOut(n, of));
  const skew = ((Z95 ** 2 - 1) * (1 - 2 * q) * (1 - 2 * taken)) / 6;
  const middle = n * q + skew + 0.5;
  return {
    value,
    low: Math.min(Math.max(Math.round(middle - reach), 0), value),
    high: Math.max(Math.min(Math.round(middle + reach), n + 1), value),
  };
}

/** Expected values beyond a quantile from which on the normal law is close enough. */
const FEW = 10;

/**
 * The ranks between which the quantile lies, for q ≤ 1/2: those whose tails come nearest to 2.5 %, for ranks are whole numbers. The chance
 * of k values up to the quantile follows from that of k − 1.
 */
function ranksNearEnd(q: number, n: number, of: number): [low: number, high: number] {
  const all = Math.round(n);
  const below = Number.isFinite(of) ? Math.max(Math.ceil(q * of), 1) : q;
  // Hypergeometric: so many of the first `below` of `of` values are among the n taken; binomial where there is no end of them.
  const grows = (k: number): number =>
    Number.isFinite(of)
      ? ((all - k + 1) * (below - k + 1)) / (k * (of - below - all + k))
      : ((all - k + 1) * q) / (k * (1 - q));
  let chance = 1;
  if (Number.isFinite(of)) for (let i = 0; i < all; i++) chance *= Math.max(of - below - i, 0) / (of - i);
  else chance = (1 - q) ** all;
  const tail = (1 - 0.95) / 2;
  let [low, high, upto, lowMiss, highMiss] = [0, all + 1, 0, tail, Number.POSITIVE_INFINITY];
  for (let k = 0; k <= all; k++) {
    if (k > 0) chance *= grows(k);
    // Fewer than k values up to the quantile: it lies before the k-th with this chance.
    if (k > 0 && Math.abs(upto - tail) < lowMiss) [low, lowMiss] = [k, Math.abs(upto - tail)];
    if (k > 0 && Math.abs(1 - upto - tail) < highMiss) [high, highMiss] = [k, Math.abs(1 - upto - tail)];
    upto += chance;
    if (upto > 1 - 1e-12) {
      if (Math.abs(Math.max(1 - upto, 0) - tail) < highMiss) high = k + 1;
      break;
    }
  }
  return [low, high];
}

/**
 * Distinct values by a counter whose estimate is n·(1 + error·Z): the truth lies between estimate / (1 + z·error) and
 * estimate / (1 − z·error), so it reaches further up than down. No fewer than were seen, no more than there are values.
 */
export function distinctOfCounter(
  estimate: number,
  relativeError: number,
  known: { atLeast: number; atMost: number },
): Interval {
  const reach = Z95 * relativeError;
  const high = reach < 1 ? estimate / (1 - reach) : known.atMost;
  return whole({ value: estimate, low: estimate / (1 + reach), high }, known.atLeast, known.atMost);
}

/** What a sample says of the pairs and triples of rows with equal values. */
export interface PairsInSample {
  /** Σ c, Σ c·(c−1) and Σ c·(c−1)·(c−2) over the counts c of the values in the sample. */
  values: number;
  pairs: number;
  triples: number;
  /** Values that are not null, of all rows; and all rows. */
  nonNull: number;
  ofRows: number;
}

/**
 * Σ (count / rows)² over the values of all rows, 0 to 1. Pairs of sampled rows are an unbiased sample of the pairs of all rows;
 * each row's pair with itself is known. The variance is that of a U-statistic of order two: a term for the rows, which
 * vanishes where all values are equally frequent, and a term for the pairs, which is all there is when few values come
 * twice. The interval holds all shares that lie within z of their own standard deviations of what was seen.
 *
 * @source W. Hoeffding, A class of statistics with asymptotically normal distribution (1948); E. H. Simpson (1949)
 */
export function selectivityOfSample({ values: n, pairs, triples, nonNull, ofRows }: PairsInSample): Interval {
  const filled = ofRows === 0 ? 0 : nonNull / ofRows;
  const scaled = (at: number): number => (nonNull === 0 ? 0 : filled ** 2 * ((1 - at) / nonNull + at));
  if (n < 3) return { value: scaled(n > 1 ? pairs / 2 : 0), low: scaled(0), high: scaled(1) };
  const theta = pairs / (n * (n - 1));
  const third = triples / (n * (n - 1) * (n - 2));
  const left = leftOut(n, nonNull);
  // At most θ^1.5 − θ², when one value alone is frequent; the share of that is taken to be the same all along the interval.
  const most = theta ** 1.5 - theta ** 2;
  const rowTerm = most > 0 ? (third + theta / nonNull - theta ** 2) / most : theta > 0 ? 1 : 0;
  const pairTerm = theta > 0 ? Math.max(1 + theta - (2 * third) / theta, 0) : 1;
  const variance = (at: number): number => {
    const ofPairs = (2 * left ** 2 * pairTerm * at) / n ** 2;
    // Taken without bias, the first term falls below 0 where it is nothing; that makes up for when it comes out above.
    return Math.max(((4 * left) / n) * rowTerm * (at ** 1.5 - at ** 2) + ofPairs, 0.75 * ofPairs);
  };
  const outside = (at: number): boolean => (theta - at) ** 2 > Z95 ** 2 * variance(at);
  return { value: scaled(theta), low: scaled(edge(0, theta, outside)), high: scaled(edge(1, theta, outside)) };
}

/** Where `outside` turns false on the way from the far end to the middle, by halving. */
function edge(far: number, middle: number, outside: (at: number) => boolean): number {
  if (!outside(far)) return far;
  let [out, within] = [far, middle];
  for (let i = 0; i < 100 && Math.abs(out - within) > 1e-12 * within; i++) {
    const at = (out + within) / 2;
    if (outside(at)) out = at;
    else within = at;
  }
  return within;
}

/** Correction for a population of which a good part was seen: 0 when all of it was. */
export const leftOut = (n: number, of: number): number =>
  of === Number.POSITIVE_INFINITY ? 1 : of <= 1 ? 0 : Math.max(of - n, 0) / (of - 1);

/** All shares x with (share − x)² ≤ z²·x·(1−x)·spread. */
function wilson(share: number, spread: number): [low: number, high: number] {
  const t = Z95 ** 2 * spread;
  const root = Math.sqrt(t * (4 * share * (1 - share) + t));
  return [(2 * share + t - root) / (2 * (1 + t)), (2 * share + t + root) / (2 * (1 + t))];
}

/** All N with (estimate − N)² ≤ t·N. */
export function score(estimate: number, t: number): [low: number, high: number] {
  const root = Math.sqrt(t * (4 * estimate + t));
  return [(2 * estimate + t - root) / 2, (2 * estimate + t + root) / 2];
}

/** The whole numbers of an interval, within what is known for certain. */
export function whole({ value, low, high }: Interval, least: number, most: number): Interval {
  const clamp = (number: number): number => Math.min(Math.max(number, least), most);
  const bounds = { low: clamp(Math.ceil(low - 1e-6)), high: clamp(Math.floor(high + 1e-6)) };
  const rounded = clamp(Math.round(value));
  return { value: rounded, low: Math.min(bounds.low, rounded), high: Math.max(bounds.high, rounded) };
}

const sum = <T>(items: readonly T[], pick: (item: T) => number): number =>
  items.reduce((total, item) => total + pick(item), 0);
