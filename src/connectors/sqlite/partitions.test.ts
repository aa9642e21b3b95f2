import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ConnectContext, Partition } from '../connector.ts';
import { cutPieces, findPieces, type RowIds, rowsOf } from './cut-row-ids.ts';
import { sqliteConnector } from './index.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-sqlite-parts-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const signal = new AbortController().signal;
const context = (): ConnectContext => ({
  signal,
  applicationName: 'test',
  fileRoots: [folder],
  protectedPaths: [],
  connectTimeoutMs: 1_000,
});

function make(name: string, sql: string): void {
  const file = new DatabaseSync(join(folder, name));
  file.exec(sql);
  file.close();
}

const numbers = (rows: number): string =>
  `WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < ${rows})`;

async function inFile<T>(name: string, work: (session: Awaited<ReturnType<typeof open>>) => Promise<T>): Promise<T> {
  const session = await open(name);
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}
const open = (name: string) => sqliteConnector.connect({ databaseType: 'SQLITE', path: join(folder, name) }, context());

const plan = (name: string, table: string, targetRows: number): Promise<Partition[]> =>
  inFile(name, async (session) => (await session.planPartitions?.('TABLE', ['main', table], targetRows)) ?? []);

/** The values of the first column of each part, and the types of all. */
const readParts = (name: string, table: string, parts: readonly Partition[]) =>
  inFile(name, async (session) => {
    const found: { types: string[]; values: unknown[] }[] = [];
    for (const partition of parts) {
      const read = await session.read({ type: 'TABLE', path: ['main', table], partition, signal });
      if (read.kind !== 'batches') throw new Error('expected batches');
      const values: unknown[] = [];
      for await (const batch of read.batches) values.push(...(batch[0] ?? []));
      found.push({ types: read.columns.map(({ duckdbType }) => duckdbType), values });
    }
    return found;
  });

/** Ids that are held in memory, and how often they were asked. */
function idsOf(sorted: readonly bigint[]): RowIds & { asked(): number } {
  let asked = 0;
  const place = (id: bigint): number => {
    asked++;
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sorted[middle] as bigint) < id) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return {
    from: (id) => sorted[place(id)],
    below: (id) => sorted[place(id) - 1],
    count: (id, to, most) => {
      const at = place(id);
      const within = sorted.slice(at, at + most).filter((one) => one <= to);
      return { rows: within.length, last: within.at(-1) ?? to };
    },
    asked: () => asked,
  };
}

const cut = (sorted: readonly bigint[], targetRows: number) => {
  const ids = idsOf(sorted);
  const pieces = findPieces(ids, sorted[0] as bigint, sorted.at(-1) as bigint, BigInt(Math.ceil(targetRows / 16)));
  const cuts = cutPieces(pieces, targetRows);
  const sizes = [...cuts, undefined].map(
    (end, i) =>
      sorted.filter((id) => (i === 0 || id >= (cuts[i - 1] as bigint)) && (end === undefined || id < end)).length,
  );
  return { cuts, sizes, rows: rowsOf(pieces), asked: ids.asked() };
};

const id = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const runs = fc.array(fc.tuple(id, fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 5 })), {
  minLength: 1,
  maxLength: 20,
});

test('cuts rise within the ids, few ids are looked at, and runs of ids anywhere leave no part empty or far too large', () => {
  fc.assert(
    fc.property(runs, fc.integer({ min: 64, max: 2_000 }), (all, targetRows) => {
      const set = new Set(
        all.flatMap(([start, rows, step]) =>
          Array.from({ length: rows }, (_, i) => start + BigInt(i * step)).filter((one) => one < 2n ** 63n),
        ),
      );
      const sorted = [...set].sort((a, b) => (a < b ? -1 : 1));
      const { cuts, sizes, asked } = cut(sorted, targetRows);
      for (const [i, one] of cuts.entries()) {
        expect(one > (cuts[i - 1] ?? (sorted[0] as bigint))).toBe(true);
        expect(one <= (sorted.at(-1) as bigint)).toBe(true);
      }
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(sorted.length);
      // Sixteenths of a part are counted, but for what they were guessed to hold.
      expect(Math.max(...sizes)).toBeLessThanOrEqual(targetRows * 2);
      expect(asked).toBeLessThan(8 * 1_024);
    }),
  );
});

test('scattered ids of 63 bits are cut evenly, and their number is estimated', () => {
  const mixed = Array.from({ length: 20_000 }, (_, i) => BigInt.asUintN(62, BigInt(i + 1) * 0x9e3779b97f4a7c15n));
  const { sizes, rows } = cut(
    [...new Set(mixed)].sort((a, b) => (a < b ? -1 : 1)),
    5_000,
  );
  expect(rows).toBeGreaterThan(19_000);
  expect(rows).toBeLessThan(21_000);
  expect(Math.max(...sizes)).toBeLessThan(5_500);
});

test('a gap between two runs of ids makes no part uneven', async () => {
  make(
    'gap.db',
    `CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER);
     ${numbers(3_000)} INSERT INTO t SELECT CASE WHEN i <= 2000 THEN i ELSE 9007199254740993 + i END, i FROM s`,
  );
  const parts = await plan('gap.db', 't', 1_000);
  expect(parts.map(({ key, rows }) => [key, rows])).toEqual([
    ['0', 1_000],
    ['1', 1_000],
    ['2', 1_000],
  ]);
  const read = await readParts('gap.db', 't', parts);
  for (const { values } of read) expect(Math.abs(values.length - 1_000)).toBeLessThan(70);
  expect(new Set(read.flatMap(({ values }) => values)).size).toBe(3_000);
  expect(await plan('gap.db', 't', 1_000)).toEqual(parts);
});

test('all parts give values of one type, whatever each holds, and rows that came since belong to the last', async () => {
  make(
    'types.db',
    `CREATE TABLE t (n, only_late, amount NUMERIC, bytes);
     ${numbers(1_200)} INSERT INTO t SELECT CASE WHEN i = 900 THEN 'word' ELSE i END, CASE WHEN i > 1000 THEN i END,
       CASE WHEN i <= 700 THEN i WHEN i > 1100 THEN i + 0.5 END, CASE WHEN i = 3 THEN x'00ff' END FROM s`,
  );
  const parts = await plan('types.db', 't', 400);
  expect(parts).toHaveLength(3);
  make('types.db', 'INSERT INTO t VALUES (5000, NULL, NULL, NULL)');
  const read = await readParts('types.db', 't', parts);
  for (const { types } of read) expect(types).toEqual(['VARCHAR', 'BIGINT', 'DOUBLE', 'BLOB']);
  expect(read.flatMap(({ values }) => values)).toEqual([
    ...Array.from({ length: 1_200 }, (_, i) => (i === 899 ? 'word' : `${i + 1}`)),
    '5000',
  ]);
});

test('large integers of one part beside reals of another are text in both', async () => {
  make(
    'large.db',
    `CREATE TABLE t (n); ${numbers(1_000)} INSERT INTO t SELECT CASE WHEN i <= 500 THEN 9007199254740993 + i ELSE i / 2.0 END FROM s`,
  );
  for (const { types } of await readParts('large.db', 't', await plan('large.db', 't', 500)))
    expect(types).toEqual(['VARCHAR']);
});

test('what has no row ids is one part, and says why; a column that took the name is passed over', async () => {
  make(
    'names.db',
    `CREATE TABLE w (k INTEGER PRIMARY KEY) WITHOUT ROWID; ${numbers(500)} INSERT INTO w SELECT i FROM s;
     CREATE TABLE named (rowid TEXT, "OID" TEXT); ${numbers(500)} INSERT INTO named SELECT 'a' || i, 'b' FROM s;
     CREATE TABLE all_three (rowid TEXT, _rowid_ TEXT, oid TEXT); CREATE VIEW v AS SELECT * FROM w;
     CREATE VIRTUAL TABLE f USING fts5(body); CREATE TABLE empty (n)`,
  );
  expect(await plan('names.db', 'w', 100)).toEqual([
    { key: '0', spec: {}, uncut: 'rows of a table WITHOUT ROWID have no numbers' },
  ]);
  for (const table of ['all_three', 'v', 'f'])
    expect(await plan('names.db', table, 100)).toEqual([{ key: '0', spec: {}, uncut: expect.stringMatching(/./) }]);
  expect(await plan('names.db', 'empty', 100)).toEqual([{ key: '0', spec: {} }]);
  const parts = await plan('names.db', 'named', 100);
  expect(parts).toHaveLength(5);
  expect((await readParts('names.db', 'named', parts)).flatMap(({ values }) => values)).toHaveLength(500);
  await expect(plan('names.db', 'gone', 100)).rejects.toMatchObject({ code: 'SOURCE_NO_OBJECT' });
});
