import { buffer } from 'node:stream/consumers';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadConnector } from '../../src/connectors/openers.ts';
import { connectAdmin, live, liveSource } from './live-postgres.ts';
import { type Fault, LiveSource, refused } from './live-source.ts';

const ROWS = 20_000;
const connector = await loadConnector('POSTGRES');
let admin: pg.Client;

const source = new LiveSource(connector, liveSource, live);

beforeAll(async () => {
  admin = await connectAdmin();
  await admin.query(`
    CREATE SCHEMA shop;
    CREATE TABLE shop.item (id bigint PRIMARY KEY, name text NOT NULL, price numeric(10,2), sold timestamptz);
    INSERT INTO shop.item SELECT n, 'item ' || n, n / 100.0, timestamptz '2026-01-01 00:00Z' + n * interval '1 s' FROM generate_series(1, ${ROWS}) n;
    ANALYZE shop.item;
    GRANT USAGE ON SCHEMA shop TO assay_reader;`);
});
afterAll(async () => {
  await admin?.query('DROP SCHEMA shop CASCADE');
  await admin?.end();
});

describe('a connection that works', () => {
  source.testWorks();

  test('harvests and reads every row over it, in a read-only session with its name', async () => {
    await source.with({}, async (connection) => {
      const names: string[] = [];
      let complete = false;
      for await (const event of connection.introspect({
        unit: { path: ['shop'], type: 'SCHEMA' },
        signal: source.context().signal,
      })) {
        if (event.kind === 'objects') names.push(...event.objects.map((object) => object.path.join('/')));
        complete ||= event.kind === 'complete';
      }
      expect(names).toEqual(expect.arrayContaining(['shop/item', 'shop/item/id', 'shop/item/sold']));
      expect(complete).toBe(true);
      const result = await connection.read({ type: 'TABLE', path: ['shop', 'item'], signal: source.context().signal });
      if (result.kind !== 'bytes') throw new Error(`expected bytes, received ${result.kind}`);
      const lines = (await buffer(result.stream)).toString('utf8').trimEnd().split('\n');
      expect(lines.length - (result.csv.header ? 1 : 0)).toBe(ROWS);
      const { rows } = await admin.query("SELECT 1 FROM pg_stat_activity WHERE application_name = 'assay live test'");
      expect(rows.length).toBeGreaterThan(0);
    });
  });

  test('as a role that may read nothing passes with warnings that name the missing right', async () => {
    const steps = await source.steps({ userName: 'assay_blind' });
    expect(steps.filter((step) => step.outcome === 'failed')).toEqual([]);
    const warnings = steps.filter((step) => step.outcome === 'warning');
    expect(warnings.length).toBeGreaterThan(0);
    for (const warning of warnings) expect(warning.remedy).not.toBe('');
  });
});

const FAULTS: Fault[] = [
  refused('no password', { password: '' }, /none was given/),
  refused('a role that may not log in', { userName: 'assay_no_login' }, /log in/),
  refused('a password past its date', { userName: 'assay_expired' }, /assay_expired/),
  {
    name: 'a database the user may not enter',
    change: { databaseName: 'assay_closed', userName: 'assay_reader' },
    step: 'open database',
    code: 'SOURCE_NO_RIGHT',
    says: /GRANT CONNECT/i,
  },
  refused(
    'no TLS where the server wants it',
    { userName: 'assay_tls_only', sslType: 'disable', trustStoreLocation: '' },
    /pg_hba\.conf/,
  ),
];

describe('a connection that does not work', () => {
  source.testFaults(FAULTS);

  test('something that is not PostgreSQL is told from a server that is down', async () => {
    const steps = await source.stepsAgainst((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    expect(steps.at(-1)).toMatchObject({
      outcome: 'failed',
      code: 'SOURCE_UNREACHABLE',
      reason: expect.stringContaining('not a PostgreSQL'),
    });
  });

  test('a server whose connections are all taken is busy, and may be tried again', async () => {
    const holders: pg.Client[] = [];
    try {
      // 5 connections, 1 of them kept for superusers: taken by the superuser, they leave none for a reader.
      for (let i = 0; i < 4; i++) holders.push(await connectAdmin(live.expiredPort));
      const steps = await source.steps({
        port: live.expiredPort,
        userName: 'assay_reader',
        sslType: 'require',
        trustStoreLocation: '',
      });
      expect(steps.at(-1)).toMatchObject({ outcome: 'failed', code: 'SOURCE_BUSY' });
    } finally {
      await Promise.all(holders.map((holder) => holder.end()));
    }
  });
});

describe('a source that changes under a reader', () => {
  test('a session that the server ends in the middle is SOURCE_LOST, never a short read', async () => {
    await source.with({}, async (connection) => {
      const reading = connection
        .read({
          type: 'TABLE',
          path: ['shop', 'item'],
          where: 'pg_sleep(0.01) IS NOT NULL',
          signal: source.context().signal,
        })
        .then(async (result) => (result.kind === 'bytes' ? buffer(result.stream) : undefined));
      const outcome = reading.then(
        () => 'read to its end',
        (error: unknown) => error,
      );
      await awaitStatement('pg_sleep');
      await admin.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'assay live test'",
      );
      expect(await outcome).toMatchObject({ code: 'SOURCE_LOST' });
    });
  });

  test('an aborted read stops the statement in the server within three seconds', async () => {
    const controller = new AbortController();
    await source.with({}, async (connection) => {
      const outcome = connection
        .read({ type: 'TABLE', path: ['shop', 'item'], where: 'pg_sleep(0.01) IS NOT NULL', signal: controller.signal })
        .then(async (result) => (result.kind === 'bytes' ? buffer(result.stream) : undefined))
        .then(
          () => 'read to its end',
          (error: unknown) => error,
        );
      await awaitStatement('pg_sleep');
      controller.abort();
      expect(await outcome).toMatchObject({ code: 'CANCELLED' });
      await awaitNoStatement('pg_sleep');
    });
  });

  test('a table dropped between two reads is SOURCE_NO_OBJECT', async () => {
    await admin.query('CREATE TABLE shop.short_lived (id int)');
    await source.with({}, async (connection) => {
      await admin.query('DROP TABLE shop.short_lived');
      const read = async () => {
        const result = await connection.read({
          type: 'TABLE',
          path: ['shop', 'short_lived'],
          signal: source.context().signal,
        });
        if (result.kind === 'bytes') await buffer(result.stream);
      };
      await expect(read()).rejects.toMatchObject({ code: 'SOURCE_NO_OBJECT' });
    });
  });
});

async function countStatements(text: string): Promise<number> {
  const { rows } = await admin.query<{ count: string }>(
    "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'assay live test' AND state = 'active' AND query LIKE $1",
    [`%${text}%`],
  );
  return Number(rows[0]?.count);
}

async function awaitStatement(text: string): Promise<void> {
  while ((await countStatements(text)) === 0);
}

async function awaitNoStatement(text: string): Promise<void> {
  while ((await countStatements(text)) > 0);
}
