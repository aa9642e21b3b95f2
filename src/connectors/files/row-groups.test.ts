import { copyFileSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readRowGroupsForTests, writeDuckDb } from '../../../test/support/duckdb-files.ts';
import { profileRead } from '../../profile/duckdb/profile-read.ts';
import { foldParts } from '../../profile/fold.ts';
import type { TablePart } from '../../profile/part.ts';
import type { ColumnProfile, TableProfile } from '../../profile/profile.ts';
import type { Connection, Partition } from '../connector.ts';
import { filesConnector } from './index.ts';
import { cutRowGroups } from './row-groups.ts';

const signal = new AbortController().signal;
const ROWS = 60_000;
let folder: string;
const at = (name: string): string => join(folder, name);
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'assay-row-groups-'));
  const options = '(FORMAT parquet, ROW_GROUP_SIZE 2048)';
  await writeDuckDb(at('made.duckdb'), [
    `CREATE TABLE t AS SELECT i, (i % 1000)::DECIMAL(9,2) AS d, CASE WHEN i % 7 > 0 THEN 'name ' || i END AS s, i / 3 AS f, DATE '2024-01-01' + (i % 500)::INTEGER AS day, [{'q': i % 11}, {'q': NULL}] AS l FROM range(${ROWS}) r(i)`,
    `COPY t TO '${at('t.parquet')}' ${options}`,
    `COPY t TO '${at('t.csv')}'`,
    `COPY (SELECT i AS File_Row_Number FROM t) TO '${at('hides.parquet')}' ${options}`,
    `COPY (SELECT * FROM t LIMIT 0) TO '${at('empty.parquet')}' (FORMAT parquet)`,
  ]);
  writeFileSync(at('packed.parquet.gz'), gzipSync(readFileSync(at('t.parquet'))));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const connect = (): Promise<Connection> =>
  filesConnector.connect(
    { databaseType: 'FS', path: folder },
    {
      signal,
      applicationName: 'test',
      fileRoots: [folder],
      protectedPaths: [],
      connectTimeoutMs: 1_000,
      readRowGroups: readRowGroupsForTests,
    },
  );
const plan = async (name: string, targetRows = 10_000): Promise<Partition[]> =>
  (await (await connect()).planPartitions?.('FILE', [name], targetRows)) ?? [];
async function partOf(name: string, partition?: Partition): Promise<TablePart> {
  const read = await (await connect()).read({
    type: 'FILE',
    path: [name],
    signal,
    ...(partition ? { partition } : {}),
  });
  const session = { memoryMb: 256, threads: 2, tempFolder: at('temp'), signal };
  return profileRead(read, session, { key: partition?.key ?? 'all', whole: partition === undefined });
}
async function inParts(name: string): Promise<TableProfile> {
  const parts: TablePart[] = [];
  for (const partition of await plan(name)) parts.push(await partOf(name, partition));
  return foldParts(parts);
}
/** What is exact in both, whatever it is: the rest is known to be an estimate across parts. */
const exactOf = (column: ColumnProfile, among: ColumnProfile): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(column).filter(([name]) => {
      const figures = [column, among].map((one) => one[name as keyof ColumnProfile]);
      return figures.every((figure) => typeof figure === 'object' && 'basis' in figure && figure.basis === 'exact');
    }),
  );

describe('a Parquet file of several row groups', () => {
  test('is cut between them, and its parts give the exact figures of the whole', async () => {
    const partitions = await plan('t.parquet');
    expect(partitions.map(({ rows }) => rows)).toEqual([10_240, 10_240, 10_240, 10_240, 8_192, 10_848]);
    expect(partitions.map(({ key }) => key)).toEqual(['0', '1', '2', '3', '4', '5']);
    const [cut, whole] = [await inParts('t.parquet'), foldParts([await partOf('t.parquet')])];
    expect(cut.rows).toEqual({ value: ROWS, basis: 'exact' });
    expect(cut.columns.at(-1)?.paths?.map(({ path }) => path)).toEqual(['l[]', 'l[].q']);
    for (const [i, column] of whole.columns.entries()) {
      const same = exactOf(column, cut.columns[i]!);
      expect(Object.keys(same)).toEqual(expect.arrayContaining(['rows', 'nulls', 'density']));
      expect(cut.columns[i]).toMatchObject(same);
      for (const [at, path] of (column.paths ?? []).entries()) {
        const within = cut.columns[i]?.paths?.[at] as unknown as ColumnProfile;
        expect(within).toMatchObject(exactOf(path as unknown as ColumnProfile, within));
        expect(path).toMatchObject({ rows: { value: 2 * ROWS }, presentIn: { value: ROWS } });
      }
    }
  });

  test('was read in one state, which no part of another may disturb', async () => {
    const profile = await inParts('t.parquet');
    expect(profile.warnings).toEqual([]);
    expect(profile.basis).toEqual({ kind: 'all rows', rowsRead: ROWS, partitions: 6 });
    copyFileSync(at('t.parquet'), at('later.parquet'));
    const [first, second] = await plan('later.parquet');
    await partOf('later.parquet', first);
    utimesSync(at('later.parquet'), new Date(), new Date(Date.now() - 60_000));
    await expect(partOf('later.parquet', second)).rejects.toMatchObject({
      code: 'SOURCE_BAD_DATA',
      message: '"later.parquet" was changed while it was read; run the job again',
    });
  });

  test('fails in the part with the damaged row group alone, with the reason', async () => {
    const bytes = readFileSync(at('t.parquet'));
    // The header of the first page of the first row group, and what follows.
    bytes.fill(0xee, 4, 2_000);
    writeFileSync(at('damaged.parquet'), bytes);
    const [first, second] = await plan('damaged.parquet');
    await expect(partOf('damaged.parquet', first)).rejects.toMatchObject({
      code: 'SOURCE_BAD_DATA',
      message:
        'column "i" cannot be read: its pages of the rows 1 to 10240 are damaged; copy the file again from where it came',
    });
    expect((await partOf('damaged.parquet', second)).rows).toBe(10_240);
  });
});

test.each([
  ['t.csv', 'a text'],
  ['packed.parquet.gz', 'what is packed'],
  ['hides.parquet', 'a file that calls a column file_row_number'],
  ['empty.parquet', 'no rows'],
])('%s is one part: %s', async (name) => {
  expect(await plan(name)).toHaveLength(1);
});

test('a file without a footer is refused with what to do', async () => {
  writeFileSync(at('cut.parquet'), readFileSync(at('t.parquet')).subarray(0, 9_000));
  await expect(plan('cut.parquet')).rejects.toMatchObject({
    code: 'SOURCE_BAD_DATA',
    message: expect.stringContaining('copy it again'),
  });
});

test('whatever the row groups, the parts hold each row once, and only a row group too large makes a large part', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1_000), { maxLength: 60 }), fc.integer({ min: 1, max: 2_000 }), (groups, target) => {
      const parts = cutRowGroups(groups, target, { bytes: 1, modifiedMs: 1 });
      if (parts.length === 1) return;
      const ranges = parts.map(({ spec }) => spec as { from: number; to: number });
      expect(ranges[0]?.from).toBe(0);
      expect(ranges.at(-1)?.to).toBe(groups.reduce((sum, rows) => sum + rows, 0));
      for (const [i, range] of ranges.entries()) if (i > 0) expect(range.from).toBe(ranges[i - 1]?.to);
      for (const { from, to } of ranges) expect(to - from).toBeLessThanOrEqual(1.5 * target + Math.max(...groups));
      expect(parts.map(({ key }) => key)).toEqual(parts.map(({ key }) => key).toSorted());
    }),
  );
});
