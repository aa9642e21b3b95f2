import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TablePart } from '../part.ts';
import type { MeasureOptions } from './measure-work.ts';
import { profileRead } from './profile-read.ts';

const ROWS = 20_000;
const SAMPLING = { smallRows: 1_000, sampleRows: 2_000, groupedValues: 500, sampledValues: 3_000 };

/** Columns that do not repeat, of every kind, with what a sample of one row in eight is unlikely to know of. */
const SELECT = `SELECT i AS id, (i * 3 - 1000)::INTEGER AS negative, i::UBIGINT + 18000000000000000000 AS unsigned,
  (CASE WHEN i = 777 THEN 9000000000000000000 ELSE i * 3 END)::BIGINT AS beyond, CASE WHEN i = 777 THEN 900000 ELSE i END AS beside,
  i * 9000000000 AS wide, i * 9000000000000 + 1 AS wider,
  CASE WHEN i = 777 THEN '170141183460469231731687303715884105727'::HUGEINT ELSE i * 7 END AS huge,
  (i * 1.25)::DECIMAL(38,4) AS long, ((hash(i) % 100000000) / 100)::DECIMAL(12,2) AS amount, ((hash(i) % 100000000) / 100)::DECIMAL(18,9) AS fine,
  CASE i % 1000 WHEN 0 THEN 'nan'::DOUBLE WHEN 1 THEN 'inf'::DOUBLE WHEN 2 THEN '-inf'::DOUBLE WHEN 3 THEN -0.0::DOUBLE
    ELSE (hash(i) % 10000000) / 997.0 - 5000 END AS odd,
  CASE WHEN i = 777 THEN 1e300 ELSE i * 0.1 END AS squared, ((hash(i) % 1000000) / 997.0)::FLOAT AS single, i * 1e-9 AS small,
  CASE WHEN i % 3 = 0 THEN 'inf'::DOUBLE ELSE 'nan'::DOUBLE END AS infinite, NULL::INTEGER AS none, CASE WHEN i % 9999 = 0 THEN i END AS rare,
  CASE WHEN i % 3 > 0 THEN i END AS some, DATE '0001-03-01' - i::INTEGER AS before, TIMESTAMP '2020-01-01' + INTERVAL 37 SECOND * i AS at,
  (TIMESTAMP '2020-01-01' + INTERVAL 37 SECOND * i)::TIMESTAMPTZ AS zoned, TIME '00:00:00' + INTERVAL 1 SECOND * i AS clock,
  INTERVAL 1 SECOND * i AS lasting, md5(i::VARCHAR)::UUID AS uuid, encode('b' || i) AS bytes, [i, i + 1] AS list, {'a': i} AS struct,
  md5(i::VARCHAR) AS token,
  CASE WHEN i % 5 = 0 THEN NULL WHEN i % 7 = 0 THEN ' ' WHEN i % 11 = 0 THEN '' ELSE 'Note ' || i END AS note,
  'É' || i || chr(0) AS zero, 'Word ' || i || chr(9) AS tabbed, CASE WHEN i = 777 THEN 'x ' ELSE 'w' || i END AS blank_at_last,
  CASE WHEN i = 777 THEN 'é' ELSE 'w' || i END AS not_ascii, CASE WHEN hash(i) % 10 < 9 THEN 'often' ELSE 'Seldom ' || i END AS often,
  'word ' || (hash(i) % 8000) AS word
FROM range(${ROWS}) r(i)`;

let folder: string;
let path: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'together-'));
  path = join(folder, 't.parquet');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`COPY (${SELECT}) TO '${path}'`);
  connection.closeSync();
  instance.closeSync();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Without memory nothing is listed, and all is asked apart. */
async function measure(memoryMb: number, asked: Partial<MeasureOptions> = {}): Promise<Record<string, unknown>> {
  const part: TablePart = await profileRead(
    { kind: 'relation', spec: { kind: 'parquet', paths: [path] } },
    { memoryMb, threads: 2, tempFolder: folder, signal: new AbortController().signal },
    { key: 'all', whole: true, sampling: SAMPLING, ...asked },
  );
  return Object.fromEntries(part.columns.map(({ column, measures }) => [column.name, measures]));
}

describe('a column that is measured in one pass', () => {
  it.each<[string, Partial<MeasureOptions>]>([
    ['a table', {}],
    ['a part', { whole: false }],
    ['fewer measures', { without: ['histogram', 'minmax', 'distinct', 'valueset'] }],
    ['no sums', { without: ['sum', 'squares', 'top'] }],
  ])('has the figures of what is asked apart: %s', async (_, asked) => {
    expect(await measure(256, asked)).toEqual(await measure(0, asked));
  });

  it('has the exact figures of all rows', async () => {
    const [together, apart] = [await measure(256), await measure(256, { distinct: 'exact' })];
    for (const [name, measures] of Object.entries(together))
      for (const key of ['counts', 'minmax', 'sum', 'lengths', 'squares', 'histogram'])
        expect({ [name]: (measures as Record<string, unknown>)[key] }).toEqual({
          [name]: (apart[name] as Record<string, unknown>)[key],
        });
  });
});
