import { intervalOf } from './compare/figures.ts';
import { exact, type Figure, isKnown, knownValue, unknown } from './figure.ts';
import { FINDING, findInColumn } from './findings.ts';
import { placeOf } from './number-line.ts';
import type { TablePart } from './part.ts';
import type { ColumnProfile } from './profile.ts';

/** A column by which rows may be told apart: every row has a value, none of them blank. */
export interface KeyCandidate {
  column: string;
  /** `key`: every value was counted and each row has one of its own. `likely key`: so it looks, by an estimate or in a sample. */
  as: 'key' | 'likely key';
  distinct: Figure<number>;
}

/** The largest value of a column of dates or timestamps; it may lie in the future. */
export interface NewestValue {
  column: string;
  value: Figure<string | null>;
}

export interface TableFigures {
  /** Single columns only, at most {@link MOST_LISTED} of them. */
  keys: KeyCandidate[];
  newest: NewestValue[];
  /** Rows less different rows. */
  duplicateRows: Figure<number>;
}

/** The newest date of a table as seen on the day of its profile. */
export interface Freshness {
  column: string;
  newest: string;
  /** Between it and the profile; 0 and more. */
  days: number;
}

const MOST_LISTED = 100;

/**
 * What the columns of a table say of it together.
 *
 * @param counted rows that are copies of others, counted by whole rows or estimated; or why they were not
 */
export function tableFigures(
  columns: readonly ColumnProfile[],
  rows: Figure<number>,
  counted: NonNullable<TablePart['duplicateRows']>,
): TableFigures {
  const keys = columns.flatMap(keyOf);
  const newest = columns.flatMap(({ name, kind, max }) =>
    (kind === 'date' || kind === 'timestamp') && max ? [{ column: name, value: max }] : [],
  );
  return {
    keys: keys.slice(0, MOST_LISTED),
    newest: newest.slice(0, MOST_LISTED),
    duplicateRows: duplicatesOf(keys, rows, counted),
  };
}

/** Whether every row seems to have a value of its own, none of them blank. Pure. */
export const isKeyCandidate = (profile: ColumnProfile): boolean =>
  findInColumn(profile).some(({ code }) => code === 'LIKELY_KEY');

/** Of a key candidate: whether every value was counted, so that it is a `key` and no `likely key`. Pure. */
export const isCountedKey = ({ distinct, rows }: ColumnProfile): boolean =>
  isKnown(distinct) && distinct.basis === 'exact' && distinct.value === knownValue(rows);

function keyOf(profile: ColumnProfile): KeyCandidate[] {
  if (!isKeyCandidate(profile)) return [];
  const { name, distinct } = profile;
  return [{ column: name, as: isCountedKey(profile) ? 'key' : 'likely key', distinct }];
}

function duplicatesOf(
  keys: readonly KeyCandidate[],
  rows: Figure<number>,
  counted: NonNullable<TablePart['duplicateRows']>,
): Figure<number> {
  if (!isKnown(rows)) return rows;
  const of = (value: number): Figure<number> =>
    rows.basis === 'sample' ? { value, basis: 'sample', ofRows: rows.ofRows } : exact(value);
  if (typeof counted === 'number') return of(counted);
  if (rows.value < 2 || keys.some(({ as }) => as === 'key')) return of(0);
  if ('value' in counted)
    return rows.basis === 'sample'
      ? { ...counted, basis: 'sample', ofRows: rows.ofRows }
      : { ...counted, basis: 'estimate' };
  // No more rows are copies than lack a value of their own in the column that tells most of them apart.
  const least = Math.max(...keys.map(({ distinct }) => (isKnown(distinct) ? intervalOf(distinct).low : 0)), 0);
  if (least < rows.value * FINDING.likelyKeyShare || rows.basis === 'sample') return unknown(counted.unknown);
  return { value: 0, basis: 'estimate', low: 0, high: Math.max(0, Math.ceil(rows.value - least)) };
}

/** The newest of the values that do not lie after the profile; undefined where there is none. Pure. */
export function freshnessOf(newest: readonly NewestValue[], profiledAt: Date): Freshness | undefined {
  const now = profiledAt.getTime() / 1_000;
  let found: (Freshness & { at: number }) | undefined;
  for (const { column, value } of newest) {
    const text = knownValue(value);
    const at = placeOf('timestamp', text);
    if (text == null || at === undefined || at > now || (found && found.at >= at)) continue;
    found = { column, newest: text, days: Math.floor((now - at) / 86_400), at };
  }
  if (!found) return undefined;
  const { at: _at, ...freshness } = found;
  return freshness;
}
