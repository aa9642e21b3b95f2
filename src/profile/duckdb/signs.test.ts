import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { knownValue } from '../figure.ts';
import { foldParts } from '../fold.ts';
import type { ColumnProfile } from '../profile.ts';
import { profileRead } from './profile-read.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signs-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function partOf(name: string, rows: string, key: string, whole: boolean) {
  const path = join(folder, name);
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  await connection.run(`COPY (${rows}) TO '${path}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
  return profileRead(
    { kind: 'relation', spec: { kind: 'parquet', paths: [path] } },
    { memoryMb: 256, threads: 1, tempFolder: folder, signal: new AbortController().signal },
    { key, whole },
  );
}
const figures = ({ nan, distinct, min, max, topValues }: ColumnProfile) => ({
  nan: knownValue(nan),
  distinct: knownValue(distinct),
  min: knownValue(min),
  max: knownValue(max),
  top: knownValue(topValues)?.map(({ value, count }) => [value, count]),
});

const INF = `'inf'::DOUBLE`;

// In hand, and by statements.
it.each([1_000, 5_000])('counts NaN and zero once, whatever sign they have, of %i rows', async (rows) => {
  const value = `CASE i % 10 WHEN 0 THEN ${INF} - ${INF} WHEN 1 THEN 'nan'::DOUBLE WHEN 2 THEN 0 WHEN 3 THEN '-0.0'::DOUBLE ELSE -i % 3 - 1 END`;
  const part = await partOf(
    `nan${rows}.parquet`,
    `SELECT (${value})::DOUBLE AS d, (${value})::FLOAT AS f FROM range(${rows}) t(i)`,
    'all',
    true,
  );
  for (const column of foldParts([part]).columns) {
    expect(figures(column)).toMatchObject({ nan: rows / 5, distinct: 5, min: '-3.0', max: '0.0' });
    expect(figures(column).top).toContainEqual(['NaN', rows / 5]);
    expect(figures(column).top).toContainEqual(['0.0', rows / 5]);
  }
});

it('folds zeros of both signs into one value', async () => {
  const zeros = (sign: string) => `SELECT '${sign}0.0'::DOUBLE AS d FROM range(3000)`;
  const parts = [await partOf('a.parquet', zeros('-'), 'a', false), await partOf('b.parquet', zeros(''), 'b', false)];
  expect(figures(foldParts(parts).columns[0] as ColumnProfile)).toMatchObject({ distinct: 1, min: '0.0', max: '0.0' });
});
