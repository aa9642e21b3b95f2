import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { FakeSource } from '../../../test/support/fake-connector.ts';
import { type JobBench, startAnew } from '../../../test/support/run-job.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts';
import type { TestStep } from '../../connectors/connector.ts';
import { sourceSecretPlace } from '../../model/secret-places.ts';

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
  for (const [id, name] of [
    [BANK, 'bank'],
    [SHOP, 'shop'],
  ] as const) {
    const password = bench.secrets.encrypt('stored', sourceSecretPlace(id, 'password'));
    await bench.addSource(id, name, { fqdnId: `${name}-1`, secrets: { password } });
  }
});

const run = (body: Record<string, unknown>) => bench.run('TEST_CONNECTION', body);
const accept = (body: Record<string, unknown>) => bench.accept('TEST_CONNECTION', body);
const statusOf = async (id = BANK) =>
  database.db
    .selectFrom('data_source')
    .select(['status', 'last_test_connection_id'])
    .where('id', '=', id)
    .executeTakeFirst();
const step = (name: string, outcome: TestStep['outcome'], reason = '', remedy = ''): TestStep => ({
  name,
  outcome,
  ms: 1,
  reason,
  remedy,
});

test.each([{ resourceId: BANK }, { resourceId: BANK.toUpperCase() }, { fqdnId: 'bank-1' }, { resourceName: 'bank' }])(
  'a saved source is tested by %o, with its stored secret',
  async (body) => {
    const job = await run(body);
    expect(job).toMatchObject({
      status: 'COMPLETED',
      message: 'The connection to "bank" works.',
      resource_ids: [BANK],
    });
    expect(source.opened).toEqual([
      expect.objectContaining({ host: 'db', password: 'stored', databaseType: 'POSTGRES' }),
    ]);
    expect(await statusOf()).toEqual({ status: 'ONLINE', last_test_connection_id: job.id });
  },
);

test('a failed step fails the job, names cause and remedy, and sets the source OFFLINE', async () => {
  source.steps = [
    step('reach', 'ok'),
    step('authenticate', 'failed', 'password authentication failed', 'Check the password.'),
  ];
  const job = await run({ resourceId: BANK });
  expect(job).toMatchObject({
    status: 'FAILED',
    message: 'The connection fails at "authenticate": password authentication failed. Check the password.',
    result: { steps: source.steps },
  });
  expect((await statusOf())?.status).toBe('OFFLINE');
});

test('a right that only later jobs miss is a warning: COMPLETED and ONLINE', async () => {
  source.steps = [
    step('reach', 'ok'),
    step('right: profiling', 'warning', 'no SELECT on 2 of 3 tables', 'Grant SELECT.'),
  ];
  const job = await run({ resourceId: BANK });
  expect(job.status).toBe('COMPLETED');
  expect(job.message).toContain('right: profiling (no SELECT on 2 of 3 tables)');
  expect((await statusOf())?.status).toBe('ONLINE');
});

test('a full body and no saved source is tested and not saved', async () => {
  const job = await run({
    databaseType: 'postgres',
    host: 'h',
    port: 1,
    databaseName: 'd',
    userName: 'u',
    password: 'secret1',
  });
  expect(job).toMatchObject({ status: 'COMPLETED', resource_ids: [], scope: { dataSources: [], scope: [] } });
  expect(source.opened).toEqual([expect.objectContaining({ host: 'h', port: '1', password: 'secret1' })]);
  expect(JSON.stringify(job)).not.toContain('secret1');
  expect(await database.db.selectFrom('data_source').select('id').execute()).toHaveLength(2);
});

test('another target uses no stored secret', async () => {
  await expect(accept({ resourceId: BANK, host: 'evil' })).rejects.toMatchObject({
    code: 'SECRET_REQUIRED',
    message: expect.stringContaining('changes host of data source "bank"'),
  });
  await run({ resourceId: BANK, host: 'other', password: 'mine' });
  expect(source.opened).toEqual([expect.objectContaining({ host: 'other', password: 'mine', databaseName: 'bank' })]);
  // What is elsewhere says nothing about the saved connection.
  expect((await statusOf())?.status).toBe('OFFLINE');
});

test('changes serve this job only', async () => {
  await run({ resourceId: BANK, userName: 'eve', password: 'mine' });
  await run({ resourceId: BANK });
  expect(source.opened.map(({ userName, password }) => [userName, password])).toEqual([
    ['eve', 'mine'],
    ['ada', 'stored'],
  ]);
});

test('the same values in another type are no change', async () => {
  await run({ resourceId: BANK, port: 5432, databaseType: 'postgres', host: 'db' });
  expect(source.opened[0]).toMatchObject({ password: 'stored' });
});

test.each([
  [{ resourceId: BANK, fqdnId: 'shop-1' }, 'BAD_REQUEST', 'but also fqdnId "shop-1"'],
  [{ resourceId: BANK, resourceName: 'shop' }, 'BAD_REQUEST', 'but also resourceName "shop"'],
  [{ fqdnId: 'bank-1', resourceName: 'shop' }, 'BAD_REQUEST', 'but also'],
  [{ resourceId: 'x' }, 'MALFORMED_ID', '24 hex digits'],
  [{ resourceId: '0'.repeat(24) }, 'NOT_FOUND', 'there is no data source'],
  [{ fqdnId: 'nobody' }, 'NOT_FOUND', 'there is no data source "nobody"'],
  [{}, 'BAD_REQUEST', 'names no saved data source'],
  [{ databaseType: 'NOSUCH' }, 'BAD_REQUEST', 'expected one of'],
  [{ databaseType: 'POSTGRES' }, 'BAD_REQUEST', 'host'],
])('%o is refused with %s', async (body, code, words) => {
  await expect(accept(body)).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
});

test('what the engine sets and what nobody knows is ignored with a warning', async () => {
  const job = await run({ resourceId: BANK, status: 'ONLINE', encryptedPassword: 'AES|x', colour: 'red' });
  const events = await database.db
    .selectFrom('job_event')
    .select('message')
    .where('job_id', '=', job.id)
    .where('kind', '=', 'warning')
    .execute();
  expect(new Set(events.map((event) => event.message))).toEqual(
    new Set([
      'status: set by the engine; ignored',
      'encryptedPassword: set by the engine; ignored',
      'colour: not a field of a data source; ignored',
    ]),
  );
});

test('a host in the body wins against the saved uri, and the other way round', async () => {
  const uri = 'postgresql://ada@old:5432/bank';
  const save = (config: Record<string, unknown>) =>
    database.db
      .updateTable('data_source')
      .set({ config: JSON.stringify(config) })
      .where('id', '=', BANK)
      .execute();
  await save({ uri, userName: 'ada' });
  await run({ resourceId: BANK, host: 'new', password: 'x' });
  expect(source.opened).toEqual([expect.objectContaining({ host: 'new', uri: '', password: 'x' })]);
  await expect(accept({ resourceId: BANK, port: '1', password: 'x' })).rejects.toMatchObject({
    code: 'BAD_REQUEST',
    message: expect.stringContaining('port: has no effect'),
  });
  await save({ host: 'old', port: '1', configMethod: 'credentials', userName: 'ada' });
  await run({ resourceId: BANK, uri, password: 'x' });
  expect(source.opened[1]).toMatchObject({ host: '', port: '', uri });
});

test('a wrong field and what the kind of source misses are told in one answer', async () => {
  await expect(accept({ databaseType: 'POSTGRES', host: 'db', port: 'x' })).rejects.toMatchObject({
    code: 'BAD_REQUEST',
    problems: [expect.stringMatching(/^port: /), expect.stringMatching(/^userName: /)],
  });
  await expect(accept({ resourceName: 'bank', databaseType: 'POSTGRES', port: 'x' })).rejects.toMatchObject({
    problems: [expect.stringMatching(/^port: /)],
  });
});
