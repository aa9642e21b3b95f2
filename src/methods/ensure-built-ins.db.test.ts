import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import { getMethod, listEnabledMethods, listMethodsById } from '../store/methods/read-methods.ts';
import { switchMethod } from '../store/methods/write-methods.ts';
import { bringBuiltIns, ensureBuiltIns } from './ensure-built-ins.ts';
import { newDictionary, newPattern } from './new-definitions.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const USER = '0199f3a2-7c11-7bb2-9b1d-5a0f0f6ad001';
const content = (version: number, terms: string[], others = true) => ({
  version,
  dictionaries: [
    { definition: { _id: 'b1', ...newDictionary('Colours') }, terms: async () => terms },
    ...(others ? [{ definition: { _id: 'b2', ...newDictionary('Sizes') }, terms: async () => ['S', 'M'] }] : []),
  ],
  patterns: [{ _id: 'b3', ...newPattern('Code', { patterns: ['dd'], regexes: [] }), isEnabled: true }],
});

describe('built-in methods', () => {
  it('come in once a content, by one of many processes', async () => {
    const written = await Promise.all([1, 2, 3].map(() => bringBuiltIns(database.db, content(1, ['red', 'blue']))));
    expect(written.sort()).toEqual([0, 0, 3]);
    expect(await listEnabledMethods(database.db)).toMatchObject([
      { id: 'b1', builtIn: true, cardinality: 2, origin: 'built-in', createdBy: null },
      { id: 'b2', cardinality: 2 },
      { id: 'b3', kind: 'pattern' },
    ]);
  });

  it('stay switched off in a new version, which writes what changed and takes away what is gone', async () => {
    await switchMethod(database.db, 'dictionary', 'b1', false, USER);
    expect(await bringBuiltIns(database.db, content(2, ['red', 'blue', 'green'], false))).toBe(1);
    expect(await getMethod(database.db, 'dictionary', 'b1')).toMatchObject({ enabled: false, cardinality: 3 });
    expect((await listMethodsById(database.db, ['b1', 'b2', 'b3'])).map(({ id }) => id)).toEqual(['b1', 'b3']);
  });

  it('are not taken back by an older version, and are there again after a version that took its changes back', async () => {
    const bring = (version: number, terms: string[]) => bringBuiltIns(database.db, content(version, terms, false));
    expect(await bring(3, ['red', 'green'])).toBe(1);
    expect(await bring(2, ['red', 'blue', 'green'])).toBe(0);
    expect(await getMethod(database.db, 'dictionary', 'b1')).toMatchObject({ cardinality: 2 });
    // The same as before, and newer than 4 all the same.
    expect(await bring(5, ['red', 'green'])).toBe(0);
    expect(await bring(4, ['red', 'blue', 'green'])).toBe(0);
    expect(await getMethod(database.db, 'dictionary', 'b1')).toMatchObject({ cardinality: 2 });
  });

  it('that were stored before contents had versions are older than any', async () => {
    const value = JSON.stringify({ fingerprint: 'of long ago' });
    await database.db.updateTable('meta').set({ value }).where('key', '=', 'built-in-methods').execute();
    expect(await bringBuiltIns(database.db, content(1, ['red'], false))).toBe(1);
  });

  it('of the program are all there, with terms and without a warning', async () => {
    const own = await createTestDatabase();
    try {
      await Promise.all([ensureBuiltIns(own.db), ensureBuiltIns(own.db)]);
      const methods = await listEnabledMethods(own.db);
      expect(methods.filter(({ kind }) => kind === 'dictionary').length).toBeGreaterThanOrEqual(95);
      expect(methods.every(({ builtIn }) => builtIn)).toBe(true);
      const empty = methods.filter(({ kind, cardinality }) => kind === 'dictionary' && cardinality === 0);
      expect(empty.map(({ name }) => name)).toEqual([]);
      expect(methods.filter(({ warnings }) => warnings.length > 0).map(({ name }) => name)).toEqual([]);
    } finally {
      await own.drop();
    }
  });
});
