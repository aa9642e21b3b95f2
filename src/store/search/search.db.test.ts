import fc from 'fast-check';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { addCatalog, type SampleEntity } from '../../../test/support/sample-catalog.ts';
import { SearchBench, said, tree } from '../../../test/support/search-bench.ts';
import { splitWords } from '../../model/search-words.ts';
import { countFacets } from './count-facets.ts';
import type { SearchFilter } from './filter.ts';

const bench = new SearchBench();

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
        await bench.clear();
        const made = await addCatalog(bench.base.db, {
          s: { p: Object.fromEntries(tables.map((table) => [table, []])) },
        });
        for (const table of made.filter(({ type }) => type === 'TABLE')) {
          const own = table.path[1] ?? '';
          const [first] = await bench.idsOf(own);
          expect([own, first]).toEqual([own, table.id]);
          for (const one of splitWords(own)) {
            expect([own, one, await bench.idsOf(one)]).toEqual([own, one, expect.arrayContaining([table.id])]);
            const begun = [...one].slice(0, 2 + ((dice[0] ?? 0) % one.length)).join('');
            if (begun.length >= 2)
              expect([own, begun, await bench.idsOf(begun)]).toEqual([own, begun, expect.arrayContaining([table.id])]);
            const wrong = mistype(one, dice);
            if (/^\p{L}{5,}$/u.test(one) && wrong.length >= 4)
              expect([own, wrong, await bench.idsOf(wrong)]).toEqual([own, wrong, expect.arrayContaining([table.id])]);
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
          await bench.grow(shape, told, known);
          const whole = await bench.find(asked);
          const ids = whole.hits.map(({ entity }) => entity.id);
          expect(whole.total).toBe(ids.length);
          expect(new Set(ids).size).toBe(ids.length);
          const scores = whole.hits.map(({ score }) => score);
          expect(scores).toEqual([...scores].sort((a, b) => b - a));
          const paged: string[] = [];
          for (let skip = 0; skip < whole.total + size; skip += size) {
            const page = await bench.find(asked, {}, skip, size);
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
    await bench.grow({ N: { p: { amount: ['amount', 'id'], id: ['amount', 'id'] } } }, [], []);
    const whole = await bench.find('');
    const paged: string[] = [];
    for (let skip = 0; skip < whole.total; skip++) {
      const { hits } = await bench.find('', {}, skip, 1);
      paged.push(...hits.map(({ entity }) => entity.id));
    }
    expect(paged).toEqual(whole.hits.map(({ entity }) => entity.id));
  });

  test('pages far into a name that is of two types hold each entity once', async () => {
    const columns = (table: number) => [`t${table}`, ['id']] as const;
    const [first] = await bench.grow(
      { N: { p: Object.fromEntries(Array.from({ length: 700 }, (_, n) => columns(n))) } },
      [],
      [],
    );
    await sql`
      INSERT INTO entity (id, source_id, parent_id, root_id, type, name, fqdn)
      SELECT gen_random_uuid(), source_id, id, root_id, 'TABLE', 'id', fqdn || '/id' FROM entity WHERE type = 'SCHEMA'`.execute(
      bench.base.db,
    );
    await bench.sayOf(first as SampleEntity, { info: { description: 'id' } });
    const whole = (await bench.find('id', {}, 0, 1_000)).hits.map(({ entity }) => entity.id);
    expect(whole).toHaveLength(702);
    const paged: string[] = [];
    for (let skip = 0; skip < 702; skip += 90)
      paged.push(...(await bench.find('id', {}, skip, 90)).hits.map(({ entity }) => entity.id));
    expect(paged).toEqual(whole);
  });

  test('a facet counts what a search with that value finds, and what a look at each row counts', async () => {
    await fc.assert(
      fc.asyncProperty(tree, notes, profiled, term, async (shape, told, known, asked) => {
        await bench.grow(shape, told, known);
        const { hits } = await bench.find(asked);
        const { counts, total } = await countFacets(bench.base.db, asked, {});
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
          expect([key, value, (await bench.find(asked, filterOf(key, value))).total]).toEqual([key, value, n]);
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
