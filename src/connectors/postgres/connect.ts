import type { Client, QueryResultRow } from 'pg';
import { AssayError } from '../../errors/assay-error.ts';
import type { ConnectContext } from '../connector.ts';
import { readTrustStore } from '../trust-store.ts';
import type { PostgresAddress } from './address.ts';
import { sqlStateOf, toSourceError } from './source-error.ts';
import { askForTls, dial, requestCancel } from './wire.ts';

/** A statement gets this long to stop after it was told to, then its connection is cut. */
const CANCEL_GRACE_MS = 700;
const CANCEL_DIAL_MS = 3_000;
/** The catalog has had all that is asked of it (generated columns, partition trees) since 12. */
const OLDEST = 120_000;

/** One read-only connection to the server, used by one thing at a time. */
export interface Session {
  client: Client;
  /** `server_version_num`, e.g. 180004. */
  version: number;
  encrypted: boolean;
  /** Runs one statement; when `signal` aborts, stops it in the server and rejects with CANCELLED. */
  query<Row extends QueryResultRow>(text: string, values?: unknown[], signal?: AbortSignal): Promise<Row[]>;
  /** Asks the server to stop the running statement; cuts the connection when that does not help in time. */
  stop(): Promise<void>;
  /** True once the connection can't be used any more. */
  readonly dead: boolean;
  end(): Promise<void>;
}

/** Opens a read-only, tagged session. Throws AssayError. */
export async function openSession(address: PostgresAddress, context: ConnectContext): Promise<Session> {
  try {
    return await openOnce(address, context, await wantsTls(address, context));
  } catch (error) {
    // `prefer` promises a plain connection when the server lets nobody in over TLS.
    if (address.sslMode === 'prefer' && sqlStateOf(error) === '28000' && /SSL (on|encryption)/i.test(String(error)))
      return await openOnce(address, context, false).catch(rethrow(address));
    throw toSourceError(error, address);
  }
}

const rethrow = (address: PostgresAddress) => (error: unknown) => {
  throw toSourceError(error, address);
};

/** `prefer` has to look first: the driver only knows "with" and "without". */
async function wantsTls(address: PostgresAddress, context: ConnectContext): Promise<boolean> {
  if (address.sslMode === 'disable') return false;
  const socket = await dial(address, context.connectTimeoutMs, context.signal);
  try {
    const answer = await askForTls(socket, address, context.connectTimeoutMs);
    if (answer === 'refused' && address.sslMode !== 'prefer')
      throw new Error('The server does not support SSL connections');
    return answer === 'offered';
  } finally {
    socket.destroy();
  }
}

async function openOnce(address: PostgresAddress, context: ConnectContext, encrypted: boolean): Promise<Session> {
  if (context.signal.aborted) throw new AssayError('CANCELLED', 'the work was cancelled before it connected');
  const { default: pg } = await import('pg');
  // Every setting is given, empty ones too: the driver would take what is missing from PG* variables of the worker.
  const client = new pg.Client({
    host: address.host,
    port: address.port,
    database: address.database,
    user: address.user,
    password: () => givePassword(address),
    ssl: encrypted ? await tlsOptions(address, context) : false,
    application_name: context.applicationName.slice(0, 63),
    connectionTimeoutMillis: context.connectTimeoutMs,
    keepAlive: true,
  });
  const session = new PgSession(client, address, encrypted);
  const abort = (): void => session.cut();
  context.signal.addEventListener('abort', abort, { once: true });
  try {
    await client.connect();
    await session.prepare();
  } catch (error) {
    session.cut();
    if (context.signal.aborted)
      throw new AssayError('CANCELLED', 'the work was cancelled while connecting', { cause: error });
    throw error;
  } finally {
    context.signal.removeEventListener('abort', abort);
  }
  return session;
}

function givePassword(address: PostgresAddress): string {
  if (address.password !== '') return address.password;
  throw new AssayError('SOURCE_AUTH', `the server asks for the password of user "${address.user}", but none was given`);
}

async function tlsOptions(address: PostgresAddress, context: ConnectContext): Promise<Record<string, unknown>> {
  const verify = address.sslMode.startsWith('verify');
  const options: Record<string, unknown> = { rejectUnauthorized: verify };
  if (address.sslMode === 'verify-ca') options.checkServerIdentity = () => undefined;
  if (!address.caFile) return options;
  options.ca = await readTrustStore(address.caFile, context);
  return options;
}

class PgSession implements Session {
  readonly client: Client;
  readonly encrypted: boolean;
  version = 0;
  #address: PostgresAddress;
  #dead = false;

  constructor(client: Client, address: PostgresAddress, encrypted: boolean) {
    this.client = client;
    this.#address = address;
    this.encrypted = encrypted;
    // Without a listener a connection that breaks while idle would end the process; the next query reports it.
    client.on('error', () => {
      this.#dead = true;
    });
    client.on('end', () => {
      this.#dead = true;
    });
  }

  get dead(): boolean {
    return this.#dead;
  }

  /**
   * Settings that our SQL and the text of values rely on, whatever the role or the database sets; poolers that drop startup options
   * get the read-only default here.
   */
  async prepare(): Promise<void> {
    await this.client.query(
      "SET default_transaction_read_only = on; SET standard_conforming_strings = on; SET client_encoding = 'UTF8'; SET timezone = 'UTC'; SET datestyle = 'ISO, YMD';" +
        " SET intervalstyle = 'postgres'; SET bytea_output = 'hex'; SET extra_float_digits = 1; SET idle_in_transaction_session_timeout = 0",
    );
    const { rows } = await this.client.query("SELECT current_setting('server_version_num')::int AS version");
    this.version = rows[0].version;
    if (this.version < OLDEST)
      throw new AssayError(
        'NOT_SUPPORTED',
        `the server is PostgreSQL ${Math.floor(this.version / 10_000)}, which its makers no longer mend; expected 12 or later`,
      );
    if (this.version < 140000) return;
    // Lets the server notice that we are gone while a statement runs. Refused on systems that can't poll a socket for it.
    await this.client.query("SET client_connection_check_interval = '2s'").catch(() => {});
  }

  async query<Row extends QueryResultRow>(text: string, values: unknown[] = [], signal?: AbortSignal): Promise<Row[]> {
    if (signal?.aborted) throw new AssayError('CANCELLED', 'the work was cancelled');
    if (this.#dead) throw new AssayError('SOURCE_LOST', 'the connection to the source is closed');
    const abort = (): void => void this.stop();
    signal?.addEventListener('abort', abort, { once: true });
    try {
      return (await this.client.query<Row>(text, values)).rows;
    } catch (error) {
      if (signal?.aborted)
        throw new AssayError('CANCELLED', 'the statement was stopped in the source', { cause: error });
      throw toSourceError(error, this.#address);
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  async stop(): Promise<void> {
    const key = this.client as unknown as { processID?: number; secretKey?: number };
    if (this.#dead || !key.processID) return this.cut();
    const timer = setTimeout(() => this.cut(), CANCEL_GRACE_MS);
    timer.unref();
    this.client.once('drain', () => clearTimeout(timer));
    await requestCancel(
      this.#address,
      this.encrypted,
      { processId: key.processID, secretKey: key.secretKey ?? 0 },
      CANCEL_DIAL_MS,
    ).catch(() => this.cut());
  }

  cut(): void {
    this.#dead = true;
    const { connection } = this.client as unknown as { connection: { stream: { destroy(): void } } };
    connection.stream.destroy();
  }

  async end(): Promise<void> {
    if (this.#dead) return;
    this.#dead = true;
    await this.client.end().catch(() => {});
  }
}
