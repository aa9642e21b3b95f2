import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeDuckDb } from '../../../test/support/duckdb-files.ts';
import { JobBench } from '../../../test/support/run-job.ts';
import { createTestApi, type TestApi } from '../../../test/support/test-api.ts';
import { foldParts } from '../../profile/fold.ts';
import { toTableBody } from '../../profile/shape.ts';
import { insertDataSource } from '../../store/data-sources.ts';
import { findProfile, listColumnProfiles } from '../../store/read-profiles.ts';
import { toProfileResource } from './profile.ts';
import { columnProfile, tableProfile } from './profile-schema.ts';

/** Profiles of every kind of column, as they are made, against the schema that clients are made from. */
const SOURCE = '65f0000000000000000005a1';
let api: TestApi;
let bench: JobBench;
let folder: string;
beforeAll(async () => {
  api = await createTestApi();
  folder = await mkdtemp(join(tmpdir(), 'assay-typed-'));
  bench = new JobBench(api.db, undefined, [folder], api.secrets);
  await writeDuckDb(':memory:', [
    `COPY (SELECT i AS id, (i / 7)::DECIMAL(12,3) AS amount, CASE i % 50 WHEN 0 THEN 'NaN' WHEN 1 THEN 'inf' ELSE (i / 3)::VARCHAR END::DOUBLE AS ratio,
        CASE WHEN i % 9 > 0 THEN 'Name ' || i % 40 END AS name, CASE WHEN i % 2 = 0 THEN '03/04/2025' ELSE 'N/A' END AS day_text, i % 2 = 0 AS flag,
        DATE '2024-01-01' + (i % 300)::INTEGER AS day, TIME '10:00:00' + INTERVAL (i) SECOND AS at_time, TIMESTAMP '2024-01-01' + INTERVAL (i) MINUTE AS seen,
        TIMESTAMPTZ '2024-01-01 00:00:00+00' + INTERVAL (i) HOUR AS instant, INTERVAL (i) DAY AS span, md5(i::VARCHAR)::UUID AS uid,
        encode('b' || i) AS bytes, {'city': 'c' || i % 5, 'tags': [i % 3, NULL]} AS nested, MAP {'k': i} AS attrs,
        '{"a": ' || i || ', "b": [1, "x"]}' AS json_text, NULL::INTEGER AS nothing, i::BIT AS odd
      FROM range(4000) t(i)) TO '${join(folder, 'all.parquet')}' (FORMAT parquet)`,
    `COPY (SELECT 1 AS a WHERE false) TO '${join(folder, 'none.parquet')}' (FORMAT parquet)`,
  ]);
  await writeFile(join(folder, 'ragged.csv'), 'id,name\n1,Ann\n2,Bob\n3,Cleo,too,many\n');
  const row = { id: SOURCE, resourceName: 'typed', fqdnId: 'typed', databaseType: 'FS', config: { path: folder } };
  await insertDataSource(api.db, { ...row, secrets: {}, createdBy: null });
  expect((await bench.run('METADATA_INGEST', { resourceId: SOURCE })).status).toBe('COMPLETED');
}, 60_000);
afterAll(async () => {
  await api.drop();
  await rm(folder, { recursive: true, force: true });
});

it.each([
  ['all rows', {}],
  ['a sample', { nthValue: 3 }],
  ['a condition', { whereClause: 'true' }],
  ['figures that were switched off', { without: ['top', 'patterns', 'distinct', 'minmax', 'valueset'] }],
  ['parts', { partitionPredicates: ['true', 'false'] }],
])(
  'of %s hold what the schema says, and nothing besides',
  async (_what, configs) => {
    const { rows } = await api.pool.query(
      `SELECT id, name FROM entity WHERE source_id = $1 AND type = 'FILE' ORDER BY name`,
      [SOURCE],
    );
    const { token } = await api.signUp('data_steward');
    const kinds = new Set<string>();
    for (const { id, name } of rows) {
      const job = await bench.run('DATA_PROFILE', { scope: [id], configs });
      expect([name, job.status, job.message]).toEqual([name, 'COMPLETED', expect.any(String)]);
      const table = await findProfile(api.db, id);
      const columns = await listColumnProfiles(api.db, id);
      for (const samples of [true, false]) {
        // What the schema does not know would be left out of the answer in silence.
        const shown = JSON.parse(JSON.stringify(toProfileResource(table!, false, samples)));
        expect(tableProfile.parse(shown)).toEqual(shown);
        for (const column of columns) {
          const one = JSON.parse(JSON.stringify(toProfileResource(column, true, samples)));
          expect(columnProfile.parse(one)).toEqual(one);
          kinds.add(one.kind);
        }
      }
      const answer = await api.call('GET', `/entities/${id}/profile`, { token });
      expect([name, answer.statusCode]).toEqual([name, 200]);
      expect(answer.json().data.columns).toHaveLength(columns.length);
      expect(answer.json().data.bytes).toEqual({ value: expect.any(Number), basis: 'estimate' });
      expect(
        (await api.call('GET', `/entities/${columns[0]!.entityId}/profile`, { token })).json().data,
      ).toHaveProperty('kind');
    }
    for (const kind of 'integer decimal float text boolean date time timestamp uuid blob nested'.split(' '))
      expect([...kinds]).toContain(kind);
  },
  60_000,
);

it('says of a source that does not tell sizes that they are not known', () => {
  const empty = {
    version: 1,
    key: 'all',
    rows: 0,
    whole: true,
    limited: false,
    columns: [],
    warnings: [],
    rejectedRows: 0,
  } as const;
  const profile = foldParts([{ ...empty, columns: [], warnings: [] }]);
  expect(toTableBody(profile, null).bytes).toEqual({ unknown: expect.stringMatching(/does not say/) });
});
