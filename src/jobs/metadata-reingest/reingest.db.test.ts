import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { FakeSource } from '../../../test/support/fake-connector.ts';
import { JobBench } from '../../../test/support/run-job.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts';
import { insertDataSource } from '../../store/data-sources.ts';

const IDS = { bank: '65f000000000000000000001', shop: '65f000000000000000000002' };

let database: TestDatabase;
let sources: Record<string, FakeSource>;
let bench: JobBench;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.pool.query('TRUNCATE job, task, entity, scan, data_source CASCADE');
  sources = { POSTGRES: new FakeSource(), SQLITE: new FakeSource() };
  bench = new JobBench(database.db, (type) => (sources[type] as FakeSource).connector());
  for (const [name, type] of [
    ['bank', 'POSTGRES'],
    ['shop', 'SQLITE'],
  ] as const) {
    const config = { host: 'h', databaseName: 'd', userName: 'u', path: '/x.db' };
    const row = {
      id: IDS[name],
      resourceName: name,
      fqdnId: name,
      databaseType: type,
      config,
      secrets: {},
      createdBy: null,
    };
    await insertDataSource(database.db, row);
  }
  bank().table('public', 'a', ['x', 'y']).table('public', 'b', ['z']).table('app', 'c', ['q']);
  shop().table('main', 'd', ['r']);
  for (const id of Object.values(IDS)) {
    const job = await bench.run('METADATA_INGEST', { resourceId: id });
    expect(job.message).not.toContain('failed');
  }
});

const bank = (): FakeSource => sources.POSTGRES as FakeSource;
const shop = (): FakeSource => sources.SQLITE as FakeSource;
const idOf = async (fqdn: string): Promise<string> =>
  (await database.db.selectFrom('entity').select('id').where('fqdn', '=', fqdn).executeTakeFirstOrThrow()).id;
const listFqdns = async (): Promise<string[]> =>
  (await database.db.selectFrom('entity').select('fqdn').orderBy('fqdn').execute()).map((row) => row.fqdn);
const reingest = async (...fqdns: string[]) =>
  bench.run('METADATA_REINGEST', { scope: await Promise.all(fqdns.map(idOf)) });

test('refreshes what was given and touches nothing beside it', async () => {
  bank().remove(['public', 'a', 'y']).remove(['public', 'b']).table('public', 'new', ['n']).remove(['app']);
  bank().put('COLUMN', ['public', 'a', 'w'], { column: {} });
  const job = await reingest('bank/public/a');
  expect(job).toMatchObject({ status: 'COMPLETED', message: 'Refreshed 1 table, 2 columns.' });
  expect(job.effects).toMatchObject({
    created: { columns: 1 },
    deleted: { columns: 1 },
    unchanged: { tables: 1, columns: 1 },
  });
  expect(await listFqdns()).toEqual(expect.arrayContaining(['bank/public/a/w', 'bank/public/b', 'bank/app/c']));
  expect(await listFqdns()).not.toContain('bank/public/new');
});

test('a column stands for its table, and ids given twice count once', async () => {
  bank().remove(['public', 'a', 'y']);
  const job = await reingest('bank/public/a/x', 'bank/public/a/y', 'bank/public/a');
  expect(job.effects?.deleted).toEqual({ columns: 1 });
  expect(job.statistics).toMatchObject({ total: 1, done: 1 });
});

test('a given object that is gone goes, with what is below it', async () => {
  bank().remove(['public', 'a']);
  const job = await reingest('bank/public/a');
  expect(job).toMatchObject({ status: 'COMPLETED', effects: { deleted: { tables: 1, columns: 2 } } });
});

test('without a complete listing of its parent nothing goes', async () => {
  const id = await idOf('bank/public/a');
  bank().remove(['public', 'a']);
  bank().failAt = [['public']];
  const job = await bench.run('METADATA_REINGEST', { scope: [id] });
  expect(job.status).toBe('FAILED');
  expect(job.message).toContain('public: permission denied');
  expect(await listFqdns()).toContain('bank/public/a/x');
});

test('a schema that is gone goes when it was given; its tables go when they were', async () => {
  bank().remove(['public']);
  expect((await reingest('bank/public/a')).effects?.deleted).toEqual({ tables: 1, columns: 2 });
  expect(await listFqdns()).toEqual(expect.arrayContaining(['bank/public', 'bank/public/b']));
  expect((await reingest('bank/public')).effects?.deleted).toEqual({ schemas: 1, tables: 1, columns: 1 });
  expect(await listFqdns()).toContain('bank/app/c');
});

test('works across sources; a whole source shows new schemas and loses old ones', async () => {
  bank().remove(['app']).table('fresh', 'e', ['f']);
  shop().put('COLUMN', ['main', 'd', 's'], {});
  const job = await reingest('bank', 'shop/main/d');
  expect(job).toMatchObject({ status: 'COMPLETED', resource_ids: [IDS.bank, IDS.shop], statistics: { total: 2 } });
  expect(job.lock_keys).toEqual([`source:${IDS.bank}`, `source:${IDS.shop}`]);
  expect(job.effects).toMatchObject({
    created: { schemas: 1, tables: 1, columns: 2 },
    deleted: { schemas: 1, tables: 1, columns: 1 },
  });
});

test('malformed and unknown ids are named, all at once', async () => {
  const unknown = '0190a000-0000-7000-8000-00000000dead';
  await expect(bench.accept('METADATA_REINGEST', { scope: [IDS.bank, 'x'] })).rejects.toMatchObject({
    code: 'MALFORMED_ID',
    problems: [expect.stringContaining(IDS.bank), expect.stringContaining('"x"')],
  });
  await expect(bench.accept('METADATA_REINGEST', { scope: [unknown, await idOf('bank')] })).rejects.toMatchObject({
    code: 'NOT_FOUND',
    message: `scope: there is no entity ${unknown}`,
  });
});
