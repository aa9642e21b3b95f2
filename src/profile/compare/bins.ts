/** A bin that both distributions are counted in. Edges and names are texts of values: they are masked like them. */
export interface SharedBin {
  label: string;
  before: number;
  after: number;
}

/** Adjacent bins are joined until together they hold this share, both profiles weighed alike. */
export const SMALLEST_BIN = 0.05;

export interface CountedRange {
  from: string;
  to: string;
  count: number;
}

/**
 * Two histograms with bins [i·2^k, (i+1)·2^k) → bins they share. Bins of a power of two nest, so the finer one is made as coarse as
 * the other without any loss. Undefined when the bins are not of that kind. Pure.
 */
export function alignHistograms(
  before: readonly CountedRange[],
  after: readonly CountedRange[],
): SharedBin[] | undefined {
  const [first, second] = [toGrid(before), toGrid(after)];
  if (!first || !second) return undefined;
  const width = Math.max(first.width, second.width);
  const counts = new Map<number, { before: number; after: number }>();
  for (const [side, grid] of [
    ['before', first],
    ['after', second],
  ] as const) {
    for (const { at, count } of grid.bins) {
      const bin = Math.floor((at * grid.width) / width);
      const entry = counts.get(bin) ?? { before: 0, after: 0 };
      entry[side] += count;
      counts.set(bin, entry);
    }
  }
  return [...counts]
    .sort(([a], [b]) => a - b)
    .map(([bin, both]) => ({ label: `${bin * width} … ${(bin + 1) * width}`, ...both }));
}

function toGrid(ranges: readonly CountedRange[]): { width: number; bins: { at: number; count: number }[] } | undefined {
  const widths = ranges.map(({ from, to }) => Number(to) - Number(from));
  const width = widths[0] ?? 0;
  // A width that is no power of two, or not the same everywhere, is not ours.
  if (!(width > 0) || !Number.isInteger(Math.log2(width)) || widths.some((other) => other !== width)) return undefined;
  return { width, bins: ranges.map(({ from, count }) => ({ at: Number(from) / width, count })) };
}

/** A share of the values that are not larger than a place on the number line. */
export interface Knot {
  at: number;
  share: number;
}

/**
 * Two distribution functions, each known at a few places and taken to be straight between them → bins between all places.
 * `label` names a place. Pure.
 */
export function alignQuantiles(
  before: { knots: readonly Knot[]; count: number },
  after: { knots: readonly Knot[]; count: number },
  label: (place: number) => string,
): SharedBin[] {
  const places = [...new Set([...before.knots, ...after.knots].map(({ at }) => at))].sort((a, b) => a - b);
  let [passedBefore, passedAfter] = [0, 0];
  return places.map((place, i) => {
    const [first, second] = [shareUpTo(before.knots, place), shareUpTo(after.knots, place)];
    const bin = {
      label: i === 0 ? `up to ${label(place)}` : `${label(places[i - 1] ?? place)} … ${label(place)}`,
      // Rounding may take a hair off a share.
      before: Math.max(0, first - passedBefore) * before.count,
      after: Math.max(0, second - passedAfter) * after.count,
    };
    [passedBefore, passedAfter] = [first, second];
    return bin;
  });
}

/** Knots are sorted by place, then by share; equal places are a jump. */
function shareUpTo(knots: readonly Knot[], place: number): number {
  const at = knots.findLastIndex((knot) => knot.at <= place);
  const [low, high] = [knots[at], knots[at + 1]];
  if (!low) return 0;
  if (!high) return 1;
  return low.share + ((high.share - low.share) * (place - low.at)) / (high.at - low.at);
}

export interface CountedValue {
  value: string;
  count: number;
}

/** The most frequent values of a column: `total` values in all, `complete` when every one of them is named. */
export interface NamedValues {
  values: readonly CountedValue[];
  total: number;
  complete: boolean;
}

export const OTHERS = 'all others';

/**
 * Two lists of frequent values → a bin per value whose count is known on both sides, and one for all others. A value that only one
 * list names has the count 0 on the other side when that list is complete; else its count there is not known, and it goes to
 * the others on both sides. Joining never makes two distributions look further apart than they are. Pure.
 *
 * @returns `whole` when nothing had to be joined
 */
export function alignValues(before: NamedValues, after: NamedValues): { bins: SharedBin[]; whole: boolean } {
  const [first, second] = [toMap(before), toMap(after)];
  const bins: SharedBin[] = [];
  for (const value of new Set([...first.keys(), ...second.keys()])) {
    const counts = { before: first.get(value), after: second.get(value) };
    if (counts.before === undefined && !before.complete) continue;
    if (counts.after === undefined && !after.complete) continue;
    bins.push({ label: value, before: counts.before ?? 0, after: counts.after ?? 0 });
  }
  const rest = (side: 'before' | 'after', total: number): number =>
    Math.max(0, total - bins.reduce((sum, bin) => sum + bin[side], 0));
  const others = { label: OTHERS, before: rest('before', before.total), after: rest('after', after.total) };
  bins.sort((a, b) => b.before + b.after - (a.before + a.after) || (a.label < b.label ? -1 : 1));
  const whole = before.complete && after.complete;
  return { bins: others.before + others.after > 0 ? [...bins, others] : bins, whole };
}

const toMap = ({ values }: NamedValues): Map<string, number> =>
  new Map(values.map(({ value, count }) => [value, count]));

/** Neighbours joined, from the first on, until each bin holds SMALLEST_BIN; what is left joins the last. Pure. */
export function joinSmall(bins: readonly SharedBin[]): SharedBin[] {
  const sum = (side: 'before' | 'after'): number => bins.reduce((total, bin) => total + bin[side], 0) || 1;
  const [before, after] = [sum('before'), sum('after')];
  const share = (bin: SharedBin): number => (bin.before / before + bin.after / after) / 2;
  const joined: SharedBin[] = [];
  let open: SharedBin | undefined;
  for (const bin of bins) {
    open = open ? join(open, bin) : bin;
    if (share(open) < SMALLEST_BIN) continue;
    joined.push(open);
    open = undefined;
  }
  const last = joined.pop();
  if (open) return last ? [...joined, join(last, open)] : [open];
  return last ? [...joined, last] : [];
}

function join(a: SharedBin, b: SharedBin): SharedBin {
  const [from] = a.label.split(' … ');
  const to = b.label.split(' … ').at(-1);
  return { label: `${from} … ${to}`, before: a.before + b.before, after: a.after + b.after };
}
