import { exact, type Figure } from '../figure.ts';
import { shareOfSample } from '../interval.ts';
import type { PatternsPart, Weighed } from './patterns-part.ts';

/** The patterns a profile shows. */
export const SHOWN_PATTERNS = 20;

/** One of the most frequent patterns of a column. */
export interface PatternFigure {
  pattern: string;
  /** Rows whose value has it. */
  count: number;
  /** Of the rows whose value is neither null nor blank. */
  percent: number;
  /** 95 % interval of the count; absent where that is exact. */
  low?: number;
  high?: number;
  /** 100 · count / count of the most frequent pattern. */
  heat: number;
  /** One of its values, cut at 128 characters. */
  sample: string;
  /** The smallest and the largest character at each place, in the order of code points. */
  smallest: string;
  largest: string;
}

/** 95 % interval of the share of a count, where `looked` values were looked at. */
export function shareOf(
  { count, variance }: Pick<Weighed, 'count' | 'variance'>,
  filled: number,
  looked: number,
): { low: number; high: number } {
  if (filled === 0) return { low: 0, high: 1 };
  const share = Math.min(count / filled, 1);
  // The number of rows that a simple sample with this variance would have; of a constant every value that was looked at tells.
  const rows = variance > 0 && share < 1 ? (share * (1 - share)) / (variance / filled ** 2) : looked;
  return shareOfSample(share * rows, rows);
}

/** 95 % interval of a count; parts that did not name it may hold `missing` more. */
export function intervalOf(
  { count, variance, missing }: Weighed,
  filled: number,
  looked: number | null,
): { low: number; high: number } {
  if (looked === null || filled === 0) return { low: count, high: Math.min(count + missing, filled) };
  const { low, high } = shareOf({ count, variance }, filled, looked);
  return { low: Math.floor(low * filled), high: Math.min(Math.ceil(high * filled) + missing, filled) };
}

/** Exact when all values were looked at and none that is not shown, in no part that did not name it, could change what is shown. */
export function finishPatterns(part: PatternsPart): Figure<PatternFigure[]> {
  const shown = part.patterns.slice(0, SHOWN_PATTERNS);
  const most = shown[0]?.count ?? 0;
  const last = shown.at(-1)?.count ?? 0;
  const others = Math.max(
    part.floor,
    0,
    ...part.patterns.slice(SHOWN_PATTERNS).map(({ count, missing }) => (missing > 0 ? count + missing : 0)),
  );
  const sure = part.looked === null && shown.every(({ missing }) => missing === 0);
  const value = shown.map((entry) => ({
    pattern: entry.pattern,
    count: entry.count,
    percent: part.filled === 0 ? 0 : (100 * entry.count) / part.filled,
    ...(sure ? {} : intervalOf(entry, part.filled, part.looked)),
    heat: most === 0 ? 0 : (100 * entry.count) / most,
    sample: entry.sample,
    smallest: entry.smallest,
    largest: entry.largest,
  }));
  if (sure && (part.floor === 0 || others <= last)) return exact(value);
  return part.looked === null && others > last
    ? { value, basis: 'estimate', within: others - last }
    : { value, basis: 'estimate' };
}
