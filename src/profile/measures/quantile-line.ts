import type { MeasuredColumn } from '../column.ts';
import { leftOut, Z95 } from '../interval.ts';
import { placeOf } from '../number-line.ts';
import { compareValues } from '../value-text.ts';
import type { QuantileSummary } from './quantile-summary.ts';

/** A quantile of all values: what it is, and between which values it lies (95 %, or for certain where all three agree). */
export interface FoldedQuantile {
  value: string;
  low: string;
  high: string;
  /** How far its rank may be off (95 %), as a share of the values. */
  rankError: number;
}

/**
 * Quantiles of a table from the summaries of its parts. Each part is a stratum: how many of its values lie up to x is known but
 * for those between two points, which are taken to be half of them and are off by no more than the other half (uniform: variance
 * gap²/12), and, where its rows were sampled, for the variance of a hypergeometric count at the part's own share. So in sorted
 * data, where one part decides, that part's error is the error. What is bounded for certain stays within those bounds.
 *
 * @source W. G. Cochran, Sampling Techniques (1977), 5.3; R. S. Woodruff, Confidence intervals for medians (1952)
 */
export function foldQuantiles(
  summaries: readonly QuantileSummary[],
  shares: readonly number[],
  column: Pick<MeasuredColumn, 'kind'>,
): FoldedQuantile[] {
  const strata = summaries.filter(({ points }) => points.length > 0).map(toStratum);
  const total = strata.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return [];
  const places = layOut(strata, column);
  return shares.map((share) => locate(places, strata, Math.max(Math.ceil(share * total), 1), total));
}

interface Stratum extends QuantileSummary {
  /** Values in the points and between them. */
  n: number;
  /** Values of the part for each of them; 1: none was left out. */
  weight: number;
  /** Of each point, the place that it has on the line; and the values up to it. */
  at: number[];
  upto: number[];
}

function toStratum(summary: QuantileSummary): Stratum {
  let n = 0;
  const upto = summary.points.map((_, i) => {
    n += (summary.between[i] ?? 0) + (summary.equal[i] ?? 0);
    return n;
  });
  return { ...summary, n, weight: summary.count / n, at: [], upto };
}

/** A value that some part names, and how many values of all parts lie before it and up to it: at least, and at most. */
interface Place {
  value: string;
  before: Reach;
  upto: Reach;
  /** Values that no part names may lie between this place and the next. */
  open: boolean;
}
interface Reach {
  least: number;
  most: number;
}
const middle = ({ least, most }: Reach): number => (least + most) / 2;

/** All points of all parts in the order of their values. Tells each stratum where its points are. */
function layOut(strata: readonly Stratum[], column: Pick<MeasuredColumn, 'kind'>): Place[] {
  const points = strata.flatMap((stratum) =>
    stratum.points.map((value, i) => ({ value, stratum, i, key: keyOf(column, value) })),
  );
  const placed = points.every(({ key }) => key !== undefined);
  const byKey = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0);
  points.sort((a, b) => (placed && byKey(a.key ?? 0, b.key ?? 0)) || compareValues(column, a.value, b.value));
  const places: Place[] = [];
  const waiting = new Map<Stratum, number>(strata.map((stratum) => [stratum, 0]));
  let [named, unnamed, open] = [0, 0, 0];
  const wait = (stratum: Stratum, values: number): void => {
    const before = waiting.get(stratum) ?? 0;
    waiting.set(stratum, values);
    open += Math.sign(values) - Math.sign(before);
    unnamed = open === 0 ? 0 : unnamed + stratum.weight * (values - before);
  };
  for (let from = 0, to = 0; from < points.length; from = to) {
    const value = points[from]?.value ?? '';
    while (points[to]?.value === value) to++;
    const here = points.slice(from, to);
    let equal = 0;
    for (const { stratum, i } of here) {
      wait(stratum, 0);
      named += stratum.weight * (stratum.between[i] ?? 0);
      equal += stratum.weight * (stratum.equal[i] ?? 0);
      stratum.at[i] = places.length;
    }
    const before = { least: named, most: named + unnamed };
    named += equal;
    const upto = { least: named, most: named + unnamed };
    for (const { stratum, i } of here) wait(stratum, stratum.between[i + 1] ?? 0);
    places.push({ value, before, upto, open: open > 0 });
  }
  return places;
}

const ENDS: Record<string, number> = {
  infinity: Number.POSITIVE_INFINITY,
  Infinity: Number.POSITIVE_INFINITY,
  '-infinity': Number.NEGATIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};
/** A double that is never greater for a smaller value: comparing two of them takes a tenth of comparing texts by value. */
const keyOf = ({ kind }: Pick<MeasuredColumn, 'kind'>, value: string): number | undefined =>
  placeOf(kind, value) ?? ENDS[value];

function locate(places: readonly Place[], strata: readonly Stratum[], rank: number, total: number): FoldedQuantile {
  const last = places.length - 1;
  const first = (holds: (place: Place) => boolean): number => {
    let [from, to] = [0, last];
    while (from < to) {
      const half = (from + to) >> 1;
      if (holds(places[half] as Place)) to = half;
      else from = half + 1;
    }
    return from;
  };
  /** The first place up to which there are so many values, or the one before where that is nearer and none is known to lie between. */
  const nearest = (wanted: number): number => {
    const i = first(({ upto }) => middle(upto) >= wanted);
    const before = i === 0 ? undefined : places[i - 1];
    const gap = before ? middle((places[i] as Place).before) - middle(before.upto) : 0;
    return before?.open && wanted - middle(before.upto) < gap / 2 ? i - 1 : i;
  };
  const { variance, skew } = errorAt(
    places,
    strata,
    rank,
    first(({ upto }) => middle(upto) >= rank),
  );
  const reach = Z95 * Math.sqrt(variance);
  let value = nearest(rank);
  let low = Math.min(nearest(rank + skew - reach), value);
  let high = Math.max(nearest(rank + skew + reach), value);
  let certain = false;
  if (strata.every(({ weight }) => weight === 1)) {
    const off = strata.reduce((sum, stratum) => sum + (stratum.off ?? 0), 0);
    const from = first(({ upto }) => upto.most + off >= rank);
    const sureLow =
      from > 0 && places[from - 1]?.open && rank <= (places[from] as Place).before.most + off ? from - 1 : from;
    const sureHigh = first(({ upto }) => upto.least - off >= rank);
    const within = (i: number): number => Math.min(Math.max(i, sureLow), sureHigh);
    [low, value, high] = [within(low), within(value), within(high)];
    certain = sureLow === sureHigh;
  }
  const [lowText = '', text = '', highText = ''] = [low, value, high].map((i) => places[i]?.value);
  return { value: text, low: lowText, high: highText, rankError: certain ? 0 : Math.max(reach, 0.5) / total };
}

/** Variance of the number of values up to the place, counted in values of the table, and how far its skewness moves the interval. */
function errorAt(
  places: readonly Place[],
  strata: readonly Stratum[],
  rank: number,
  at: number,
): { variance: number; skew: number } {
  const start = at === 0 ? 0 : middle((places[at - 1] as Place).upto);
  const { before, upto } = places[at] as Place;
  const end = middle(upto);
  const along = end > start ? Math.min(Math.max((rank - start) / (end - start), 0), 1) : 1;
  // To the nearest place is not to the rank itself.
  let variance = (middle(before) - start) ** 2 / 12;
  let third = 0;
  for (const stratum of strata) {
    const { n, weight, count } = stratum;
    const [from, to] = [stateAt(stratum, at - 1), stateAt(stratum, at)];
    variance += (weight * (from.unsure + along * (to.unsure - from.unsure))) ** 2 / 12 + (stratum.variance ?? 0);
    if (weight === 1) continue;
    const share = (from.upto + along * (to.upto - from.upto)) / n;
    // Beyond the outermost value of a sample there may be others.
    const spread = Math.max(n * share * (1 - share), 1) * leftOut(n, count);
    variance += weight ** 2 * spread;
    third += weight ** 3 * spread * (1 - 2 * share) * (1 - (2 * n) / count);
  }
  return { variance, skew: variance > 0 ? ((Z95 ** 2 - 1) * third) / (6 * variance) : 0 };
}

/** Values of a part up to a place, and between how many of them it does not say. */
function stateAt({ at, upto, between }: Stratum, place: number): { upto: number; unsure: number } {
  let [from, to] = [0, at.length];
  while (from < to) {
    const half = (from + to) >> 1;
    if ((at[half] ?? 0) <= place) from = half + 1;
    else to = half;
  }
  const up = from === 0 ? 0 : (upto[from - 1] ?? 0);
  const unsure = from > 0 && at[from - 1] === place ? 0 : (between[from] ?? 0);
  return { upto: up + unsure / 2, unsure };
}
