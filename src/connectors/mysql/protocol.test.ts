import { once } from 'node:events';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { connect, contextOf, isRead, listShop, listSteps, play, readItem } from '../../../test/support/mysql-play.ts';
import { type Answer, type Peer, type Play, startRows } from '../../../test/support/mysql-stand-in.ts';
import { AssayError } from '../../errors/assay-error.ts';

/** What the driver and the connector make of a server that misbehaves. Nothing here is a MySQL: see docs/connectors.md. */

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
  const hurried = contextOf(undefined, 1_000);

  test.each<[string, Play, string, RegExp]>([
    ['is silent from the start', { greet: () => {} }, 'SOURCE_TIMEOUT', /stayed silent for 1000 ms/],
    ['is silent after the greeting', { login: () => {} }, 'SOURCE_TIMEOUT', /within 1000 ms/],
    [
      'greets in another protocol',
      { greet: ({ stream }) => void stream.end(garbage) },
      'SOURCE_UNREACHABLE',
      /not a MySQL or MariaDB/,
    ],
    ['hangs up at once', { greet: ({ stream }) => void stream.end() }, 'SOURCE_UNREACHABLE', /not a MySQL or MariaDB/],
    [
      'is silent after the login',
      { answer: (sql) => (sql.startsWith('SET NAMES') ? 'silence' : undefined) },
      'SOURCE_TIMEOUT',
      /within 1000 ms/,
    ],
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
    const mute: Play = { answer: () => 'silence' };
    for (const it of [{ greet: () => {} }, { login: () => {} }, mute] satisfies Play[]) {
      const server = await play(it);
      const controller = new AbortController();
      const outcome = connect(server, contextOf(controller.signal, 60_000)).catch((error: unknown) => error);
      while (server.peers.length === 0) await new Promise(setImmediate);
      if (it === mute) await server.awaitStatement(/^SET NAMES/);
      controller.abort();
      expect(await outcome).toMatchObject({ code: 'CANCELLED' });
    }
  });
});

describe('a question about the catalog that takes too long', () => {
  afterEach(() => void vi.useRealTimers());

  test.each<[string, RegExp, Answer]>([
    ['and brings nothing', /KEY_COLUMN_USAGE/, 'silence'],
    ['and stops in the middle', /information_schema\.COLUMNS/, (peer) => startRows(peer, ['TABLE_NAME'])],
  ])('%s is stopped in the server', async (_, question, answer) => {
    let asked: Peer | undefined;
    const server = await play({
      answer: (sql, peer) => {
        if (sql.startsWith('KILL')) asked?.writeError({ code: 1317, message: 'Query execution was interrupted' });
        if (!question.test(sql)) return undefined;
        asked = peer;
        return answer;
      },
    });
    const connection = await connect(server);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const events = listShop(connection);
    await server.awaitStatement(question);
    vi.advanceTimersByTime(120_000);
    await server.awaitStatement(/^KILL QUERY 2$/);
    expect((await events).at(-1)).toMatchObject({ kind: 'failed', error: { code: 'SOURCE_TIMEOUT' } });
  });

  test('does not count the time in which nobody takes what it brings', async () => {
    // As many as are handed on at once, and then one more.
    const column = (table: string, ordinal: number): (string | null)[] => [
      table,
      `c${ordinal}`,
      String(ordinal),
      null,
      'YES',
      'int',
      'int',
      ...Array<null>(9).fill(null),
    ];
    const server = await play({
      answer: (sql) => {
        if (sql.startsWith('SELECT TABLE_NAME AS name, TABLE_TYPE'))
          return ['big', 'small'].map((name) => ({ name, type: 'BASE TABLE', engine: 'InnoDB', remarks: '' }));
        if (!sql.includes('information_schema.COLUMNS')) return undefined;
        return (peer) => {
          startRows(
            peer,
            Array.from({ length: 16 }, (_, index) => `c${index}`),
          );
          for (let ordinal = 1; ordinal < 8_000; ordinal++) peer.writeTextRow(column('big', ordinal));
          peer.writeTextRow(column('small', 1));
          peer.writeEof();
        };
      },
    });
    const connection = await connect(server);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const kinds: string[] = [];
    for await (const event of connection.introspect({
      unit: { path: ['shop'], type: 'SCHEMA' },
      signal: contextOf().signal,
    })) {
      kinds.push(event.kind);
      vi.advanceTimersByTime(500_000);
    }
    expect(kinds).toEqual(['objects', 'objects', 'objects', 'complete']);
    expect(server.statements.some((sql) => sql.startsWith('KILL'))).toBe(false);
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

  test('a value that the server stumbled over is not in what is said', async () => {
    const end = (peer: Peer): void =>
      peer.writeError({ code: 1525, message: "Incorrect DATE value: 'alice@example.com'" });
    const server = await play({ answer: (sql) => (isRead(sql) ? cutShort(end) : undefined) });
    await expect(readItem(await connect(server))).rejects.toThrow('the server says: Incorrect DATE value (1525)');
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
    ['does not answer', { answer: () => 'silence' }],
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
    // Nor does the second connection stay.
    for (const { stream } of server.peers) if (!stream.closed) await once(stream, 'close');
  });
});
