import fc from 'fast-check';
import { afterAll, beforeAll } from 'vitest';
import { splitPatch } from '../../src/model/attributes.ts';
import { newHexId } from '../../src/model/ids.ts';
import { editEntity } from '../../src/store/edit-entity.ts';
import type { SearchFilter } from '../../src/store/search/filter.ts';
import { findPage, type SearchPage } from '../../src/store/search/find-page.ts';
import { addCatalog, type SampleEntity, type SampleTree } from './sample-catalog.ts';
import { createTestDatabase, type TestDatabase } from './test-database.ts';

const PERSON = '0190a000-0000-7000-8000-000000000001';

/** A database for the tests of a file, with catalogs to search in; made before them and dropped after them. */
export class SearchBench {
  #base: TestDatabase | undefined;

  constructor() {
    beforeAll(async () => {
      this.#base = await createTestDatabase();
    });
    afterAll(() => this.base.drop());
  }

  get base(): TestDatabase {
    if (!this.#base) throw new Error('the database is made before the first test');
    return this.#base;
  }

  async clear(): Promise<void> {
    for (const table of ['entity', 'data_source', 'profile', 'assertion', 'entity_attributes'] as const)
      await this.base.db.deleteFrom(table).execute();
  }

  find(term: string, filter: SearchFilter = {}, skip = 0, take = 500): Promise<SearchPage> {
    return findPage(this.base.db, { term, filter, skip, take });
  }

  async idsOf(term: string, filter: SearchFilter = {}): Promise<string[]> {
    return (await this.find(term, filter)).hits.map(({ entity }) => entity.id);
  }

  async sayOf(entity: SampleEntity, attributes: Record<string, unknown>): Promise<void> {
    await editEntity(this.base.db, entity.id, PERSON, splitPatch(attributes), () => undefined);
  }

  async profile(entity: SampleEntity): Promise<void> {
    const row = {
      entity_id: entity.id,
      table_id: entity.id,
      source_id: entity.sourceId,
      job_id: newHexId(),
      job_seq: 1,
    };
    await this.base.db
      .insertInto('profile')
      .values({ ...row, basis: '{}', body: '{}' })
      .execute();
  }

  /** A new catalog in the place of what was there. */
  async grow(
    shape: SampleTree,
    notes: readonly [number, Record<string, unknown>][] = [],
    profiled: readonly number[] = [],
  ): Promise<SampleEntity[]> {
    await this.clear();
    const made = await addCatalog(this.base.db, shape);
    const at = (place: number) => made[place % made.length] as SampleEntity;
    for (const [place, attributes] of notes) await this.sayOf(at(place), attributes);
    for (const entity of new Set(profiled.map(at))) await this.profile(entity);
    return made;
  }
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
export const tree: fc.Arbitrary<SampleTree> = fc.dictionary(
  fc.constantFrom('North', 'South'),
  fc.dictionary(
    fc.constantFrom('sales', 'order'),
    fc.dictionary(few, fc.uniqueArray(few, { maxLength: 6 }), { minKeys: 1, maxKeys: 5 }),
    { minKeys: 1 },
  ),
  { minKeys: 1 },
);
/** What people say of an entity. */
export const said = fc.record({
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
