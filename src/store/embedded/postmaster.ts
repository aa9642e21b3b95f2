import { once } from 'node:events';
import { open, readFile, rm, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { AssayError } from '../../errors/assay-error.ts';
import { DATABASE, explainSpawn, startFailure } from './cluster.ts';
import { handOver, type Place, spawnAt } from './place.ts';
import { isAlive, isPostgresOf } from './process-identity.ts';
import { SOCKET_PORT, serverSettings } from './server-settings.ts';

export interface Running {
  pid: number;
  socketFolder: string;
}

const POLL_MS = 15;
const LOG_LIMIT_BYTES = 5_000_000;
/** Recovery after a crash replays at most `max_wal_size` of log; seconds on a laptop, a minute on a poor disk. */
const READY_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 60_000;

/** The server that runs on this cluster, if one does. */
export async function findRunning(place: Place): Promise<Running | undefined> {
  const text = await readFile(join(place.cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0 || !isPostgresOf(pid, place.cluster)) return undefined;
  // Lines of postmaster.pid: pid, data folder, start time, port, socket folder, …
  return { pid, socketFolder: (lines[4] ?? '').trim() };
}

/**
 * A server we cannot see but that answers on the folder's socket belongs to another container: to start a second one on the
 * same files would destroy them. PostgreSQL itself does not notice, because process ids and shared memory are apart as well.
 */
export async function refuseHiddenServer(place: Place): Promise<void> {
  const text = await readFile(join(place.cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  const [pid, , , , noted] = text.split('\n');
  if (pid === undefined || pid === '') return;
  // The other container may know the data folder under another path.
  for (const folder of [noted?.trim(), join(dirname(place.cluster), 'socket')]) {
    if (!folder || !(await answers(join(folder, `.s.PGSQL.${SOCKET_PORT}`)))) continue;
    throw new AssayError(
      'FOLDER_IN_USE',
      `The database in ${place.cluster} is run by process ${pid} of another container or process namespace. Stop it there, ` +
        'use another folder with --data, or set DATABASE_URL to a PostgreSQL that both can reach.',
    );
  }
}

function answers(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = connect(socket);
    connection.once('connect', () => {
      connection.destroy();
      resolve(true);
    });
    connection.once('error', () => resolve(false));
  });
}

/** Starts the server; ready means that it answers a login. Call while holding the start lock, when none runs. */
export async function startServer(place: Place, socketFolder: string, login: pg.ClientConfig): Promise<Running> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce(place, socketFolder, login);
    } catch (error) {
      // Backends of a server that was killed notice within a moment and let go of its memory.
      const held = error instanceof AssayError && /shared memory block/.test(error.message);
      if (!held || attempt === 20) throw error;
      await delay(250);
    }
  }
}

async function startOnce(place: Place, socketFolder: string, login: pg.ClientConfig): Promise<Running> {
  await removeStalePidFiles(place, socketFolder);
  const logFile = join(place.home, 'server.log');
  const log = await openLog(place, logFile);
  const from = (await log.stat()).size;
  const args = ['-D', place.cluster];
  for (const [name, value] of Object.entries(serverSettings(socketFolder))) args.push('-c', `${name}=${value}`);
  // Detached: a process group of its own, so that Ctrl-C in our terminal does not reach it and it outlives us.
  const child = spawnAt(place, place.binaries.postgres, args, {
    cwd: '/',
    env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' },
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  });
  const ended = once(child, 'exit').then(
    ([code, signal]) => `postgres ended with ${signal ?? `code ${code}`}`,
    (cause: Error) => `postgres could not be started: ${explainSpawn(cause)}`,
  );
  let end: string | undefined;
  ended.then((what) => {
    end = what;
  });
  try {
    await waitUntilReady(login, async () => {
      if (end !== undefined) throw startFailure(end, await readLogFrom(logFile, from), place);
    });
  } catch (error) {
    // It runs but cannot be used; nobody would ever stop it.
    if (end === undefined && child.pid !== undefined) {
      child.kill('SIGINT');
      await ended;
    }
    throw error;
  } finally {
    await log.close();
    child.unref();
  }
  return { pid: child.pid!, socketFolder };
}

/** Waits until the server takes logins; `check` may throw to give up. Makes our database when it is not there. */
export async function waitUntilReady(login: pg.ClientConfig, check: () => Promise<void>): Promise<void> {
  const deadline = performance.now() + READY_TIMEOUT_MS;
  for (;;) {
    await check();
    const client = new pg.Client({ ...login, connectionTimeoutMillis: 10_000 });
    client.on('error', () => undefined); // the server went away again: the next turn finds out
    try {
      await client.connect();
      return;
    } catch (error) {
      const code = (error as { code?: string }).code ?? '';
      if (code === '3D000') await createDatabase(login);
      else if (code === '28P01') throw wrongPassword(error);
      else if (performance.now() > deadline) {
        throw new AssayError('EMBEDDED_FAILED', 'The embedded database does not answer.', { cause: error });
      } else await delay(POLL_MS);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

/** Fast shutdown, as `pg_ctl stop -m fast` does it: sessions are ended, everything is on the disk. */
export async function stopServer(place: Place, running: Running, log: (line: string) => void): Promise<void> {
  if (!isPostgresOf(running.pid, place.cluster)) return;
  process.kill(running.pid, 'SIGINT');
  const deadline = performance.now() + STOP_TIMEOUT_MS;
  while (isAlive(running.pid)) {
    if (performance.now() > deadline) {
      log(`The embedded database (process ${running.pid}) does not stop; it is left running.`);
      return;
    }
    await delay(POLL_MS);
  }
}

/**
 * A pid file whose number now belongs to somebody else, or to a dead process that nobody collects, makes PostgreSQL refuse to
 * start. Both of its pid files are taken away only after we saw that no postgres of this cluster has that number; a server on
 * the same data is still found by its shared memory.
 */
async function removeStalePidFiles(place: Place, socketFolder: string): Promise<void> {
  if ((await findRunning(place)) !== undefined) return;
  await rm(join(place.cluster, 'postmaster.pid'), { force: true });
  await rm(join(socketFolder, `.s.PGSQL.${SOCKET_PORT}.lock`), { force: true });
}

async function createDatabase(login: pg.ClientConfig): Promise<void> {
  const client = new pg.Client({ ...login, database: 'postgres' });
  try {
    await client.connect();
    await client.query(`CREATE DATABASE ${DATABASE}`);
  } finally {
    await client.end();
  }
}

function wrongPassword(cause: unknown): AssayError {
  return new AssayError(
    'EMBEDDED_FAILED',
    'The embedded database refuses the password in the file pg/password of the data folder. Put the right file back.',
    { cause },
  );
}

async function openLog(place: Place, file: string) {
  const size = (await stat(file).catch(() => undefined))?.size ?? 0;
  const handle = await open(file, size > LOG_LIMIT_BYTES ? 'w' : 'a', 0o600);
  await handOver(place, file);
  return handle;
}

async function readLogFrom(file: string, offset: number): Promise<string> {
  const bytes = await readFile(file);
  return bytes.subarray(offset).toString('utf8');
}
