import { tmpdir } from 'node:os';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { awaitState } from '../../test/support/await-state.ts';
import { FakeSource } from '../../test/support/fake-connector.ts';
import { JobBench } from '../../test/support/run-job.ts';
import { findSearchDrift } from '../../test/support/search-drift.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import { AssayError } from '../errors/assay-error.ts';
import { insertDataSource } from '../store/data-sources.ts';
import { foldSearchChanges } from '../store/search/fold-changes.ts';
import { EarlyLoad } from './early-load.ts';
import { harvest, mergeHarvest } from './harvest.ts';
import { toPlace } from './object-path.ts';
import { selectAll } from './selection.ts';
import { Spool } from './spool.ts';

/** The first listing of a schema is copied while it is read; whatever becomes of it, that must not show. */
const SOURCE = '65f000000000000000000001';

let database: TestDatabase;
let source: FakeSource;
let bench: JobBench;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(begin);

async function begin(): Promise<void> {
  await database.pool.query('DELETE FROM job; DELETE FROM entity; DELETE FROM scan; DELETE FROM data_source');
  source = new FakeSource();
  bench = new JobBench(database.db, () => source.connector());
  const config = { host: 'h', databaseName: 'd', userName: 'u' };
  const row = { id: SOURCE, resourceName: 's', fqdnId: 's', databaseType: 'POSTGRES', config, secrets: {} };
  await insertDataSource(database.db, { ...row, createdBy: null });
}

const ingest = () => bench.run('METADATA_INGEST', { resourceId: SOURCE });
const stored = async (): Promise<string[]> =>
  (await database.db.selectFrom('entity').select(['type', 'fqdn']).where('type', '<>', 'RESOURCE').execute())
    .map((row) => `${row.type} ${row.fqdn.slice(1)}`)
    .sort();
const shown = (): string[] => [...source.objects.values()].map(({ type, path }) => `${type} ${toPlace(path)}`).sort();
/** Whether the catalog takes the schema, or the place in it that broke, to be listed whole. */
const proven = async (place: string): Promise<unknown[]> =>
  (
    await database.pool.query(
      `SELECT e.fqdn FROM entity e LEFT JOIN scan s ON s.container_id = e.id
       WHERE (e.type = 'SCHEMA' AND starts_with($1 || '/', e.fqdn || '/') AND s.below)
         OR (e.fqdn = $1 AND e.fingerprint IS NOT NULL)`,
      [`s${place}`],
    )
  ).rows;
/** Sessions of this database that do so. */
const sessions = async (condition: string): Promise<number> =>
  (
    await database.pool.query(
      `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND ${condition}`,
    )
  ).rows[0].n;
const copying = (): Promise<number> => sessions(`state = 'active' AND query LIKE 'COPY entity %'`);

test('rows are on their way into the catalog while the source is still listed', async () => {
  source.table('public', 'a', ['x', 'y']).table('public', 'b', ['z']);
  let seen = 0;
  source.onBatch = async () => {
    seen = await awaitState('a copy', copying, (n) => n > 0);
  };
  expect(await ingest()).toMatchObject({
    status: 'COMPLETED',
    effects: { created: { schemas: 1, tables: 2, columns: 3 } },
  });
  expect(seen).toBe(1);
  expect(await stored()).toEqual(shown());
  const scans = await database.db.selectFrom('scan').select('below').execute();
  expect(scans).toEqual([{ below: true }]);
  source.onBatch = async () => expect(await copying()).toBe(0);
  expect((await ingest()).effects).toMatchObject({ created: {}, unchanged: { schemas: 1, tables: 2, columns: 3 } });
});

test('a job that is cancelled, or whose source breaks off, leaves nothing behind and no transaction open', async () => {
  source.table('public', 'a', ['x', 'y']).table('public', 'b', ['z']);
  const job = await bench.accept('METADATA_INGEST', { resourceId: SOURCE });
  const cancel = new AbortController();
  source.onBatch = async () => {
    await awaitState('a copy', copying, (n) => n > 0);
    cancel.abort(new AssayError('CANCELLED', 'cancelled by the test'));
  };
  // The plan is a task of its own.
  await bench.work(cancel.signal);
  expect((await bench.get(job.id)).status).toBe('FAILED');
  expect(await stored()).toEqual([]);
  source.onBatch = undefined;
  source.throwAfter = 3;
  source.error = new AssayError('SOURCE_LOST', 'the connection broke');
  expect((await ingest()).status).toBe('FAILED');
  expect(await stored()).toEqual([]);
  expect(await sessions(`state LIKE 'idle in transaction%'`)).toBe(0);
});

test('a slow listing is given up in the catalog, and kept in its file', async () => {
  source.table('public', 'a', ['x', 'y']);
  await ingest();
  await database.pool.query(`DELETE FROM entity WHERE type <> 'RESOURCE'`);
  const { id } = await database.db.selectFrom('entity').select('id').executeTakeFirstOrThrow();
  const place = { jobId: 'j', source: { id: SOURCE, fqdnId: 's' }, rootId: id, units: ['/public'] };
  const early = new EarlyLoad(database.db, place, 1);
  source.onBatch = async () => {
    await awaitState(
      'no transaction',
      () => sessions(`xact_start IS NOT NULL AND pid <> pg_backend_pid()`),
      (n) => n === 0,
    );
  };
  const { signal } = new AbortController();
  const connection = await source.connector().connect({} as never, {} as never);
  const done = await harvest(connection, {
    ...{ units: [{ path: ['public'], type: 'SCHEMA' }], selection: selectAll, signal, tempFolder: tmpdir() },
    ...{ fqdnId: 's', onSpool: (spool) => early.follow(spool), onProgress: () => {} },
  });
  expect(await early.finish(done)).toBeUndefined();
  expect(await stored()).toEqual([]);
  const merged = await database.db
    .transaction()
    .execute((trx) =>
      mergeHarvest(trx, done, { ...place, shape: 'database', ownsRoot: false, targetIds: [] }, selectAll),
    );
  await done.spool.remove();
  expect(merged.created).toEqual({ schemas: 1, tables: 1, columns: 2 });
  expect(await stored()).toEqual(shown());
});

const name = fc.constantFrom('a', 'b', 'A', 'c/d', 'tab\there', 'back\\slash', 'é', 'nul\u0000', 'nul\ufffd');
const table = fc.record({ schema: fc.constantFrom('p', 'q/r'), name, columns: fc.uniqueArray(name, { maxLength: 3 }) });

test('wherever the first listing breaks, it keeps what it proved; the next whole one brings everything', async () => {
  const broken = { failed: 0, whole: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(table, { minLength: 1, maxLength: 6 }), fc.nat(12), async (tables, breaking) => {
      await begin();
      for (const { schema, name: given, columns } of tables) source.table(schema, given, columns);
      const places = source.containers();
      const at = places[breaking];
      source.failAt = at ? [at] : [];
      const first = await ingest();
      expect(first.status).toBe(at ? 'FAILED' : 'COMPLETED');
      broken[at ? 'failed' : 'whole']++;
      for (const place of await stored()) expect(shown()).toContain(place);
      if (at) expect(await proven(toPlace(at))).toEqual([]);
      expect(await sessions(`state LIKE 'idle in transaction%'`)).toBe(0);
      source.failAt = [];
      expect((await ingest()).status).toBe('COMPLETED');
      // Two names that are stored as the same one make one entity.
      expect(await stored()).toEqual([...new Set(shown())]);
      await foldSearchChanges(database.db);
      expect(await findSearchDrift(database.db)).toEqual([]);
    }),
    { numRuns: 25 },
  );
  expect(broken.failed).toBeGreaterThan(3);
  expect(broken.whole).toBeGreaterThan(3);
});

async function gather(parts: AsyncIterable<string>): Promise<string> {
  let whole = '';
  for await (const part of parts) whole += part;
  return whole;
}

test('who follows a listing gets its very lines, whatever they are cut into', async () => {
  const object = fc.record({ path: fc.tuple(fc.constant('p'), name), size: fc.constantFrom(1, 100_000, 700_000) });
  await fc.assert(
    fc.asyncProperty(fc.array(object, { maxLength: 8 }), async (objects) => {
      const spool = new Spool(tmpdir());
      const following = gather(spool.follow(new AbortController().signal));
      for (const { path, size } of objects)
        await spool.add({ type: 'TABLE', path, metadata: { remarks: 'ü'.repeat(size) } }, true);
      await spool.finish();
      expect(await following).toBe(await gather((await spool.read()).setEncoding('utf8')));
      await spool.remove();
    }),
    { numRuns: 15 },
  );
});
