import { exact, type Figure } from '../figure.ts';
import { isBlank } from './alphabet.ts';
import { shareOf } from './finish-patterns.ts';
import {
  addSeen,
  addSpreads,
  type GroupedValues,
  type Seen,
  type Spread,
  standFor,
  varianceOf,
  wholeSpread,
} from './grouped-values.ts';
import { LONGEST_VALUE, readingsOf } from './recognise.ts';
import { type LogicalType, resolveType } from './resolve.ts';

/** Rows by the readings of their values: of fewer than some hundred kinds, for readings are made of a fixed list of formats. */
export interface FormatsPart {
  /** Rows that are neither null nor blank. */
  filled: number;
  /** Values that were looked at, where those are not all. */
  looked: number | null;
  /** Sorted by readings. */
  readings: ({ readings: string; count: number } & Spread)[];
}

/** What DuckDB says of values that are too long to be looked at here: `json:object`, `text`, …; by their place in the list. */
export type LongValues = ReadonlyMap<number, string>;

/** Values of a column → its readings. `filled`: rows that are neither null nor blank, where that is known. Pure. */
export function formatsOf(given: GroupedValues, filled: number | undefined, long: LongValues): FormatsPart {
  const tallies = new Map<string, Seen>();
  const all: Seen = { rows: 0, light: 0 };
  const { texts, counts, heavyFrom } = given;
  for (let i = 0; i < texts.length; i += 1) {
    const text = texts[i] as string;
    const told = long.get(i);
    if (told === undefined && isBlank(text)) continue;
    const readings = told ?? (text.length > 2 * LONGEST_VALUE ? '' : readingsOf(text));
    let tally = tallies.get(readings);
    if (!tally) {
      tally = { rows: 0, light: 0 };
      tallies.set(readings, tally);
    }
    addSeen(all, counts[i] as number, heavyFrom);
    addSeen(tally, counts[i] as number, heavyFrom);
  }
  const perLight = given.light === 0 ? 0 : given.lightRows / given.light;
  const total = filled ?? Math.round(all.rows + perLight * all.light);
  return {
    filled: total,
    looked: given.all ? null : texts.length,
    readings: [...tallies].sort(byReadings).map(([readings, seen]) => {
      const { rows, ...spread } = standFor(seen, given, all, total);
      return { readings, count: Math.round(rows), ...wholeSpread(spread) };
    }),
  };
}

const byReadings = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1);

export function mergeFormats(a: FormatsPart, b: FormatsPart): FormatsPart {
  const merged = new Map(a.readings.map((entry) => [entry.readings, entry]));
  for (const entry of b.readings) {
    const other = merged.get(entry.readings);
    merged.set(
      entry.readings,
      other ? { readings: entry.readings, count: other.count + entry.count, ...addSpreads(other, entry) } : entry,
    );
  }
  return {
    filled: a.filled + b.filled,
    looked: a.looked === null && b.looked === null ? null : (a.looked ?? 0) + (b.looked ?? 0),
    readings: [...merged].sort(byReadings).map(([, entry]) => entry),
  };
}

export type LogicalTypeFigure = LogicalType & {
  /** 95 % interval of the share; absent where that is exact. */
  low?: number;
  high?: number;
};

const NONE: Spread = { byRows: 0, byValues: 0 };

export function finishFormats(part: FormatsPart): Figure<LogicalTypeFigure> {
  const { type, by } = resolveType(part.readings.map(({ readings, count }) => [readings, count]));
  if (part.looked === null) return exact(type);
  const total = part.readings.reduce((sum, { count }) => sum + count, 0);
  const spreadOf = (some: readonly Spread[]): Spread => some.reduce<Spread>(addSpreads, NONE);
  const variance = varianceOf(
    spreadOf(part.readings.filter(({ readings }) => by.has(readings))),
    spreadOf(part.readings),
  );
  const { low, high } = shareOf({ count: type.share * total, variance }, total, part.looked);
  return { value: { ...type, low, high }, basis: 'estimate' };
}
