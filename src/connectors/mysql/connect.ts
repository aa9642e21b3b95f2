import { isIP, type Socket } from 'node:net';
import type { ConnectionOptions, Connection as Driver } from 'mysql2';
import { AssayError } from '../../errors/assay-error.ts';
import type { ConnectContext } from '../connector.ts';
import { dial } from '../dial.ts';
import { isSocket } from '../server-address.ts';
import { readTrustStore } from '../trust-store.ts';
import { at, type MysqlAddress } from './address.ts';
import { MysqlSession, type Session } from './session.ts';
import { toSourceError } from './source-error.ts';

/** How far an attempt to open a session came, for the steps of the connection test. */
export interface Progress {
  /** The socket of an earlier step, used in place of a new one. */
  socket?: Socket | undefined;
  /** Set once the connection is encrypted and the certificate found good. */
  encrypted?: boolean;
  /** Set when `prefer` had to do without encryption. */
  plain?: boolean;
}

/** Opens a read-only, tagged session. Throws AssayError. */
export async function openSession(
  address: MysqlAddress,
  context: ConnectContext,
  progress: Progress = {},
): Promise<Session> {
  const session = await openDriver(address, context, progress, context.signal);
  const { signal, connectTimeoutMs } = context;
  const cut = (): void => session.cut();
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    cut();
  }, connectTimeoutMs);
  signal.addEventListener('abort', cut, { once: true });
  try {
    signal.throwIfAborted();
    await session.prepare();
    return session;
  } catch (error) {
    cut();
    if (signal.aborted) throw cancelled(error);
    throw isLate ? tooSlow(address, connectTimeoutMs) : toSourceError(error, address);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', cut);
  }
}

async function openDriver(
  address: MysqlAddress,
  context: ConnectContext,
  progress: Progress,
  signal: AbortSignal | undefined,
): Promise<MysqlSession> {
  if (signal?.aborted) throw new AssayError('CANCELLED', 'the work was cancelled before it connected');
  try {
    const encrypted = address.sslMode !== 'disable';
    const { connection, socket } = await openOnce(address, context, encrypted, progress, signal).catch((error) => {
      if (address.sslMode !== 'prefer' || (error as { code?: string }).code !== 'HANDSHAKE_NO_SSL_SUPPORT') throw error;
      progress.plain = true;
      return openOnce(address, context, false, { ...progress, socket: undefined }, signal);
    });
    const isEncrypted = encrypted && progress.plain !== true;
    const kill = (id: string): Promise<void> => killQuery(address, context, id, isEncrypted);
    return new MysqlSession(connection, socket, address, context.applicationName, isEncrypted, kill);
  } catch (error) {
    if (signal?.aborted) throw cancelled(error);
    throw toSourceError(error, address);
  }
}

const cancelled = (cause: unknown): AssayError =>
  new AssayError('CANCELLED', 'the work was cancelled while connecting', { cause });

/** Opens the bare connection, for the first step of a connection test too. */
export function dialServer(address: MysqlAddress, context: ConnectContext, signal?: AbortSignal): Promise<Socket> {
  const { host, port } = address;
  const target = isSocket(host) ? { path: host } : { host, port };
  return dial(target, at(address), context.connectTimeoutMs, signal);
}

async function openOnce(
  address: MysqlAddress,
  context: ConnectContext,
  encrypted: boolean,
  progress: Progress,
  signal: AbortSignal | undefined,
): Promise<{ connection: Driver; socket: Socket }> {
  const { default: mysql } = await import('mysql2');
  const ssl = encrypted ? await tlsOptions(address, context) : undefined;
  const socket = progress.socket ?? (await dialServer(address, context, signal));
  // Node checks a certificate against the name a socket was opened by, which it does not keep of an address.
  if (isIP(address.host)) (socket as Socket & { _host?: string })._host = address.host;
  socket.setNoDelay(true).setKeepAlive(true, 30_000);
  await awaitGreeting(socket, address, context.connectTimeoutMs, signal);
  const options: ConnectionOptions = {
    stream: socket,
    host: address.host,
    port: address.port,
    user: address.user,
    password: address.password,
    ...(address.database === '' ? {} : { database: address.database }),
    ...(ssl ? { ssl } : {}),
    connectTimeout: context.connectTimeoutMs,
    connectAttributes: { program_name: context.applicationName.slice(0, 200) },
    // A server may ask for any file of the client with LOCAL INFILE; found rows and old spacing rules are not ours.
    flags: ['-LOCAL_FILES', '-IGNORE_SPACE', '-ODBC'],
    // Sends the password as it is: only to a server whose certificate was checked.
    enableCleartextPlugin: encrypted && address.sslMode.startsWith('verify'),
  };
  return new Promise((resolve, reject) => {
    const connection = mysql.createConnection(options);
    const fail = (error: unknown): void => {
      signal?.removeEventListener('abort', abort);
      connection.on('error', () => {});
      socket.destroy();
      const isSlow = (error as { code?: string }).code === 'ETIMEDOUT';
      reject(isSlow ? tooSlow(address, context.connectTimeoutMs) : error);
    };
    const abort = (): void => fail(new AssayError('CANCELLED', 'the work was cancelled while connecting'));
    connection.once('error', fail);
    const events = connection as unknown as NodeJS.EventEmitter;
    events.once('connect', () => {
      // Whoever gets the connection listens a moment later; what comes until then is as fatal, and would end the process.
      connection.on('error', () => socket.destroy());
      connection.removeListener('error', fail);
      signal?.removeEventListener('abort', abort);
      resolve({ connection, socket });
    });
    signal?.addEventListener('abort', abort, { once: true });
    watchTls(connection, progress);
  });
}

/** The driver puts the encrypted stream in the place of the socket; it says when its certificate was accepted. */
function watchTls(connection: Driver, progress: Progress): void {
  const driver = connection as unknown as { startTLS(done: (error?: Error) => void): void };
  const start = driver.startTLS.bind(connection);
  driver.startTLS = (done) =>
    start((error) => {
      if (!error) progress.encrypted = true;
      done(error);
    });
}

/** The first packet tells a server of this protocol from anything else that may listen there. It is left in the socket for the driver. */
function awaitGreeting(
  socket: Socket,
  address: MysqlAddress,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: unknown): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      for (const event of ['readable', 'end', 'error']) socket.removeAllListeners(event);
      if (error === undefined) resolve();
      else {
        socket.on('error', () => {});
        socket.destroy();
        reject(error);
      }
    };
    const abort = (): void => settle(new AssayError('CANCELLED', 'the work was cancelled while connecting'));
    const timer = setTimeout(() => settle(silentServer(address, timeoutMs)), timeoutMs);
    // It may have hung up already, after which no event comes.
    if (socket.readableEnded || socket.destroyed) return settle(notMysql(address));
    signal?.addEventListener('abort', abort, { once: true });
    socket.once('error', settle);
    socket.once('end', () => settle(notMysql(address)));
    socket.on('readable', () => {
      const bytes = socket.read() as Buffer | null;
      if (bytes === null) return;
      settle(isGreeting(bytes) ? undefined : notMysql(address));
      socket.unshift(bytes);
    });
  });
}

/** Protocol version 10, or an error in place of the greeting; both are packet 0. */
function isGreeting(bytes: Buffer): boolean {
  return bytes.length < 5 || (bytes[3] === 0 && (bytes[4] === 10 || bytes[4] === 0xff));
}

const notMysql = (address: MysqlAddress): AssayError =>
  new AssayError(
    'SOURCE_UNREACHABLE',
    `what answers at ${at(address)} is not a MySQL or MariaDB server; check the port`,
  );

const silentServer = (address: MysqlAddress, timeoutMs: number): AssayError =>
  new AssayError(
    'SOURCE_TIMEOUT',
    `${at(address)} accepts connections but stayed silent for ${timeoutMs} ms; expected a MySQL or MariaDB server`,
  );

const tooSlow = (address: MysqlAddress, timeoutMs: number): AssayError =>
  new AssayError('SOURCE_TIMEOUT', `${at(address)} did not finish opening a session within ${timeoutMs} ms`);

async function tlsOptions(address: MysqlAddress, context: ConnectContext): Promise<Record<string, unknown>> {
  return {
    rejectUnauthorized: address.sslMode.startsWith('verify'),
    verifyIdentity: address.sslMode === 'verify-full',
    ...(address.caFile ? { ca: await readTrustStore(address.caFile, context) } : {}),
  };
}

const KILL_TIMEOUT_MS = 3_000;

/** Stops the statement that a session runs, by way of a second connection of the same user. */
async function killQuery(
  address: MysqlAddress,
  context: ConnectContext,
  id: string,
  encrypted: boolean,
): Promise<void> {
  const to = encrypted ? address : { ...address, sslMode: 'disable' as const };
  const hurried = { ...context, connectTimeoutMs: KILL_TIMEOUT_MS };
  const killer = await openDriver({ ...to, database: '' }, hurried, {}, undefined);
  const timer = setTimeout(() => killer.cut(), KILL_TIMEOUT_MS);
  try {
    await killer.query(`KILL QUERY ${Number(id)}`);
  } finally {
    clearTimeout(timer);
    await killer.end();
  }
}
