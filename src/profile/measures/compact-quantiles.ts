import type { MeasuredColumn } from '../column.ts';
import { compareValues } from '../value-text.ts';
import { type QuantileSummary, SUMMARY_STEPS, summaryRanks } from './quantile-summary.ts';

/** A part that grows run by run keeps no more summaries of parts that were looked at whole. */
const MOST_SUMMARIES = 16;

/**
 * Summaries of parts that came one after another → fewer: the two smallest neighbours become one while there are too many, so that a
 * value goes through few of these. Neighbours by their middle values, for a table often grows in the order of a column: of summaries that
 * reach over all of it each would be unsure at the same places. Those of sampled rows stay, for each has a weight of its own.
 * Nothing is lost where all values of both are named and no more than a summary may name.
 */
export function compactSummaries(
  summaries: readonly QuantileSummary[],
  column: Pick<MeasuredColumn, 'kind'>,
): QuantileSummary[] {
  const sampled = summaries.filter((one) => !isWhole(one));
  const middle = ({ points }: QuantileSummary): string => points[points.length >> 1] ?? '';
  const whole = summaries
    .filter(isWhole)
    .sort((a, b) => compareValues(column, middle(a), middle(b)) || a.count - b.count);
  while (whole.length > MOST_SUMMARIES) {
    let least = 0;
    const sizeAt = (at: number): number => (whole[at]?.count ?? 0) + (whole[at + 1]?.count ?? 0);
    for (let at = 1; at + 1 < whole.length; at++) if (sizeAt(at) < sizeAt(least)) least = at;
    const [a, b] = whole.slice(least, least + 2) as [QuantileSummary, QuantileSummary];
    whole.splice(least, 2, joinSummaries(a, b, column));
  }
  return [...whole, ...sampled];
}

const isWhole = ({ count, between, equal }: QuantileSummary): boolean =>
  count === between.reduce((sum, n, i) => sum + n + (equal[i] ?? 0), 0);

/**
 * Two summaries laid on one line. What lies between two points of one is taken to be spread evenly over the points of the other that
 * are there; `off` says by how many values that may be wrong for certain, and `variance` how far it is likely to be.
 */
function joinSummaries(a: QuantileSummary, b: QuantileSummary, column: Pick<MeasuredColumn, 'kind'>): QuantileSummary {
  const points = [...new Set([...a.points, ...b.points])].sort((x, y) => compareValues(column, x, y));
  const [left, right] = [layOn(points, a), layOn(points, b)];
  const before = points.map((_, i) => (left.before[i] ?? 0) + (right.before[i] ?? 0));
  const equal = points.map((_, i) => (left.equal[i] ?? 0) + (right.equal[i] ?? 0));
  const upto = points.map((_, i) => (before[i] ?? 0) + (equal[i] ?? 0));
  const kept = choose(upto);
  const off = (a.off ?? 0) + (b.off ?? 0) + Math.max(left.widest, right.widest);
  const variance = (a.variance ?? 0) + (b.variance ?? 0) + Math.ceil(Math.max(left.widest, right.widest) ** 2 / 12);
  return {
    count: a.count + b.count,
    points: kept.map((i) => points[i] ?? ''),
    between: kept.map((i, at) => (before[i] ?? 0) - (at === 0 ? 0 : (upto[kept[at - 1] ?? 0] ?? 0))),
    equal: kept.map((i) => equal[i] ?? 0),
    ...(off > 0 ? { off, variance } : {}),
  };
}

/** Of each point of both: how many values of one summary lie before it, and equal it; `widest`: the most that may lie on either side of one. */
function layOn(
  points: readonly string[],
  summary: QuantileSummary,
): { before: number[]; equal: number[]; widest: number } {
  const [before, equal]: [number[], number[]] = [[], []];
  let [from, upto, next, widest] = [0, 0, 0, 0];
  const fill = (to: number, gap: number): void => {
    for (let i = from; i < to; i++) {
      before.push(upto + Math.round((gap * (i - from + 1)) / (to - from + 1)));
      equal.push(0);
    }
    if (to > from) widest = Math.max(widest, gap);
  };
  for (const [i, point] of points.entries()) {
    if (point !== summary.points[next]) continue;
    const gap = summary.between[next] ?? 0;
    fill(i, gap);
    before.push(upto + gap);
    equal.push(summary.equal[next] ?? 0);
    upto += gap + (summary.equal[next] ?? 0);
    [from, next] = [i + 1, next + 1];
  }
  fill(points.length, 0);
  return { before, equal, widest };
}

/** The points that hold the ranks a summary names, all of them where there are few. */
function choose(upto: readonly number[]): number[] {
  if (upto.length <= SUMMARY_STEPS) return upto.map((_, i) => i);
  const kept = new Set<number>();
  let at = 0;
  for (const rank of summaryRanks(upto.at(-1) ?? 0)) {
    while ((upto[at] ?? rank) < rank) at += 1;
    kept.add(at);
  }
  return [...kept];
}
