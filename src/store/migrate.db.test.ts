import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addCatalog } from '../../test/support/sample-catalog.ts';
import { findSearchDrift } from '../../test/support/search-drift.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import { migrate, planMigrations } from './migrate.ts';
import { MIGRATIONS } from './migrations/index.ts';
import { findPage } from './search/find-page.ts';

const names = MIGRATIONS.map((migration) => migration.name);

describe('migrate', () => {
  let empty: TestDatabase;
  beforeAll(async () => {
    empty = await createTestDatabase({ empty: true });
  });
  afterAll(() => empty.drop());

  it('plans without changing anything, then lets one of several processes migrate and the others wait', async () => {
    expect(await planMigrations(empty.pool)).toEqual({ applied: [], pending: names });
    expect((await empty.pool.query(`SELECT to_regclass('meta') AS meta`)).rows[0].meta).toBeNull();

    const script = `
      import pg from 'pg';
      import { migrate } from ${JSON.stringify(new URL('./migrate.ts', import.meta.url).href)};
      const pool = new pg.Pool({ connectionString: process.argv[1] });
      console.log(JSON.stringify(await migrate(pool)));
      await pool.end();`;
    const runs = await Promise.all(
      Array.from({ length: 4 }, () =>
        promisify(execFile)(process.execPath, ['--input-type=module', '-e', script, empty.connectionString]),
      ),
    );
    const applied = runs.map((run) => JSON.parse(run.stdout) as string[]);
    expect(applied.filter((list) => list.length > 0)).toEqual([names]);
    expect(await planMigrations(empty.pool)).toEqual({ applied: names, pending: [] });
  });

  it.each(names.slice(0, -1))('keeps and finds what a catalog held that was made up to %s', async (last) => {
    const old = await createTestDatabase({ empty: true });
    const applied = names.indexOf(last) + 1;
    try {
      await migrate(old.pool, MIGRATIONS.slice(0, applied));
      const made = await addCatalog(old.db, { bank: { crm: { customer: ['id', 'email'] } } });
      await old.pool.query(
        `INSERT INTO entity_attributes (entity_id, source_id, attributes)
         SELECT id, source_id, '{"info": {"description": "zebra"}}' FROM entity WHERE type = 'TABLE'`,
      );
      expect(await migrate(old.pool)).toEqual(names.slice(applied));
      const find = (term: string) => findPage(old.db, { term, filter: {}, skip: 0, take: 10 });
      expect(await find('')).toMatchObject({ total: made.length, totalIsExact: true });
      expect(await find('zebra')).toMatchObject({ total: 1, totalIsExact: true });
      expect(await findSearchDrift(old.db)).toEqual([]);
    } finally {
      await old.drop();
    }
  });

  it('applies only what is missing', async () => {
    const next = [...MIGRATIONS, { name: '9998-next', up: 'CREATE TABLE next (a int); INSERT INTO next VALUES (1)' }];
    expect(await migrate(empty.pool, next)).toEqual(['9998-next']);
    expect(await migrate(empty.pool, next)).toEqual([]);
    expect((await empty.pool.query('SELECT a FROM next')).rows).toEqual([{ a: 1 }]);
  });

  it('takes the rows of a released database along', async () => {
    const released = await createTestDatabase({ empty: true });
    try {
      await migrate(released.pool, MIGRATIONS.slice(0, 1));
      await released.pool.query(
        `INSERT INTO app_user (id, username, roles) VALUES (gen_random_uuid(), 'Admin', '{admin}')`,
      );
      expect(await migrate(released.pool)).toEqual(names.slice(1));
      const { rows } = await released.pool.query('SELECT username, roles, issuer, subject FROM app_user');
      expect(rows).toEqual([{ username: 'Admin', roles: ['admin'], issuer: '', subject: '' }]);
      const add = (name: string, issuer: string) =>
        released.pool.query(
          'INSERT INTO app_user (id, username, issuer, subject) VALUES (gen_random_uuid(), $1, $2, $1)',
          [name, issuer],
        );
      // The name is still taken among Assay's own users, and free for those of issuers.
      await expect(add('ADMIN', '')).rejects.toMatchObject({ constraint: 'app_user_username' });
      await add('ADMIN', 'https://issuer.example');
      await expect(add('ADMIN', 'https://issuer.example')).rejects.toMatchObject({ constraint: 'app_user_subject' });
    } finally {
      await released.drop();
    }
  });

  it('refuses a database that a newer version wrote', async () => {
    await expect(migrate(empty.pool)).rejects.toMatchObject({
      code: 'STORE_NEWER',
      message: expect.stringContaining('9998-next'),
    });
    await expect(planMigrations(empty.pool)).rejects.toMatchObject({ code: 'STORE_NEWER' });
  });

  it('changes nothing when a migration fails, and takes no connection out of use', async () => {
    const database = await createTestDatabase({ empty: true, max: 1 });
    try {
      const broken = [
        { name: '1', up: 'CREATE TABLE one (a int)' },
        { name: '2', up: 'CREATE TABLE two (a int); SELECT 1/0' },
      ];
      await expect(migrate(database.pool, broken)).rejects.toMatchObject({
        code: 'STORE_FAILED',
        message: expect.stringMatching(/Migration 2 failed.*division by zero/),
      });
      expect((await planMigrations(database.pool, broken)).applied).toEqual([]);
      expect((await database.pool.query(`SELECT to_regclass('one') AS one`)).rows[0].one).toBeNull();
    } finally {
      await database.drop();
    }
  });
});
