import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { addCatalog } from '../../../test/support/sample-catalog.ts';
import { createTestDatabase } from '../../../test/support/test-database.ts';
import { ADVISORY_LOCKS } from '../advisory-locks.ts';
import { openDatabase } from '../open-database.ts';
import { findPage } from './find-page.ts';

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
