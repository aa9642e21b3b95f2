import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { openEmbedded } from '../../src/store/embedded/open-embedded.ts';
import { migrate } from '../../src/store/migrate.ts';
import { onDatabase } from './on-database.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Superuser login to the run's server, at its database `postgres`. */
    adminUrl: string;
    /** Migrated, empty database that `createTestDatabase` clones. */
    templateName: string;
  }
}

/**
 * One PostgreSQL for the whole run: the embedded one in a temporary folder, or the server of ASSAY_TEST_DATABASE_URL (a login
 * that may create databases), to run the same tests against another version.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.ASSAY_TEST_DATABASE_URL;
  if (given) {
    const template = await makeTemplate(given);
    provide(project, given, template);
    return async () => {
      await withAdmin(given, (admin) => admin.query(`DROP DATABASE IF EXISTS "${template}" WITH (FORCE)`));
    };
  }
  const folder = await mkdtemp(join(tmpdir(), 'assay-test-'));
  const embedded = await openEmbedded(folder, { log: () => undefined });
  const adminUrl = onDatabase(embedded.connectionString(), 'postgres');
  const stop = async (): Promise<void> => {
    await embedded.release();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    // Test databases need not survive a power cut, and cloning them waits for little but the disk.
    await withAdmin(adminUrl, async (admin) => {
      for (const name of ['fsync', 'synchronous_commit', 'full_page_writes']) {
        await admin.query(`ALTER SYSTEM SET ${name} = off`);
      }
      await admin.query('SELECT pg_reload_conf()');
    });
    provide(project, adminUrl, await makeTemplate(adminUrl));
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}

function provide(project: TestProject, adminUrl: string, templateName: string): void {
  project.provide('adminUrl', adminUrl);
  project.provide('templateName', templateName);
}

async function makeTemplate(adminUrl: string): Promise<string> {
  const name = `assay_template_${process.pid}_${Date.now()}`;
  await withAdmin(adminUrl, (admin) => admin.query(`CREATE DATABASE "${name}"`));
  const pool = new pg.Pool({ connectionString: onDatabase(adminUrl, name), max: 1 });
  try {
    await migrate(pool);
  } finally {
    await pool.end();
  }
  return name;
}

async function withAdmin(adminUrl: string, work: (admin: pg.Client) => Promise<unknown>): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.end();
  }
}
