import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { addCatalog } from '../../../test/support/sample-catalog.ts';
import { createTestDatabase } from '../../../test/support/test-database.ts';
import { ADVISORY_LOCKS } from '../advisory-locks.ts';
import { openDatabase } from '../open-database.ts';
import { findPage } from './find-page.ts';
import { foldNames } from './fold-names.ts';
import { START } from './fold-pass.ts';

test('searches that wait for a fold leave others their connections, and find what was committed before them', async () => {
  const base = await createTestDatabase();
  const small = openDatabase({ connectionString: base.connectionString }, { max: 2, applicationName: 'small' });
  try {
    await addCatalog(base.db, { s: { p: { first: [] } } });
    const [space, lock] = ADVISORY_LOCKS.foldingSearch;
    const search = (term: string) => findPage(small.db, { term, filter: {}, skip: 0, take: 1 }, 50_000);
    const searches = await base.db.transaction().execute(async (trx) => {
      await sql`SELECT pg_advisory_xact_lock(${space}::int, ${lock}::int)`.execute(trx);
      const early = Array.from({ length: 5 }, () => search('first'));
      await expect
        .poll(async () => (await sql`SELECT FROM pg_locks WHERE NOT granted`.execute(base.db)).rows.length)
        .toBe(1);
      await sql`UPDATE entity SET name = 'second' WHERE type = 'SCHEMA'`.execute(base.db);
      const late = Array.from({ length: 5 }, () => search('second'));
      for (let asked = 0; asked < 3; asked++) await sql`SELECT 1`.execute(small.db);
      return [...early, ...late];
    });
    for (const page of await Promise.all(searches)) expect(page).toMatchObject({ total: 1, totalIsExact: true });
  } finally {
    await small.db.destroy();
    await base.drop();
  }
});

test('a pass begins anew where another process wrote the notes anew, and nowhere else', async () => {
  const base = await createTestDatabase();
  try {
    const note = (rows: number) => sql`
      INSERT INTO search_change SELECT 'column_' || lpad(i::text, 6, '0'), 'COLUMN', 's', 1, 0 FROM generate_series(1, ${rows}::int) i`;
    await note(12_000).execute(base.db);
    const first = await base.db.transaction().execute((trx) => foldNames(trx, START));
    expect(first.more).toBe(true);
    // The one that is left lies before the place that was reached.
    await sql`DELETE FROM search_change`.execute(base.db);
    await sql`VACUUM search_change`.execute(base.db);
    await note(1).execute(base.db);
    const left = async () =>
      (
        await base.db
          .selectFrom('search_change' as never)
          .selectAll()
          .execute()
      ).length;
    await base.db.transaction().execute((trx) => foldNames(trx, first.last));
    expect(await left()).toBe(1);
    await sql`SELECT nextval('search_rewrite')`.execute(base.db);
    await base.db.transaction().execute((trx) => foldNames(trx, first.last));
    expect(await left()).toBe(0);
  } finally {
    await base.drop();
  }
});
