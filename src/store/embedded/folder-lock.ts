import { closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { AssayError } from '../../errors/assay-error.ts';

/**
 * Locks of the operating system on a file: shared or exclusive, dropped by the kernel when the process ends however it
 * ends. Node has no `flock`; SQLite's own file locks (`fcntl`) are the same thing on every platform, seen across user
 * namespaces and containers on one machine. A file with pid and start time was rejected: breaking a stale one races.
 *
 * Nothing else may open these files in this process: closing any descriptor on a file drops the process's locks on it.
 */
export interface HeldLock {
  release(): void;
}

const SQLITE_BUSY = 5;
const POLL_MS = 20;

export function trySharedLock(file: string): HeldLock | undefined {
  return tryLock(file, 'BEGIN; SELECT count(*) FROM sqlite_master');
}

/** Held only while no one else holds the file, shared or exclusive. */
export function tryExclusiveLock(file: string): HeldLock | undefined {
  return tryLock(file, 'BEGIN EXCLUSIVE');
}

/** Waits for the exclusive lock. Throws EMBEDDED_FAILED after `timeoutMs`. */
export async function waitExclusiveLock(file: string, timeoutMs: number): Promise<HeldLock> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const lock = tryExclusiveLock(file);
    if (lock) return lock;
    if (performance.now() > deadline) {
      throw new AssayError(
        'EMBEDDED_FAILED',
        `Another process has been starting or stopping the embedded database for ${Math.round(timeoutMs / 1000)} s ` +
          `and does not end (it holds ${file}). End that process and try again.`,
      );
    }
    await delay(POLL_MS);
  }
}

function tryLock(file: string, statement: string): HeldLock | undefined {
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    database.exec(statement);
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return undefined;
    throw error;
  }
  return { release: () => database.close() };
}

/**
 * Makes the file with the given mode before SQLite does, which would follow the umask. One that is there is not opened: to
 * close it again would drop what this process holds on it.
 */
export function makeLockFile(file: string): void {
  try {
    closeSync(openSync(file, 'ax', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
