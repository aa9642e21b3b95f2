import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { awaitState } from '../../../test/support/await-state.ts';
import type { FakeSource } from '../../../test/support/fake-connector.ts';
import { type JobBench, startAnew, testUser } from '../../../test/support/run-job.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts';
import { rerunJob } from '../../engine/rerun-job.ts';
import { removeEntityBatch } from '../../store/removal.ts';
import { claimSource, type RemovalInput } from './accept.ts';

const BANK = '65f000000000000000000001';
const SHOP = '65f000000000000000000002';

let database: TestDatabase;
let source: FakeSource;
let bench: JobBench;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  ({ source, bench } = await startAnew(database));
  await bench.addSource(BANK, 'bank');
  await bench.addSource(SHOP, 'bank-2');
  source.table('public', 'a', ['x', 'y']).table('app', 'b', ['z']);
});

const ingest = (id: string) => bench.run('METADATA_INGEST', { resourceId: id });
const countRows = async (table: string, id: string): Promise<number> => {
  const { rows } = await sql<{
    n: number;
  }>`SELECT count(*) AS n FROM ${sql.table(table)} WHERE source_id = ${id}`.execute(database.db);
  return rows[0]?.n ?? -1;
};

test('removes everything a source brought and nothing of another; the name is free at the end', async () => {
  await ingest(BANK);
  await ingest(SHOP);
  await sql`INSERT INTO entity_attributes (entity_id, source_id) SELECT id, source_id FROM entity`.execute(database.db);
  await sql`INSERT INTO assertion (entity_id, source_id, kind, value, origin) SELECT id, source_id, 'tag', 'x', 'human' FROM entity`.execute(
    database.db,
  );
  await sql`INSERT INTO profile (entity_id, table_id, source_id, job_id, job_seq, basis, body)
    SELECT id, id, source_id, 'j', 1, '{}', '{}' FROM entity`.execute(database.db);
  const job = await bench.run('CLEANUP_DATASOURCE', { id: BANK, fqdnId: 'bank' });
  expect(job).toMatchObject({
    status: 'COMPLETED',
    effects: { deleted: { schemas: 2, tables: 2, columns: 3, 'data sources': 1 } },
  });
  for (const table of ['entity', 'entity_attributes', 'assertion', 'profile', 'scan']) {
    expect([table, await countRows(table, BANK)]).toEqual([table, 0]);
    expect(await countRows(table, SHOP)).toBeGreaterThan(0);
  }
  await bench.addSource(BANK, 'bank');
});

test('id and fqdnId must both be right and agree', async () => {
  const refused = (body: Record<string, unknown>) => expect(bench.accept('CLEANUP_DATASOURCE', body)).rejects;
  await refused({ id: 'x', fqdnId: 'bank' }).toMatchObject({ code: 'MALFORMED_ID' });
  await refused({ id: '0'.repeat(24), fqdnId: 'bank' }).toMatchObject({ code: 'NOT_FOUND' });
  await refused({ id: BANK, fqdnId: 'bank-2' }).toMatchObject({
    code: 'BAD_REQUEST',
    message: expect.stringContaining('has "bank"'),
  });
});

test('from its acceptance no job may start on the source, and what waited is cancelled', async () => {
  const waiting = await bench.accept('METADATA_INGEST', { resourceId: BANK });
  await bench.accept('CLEANUP_DATASOURCE', { id: BANK, fqdnId: 'bank' });
  await expect(bench.accept('METADATA_INGEST', { resourceId: BANK })).rejects.toMatchObject({ code: 'CONFLICT' });
  await expect(bench.accept('CLEANUP_DATASOURCE', { id: BANK, fqdnId: 'bank' })).rejects.toMatchObject({
    code: 'CONFLICT',
  });
  expect((await bench.get(waiting.id)).status).toBe('CANCELLING');
  await bench.sweep();
  await bench.work();
  expect((await bench.get(waiting.id)).status).toBe('CANCELLED');
  expect(await database.db.selectFrom('data_source').select('id').execute()).toEqual([{ id: SHOP }]);
});

test('two removals asked for at once: one is accepted, the other gets 409', async () => {
  const both = await Promise.allSettled(
    [1, 2].map(() => bench.accept('CLEANUP_DATASOURCE', { id: BANK, fqdnId: 'bank' })),
  );
  const refused = both.filter((one) => one.status === 'rejected');
  expect(refused).toEqual([expect.objectContaining({ reason: expect.objectContaining({ code: 'CONFLICT' }) })]);
});

test.each(['plan', 'listing'])('an ingest that the removal runs into during its %s stores nothing', async (phase) => {
  const running = await bench.accept('METADATA_INGEST', { resourceId: BANK });
  const reached = Promise.withResolvers<void>();
  const resume = Promise.withResolvers<void>();
  const hold = async () => {
    reached.resolve();
    await resume.promise;
  };
  if (phase === 'plan') source.onListUnits = hold;
  else source.onBatch = hold;
  const working = bench.work();
  await reached.promise;
  const removal = await bench.accept('CLEANUP_DATASOURCE', { id: BANK, fqdnId: 'bank' });
  resume.resolve();
  await working;
  await expect(bench.accept('METADATA_INGEST', { resourceId: BANK })).rejects.toThrow(/removed|no data source/);
  await bench.sweep();
  await bench.work();
  await awaitState(
    'the removal',
    () => bench.get(removal.id),
    (job) => job.finished_at !== null,
  );
  expect((await bench.get(running.id)).status).not.toBe('COMPLETED');
  expect((await bench.get(removal.id)).status).toBe('COMPLETED');
  expect(await countRows('entity', BANK)).toBe(0);
  expect(await countRows('scan', BANK)).toBe(0);
});

test('whatever is left after any batch is a whole tree, and a cancelled removal leaves the source usable', async () => {
  await ingest(BANK);
  const all = await countRows('entity', BANK);
  for (let left = all; left > 0; left--) {
    await database.db.transaction().execute(async (trx) => {
      await removeEntityBatch(trx, { id: BANK, fqdnId: 'bank' }, undefined, 1);
    });
    const { rows } = await sql<{ n: number }>`
      SELECT count(*) AS n FROM entity e WHERE parent_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM entity p WHERE p.id = e.parent_id)`.execute(
      database.db,
    );
    expect(rows[0]?.n).toBe(0);
    expect(await countRows('entity', BANK)).toBe(left - 1);
  }
  const removal = await bench.accept('CLEANUP_DATASOURCE', { id: BANK, fqdnId: 'bank' });
  await bench.cancel(removal.id);
  expect((await bench.get(removal.id)).status).toBe('CANCELLED');
  expect((await ingest(BANK)).status).toBe('COMPLETED');
});

test('a re-run of a cancelled removal claims its source as the first did', async () => {
  const first = await bench.accept('CLEANUP_DATASOURCE', { id: BANK, fqdnId: 'bank' });
  await bench.cancel(first.id);
  const waiting = await bench.accept('METADATA_INGEST', { resourceId: BANK });
  const again = await rerunJob(database.db, first.id, testUser, (job) => claimSource(job.input as RemovalInput));
  await expect(bench.accept('METADATA_INGEST', { resourceId: BANK })).rejects.toMatchObject({ code: 'CONFLICT' });
  const source = await database.db
    .selectFrom('data_source')
    .select('removal_job_id')
    .where('id', '=', BANK)
    .executeTakeFirst();
  expect(source?.removal_job_id).toBe(again.id);
  expect((await bench.get(waiting.id)).status).toBe('CANCELLING');
});
