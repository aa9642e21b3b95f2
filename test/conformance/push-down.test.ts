import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Connection, GroupAsk, ObjectPath } from '../../src/connectors/connector.ts';
import { loadConnector } from '../../src/connectors/openers.ts';
import { profileRead } from '../../src/profile/duckdb/profile-read.ts';
import { divideToDouble, fromExactJson } from '../../src/profile/exact-number.ts';
import { foldParts } from '../../src/profile/fold.ts';
import type { DistinctPart } from '../../src/profile/measures/distinct.ts';
import type { SquaresPart } from '../../src/profile/measures/squares.ts';
import type { TablePart } from '../../src/profile/part.ts';
import { decideGroups, NOT_PUSHED, toTablePart } from '../../src/profile/push-down.ts';
import { SWITCHED_OFF } from '../../src/profile/switched-off.ts';
import { openDuckDbForTests } from '../support/duckdb-files.ts';
import { CASES_ELSEWHERE, CASES_HERE, type ConformanceSource } from './connector-sources.ts';
import { PUSH_DOWN_TABLES } from './push-down-tables.ts';

/** What a source computes itself is what streaming its rows gives, byte for byte. */

const signal = new AbortController().signal;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'push-down-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function streamed(connection: Connection, path: ObjectPath, where?: string): Promise<TablePart> {
  const read = await connection.read({ type: 'TABLE', path, signal, ...(where === undefined ? {} : { where }) });
  return profileRead(read, { memoryMb: 512, threads: 2, tempFolder: folder, signal }, { key: 'all', whole: true });
}

async function pushed(connection: Connection, path: ObjectPath, where?: string): Promise<TablePart> {
  const request = {
    type: 'TABLE' as const,
    path,
    timeoutMs: 60_000,
    signal,
    ...(where === undefined ? {} : { where }),
  };
  const table = await connection.pushDown?.(request, (scan) => decideGroups(scan));
  if (!table) throw new Error('this source has no push-down');
  return toTablePart(table);
}

/** `c.measure` → JSON, without what the source leaves to streaming; of that only the reason may differ from a measure. */
function figures(part: TablePart, leftOut: ReadonlySet<string>): Record<string, string> {
  return Object.fromEntries(
    part.columns.flatMap(({ column, measures }) =>
      Object.entries(measures)
        .map(([name, value]) => [`${column.name}.${name}`, JSON.stringify(value)] as const)
        .filter(([key]) => !leftOut.has(key) && PUSHED.some((name) => key.endsWith(`.${name}`))),
    ),
  );
}

/** The measures that a source computes. The others are made here, of the values themselves. */
const PUSHED = ['counts', 'minmax', 'sum', 'lengths', 'squares', 'histogram', 'quantiles', 'distinct', 'top'];

const notPushed = (part: TablePart): string[] =>
  part.columns.flatMap(({ column, measures }) =>
    Object.entries(measures)
      .filter(([name, value]) => PUSHED.includes(name) && JSON.stringify(value).includes(NOT_PUSHED))
      .map(([name]) => `${column.name}.${name}`),
  );

function squaresOf(part: TablePart, key: string): number {
  const found = part.columns.find(({ column }) => key === `${column.name}.squares`)?.measures.squares;
  if (!found) throw new Error(`nothing was measured as ${key}`);
  return divideToDouble(fromExactJson((found as SquaresPart).squares));
}

it.skip.each(CASES_ELSEWHERE)('%s', () => {});

describe.each(CASES_HERE.filter(({ databaseType }) => PUSH_DOWN_TABLES[databaseType] !== undefined))(
  'push-down in $databaseType',
  ({ databaseType, open }) => {
    let source: ConformanceSource;
    let connection: Connection;
    beforeAll(async () => {
      source = await open();
      await PUSH_DOWN_TABLES[databaseType]?.make(source);
      connection = await (await loadConnector(databaseType)).connect(source.config, {
        signal,
        applicationName: 'assay push-down',
        fileRoots: source.fileRoots,
        protectedPaths: [],
        connectTimeoutMs: 5_000,
        openDuckDb: openDuckDbForTests,
      });
    });
    afterAll(async () => {
      await connection?.close();
      await source?.drop();
    });

    const tables = PUSH_DOWN_TABLES[databaseType]?.tables ?? [];
    it.each(tables)('gives what streaming gives: $name', async ({ name, left = [], rounded = [] }) => {
      const path = [source.people.path[0] ?? '', name];
      const [here, there] = [await streamed(connection, path), await pushed(connection, path)];
      expect(notPushed(there).sort()).toEqual([...left].sort());
      const leftOut = new Set([...left, ...rounded]);
      expect(there.rows).toBe(here.rows);
      expect(there.columns.map(({ column }) => column)).toEqual(here.columns.map(({ column }) => column));
      expect(figures(there, leftOut)).toEqual(figures(here, leftOut));
      for (const key of rounded) expect(squaresOf(there, key) / squaresOf(here, key)).toBeCloseTo(1, 13);
      expect(foldParts([there]).basis).toMatchObject({ kind: 'all rows', computed: 'in the source' });
    });

    it('measures the rows of a condition, and refuses what is none', async () => {
      const path = source.people.path;
      const none = new Set<string>();
      expect(figures(await pushed(connection, path, 'id < 4 -- few'), none)).toEqual(
        figures(await streamed(connection, path, 'id < 4 -- few'), none),
      );
      await expect(pushed(connection, path, 'id < 4) OR (1=1')).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    });

    it('stops the statement in the source when it is called off or takes too long', async () => {
      const { path, slow } = PUSH_DOWN_TABLES[databaseType]?.endless?.(source) ?? {};
      if (!path || !slow) return;
      const request = { type: 'TABLE' as const, path, where: slow };
      await expect(
        connection.pushDown?.({ ...request, timeoutMs: 200, signal }, (scan) => decideGroups(scan)),
      ).rejects.toMatchObject({
        code: 'SOURCE_TIMEOUT',
      });
      const stop = new AbortController();
      const running = connection.pushDown?.({ ...request, timeoutMs: 60_000, signal: stop.signal }, decideGroups);
      const failed = expect(running).rejects.toMatchObject({ code: 'CANCELLED' });
      await PUSH_DOWN_TABLES[databaseType]?.running?.(source);
      stop.abort();
      await failed;
    });

    it('makes the same counter and histogram without grouping a large table, and says that they are estimates', async () => {
      const ask = { type: 'TABLE' as const, path: source.many.path, timeoutMs: 60_000, signal };
      const table = await connection.pushDown?.(ask, (scan) => decideGroups(scan, { mostGrouped: 10 }));
      if (!table) throw new Error('this source has no push-down');
      const [large, small] = [toTablePart(table), await pushed(connection, source.many.path)];
      const [ours, theirs] = [large.columns[0]?.measures, small.columns[0]?.measures];
      expect(ours).toMatchObject({ histogram: theirs?.histogram, counts: theirs?.counts, squares: theirs?.squares });
      const { counter } = (theirs?.distinct ?? {}) as DistinctPart;
      expect(counter).toMatch(/./);
      expect(ours?.distinct).toMatchObject({ count: null, counter });
      expect(ours?.quantiles).toEqual({ unknown: NOT_PUSHED });
      expect(foldParts([large]).columns[0]?.distinct).toMatchObject({ basis: 'estimate' });
    });

    it('asks the source for no measure that is not wanted', async () => {
      const ask = { type: 'TABLE' as const, path: source.people.path, timeoutMs: 60_000, signal };
      const without = ['distinct', 'top', 'quantiles', 'histogram'] as const;
      const asked: GroupAsk[][] = [];
      const table = await connection.pushDown?.(ask, (scan) => {
        asked.push(decideGroups(scan, { without }));
        return asked[0] ?? [];
      });
      if (!table) throw new Error('this source has no push-down');
      for (const one of asked.flat()) expect(one).toMatchObject({ grouped: false, distinct: false, top: 0, ranks: [] });
      const all = await pushed(connection, source.people.path);
      const off = Object.fromEntries(without.map((name) => [name, { unknown: SWITCHED_OFF }]));
      const part = toTablePart(table, undefined, without);
      part.columns.forEach(({ measures }, i) => {
        const others = all.columns[i]?.measures ?? {};
        const expected = Object.entries(others).map(([name, value]) => [name, off[name] ?? value]);
        expect(measures).toEqual(Object.fromEntries(expected));
      });
    });

    it('leaves a column to streaming whose values its type does not hold', async () => {
      const { misfits } = PUSH_DOWN_TABLES[databaseType] ?? {};
      if (!misfits) return;
      const part = await pushed(connection, [source.people.path[0] ?? '', misfits.name]);
      expect(part.columns.map(({ column }) => column.name)).toEqual(misfits.columns);
      for (const { measures } of part.columns) {
        expect(measures.counts).toMatchObject({ nonNull: 1 });
        expect(measures.distinct).toEqual({
          unknown: expect.stringMatching(/^not computed by push-down: 1 value does not fit/),
        });
      }
    });

    it('says which table is not there', async () => {
      await expect(pushed(connection, source.missing.path)).rejects.toMatchObject({ code: 'SOURCE_NO_OBJECT' });
    });
  },
);
