import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { foldParts } from '../fold.ts';
import type { ColumnProfile } from '../profile.ts';
import type { SamplingLimits } from '../sampling.ts';
import { profileRead } from './profile-read.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'honest-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function profileOf(
  duckdbType: string,
  values: (string | number | null)[],
  sampling: Partial<SamplingLimits> = {},
): Promise<ColumnProfile> {
  const part = await profileRead(
    {
      kind: 'batches',
      columns: [{ name: 'c', nativeType: duckdbType, duckdbType, typeBasis: 'precise' }],
      batches: (async function* () {
        yield [values];
      })(),
    },
    { memoryMb: 256, threads: 2, tempFolder: folder, signal: new AbortController().signal },
    { key: 'all', whole: true, sampling },
  );
  const [column] = foldParts([part]).columns;
  if (!column) throw new Error('there is no column');
  return column;
}

it('bounds quantiles by the smallest and largest of all rows where the sample does not reach', async () => {
  const rows = 40_000;
  const values = Array.from({ length: rows }, (_, i) => (i % 500 === 0 ? i : null));
  const { quantiles } = await profileOf('BIGINT', values, { smallRows: 1_000, sampleRows: 2_000, groupedValues: 0 });
  expect(quantiles).toMatchObject({ basis: 'estimate', low: { 0.01: '0' }, high: { 0.99: String(rows - 500) } });
});

it.each([{}, { inHandRows: 0 }])(
  'says of the beginning of long texts that others may begin so, too: %o',
  async (sampling) => {
    const begin = 'a'.repeat(1_100);
    const values = Array.from({ length: 300 }, (_, i) => `${begin}${i}`);
    const { topValues } = await profileOf('VARCHAR', values, sampling);
    expect(topValues).toMatchObject({ basis: 'estimate', within: 200, value: [{ count: 100 }] });
  },
);

it.each([{}, { inHandRows: 0 }])('calls no sum exact of which digits may be missing: %o', async (sampling) => {
  const values = Array.from({ length: 300 }, (_, i) => [1e40, -1e40, 1][i % 3] as number);
  const { sum, mean } = await profileOf('DOUBLE', values, sampling);
  expect(sum).toMatchObject({ basis: 'estimate', within: expect.any(Number) });
  expect((sum as { within: number }).within).toBeGreaterThan(100);
  expect(mean).toMatchObject({ basis: 'estimate' });
  const plain = await profileOf('DOUBLE', [0.1, 0.2, 1e6, -3.5], sampling);
  expect([plain.sum, plain.mean]).toMatchObject([{ basis: 'exact' }, { basis: 'exact' }]);
});

it('knows the number of different values less well where each is spelt in several ways', async () => {
  const rows = 40_000;
  const limits = { smallRows: 1_000, sampleRows: 2_000, groupedValues: 50, sampledValues: 3_000 };
  const width = async (of: (i: number) => string): Promise<number> => {
    const values = Array.from({ length: rows }, (_, i) => of(i));
    const { distinct } = await profileOf('VARCHAR', values, limits);
    expect(distinct).toMatchObject({ basis: 'estimate' });
    const { low, high } = distinct as { low: number; high: number };
    expect([low <= 20_000, high >= 20_000]).toEqual([true, true]);
    return high - low;
  };
  const alone = await width((i) => `name ${i % 20_000}`);
  const spelt = await width((i) => {
    const [text, spelling] = [`name ${i % 5_000}`, Math.floor(i / 5_000) % 4];
    return [text, text.toUpperCase(), `N${text.slice(1)}`, `${text} `][spelling] ?? text;
  });
  expect(spelt / alone).toBeGreaterThan(1.7);
});

it.each([{}, { inHandRows: 0 }])(
  'tells a sum beyond the doubles, and calls nothing infinite that is not: %o',
  async (sampling) => {
    const large = await profileOf('DOUBLE', [1e308, 1e308, 1e308, Number.POSITIVE_INFINITY], sampling);
    expect(large).toMatchObject({
      sum: { value: '3e+308', basis: 'exact' },
      mean: { value: '1e+308', basis: 'exact' },
      standardDeviation: { value: '0' },
      infinite: { value: 1 },
    });
    const far = await profileOf('DOUBLE', [1e300, -1e300, 1e300], sampling);
    for (const name of ['sum', 'mean', 'standardDeviation'] as const)
      expect(far[name]).toEqual({
        unknown: expect.stringMatching(/the squares of the values pass the range of a double/),
      });
  },
);
