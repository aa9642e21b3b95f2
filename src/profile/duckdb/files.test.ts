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
        const figures = [column?.rows, column?.max, column?.sum, column?.distinct].map((one) => knownValue(one));
        expect(figures, `${spec.kind}, run ${run}`).toEqual([200_000, '199999', '19999900000', 200_000]);
        expect(Number(knownValue(column?.quantiles)?.['0.99'])).toBeLessThan(200_000);
      }
  }, 30_000);

  test('a column of a view that cannot be computed is unknown alone', async () => {
    await writeDuckDb(at('view.duckdb'), [
      `CREATE TABLE t AS SELECT i, 'x' || i AS s FROM range(9) r(i)`,
      'CREATE VIEW v AS SELECT i, s::INTEGER AS n FROM t',
    ]);
    const { columns } = await profile({ kind: 'duckdb', path: at('view.duckdb'), schema: 'main', table: 'v' }, 3);
    expect(knownValue(columns[0]?.max)).toBe('2');
    expect(columns[1]?.max).toEqual({ unknown: expect.stringMatching(/Conversion/) });
  });
});
