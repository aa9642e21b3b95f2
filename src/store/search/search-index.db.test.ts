import fc from 'fast-check';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { awaitState } from '../../../test/support/await-state.ts';
import type { SampleEntity } from '../../../test/support/sample-catalog.ts';
import { SearchBench, said, tree } from '../../../test/support/search-bench.ts';
import { findSearchDrift } from '../../../test/support/search-drift.ts';
import { ADVISORY_LOCKS } from '../advisory-locks.ts';
import { openDatabase } from '../open-database.ts';
import { withOwnNotes } from '../search-notes.ts';
import { countFacets } from './count-facets.ts';
import { findPage } from './find-page.ts';
import { foldSearchChanges } from './fold-changes.ts';

const bench = new SearchBench();

test('the index holds what the catalog holds, whatever came, went, was renamed, said or profiled', async () => {
  const step = fc.tuple(fc.constantFrom('say', 'profile', 'unprofile', 'drop', 'rename', 'fold'), fc.nat(), said);
  await fc.assert(
    fc.asyncProperty(tree, fc.array(step, { maxLength: 12 }), async (shape, steps) => {
      const made = await bench.grow(shape, [], []);
      for (const [turn, [what, place, attributes]] of steps.entries()) {
        const entity = made[place % made.length];
        if (!entity) break;
        if (what === 'say') await bench.sayOf(entity, attributes);
        else if (what === 'profile') {
          await bench.base.db
            .updateTable('profile')
            .set({ current: false })
            .where('entity_id', '=', entity.id)
            .execute();
          await bench.profile(entity);
        } else if (what === 'unprofile')
          await bench.base.db.deleteFrom('profile').where('entity_id', '=', entity.id).execute();
        else if (what === 'rename')
          await bench.base.db
            .updateTable('entity')
            .set({ name: `Renamed ${turn}` })
            .where('id', '=', entity.id)
            .execute();
        else if (what === 'drop') {
          made.splice(made.indexOf(entity), 1);
          await bench.base.db.deleteFrom('entity').where('id', '=', entity.id).execute();
          for (const table of ['profile', 'assertion', 'entity_attributes'] as const)
            await bench.base.db.deleteFrom(table).where('entity_id', '=', entity.id).execute();
        } else await foldSearchChanges(bench.base.db);
      }
      await foldSearchChanges(bench.base.db);
      expect(await findSearchDrift(bench.base.db)).toEqual([]);
    }),
    { numRuns: 15 },
  );
});

test('the index loses nothing when a fold is killed in the middle, and a search does not wait for all of it', async () => {
  await bench.grow({ Bank: { crm: {} } }, [], []);
  await foldSearchChanges(bench.base.db);
  // Some steps.
  await sql`
    INSERT INTO entity (id, source_id, parent_id, root_id, type, name, fqdn)
    SELECT gen_random_uuid(), source_id, id, root_id, 'COLUMN', 'column_' || i, fqdn || '/' || i
    FROM entity, generate_series(1, 45000) i WHERE type = 'SCHEMA'`.execute(bench.base.db);
  const victim = openDatabase({ connectionString: bench.base.connectionString }, { max: 1, applicationName: 'victim' });
  const folding = foldSearchChanges(victim.db).catch((error: unknown) => error);
  const kept = () =>
    bench.base.db
      .selectFrom('entity')
      .select(sql<number>`(SELECT count(*) FROM search_name)`.as('n'))
      .executeTakeFirst();
  await awaitState('a first step', kept, (row) => (row?.n ?? 0) > 10);
  const [space, lock] = ADVISORY_LOCKS.foldingSearch;
  await bench.base.db.transaction().execute(async (trx) => {
    await sql`SELECT pg_advisory_xact_lock(${space}::int, ${lock}::int)`.execute(trx);
    const page = await findPage(bench.base.db, { term: 'column', filter: {}, skip: 0, take: 1 }, 1);
    expect(page).toMatchObject({ hits: [{}], totalIsExact: false });
    expect(await countFacets(bench.base.db, 'column', {}, 1)).toMatchObject({ total: page.total, exact: false });
    await sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE application_name = 'victim' AND datname = current_database()`.execute(trx);
    expect(await folding).toBeInstanceOf(Error);
  });
  await victim.db.destroy();
  await foldSearchChanges(bench.base.db);
  expect(await bench.find('column')).toMatchObject({ total: 45_000, totalIsExact: true });
  expect(await findSearchDrift(bench.base.db)).toEqual([]);
  // Notes in another order than that of names.
  await bench.base.db.transaction().execute(async (trx) => {
    await withOwnNotes(trx, () => sql`DELETE FROM entity WHERE type = 'COLUMN'`.execute(trx));
    await sql`
      INSERT INTO search_change SELECT 'column_' || i, 'COLUMN', id, -1, 0 FROM data_source, generate_series(45000, 1, -1) i`.execute(
      trx,
    );
  });
  await foldSearchChanges(bench.base.db);
  expect(await bench.find('column')).toMatchObject({ total: 0, totalIsExact: true });
  expect(await findSearchDrift(bench.base.db)).toEqual([]);
});

test('the index is built for a catalog that was there before', async () => {
  const made = await bench.grow({ Old: { public: { ledger: ['id'] } } }, [], []);
  await bench.sayOf(made[2] as SampleEntity, { tags: [{ name: 'audited' }] });
  await foldSearchChanges(bench.base.db);
  const { up } = await import('../migrations/0005-search-notes.ts');
  for (const table of ['name', 'total', 'doc', 'word', 'change', 'dirty'])
    await sql.raw(`DELETE FROM search_${table}`).execute(bench.base.db);
  const filling = up.slice(up.indexOf('-- What is there already'));
  await sql.raw(filling).execute(bench.base.db);
  expect(await bench.idsOf('audited')).toEqual([made[2]?.id]);
  expect((await bench.find('')).total).toBe(made.length);
});

test('an edit under way keeps nobody waiting, and is found when it is committed', async () => {
  const made = await bench.grow({ Now: { public: { ledger: ['id'] } } }, [], []);
  const table = made[2] as SampleEntity;
  await bench.sayOf(table, { info: { description: 'first' } });
  await bench.base.db.transaction().execute(async (trx) => {
    await sql`SELECT FROM entity WHERE id = ${table.id} FOR UPDATE`.execute(trx);
    expect((await bench.find('ledger')).total).toBe(1);
  });
  expect(await bench.idsOf('first')).toEqual([table.id]);
  const deleted = bench.base.db.transaction().execute(async (trx) => {
    await sql`DELETE FROM entity WHERE id = ${table.id}`.execute(trx);
    await sql`UPDATE entity_attributes SET version = version WHERE entity_id = ${table.id}`.execute(trx);
    expect((await bench.find('ledger')).total).toBe(1);
  });
  await deleted;
  expect((await bench.find('ledger')).total).toBe(0);
  expect((await bench.find('first')).total).toBe(0);
});

test('what is said of an entity that a transaction holds is not taken in yet, and the total says so', async () => {
  const made = await bench.grow({ Held: { public: { ledger: [] } } });
  const table = made.find(({ type }) => type === 'TABLE') as SampleEntity;
  await bench.sayOf(table, { info: { description: 'zebra' } });
  await bench.base.db.transaction().execute(async (trx) => {
    await sql`SELECT FROM entity WHERE id = ${table.id} FOR UPDATE`.execute(trx);
    expect(await bench.find('zebra')).toMatchObject({ total: 0, totalIsExact: false });
  });
  expect(await bench.find('zebra')).toMatchObject({ total: 1, totalIsExact: true });
});
