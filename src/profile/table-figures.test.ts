import { describe, expect, it } from 'vitest';
import { exact, type Figure, unknown } from './figure.ts';
import type { ColumnProfile } from './profile.ts';
import { MASK, toTableResource } from './shape.ts';
import { freshnessOf, tableFigures } from './table-figures.ts';

const ROWS = 10_000;
const WHY = { unknown: 'whole rows were not compared' };
const column = (name: string, distinct: Figure<number>, rest: Partial<ColumnProfile> = {}): ColumnProfile => ({
  name,
  ordinal: 0,
  nativeType: 'text',
  duckdbType: 'VARCHAR',
  typeBasis: 'precise',
  kind: 'text',
  rows: exact(ROWS),
  nonNull: exact(ROWS),
  nulls: exact(0),
  blanks: exact(0),
  distinct,
  uniqueness: unknown('not asked'),
  density: exact(100),
  selectivity: unknown('not asked'),
  ...rest,
});
const estimate = (value: number, low: number, high: number): Figure<number> => ({
  value,
  basis: 'estimate',
  low,
  high,
});

describe('keys', () => {
  it('are columns with a value of its own in every row; likely ones by an estimate or of a sample', () => {
    const columns = [
      column('id', exact(ROWS)),
      column('about', estimate(9_990, 9_950, ROWS)),
      column('too few', estimate(9_780, 9_700, 9_860)),
      column('too wide', estimate(9_800, 9_000, ROWS)),
      column('with null', exact(ROWS - 1), { nonNull: exact(ROWS - 1), nulls: exact(1) }),
      column('with blank', exact(ROWS - 1), { blanks: exact(1) }),
      column('sampled', { value: ROWS, basis: 'sample', ofRows: ROWS }),
      column('not counted', unknown('switched off')),
    ];
    expect(tableFigures(columns, exact(ROWS), WHY).keys.map(({ column, as }) => [column, as])).toEqual([
      ['id', 'key'],
      ['about', 'likely key'],
      ['sampled', 'likely key'],
    ]);
  });
});

describe('duplicate rows', () => {
  const of = (columns: ColumnProfile[], counted: Parameters<typeof tableFigures>[2], rows = exact(ROWS)) =>
    tableFigures(columns, rows, counted).duplicateRows;
  it('are none where a column is a key, so many as were counted, and else not known', () => {
    expect(of([column('id', exact(ROWS))], WHY)).toEqual(exact(0));
    expect(of([column('a', exact(3))], 12)).toEqual(exact(12));
    expect(of([column('a', exact(3))], WHY)).toEqual(WHY);
    expect(of([], WHY, exact(1))).toEqual(exact(0));
  });
  it('are at most the rows without a value of their own in a likely key', () => {
    expect(of([column('a', estimate(9_980, 9_920, ROWS)), column('b', estimate(9_990, 9_950, ROWS))], WHY)).toEqual({
      value: 0,
      basis: 'estimate',
      low: 0,
      high: 50,
    });
  });
  it('of a sample are of the sample', () => {
    const rows: Figure<number> = { value: 50, basis: 'sample', ofRows: 50 };
    expect(tableFigures([column('a', exact(3))], rows, 4).duplicateRows).toEqual({
      value: 4,
      basis: 'sample',
      ofRows: 50,
    });
    expect(tableFigures([column('a', exact(3))], rows, WHY).duplicateRows).toEqual(WHY);
  });
});

describe('the newest values', () => {
  const day = (name: string, max: string | null): ColumnProfile =>
    column(name, exact(3), { kind: 'date', max: exact(max) });
  const { newest } = tableFigures(
    [
      day('made', '2024-03-01'),
      day('until', '9999-12-31'),
      day('none', null),
      column('seen', exact(3), { kind: 'timestamp', max: exact('2024-03-09 12:00:00') }),
      column('text', exact(3), { lexicalMax: exact('2024-03-10') }),
    ],
    exact(ROWS),
    WHY,
  );
  const at = new Date('2024-03-10T12:00:00Z');

  it('are of dates and timestamps, and the freshest of them does not lie after the profile', () => {
    expect(newest.map(({ column }) => column)).toEqual(['made', 'until', 'none', 'seen']);
    expect(freshnessOf(newest, at)).toEqual({ column: 'seen', newest: '2024-03-09 12:00:00', days: 1 });
    expect(freshnessOf(newest, new Date('2024-03-05'))).toEqual({ column: 'made', newest: '2024-03-01', days: 4 });
    expect(freshnessOf(newest, new Date('2000-01-01'))).toBeUndefined();
  });

  it('are shown only to those who may see samples, and with them how old they are', () => {
    const masked = toTableResource({ fields: 5, newest }, at, false);
    expect(masked.newest?.map(({ value }) => value)).toEqual([exact(MASK), exact(MASK), exact(null), exact(MASK)]);
    expect([masked.freshness, masked.fields]).toEqual([undefined, 5]);
    expect(JSON.stringify(masked)).not.toMatch(/2024|9999/);
    expect(toTableResource({ newest }, at, true)).toMatchObject({ newest, freshness: { days: 1 } });
    expect(toTableResource({ fields: 5 }, at, true)).toEqual({ fields: 5 });
  });
});
