import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FakeSource } from '../../test/support/fake-connector.ts';
import { JobBench } from '../../test/support/run-job.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import { insertDataSource } from '../store/data-sources.ts';

const SOURCE = '65f000000000000000000001';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test('a path too long to be kept is left out with a warning, and the rest is kept', async () => {
  const source = new FakeSource();
  source.shape = 'files';
  // Linux takes paths of 4,096 bytes; of chance, since the database packs what repeats itself.
  const deep = Array.from({ length: 17 }, () => randomBytes(100).toString('hex'));
  source
    .file('a.csv')
    .file('top', 'b.csv')
    .file('top', ...deep, 'c.csv');
  const bench = new JobBench(database.db, () => source.connector());
  const row = { id: SOURCE, resourceName: 's', fqdnId: 's', databaseType: 'FS', config: { path: '/x' }, secrets: {} };
  await insertDataSource(database.db, { ...row, createdBy: null });
  const ingest = () => bench.run('METADATA_INGEST', { resourceId: SOURCE });

  const first = await ingest();
  expect(first).toMatchObject({ status: 'COMPLETED', effects: { created: { folders: 14, files: 2 } } });
  const { rows: warnings } = await database.pool.query(
    `SELECT message FROM job_event WHERE job_id = $1 AND level = 'warning'`,
    [first.id],
  );
  expect(warnings).toHaveLength(1);
  expect(warnings[0].message).toMatch(/^the path top\/[0-9a-f/]+… has more than the \d+ bytes that are kept/);
  expect((await ingest()).effects).toMatchObject({ created: {}, deleted: {}, unchanged: { folders: 14, files: 2 } });
});
