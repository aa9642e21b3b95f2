import { chmod, realpath, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type pg from 'pg';
import { AssayError } from '../../errors/assay-error.ts';
import { makeFolder } from '../make-folder.ts';
import { findBinaries } from './binaries.ts';
import { DATABASE, ensureCluster, ensurePassword, SUPERUSER } from './cluster.ts';
import { type HeldLock, makeLockFile, tryExclusiveLock, trySharedLock, waitExclusiveLock } from './folder-lock.ts';
import { choosePlace, handOver, type Place, type PlaceOptions } from './place.ts';
import {
  findRunning,
  type Running,
  refuseHiddenServer,
  startServer,
  stopServer,
  waitUntilReady,
} from './postmaster.ts';
import { SOCKET_PORT } from './server-settings.ts';
import { prepareSocketFolder, removeSocketFolder } from './socket-folder.ts';

export interface Embedded {
  /** For a pool. The same object throughout; `host` changes if the server had to come back under another socket. */
  connection: pg.ClientConfig;
  /** The same as text, for tools and other processes. Holds the password. */
  connectionString(): string;
  /** Process id of the server when it was last seen. */
  serverPid(): number;
  /** Starts the server again if it was killed; many callers at once start it once. */
  ensureRunning(): Promise<void>;
  /** Leaves; the last process to leave stops the server. */
  release(): Promise<void>;
}

/** Longer than any start or stop of a healthy server, a recovery included. */
const LOCK_TIMEOUT_MS = 180_000;

/**
 * Joins the embedded server of a data folder, starting it (and at first making it) when it does not run.
 *
 * Every process that uses the folder holds a shared lock on `pg/members.lock` from here to `release`. Joining and leaving
 * happen one at a time behind `pg/start.lock`. Who leaves and then gets the members' lock exclusively was the last and stops
 * the server. The kernel drops the locks of a killed process, so nothing is ever stale.
 *
 * @param dataDir the folder given with --data; made when missing
 * @throws AssayError EMBEDDED_FAILED, DISK_FULL, FOLDER_IN_USE
 */
export async function openEmbedded(dataDir: string, options: PlaceOptions): Promise<Embedded> {
  const binaries = await findBinaries();
  const home = await prepareHome(dataDir);
  for (const file of ['start.lock', 'members.lock']) makeLockFile(join(home, file));
  const start = await waitExclusiveLock(join(home, 'start.lock'), LOCK_TIMEOUT_MS);
  try {
    const place = await choosePlace(home, binaries, options);
    for (const file of ['start.lock', 'members.lock']) await handOver(place, join(home, file));
    const members = join(home, 'members.lock');
    const membership = trySharedLock(members);
    if (!membership) throw new AssayError('EMBEDDED_FAILED', `${members} is locked by a foreign program.`);
    try {
      await ensureCluster(place, options.log);
      const connection = { ...LOGIN, password: await ensurePassword(place) };
      const running = await bringUp(place, connection);
      return asMember(place, membership, connection, running, options.log);
    } catch (error) {
      membership.release();
      throw error;
    }
  } finally {
    start.release();
  }
}

const LOGIN = { user: SUPERUSER, database: DATABASE, port: SOCKET_PORT, ssl: false };

function asMember(
  place: Place,
  membership: HeldLock,
  connection: pg.ClientConfig,
  first: Running,
  log: (line: string) => void,
): Embedded {
  let running = first;
  let starting: Promise<void> | undefined;
  let released: Promise<void> | undefined;

  const restart = async (): Promise<void> => {
    if (released) throw new AssayError('STORE_UNAVAILABLE', 'The embedded database was already left by this process.');
    const lock = await waitExclusiveLock(join(place.home, 'start.lock'), LOCK_TIMEOUT_MS);
    try {
      const before = running.pid;
      running = await bringUp(place, connection);
      if (running.pid !== before) log(`The embedded database was gone and runs again (process ${running.pid}).`);
    } finally {
      lock.release();
    }
  };

  const leave = async (): Promise<void> => {
    await starting?.catch(() => undefined);
    const lock = await waitExclusiveLock(join(place.home, 'start.lock'), LOCK_TIMEOUT_MS);
    try {
      membership.release();
      const last = tryExclusiveLock(join(place.home, 'members.lock'));
      if (!last) return;
      try {
        const found = await findRunning(place);
        if (found) await stopServer(place, found, log);
        await removeSocketFolder(place, running.socketFolder);
      } finally {
        last.release();
      }
    } finally {
      lock.release();
    }
  };

  return {
    connection,
    connectionString: () =>
      `postgresql://${SUPERUSER}:${connection.password}@/${DATABASE}?host=${encodeURIComponent(connection.host!)}&port=${SOCKET_PORT}`,
    serverPid: () => running.pid,
    ensureRunning: () => {
      starting ??= restart().finally(() => {
        starting = undefined;
      });
      return starting;
    },
    release: () => {
      released ??= leave();
      return released;
    },
  };
}

/** Finds or starts the server and waits until it answers. Sets `connection.host`. */
async function bringUp(place: Place, connection: pg.ClientConfig): Promise<Running> {
  const found = await findRunning(place);
  if (found) {
    connection.host = found.socketFolder;
    let gone = false;
    await waitUntilReady(connection, async () => {
      gone = (await findRunning(place)) === undefined;
      if (gone) throw new AssayError('EMBEDDED_FAILED', 'The embedded database ended while it was joined.');
    }).catch((error) => {
      if (!gone) throw error;
    });
    if (!gone) return found;
  }
  await refuseHiddenServer(place);
  connection.host = await prepareSocketFolder(place);
  return startServer(place, connection.host, connection);
}

/** `<data>/pg`, closed to others. */
async function prepareHome(dataDir: string): Promise<string> {
  const home = join(resolve(dataDir), 'pg');
  try {
    await makeFolder(home, 0o700);
    const uid = process.getuid?.();
    const { uid: owner } = await stat(home);
    if (uid !== 0 && owner !== uid) {
      throw new AssayError(
        'EMBEDDED_FAILED',
        `The data folder ${dataDir} belongs to uid ${owner} and Assay runs as uid ${uid}. Start it as the owner, use another ` +
          'folder (--data), or give this one to the user that runs Assay (chown -R).',
      );
    }
    await chmod(home, 0o700);
    return await realpath(home);
  } catch (cause) {
    if (cause instanceof AssayError) throw cause;
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === 'ENOSPC' || code === 'EDQUOT') {
      throw new AssayError('DISK_FULL', `The disk that holds ${dataDir} is full. Free some space.`, { cause });
    }
    throw new AssayError(
      'EMBEDDED_FAILED',
      `The data folder ${dataDir} cannot be used: ${(cause as Error).message}. Use another with --data, or mend its rights.`,
      { cause },
    );
  }
}
