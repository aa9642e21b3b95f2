import { describe, expect, it } from 'vitest';
import { measuredColumn } from './column.ts';
import type { TablePart } from './part.ts';
import {
  foldMark,
  isOrdered,
  isPlainMark,
  type KeptParts,
  type MarkedPart,
  startMark,
  whyNotFolded,
  whyNotKept,
} from './watermark.ts';

const column = (name: string, duckdbType = 'BIGINT') =>
  measuredColumn({ name, nativeType: duckdbType.toLowerCase(), duckdbType, typeBasis: 'precise' }, name);
const partOf = (
  rows: number,
  columns = [column('id'), column('name', 'VARCHAR')],
  warnings: string[] = [],
): TablePart => ({
  version: 1,
  key: 'run',
  rows,
  whole: false,
  limited: false,
  columns: columns.map((one) => ({
    column: one,
    measures: { counts: { nonNull: rows, blanks: 0, nan: 0, infinite: 0 } },
  })),
  warnings,
  rejectedRows: 0,
});
const request = { column: 'id', without: [], draws: false };
const marked = (part: TablePart, value: string | null, atMark?: number): MarkedPart => ({
  part,
  mark: { column: column('id'), value, rows: 1, nulls: 2, ...(atMark === undefined ? {} : { atMark }) },
});
const AT = '2026-01-01T00:00:00.000Z';
const start = (rows = 10): KeptParts => startMark(marked(partOf(rows), '10'), request, AT).kept as KeptParts;

describe('watermark', () => {
  it('takes kinds whose order is the same everywhere, and values that every source can read', () => {
    expect(
      ['BIGINT', 'DECIMAL(9,2)', 'DATE', 'TIMESTAMP WITH TIME ZONE', 'DOUBLE', 'VARCHAR', 'UUID', 'TIME'].map((type) =>
        isOrdered(column('x', type)),
      ),
    ).toEqual([true, true, true, true, false, false, false, false]);
    for (const value of ['-5', '12.50', '2024-01-31', '2024-01-31 10:00:00.000001', '2024-01-31 10:00:00+00'])
      expect([value, isPlainMark(value)]).toEqual([value, true]);
    for (const value of ['infinity', '0044-03-15 (BC)', '10000-01-01', "1'; --", ''])
      expect([value, isPlainMark(value)]).toEqual([value, false]);
  });

  it('adds run to run, and tells how far it went', () => {
    const first = startMark(marked(partOf(10), '10'), request, AT);
    expect(first.profile.basis).toMatchObject({
      kind: 'all rows',
      partitions: 1,
      watermark: { from: null, to: '10', newRows: 10, nulls: 2 },
    });
    const second = foldMark(first.kept as KeptParts, marked(partOf(5), '15', 1));
    const third = foldMark(second.kept as KeptParts, marked(partOf(0), null, 1));
    expect(third.profile.rows).toEqual({ value: 15, basis: 'exact' });
    expect(third.profile.basis).toMatchObject({
      snapshot: 'each part',
      partitions: 3,
      watermark: { from: '15', to: '15', runs: 3, newRows: 0, since: AT },
    });
    expect(third.kept).toMatchObject({ mark: { value: '15', rows: 1 }, runs: 3, part: { rows: 15 } });
    expect(third.profile.warnings.join()).toMatch(/3 runs since .*2 rows had no value/);
  });

  it('keeps nothing to go on from a value above which nothing comes', () => {
    for (const value of [null, 'infinity']) {
      const { kept, profile } = startMark(marked(partOf(3), value), request, AT);
      expect([kept, profile.warnings.join()]).toEqual([
        undefined,
        expect.stringMatching(/next run reads all rows again/),
      ]);
    }
    expect(foldMark(start(), marked(partOf(1), 'infinity', 1)).kept).toBeUndefined();
  });

  it('keeps no more than 100 warnings, however many runs there were', () => {
    let kept = start();
    for (let i = 0; i < 150; i++)
      kept = foldMark(kept, marked(partOf(1, undefined, [`warning ${i}`]), '11', 1)).kept as KeptParts;
    expect(kept.part.warnings).toHaveLength(100);
  });

  it('knows what does not go together', () => {
    expect(whyNotKept(start(), request)).toBeUndefined();
    expect(whyNotKept({ ...start(), version: 0 }, request)).toMatch(/another version/);
    expect(whyNotKept(start(), { ...request, where: 'x' })).toMatch(/whereClause/);
    expect(whyNotKept(start(), { ...request, distinct: 'exact' })).toMatch(/other figures/);
    expect(whyNotKept(start(), { ...request, draws: true })).toMatch(/kept no values/);
    expect(whyNotFolded(start(), marked(partOf(1), '11', 1))).toBeUndefined();
    expect(whyNotFolded(start(), marked(partOf(1), '11', 0))).toMatch(/set back/);
    expect(whyNotFolded(start(), marked(partOf(1), '11', 2))).toMatch(/2 rows hold/);
    const columns = [column('id'), column('name', 'VARCHAR')];
    expect(whyNotFolded(start(), marked(partOf(1, columns.toReversed()), '11', 1))).toMatch(/another order/);
    expect(whyNotFolded(start(), marked(partOf(1, [column('id'), column('name')]), '11', 1))).toMatch(
      /was: "name" varchar, read as text; is: "name" bigint/,
    );
    expect(whyNotFolded(start(), marked(partOf(0, []), null, 1))).toBeUndefined();
  });
});
