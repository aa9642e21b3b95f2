import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Connection } from '../../src/connectors/connector.ts';
import { loadConnector } from '../../src/connectors/openers.ts';
import { type Admin, connectMariadb, mariadb, mariadbSource } from './live-mariadb.ts';
import { type Changes, type Fault, LiveSource, refused } from './live-source.ts';

const ROWS = 20_000;
const live = mariadb();
const connector = await loadConnector('MARIADB');
let admin: Admin;

const source = new LiveSource(connector, mariadbSource, live);

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

describe('a connection that works', () => {
  source.testWorks();

  test('by uri as JDBC writes it, and by the socket of the server, comes to the same', async () => {
    const uri = `jdbc:mariadb://${live.host}:${live.port}/shop?sslMode=verify-full`;
    for (const changes of [
      { uri, host: '', port: '' },
      { host: `${live.sockets}/tls/mysql.sock`, userName: 'root', password: '', databaseName: 'shop' },
    ]) {
      const steps = await source.steps(changes);
      expect(steps.filter((step) => step.outcome === 'failed' || step.outcome === 'warning')).toEqual([]);
      expect(steps.find((step) => step.name === 'list schemas')?.found).toEqual({ schemas: ['shop'] });
    }
  });

  test('harvests and reads every row over it, in a session that says whose it is', async () => {
    await source.with({}, async (connection) => {
      const names: string[] = [];
      let complete = false;
      const unit = { path: ['shop'], type: 'SCHEMA' as const };
      for await (const event of connection.introspect({ unit, signal: source.context().signal })) {
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

  test.each(['InnoDB', 'InnoDB without a key', 'Aria'])(
    'groups of columns, each with an index of its own, are of the same rows in the same order: %s',
    async (kind) => {
      const [engine, ...without] = kind.split(' ');
      const key = without.length > 0 ? '' : ', PRIMARY KEY (id)';
      await admin.query(
        `CREATE TABLE shop.person (id int NOT NULL, mail int, name varchar(20), filler varchar(500), KEY (mail), KEY (name), KEY (id)${key}) ENGINE = ${engine}`,
      );
      await admin.query(
        "INSERT INTO shop.person SELECT 501 - seq, seq * 7 % 501, concat('n', seq * 11 % 501), repeat('x', 500) FROM seq_1_to_500",
      );
      await source.with({}, async (connection) => {
        const read = async (columns: string[], more: object): Promise<string[][]> => {
          const request = {
            type: 'TABLE' as const,
            path: ['shop', 'person'],
            columns,
            signal: source.context().signal,
          };
          const result = await connection.read({ ...request, ...more });
          if (result.kind !== 'bytes') throw new Error('expected bytes');
          const text = (await buffer(result.stream)).toString('utf8');
          return text
            .trimEnd()
            .split('\n')
            .map((line) => line.split(','));
        };
        for (const more of [
          {},
          { limit: 50 },
          { where: 'mail > 3' },
          { sample: { kind: 'nth', n: 7 } },
          { sample: { kind: 'share', percent: 30, seed: 3 } },
        ]) {
          const whole = await read(['id', 'mail', 'name', 'filler'], more);
          for (const [i, name] of ['id', 'mail', 'name'].entries())
            expect((await read([name], more)).flat(), `${name} ${JSON.stringify(more)}`).toEqual(
              whole.map((row) => row[i]),
            );
        }
      });
      await admin.query('DROP TABLE shop.person');
    },
  );

  test('as a user of one database passes with warnings about nothing, and sees that one only', async () => {
    const steps = await source.steps({ userName: 'assay_blind' });
    expect(steps.filter((step) => step.outcome === 'failed')).toEqual([]);
    expect(steps.find((step) => step.name === 'list schemas')?.found).toEqual({ schemas: ['assay_test'] });
  });
});

const FAULTS: Fault[] = [
  {
    name: 'a socket that is not there',
    change: { host: '/no/such/mysql.sock' },
    step: 'reach',
    code: 'SOURCE_UNREACHABLE',
    says: /no server socket at \/no\/such/,
  },
  refused('no password', { password: '' }, /using password: NO/),
  refused(
    'a user that may come from another machine only',
    { userName: 'assay_elsewhere' },
    /assay_elsewhere.*from this machine/s,
  ),
  refused('a locked account', { userName: 'assay_locked' }, /is locked.*ACCOUNT UNLOCK/s),
  refused('a password past its date', { userName: 'assay_expired' }, /has expired/),
  refused('an account that signs in by a plugin we cannot', { userName: 'assay_plugin' }, /client_ed25519/),
  {
    name: 'a database the user may not enter',
    change: { databaseName: 'assay_closed', userName: 'assay_blind' },
    step: 'open database',
    code: 'SOURCE_NO_RIGHT',
    says: /GRANT SELECT/,
  },
  refused(
    'no TLS where the server wants it',
    { port: live.expiredPort, sslType: 'disable', trustStoreLocation: '' },
    /wants encryption.*set sslType require/,
  ),
  refused(
    'no TLS where the account wants it',
    { userName: 'assay_tls_only', sslType: 'disable', trustStoreLocation: '' },
    /REQUIRE SSL/,
  ),
];

describe('a connection that does not work', () => {
  source.testFaults(FAULTS);

  test('something that is not MySQL is told from a server that is down', async () => {
    const steps = await source.stepsAgainst((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
    expect(steps.at(-1)).toMatchObject({
      outcome: 'failed',
      code: 'SOURCE_UNREACHABLE',
      reason: expect.stringContaining('not a MySQL or MariaDB'),
    });
  });

  test('something that hangs up without a word is no such server either', async () => {
    const steps = await source.stepsAgainst((socket) => socket.end());
    expect(steps.at(-1)).toMatchObject({ outcome: 'failed', code: 'SOURCE_UNREACHABLE' });
  });

  test('something that stays silent is named after the time it was given', async () => {
    const steps = await source.stepsAgainst(() => {});
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
      const steps = await source.steps({ port: live.plainPort, sslType: 'disable', trustStoreLocation: '' });
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
      const steps = await source.steps(changes);
      expect(steps.at(-1)).toMatchObject({ outcome: 'failed', code: 'SOURCE_BUSY' });
      expect(steps.at(-1)?.remedy).toMatch(/max_connections/);
    });
  });

  test('a user whose connections are all taken is told of that limit', async () => {
    await whileOpen({ userName: 'assay_one' }, 1, async () => {
      const steps = await source.steps({ userName: 'assay_one' });
      expect(steps.at(-1)).toMatchObject({ name: 'authenticate', outcome: 'failed', code: 'SOURCE_BUSY' });
      expect(steps.at(-1)?.remedy).toMatch(/max_user_connections/);
    });
  });
});

describe('a source that changes under a reader', () => {
  test('a session that the server ends in the middle is SOURCE_LOST, never a short read', async () => {
    await source.with({}, async (connection) => {
      const outcome = read(connection, 'SLEEP(0.01) = 0').then(
        () => 'read to its end',
        (error: unknown) => error,
      );
      await awaitStatement('SLEEP');
      for (const { ID } of await processes('SLEEP')) await admin.query(`KILL ${ID}`);
      expect(await outcome).toMatchObject({ code: 'SOURCE_LOST' });
    });
  });

  test('an aborted read stops a statement that sends nothing, which would not notice that nobody listens', async () => {
    const controller = new AbortController();
    await source.with({}, async (connection) => {
      const outcome = read(connection, 'BENCHMARK(1e15, 1) = 1', controller.signal).then(
        () => 'read to its end',
        (error: unknown) => error,
      );
      await awaitStatement('BENCHMARK');
      controller.abort();
      expect(await outcome).toMatchObject({ code: 'CANCELLED' });
      while ((await processes('BENCHMARK')).length > 0);
    });
  });

  test('a table dropped between two reads is SOURCE_NO_OBJECT', async () => {
    await admin.query('CREATE TABLE shop.short_lived (id int)');
    await source.with({}, async (connection) => {
      await admin.query('DROP TABLE shop.short_lived');
      const path = ['shop', 'short_lived'];
      const reading = connection.read({ type: 'TABLE', path, signal: source.context().signal });
      await expect(reading).rejects.toMatchObject({ code: 'SOURCE_NO_OBJECT' });
    });
  });
});

async function read(
  connection: Connection,
  where: string,
  signal: AbortSignal = source.context().signal,
): Promise<Buffer> {
  const result = await connection.read({ type: 'TABLE', path: ['shop', 'item'], where, signal });
  if (result.kind !== 'bytes') throw new Error(`expected bytes, received ${result.kind}`);
  return buffer(result.stream);
}

/** Holds open as many connections as asked for, or as the server gives. */
async function whileOpen(changes: Changes, count: number, work: () => Promise<void>): Promise<void> {
  const holders: Connection[] = [];
  try {
    for (let i = 0; i < count; i++) holders.push(await source.connect(changes));
    await work();
  } finally {
    await Promise.all(holders.map((holder) => holder.close()));
  }
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
