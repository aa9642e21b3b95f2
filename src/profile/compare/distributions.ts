import { isNumeric } from '../column.ts';
import { type Figure, isKnown, knownValue } from '../figure.ts';
import { placeOf } from '../number-line.ts';
import type { ColumnProfile } from '../profile.ts';
import {
  alignHistograms,
  alignQuantiles,
  alignValues,
  type CountedValue,
  joinSmall,
  type Knot,
  type NamedValues,
  type SharedBin,
  SMALLEST_BIN,
} from './bins.ts';
import { type Distance, type DistanceOver, type Incomparable, incomparable } from './comparison.ts';
import { measureDistance, psiByChance } from './distance.ts';
import { weaker } from './figures.ts';

/** Below this share of the values the named ones say too little of a distribution. */
export const LEAST_NAMED = 0.05;

/**
 * Distance of the values of a column in two profiles: numbers over their histograms, times (and numbers without histograms)
 * over their quantiles, everything else over its most frequent values. Pure.
 */
export function compareDistributions(before: ColumnProfile, after: ColumnProfile): Distance | Incomparable {
  const empty = emptySide(before, after);
  if (empty) return incomparable(empty);
  if (isNumeric(before.kind) && isNumeric(after.kind)) {
    const over = compareHistograms(before, after);
    if (over) return over;
  }
  if (before.quantiles && after.quantiles) return compareQuantiles(before, after);
  if (before.kind !== after.kind)
    return incomparable(`the type changed from ${before.nativeType} to ${after.nativeType}`);
  return compareValues(before, after);
}

function emptySide(before: ColumnProfile, after: ColumnProfile): string | undefined {
  for (const [side, profile] of [
    ['before', before],
    ['after', after],
  ] as const)
    if (knownValue(profile.nonNull) === 0) return `there is no value ${side}`;
  return undefined;
}

function compareHistograms(before: ColumnProfile, after: ColumnProfile): Distance | undefined {
  if (!isKnown(before.histogram) || !isKnown(after.histogram)) return undefined;
  const bins = alignHistograms(before.histogram.value, after.histogram.value);
  if (!bins) return undefined;
  return toDistance(joinSmall(bins), {
    over: 'histogram',
    figures: [before.histogram, after.histogram],
    binning: `bins of the coarser histogram, neighbours joined until each holds ${SMALLEST_BIN * 100} % of the values`,
  });
}

function compareQuantiles(before: ColumnProfile, after: ColumnProfile): Distance | Incomparable {
  const [first, second] = [knotsOf(before), knotsOf(after)];
  if (typeof first === 'string') return incomparable(`before: ${first}`);
  if (typeof second === 'string') return incomparable(`after: ${second}`);
  const names = new Map([...first.names, ...second.names]);
  const bins = alignQuantiles(first, second, (place) => names.get(place) ?? String(place));
  const distance = toDistance(joinSmall(bins), {
    over: 'quantiles',
    figures: [before.quantiles!, after.quantiles!],
    binning: `between the quantiles of both, straight lines between them, neighbours joined until each holds ${SMALLEST_BIN * 100} % of the values`,
  });
  if (!distance) return incomparable('the quantiles of one side are empty');
  // Between two quantiles nothing is known: a straight line is a guess.
  return distance.basis === 'exact' ? { ...distance, basis: 'estimate' } : distance;
}

/** The distribution function of a column where it is known; a sentence when it is not. */
function knotsOf(profile: ColumnProfile): { knots: Knot[]; count: number; names: Map<number, string> } | string {
  const { quantiles, min, max, kind } = profile;
  if (!isKnown(quantiles)) return quantiles?.unknown ?? 'quantiles were not measured';
  const named: [string | null | undefined, number][] = Object.entries(quantiles.value).map(([q, v]) => [v, Number(q)]);
  named.push([knownValue(min), 0], [knownValue(max), 1]);
  const names = new Map<number, string>();
  const knots: Knot[] = [];
  for (const [text, share] of named) {
    const at = placeOf(kind, text);
    // An infinite smallest or largest value has no place; the quantiles between still have.
    if (at === undefined) continue;
    names.set(at, String(text));
    knots.push({ at, share });
  }
  if (knots.length < 2) return 'its quantiles have no place on a line';
  return {
    knots: knots.sort((a, b) => a.at - b.at || a.share - b.share),
    count: knownValue(profile.nonNull) ?? 0,
    names,
  };
}

function compareValues(before: ColumnProfile, after: ColumnProfile): Distance | Incomparable {
  const [first, second] = [namedValues(before), namedValues(after)];
  if (typeof first === 'string') return incomparable(`before: ${first}`);
  if (typeof second === 'string') return incomparable(`after: ${second}`);
  return compareLists(first, second, 'values', [before.topValues!, after.topValues!]);
}

/** Distance of the patterns of a text in two profiles; undefined for what has none. Pure. */
export function comparePatterns(before: ColumnProfile, after: ColumnProfile): Distance | Incomparable | undefined {
  if (!before.patterns || !after.patterns) return undefined;
  const lists = [before, after].map((profile): NamedValues | string => {
    const { patterns, nonNull, blanks } = profile;
    if (!isKnown(patterns)) return patterns?.unknown ?? 'patterns were not measured';
    const list = patterns.value.map(({ pattern, count }) => ({ value: pattern, count }));
    const total = (knownValue(nonNull) ?? 0) - (knownValue(blanks) ?? 0);
    return toNamed(list, total, patterns.basis === 'exact');
  });
  const [first, second] = lists as [NamedValues | string, NamedValues | string];
  if (typeof first === 'string') return incomparable(`before: ${first}`);
  if (typeof second === 'string') return incomparable(`after: ${second}`);
  return compareLists(first, second, 'patterns', [before.patterns, after.patterns]);
}

/** Distance of two lists of frequent values, or patterns. */
function compareLists(
  before: NamedValues,
  after: NamedValues,
  over: 'values' | 'patterns',
  figures: readonly Figure<unknown>[],
): Distance | Incomparable {
  const { bins, whole } = alignValues(before, after);
  const named = Math.max(coverage(before), coverage(after));
  if (named < LEAST_NAMED)
    return incomparable(
      `the most frequent ${over} are less than ${LEAST_NAMED * 100} % of all: they say too little of the rest`,
    );
  const distance = toDistance(bins, {
    over,
    figures,
    atLeast: !whole,
    binning: whole
      ? `every one of the ${over}`
      : `the ${over} whose count is known on both sides; all others taken together`,
  });
  return distance ?? incomparable(`one side has no ${over}`);
}

const coverage = ({ values, total }: NamedValues): number =>
  total === 0 ? 0 : values.reduce((sum, { count }) => sum + count, 0) / total;

/** The frequent values of a profile; a sentence when they are not known. */
export function namedValues(profile: ColumnProfile): NamedValues | string {
  const { topValues } = profile;
  if (!isKnown(topValues)) return topValues?.unknown ?? 'the most frequent values were not measured';
  return toNamed(topValues.value, knownValue(profile.nonNull), topValues.basis === 'exact');
}

/** The list is complete when it is exact and its counts add up to all values. */
export function toNamed(list: readonly CountedValue[], total: number | undefined, exact: boolean): NamedValues {
  const counted = list.reduce((sum, { count }) => sum + count, 0);
  const all = Math.max(total ?? 0, counted);
  return { values: list, total: all, complete: exact && counted === all };
}

function toDistance(
  bins: SharedBin[],
  about: { over: DistanceOver; binning: string; figures: readonly Figure<unknown>[]; atLeast?: boolean },
): Distance | undefined {
  const [before, after] = [bins.map((bin) => bin.before), bins.map((bin) => bin.after)];
  const [n, m] = [before, after].map((counts) => counts.reduce((sum, count) => sum + count, 0)) as [number, number];
  if (!(n > 0 && m > 0)) return undefined;
  return {
    ...measureDistance(before, after),
    over: about.over,
    basis: weaker(...about.figures),
    atLeast: about.atLeast ?? false,
    psiByChance: psiByChance(bins.length, n, m),
    bins,
    binning: about.binning,
  };
}
