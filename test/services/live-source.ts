import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import type { ConnectContext, Connection, Connector, SourceConfig, TestStep } from '../../src/connectors/connector.ts';
import type { ErrorCode } from '../../src/errors/table.ts';

export type Changes = Partial<Record<string, unknown>>;

/** What scripts/services.sh says of each kind of server. */
export interface LiveServers {
  expiredPort: string;
  plainPort: string;
  password: string;
  ca: string;
  otherCa: string;
}

/** One connector against its live servers. */
export class LiveSource {
  readonly #connector: Connector;
  readonly #toConfig: (changes: Changes) => SourceConfig;
  readonly #live: LiveServers;

  constructor(connector: Connector, toConfig: (changes: Changes) => SourceConfig, live: LiveServers) {
    this.#connector = connector;
    this.#toConfig = toConfig;
    this.#live = live;
  }

  context(signal = new AbortController().signal): ConnectContext {
    return {
      signal,
      applicationName: 'assay live test',
      fileRoots: [dirname(this.#live.ca)],
      protectedPaths: [],
      connectTimeoutMs: 3_000,
    };
  }

  async steps(changes: Changes = {}): Promise<TestStep[]> {
    const steps: TestStep[] = [];
    for await (const step of this.#connector.test(this.#toConfig(changes), this.context())) steps.push(step);
    return steps;
  }

  connect(changes: Changes = {}): Promise<Connection> {
    return this.#connector.connect(this.#toConfig(changes), this.context());
  }

  async with(changes: Changes, work: (connection: Connection) => Promise<void>): Promise<void> {
    const connection = await this.connect(changes);
    try {
      await work(connection);
    } finally {
      await connection.close();
    }
  }

  /** The steps of a test against something that answers so. */
  async stepsAgainst(answer: (socket: Socket) => void): Promise<TestStep[]> {
    const sockets: Socket[] = [];
    const server = createServer((socket) => {
      sockets.push(socket.on('error', () => {}));
      answer(socket);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const steps = await this.steps({ host: '127.0.0.1', port: String(port) });
    for (const socket of sockets) socket.destroy();
    server.close();
    return steps;
  }

  /** With a schema `shop`, and settings that check the certificate. */
  testWorks(): void {
    test('is encrypted, checked down to the name in the certificate, and passes every step', async () => {
      const steps = await this.steps();
      expect(steps.filter((step) => step.outcome !== 'ok')).toEqual([]);
      expect(steps.find((step) => step.name === 'encrypt')?.found).toMatchObject({ tls: true, sslMode: 'verify-full' });
      expect(steps.find((step) => step.name === 'list schemas')?.found).toMatchObject({
        schemas: expect.arrayContaining(['shop']),
      });
    });
  }

  /** Each fault, and those of every server with a login, must be told by its step, its code and its words. */
  testFaults(own: readonly Fault[]): void {
    const faults = [...own, ...COMMON, ...tlsFaults(this.#live)];
    test.each(faults)('$name fails at "$step" with $code', async ({ change, step, code, says }) => {
      const steps = await this.steps(change);
      const failed = steps.at(-1)!;
      expect(failed, JSON.stringify(steps, null, 1)).toMatchObject({ name: step, outcome: 'failed', code });
      expect(`${failed.reason}; ${failed.remedy}`).toMatch(says);
      expect(failed.remedy).not.toBe('');
      expect(JSON.stringify(steps)).not.toContain(this.#live.password);
    });
  }
}

export interface Fault {
  name: string;
  change: Changes;
  step: string;
  code: ErrorCode;
  says: RegExp;
}

/** A login that is refused. */
export const refused = (name: string, change: Changes, says: RegExp): Fault => ({
  name,
  change,
  step: 'authenticate',
  code: 'SOURCE_AUTH',
  says,
});

const COMMON: readonly Fault[] = [
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
  refused('a wrong password', { password: 'not it' }, /refuses user "assay_admin"/),
  refused('an unknown user', { userName: 'nobody_here' }, /nobody_here/),
  {
    name: 'an unknown database',
    change: { databaseName: 'no_such_db' },
    step: 'open database',
    code: 'SOURCE_NO_DATABASE',
    says: /no_such_db/,
  },
];

const untrusted = (name: string, change: Changes, says: RegExp): Fault => ({
  name,
  change,
  step: 'encrypt',
  code: 'SOURCE_TLS',
  says,
});

const tlsFaults = ({ otherCa, expiredPort, plainPort }: LiveServers): Fault[] => [
  untrusted(
    'an authority that did not sign the certificate',
    { trustStoreLocation: otherCa },
    /signed by nobody we trust/,
  ),
  untrusted('no authority named', { trustStoreLocation: '' }, /trustStoreLocation/),
  untrusted('a trust store that is not there', { trustStoreLocation: '/no/such/file.pem' }, /\/no\/such\/file\.pem/),
  untrusted('a certificate for another name', { host: '127.0.0.1' }, /another name/),
  untrusted('an expired certificate', { port: expiredPort }, /expired/),
  untrusted('a server without TLS where TLS is wanted', { port: plainPort }, /no encrypted connections/),
];
