import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { FakeSource } from '../../test/support/fake-connector.ts';
import { type JobBench, startAnew } from '../../test/support/run-job.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import { getEntity } from '../store/entities.ts';
import { removeEntityBatch } from '../store/removal.ts';

/** A table that looks as it did is not compared again; whatever else touched it must make the next ingest look. */
const SOURCE = '65f000000000000000000001';

let database: TestDatabase;
let source: FakeSource;
let bench: JobBench;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  ({ source, bench } = await startAnew(database));
  await bench.addSource(SOURCE, 's');
  source.table('public', 'a', ['x', 'y']).table('public', 'b', ['z']);
});

const ingest = (body: Record<string, unknown> = {}) => bench.run('METADATA_INGEST', { resourceId: SOURCE, ...body });
const reingest = (...scope: string[]) => bench.run('METADATA_REINGEST', { scope });
const idOf = async (fqdn: string): Promise<string> =>
  (await database.db.selectFrom('entity').select('id').where('fqdn', '=', fqdn).executeTakeFirstOrThrow()).id;
const remembered = async (): Promise<string[]> =>
  (
    await database.db.selectFrom('entity').select('name').where('fingerprint', 'is not', null).orderBy('name').execute()
  ).map((row) => row.name);
const stored = async (): Promise<string[]> =>
  (await database.db.selectFrom('entity').select(['fqdn', 'metadata']).orderBy('fqdn').execute()).map(
    (row) => `${row.fqdn} ${JSON.stringify(row.metadata)}`,
  );
/** What a catalog that never saw the source before would hold. */
async function fresh(): Promise<string[]> {
  await database.pool.query('DELETE FROM entity; DELETE FROM scan');
  await ingest();
  return stored();
}

test('a first listing remembers its tables, and one that changed is the only one compared', async () => {
  await ingest();
  expect(await remembered()).toEqual(['a', 'b']);
  source.remove(['public', 'a', 'y']);
  const job = await ingest();
  expect(job.effects).toMatchObject({ deleted: { columns: 1 }, unchanged: { schemas: 1, tables: 2, columns: 2 } });
  expect(await remembered()).toEqual(['a', 'b']);
  expect((await ingest()).effects).toMatchObject({ deleted: {}, unchanged: { schemas: 1, tables: 2, columns: 2 } });
  expect(await stored()).toEqual(await fresh());
});

test('a table dropped from among unchanged ones goes', async () => {
  await ingest();
  source.remove(['public', 'b']);
  expect((await ingest()).effects).toMatchObject({ deleted: { tables: 1, columns: 1 }, unchanged: { tables: 1 } });
});

test('a re-ingest of one column that found it changed, after which the source changed back', async () => {
  await ingest();
  source.put('COLUMN', ['public', 'a', 'x'], { column: { typeName: 'int' } });
  const job = await reingest(await idOf('s/public/a/x'));
  expect(job).toMatchObject({ status: 'COMPLETED', effects: { changed: { columns: 1 } } });
  source.put('COLUMN', ['public', 'a', 'x'], { column: { typeName: 'text' } });
  expect((await ingest()).effects).toMatchObject({ changed: { columns: 1 } });
});

test('a listing that broke proves nothing, so what it showed is not remembered', async () => {
  await ingest();
  source.remove(['public', 'a', 'y']);
  source.failAt = [['public', 'a']];
  expect((await ingest()).status).toBe('FAILED');
  expect(await remembered()).toEqual(['b']);
  source.failAt = [];
  expect((await ingest()).effects).toMatchObject({ deleted: { columns: 1 } });
  expect(await stored()).toEqual(await fresh());
});

test('a view of which nothing is proved leaves what is known of the tables beside it', async () => {
  source.table('public', 'v', [], 'VIEW');
  source.doubtAt = [['public', 'v']];
  await ingest();
  expect(await remembered()).toEqual(['a', 'b']);
  source.remove(['public', 'a', 'y']);
  expect((await ingest()).effects).toMatchObject({ deleted: { columns: 1 }, unchanged: { views: 1 } });
  expect(await remembered()).toEqual(['a', 'b']);
});

test('a removal that stopped between the columns of a table', async () => {
  await ingest();
  await database.db.transaction().execute(async (trx) => {
    await removeEntityBatch(trx, { id: SOURCE, fqdnId: 's' }, undefined, 3);
  });
  expect(await remembered()).toEqual([]);
  expect((await ingest()).effects).toMatchObject({ created: { tables: 1, columns: 2 }, unchanged: { columns: 1 } });
});

test('figures that moved by more than a tenth are stored though the table looks the same', async () => {
  await ingest();
  source.put('TABLE', ['public', 'a'], { table: { remarks: '' }, stats: { rows: 150 } });
  expect((await ingest()).effects).toMatchObject({ changed: { tables: 1 }, unchanged: { tables: 1, columns: 3 } });
  expect((await ingest()).effects).toMatchObject({ changed: {}, unchanged: { tables: 2 } });
});

test('a catalog changed while the source was listed is not overwritten: the source is listed again', async () => {
  await ingest();
  let touched = 0;
  source.onBatch = async () => {
    if (touched++ > 0) return;
    await sql`UPDATE entity SET fingerprint = NULL WHERE name = 'a'`.execute(database.db);
  };
  const job = await ingest();
  expect(touched).toBeGreaterThan(5);
  expect(job).toMatchObject({ status: 'COMPLETED', effects: { unchanged: { tables: 2, columns: 3 } } });
  expect(await remembered()).toEqual(['a', 'b']);
});

test('a source that lists columns away from their tables is compared in full', async () => {
  await ingest();
  const [x, y] = [['public', 'a', 'x'] as const, ['public', 'a', 'y'] as const];
  const connector = source.connector();
  source.connector = () => ({
    ...connector,
    async connect(config, context) {
      const connection = await connector.connect(config, context);
      return Object.assign(Object.create(connection), {
        listUnits: () => connection.listUnits(),
        info: () => connection.info(),
        close: () => connection.close(),
        async *introspect() {
          const table = (name: string) => source.objects.get(JSON.stringify(['public', name]))!;
          const metadata = { column: { typeName: 'text' } };
          yield { kind: 'objects', objects: [source.objects.get(JSON.stringify(['public']))!, table('a')] };
          yield { kind: 'objects', objects: [{ type: 'COLUMN', path: x, metadata }, table('b')] };
          yield { kind: 'objects', objects: [{ type: 'COLUMN', path: ['public', 'b', 'z'], metadata }] };
          yield { kind: 'objects', objects: [{ type: 'COLUMN', path: y, metadata }] };
          yield { kind: 'complete', path: ['public'] };
        },
      });
    },
  });
  expect((await ingest()).effects).toMatchObject({ created: {}, deleted: {}, unchanged: { tables: 2 } });
  expect(await remembered()).toEqual([]);
});

test('scannedAt is the same for everything below, whether it was written for each or for all', async () => {
  await ingest();
  const rows = () => sql<{ n: number }>`SELECT count(*) AS n FROM scan`.execute(database.db);
  expect((await rows()).rows).toEqual([{ n: 1 }]);
  const { rows: before } = await sql<{ at: Date }>`SELECT scanned_at AS at FROM scan`.execute(database.db);
  // `b` is hidden: what is said of it stays as it was, though the schema above it was listed again.
  await ingest({ excludePatterns: ['public/b'] });
  const { rows: now } = await sql<{ name: string; at: Date; below: boolean }>`
    SELECT e.name, s.scanned_at AS at, s.below FROM scan s JOIN entity e ON e.id = s.container_id ORDER BY e.name`.execute(
    database.db,
  );
  expect(now.map(({ name, below }) => [name, below])).toEqual([
    ['a', false],
    ['b', false],
    ['public', false],
  ]);
  const isOld = now.map(({ at }) => at.getTime() === before[0]?.at.getTime());
  expect(isOld).toEqual([false, true, false]);
  const scannedAt = async (fqdn: string) => (await getEntity(database.db, await idOf(fqdn))).scannedAt;
  expect(await scannedAt('s/public/b/z')).toEqual(before[0]?.at);
  await ingest();
  expect(await scannedAt('s/public/b/z')).toEqual(await scannedAt('s/public'));
});
