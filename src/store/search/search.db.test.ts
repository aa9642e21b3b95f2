import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { awaitState } from '../../../test/support/await-state.ts';
import { addCatalog, type SampleEntity, type SampleTree } from '../../../test/support/sample-catalog.ts';
import { findSearchDrift } from '../../../test/support/search-drift.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts';
import { splitPatch } from '../../model/attributes.ts';
import { newHexId } from '../../model/ids.ts';
import { splitWords } from '../../model/search-words.ts';
import { ADVISORY_LOCKS } from '../advisory-locks.ts';
import { editEntity } from '../edit-entity.ts';
import { openDatabase } from '../open-database.ts';
import { withOwnNotes } from '../search-notes.ts';
import { countFacets } from './count-facets.ts';
import type { SearchFilter } from './filter.ts';
import { findPage } from './find-page.ts';
import { foldSearchChanges } from './fold-changes.ts';

let base: TestDatabase;
beforeAll(async () => {
  base = await createTestDatabase();
});
afterAll(() => base.drop());

const PERSON = '0190a000-0000-7000-8000-000000000001';

async function clear(): Promise<void> {
  for (const table of ['entity', 'data_source', 'profile', 'assertion', 'entity_attributes'] as const)
    await base.db.deleteFrom(table).execute();
}

const find = async (term: string, filter: SearchFilter = {}, skip = 0, take = 500) =>
  findPage(base.db, { term, filter, skip, take });
const idsOf = async (term: string, filter: SearchFilter = {}): Promise<string[]> =>
  (await find(term, filter)).hits.map(({ entity }) => entity.id);

const word = fc.string({ unit: fc.constantFrom(...'abcdeéfghijklmnopqrstuvwxyzüß'), minLength: 2, maxLength: 9 });
const number = fc.nat(9_999).map(String);
const part = fc.oneof({ weight: 5, arbitrary: word }, { weight: 1, arbitrary: number });
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const name = fc
  .tuple(fc.array(part, { minLength: 1, maxLength: 4 }), fc.constantFrom('snake', 'SNAKE', 'camel', 'kebab', 'spaces'))
  .map(([parts, style]) => {
    if (style === 'camel') return parts.map((one, index) => (index === 0 ? one : capital(one))).join('');
    const joined = parts.join({ snake: '_', SNAKE: '_', kebab: '-', spaces: ' ' }[style]);
    return style === 'SNAKE' ? joined.toUpperCase() : joined;
  });

describe('a name is found', () => {
  test('by itself, by each of its parts, by the beginning of a part, and by one typo', async () => {
    const names = fc.uniqueArray(name, { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(names, fc.array(fc.nat(), { minLength: 4, maxLength: 4 }), async (tables, dice) => {
        await clear();
        const made = await addCatalog(base.db, { s: { p: Object.fromEntries(tables.map((table) => [table, []])) } });
        for (const table of made.filter(({ type }) => type === 'TABLE')) {
          const own = table.path[1] ?? '';
          const [first] = await idsOf(own);
          expect([own, first]).toEqual([own, table.id]);
          for (const one of splitWords(own)) {
            expect([own, one, await idsOf(one)]).toEqual([own, one, expect.arrayContaining([table.id])]);
            const begun = [...one].slice(0, 2 + ((dice[0] ?? 0) % one.length)).join('');
            if (begun.length >= 2)
              expect([own, begun, await idsOf(begun)]).toEqual([own, begun, expect.arrayContaining([table.id])]);
            const wrong = mistype(one, dice);
            if (/^\p{L}{5,}$/u.test(one) && wrong.length >= 4)
              expect([own, wrong, await idsOf(wrong)]).toEqual([own, wrong, expect.arrayContaining([table.id])]);
          }
        }
      }),
      { numRuns: 15 },
    );
  });
});

/** One letter out, in, other, or swapped with its neighbour. */
function mistype(text: string, [kind = 0, at = 0, letter = 0]: readonly number[]): string {
  const letters = [...text];
  const index = at % (letters.length - 1);
  const other = 'abcdefghijklmnopqrstuvwxyz'.charAt(letter % 26);
  if (kind % 4 === 0) letters.splice(index, 1);
  else if (kind % 4 === 1) letters.splice(index, 0, other);
  else if (kind % 4 === 2) letters[index] = other;
  else letters.splice(index, 2, letters[index + 1] ?? '', letters[index] ?? '');
  return letters.join('');
}

/** Few words, so that much matches. */
const few = fc.constantFrom(
  'id',
  'customer',
  'customer_id',
  'Customer',
  'order',
  'orderId',
  'email',
  'created_at',
  'x1',
);
const tree: fc.Arbitrary<SampleTree> = fc.dictionary(
  fc.constantFrom('North', 'South'),
  fc.dictionary(
    fc.constantFrom('sales', 'order'),
    fc.dictionary(few, fc.uniqueArray(few, { maxLength: 6 }), { minKeys: 1, maxKeys: 5 }),
    { minKeys: 1 },
  ),
  { minKeys: 1 },
);
const said = fc.record({
  tags: fc.subarray([{ name: 'gold' }, { name: 'customer data' }]),
  info: fc.constantFrom(null, { description: 'who the customer is' }),
  features: fc.constantFrom(
    { trustScore: 50.4, rating: { value: 3 } },
    { trustScore: 51, sensitivity: 'HIGH' },
    { trustScore: null, sensitivity: 'LOW', qualityScore: 100 },
    null,
  ),
  businessTerms: fc.subarray([{ id: 't1', name: 'Customer' }]),
});

async function sayOf(entity: SampleEntity, attributes: Record<string, unknown>): Promise<void> {
  await editEntity(base.db, entity.id, PERSON, splitPatch(attributes), () => undefined);
}

async function profile(entity: SampleEntity): Promise<void> {
  const row = { entity_id: entity.id, table_id: entity.id, source_id: entity.sourceId, job_id: newHexId(), job_seq: 1 };
  await base.db
    .insertInto('profile')
    .values({ ...row, basis: '{}', body: '{}' })
    .execute();
}

async function grow(
  shape: SampleTree,
  notes: readonly [number, Record<string, unknown>][],
  profiled: readonly number[],
) {
  await clear();
  const made = await addCatalog(base.db, shape);
  const at = (place: number) => made[place % made.length] as SampleEntity;
  for (const [place, attributes] of notes) await sayOf(at(place), attributes);
  for (const entity of new Set(profiled.map(at))) await profile(entity);
  return made;
}

const notes = fc.array(fc.tuple(fc.nat(), said), { maxLength: 5 });
const profiled = fc.array(fc.nat(), { maxLength: 8 });
const term = fc.constantFrom(
  '',
  '*',
  'customer',
  'id',
  'order id',
  'customer email',
  'gold',
  'custmer',
  'sales.customer.id',
  'x1',
);

describe('pages and facets', () => {
  test('the pages of a search hold each match once, in one order, whatever their size', async () => {
    await fc.assert(
      fc.asyncProperty(
        tree,
        notes,
        profiled,
        term,
        fc.integer({ min: 1, max: 7 }),
        async (shape, told, known, asked, size) => {
          await grow(shape, told, known);
          const whole = await find(asked);
          const ids = whole.hits.map(({ entity }) => entity.id);
          expect(whole.total).toBe(ids.length);
          expect(new Set(ids).size).toBe(ids.length);
          const scores = whole.hits.map(({ score }) => score);
          expect(scores).toEqual([...scores].sort((a, b) => b - a));
          const paged: string[] = [];
          for (let skip = 0; skip < whole.total + size; skip += size) {
            const page = await find(asked, {}, skip, size);
            expect(page.total).toBe(whole.total);
            paged.push(...page.hits.map(({ entity }) => entity.id));
          }
          expect(paged).toEqual(ids);
        },
      ),
      { numRuns: 15 },
    );
  });

  test('a name that is a table and a column is cut between pages in the order of the whole', async () => {
    await grow({ N: { p: { amount: ['amount', 'id'], id: ['amount', 'id'] } } }, [], []);
    const whole = await find('');
    const paged: string[] = [];
    for (let skip = 0; skip < whole.total; skip++) {
      const { hits } = await find('', {}, skip, 1);
      paged.push(...hits.map(({ entity }) => entity.id));
    }
    expect(paged).toEqual(whole.hits.map(({ entity }) => entity.id));
  });

  test('pages far into a name that is of two types hold each entity once', async () => {
    const columns = (table: number) => [`t${table}`, ['id']] as const;
    const [first] = await grow(
      { N: { p: Object.fromEntries(Array.from({ length: 700 }, (_, n) => columns(n))) } },
      [],
      [],
    );
    await sql`
      INSERT INTO entity (id, source_id, parent_id, root_id, type, name, fqdn)
      SELECT gen_random_uuid(), source_id, id, root_id, 'TABLE', 'id', fqdn || '/id' FROM entity WHERE type = 'SCHEMA'`.execute(
      base.db,
    );
    await sayOf(first as SampleEntity, { info: { description: 'id' } });
    const whole = (await find('id', {}, 0, 1_000)).hits.map(({ entity }) => entity.id);
    expect(whole).toHaveLength(702);
    const paged: string[] = [];
    for (let skip = 0; skip < 702; skip += 90)
      paged.push(...(await find('id', {}, skip, 90)).hits.map(({ entity }) => entity.id));
    expect(paged).toEqual(whole);
  });

  test('a facet counts what a search with that value finds, and what a look at each row counts', async () => {
    await fc.assert(
      fc.asyncProperty(tree, notes, profiled, term, async (shape, told, known, asked) => {
        await grow(shape, told, known);
        const { hits } = await find(asked);
        const { counts, total } = await countFacets(base.db, asked, {});
        expect(total).toBe(hits.length);
        const brute = new Map<string, number>();
        const add = (key: string, value: string) =>
          brute.set(`${key} ${value}`, (brute.get(`${key} ${value}`) ?? 0) + 1);
        for (const { entity } of hits) {
          const features = (entity.attributes.features ?? {}) as {
            trustScore?: number;
            qualityScore?: number;
            rating?: { value: number };
          };
          const of = (kind: string) => entity.assertions.filter((one) => one.kind === kind).map((one) => one.value);
          add('type', entity.type);
          add('dataSource', entity.sourceId);
          add('profiled', entity.profiledAt ? 'PROFILED' : 'NOT_PROFILED');
          add('sensitivity', of('sensitivity')[0] ?? 'UNKNOWN');
          for (const tag of of('tag')) add('tags', tag);
          for (const one of of('term')) add('terms', one);
          add('trustScore', features.trustScore === undefined ? '' : String(Math.round(features.trustScore)));
          add('qualityScore', String(features.qualityScore ?? ''));
          add('rating', String(features.rating?.value ?? ''));
        }
        expect(new Map(counts.map(({ key, value, n }) => [`${key} ${value}`, n]))).toEqual(brute);
        for (const { key, value, n } of counts)
          expect([key, value, (await find(asked, filterOf(key, value))).total]).toEqual([key, value, n]);
      }),
      { numRuns: 12 },
    );
  });
});

function filterOf(key: string, value: string): SearchFilter {
  const range = value === '' ? ('none' as const) : ([Number(value), Number(value)] as const);
  const filters: Record<string, SearchFilter> = {
    type: { types: [value] },
    dataSource: { sourceIds: [value] },
    profiled: { profiled: [value === 'PROFILED'] },
    sensitivity: { sensitivities: [value] },
    tags: { tags: [value] },
    terms: { terms: [value] },
    trustScore: { trustScore: [range] },
    qualityScore: { qualityScore: [range] },
    rating: { rating: [range] },
  };
  return filters[key] as SearchFilter;
}

describe('the index', () => {
  test('holds what the catalog holds, whatever came, went, was renamed, said or profiled', async () => {
    const step = fc.tuple(fc.constantFrom('say', 'profile', 'unprofile', 'drop', 'rename', 'fold'), fc.nat(), said);
    await fc.assert(
      fc.asyncProperty(tree, fc.array(step, { maxLength: 12 }), async (shape, steps) => {
        const made = await grow(shape, [], []);
        for (const [turn, [what, place, attributes]] of steps.entries()) {
          const entity = made[place % made.length];
          if (!entity) break;
          if (what === 'say') await sayOf(entity, attributes);
          else if (what === 'profile') {
            await base.db.updateTable('profile').set({ current: false }).where('entity_id', '=', entity.id).execute();
            await profile(entity);
          } else if (what === 'unprofile')
            await base.db.deleteFrom('profile').where('entity_id', '=', entity.id).execute();
          else if (what === 'rename')
            await base.db
              .updateTable('entity')
              .set({ name: `Renamed ${turn}` })
              .where('id', '=', entity.id)
              .execute();
          else if (what === 'drop') {
            made.splice(made.indexOf(entity), 1);
            await base.db.deleteFrom('entity').where('id', '=', entity.id).execute();
            for (const table of ['profile', 'assertion', 'entity_attributes'] as const)
              await base.db.deleteFrom(table).where('entity_id', '=', entity.id).execute();
          } else await foldSearchChanges(base.db);
        }
        await foldSearchChanges(base.db);
        expect(await findSearchDrift(base.db)).toEqual([]);
      }),
      { numRuns: 15 },
    );
  });

  test('loses nothing when a fold is killed in the middle, and a search does not wait for all of it', async () => {
    await grow({ Bank: { crm: {} } }, [], []);
    await foldSearchChanges(base.db);
    // Some steps.
    await sql`
      INSERT INTO entity (id, source_id, parent_id, root_id, type, name, fqdn)
      SELECT gen_random_uuid(), source_id, id, root_id, 'COLUMN', 'column_' || i, fqdn || '/' || i
      FROM entity, generate_series(1, 45000) i WHERE type = 'SCHEMA'`.execute(base.db);
    const victim = openDatabase({ connectionString: base.connectionString }, { max: 1, applicationName: 'victim' });
    const folding = foldSearchChanges(victim.db).catch((error: unknown) => error);
    const kept = () =>
      base.db.selectFrom('entity').select(sql<number>`(SELECT count(*) FROM search_name)`.as('n')).executeTakeFirst();
    await awaitState('a first step', kept, (row) => (row?.n ?? 0) > 10);
    const [space, lock] = ADVISORY_LOCKS.foldingSearch;
    await base.db.transaction().execute(async (trx) => {
      await sql`SELECT pg_advisory_xact_lock(${space}::int, ${lock}::int)`.execute(trx);
      const page = await findPage(base.db, { term: 'column', filter: {}, skip: 0, take: 1 }, 1);
      expect(page).toMatchObject({ hits: [{}], totalIsExact: false });
      expect(await countFacets(base.db, 'column', {}, 1)).toMatchObject({ total: page.total, exact: false });
      await sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE application_name = 'victim' AND datname = current_database()`.execute(trx);
      expect(await folding).toBeInstanceOf(Error);
    });
    await victim.db.destroy();
    await foldSearchChanges(base.db);
    expect(await find('column')).toMatchObject({ total: 45_000, totalIsExact: true });
    expect(await findSearchDrift(base.db)).toEqual([]);
    // Notes in another order than that of names.
    await base.db.transaction().execute(async (trx) => {
      await withOwnNotes(trx, () => sql`DELETE FROM entity WHERE type = 'COLUMN'`.execute(trx));
      await sql`
        INSERT INTO search_change SELECT 'column_' || i, 'COLUMN', id, -1, 0 FROM data_source, generate_series(45000, 1, -1) i`.execute(
        trx,
      );
    });
    await foldSearchChanges(base.db);
    expect(await find('column')).toMatchObject({ total: 0, totalIsExact: true });
    expect(await findSearchDrift(base.db)).toEqual([]);
  });

  test('is built for a catalog that was there before', async () => {
    const made = await grow({ Old: { public: { ledger: ['id'] } } }, [], []);
    await sayOf(made[2] as SampleEntity, { tags: [{ name: 'audited' }] });
    await foldSearchChanges(base.db);
    const { up } = await import('../migrations/0002-search.ts');
    for (const table of ['name', 'total', 'doc', 'word', 'change', 'dirty'])
      await sql.raw(`DELETE FROM search_${table}`).execute(base.db);
    const filling = up.slice(up.indexOf('-- What is there already'));
    await sql.raw(filling).execute(base.db);
    expect(await idsOf('audited')).toEqual([made[2]?.id]);
    expect((await find('')).total).toBe(made.length);
  });

  test('an edit under way keeps nobody waiting, and is found when it is committed', async () => {
    const made = await grow({ Now: { public: { ledger: ['id'] } } }, [], []);
    const table = made[2] as SampleEntity;
    await sayOf(table, { info: { description: 'first' } });
    await base.db.transaction().execute(async (trx) => {
      await sql`SELECT FROM entity WHERE id = ${table.id} FOR UPDATE`.execute(trx);
      expect((await find('ledger')).total).toBe(1);
    });
    expect(await idsOf('first')).toEqual([table.id]);
    const deleted = base.db.transaction().execute(async (trx) => {
      await sql`DELETE FROM entity WHERE id = ${table.id}`.execute(trx);
      await sql`UPDATE entity_attributes SET version = version WHERE entity_id = ${table.id}`.execute(trx);
      expect((await find('ledger')).total).toBe(1);
    });
    await deleted;
    expect((await find('ledger')).total).toBe(0);
    expect((await find('first')).total).toBe(0);
  });
});
