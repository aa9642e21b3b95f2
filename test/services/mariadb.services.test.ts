import { once } from 'node:events';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ConnectContext, Connection, TestStep } from '../../src/connectors/connector.ts';
import { loadConnector } from '../../src/connectors/openers.ts';
import type { ErrorCode } from '../../src/errors/table.ts';
import { type Admin, connectMariadb, mariadb, mariadbSource } from './live-mariadb.ts';

const ROWS = 20_000;
const live = mariadb();
const connector = await loadConnector('MARIADB');
let admin: Admin;

const contextOf = (signal = new AbortController().signal): ConnectContext => ({
  signal,
  applicationName: 'assay live test',
  fileRoots: [dirname(live.ca)],
  protectedPaths: [],
  connectTimeoutMs: 3_000,
});

beforeAll(async () => {
  admin = await connectMariadb();
  for (const sql of [
    'CREATE DATABASE shop CHARACTER SET utf8mb4',
    'USE shop',
    'CREATE TABLE shop.item (id bigint PRIMARY KEY, name text NOT NULL, price decimal(10,2), sold timestamp(3) NULL)',
    `INSERT INTO shop.item SELECT seq, concat('item ', seq), seq / 100, timestamp '2026-01-01 00:00:00' + interval seq second FROM seq_1_to_${ROWS}`,
  ])
    await admin.query(sql);
});
afterAll(async () => {
  await admin?.query('DROP DATABASE shop');
  await admin?.end();
});

async function listSteps(changes: Partial<Record<string, unknown>>): Promise<TestStep[]> {
  const steps: TestStep[] = [];
  for await (const step of connector.test(mariadbSource(changes), contextOf())) steps.push(step);
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

  test('by uri as JDBC writes it, and by the socket of the server, comes to the same', async () => {
    const uri = `jdbc:mariadb://${live.host}:${live.port}/shop?sslMode=verify-full`;
    for (const changes of [
      { uri, host: '', port: '' },
      { host: `${live.sockets}/tls/mysql.sock`, userName: 'root', password: '', databaseName: 'shop' },
    ]) {
      const steps = await listSteps(changes);
      expect(steps.filter((step) => step.outcome === 'failed' || step.outcome === 'warning')).toEqual([]);
      expect(steps.find((step) => step.name === 'list schemas')?.found).toEqual({ schemas: ['shop'] });
    }
  });

  test('harvests and reads every row over it, in a session that says whose it is', async () => {
    await withConnection({}, async (connection) => {
      const names: string[] = [];
      let complete = false;
      const unit = { path: ['shop'], type: 'SCHEMA' as const };
      for await (const event of connection.introspect({ unit, signal: contextOf().signal })) {
        if (event.kind === 'objects') names.push(...event.objects.map((object) => object.path.join('/')));
        complete ||= event.kind === 'complete';
      }
      expect(names).toEqual([
        'shop',
        'shop/item',
        'shop/item/id',
        'shop/item/name',
        'shop/item/price',
        'shop/item/sold',
      ]);
      expect(complete).toBe(true);
      const reading = read(connection, 'SLEEP(0.0005) = 0');
      await awaitStatement('SLEEP');
      const [process] = await processes('SLEEP');
      expect(process?.INFO).toMatch(/^\/\* assay live test \*\/ SELECT/);
      expect((await reading).toString('utf8').trimEnd().split('\n').length).toBe(ROWS);
    });
  });

  test('as a user of one database passes with warnings about nothing, and sees that one only', async () => {
    const steps = await listSteps({ userName: 'assay_blind' });
    expect(steps.filter((step) => step.outcome === 'failed')).toEqual([]);
    expect(steps.find((step) => step.name === 'list schemas')?.found).toEqual({ schemas: ['assay_test'] });
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
    name: 'a socket that is not there',
    change: { host: '/no/such/mysql.sock' },
    step: 'reach',
    code: 'SOURCE_UNREACHABLE',
    says: /no server socket at \/no\/such/,
  },
  {
    name: 'a wrong password',
    change: { password: 'not it' },
    step: 'authenticate',
    code: 'SOURCE_AUTH',
    says: /refuses user "assay_admin"/,
  },
  {
    name: 'no password',
    change: { password: '' },
    step: 'authenticate',
    code: 'SOURCE_AUTH',
    says: /using password: NO/,
  },
  {
    name: 'an unknown user',
    change: { userName: 'nobody_here' },
    step: 'authenticate',
    code: 'SOURCE_AUTH',
    says: /nobody_here/,
  },
  {
    name: 'a user that may come from another machine only',
    change: { userName: 'assay_elsewhere' },
    step: 'authenticate',
    code: 'SOURCE_AUTH',
    says: /assay_elsewhere.*from this machine/s,
  },
  {
    name: 'a locked account',
    change: { userName: 'assay_locked' },
    step: 'authenticate',
    code: 'SOURCE_AUTH',
    says: /is locked.*ACCOUNT UNLOCK/s,
  },
  {
    name: 'a password past its date',
    change: { userName: 'assay_expired' },
    step: 'authenticate',
    code: 'SOURCE_AUTH',
    says: /has expired/,
  },
  {
    name: 'an account that signs in by a plugin we cannot',
    change: { userName: 'assay_plugin' },
    step: 'authenticate',
    code: 'SOURCE_AUTH',
    says: /client_ed25519/,
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
    change: { databaseName: 'assay_closed', userName: 'assay_blind' },
    step: 'open database',
    code: 'SOURCE_NO_RIGHT',
    says: /GRANT SELECT/,
  },
  {
    name: 'an authority that did not sign the certificate',
    change: { trustStoreLocation: live.otherCa },
    step: 'encrypt',
    code: 'SOURCE_TLS',
    says: /signed by nobody we trust/,
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
    change: { port: live.expiredPort, sslType: 'disable', trustStoreLocation: '' },
    step: 'authenticate',
    code: 'SOURCE_AUTH',
    says: /wants encryption.*set sslType require/,
  },
  {
    name: 'no TLS where the account wants it',
    change: { userName: 'assay_tls_only', sslType: 'disable', trustStoreLocation: '' },
    step: 'authenticate',
    code: 'SOURCE_AUTH',
    says: /REQUIRE SSL/,
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

  test('something that is not MySQL is told from a server that is down', async () => {
    const steps = await withServer((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
    expect(steps.at(-1)).toMatchObject({
      outcome: 'failed',
      code: 'SOURCE_UNREACHABLE',
      reason: expect.stringContaining('not a MySQL or MariaDB'),
    });
  });

  test('something that hangs up without a word is no such server either', async () => {
    const steps = await withServer((socket) => socket.end());
    expect(steps.at(-1)).toMatchObject({ outcome: 'failed', code: 'SOURCE_UNREACHABLE' });
  });

  test('something that stays silent is named after the time it was given', async () => {
    const steps = await withServer(() => {});
    expect(steps.at(-1)).toMatchObject({
      outcome: 'failed',
      code: 'SOURCE_TIMEOUT',
      reason: expect.stringContaining('stayed silent for 3000 ms'),
    });
  });

  test('a machine that nobody may come from is told so', async () => {
    const plain = await connectMariadb('plain');
    const users = await plain.query("SELECT User AS name FROM mysql.user WHERE Host = '127.0.0.1'");
    const move = async (from: string, to: string): Promise<void> => {
      for (const { name } of users) await plain.query(`RENAME USER '${name}'@'${from}' TO '${name}'@'${to}'`);
    };
    try {
      expect(users.length).toBeGreaterThan(0);
      await move('127.0.0.1', '10.255.255.1');
      const steps = await listSteps({ port: live.plainPort, sslType: 'disable', trustStoreLocation: '' });
      expect(steps.at(-1)).toMatchObject({
        name: 'authenticate',
        code: 'SOURCE_AUTH',
        reason: expect.stringContaining('lets nobody in from this machine'),
        remedy: expect.stringContaining('CREATE USER'),
      });
    } finally {
      await move('10.255.255.1', '127.0.0.1');
      await plain.end();
    }
  });

  test('a server whose connections are all taken is busy, and may be tried again', async () => {
    const changes = { port: live.expiredPort, sslType: 'require', trustStoreLocation: '', userName: 'assay_reader' };
    await whileOpen(changes, 10, async () => {
      const steps = await listSteps(changes);
      expect(steps.at(-1)).toMatchObject({ outcome: 'failed', code: 'SOURCE_BUSY' });
      expect(steps.at(-1)?.remedy).toMatch(/max_connections/);
    });
  });

  test('a user whose connections are all taken is told of that limit', async () => {
    await whileOpen({ userName: 'assay_one' }, 1, async () => {
      const steps = await listSteps({ userName: 'assay_one' });
      expect(steps.at(-1)).toMatchObject({ name: 'authenticate', outcome: 'failed', code: 'SOURCE_BUSY' });
      expect(steps.at(-1)?.remedy).toMatch(/max_user_connections/);
    });
  });
});

describe('a source that changes under a reader', () => {
  test('a session that the server ends in the middle is SOURCE_LOST, never a short read', async () => {
    await withConnection({}, async (connection) => {
      const outcome = read(connection, 'SLEEP(0.01) = 0').then(
        () => 'read to its end',
        (error: unknown) => error,
      );
      await awaitStatement('SLEEP');
      for (const { ID } of await processes('SLEEP')) await admin.query(`KILL ${ID}`);
      expect(await outcome).toMatchObject({ code: 'SOURCE_LOST' });
    });
  });

  test('an aborted read stops the statement in the server within three seconds', async () => {
    const controller = new AbortController();
    await withConnection({}, async (connection) => {
      const outcome = read(connection, 'SLEEP(0.01) = 0', controller.signal).then(
        () => 'read to its end',
        (error: unknown) => error,
      );
      await awaitStatement('SLEEP');
      controller.abort();
      expect(await outcome).toMatchObject({ code: 'CANCELLED' });
      while ((await processes('SLEEP')).length > 0);
    });
  });

  test('a table dropped between two reads is SOURCE_NO_OBJECT', async () => {
    await admin.query('CREATE TABLE shop.short_lived (id int)');
    await withConnection({}, async (connection) => {
      await admin.query('DROP TABLE shop.short_lived');
      const path = ['shop', 'short_lived'];
      const reading = connection.read({ type: 'TABLE', path, signal: contextOf().signal });
      await expect(reading).rejects.toMatchObject({ code: 'SOURCE_NO_OBJECT' });
    });
  });
});

async function read(connection: Connection, where: string, signal: AbortSignal = contextOf().signal): Promise<Buffer> {
  const result = await connection.read({ type: 'TABLE', path: ['shop', 'item'], where, signal });
  if (result.kind !== 'bytes') throw new Error(`expected bytes, received ${result.kind}`);
  return buffer(result.stream);
}

async function withConnection(
  changes: Partial<Record<string, unknown>>,
  work: (connection: Connection) => Promise<void>,
): Promise<void> {
  const connection = await connector.connect(mariadbSource(changes), contextOf());
  try {
    await work(connection);
  } finally {
    await connection.close();
  }
}

/** Holds open as many connections as asked for, or as the server gives. */
async function whileOpen(
  changes: Partial<Record<string, unknown>>,
  count: number,
  work: () => Promise<void>,
): Promise<void> {
  const holders: Connection[] = [];
  try {
    for (let i = 0; i < count; i++) holders.push(await connector.connect(mariadbSource(changes), contextOf()));
    await work();
  } finally {
    await Promise.all(holders.map((holder) => holder.close()));
  }
}

async function withServer(answer: (socket: import('node:net').Socket) => void): Promise<TestStep[]> {
  const sockets: import('node:net').Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket.on('error', () => {}));
    answer(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const steps = await listSteps({ host: '127.0.0.1', port: String(port) });
  for (const socket of sockets) socket.destroy();
  server.close();
  return steps;
}

/** Statements of ours that run in the server; the words that look for them stand in two pieces. */
function processes(text: string): Promise<Record<string, string | null>[]> {
  return admin.query(
    `SELECT ID, INFO FROM information_schema.PROCESSLIST WHERE INFO LIKE '/* assay live test */%' AND COMMAND = 'Query' AND INFO LIKE '%${text}%'`,
  );
}

async function awaitStatement(text: string): Promise<void> {
  while ((await processes(text)).length === 0);
}
