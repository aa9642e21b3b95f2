import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Figure, isKnown } from '../figure.ts';
import { foldParts } from '../fold.ts';
import type { TablePart } from '../part.ts';
import type { ColumnProfile } from '../profile.ts';
import type { SamplingLimits } from '../sampling.ts';
import { SWITCHED_OFF } from '../switched-off.ts';
import type { MeasureOptions } from './measure-work.ts';
import { profileRead } from './profile-read.ts';

const ROWS = 40_000;
const LIMITS: Partial<SamplingLimits> = {
  smallRows: 1_000,
  sampleRows: 2_000,
  groupedValues: 500,
  // No fewer than a value set holds: 2,560.
  sampledValues: 3_000,
};
/** `id` unique; `word` of 8,000; `code` of 40, which repeats; `share` a double with NaN; `rare` nearly all null. */
const SELECT = `SELECT i AS id, 'word ' || (hash(i) % 8000) AS word, 'c' || (i % 40) AS code,
  CASE WHEN i % 100 = 0 THEN 'nan'::DOUBLE ELSE (hash(i + 7) % 30000) / 8 END AS share, CASE WHEN i % 9999 = 0 THEN i::VARCHAR END AS rare,
  DATE '2000-01-01' + (i % 7000)::INTEGER AS day
FROM range(${ROWS}) r(i)`;

/** Columns of every kind that repeat, nulls and what is odd among them. */
const REPEATING = `SELECT (i % 37 - 5)::INTEGER AS n, ((i % 40) / 8 - 2)::DECIMAL(9,3) AS d,
  CASE i % 9 WHEN 0 THEN 'nan'::DOUBLE WHEN 1 THEN '-inf'::DOUBLE WHEN 2 THEN -0.0 WHEN 3 THEN 0.0 ELSE (i % 30) / 7 END AS f,
  CASE i % 6 WHEN 0 THEN NULL WHEN 1 THEN ' ' WHEN 2 THEN '' ELSE ['Straße', 'straße ', 'ß' || i % 20, repeat('x', 1100)][1 + i % 4] END AS t,
  CASE WHEN i % 7 > 0 THEN i % 2 = 0 END AS b, DATE '0001-03-01' - (i % 90)::INTEGER AS day, TIME '10:00:00' + INTERVAL 1 SECOND * (i % 50) AS h,
  TIMESTAMP '2020-01-01' + INTERVAL 1 MILLISECOND * (i % 60) AS at, md5((i % 30)::VARCHAR)::UUID AS u, i AS id
FROM range(${ROWS}) r(i)`;

let folder: string;
let paths: string[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sampled-'));
  paths = ['all', 'a', 'b', 'repeating'].map((name) => join(folder, `${name}.parquet`));
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const copy = (where: string, path = '') => connection.run(`COPY (FROM (${SELECT})${where}) TO '${path}'`);
  await copy('', paths[0]);
  await copy(' WHERE id < 15000', paths[1]);
  await copy(' WHERE id >= 15000', paths[2]);
  await connection.run(`COPY (${REPEATING}) TO '${paths[3]}'`);
  connection.closeSync();
  instance.closeSync();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const measure = (
  path = '',
  threads = 2,
  whole = true,
  sampling: Partial<SamplingLimits> = LIMITS,
  asked: Pick<MeasureOptions, 'without' | 'distinct'> = {},
): Promise<TablePart> =>
  profileRead(
    { kind: 'relation', spec: { kind: 'parquet', paths: [path] } },
    { memoryMb: 256, threads, tempFolder: folder, signal: new AbortController().signal },
    { key: path, whole, sampling, ...asked },
  );
const columnsOf = (parts: TablePart[]): Record<string, ColumnProfile> =>
  Object.fromEntries(foldParts(parts).columns.map((column) => [column.name, column]));
const basisOf = (figure: Figure<unknown> | undefined) => (isKnown(figure) ? figure.basis : figure);

function expectWithin(figure: Figure<number> | undefined, truth: Figure<number> | undefined): void {
  expect(isKnown(figure) && isKnown(truth)).toBe(true);
  if (!isKnown(figure) || !isKnown(truth) || figure.basis !== 'estimate') throw new Error('no estimate');
  expect(figure.low).toBeLessThanOrEqual(truth.value);
  expect(figure.high).toBeGreaterThanOrEqual(truth.value);
  expect(figure.low).toBeLessThanOrEqual(figure.value);
  expect(figure.high).toBeGreaterThanOrEqual(figure.value);
}

describe('a large table', () => {
  it.each([true, false])('measures columns that repeat by their groups as by their rows (whole: %s)', async (whole) => {
    const byGroups = await measure(paths[3], 2, whole);
    const byRows = await measure(paths[3], 2, whole, LIMITS, { distinct: 'exact' });
    const kinds = ['integer', 'decimal', 'float', 'text', 'boolean', 'date', 'time', 'timestamp', 'uuid', 'integer'];
    expect(byGroups.columns.map(({ column }) => column.kind)).toEqual(kinds);
    for (const [i, { column, measures }] of byGroups.columns.entries())
      if (column.name !== 'id')
        expect({ [column.name]: measures }).toEqual({ [column.name]: byRows.columns[i]?.measures });
  });

  it('is exact where a column repeats and where all rows are looked at, and says what is estimated', async () => {
    const exact = columnsOf([await measure(paths[0], 2, true, { smallRows: ROWS })]);
    const table = columnsOf([await measure(paths[0])]);
    expect(table.code).toEqual(exact.code);
    for (const key of [
      'rows',
      'nonNull',
      'blanks',
      'min',
      'max',
      'sum',
      'mean',
      'standardDeviation',
      'histogram',
    ] as const)
      expect(table.share?.[key], key).toEqual(exact.share?.[key]);
    expect(table.word?.length).toEqual(exact.word?.length);
    for (const name of ['id', 'word', 'share', 'day'])
      for (const key of ['distinct', 'selectivity', 'topValues', 'uniqueness'] as const)
        expect(basisOf(table[name]?.[key]), `${name} ${key}`).toBe('estimate');
    // The sample only chooses who is named; counted is in all rows.
    const often = isKnown(exact.share?.topValues) ? exact.share.topValues.value : [];
    const named = isKnown(table.share?.topValues) ? table.share.topValues.value : [];
    expect(named.find(({ value }) => value === 'NaN')).toEqual(often.find(({ value }) => value === 'NaN'));
    expect(named.map(({ count }) => count)).toEqual(named.map(({ count }) => count).toSorted((x, y) => y - x));
    // The sample is the same each time, so these hold or fail for good.
    for (const name of ['id', 'word', 'share', 'day']) {
      expectWithin(table[name]?.distinct, exact[name]?.distinct);
      expectWithin(table[name]?.selectivity, exact[name]?.selectivity);
    }
    const [quantiles, truth] = [table.id?.quantiles, exact.id?.quantiles];
    if (!isKnown(quantiles) || quantiles.basis !== 'estimate' || !isKnown(truth)) throw new Error('no quantiles');
    const outside = Object.entries(truth.value).filter(
      ([key, value]) => Number(quantiles.low?.[key]) > Number(value) || Number(quantiles.high?.[key]) < Number(value),
    );
    // One in twenty is: of seven, two would be seen once in twenty samples, and this is always the same sample.
    expect(outside.length).toBeLessThanOrEqual(1);
    for (const name of ['id', 'word', 'share', 'day', 'rare'])
      expect(table[name]?.valueSet, name).toBe(exact[name]?.valueSet);
    expect(isKnown(table.id?.distinct) && table.id.distinct.value).toBeLessThanOrEqual(ROWS);
  });

  it('gives the same bytes each time, with any number of threads', async () => {
    const one = JSON.stringify(await measure(paths[0], 1));
    expect(JSON.stringify(await measure(paths[0], 2))).toBe(one);
    expect(JSON.stringify(await measure(paths[0], 2))).toBe(one);
  });

  it('folds from parts: exact figures as those of the whole, estimates with their bounds', async () => {
    const exact = columnsOf([await measure(paths[0], 2, true, { smallRows: ROWS })]);
    const parts = [await measure(paths[1], 2, false), await measure(paths[2], 1, false)];
    const table = columnsOf(parts);
    expect(columnsOf(parts.toReversed())).toEqual(table);
    for (const key of ['rows', 'nonNull', 'min', 'max', 'sum', 'mean', 'histogram'] as const)
      expect(table.id?.[key], key).toEqual(exact.id?.[key]);
    // Counted by samples of values; the counter is filled where that costs nothing.
    expect(table.word).not.toHaveProperty('distinctCounter');
    expect(table.code?.distinctCounter).toBe(exact.code?.distinctCounter);
    for (const name of ['id', 'word', 'share']) {
      expectWithin(table[name]?.distinct, exact[name]?.distinct);
      // Of `word` the interval is one in twenty that misses, by a hair; and this is always the same sample.
      const [found, truth] = [table[name]?.selectivity, exact[name]?.selectivity];
      if (!isKnown(found) || !isKnown(truth)) throw new Error('no selectivity');
      expect(found.basis).toBe('estimate');
      expect(Math.abs(found.value / truth.value - 1), name).toBeLessThan(0.05);
    }
    expect(table.code?.distinct).toEqual(exact.code?.distinct);
    expect(table.code?.topValues).toEqual(exact.code?.topValues);
    const [top, quantiles] = [table.word?.topValues, table.id?.quantiles];
    expect(top).toMatchObject({ basis: 'estimate', within: expect.any(Number) });
    if (!isKnown(quantiles) || quantiles.basis !== 'estimate') throw new Error('no quantiles');
    expect(Number(quantiles.low?.['0.5'])).toBeLessThanOrEqual(ROWS / 2);
    expect(Number(quantiles.high?.['0.5'])).toBeGreaterThanOrEqual(ROWS / 2);
  });
});

describe('what a request asks for', () => {
  it('counts wholly whatever it costs, or samples also what repeats', async () => {
    const truth = columnsOf([await measure(paths[0], 2, true, { smallRows: ROWS })]);
    const exact = columnsOf([await measure(paths[0], 2, true, LIMITS, { distinct: 'exact' })]);
    expect(exact).toEqual(truth);
    const sampled = columnsOf([
      await measure(paths[0], 2, true, { ...LIMITS, groupedValues: ROWS }, { distinct: 'estimated' }),
    ]);
    for (const name of ['id', 'word', 'share']) expectWithin(sampled[name]?.distinct, truth[name]?.distinct);
    expect(basisOf(sampled.day?.quantiles)).toBe('estimate');
    expect(basisOf(sampled.code?.selectivity)).toBe('estimate');
    // So few different values are all in their sample.
    expect(sampled.code?.distinct).toEqual(truth.code?.distinct);
  });

  it.each([
    ['small', { smallRows: ROWS }],
    ['large', LIMITS],
  ])('leaves measures of a %s table out, says so, and leaves the others as they were', async (_size, sampling) => {
    const all = columnsOf([await measure(paths[0], 2, true, sampling)]);
    const without = ['minmax', 'sum', 'distinct', 'top', 'valueset'] as const;
    const some = columnsOf([await measure(paths[0], 2, true, sampling, { without })]);
    const off = { unknown: SWITCHED_OFF };
    const { id, word, share } = some;
    expect(id).toMatchObject({ min: off, max: off, sum: off, mean: off, distinct: off, topValues: off });
    expect(word).toMatchObject({ lexicalMin: off, uniqueness: off, selectivity: off, patterns: all.word?.patterns });
    expect([id?.distinctCounter, id?.valueSet]).toEqual([undefined, undefined]);
    // What reads the ones that are left out is still there.
    expect(share?.standardDeviation).toEqual(all.share?.standardDeviation);
    for (const key of ['histogram', 'standardDeviation', 'quantiles', 'nonNull', 'density'] as const)
      expect(id?.[key], key).toEqual(all.id?.[key]);
  });

  it('groups no column of which nothing is asked that needs it, and folds what is left out in parts', async () => {
    const without = ['distinct', 'top', 'quantiles', 'patterns', 'formats', 'valueset'] as const;
    const parts = [];
    for (const path of paths.slice(1, 3)) parts.push(await measure(path, 2, false, LIMITS, { without }));
    const { id } = columnsOf(parts);
    expect(id?.quantiles).toEqual({ unknown: SWITCHED_OFF });
    expect(id?.max).toEqual({ value: String(ROWS - 1), basis: 'exact' });
  });
});

it('gives rows that are sent as text the figures of the same rows in a file', async () => {
  const path = join(folder, 'all.csv');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`COPY (${SELECT}) TO '${path}' (HEADER false, NULLSTR '\\N')`);
  connection.closeSync();
  instance.closeSync();
  const types = ['BIGINT', 'VARCHAR', 'VARCHAR', 'DOUBLE', 'VARCHAR', 'DATE'];
  const columns = types.map((type, i) => ({
    ...{ name: ['id', 'word', 'code', 'share', 'rare', 'day'][i] ?? '', nativeType: type, duckdbType: type },
    typeBasis: 'precise' as const,
  }));
  const csv = { delimiter: ',', quote: '"', escape: '"', header: false, nullText: '\\N' };
  const draw = { seed: 3, wholeRows: true };
  const options = { key: 'all', whole: true, sampling: LIMITS, draw };
  const session = { memoryMb: 256, threads: 2, tempFolder: folder, signal: new AbortController().signal };
  const sent = await profileRead(
    { kind: 'bytes', format: 'csv', csv, columns, stream: createReadStream(path) },
    session,
    options,
  );
  const inFile = await profileRead(
    { kind: 'relation', spec: { kind: 'parquet', paths: [paths[0] ?? ''] } },
    session,
    options,
  );
  const told = ({ columns: parts, drawn }: typeof sent) => ({
    drawn,
    parts: parts.map(({ column: { name, duckdbType }, measures }) => ({ name, duckdbType, measures })),
  });
  expect(told(sent)).toEqual(told(inFile));
});
