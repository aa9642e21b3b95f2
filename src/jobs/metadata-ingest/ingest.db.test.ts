import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { FakeSource } from '../../../test/support/fake-connector.ts';
import { type JobBench, startAnew } from '../../../test/support/run-job.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts';
import { AssayError } from '../../errors/assay-error.ts';

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
  await bench.addSource(SOURCE, 'bank');
});

const ingest = (body: Record<string, unknown> = {}) => bench.run('METADATA_INGEST', { resourceId: SOURCE, ...body });
const listFqdns = async (): Promise<string[]> =>
  (await database.db.selectFrom('entity').select(['fqdn', 'type']).orderBy('fqdn').execute()).map(
    (row) => `${row.type} ${row.fqdn}`,
  );
const idOf = async (fqdn: string): Promise<string> =>
  (await database.db.selectFrom('entity').select('id').where('fqdn', '=', fqdn).executeTakeFirstOrThrow()).id;

test('the first ingest stores every object and says so', async () => {
  source
    .table('public', 'customer', ['id', 'email'])
    .table('public', 'v_customer', ['id'], 'VIEW')
    .table('app', 'log', ['at']);
  const job = await ingest();
  expect(job.message).toBe('"bank" has 2 schemas, 2 tables, 1 view, 4 columns.');
  expect(job).toMatchObject({ status: 'COMPLETED', statistics: { total: 2, done: 2, failed: 0, skipped: 0 } });
  expect(job.effects?.created).toEqual({ schemas: 2, tables: 2, views: 1, columns: 4 });
  expect(await listFqdns()).toEqual([
    'RESOURCE bank',
    'SCHEMA bank/app',
    'TABLE bank/app/log',
    'COLUMN bank/app/log/at',
    'SCHEMA bank/public',
    'TABLE bank/public/customer',
    'COLUMN bank/public/customer/email',
    'COLUMN bank/public/customer/id',
    'VIEW bank/public/v_customer',
    'COLUMN bank/public/v_customer/id',
  ]);
  const { rows } = await sql<{
    version: string;
  }>`SELECT DISTINCT substr(id::text, 15, 1) AS version FROM entity`.execute(database.db);
  expect(rows).toEqual([{ version: '7' }]);
});

test('an unchanged re-ingest changes no entity row', async () => {
  source.table('public', 'customer', ['id', 'email']).table('app', 'log', ['at']);
  await ingest();
  const before = await sql`SELECT id, xmin::text, updated_at FROM entity ORDER BY id`.execute(database.db);
  source.put('TABLE', ['public', 'customer'], { table: { remarks: '' }, stats: { rows: 105 } });
  const job = await ingest();
  const after = await sql`SELECT id, xmin::text, updated_at FROM entity ORDER BY id`.execute(database.db);
  expect(after.rows).toEqual(before.rows);
  expect(job.effects).toMatchObject({
    created: {},
    changed: {},
    deleted: {},
    unchanged: { tables: 2, columns: 3, schemas: 2 },
  });
});

test('only what changed is updated: metadata, or figures that moved by more than a tenth', async () => {
  source.table('public', 'a', ['x']).table('public', 'b', ['y']).table('public', 'c', ['z']);
  await ingest();
  source.put('TABLE', ['public', 'a'], { table: { remarks: 'new' }, stats: { rows: 100 } });
  source.put('TABLE', ['public', 'b'], { table: { remarks: '' }, stats: { rows: 150 } });
  const job = await ingest();
  expect(job.effects).toMatchObject({ changed: { tables: 2 }, unchanged: { tables: 1, columns: 3 } });
});

test('what the source no longer has goes, with everything kept about it', async () => {
  source.table('public', 'a', ['x', 'y']).table('public', 'b', ['z']).table('old', 'c', ['q']);
  await ingest();
  const gone = await idOf('bank/public/a');
  await database.db.insertInto('entity_attributes').values({ entity_id: gone, source_id: SOURCE }).execute();
  await database.db
    .insertInto('assertion')
    .values({ entity_id: gone, source_id: SOURCE, kind: 'tag', value: 'pii', origin: 'human' })
    .execute();
  source.remove(['public', 'a']).remove(['old']);
  const job = await ingest();
  expect(job).toMatchObject({ status: 'COMPLETED', effects: { deleted: { tables: 2, columns: 3, schemas: 1 } } });
  expect(job.message).toContain('No longer in the source: old');
  expect(await listFqdns()).toEqual([
    'RESOURCE bank',
    'SCHEMA bank/public',
    'TABLE bank/public/b',
    'COLUMN bank/public/b/z',
  ]);
  for (const table of ['entity_attributes', 'assertion'] as const) {
    expect(await database.db.selectFrom(table).selectAll().execute()).toEqual([]);
  }
  // One for the schema, which says it for all that is below.
  expect(await database.db.selectFrom('scan').select('below').execute()).toEqual([{ below: true }]);
});

test('a table that became a view is a new object, and so are its columns', async () => {
  source.table('public', 'a', ['x']);
  await ingest();
  const before = [await idOf('bank/public/a'), await idOf('bank/public/a/x')];
  source.remove(['public', 'a']).table('public', 'a', ['x'], 'VIEW');
  const job = await ingest();
  expect(job.effects).toMatchObject({ created: { views: 1, columns: 1 }, deleted: { tables: 1, columns: 1 } });
  expect(before).not.toContain(await idOf('bank/public/a'));
  expect(before).not.toContain(await idOf('bank/public/a/x'));
});

test('an object keeps its id while it exists, and gets a new one after it was seen gone', async () => {
  source.table('public', 'a', ['x']);
  await ingest();
  const first = await idOf('bank/public/a');
  await ingest();
  expect(await idOf('bank/public/a')).toBe(first);
  source.remove(['public', 'a']);
  await ingest();
  source.table('public', 'a', ['x']);
  await ingest();
  expect(await idOf('bank/public/a')).not.toBe(first);
});

test('names that differ in case are two objects', async () => {
  source.table('public', 'a', ['x']).table('public', 'A', ['x', 'X']);
  await ingest();
  source.remove(['public', 'a']);
  await ingest();
  expect(await listFqdns()).toContain('TABLE bank/public/A');
  expect(await listFqdns()).not.toContain('TABLE bank/public/a');
});

test('a container that could not be listed loses nothing, and the job says which and why', async () => {
  source.table('public', 'a', ['x', 'y']).table('public', 'b', ['z']).table('app', 'c', ['q']);
  await ingest();
  source.remove(['public', 'a', 'y']).remove(['public', 'b']).remove(['app', 'c']);
  source.failAt = [['public', 'a']];
  const job = await ingest();
  expect(job.status).toBe('FAILED');
  expect(job.message).toBe(
    '1 of 2 schemas or folders failed: public: one place could not be listed (nothing below was deleted): public/a: permission denied',
  );
  expect(await listFqdns()).toEqual(expect.arrayContaining(['COLUMN bank/public/a/y', 'TABLE bank/public/b']));
  expect(await listFqdns()).not.toContain('TABLE bank/app/c');
});

test('a source that breaks in the middle is tried again, and deletes nothing until a listing is whole', async () => {
  source.table('public', 'a', ['x']).table('public', 'b', ['y']);
  await ingest();
  source.throwAfter = 1;
  source.error = new AssayError('SOURCE_LOST', 'the connection broke');
  const job = await ingest();
  expect(job).toMatchObject({
    status: 'FAILED',
    message: 'the connection broke. Check the network and the log of the source.',
  });
  expect(await listFqdns()).toHaveLength(6);
});

test('filters never delete what they hide', async () => {
  source.table('public', 'a', ['x']).table('public', 'b', ['y']).table('app', 'c', ['z']);
  await ingest();
  source.remove(['public', 'a']).remove(['public', 'b']).remove(['app']);
  await ingest({ schemaNames: ['public'], includePatterns: ['public/a*'] });
  const left = await listFqdns();
  expect(left).not.toContain('TABLE bank/public/a');
  expect(left).toEqual(expect.arrayContaining(['TABLE bank/public/b', 'COLUMN bank/public/b/y', 'TABLE bank/app/c']));
  await ingest({ excludePatterns: [{ value: 'app/c' }] });
  expect(await listFqdns()).toEqual([
    'RESOURCE bank',
    'SCHEMA bank/app',
    'TABLE bank/app/c',
    'COLUMN bank/app/c/z',
    'SCHEMA bank/public',
  ]);
});

test('an unknown schema fails its part with the nearest name; the rest goes on', async () => {
  source.table('customers', 'a', ['x']).table('app', 'b', ['y']);
  const job = await ingest({ schemaNames: ['costumers', 'app'] });
  expect(job).toMatchObject({ status: 'FAILED', statistics: { total: 2, done: 1, failed: 1 } });
  expect(job.message).toContain('no schema "costumers" to this user; did you mean "customers"?');
  expect(await listFqdns()).toContain('TABLE bank/app/b');
});

test('a source with nothing in it is COMPLETED with words that say so', async () => {
  expect(await ingest()).toMatchObject({
    status: 'COMPLETED',
    message: 'Nothing found: "bank" shows nothing to this user.',
  });
});

test('filters that leave nothing are FAILED and named', async () => {
  source.table('public', 'a', ['x']);
  const job = await ingest({ includePatterns: ['nosuch/*'] });
  expect(job.status).toBe('FAILED');
  expect(job.message).toContain('nothing could be ingested: includePatterns [nosuch/*] leave out every table');
});

test('a pattern that is not a glob is refused by name', async () => {
  await expect(bench.accept('METADATA_INGEST', { resourceId: SOURCE, includePatterns: ['[a'] })).rejects.toMatchObject({
    code: 'BAD_REQUEST',
    message: expect.stringContaining('pattern "[a" is not a glob'),
  });
});

test('characters that cannot be stored are replaced and flagged; names that then collide break nothing', async () => {
  source
    .table('public', 'a\u0000b', ['x\ud800'])
    .table('public', 'a\ufffdb', ['y'])
    .put('COLUMN', ['public', 'a\u0000b', 'tab\t\\n\n'], {
      column: { remarks: 'nul \u0000 and \\u0000 text' },
    });
  const job = await ingest();
  expect(job.status).toBe('COMPLETED');
  const rows = await database.db.selectFrom('entity').select(['name', 'fqdn', 'metadata']).orderBy('fqdn').execute();
  const table = rows.find((row) => row.name === 'a\ufffdb');
  expect(table?.metadata.replacedCharacters).toEqual(['name']);
  expect(rows.find((row) => row.name === 'tab\t\\n\n')).toMatchObject({
    fqdn: 'bank/public/a\ufffdb/tab%09\\n%0A',
    metadata: { column: { remarks: 'nul \ufffd and \\u0000 text' }, replacedCharacters: ['metadata'] },
  });
  await ingest();
  expect(await listFqdns()).toHaveLength(rows.length);
});

test('files: folders and files of any depth; columns that profiling found stay while the file does', async () => {
  source.shape = 'files';
  source.file('a', 'b', 'c.csv').file('a', 'd.txt').file('e.csv');
  await ingest();
  expect(await listFqdns()).toEqual([
    'RESOURCE bank',
    'FOLDER bank/a',
    'FOLDER bank/a/b',
    'FILE bank/a/b/c.csv',
    'FILE bank/a/d.txt',
    'FILE bank/e.csv',
  ]);
  await sql`INSERT INTO entity (id, source_id, parent_id, root_id, type, name, fqdn)
    SELECT gen_random_uuid(), source_id, id, root_id, 'COLUMN', 'col', fqdn || '/col' FROM entity WHERE type = 'FILE'`.execute(
    database.db,
  );
  expect((await ingest()).effects?.deleted).toEqual({});
  source.remove(['a', 'b']);
  expect((await ingest()).effects?.deleted).toEqual({ folders: 1, files: 1, columns: 1 });
});

test('files: with includePatterns only folders that lead to a wanted file are made, and hidden files stay', async () => {
  source.shape = 'files';
  source.file('a', 'b', 'c.csv').file('x', 'y.txt');
  await ingest({ includePatterns: ['*.csv'] });
  expect(await listFqdns()).toEqual(['RESOURCE bank', 'FOLDER bank/a', 'FOLDER bank/a/b', 'FILE bank/a/b/c.csv']);
  await ingest();
  source.remove(['x']).remove(['a']);
  await ingest({ includePatterns: ['*.csv'] });
  expect(await listFqdns()).toEqual(['RESOURCE bank', 'FOLDER bank/x', 'FILE bank/x/y.txt']);
});

test('a full body and no saved source makes one, with its secret encrypted for it', async () => {
  source.table('public', 'a', ['x']);
  const body = {
    databaseType: 'postgres',
    resourceName: 'shop',
    fqdnId: 'shop',
    host: 'h',
    port: 1,
    databaseName: 'd',
    userName: 'u',
    password: 'secret1',
  };
  const job = await bench.run('METADATA_INGEST', body);
  expect(job.status).toBe('COMPLETED');
  expect(JSON.stringify(job.input)).not.toContain('secret1');
  expect(source.opened.at(-1)).toMatchObject({ host: 'h', port: '1', password: 'secret1' });
  bench.mayCreateSources = false;
  await expect(
    bench.accept('METADATA_INGEST', { ...body, resourceName: 'other', fqdnId: 'other' }),
  ).rejects.toMatchObject({ code: 'FORBIDDEN' });
});

test('an ingest that reaches the saved source sets it ONLINE; one that goes elsewhere says nothing about it', async () => {
  const status = async () =>
    database.db
      .selectFrom('data_source')
      .select(['status', 'last_ingest_id'])
      .where('id', '=', SOURCE)
      .executeTakeFirst();
  const elsewhere = await ingest({ host: 'other', password: 'p' });
  expect(await status()).toEqual({ status: 'OFFLINE', last_ingest_id: elsewhere.id });
  const job = await ingest();
  expect(await status()).toEqual({ status: 'ONLINE', last_ingest_id: job.id });
});

test('thousands of tables are merged in sets', async () => {
  for (let n = 0; n < 1_000; n++) source.table('big', `t${n}`, ['a', 'b', 'c']);
  const first = await ingest();
  expect(first.effects?.created).toMatchObject({ tables: 1_000, columns: 3_000 });
  source.remove(['big', 't7']);
  const second = await ingest();
  expect(second.effects).toMatchObject({
    deleted: { tables: 1, columns: 3 },
    unchanged: { tables: 999, columns: 2_997 },
  });
});
