import { hostname } from 'node:os';
import pg from 'pg';
import { AssayError } from '../../errors/assay-error.ts';

/** "ASAY", and 2 for "serving". */
export const SERVE_LOCK = [0x41534159, 2] as const;
const META_KEY = 'serve';

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
  // The pool hides its password from enumeration, so the spread leaves it out.
  const { password } = pool.options;
  const client = new pg.Client({ ...pool.options, password, application_name: 'assay serve claim' });
  let released = false;
  client.on('error', (error) => {
    if (!released) onLost?.(error);
  });
  await client.connect();
  try {
    const locked = await client.query<{ ok: boolean }>('SELECT pg_try_advisory_lock($1, $2) AS ok', [...SERVE_LOCK]);
    if (!locked.rows[0]?.ok) throw await inUse(client, mine.dataDir);
    await client.query(
      'INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
      [META_KEY, JSON.stringify({ pid: process.pid, port: mine.port, host: hostname() })],
    );
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

async function inUse(client: pg.Client, dataDir: string): Promise<AssayError> {
  const found = await client.query<{ value: { pid: number; port: number; host: string } }>(
    'SELECT value FROM meta WHERE key = $1',
    [META_KEY],
  );
  const other = found.rows[0]?.value;
  const who = other ? `process ${other.pid} on port ${other.port}` : 'a server that is just starting';
  return new AssayError(
    'FOLDER_IN_USE',
    `The data folder ${dataDir} is already served by ${who}. Stop it, use another folder with --data, or run ` +
      `\`assay worker --data ${dataDir}\` to join it as a worker.`,
    { details: other ? { ...other } : {} },
  );
}
