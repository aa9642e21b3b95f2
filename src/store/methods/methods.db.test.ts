import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts';
import { newEntityId, newHexId } from '../../model/ids.ts';
import {
  filterMethods,
  findMethod,
  getMethod,
  listEnabledMethods,
  listMethodsById,
  listSilentFinders,
} from './read-methods.ts';
import { deleteMethod, lockMethod, type NewMethod, putMethod, switchMethod } from './write-methods.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const USER = '0199f3a2-7c11-7bb2-9b1d-5a0f0f6ad001';

const method = (id: string, given: Partial<NewMethod> = {}): NewMethod => ({
  id,
  kind: 'dictionary',
  name: id,
  enabled: true,
  builtIn: false,
  version: 'v1',
  origin: 'json',
  language: 'en-us',
  categories: ['Sales'],
  definition: { _id: id, name: id },
  members: { json: `${id}.json` },
  warnings: [],
  userId: USER,
  ...given,
});

const put = (given: NewMethod): Promise<void> => database.db.transaction().execute((trx) => putMethod(trx, given));

describe('stored methods', () => {
  it('are filtered in pages by name, state, category and language', async () => {
    for (const name of ['Colour', 'Country', 'County'])
      await put(
        method(`f-${name}`, { name, enabled: name !== 'County', language: name === 'Country' ? 'de' : 'en-us' }),
      );
    await put(method('f-SSN', { kind: 'pattern', name: 'Country code', builtIn: true, categories: [] }));
    const names = async (...given: Parameters<typeof filterMethods> extends [unknown, ...infer R] ? R : never) =>
      (await filterMethods(database.db, ...given)).map((one) => one.name);
    expect(await names('dictionary', {}, undefined, 2)).toEqual(['Colour', 'Country']);
    expect(await names('dictionary', {}, ['Country', 'f-Country'], 2)).toEqual(['County']);
    expect(await names('dictionary', { name: 'OUNT' }, undefined, 9)).toEqual(['Country', 'County']);
    expect(await names('dictionary', { enabled: false }, undefined, 9)).toEqual(['County']);
    expect(await names('dictionary', { language: 'DE' }, undefined, 9)).toEqual(['Country']);
    expect(await names('dictionary', { builtIn: true }, undefined, 9)).toEqual([]);
    expect(await names('pattern', { builtIn: true }, undefined, 9)).toEqual(['Country code']);
    expect(await names('pattern', { category: 'Sales' }, undefined, 9)).toEqual([]);
    const enabled = (await listEnabledMethods(database.db)).map(({ id }) => id);
    expect(enabled.filter((id) => id.startsWith('f-'))).toEqual(['f-Colour', 'f-Country', 'f-SSN']);
    expect((await listMethodsById(database.db, ['f-SSN', 'none', 'f-Colour'])).map(({ id }) => id)).toEqual([
      'f-Colour',
      'f-SSN',
    ]);
  });

  it('are overwritten by their id, switched and deleted', async () => {
    await put(method('d1'));
    await put(method('d1', { name: 'other', version: 'v2', userId: null }));
    expect(await getMethod(database.db, 'dictionary', 'd1')).toMatchObject({
      name: 'other',
      revision: 2,
      version: 'v2',
      createdBy: USER,
      updatedBy: null,
      termSet: null,
      cardinality: 0,
    });
    expect(await switchMethod(database.db, 'dictionary', 'd1', false, USER)).toMatchObject({
      enabled: false,
      revision: 3,
    });
    expect(await switchMethod(database.db, 'dictionary', 'd1', false, USER)).toMatchObject({ revision: 3 });
    await expect(switchMethod(database.db, 'pattern', 'd1', true, USER)).rejects.toThrow('no data pattern d1');
    await database.db.transaction().execute(async (trx) => {
      expect(await lockMethod(trx, 'd1')).toMatchObject({ name: 'other' });
      await deleteMethod(trx, 'd1');
    });
    expect(await findMethod(database.db, 'dictionary', 'd1')).toBeUndefined();
  });

  it('that were deleted or disabled are known by what they found, those that came meanwhile are not among them', async () => {
    const [source_id, table, column] = [newHexId(), newEntityId(), newEntityId()];
    const base = { source_id, root_id: table };
    await database.db
      .insertInto('entity')
      .values([
        { ...base, id: table, parent_id: null, type: 'TABLE', name: 't', fqdn: 'D/t' },
        { ...base, id: column, parent_id: table, type: 'COLUMN', name: 'a', fqdn: 'D/t/a' },
      ])
      .execute();
    for (const id of ['d-gone', 'd-kept']) await put(method(id));
    const found = { source_id, kind: 'tag', body: '{}', origin: 'job', column_id: column };
    await database.db
      .insertInto('assertion')
      .values([
        { ...found, entity_id: column, value: 'A', method_id: 'd-gone' },
        { ...found, entity_id: table, value: 'B', method_id: 'd-gone' },
        { ...found, entity_id: column, value: 'C', method_id: 'd-kept' },
      ])
      .execute();
    expect(await listSilentFinders(database.db, table)).toEqual({ deleted: [], disabled: [] });
    await database.db.transaction().execute((trx) => deleteMethod(trx, 'd-gone'));
    await database.pool.query("UPDATE method SET enabled = false WHERE id = 'd-kept'");
    expect(await listSilentFinders(database.db, table)).toEqual({ deleted: ['d-gone'], disabled: ['d-kept'] });
  });
});
