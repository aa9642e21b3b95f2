import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import type { Db } from '../../src/store/database.ts';
import { openDatabase } from '../../src/store/open-database.ts';
import { onDatabase } from './on-database.ts';

export interface TestDatabase {
  db: Db;
  pool: pg.Pool;
  connectionString: string;
  /** Closes the pool and drops the database. Call it in afterAll. */
  drop(): Promise<void>;
}

/**
 * A database of the caller's own, with the current schema and no rows: a copy of the run's template, made in about 50 ms.
 * One per test file is usual. With `empty`, a database without any table.
 */
export async function createTestDatabase(options: { empty?: boolean; max?: number } = {}): Promise<TestDatabase> {
  const adminUrl = inject('adminUrl');
  const name = `assay_test_${randomBytes(6).toString('hex')}`;
  await onAdmin(adminUrl, `CREATE DATABASE "${name}"${options.empty ? '' : ` TEMPLATE "${inject('templateName')}"`}`);
  const connectionString = onDatabase(adminUrl, name);
  const { db, pool } = openDatabase({ connectionString }, { max: options.max ?? 10, applicationName: 'assay test' });
  return {
    db,
    pool,
    connectionString,
    drop: async () => {
      await db.destroy();
      await onAdmin(adminUrl, `DROP DATABASE "${name}" WITH (FORCE)`);
    },
  };
}

/** CREATE DATABASE wants the template to itself; two files that start together take turns. */
const TEMPLATE_LOCK = 0x7e57;

async function onAdmin(adminUrl: string, statement: string): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    await admin.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    await admin.query(statement);
  } finally {
    await admin.end();
  }
}
