import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReadColumn } from '../../connectors/connector.ts';
import { foldParts } from '../fold.ts';
import type { ColumnProfile } from '../profile.ts';
import { type MeasuredPart, profileRead } from './profile-read.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'apart-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const AMOUNT: ReadColumn = {
  name: 'amount',
  nativeType: 'numeric(12,2)',
  duckdbType: 'DECIMAL(12,2)',
  typeBasis: 'precise',
  sure: true,
};
const ID: ReadColumn = { name: 'id', nativeType: 'integer', duckdbType: 'INTEGER', typeBasis: 'precise', sure: true };
type Options = Partial<Parameters<typeof profileRead>[2]>;

const measure = (cells: readonly (string | null)[], more: Options = {}, first = 0): Promise<MeasuredPart> => {
  const lines = cells.map((cell, i) => `${i + first},${cell === null ? '\\N' : `"${cell}"`}\n`);
  return profileRead(
    {
      kind: 'bytes',
      format: 'csv',
      csv: { delimiter: ',', quote: '"', escape: '"', header: false, nullText: '\\N' },
      columns: [ID, AMOUNT],
      stream: Readable.from(lines, { objectMode: false }),
    },
    { memoryMb: 256, threads: 2, tempFolder: folder, signal: new AbortController().signal },
    { key: 'all', whole: true, ...more },
  );
};
const amountOf = async (...parts: Promise<MeasuredPart>[]): Promise<ColumnProfile> =>
  foldParts(await Promise.all(parts)).columns[1] as ColumnProfile;
/** Figures of the numbers alone. */
const numbersOf = ({
  min,
  max,
  sum,
  mean,
  standardDeviation,
  quantiles,
  histogram,
  distinct,
  kind,
}: ColumnProfile) => ({
  ...{ min, max, sum, mean, standardDeviation, quantiles, histogram, distinct, kind },
});

const NUMBERS = Array.from({ length: 3_000 }, (_, i) => ((i * 7_919) % 100_003).toFixed(2));
const ODD = ['NaN', 'Infinity', 'NaN', '-Infinity', null];

describe('NaN and infinities in a column of decimals', () => {
  it.each<[string, Options]>([
    ['few rows', {}],
    ['a small relation', { sampling: { inHandRows: 10 } }],
    ['a stream of more than 1 MB', {}],
    ['a large one', { sampling: { inHandRows: 10, smallRows: 500, sampleRows: 400, groupedValues: 100 } }],
  ])('are counted apart, and the others stay exact: %s', async (what, options) => {
    const long = (): string[] => Array.from({ length: 40 }, () => NUMBERS).flat();
    const numbers = what === 'few rows' ? NUMBERS.slice(0, 50) : what.includes('1 MB') ? long() : NUMBERS;
    const [with_, without] = await Promise.all([
      amountOf(measure([...numbers, ...ODD], options)),
      amountOf(measure([...numbers, ...ODD.map(() => null)], options)),
    ]);
    expect(numbersOf(with_)).toEqual(numbersOf(without));
    expect(with_).toMatchObject({
      kind: 'decimal',
      duckdbType: 'DECIMAL(12,2)',
      nan: { value: 2, basis: 'exact' },
      infinite: { value: 2, basis: 'exact' },
      nulls: { value: 1 },
      nonNull: { value: numbers.length + 4 },
    });
    expect(without).not.toHaveProperty('nan');
  });

  it('say nothing in the warnings, are drawn as they are, and tell rows apart', async () => {
    const part = await measure(['1.00', 'NaN', null], { draw: { seed: 1, wholeRows: true } });
    expect(part.warnings).toEqual([]);
    expect([...(part.drawn?.columns[1]?.cells ?? [])].sort()).toEqual(['1.00', 'NaN', null]);
  });

  it('add up over parts, of which some have none', async () => {
    const column = await amountOf(
      measure(['1.50', 'NaN'], { key: 'a', whole: false }),
      measure(['2.50'], { key: 'b', whole: false }, 10),
      measure(['NaN', 'Infinity'], { key: 'c', whole: false }, 20),
    );
    expect(column).toMatchObject({
      nan: { value: 2 },
      infinite: { value: 1 },
      sum: { value: '4.00' },
      nonNull: { value: 5 },
      nulls: { value: 0 },
      min: { value: '1.50' },
    });
  });

  it('are still there where rows are left out by a mark', async () => {
    const part = await measure(['1.00', '2.00', 'NaN'], { mark: { column: 'id', above: '0' } });
    expect(foldParts([part]).columns[1]).toMatchObject({ nan: { value: 1 }, sum: { value: '2.00' } });
  });

  it('leave a column text that holds more that does not fit', async () => {
    const part = await measure(['1.00', 'NaN', '99999999999999.00']);
    expect(part.columns[1]?.column.kind).toBe('text');
    expect(part.warnings).toEqual([
      'column "amount": 2 values do not fit numeric(12,2); the column is measured as text',
    ]);
    const mixed = await amountOf(
      measure(['1.00', 'NaN'], { key: 'a', whole: false }),
      measure(['99999999999999.00'], { key: 'b', whole: false }, 10),
    );
    expect(mixed).toMatchObject({ kind: 'text', nonNull: { value: 3 }, nulls: { value: 0 } });
    expect(mixed.distinct).toHaveProperty('unknown');
  });
});
