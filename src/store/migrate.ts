import type pg from 'pg';
import { AssayError } from '../errors/assay-error.ts';
import { ADVISORY_LOCKS } from './advisory-locks.ts';
import { MIGRATIONS, type Migration } from './migrations/index.ts';

const TABLE = `CREATE TABLE IF NOT EXISTS migration (
  name text COLLATE "C" PRIMARY KEY,
  applied_at timestamptz NOT NULL DEFAULT now()
)`;

export interface MigrationPlan {
  applied: string[];
  pending: string[];
}

/**
 * Brings the database up to this version of Assay and gives what it applied.
 *
 * However many processes call it at once, one migrates and the others wait for it: everything happens in one transaction
 * behind an advisory lock, so a crash in the middle leaves the database as it was.
 *
 * @throws AssayError STORE_NEWER when the database knows a migration that this version does not.
 */
export async function migrate(pool: pg.Pool, migrations: readonly Migration[] = MIGRATIONS): Promise<string[]> {
  // Without this look, every start would take the lock and wait behind a long migration it has no part in.
  if ((await planMigrations(pool, migrations)).pending.length === 0) return [];
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('BEGIN');
    await beginMigrating(client);
    const { pending } = await readPlan(client, migrations);
    const missing = migrations.filter((migration) => pending.includes(migration.name));
    for (const migration of missing) await applyMigration(client, migration);
    await client.query('COMMIT');
    return pending;
  } catch (error) {
    await client.query('ROLLBACK').catch((rollbackError: Error) => {
      broken = rollbackError;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

/** What `migrate` would do; changes nothing. Throws STORE_NEWER like it. */
export async function planMigrations(
  pool: pg.Pool,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<MigrationPlan> {
  const found = await pool.query<{ found: boolean }>(`SELECT to_regclass('migration') IS NOT NULL AS found`);
  if (!found.rows[0]?.found) return { applied: [], pending: migrations.map((migration) => migration.name) };
  return readPlan(pool, migrations);
}

async function readPlan(db: pg.Pool | pg.PoolClient, migrations: readonly Migration[]): Promise<MigrationPlan> {
  const rows = await db.query<{ name: string }>('SELECT name FROM migration ORDER BY name');
  const applied = rows.rows.map((row) => row.name);
  const known = new Set(migrations.map((migration) => migration.name));
  const unknown = applied.filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw new AssayError(
      'STORE_NEWER',
      `The database holds ${unknown.length === 1 ? 'a migration' : 'migrations'} that this version of Assay does not know ` +
        `(${unknown.join(', ')}; the last known one is ${migrations.at(-1)?.name ?? 'none'}). ` +
        'A newer version wrote it: start that version or a later one, or restore a backup made by this one.',
      { details: { unknown } },
    );
  }
  const done = new Set(applied);
  const pending = migrations.map((migration) => migration.name).filter((name) => !done.has(name));
  return { applied, pending };
}

/** Keeps every other process from migrating until the transaction of `client` ends. */
export async function beginMigrating(client: pg.ClientBase): Promise<void> {
  await client.query('SELECT pg_advisory_xact_lock($1, $2)', [...ADVISORY_LOCKS.migrating]);
  await client.query(TABLE);
}

export async function applyMigration(client: pg.ClientBase, migration: Migration): Promise<void> {
  try {
    await client.query(migration.up);
    await client.query('INSERT INTO migration (name) VALUES ($1)', [migration.name]);
  } catch (cause) {
    throw new AssayError(
      'STORE_FAILED',
      `Migration ${migration.name} failed and nothing was changed: ${(cause as Error).message}. ` +
        'The database should be empty or made by Assay: give it one of its own.',
      { cause, details: { migration: migration.name } },
    );
  }
}
