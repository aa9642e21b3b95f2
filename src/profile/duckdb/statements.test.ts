import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type MeasuredColumn, measuredColumn } from '../column.ts';
import { add, type ExactJson, fromExactJson, fromInteger, negate, toExactJson, ZERO } from '../exact-number.ts';
import { HASH } from '../measures/distinct.ts';
import { MEASURES } from '../measures/index.ts';
import type { Known, Measure } from '../measures/measure.ts';
import { buildStatement, groupStatement } from '../statements.ts';
import { measureRelation } from './measure-relation.ts';
import { openSession, type Session } from './session.ts';

/** One column of each kind, and what a scan would have found of it. */
const COLUMNS: [type: string, known: Known['parts']][] = [
  ['BIGINT', { minmax: { min: '-5', max: '10' }, sum: { count: 2, sum: { digits: '5', two: 0, ten: 0 } } }],
  ['HUGEINT', { minmax: { min: '-9223372036854775809', max: '9223372036854775808' } }],
  ['INTEGER', { minmax: { min: '-2147483648', max: '2147483647' } }],
  ['DECIMAL(12,2)', { minmax: { min: '0.01', max: '9999999999.99' } }],
  ['DECIMAL(38,4)', { minmax: { min: '0.0001', max: '1234567890123456789012345678.0000' } }],
  ['DOUBLE', { minmax: { min: '-1.5', max: 'Infinity', finiteMin: '-1.5', finiteMax: '2.25' } }],
  ['VARCHAR', {}],
  ['BOOLEAN', {}],
  ['DATE', {}],
  ['TIMESTAMP', {}],
  ['TIMESTAMP WITH TIME ZONE', {}],
  ['TIME', {}],
  ['INTERVAL', {}],
  ['UUID', {}],
  ['BLOB', {}],
  ['INTEGER[]', {}],
  ['STRUCT(a INTEGER)', {}],
  ['MAP(VARCHAR, INTEGER)', {}],
  ['JSON', {}],
  ['BIT', {}],
];

const columnOf = (type: string, i: number): MeasuredColumn =>
  measuredColumn({ name: `column ${i}`, nativeType: type, duckdbType: type, typeBasis: 'precise' }, `c${i}`);

const statementOf = (pass: Measure['pass'], whole = true): string => {
  const asks = COLUMNS.flatMap(([type, parts], i) => {
    const column = columnOf(type, i);
    return MEASURES.filter((measure) => measure.pass === pass && measure.applies(column)).map((measure) => ({
      column,
      measure,
      known: {
        whole,
        groups: { kind: 'all' as const },
        values: { kind: 'all' as const },
        parts: { counts: { nonNull: 3, blanks: 0, nan: 0, infinite: 0 }, ...parts },
      },
    }));
  });
  const grouped = pass === 'groups' || pass === 'values';
  return buildStatement(grouped ? asks.slice(0, 2) : asks, grouped ? null : 'r').sql;
};

let folder: string;
let session: Session;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'statements-'));
  session = await openSession({ memoryMb: 256, threads: 1, tempFolder: folder, signal: new AbortController().signal });
  await session.run(`CREATE TABLE r (${COLUMNS.map(([type], i) => `c${i} ${type}`).join(', ')})`, 'preparing');
});
afterAll(async () => {
  await session.close();
  await rm(folder, { recursive: true, force: true });
});

describe('the SQL of the measures', () => {
  for (const pass of ['scan', 'refine', 'groups', 'values'] as const) {
    it(`stays as it is and can be bound: ${pass}`, async () => {
      const sql = statementOf(pass);
      await expect(`${sql}\n`).toMatchFileSnapshot(`../../../test/golden/profile-${pass}.sql`);
      await session.run(groupStatement('g', columnOf('VARCHAR', 6), 'r'), 'grouping');
      await session.run('CREATE OR REPLACE TEMP VIEW d AS FROM g', 'grouping');
      await session.query(`EXPLAIN ${sql}`, 'binding');
    });
  }

  it('can be bound for every kind of column, grouped and as a part', async () => {
    for (const [i, [type]] of COLUMNS.entries())
      await session.run(`EXPLAIN ${groupStatement('g', columnOf(type, i), 'r')}`, type);
  });

  it('answers for a table of every kind of column, empty and with rows, leaving nothing unknown', async () => {
    const relation = {
      name: 'r',
      columns: COLUMNS.map(([type], i) => columnOf(type, i)),
      warnings: [],
      rejectedRows: 0,
    };
    const unknown = async (): Promise<unknown[]> => {
      const part = await measureRelation(session, relation, { key: 'all', whole: true });
      return part.columns.flatMap(({ column, measures }) =>
        Object.entries(measures).flatMap(([name, value]) =>
          'unknown' in (value as object) ? [[column.duckdbType, name, value]] : [],
        ),
      );
    };
    expect(await unknown()).toEqual([]);
    await session.run(
      `INSERT INTO r VALUES (1, 170141183460469231731687303715884105727, 2, 1.5, 1.5, 1.5, 'a', true, '2024-01-01', '2024-01-01', '2024-01-01', '10:00', INTERVAL 1 DAY, uuid(), 'x'::BLOB, [1], {'a': 1}, MAP {'a': 1}, '{"a": 1}', '101')`,
      'filling',
    );
    expect(await unknown()).toEqual([]);
  });

  it('gives the measure that fails as unknown, with the reason, and the others their values', async () => {
    await session.run(
      'CREATE TABLE big AS SELECT unnest([170141183460469231731687303715884105727, 5])::HUGEINT AS c0, 7 AS c1',
      'filling',
    );
    const columns = [columnOf('HUGEINT', 0), columnOf('INTEGER', 1)];
    const part = await measureRelation(
      session,
      { name: 'big', columns, warnings: [], rejectedRows: 0 },
      { key: 'all', whole: true },
    );
    expect(part.columns[0]?.measures).toMatchObject({
      sum: { unknown: expect.stringMatching(/overflow|out of range/i) },
      minmax: { min: '5' },
      distinct: { count: 2 },
    });
    expect(part.columns[1]?.measures).toMatchObject({ sum: { sum: { digits: '14' } } });
  });

  it.each([
    ['DECIMAL(9,0)', '999999999'],
    ['DECIMAL(12,2)', '9999999999.99'],
    ['DECIMAL(9,9)', '0.999999999'],
    ['DECIMAL(18,2)', '9999999999999999.99'],
    ['DECIMAL(18,9)', '999999999.999999999'],
    ['DECIMAL(18,10)', '99999999.9999999999'],
    ['DECIMAL(18,18)', '0.999999999999999999'],
  ])('adds the squares of %s up exactly', async (type, largest) => {
    const texts = [largest, `-${largest}`, largest, largest.replaceAll('9', '1'), `-${largest.replaceAll('9', '4')}`];
    const list = texts.map((text) => `'${text}'::${type}`).join(', ');
    await session.run(`CREATE OR REPLACE TABLE decimals AS SELECT unnest([${list}]) AS c0`, 'filling');
    const relation = { name: 'decimals', columns: [columnOf(type, 0)], warnings: [], rejectedRows: 0 };
    const part = await measureRelation(session, relation, { key: 'all', whole: true });
    const found = part.columns[0]?.measures.squares as { squares: ExactJson } | undefined;
    const total = texts.map((text) => BigInt(text.replace('.', ''))).reduce((sum, x) => sum + x * x, 0n);
    const expected = fromInteger(total, 0, -2 * columnOf(type, 0).scale);
    expect(found && toExactJson(add(fromExactJson(found.squares), negate(expected)))).toEqual(toExactJson(ZERO));
  });

  it('hashes as published', async () => {
    expect(await session.query(`SELECT printf('%X', ${HASH("'a'")})`, 'hashing')).toEqual([['61267769E299C331']]);
  });
});
