import type pg from 'pg';
import { AssayError } from '../errors/assay-error.ts';
import type { Db } from './database.ts';
import { type Embedded, openEmbedded } from './embedded/open-embedded.ts';
import { type OpenDatabase, openDatabase } from './open-database.ts';

export interface Store {
  db: Db;
  pool: pg.Pool;
  /** Undefined with DATABASE_URL. */
  embedded: Embedded | undefined;
  /** Connections of their own, for what must never wait behind the others; closed with the store. */
  openAside(options: { max: number; applicationName: string }): OpenDatabase;
  /** Call after a lost connection: starts a killed embedded server again; with DATABASE_URL only asks for an answer. */
  ensureRunning(): Promise<void>;
  /** Closes the pool and leaves the embedded server, stopping it if nobody else uses it. */
  close(): Promise<void>;
}

export interface StoreOptions {
  /** A PostgreSQL of the user's own; without it the embedded one below `dataDir`. */
  databaseUrl?: string | undefined;
  dataDir: string;
  /** Seen in pg_stat_activity. */
  applicationName: string;
  /** Connections of this process; default 10. */
  maxConnections?: number;
  /** One line for the person who reads the log. */
  log: (line: string) => void;
}

const OLDEST_MAJOR = 14;

/**
 * Opens the catalog's own database. Does not migrate: see `migrate`.
 *
 * @throws AssayError STORE_UNAVAILABLE, STORE_FAILED (a server older than 14), EMBEDDED_FAILED, DISK_FULL
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const embedded = options.databaseUrl ? undefined : await openEmbedded(options.dataDir, { log: options.log });
  let closed: Promise<void> | undefined;
  const opened: OpenDatabase[] = [];
  const open = (pool: { max: number; applicationName: string }): OpenDatabase => {
    const one = openDatabase(embedded?.connection ?? { connectionString: options.databaseUrl! }, {
      ...pool,
      onIdleError: (error) => {
        // Stopping the embedded server ends connections that are just being closed.
        if (!closed) options.log(`A connection to the catalog database broke: ${error.message}`);
      },
    });
    opened.push(one);
    return one;
  };
  const { db, pool } = open({ max: options.maxConnections ?? 10, applicationName: options.applicationName });
  const close = async (): Promise<void> => {
    for (const one of opened) {
      await one.db.destroy();
      // Kysely ends the pool only if a statement went through it; connections left idle hold the process for 30 s.
      if (!one.pool.ended) await one.pool.end();
    }
    await embedded?.release();
  };
  const store: Store = {
    db,
    pool,
    embedded,
    openAside: open,
    ensureRunning: async () => {
      if (!embedded) {
        await checkVersion(pool);
        return;
      }
      await embedded.ensureRunning();
      // The pools copied their settings; a server that came back may have another socket folder.
      for (const one of opened) one.pool.options.host = embedded.connection.host;
    },
    close: () => {
      closed ??= close();
      return closed;
    },
  };
  try {
    await checkVersion(pool);
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function checkVersion(pool: pg.Pool): Promise<void> {
  let version: number;
  try {
    const found = await pool.query<{ version: number }>("SELECT current_setting('server_version_num')::int AS version");
    version = found.rows[0]!.version;
  } catch (cause) {
    throw new AssayError('STORE_UNAVAILABLE', `The catalog database cannot be reached: ${describe(cause)}`, { cause });
  }
  if (version < OLDEST_MAJOR * 10_000) {
    throw new AssayError(
      'STORE_FAILED',
      `The catalog database is PostgreSQL ${Math.floor(version / 10_000)}; Assay needs ${OLDEST_MAJOR} or later.`,
    );
  }
}

/** Messages of the driver name host, port and user, never the password. Several addresses make an empty message. */
function describe(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(describe).join('; ');
  return error instanceof Error ? error.message : String(error);
}
