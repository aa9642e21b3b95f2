import { buffer } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from 'vitest';
import { type Answer, MysqlStandIn, type Peer, type Play, startRows } from '../../../test/support/mysql-stand-in.ts';
import { AssayError } from '../../errors/assay-error.ts';
import type { ConnectContext, Connection, ListingEvent, TestStep } from '../connector.ts';
import { mysqlConnector } from './index.ts';

/** What the driver and the connector make of a server that misbehaves. Nothing here is a MySQL: see docs/connectors.md. */

const PASSWORD = 'pa55-of-ann';
const opened: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one.close();
});

const contextOf = (signal = new AbortController().signal, connectTimeoutMs = 5_000): ConnectContext => ({
  signal,
  applicationName: 'assay test',
  fileRoots: [],
  protectedPaths: [],
  connectTimeoutMs,
});

async function play(it: Play): Promise<MysqlStandIn> {
  const server = await MysqlStandIn.start(it);
  opened.push(server);
  return server;
}

const sourceAt = ({ port }: MysqlStandIn, changes: Record<string, unknown> = {}) => ({
  databaseType: 'MYSQL',
  host: '127.0.0.1',
  port: String(port),
  userName: 'ann',
  password: PASSWORD,
  sslType: 'disable',
  ...changes,
});

async function listSteps(
  server: MysqlStandIn,
  changes: Record<string, unknown> = {},
  context = contextOf(),
): Promise<TestStep[]> {
  const steps: TestStep[] = [];
  for await (const step of mysqlConnector.test(sourceAt(server, changes), context)) steps.push(step);
  expect(JSON.stringify(steps)).not.toContain(PASSWORD);
  return steps;
}

async function connect(server: MysqlStandIn, context = contextOf()): Promise<Connection> {
  const connection = await mysqlConnector.connect(sourceAt(server), context);
  opened.push(connection);
  return connection;
}

async function listShop(connection: Connection, signal = contextOf().signal): Promise<ListingEvent[]> {
  const events: ListingEvent[] = [];
  for await (const event of connection.introspect({ unit: { path: ['shop'], type: 'SCHEMA' }, signal }))
    events.push(event);
  return events;
}

async function readItem(connection: Connection, signal = contextOf().signal): Promise<string> {
  const result = await connection.read({ type: 'TABLE', path: ['shop', 'item'], signal });
  if (result.kind !== 'bytes') throw new Error(`expected bytes, received ${result.kind}`);
  return (await buffer(result.stream)).toString('utf8');
}

const isRead = (sql: string): boolean => sql.startsWith('SELECT `id` FROM');

describe('a server that behaves', () => {
  test('passes every step, is listed whole and read', async () => {
    const server = await play({
      answer: (sql) => (isRead(sql) ? [{ id: '1' }, { id: '2' }] : undefined),
    });
    const steps = await listSteps(server);
    expect(steps.filter(({ outcome }) => outcome !== 'ok').map(({ name, outcome }) => [name, outcome])).toEqual([
      ['resolve name', 'skipped'],
      ['encrypt', 'skipped'],
    ]);
    const connection = await connect(server);
    const events = await listShop(connection);
    expect(events.flatMap((event) => (event.kind === 'objects' ? event.objects : [])).map(({ path }) => path)).toEqual([
      ['shop'],
      ['shop', 'item'],
      ['shop', 'item', 'id'],
    ]);
    expect(events.at(-1)).toEqual({ kind: 'complete', path: ['shop'] });
    expect(await readItem(connection)).toBe('1\n2\n');
  });

  test.each<[string, string, string, RegExp | undefined]>([
    ['5.7.44-log', 'MySQL', '5.7.44-log', undefined],
    ['8.0.15', 'MySQL', '8.0.15', undefined],
    ['8.0.36-0ubuntu0.22.04.1', 'MySQL', '8.0.36-0ubuntu0.22.04.1', /JOIN information_schema\.CHECK_CONSTRAINTS/],
    ['8.4.0', 'MySQL', '8.4.0', /JOIN information_schema\.CHECK_CONSTRAINTS/],
    ['9.1.0-commercial', 'MySQL', '9.1.0-commercial', /JOIN information_schema\.CHECK_CONSTRAINTS/],
    ['10.3.39-MariaDB', 'MariaDB', '10.3.39-MariaDB', /FROM information_schema\.CHECK_CONSTRAINTS/],
    ['5.5.5-10.6.18-MariaDB-log', 'MariaDB', '10.6.18-MariaDB-log', /FROM information_schema\.CHECK_CONSTRAINTS/],
    ['11.4.2-MariaDB-ubu2404', 'MariaDB', '11.4.2-MariaDB-ubu2404', /FROM information_schema\.CHECK_CONSTRAINTS/],
  ])('%s is %s and asked in its own words', async (version, product, shown, checks) => {
    const server = await play({ version });
    const connection = await connect(server);
    expect(await connection.info()).toMatchObject({ product, version: shown });
    expect((await listShop(connection)).at(-1)).toEqual({ kind: 'complete', path: ['shop'] });
    const sent = server.statements.join('\n');
    const isMariadb = product === 'MariaDB';
    expect(/max_statement_time = 0/.test(sent)).toBe(isMariadb);
    expect(/max_execution_time = 0/.test(sent)).toBe(!isMariadb);
    expect(/partial_revokes/.test(sent)).toBe(!isMariadb);
    if (checks) expect(sent).toMatch(checks);
    else expect(sent).not.toMatch(/CHECK_CONSTRAINTS/);
  });

  describe('a database of many tables', () => {
    const many = (logins = 4): Play => {
      let count = 0;
      return {
        version: '10.11.6-MariaDB',
        refuse: () => (count++ < logins ? undefined : { code: 1040, message: 'Too many connections' }),
        answer: (sql) => (sql.startsWith('SELECT COUNT(*) AS tables') ? [{ tables: '1000' }] : undefined),
      };
    };
    const kinds = (events: ListingEvent[]): string[] => events.map(({ kind }) => kind);

    test.each([4, 2, 1])('is listed whole with %i sessions to be had', async (logins) => {
      // The first login is given back for one that is younger than what is known of the rights.
      const server = await play(many(logins + 1));
      expect(kinds(await listShop(await connect(server)))).toEqual(['objects', 'objects', 'complete']);
      const asked = (view: string): number => server.statements.filter((sql) => sql.includes(`.${view} `)).length;
      expect(['KEY_COLUMN_USAGE', 'REFERENTIAL_CONSTRAINTS', 'CHECK_CONSTRAINTS'].map(asked)).toEqual([
        1,
        logins === 1 ? 0 : expect.any(Number),
        1,
      ]);
    });

    test('is not listed when one of the sessions breaks, and what is left of them can be used again', async () => {
      const it = many(20);
      let isBroken = true;
      const server = await play({
        ...it,
        answer: (sql, peer) => {
          if (!isBroken || !sql.includes('CHECK_CONSTRAINTS')) return it.answer?.(sql, peer);
          isBroken = false;
          return ({ stream }) => void stream.destroy();
        },
      });
      const connection = await connect(server);
      const events = await listShop(connection);
      expect(events.at(-1)).toMatchObject({ kind: 'failed', path: ['shop'], error: { code: 'SOURCE_LOST' } });
      expect(kinds(events)).not.toContain('complete');
      expect(kinds(await listShop(connection))).toContain('complete');
    });
  });

  test.each(['5.6.51', '5.5.62-log', '10.2.44-MariaDB', '5.5.5-10.1.48-MariaDB'])('%s is too old', async (version) => {
    const [failed] = (await listSteps(await play({ version }))).slice(-1);
    expect(failed).toMatchObject({ outcome: 'failed', code: 'NOT_SUPPORTED' });
    expect(failed?.reason).toContain(version.replace(/^5\.5\.5-/, ''));
  });

  test('a user whose wildcards MySQL does not read proves nothing by them', async () => {
    const grants = [{ Grants: 'GRANT SELECT ON `sh%`.* TO `ann`@`%`' }];
    const answer =
      (partial: string) =>
      (sql: string): Record<string, string>[] | undefined =>
        sql.startsWith('SHOW GRANTS')
          ? grants
          : sql.includes('partial_revokes')
            ? [{ Variable_name: 'partial_revokes', Value: partial }]
            : undefined;
    const kinds = async (partial: string): Promise<string[]> =>
      (await listShop(await connect(await play({ answer: answer(partial) })))).map(({ kind }) => kind);
    expect(await kinds('OFF')).not.toContain('unproven');
    expect(await kinds('ON')).toContain('unproven');
  });
});

describe('what a listing proves of what it does not show', () => {
  const kinds = async (server: MysqlStandIn): Promise<string[]> =>
    (await listShop(await connect(server))).map(({ kind }) => kind);
  const statusOf = (value: () => string) => (sql: string) =>
    sql.startsWith('SHOW GLOBAL STATUS') ? [{ Variable_name: 'Com_grant', Value: value() }] : undefined;

  test('nothing, when a right was given or taken on the server meanwhile', async () => {
    let changes = 0;
    expect(await kinds(await play({ answer: statusOf(() => String(changes++)) }))).toContain('unproven');
    expect(await kinds(await play({ answer: statusOf(() => '7') }))).not.toContain('unproven');
  });

  test.each<[string, Answer]>([
    ['says nothing of that', []],
    ['does not let us ask', { code: 1142, message: 'SELECT command denied' }],
  ])('nothing, when the server %s', async (_, answer) => {
    const server = await play({ answer: (sql) => (sql.startsWith('SHOW GLOBAL STATUS') ? answer : undefined) });
    expect(await kinds(server)).toContain('unproven');
  });

  test('rights are read before the session that lists is opened, and in it at the end', async () => {
    const asked: [number, string][] = [];
    const server = await play({
      answer: (sql, peer) => {
        const word = /GLOBAL STATUS|GRANTS|information_schema\.(?:TABLES|COLUMNS)/.exec(sql)?.[0];
        if (word) asked.push([server.peers.indexOf(peer), word.replace('information_schema.', '')]);
        return undefined;
      },
    });
    const connection = await connect(server);
    await connection.listUnits();
    await listShop(connection);
    expect(asked).toEqual([
      [0, 'GLOBAL STATUS'],
      [0, 'GRANTS'],
      [1, 'TABLES'],
      [1, 'COLUMNS'],
      [1, 'GRANTS'],
      [1, 'GLOBAL STATUS'],
    ]);
  });

  test.each<[string, Answer, RegExp]>([
    ['unknown to those who would see it', { code: 1049, message: "Unknown database 'vault'" }, /^$/],
    [
      'hidden',
      { code: 1044, message: "Access denied for user 'ann'@'%' to database 'vault'" },
      /GRANT SELECT, SHOW VIEW/,
    ],
    ['there', [{ Database: 'vault', 'Create Database': 'CREATE DATABASE `vault`' }], /is there/],
  ])('a database that is %s', async (_, answer, doubt) => {
    const server = await play({ answer: (sql) => (sql === 'SHOW CREATE DATABASE `vault`' ? answer : undefined) });
    expect(await (await connect(server)).doubtGone?.(['vault'])).toMatch(doubt);
  });

  test('nothing of a database, when the question itself failed', async () => {
    const answer = { code: 1317, message: 'Query execution was interrupted' };
    const server = await play({ answer: (sql) => (sql.startsWith('SHOW CREATE DATABASE') ? answer : undefined) });
    await expect((await connect(server)).doubtGone?.(['vault'])).rejects.toMatchObject({ code: 'SOURCE_TIMEOUT' });
  });
});

describe('a server that turns us away', () => {
  test.each<[string, number, string, string]>([
    ['with too many connections', 1040, 'SOURCE_BUSY', 'Too many connections'],
    ['because it blocks this machine', 1129, 'SOURCE_AUTH', "Host '10.0.0.1' is blocked"],
    ['because it does not know this machine', 1130, 'SOURCE_AUTH', "Host '10.0.0.1' is not allowed"],
  ])('in place of a greeting, %s', async (_, code, named, message) => {
    const server = await play({
      greet: (peer) => {
        peer.writeError({ code, message });
        peer.stream.end();
      },
    });
    const failed = (await listSteps(server)).at(-1);
    expect(failed).toMatchObject({ name: 'authenticate', outcome: 'failed', code: named });
    expect(failed?.reason).toContain(`${message} (${code})`);
    await expect(connect(server)).rejects.toMatchObject({ code: named });
  });

  test.each<[number, string, string, string]>([
    [1045, "Access denied for user 'ann'@'%' (using password: YES)", 'authenticate', 'SOURCE_AUTH'],
    [3118, "Access denied for user 'ann'@'%'. Account is locked.", 'authenticate', 'SOURCE_AUTH'],
    [1040, 'Too many connections', 'authenticate', 'SOURCE_BUSY'],
    [1226, "User 'ann' has exceeded the 'max_user_connections' resource", 'authenticate', 'SOURCE_BUSY'],
    [1049, "Unknown database 'shop'", 'open database', 'SOURCE_NO_DATABASE'],
    [1044, "Access denied for user 'ann'@'%' to database 'shop'", 'open database', 'SOURCE_NO_RIGHT'],
  ])('at the login, with %i', async (code, message, name, named) => {
    const server = await play({ refuse: () => ({ code, message }) });
    const failed = (await listSteps(server, { databaseName: 'shop' })).at(-1);
    expect(failed).toMatchObject({ name, outcome: 'failed', code: named });
    expect(failed?.remedy).not.toBe('');
  });

  test('without TLS where it must be, and with a warning where it may be', async () => {
    const server = await play({});
    expect((await listSteps(server, { sslType: 'require' })).at(-1)).toMatchObject({
      name: 'encrypt',
      code: 'SOURCE_TLS',
    });
    const steps = await listSteps(server, { sslType: 'prefer' });
    expect(steps.find(({ name }) => name === 'encrypt')).toMatchObject({ outcome: 'warning', found: { tls: false } });
    expect(steps.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
  });
});

describe('a server that says nothing, or nothing that can be understood', () => {
  const garbage = Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'.repeat(4));
  const hurried = contextOf(undefined, 200);

  test.each<[string, Play, string, RegExp]>([
    ['is silent from the start', { greet: () => {} }, 'SOURCE_TIMEOUT', /stayed silent for 200 ms/],
    ['is silent after the greeting', { login: () => {} }, 'SOURCE_TIMEOUT', /within 200 ms/],
    [
      'greets in another protocol',
      { greet: ({ stream }) => void stream.end(garbage) },
      'SOURCE_UNREACHABLE',
      /not a MySQL or MariaDB/,
    ],
    ['hangs up at once', { greet: ({ stream }) => void stream.end() }, 'SOURCE_UNREACHABLE', /not a MySQL or MariaDB/],
    ['hangs up after the greeting', { login: ({ stream }) => void stream.destroy() }, 'SOURCE_LOST', /broke|cut off/],
  ])('%s', async (_, it, code, says) => {
    const failed = (await listSteps(await play(it), {}, hurried)).at(-1);
    expect(failed).toMatchObject({ outcome: 'failed', code });
    expect(failed?.reason).toMatch(says);
  });

  test.each<[string, (peer: Peer) => void]>([
    ['text of another protocol', ({ stream }) => void stream.end(garbage)],
    ['zeros', ({ stream }) => void stream.end(Buffer.alloc(64))],
    ['the half of a packet', ({ stream }) => void stream.end(Buffer.from([200, 0, 0, 2, 0, 0]))],
    ['a packet out of order', (peer) => void peer.stream.end(Buffer.from([7, 0, 0, 90, 0, 0, 0, 2, 0, 0, 0]))],
  ])('answers a login with %s: an error of the source, never a session', async (_, login) => {
    const context = contextOf(undefined, 500);
    const failed = (await listSteps(await play({ login }), {}, context)).at(-1);
    expect(failed?.outcome).toBe('failed');
    expect(failed?.code).toMatch(/^SOURCE_(LOST|FAILED|TIMEOUT)$/);
  });

  test('a wait for it ends with the job', async () => {
    for (const it of [{ greet: () => {} }, { login: () => {} }] satisfies Play[]) {
      const server = await play(it);
      const controller = new AbortController();
      const outcome = connect(server, contextOf(controller.signal, 60_000)).catch((error: unknown) => error);
      while (server.peers.length === 0) await new Promise(setImmediate);
      controller.abort();
      expect(await outcome).toMatchObject({ code: 'CANCELLED' });
    }
  });
});

describe('a connection that breaks in the middle', () => {
  /** Some rows of a long result, and then what `end` does. */
  const cutShort =
    (end: (peer: Peer) => void) =>
    (peer: Peer): void => {
      startRows(peer, ['id']);
      for (let row = 0; row < 50; row++) peer.writeTextRow([String(row)]);
      end(peer);
    };
  const ends: [string, (peer: Peer) => void, string][] = [
    ['is closed', ({ stream }) => void stream.end(), 'SOURCE_LOST'],
    ['is cut off', ({ stream }) => void stream.destroy(), 'SOURCE_LOST'],
    [
      'is killed',
      (peer) => peer.writeError({ code: 1317, message: 'Query execution was interrupted' }),
      'SOURCE_TIMEOUT',
    ],
    [
      'loses a file',
      (peer) => peer.writeError({ code: 1194, message: 'Table is marked as crashed' }),
      'SOURCE_BAD_DATA',
    ],
  ];

  test.each(ends)('rows of a table: %s, which is never a short read', async (_, end, code) => {
    const server = await play({ answer: (sql) => (isRead(sql) ? cutShort(end) : undefined) });
    await expect(readItem(await connect(server))).rejects.toMatchObject({ code });
  });

  test.each(ends)('a listing: %s, which proves nothing', async (_, end, code) => {
    const server = await play({
      answer: (sql) =>
        /FROM information_schema\.COLUMNS/.test(sql)
          ? (peer) => {
              startRows(
                peer,
                Array.from({ length: 16 }, (_, index) => `c${index}`),
              );
              end(peer);
            }
          : undefined,
    });
    const events = await listShop(await connect(server));
    expect(events.map(({ kind }) => kind)).not.toContain('complete');
    expect(events.at(-1)).toMatchObject({ kind: 'failed', path: ['shop'], error: { code } });
  });

  test('between two statements: the next one has a session of its own', async () => {
    const server = await play({});
    const connection = await connect(server);
    const first = server.peers[0] as Peer;
    const closed = new Promise((resolve) => first.stream.once('close', resolve));
    first.stream.destroy();
    await closed;
    // The end of a socket reaches the other side a little later; until then a statement may still be lost on it.
    const units = async (): Promise<unknown> =>
      connection.listUnits().catch((error: unknown) => {
        expect(error instanceof AssayError && error.code).toBe('SOURCE_LOST');
        return units();
      });
    expect(await units()).toEqual([{ path: ['shop'], type: 'SCHEMA' }]);
    expect(server.peers.length).toBe(2);
  });
});

describe('a cancelled job', () => {
  test('stops its statement in the server, by a second connection', async () => {
    let running: Peer | undefined;
    const server = await play({
      answer: (sql, peer) => {
        if (isRead(sql)) {
          running = peer;
          return (reader) => startRows(reader, ['id']);
        }
        if (!sql.startsWith('KILL')) return undefined;
        running?.writeError({ code: 1317, message: 'Query execution was interrupted' });
        return 'ok';
      },
    });
    const controller = new AbortController();
    const outcome = readItem(await connect(server), controller.signal).catch((error: unknown) => error);
    await server.awaitStatement(/^SELECT `id`/);
    controller.abort();
    expect(await outcome).toMatchObject({ code: 'CANCELLED' });
    await server.awaitStatement(/^KILL QUERY 1$/);
    expect(server.peers.indexOf(running as Peer)).toBe(0);
  });

  test('listing as well', async () => {
    const server = await play({ answer: (sql) => (sql.includes('KEY_COLUMN_USAGE') ? 'silence' : undefined) });
    const controller = new AbortController();
    const outcome = listShop(await connect(server), controller.signal).catch((error: unknown) => error);
    await server.awaitStatement(/KEY_COLUMN_USAGE/);
    controller.abort();
    expect(await outcome).toMatchObject({ code: 'CANCELLED' });
    await server.awaitStatement(/^KILL QUERY 2$/);
  });

  test.each<[string, Partial<Play>]>([
    ['has no connection left for it', { refuse: () => ({ code: 1040, message: 'Too many connections' }) }],
    ['ignores it', {}],
    ['refuses it', { answer: () => ({ code: 1095, message: 'You are not owner of thread 1' }) }],
  ])('cuts the connection where the server %s', async (_, killer) => {
    let logins = 0;
    const server = await play({
      refuse: () => (logins++ < 2 ? undefined : killer.refuse?.('', '')),
      answer: (sql, peer) => {
        if (sql.startsWith('KILL')) return killer.answer?.(sql, peer);
        return sql.includes('KEY_COLUMN_USAGE') ? 'silence' : undefined;
      },
    });
    const controller = new AbortController();
    const outcome = listShop(await connect(server), controller.signal).catch((error: unknown) => error);
    await server.awaitStatement(/KEY_COLUMN_USAGE/);
    const closed = new Promise((resolve) => server.peers[1]?.stream.once('close', resolve));
    controller.abort();
    expect(await outcome).toMatchObject({ code: 'CANCELLED' });
    await closed;
  });
});
