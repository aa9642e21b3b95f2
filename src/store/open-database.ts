import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { noticeLostClients } from './bound-waits.ts';
import { CopyCursor } from './copy-into.ts';
import type { Database, Db } from './database.ts';
import { keepPlans } from './kept-plans.ts';

export interface OpenDatabase {
  db: Db;
  pool: pg.Pool;
}

const INT8 = 20;

/** int8 as a number: our counters stay far below 2^53; beyond it the text is kept rather than rounded. */
function parseInt8(text: string): number | string {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : text;
}

const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === INT8 && format !== 'binary' ? parseInt8 : pg.types.getTypeParser(oid, format as 'text')) as never,
};

/**
 * A pool of connections to the catalog's own database. A connection that breaks while idle is dropped and reported to
 * `onIdleError`; it never ends the process.
 */
export function openDatabase(
  connection: pg.PoolConfig,
  options: { max: number; applicationName: string; onIdleError?: (error: Error) => void },
): OpenDatabase {
  const pool = new pg.Pool({
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
    ...connection,
    max: options.max,
    application_name: options.applicationName,
    types,
    onConnect: noticeLostClients,
  });
  // While a connection is handed out the pool does not listen to it, and one that breaks between two statements of a
  // transaction would end the process. The next statement on it fails, and the pool then drops it.
  pool.on('connect', (client) => {
    client.on('error', () => undefined);
    keepPlans(client);
  });
  pool.on('error', (error) => options.onIdleError?.(error));
  return { db: new Kysely<Database>({ dialect: new PostgresDialect({ pool, cursor: CopyCursor }) }), pool };
}
