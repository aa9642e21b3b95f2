import { type Figure, isKnown, knownValue } from '../figure.ts';
import { placeOf } from '../number-line.ts';
import type { ColumnProfile } from '../profile.ts';
import { type ColumnComparison, type Drift, isComparable } from './comparison.ts';
import { PSI_MAJOR, PSI_MODERATE } from './distance.ts';

/** From which change on a drift is named, and from which it is a warning. Shares are of the rows, 0..1. */
export const DRIFT = {
  /** Rows, relative to before. */
  rows: { notice: 0.2, warning: 0.5 },
  /** Share of nulls, or of blanks: difference of the two shares. */
  share: { notice: 0.05, warning: 0.2 },
  /** Distinct values, relative to before. */
  distinct: { notice: 0.2, warning: 0.5 },
  psi: { notice: PSI_MODERATE, warning: PSI_MAJOR },
  /** Means, in standard deviations of before: 0.2 is a small, 0.5 a medium effect (Cohen 1988). */
  mean: { notice: 0.2, warning: 0.5 },
} as const;

/** What came, went or changed its type, against changes that are measured. */
export const STRUCTURE_SIZE = 100;

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
const times = (count: number): string => Math.round(count).toLocaleString('en-US');

/** `undefined` below the threshold. */
function graded(
  amount: number,
  threshold: { notice: number; warning: number },
): Pick<Drift, 'severity' | 'size'> | undefined {
  const size = Math.abs(amount) / threshold.notice;
  if (!(size >= 1)) return undefined;
  return {
    severity: Math.abs(amount) >= threshold.warning ? 'warning' : 'notice',
    size: Math.min(size, STRUCTURE_SIZE - 1),
  };
}

/** Largest first: warnings, then notices, each by how often it passes its threshold. Ties keep their order. */
export const sortDrifts = (drifts: readonly Drift[]): Drift[] =>
  [...drifts].sort((a, b) => RANK[a.severity] - RANK[b.severity] || b.size - a.size);
const RANK = { warning: 0, notice: 1, info: 2 } as const;

export function rowDrift(before: Figure<number> | undefined, after: Figure<number> | undefined): Drift[] {
  if (!isKnown(before) || !isKnown(after)) return [];
  // How many rows were taken for a sample is no matter of the table.
  if (before.basis === 'sample' || after.basis === 'sample') return [];
  const grade = graded(relative(before.value, after.value), DRIFT.rows);
  if (!grade) return [];
  return [{ code: 'ROWS_CHANGED', ...grade, sentence: `rows ${fromTo(before.value, after.value)}` }];
}

const relative = (before: number, after: number): number =>
  before === 0 ? (after === 0 ? 0 : Number.POSITIVE_INFINITY) : (after - before) / before;
const fromTo = (before: number, after: number): string => {
  const change = relative(before, after);
  const share = Number.isFinite(change) ? ` (${change > 0 ? '+' : ''}${percent(change)})` : '';
  return `went from ${times(before)} to ${times(after)}${share}`;
};

/** What changed in a column, from its comparison and the two profiles. Pure; says no value. */
export function columnDrifts(
  before: ColumnProfile,
  after: ColumnProfile,
  comparison: Omit<ColumnComparison, 'drifts'>,
): Drift[] {
  const column = after.name;
  const drifts: Drift[] = [];
  const say = (code: Drift['code'], grade: Pick<Drift, 'severity' | 'size'> | undefined, sentence: string): void => {
    if (grade) drifts.push({ code, ...grade, column, sentence });
  };
  if (before.nativeType !== after.nativeType || before.kind !== after.kind)
    say(
      'TYPE_CHANGED',
      { severity: before.kind === after.kind ? 'notice' : 'warning', size: STRUCTURE_SIZE },
      `the type went from ${before.nativeType} to ${after.nativeType}`,
    );
  for (const [code, key, word] of [
    ['NULLS_CHANGED', 'nulls', 'nulls'],
    ['BLANKS_CHANGED', 'blanks', 'blanks'],
  ] as const) {
    const [a, b] = [shareOf(before, key), shareOf(after, key)];
    if (a !== undefined && b !== undefined)
      say(code, graded(b - a, DRIFT.share), `the share of ${word} went from ${percent(a)} to ${percent(b)}`);
  }
  sayDistinct(before, after, say);
  for (const [code, distance, what] of [
    ['DISTRIBUTION_MOVED', comparison.distribution, 'the distribution of the values'],
    ['PATTERNS_MOVED', comparison.patterns, 'the distribution of the patterns'],
  ] as const) {
    if (!isComparable(distance) || distance.psi <= distance.psiByChance) continue;
    const { psi, jensenShannonDistance: js, atLeast } = distance;
    const figures = `PSI ${atLeast ? 'at least ' : ''}${psi.toFixed(3)}, Jensen–Shannon distance ${js.toFixed(3)}`;
    say(code, graded(psi, DRIFT.psi), `${what} moved: ${figures}`);
  }
  const moved = meanMove(before, after);
  say('MEAN_MOVED', graded(moved, DRIFT.mean), `the mean moved by ${moved.toFixed(2)} standard deviations`);
  sayRange(before, after, say);
  for (const [code, change, what, wholeOne] of [
    ['NEW_VALUES', comparison.newValues, 'new', before],
    ['VANISHED_VALUES', comparison.vanishedValues, 'vanished', after],
  ] as const) {
    // A column of many values gets new ones whenever its table grows: only where all are named is that news. And what a sample of
    // the rows does not hold may have been there.
    if (isSample(wholeOne.rows)) continue;
    if (isComparable(change) && change.from === 'complete lists' && change.count > 0)
      say(code, { severity: 'notice', size: 1 }, `${times(change.count)} ${what} values (from ${change.from})`);
  }
  return sortDrifts(drifts);
}

type Say = (code: Drift['code'], grade: Pick<Drift, 'severity' | 'size'> | undefined, sentence: string) => void;

function sayDistinct(before: ColumnProfile, after: ColumnProfile, say: Say): void {
  if (!isKnown(before.distinct) || !isKnown(after.distinct)) return;
  const [a, b] = [before.distinct, after.distinct];
  // More rows hold more values: those of a sample say nothing beside those of all rows, or of a larger sample.
  if (isSample(before.rows) !== isSample(after.rows)) return;
  if (isSample(before.rows) && knownValue(before.rows) !== knownValue(after.rows)) return;
  const left = knownValue(after.rows) ?? 0;
  // One row, or none, says nothing of a key.
  if (isUnique(before) && !isUnique(after) && b.basis === 'exact' && left > 1)
    say(
      'NO_LONGER_UNIQUE',
      { severity: 'warning', size: STRUCTURE_SIZE },
      'every value was different, and is no longer',
    );
  // A key grows with its table: that is said once, of the rows.
  if (isUnique(before) && (isUnique(after) || (left <= 1 && b.value === left))) return;
  say(
    'DISTINCT_CHANGED',
    graded(relative(a.value, b.value), DRIFT.distinct),
    `distinct values ${fromTo(a.value, b.value)}`,
  );
}

const isSample = (figure: Figure<number> | undefined): boolean => isKnown(figure) && figure.basis === 'sample';

function isUnique({ distinct, rows }: ColumnProfile): boolean {
  return (
    isKnown(distinct) && isKnown(rows) && distinct.basis === 'exact' && rows.value > 1 && distinct.value === rows.value
  );
}

function sayRange(before: ColumnProfile, after: ColumnProfile, say: Say): void {
  if (before.kind !== after.kind || isSample(before.rows)) return;
  const place = (profile: ColumnProfile, end: 'min' | 'max') => placeOf(profile.kind, knownValue(profile[end]));
  const [low, newLow, high, newHigh] = [
    place(before, 'min'),
    place(after, 'min'),
    place(before, 'max'),
    place(after, 'max'),
  ];
  const ends = [
    ...(low !== undefined && newLow !== undefined && newLow < low ? ['below the smallest'] : []),
    ...(high !== undefined && newHigh !== undefined && newHigh > high ? ['above the largest'] : []),
  ];
  if (ends.length > 0)
    say('RANGE_GREW', { severity: 'info', size: 1 }, `there are values ${ends.join(' and ')} of before`);
}

function shareOf(profile: ColumnProfile, key: 'nulls' | 'blanks'): number | undefined {
  const [part, rows] = [knownValue(profile[key]), knownValue(profile.rows)];
  return part === undefined || !rows ? undefined : part / rows;
}

/** 0 where it cannot be said. */
function meanMove(before: ColumnProfile, after: ColumnProfile): number {
  const number = (figure: ColumnProfile['mean']): number => Number(knownValue(figure) ?? Number.NaN);
  const move = (number(after.mean) - number(before.mean)) / number(before.standardDeviation);
  return Number.isFinite(move) ? move : 0;
}
