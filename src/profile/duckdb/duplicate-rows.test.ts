import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeDuckDb } from '../../../test/support/duckdb-files.ts';
import { exact } from '../figure.ts';
import { foldParts } from '../fold.ts';
import type { TableProfile } from '../profile.ts';
import type { MeasureOptions } from './measure-work.ts';
import { profileRead } from './profile-read.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'duplicates-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function profile(select: string, options: Partial<MeasureOptions> = {}): Promise<TableProfile> {
  const path = join(folder, 't.parquet');
  await writeDuckDb(':memory:', [`COPY (${select}) TO '${path}'`]);
  return foldParts([
    await profileRead(
      { kind: 'relation', spec: { kind: 'parquet', paths: [path] } },
      { memoryMb: 256, threads: 2, tempFolder: folder, signal: new AbortController().signal },
      { key: 'all', whole: true, ...options },
    ),
  ]);
}

it('counts copies of whole rows, nulls equal to nulls, of every kind of column', async () => {
  const some = `SELECT i % 30 AS a, CASE WHEN i % 2 = 0 THEN 'x' END AS b, [i % 3, NULL] AS c, {'d': i % 5} AS e FROM range(100) r(i)`;
  expect((await profile(some)).duplicateRows).toEqual(exact(70));
  expect((await profile(`${some.replace('i % 30', 'i % 30 + i // 30 / 8')}`)).duplicateRows).toEqual(exact(0));
  expect((await profile('SELECT 1 AS a FROM range(7)')).duplicateRows).toEqual(exact(6));
  expect((await profile('SELECT 1 AS a FROM range(0)')).duplicateRows).toEqual(exact(0));
});

it('needs no counting where a column is a key, and says why it did not count', async () => {
  const keyed = 'SELECT i AS id, 1 AS a FROM range(5000) r(i)';
  const sampling = { smallRows: 100, sampleRows: 100, groupedValues: 10, sampledValues: 10_000 };
  expect((await profile(keyed, { sampling })).keys).toEqual([{ column: 'id', as: 'key', distinct: exact(5000) }]);
  expect((await profile(keyed, { sampling })).duplicateRows).toEqual(exact(0));
  expect((await profile(keyed, { columns: ['a'] })).duplicateRows).toEqual({
    unknown: expect.stringMatching(/in parts/),
  });
  expect((await profile(keyed, { without: ['distinct'] })).duplicateRows).toEqual({
    unknown: 'switched off by the request (without)',
  });
});

it('estimates the copies in a large table without a key, with an interval', async () => {
  const sampling = { smallRows: 1_000, sampleRows: 1_000, groupedValues: 10, sampledValues: 1_000 };
  const copies = 4_000;
  let held = 0;
  const runs = 30;
  for (let run = 0; run < runs; run++) {
    // Half of the rows are copies of others: 2,000 twice, 500 five times.
    const seen = `SELECT CASE WHEN i < 4000 THEN i // 2 WHEN i < 6500 THEN 10000 + i % 500 ELSE i + 20000 END AS k FROM range(9000) r(i)`;
    const { duplicateRows } = await profile(`SELECT k % 700 AS a, 'x ${run} ' || (k // 700) AS b FROM (${seen})`, {
      sampling,
    });
    expect(duplicateRows).toMatchObject({ basis: 'estimate', value: expect.any(Number) });
    const { low, high } = duplicateRows as { low: number; high: number };
    if (low <= copies && copies <= high) held++;
    expect(high - low).toBeLessThan(1_500);
  }
  expect(held / runs).toBeGreaterThanOrEqual(0.8);
});

it('knows of the copies of one row, however many they are', async () => {
  const sampling = { smallRows: 100, sampleRows: 100, groupedValues: 10, sampledValues: 10_000 };
  const { duplicateRows } = await profile('SELECT 1 AS a FROM range(5000) r(i)', { sampling });
  const { low, high } = duplicateRows as { low: number; high: number };
  expect([low > 4_000, low <= 4_999, high]).toEqual([true, true, 4_999]);
});
