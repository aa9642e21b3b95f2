import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { loadConnector } from '../../src/connectors/openers.ts';
import type { JobRow } from '../../src/store/database.ts';
import { listCurrentProfiles } from '../../src/store/profiles.ts';
import { type Interference, interfere } from '../faults/deletions/interfere.ts';
import { JobBench } from '../support/run-job.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { type Admin, connectMariadb, mariadb, mariadbSource } from './live-mariadb.ts';

/** Jobs over a live MariaDB, from the request to what the catalog holds. */

const PASSWORD = 'pa$$-of-the-scanner';
let database: TestDatabase;
let bench: JobBench;
let admin: Admin;

beforeAll(async () => {
  database = await createTestDatabase();
  bench = new JobBench(database.db);
  admin = await connectMariadb();
});
afterAll(async () => {
  await admin?.end();
  await database?.drop();
});
beforeEach(async () => {
  await run(
    'DROP DATABASE IF EXISTS bank',
    'DROP DATABASE IF EXISTS vault',
    'DROP DATABASE IF EXISTS yard',
    'DROP USER IF EXISTS scanner',
    'CREATE DATABASE bank',
    'CREATE DATABASE vault',
    'CREATE TABLE bank.account (id int PRIMARY KEY, owner varchar(20), old int)',
    'CREATE TABLE bank.entry (id int PRIMARY KEY, account int, FOREIGN KEY (account) REFERENCES bank.account (id) ON DELETE CASCADE)',
    'CREATE VIEW bank.owners AS SELECT id, owner FROM bank.account',
    'CREATE TABLE vault.key_of (id int)',
    `CREATE USER scanner IDENTIFIED BY '${PASSWORD}'`,
    'GRANT SELECT, SHOW VIEW ON bank.* TO scanner',
    'GRANT SELECT ON vault.* TO scanner',
  );
  await database.pool.query(
    'TRUNCATE job, task, entity, scan, entity_attributes, assertion, profile, data_source CASCADE',
  );
});

async function run(...statements: string[]): Promise<void> {
  for (const sql of statements) await admin.query(sql);
}

const ingest = async (): Promise<JobRow> => {
  const known = await database.db.selectFrom('data_source').select('id').executeTakeFirst();
  if (known) return bench.run('METADATA_INGEST', { resourceId: known.id });
  const trustStoreLocation = readFileSync(mariadb().ca, 'utf8');
  const body = mariadbSource({ userName: 'scanner', password: PASSWORD, trustStoreLocation, resourceName: 'maria' });
  return bench.run('METADATA_INGEST', body as Record<string, unknown>);
};

/** Everything of the source anew, with something that happens between the server and the catalog. */
async function reingestAll(interference: Interference): Promise<JobRow> {
  const connector = interfere(await loadConnector('MARIADB'), interference);
  const { id } = await database.db
    .selectFrom('entity')
    .select('id')
    .where('type', '=', 'RESOURCE')
    .executeTakeFirstOrThrow();
  return new JobBench(database.db, () => connector).run('METADATA_REINGEST', { scope: [id] });
}

async function places(): Promise<string[]> {
  const rows = await database.db.selectFrom('entity').select('fqdn').where('type', '<>', 'RESOURCE').execute();
  return rows.map(({ fqdn }) => fqdn.slice(fqdn.indexOf('/') + 1)).toSorted();
}

async function warnings(job: JobRow): Promise<string[]> {
  const rows = await database.db
    .selectFrom('job_event')
    .select('message')
    .where('job_id', '=', job.id)
    .where('level', '=', 'warning')
    .execute();
  return rows.map((row) => row.message);
}

const idOf = async (end: string): Promise<string> =>
  (await database.db.selectFrom('entity').select('id').where('fqdn', 'like', `%/${end}`).executeTakeFirstOrThrow()).id;

const BANK = [
  'bank',
  'bank/account',
  'bank/account/id',
  'bank/account/old',
  'bank/account/owner',
  'bank/entry',
  'bank/entry/account',
  'bank/entry/id',
  'bank/owners',
  'bank/owners/id',
  'bank/owners/owner',
];
const VAULT = ['vault', 'vault/key_of', 'vault/key_of/id'];

test('a source is made by its first ingest, and its tables are profiled', async () => {
  await run("INSERT INTO bank.account VALUES (1, 'ann', 0), (2, NULL, 0), (3, 'bob', 0)");
  const job = await ingest();
  expect(job).toMatchObject({ status: 'COMPLETED', message: '"maria" has 2 schemas, 3 tables, 1 view, 8 columns.' });
  expect(await places()).toEqual([...BANK, ...VAULT]);
  expect(await warnings(job)).toEqual([]);
  expect(JSON.stringify(await bench.get(job.id))).not.toContain(PASSWORD);
  const entry = await database.db
    .selectFrom('entity')
    .select('metadata')
    .where('fqdn', 'like', '%bank/entry')
    .executeTakeFirstOrThrow();
  expect(entry.metadata).toMatchObject({
    table: {
      primaryKey: { name: 'PRIMARY', columns: ['id'] },
      foreignKeys: [
        {
          columns: ['account'],
          references: { schema: 'bank', table: 'account', columns: ['id'] },
          onDelete: 'CASCADE',
        },
      ],
    },
  });

  const profiled = await bench.run('DATA_PROFILE', { scope: [await idOf('bank')] });
  expect(profiled).toMatchObject({ status: 'COMPLETED' });
  const profiles = await listCurrentProfiles(database.db, [await idOf('bank/account/owner')]);
  expect(JSON.stringify(profiles)).toContain('"bob"');

  const again = await ingest();
  expect(again.effects).toMatchObject({ created: {}, changed: {}, deleted: {} });
});

test('a database that vanished with the right to see it stays; one that was dropped goes', async () => {
  await ingest();
  await run('REVOKE SELECT ON vault.* FROM scanner');
  const blind = await ingest();
  expect(blind).toMatchObject({ status: 'FAILED', effects: { deleted: {} } });
  expect(blind.message).toMatch(/does not show database "vault".*GRANT SELECT, SHOW VIEW ON `vault`/s);
  expect(await places()).toEqual([...BANK, ...VAULT]);
  const again = await bench.run('METADATA_REINGEST', { scope: [await idOf('vault')] });
  expect(again).toMatchObject({ status: 'FAILED', message: expect.stringMatching(/"vault"/) });
  expect(await places()).toEqual([...BANK, ...VAULT]);

  // The server keeps the right when the database goes, and that tells the two apart.
  await run('GRANT SELECT ON vault.* TO scanner', 'DROP DATABASE vault');
  expect(await ingest()).toMatchObject({ status: 'COMPLETED' });
  expect(await places()).toEqual(BANK);
});

test('a table that vanished with the right to see it stays, its neighbours are kept up to date, and a dropped one goes', async () => {
  await ingest();
  await run(
    'REVOKE SELECT, SHOW VIEW ON bank.* FROM scanner',
    'GRANT SELECT ON bank.account TO scanner',
    'ALTER TABLE bank.account DROP COLUMN old',
  );
  const part = await ingest();
  expect(part).toMatchObject({ status: 'COMPLETED', effects: { deleted: { columns: 1 } } });
  expect(await warnings(part)).toEqual([expect.stringMatching(/cover only a part of database "bank"/)]);
  const without = BANK.filter((place) => place !== 'bank/account/old');
  expect(await places()).toEqual([...without, ...VAULT]);

  await run('GRANT SELECT, SHOW VIEW ON bank.* TO scanner', 'DROP TABLE bank.entry');
  expect(await ingest()).toMatchObject({ status: 'COMPLETED', effects: { deleted: { tables: 1, columns: 2 } } });
  expect(await places()).toEqual([...without.filter((place) => !place.startsWith('bank/entry')), ...VAULT]);
});

test('rights that grow while a source is listed do not prove what was listed before', async () => {
  await run('CREATE TABLE vault.other (id int)', 'CREATE DATABASE yard', 'CREATE TABLE yard.tree (id int)');
  await run('GRANT SELECT, SHOW VIEW ON *.* TO scanner');
  await ingest();
  const all = await places();
  await run(
    'REVOKE ALL, GRANT OPTION FROM scanner',
    'GRANT SELECT ON bank.account TO scanner',
    'GRANT SELECT ON vault.key_of TO scanner',
  );
  const job = await reingestAll({
    async *introspect(events, { unit }) {
      yield* events;
      if (unit.path[0] === 'bank') await run('GRANT SELECT ON *.* TO scanner');
    },
  });
  expect(job).toMatchObject({ effects: { deleted: {} } });
  expect(await places()).toEqual(all);
});

test('a right that is taken while a database is listed, and given back before the end, deletes nothing', async () => {
  await ingest();
  const job = await reingestAll({
    async *introspect(events, { unit }) {
      let seen = 0;
      for await (const event of events) {
        yield event;
        if (unit.path[0] !== 'bank') continue;
        if (seen++ === 0)
          await run('REVOKE SELECT, SHOW VIEW ON bank.* FROM scanner', 'GRANT SELECT ON bank.account TO scanner');
        else if (seen === 2) await run('GRANT SELECT, SHOW VIEW ON bank.* TO scanner');
      }
    },
  });
  expect(job).toMatchObject({ status: 'COMPLETED', effects: { deleted: {} } });
  expect(await warnings(job)).toEqual([expect.stringMatching(/rights were given or taken.*"bank"/)]);
  expect(await places()).toEqual([...BANK, ...VAULT]);
});

test('a right that is taken while databases are listed, and given back before anybody doubts, deletes nothing', async () => {
  await ingest();
  const job = await reingestAll({
    async listUnits(units) {
      await run('REVOKE SELECT ON vault.* FROM scanner');
      const shown = await units();
      await run('GRANT SELECT ON vault.* TO scanner');
      return shown;
    },
  });
  expect(job).toMatchObject({ status: 'FAILED', effects: { deleted: {} } });
  expect(job.message).toMatch(/database "vault" is there/);
  expect(await places()).toEqual([...BANK, ...VAULT]);
});

test('columns that are hidden one by one are not taken for dropped', async () => {
  await ingest();
  await run('REVOKE SELECT, SHOW VIEW ON bank.* FROM scanner', 'GRANT SELECT (id) ON bank.account TO scanner');
  await ingest();
  expect(await places()).toEqual([...BANK, ...VAULT]);
});

test('a broken view keeps its columns and says why', async () => {
  await ingest();
  await run('ALTER TABLE bank.account DROP COLUMN owner');
  const job = await ingest();
  expect(job.status).toBe('COMPLETED');
  expect(await warnings(job)).toEqual([expect.stringMatching(/view bank\/owners is broken: .*invalid/)]);
  expect(await places()).toEqual([...BANK.filter((place) => place !== 'bank/account/owner'), ...VAULT]);
});

test('a table that somebody alters is listed with its columns, and nothing goes', async () => {
  await ingest();
  const other = await connectMariadb();
  await other.query('LOCK TABLES bank.account WRITE');
  const job = await ingest();
  await other.end();
  expect(job.status).toBe('COMPLETED');
  expect(await places()).toEqual([...BANK, ...VAULT]);
});

test('cancelling a profile stops its statement in the server', async () => {
  await run(
    'INSERT INTO bank.account SELECT seq, "x", 0 FROM mysql.seq_1_to_10000',
    'CREATE OR REPLACE VIEW bank.owners AS SELECT id, owner FROM bank.account WHERE SLEEP(0.01) = 0',
  );
  await ingest();
  const { id } = await bench.accept('DATA_PROFILE', { scope: [await idOf('bank/owners')] });
  const stop = new AbortController();
  const working = bench.work(stop.signal);
  const tag = `/* assay job=${id} */%`;
  const running = () =>
    admin.query(`SELECT ID FROM information_schema.PROCESSLIST WHERE INFO LIKE '${tag}' AND INFO LIKE '%owners%'`);
  while ((await running()).length === 0);
  await bench.cancel(id);
  stop.abort();
  while ((await running()).length > 0);
  await working;
  await bench.sweep();
  expect(await bench.get(id)).toMatchObject({ status: 'CANCELLED' });
});

test.each([
  ['bigint unsigned', 'seq + 18446744073709550000', '18446744073709550900'],
  ['decimal(30,10)', 'seq + 12345678901234567890.5', '12345678901234568790.5000000000'],
  ['date', "DATE '2000-01-01' + INTERVAL seq DAY", '2002-06-19'],
  [
    'datetime(6)',
    "TIMESTAMP '2000-01-01 00:00:00' + INTERVAL seq SECOND + INTERVAL 5 MICROSECOND",
    '2000-01-01T00:15:00.000005',
  ],
  [
    'timestamp(6)',
    "TIMESTAMP '2000-01-01 00:00:00' + INTERVAL seq SECOND + INTERVAL 5 MICROSECOND",
    '2000-01-01T00:15:00.000005Z',
  ],
])('a profile goes on from the last value of %s', async (type, value, mark) => {
  await run(
    "SET time_zone = '+00:00'",
    `CREATE TABLE bank.log (at ${type} NULL, n int)`,
    `INSERT INTO bank.log SELECT ${value}, seq FROM bank.seq_1_to_900`,
    'INSERT INTO bank.log VALUES (NULL, 0)',
  );
  await ingest();
  const body = { scope: [await idOf('bank/log')], configs: { watermarkColumn: 'at' } };
  const profile = async () => {
    const job = await bench.run('DATA_PROFILE', body);
    expect([job.status, job.message]).toEqual(['COMPLETED', expect.any(String)]);
    const [found] = await listCurrentProfiles(database.db, body.scope);
    return [found?.basis.watermark, (found?.body.rows as { value: number } | undefined)?.value];
  };
  expect(await profile()).toMatchObject([{ from: null, to: mark, nulls: 1, newRows: 901 }, 901]);
  await run(`INSERT INTO bank.log SELECT ${value}, seq FROM bank.seq_901_to_1000`);
  expect(await profile()).toMatchObject([{ from: mark, runs: 2, newRows: 100 }, 1_001]);
  expect(await profile()).toMatchObject([{ runs: 3, newRows: 0 }, 1_001]);
  await run('DELETE FROM bank.log WHERE n > 500');
  expect(await profile()).toMatchObject([{ runs: 1, why: expect.stringMatching(/set back/) }, 501]);
});

test('a condition that never ends is stopped in the server, and the other tables go on', async () => {
  await run('INSERT INTO bank.account VALUES (1, NULL, 0)');
  await ingest();
  const scope = [await idOf('bank/account'), await idOf('bank/entry')];
  // Only a row lets it run.
  const configs = { whereClause: 'SLEEP(100000) = 0 OR id > 0', timeLimitSeconds: 1 };
  const job = await bench.run('DATA_PROFILE', { scope, configs });
  expect([job.status, job.message]).toEqual([
    'FAILED',
    expect.stringMatching(/1 of 2 tables failed: .*account.*timeLimitSeconds/),
  ]);
  const running = await admin.query(
    "SELECT count(*) AS n FROM information_schema.PROCESSLIST WHERE INFO LIKE '%SLEEP(100000)%' AND USER = 'scanner'",
  );
  expect(Number(running[0]?.n)).toBe(0);
});
