import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { AssayError } from '../../errors/assay-error.ts';
import { ADVISORY_LOCKS } from '../advisory-locks.ts';
import { isAlive } from './process-identity.ts';

const META_KEY = 'serve';
const GONE_WITHIN_MS = 3_000;
const RETRY_MS = 50;
/** A rotation encrypts some thousand secrets a second. */
const SHARED_WAIT_MS = 30_000;
const LOCK_NOT_AVAILABLE = '55P03';

export interface ServeClaim {
  release(): Promise<void>;
}

/**
 * Makes this process the only `assay serve` of a data folder. The claim is a session lock on a connection of its own, so it
 * ends with the process however that ends.
 *
 * @param onLost called when the connection breaks (the server was killed); claim again after that
 * @throws AssayError FOLDER_IN_USE naming the process and the port of the other server
 */
export async function claimServe(
  pool: pg.Pool,
  mine: { port: number; dataDir: string },
  onLost?: (error: Error) => void,
): Promise<ServeClaim> {
  return openClaim(pool, onLost, async (client) => {
    await takeLock(client, mine.dataDir);
    await client.query(
      'INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
      [META_KEY, JSON.stringify({ pid: process.pid, port: mine.port, host: hostname() })],
    );
  });
}

/**
 * Says that a server works on a database that several may share: nobody changes the secret key while one does.
 *
 * @param onLost called when the connection breaks; claim again after that
 * @throws AssayError CONFLICT when something keeps the database to itself for longer than a rotation takes
 */
export async function claimShared(pool: pg.Pool, onLost?: (error: Error) => void): Promise<ServeClaim> {
  return openClaim(pool, onLost, async (client) => {
    await client.query(`SET lock_timeout = ${SHARED_WAIT_MS}`);
    await client
      .query('SELECT pg_advisory_lock_shared($1, $2)', [...ADVISORY_LOCKS.serving])
      .catch((cause: { code?: string }) => {
        if (cause.code !== LOCK_NOT_AVAILABLE) throw cause;
        throw new AssayError(
          'CONFLICT',
          `For ${SHARED_WAIT_MS / 1_000} s somebody has kept the database to himself: \`assay key rotate\`, or a server that ` +
            'runs this PostgreSQL as its embedded one. Wait for it, or stop it, and start again.',
          { cause },
        );
      });
  });
}

async function openClaim(
  pool: pg.Pool,
  onLost: ((error: Error) => void) | undefined,
  take: (client: pg.Client) => Promise<void>,
): Promise<ServeClaim> {
  // The pool hides its password from enumeration, so the spread leaves it out.
  const { password } = pool.options;
  const client = new pg.Client({
    ...pool.options,
    password,
    keepAlive: true,
    application_name: 'assay serve claim',
  });
  let released = false;
  client.on('error', (error) => {
    if (!released) onLost?.(error);
  });
  await client.connect();
  try {
    await take(client);
  } catch (error) {
    released = true;
    await client.end().catch(() => undefined);
    throw error;
  }
  return {
    release: async () => {
      released = true;
      await client.end().catch(() => undefined);
    },
  };
}

/** Corrects the port once it is known: a server told to take a free one claims the folder before it listens. */
export async function announceServe(pool: pg.Pool, port: number): Promise<void> {
  await pool.query(`UPDATE meta SET value = jsonb_set(value, '{port}', to_jsonb($2::int)) WHERE key = $1`, [
    META_KEY,
    port,
  ]);
}

/**
 * The session of a server that was just killed lasts until the database notices, a few milliseconds later; who is restarted at
 * once must not be refused for that.
 */
async function takeLock(client: pg.Client, dataDir: string): Promise<void> {
  const deadline = performance.now() + GONE_WITHIN_MS;
  for (;;) {
    const locked = await client.query<{ ok: boolean }>('SELECT pg_try_advisory_lock($1, $2) AS ok', [
      ...ADVISORY_LOCKS.serving,
    ]);
    if (locked.rows[0]?.ok) return;
    const holder = await readHolder(client);
    const lives = holder && (holder.host !== hostname() || isAlive(holder.pid));
    if (lives || performance.now() > deadline) throw inUse(holder, dataDir);
    await delay(RETRY_MS);
  }
}

interface Holder {
  pid: number;
  port: number;
  host: string;
}

async function readHolder(client: pg.Client): Promise<Holder | undefined> {
  const found = await client.query<{ value: Holder }>('SELECT value FROM meta WHERE key = $1', [META_KEY]);
  return found.rows[0]?.value;
}

function inUse(holder: Holder | undefined, dataDir: string): AssayError {
  const who = holder ? `process ${holder.pid} on port ${holder.port}` : 'a server that is just starting';
  return new AssayError(
    'FOLDER_IN_USE',
    `The data folder ${dataDir} is already served by ${who}. Stop it, use another folder with --data, or run ` +
      `\`assay worker --data ${dataDir}\` to join it as a worker.`,
    { details: holder ? { ...holder } : {} },
  );
}
