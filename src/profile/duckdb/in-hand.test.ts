import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { measuredColumn } from '../column.ts';
import type { ColumnPart } from '../part.ts';
import { quoteText } from '../sql.ts';
import { drawRows } from './draw-rows.ts';
import { measureRelation } from './measure-relation.ts';
import { openSession, type Session } from './session.ts';
import type { Relation } from './staging.ts';
import { takeValues } from './take-values.ts';

let folder: string;
let session: Session;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'in-hand-'));
  session = await openSession({ memoryMb: 512, threads: 1, tempFolder: folder, signal: new AbortController().signal });
});
afterAll(async () => {
  await session.close();
  await rm(folder, { recursive: true, force: true });
});

async function makeTable(types: readonly string[], rows: string): Promise<Relation> {
  const definitions = types.map((type, i) => `c${i} ${type}`).join(', ');
  await session.run(`CREATE OR REPLACE TABLE r (${definitions})`, 'preparing');
  await session.run(`INSERT INTO r ${rows}`, 'filling');
  const columns = types.map((type, i) =>
    measuredColumn({ name: `${type} ${i}`, nativeType: type, duckdbType: type, typeBasis: 'precise' }, `c${i}`),
  );
  return { name: 'r', columns, position: 'rowid', warnings: [], rejectedRows: 0 };
}

/** Measures a table both ways. */
async function bothWays(
  types: readonly string[],
  rows: string,
  whole = true,
): Promise<[inHand: ColumnPart[], asked: ColumnPart[]]> {
  const relation = await makeTable(types, rows);
  const measure = async (inHandRows: number): Promise<ColumnPart[]> =>
    (await measureRelation(session, relation, { key: 'all', whole, sampling: { inHandRows } })).columns;
  return [await measure(2_000), await measure(0)];
}

it('says the same of any texts as asking for them does', async () => {
  const text = fc.oneof(
    // The driver of DuckDB drops U+FEFF at the beginning of a text that is asked for alone.
    fc.string({ unit: 'binary', maxLength: 12 }).filter((one) => !one.startsWith('\ufeff')),
    fc.constantFrom(
      null,
      '',
      ' \u0085',
      'a',
      'A',
      'İ',
      'ὈΔΥΣΣΕΎΣ',
      'x\ufeff',
      'x'.repeat(2_000),
      '😀'.repeat(1_030),
      '12',
      '2024-02-03',
    ),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 60 }), async (texts) => {
      const values = texts.map((one) => (one === null ? '(NULL)' : `(${quoteText(one.toWellFormed())})`)).join(', ');
      const [inHand, asked] = await bothWays(['VARCHAR'], `VALUES ${values}`);
      expect(inHand).toEqual(asked);
    }),
    { numRuns: 40 },
  );
}, 120_000);

it('says the same of any numbers as asking for them does', async () => {
  const double = fc.oneof(
    fc.double().map((x) => `'${x}'`),
    fc.double({ min: -1e3, max: 1e3, noNaN: true }).map((x) => `'${x}'`),
    fc.constantFrom('0', 'NaN', 'Infinity', '-Infinity', '5e-324', '0.1').map((x) => `'${x}'`),
  );
  const row = fc.tuple(
    fc.option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String)),
    fc.option(fc.integer({ min: -9, max: 9 }).map(String)),
    fc.option(
      fc
        .bigInt({ min: -(10n ** 18n) + 1n, max: 10n ** 18n - 1n })
        .map((n) => `${n / 1000n}.${String(n).slice(-3).replace('-', '0').padStart(3, '0')}`),
    ),
    fc.option(double),
    fc.option(
      fc
        .float({ noNaN: true })

        .map((x) => `'${x}'`),
    ),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 40 }), async (rows) => {
      const values = rows.map((cells) => `(${cells.map((cell) => cell ?? 'NULL').join(', ')})`).join(', ');
      const [inHand, asked] = await bothWays(
        ['BIGINT', 'TINYINT', 'DECIMAL(18,3)', 'DOUBLE', 'FLOAT'],
        `VALUES ${values}`,
      );
      expect(inHand).toEqual(asked);
    }),
    { numRuns: 60 },
  );
}, 120_000);

const TYPES: [type: string, value: string][] = [
  ['BIGINT', '(hash(i) % 900)::BIGINT - 450'],
  ['HUGEINT', '(hash(i) % 500)::HUGEINT * 12345678901234567890 - 77'],
  ['DECIMAL(12,3)', '(hash(i) % 700)::BIGINT / 8'],
  [
    'DOUBLE',
    `CASE i % 9 WHEN 0 THEN 'nan' WHEN 1 THEN 'inf' WHEN 2 THEN '-inf' WHEN 3 THEN '0' ELSE (hash(i) % 500 / 7)::VARCHAR END::DOUBLE`,
  ],
  ['BOOLEAN', 'i % 3 = 0'],
  [
    'DATE',
    `CASE i % 50 WHEN 0 THEN 'infinity' WHEN 1 THEN '0044-03-15 (BC)' ELSE (DATE '2000-01-01' + (hash(i) % 900)::INTEGER)::VARCHAR END::DATE`,
  ],
  ['TIME', `TIME '00:00' + INTERVAL 1 SECOND * (hash(i) % 9000)::INTEGER`],
  ['TIMESTAMP', `TIMESTAMP '2020-01-31 10:00:00.5' + INTERVAL 1 HOUR * (hash(i) % 700)::INTEGER`],
  ['TIMESTAMP WITH TIME ZONE', `TIMESTAMPTZ '2020-01-31 10:00:00+02' - INTERVAL 1 DAY * (i % 1500)::INTEGER`],
  // In years before Christ and since, and no other texts beside them.
  ['DATE', `DATE '0003-03-15' - (hash(i) % 3000)::INTEGER`],
  ['TIMESTAMP', `TIMESTAMP '0150-03-15 01:02:03' - INTERVAL 1 DAY * (hash(i) % 90000)::INTEGER`],
  ['TIMESTAMP WITH TIME ZONE', `TIMESTAMPTZ '0044-03-15 01:02:03+00' - INTERVAL 1 MONTH * (i % 1000)::INTEGER`],
  ['UUID', 'md5((i % 1200)::VARCHAR)::UUID'],
  ['VARCHAR', `'v' || (hash(i) % 1100)`],
  ['INTEGER[]', '[i % 5]'],
  ['BLOB', `('b' || i % 40)::BLOB`],
  ['INTERVAL', `INTERVAL 1 MONTH * (i % 3)::INTEGER + INTERVAL 1 DAY * (30 * (i % 2))::INTEGER`],
];

it.each([true, false])(
  'says the same of every type, with more values than are named or looked at (whole: %s)',
  async (whole) => {
    const list = TYPES.map(([type, value], i) => `CASE WHEN i % 11 = ${i % 11} THEN NULL ELSE (${value})::${type} END`);
    const [inHand, asked] = await bothWays(
      TYPES.map(([type]) => type),
      `SELECT ${list.join(', ')} FROM range(2000) t(i)`,
      whole,
    );
    for (const [i, part] of inHand.entries()) expect(part).toEqual(asked[i]);
    expect(inHand.flatMap(({ measures }) => Object.values(measures)).filter((value) => value === undefined)).toEqual(
      [],
    );
  },
);

it('draws the same rows as asking for them does, the first of the newest ones among them', async () => {
  const types = ['VARCHAR', 'TIMESTAMP', 'TIMESTAMP WITH TIME ZONE', 'DOUBLE'];
  const time = `CASE i % 5 WHEN 0 THEN NULL WHEN 1 THEN 'infinity' WHEN 2 THEN '0044-03-15 (BC) 00:00:00' ELSE (TIMESTAMP '2020-01-31 10:00:00.5' + INTERVAL 1 HOUR * (i // 3 % 100)::INTEGER)::VARCHAR END`;
  const relation = await makeTable(
    types,
    `SELECT CASE WHEN i % 7 > 0 THEN repeat('ä', (i % 1300)::INTEGER) END, ${time}::TIMESTAMP, NULL, i / 7 FROM range(1900) t(i)`,
  );
  const taken = await takeValues(session, relation, {});
  expect(taken.taken?.inOrder).toBe(true);
  for (const columns of [undefined, types.slice(0, 1).map((type) => `${type} 0`)])
    for (const wholeRows of [true, false]) {
      const options = { seed: 77, wholeRows };
      const inHand = await drawRows(session, taken, options, columns);
      expect(inHand).toEqual(await drawRows(session, { ...relation, rows: 1900 }, options, columns));
      expect(inHand?.newest?.at).toBe(wholeRows && !columns ? '2020-02-04 13:00:00.5' : '');
    }
});

it('leaves a column whose values cannot be had to be asked for', async () => {
  const [inHand, asked] = await bothWays(['VARCHAR'], `SELECT repeat('é', 600000) || i FROM range(2) t(i)`);
  expect(inHand).toEqual(asked);
});
