import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReadColumn } from '../../connectors/connector.ts';
import { isKnown, knownValue } from '../figure.ts';
import { foldParts, mergeParts } from '../fold.ts';
import type { DistinctPart } from '../measures/distinct.ts';
import type { TablePart } from '../part.ts';
import type { ColumnProfile } from '../profile.ts';
import { profileRead } from './profile-read.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fold-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const column = (name: string, duckdbType: string): ReadColumn => ({
  name,
  nativeType: duckdbType,
  duckdbType,
  typeBasis: 'precise',
});
const COLUMNS = [
  column('id', 'BIGINT'),
  column('amount', 'DECIMAL(18,2)'),
  column('ratio', 'DOUBLE'),
  column('word', 'VARCHAR'),
  column('at', 'TIMESTAMP'),
  column('day', 'DATE'),
  column('flag', 'BOOLEAN'),
];

type Row = unknown[];

async function measure(rows: readonly Row[], key: string, whole: boolean): Promise<TablePart> {
  const batch = COLUMNS.map((_, i) => rows.map((row) => row[i]));
  const read = {
    kind: 'batches' as const,
    columns: COLUMNS,
    batches: (async function* () {
      yield batch;
    })(),
  };
  return profileRead(
    read,
    { memoryMb: 256, threads: 1, tempFolder: folder, signal: new AbortController().signal },
    { key, whole },
  );
}

const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { freq: 6, nil: null });
const rowsOf = fc.array(
  fc.tuple(
    maybe(fc.oneof(fc.bigInt({ min: -20n, max: 20n }), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }))),
    maybe(fc.integer({ min: -999_999, max: 999_999 }).map((n) => (n / 100).toFixed(2))),
    maybe(
      fc.oneof(
        fc.integer({ min: -1000, max: 1000 }).map((n) => n / 8),
        fc.constantFrom(Number.NaN, Infinity, -Infinity, 0.1, 1e9 + 0.5),
      ),
    ),
    maybe(fc.constantFrom('', ' ', '\t', 'a', 'A', 'é', 'zebra', 'Zürich', '日本')),
    maybe(
      fc.constantFrom(
        '2024-01-02 03:04:05',
        '2024-01-02 03:04:05.000001',
        '1999-12-31 23:59:59.9',
        '0044-03-15 (BC) 00:00:00',
        'infinity',
      ),
    ),
    maybe(fc.constantFrom('2024-01-02', '0001-01-01', '12024-01-01', '0044-03-15 (BC)')),
    maybe(fc.boolean()),
  ),
  { minLength: 0, maxLength: 40 },
);

/** What must be the same however the rows are cut: everything, for so few values are all named. */
function foldable(profile: ColumnProfile) {
  const rounded = (key: 'sum' | 'mean' | 'standardDeviation') => {
    const figure = profile[key];
    const value = knownValue(figure);
    // Squares of doubles are rounded about the middle of each part's own range.
    return profile.kind === 'float' && value != null ? { ...figure, value: Number(value).toPrecision(11) } : figure;
  };
  return { ...profile, sum: rounded('sum'), mean: rounded('mean'), standardDeviation: rounded('standardDeviation') };
}

function withDistinct(part: TablePart, name: string, change: Partial<DistinctPart>): TablePart {
  const columns = part.columns.map((one) =>
    one.column.name === name
      ? { ...one, measures: { ...one.measures, distinct: { ...(one.measures.distinct as DistinctPart), ...change } } }
      : one,
  );
  return { ...part, columns };
}

describe('folding', () => {
  it('gives the profile of the whole for any cut of the rows, in any order of the parts', async () => {
    await fc.assert(
      fc.asyncProperty(
        rowsOf,
        fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 40, maxLength: 40 }),
        async (rows, cut) => {
          const whole = foldParts([await measure(rows, 'all', true)]);
          const parts: TablePart[] = [];
          for (const key of [0, 1, 2])
            parts.push(
              await measure(
                rows.filter((_, i) => cut[i] === key),
                String(key),
                false,
              ),
            );
          const folded = foldParts(parts);
          expect(folded.rows).toEqual(whole.rows);
          expect(folded.columns.map(foldable)).toEqual(whole.columns.map(foldable));
          expect(foldParts(parts.toReversed())).toEqual(folded);
          const [a, b, c] = parts as [TablePart, TablePart, TablePart];
          expect(mergeParts(a, mergeParts(b, c)).columns).toEqual(mergeParts(mergeParts(a, b), c).columns);
        },
      ),
      // Shrinking would measure hundreds of tables; the seed is printed and the rows are few.
      { numRuns: 8, endOnFailure: true },
    );
  }, 180_000);

  it('refuses no part, a doubled key and parts of different columns', async () => {
    const part = await measure([[1n, '1.00', 1, 'a', null, null, true]], 'x', false);
    expect(() => foldParts([])).toThrow(RangeError);
    expect(() => foldParts([part, part])).toThrow(/two parts have the key "x"/);
    expect(() => foldParts([part, { ...part, key: 'y', columns: part.columns.slice(1) }])).toThrow(
      expect.objectContaining({
        code: 'SOURCE_BAD_DATA',
        message: expect.stringMatching(/changed.*run the job again/),
      }),
    );
  });

  it('says that parts were read at different moments, and nothing of the kind for one part', async () => {
    const part = await measure([[1n, '1.00', 1, 'a', null, null, true]], 'x', false);
    const folded = foldParts([part, { ...part, key: 'y' }]);
    expect(folded.warnings).toEqual([expect.stringMatching(/read in 2 parts.*twice or not at all/)]);
    expect(folded.basis).toMatchObject({ partitions: 2, snapshot: 'each part' });
    const whole = foldParts([part]);
    expect(whole.warnings).toEqual([]);
    expect(whole.basis).not.toHaveProperty('snapshot');
  });

  it('tells values apart beyond where their texts are cut, and calls nothing exact that rests on cut texts', async () => {
    const long = 'x'.repeat(1_024);
    const rowOf = (end: string): Row => [1n, '1.00', 1, `${long}${end}`, null, null, true];
    const parts = [await measure([rowOf('a')], 'x', false), await measure([rowOf('b'), rowOf('c')], 'y', false)];
    const word = foldParts(parts).columns[3];
    expect(word).toMatchObject({
      distinct: { value: 3, basis: 'exact' },
      selectivity: { value: 100 / 3, basis: 'exact' },
    });
    expect(foldParts(parts.map((part) => withDistinct(part, 'word', { sample: null }))).columns[3]).toMatchObject({
      distinct: { value: 3, basis: 'estimate' },
      selectivity: { unknown: expect.anything() },
    });
  });

  const rowsFrom = (from: number): Row[] =>
    Array.from({ length: 3_000 }, (_, i) => [BigInt(from + i), null, i / 7, `w${from + i}`, null, null, null]);

  it('counts exactly over parts what fits into their samples of values', async () => {
    const folded = foldParts([await measure(rowsFrom(0), 'a', false), await measure(rowsFrom(1_000), 'b', false)]);
    const [id] = folded.columns as [ColumnProfile];
    expect(id.distinct).toEqual({ value: 4_000, basis: 'exact' });
    expect(id.selectivity).toEqual({ value: (100 * (2_000 * 1 + 2_000 * 4)) / 6_000 ** 2, basis: 'exact' });
    // Of 3,000 values 2,049 or fewer are named.
    if (!isKnown(id.quantiles) || id.quantiles.basis !== 'estimate') throw new Error('no estimated quantiles');
    expect(id.quantiles.error).toBeLessThan(0.001);
    expect(Number(id.quantiles.low?.['0.5'])).toBeLessThanOrEqual(1_999);
    expect(Number(id.quantiles.high?.['0.5'])).toBeGreaterThanOrEqual(1_999);
    expect(id.sum).toEqual({ value: '11997000', basis: 'exact' });
  });

  it('falls back to the counters where a part has no sample, and knows nothing where the parts have neither in common', async () => {
    const [a, b] = [await measure(rowsFrom(0), 'a', false), await measure(rowsFrom(3_000), 'b', false)];
    const [counted] = foldParts([a, withDistinct(b, 'id', { sample: null })]).columns as [ColumnProfile];
    expect(counted.distinct).toMatchObject({ basis: 'estimate', error: 0.0168 });
    expect(Math.abs((knownValue(counted.distinct) ?? 0) / 6_000 - 1)).toBeLessThan(0.05);
    expect(knownValue(counted.distinct)).toBeLessThanOrEqual(6_000);
    expect(counted.selectivity).toHaveProperty('unknown');
    const [neither] = foldParts([withDistinct(a, 'id', { counter: null }), withDistinct(b, 'id', { sample: null })])
      .columns as [ColumnProfile];
    expect(neither.distinct).toEqual({ unknown: expect.stringMatching(/different ways.*3000 or more are different/) });
    expect(neither).not.toHaveProperty('distinctCounter');
  });

  it('keeps what means the same when a column is text in one part only', async () => {
    const good = await measure([[1n, null, null, null, null, null, null]], 'a', false);
    const bad = await measure([['many', null, null, null, null, null, null]], 'b', false);
    const [id] = foldParts([good, bad]).columns as [ColumnProfile];
    expect(id).toMatchObject({
      kind: 'text',
      nonNull: { value: 2 },
      distinct: { value: 2 },
      lexicalMin: { unknown: expect.stringMatching(/different types/) },
    });
    expect(id.sum).toBeUndefined();
  });
});
