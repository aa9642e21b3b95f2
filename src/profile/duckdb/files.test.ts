import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeDuckDb } from '../../../test/support/duckdb-files.ts';
import type { RelationSpec } from '../../connectors/connector.ts';
import { knownValue } from '../figure.ts';
import { foldParts } from '../fold.ts';
import type { TableProfile } from '../profile.ts';
import { profileRead } from './profile-read.ts';

let folder: string;
const at = (name: string): string => join(folder, name);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-in-place-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const profile = async (spec: RelationSpec, limit?: number): Promise<TableProfile> => {
  const session = { memoryMb: 256, threads: 2, tempFolder: at('temp'), signal: new AbortController().signal };
  return foldParts([await profileRead({ kind: 'relation', spec }, session, { key: 'all', whole: true, limit })]);
};

describe('a limit on what is measured in place', () => {
  test('all figures are of the same rows, the first ones, each time', async () => {
    await writeDuckDb(at('large.duckdb'), [
      'CREATE TABLE t AS SELECT i FROM range(2000000) r(i)',
      `COPY t TO '${at('large.parquet')}' (FORMAT parquet)`,
    ]);
    const specs: RelationSpec[] = [
      { kind: 'parquet', paths: [at('large.parquet')] },
      { kind: 'duckdb', path: at('large.duckdb'), schema: 'main', table: 't' },
    ];
    for (const spec of specs)
      for (let run = 0; run < 4; run++) {
        const [column] = (await profile(spec, 200_000)).columns;
        if (!column) throw new Error('no column was measured');
        const { rows, max, sum, distinct } = column;
        const figures = [knownValue(rows), knownValue(max), knownValue(sum), knownValue(distinct)];
        expect(figures, `${spec.kind}, run ${run}`).toEqual([200_000, '199999', '19999900000', 200_000]);
        expect(Number(knownValue(column.quantiles)?.['0.99'])).toBeLessThan(200_000);
      }
  }, 180_000);

  test('a column of a view that cannot be computed is unknown alone, for a reason that quotes no row', async () => {
    await writeDuckDb(at('view.duckdb'), [
      `CREATE TABLE t AS SELECT i, 'alice' || i || '@example.com' AS s FROM range(9) r(i)`,
      'CREATE VIEW v AS SELECT i, s::INTEGER AS n FROM t',
      'CREATE VIEW none AS SELECT s::INTEGER AS n FROM t',
    ]);
    const of = (table: string, limit?: number): Promise<TableProfile> =>
      profile({ kind: 'duckdb', path: at('view.duckdb'), schema: 'main', table }, limit);
    for (const limit of [undefined, 3]) {
      const table = await of('v', limit);
      expect(knownValue(table.columns[0]?.max)).toBe(limit === undefined ? '8' : '2');
      expect(table.columns[1]?.max).toEqual({
        unknown: 'measuring: Conversion Error: Could not convert string, to INT32',
      });
      expect(JSON.stringify(table)).not.toMatch(/alice/);
    }
    await expect(of('none')).rejects.toMatchObject({
      code: 'SOURCE_BAD_DATA',
      message: expect.not.stringMatching(/alice/),
    });
  });

  test.each([1_000, 3_000])(
    'of %d rows it takes nothing else with it, neither figures nor drawn rows',
    async (rows) => {
      const name = `unread-${rows}.duckdb`;
      await writeDuckDb(at(name), [
        `CREATE TABLE t AS SELECT i, CASE i WHEN 7 THEN 'x' ELSE i::VARCHAR END AS s, DATE '2000-01-01' + i::INTEGER AS d FROM range(${rows}) r(i)`,
        `CREATE VIEW v AS SELECT i, s::INTEGER AS n, (s || '-01-01')::TIMESTAMP AS bad, d::TIMESTAMP AS day FROM t`,
      ]);
      const session = { memoryMb: 256, threads: 2, tempFolder: at('temp'), signal: new AbortController().signal };
      const spec: RelationSpec = { kind: 'duckdb', path: at(name), schema: 'main', table: 'v' };
      const draw = { seed: 5, wholeRows: true };
      const part = await profileRead({ kind: 'relation', spec }, session, { key: 'all', whole: true, draw });
      const { columns } = foldParts([part]);
      expect(columns.map(({ max }) => knownValue(max))).toEqual([
        String(rows - 1),
        undefined,
        undefined,
        expect.stringMatching(/^200[28]-/),
      ]);
      for (const figure of ['nulls', 'distinct', 'quantiles', 'topValues'] as const)
        expect(columns[1]?.[figure]).toMatchObject({ unknown: expect.any(String) });
      const { drawn } = part;
      expect(drawn?.newest?.cells).toEqual([String(rows - 1), null, null, expect.stringMatching(/^200[28]-/)]);
      const [ids, ...others] = drawn?.columns.map(({ cells }) => cells) ?? [];
      expect(new Set(ids).size).toBe(Math.min(rows, 1_024));
      const days = ids?.map((id) => new Date(Date.UTC(2000, 0, 1 + Number(id))).toISOString().slice(0, 10));
      expect(others.map((cells) => cells.map((cell) => cell?.slice(0, 10) ?? null))).toEqual([
        days?.map(() => null),
        days?.map(() => null),
        days,
      ]);
    },
  );
});
