import { once } from 'node:events';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ConnectContext, Connection, TestStep } from '../../src/connectors/connector.ts';
import { loadConnector } from '../../src/connectors/openers.ts';
import type { ErrorCode } from '../../src/errors/table.ts';
import { connectAdmin, live, liveSource } from './live-postgres.ts';

const ROWS = 20_000;
const connector = await loadConnector('POSTGRES');
let admin: pg.Client;

const contextOf = (signal = new AbortController().signal): ConnectContext => ({
  signal,
  applicationName: 'assay live test',
  fileRoots: [dirname(live.ca)],
  protectedPaths: [],
  connectTimeoutMs: 3_000,
});

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

async function listSteps(changes: Partial<Record<string, unknown>>): Promise<TestStep[]> {
  const steps: TestStep[] = [];
  for await (const step of connector.test(liveSource(changes), contextOf())) steps.push(step);
  return steps;
}

describe('a connection that works', () => {
  test('is encrypted, checked down to the name in the certificate, and passes every step', async () => {
    const steps = await listSteps({});
    expect(steps.filter((step) => step.outcome !== 'ok')).toEqual([]);
    expect(steps.find((step) => step.name === 'encrypt')?.found).toMatchObject({ tls: true, sslMode: 'verify-full' });
    expect(steps.find((step) => step.name === 'list schemas')?.found).toMatchObject({
      schemas: expect.arrayContaining(['shop']),
    });
  });

  test('harvests and reads every row over it, in a read-only session with its name', async () => {
    await withConnection({}, async (connection) => {
      const names: string[] = [];
      let complete = false;
      for await (const event of connection.introspect({
        unit: { path: ['shop'], type: 'SCHEMA' },
        signal: contextOf().signal,
      })) {
        if (event.kind === 'objects') names.push(...event.objects.map((object) => object.path.join('/')));
        complete ||= event.kind === 'complete';
      }
      expect(names).toEqual(expect.arrayContaining(['shop/item', 'shop/item/id', 'shop/item/sold']));
      expect(complete).toBe(true);
      const result = await connection.read({ type: 'TABLE', path: ['shop', 'item'], signal: contextOf().signal });
      if (result.kind !== 'bytes') throw new Error(`expected bytes, received ${result.kind}`);
      const lines = (await buffer(result.stream)).toString('utf8').trimEnd().split('\n');
      expect(lines.length - (result.csv.header ? 1 : 0)).toBe(ROWS);
      const { rows } = await admin.query("SELECT 1 FROM pg_stat_activity WHERE application_name = 'assay live test'");
      expect(rows.length).toBeGreaterThan(0);
    });
  });

  test('as a role that may read nothing passes with warnings that name the missing right', async () => {
    const steps = await listSteps({ userName: 'assay_blind' });
    expect(steps.filter((step) => step.outcome === 'failed')).toEqual([]);
    const warnings = steps.filter((step) => step.outcome === 'warning');
    expect(warnings.length).toBeGreaterThan(0);
    for (const warning of warnings) expect(warning.remedy).not.toBe('');
  });
});

interface Fault {
  name: string;
  change: Partial<Record<string, unknown>>;
  step: string;
  code: ErrorCode;
  says: RegExp;
}

const FAULTS: Fault[] = [
  {
    name: 'a misspelt host',
    change: { host: 'no-such-host.invalid' },
    step: 'resolve name',
    code: 'SOURCE_NAME_NOT_RESOLVED',
    says: /no-such-host\.invalid/,
  },
  {
    name: 'a port where nothing listens',
    change: { port: '1' },
    step: 'reach',
    code: 'SOURCE_UNREACHABLE',
    says: /nothing listens/,
  },
  {
    name: 'a wrong password',
    change: { password: 'not it' },
    step: 'authenticate',
    code: 'SOURCE_AUTH',
    says: /refuses user "assay_admin"/,
  },
  { name: 'no password', change: { password: '' }, step: 'authenticate', code: 'SOURCE_AUTH', says: /none was given/ },
  {
    name: 'an unknown user',
    change: { userName: 'nobody_here' },
    step: 'authenticate',
    code: 'SOURCE_AUTH',
    says: /nobody_here/,
  },
  {
    name: 'a role that may not log in',
    change: { userName: 'assay_no_login' },
    step: 'authenticate',
    code: 'SOURCE_AUTH',
    says: /log in/,
  },
  {
    name: 'a password past its date',
    change: { userName: 'assay_expired' },
    step: 'authenticate',
    code: 'SOURCE_AUTH',
    says: /assay_expired/,
  },
  {
    name: 'an unknown database',
    change: { databaseName: 'no_such_db' },
    step: 'open database',
    code: 'SOURCE_NO_DATABASE',
    says: /no_such_db/,
  },
  {
    name: 'a database the user may not enter',
    change: { databaseName: 'assay_closed', userName: 'assay_reader' },
    step: 'open database',
    code: 'SOURCE_NO_RIGHT',
    says: /GRANT CONNECT/i,
  },
  {
    name: 'an authority that did not sign the certificate',
    change: { trustStoreLocation: live.otherCa },
    step: 'encrypt',
    code: 'SOURCE_TLS',
    says: /signed by nobody we trust|trustStoreLocation/,
  },
  {
    name: 'no authority named',
    change: { trustStoreLocation: '' },
    step: 'encrypt',
    code: 'SOURCE_TLS',
    says: /trustStoreLocation/,
  },
  {
    name: 'a trust store that is not there',
    change: { trustStoreLocation: '/no/such/file.pem' },
    step: 'encrypt',
    code: 'SOURCE_TLS',
    says: /\/no\/such\/file\.pem/,
  },
  {
    name: 'a certificate for another name',
    change: { host: '127.0.0.1' },
    step: 'encrypt',
    code: 'SOURCE_TLS',
    says: /another name/,
  },
  {
    name: 'an expired certificate',
    change: { port: live.expiredPort },
    step: 'encrypt',
    code: 'SOURCE_TLS',
    says: /expired/,
  },
  {
    name: 'a server without TLS where TLS is wanted',
    change: { port: live.plainPort },
    step: 'encrypt',
    code: 'SOURCE_TLS',
    says: /no encrypted connections/,
  },
  {
    name: 'no TLS where the server wants it',
    change: { userName: 'assay_tls_only', sslType: 'disable', trustStoreLocation: '' },
    step: 'authenticate',
    code: 'SOURCE_AUTH',
    says: /pg_hba\.conf/,
  },
];

describe('a connection that does not work', () => {
  test.each(FAULTS)('$name fails at "$step" with $code', async ({ change, step, code, says }) => {
    const steps = await listSteps(change);
    const failed = steps.at(-1)!;
    expect(failed, JSON.stringify(steps, null, 1)).toMatchObject({ name: step, outcome: 'failed', code });
    expect(`${failed.reason}; ${failed.remedy}`).toMatch(says);
    expect(failed.remedy).not.toBe('');
    expect(JSON.stringify(steps)).not.toContain(live.password);
  });

  test('something that is not PostgreSQL is told from a server that is down', async () => {
    const server = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const steps = await listSteps({ host: '127.0.0.1', port: String(port) });
    server.close();
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
      const steps = await listSteps({
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
    await withConnection({}, async (connection) => {
      const reading = connection
        .read({
          type: 'TABLE',
          path: ['shop', 'item'],
          where: 'pg_sleep(0.01) IS NOT NULL',
          signal: contextOf().signal,
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
    await withConnection({}, async (connection) => {
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
    await withConnection({}, async (connection) => {
      await admin.query('DROP TABLE shop.short_lived');
      const read = async () => {
        const result = await connection.read({
          type: 'TABLE',
          path: ['shop', 'short_lived'],
          signal: contextOf().signal,
        });
        if (result.kind === 'bytes') await buffer(result.stream);
      };
      await expect(read()).rejects.toMatchObject({ code: 'SOURCE_NO_OBJECT' });
    });
  });
});

async function withConnection(
  changes: Partial<Record<string, unknown>>,
  work: (connection: Connection) => Promise<void>,
): Promise<void> {
  const connection = await connector.connect(liveSource(changes), contextOf());
  try {
    await work(connection);
  } finally {
    await connection.close();
  }
}

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
