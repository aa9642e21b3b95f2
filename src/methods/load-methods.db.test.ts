import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import { importUpload } from './import/import-upload.ts';
import { loadMethods } from './load-methods.ts';
import { newDictionary, newPattern } from './new-definitions.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const actor = { id: '0199f3a2-7c11-7bb2-9b1d-5a0f0f6ad001', username: 'erika' };
const load = (dictionaryIds: string[], dataPatternIds: string[]) =>
  loadMethods(database.db, { dictionaryIds, dataPatternIds });

it('loads the methods that are asked for, or all that are switched on, and names ids that are unknown', async () => {
  const definition = { _id: 'd', ...newDictionary('Colours'), terms: ['red', 'RED', 'blue'] };
  await importUpload(database.db, { type: 'json', definition }, { kind: 'dictionary', actor });
  const pattern = { _id: 'p', ...newPattern('Code', { patterns: ['dd'], regexes: [] }) };
  await importUpload(database.db, { type: 'json', definition: pattern }, { kind: 'pattern', actor });

  const { methods } = await load(['d'], ['p']);
  expect(methods.map(({ method }) => method)).toMatchObject([
    { id: 'd', kind: 'dictionary', cardinality: 2, enabled: true, builtIn: false },
    { id: 'p', kind: 'pattern', profilePatterns: ['dd'], enabled: false },
  ]);
  expect(methods.map(({ method, stored }) => method.version === stored.version)).toEqual([true, true]);
  await expect(load(['p', 'd'], ['x'])).rejects.toMatchObject({
    code: 'BAD_REQUEST',
    problems: ['dictionaryIds: there is no p', 'dataPatternIds: there is no x'],
  });
  const ids = (await load([], [])).methods.map(({ method }) => method.id);
  expect([ids.includes('d'), ids.includes('p')]).toEqual([true, false]);
  expect(ids.length).toBeGreaterThan(100);
});

it('tells of a definition that cannot be read any more, and loads the others', async () => {
  await database.pool.query(`UPDATE method SET definition = definition - 'rules' || '{"rules": 7}' WHERE id = 'd'`);
  const { methods, broken } = await load(['d'], ['p']);
  expect(methods.map(({ method }) => method.id)).toEqual(['p']);
  expect(broken).toMatchObject([{ id: 'd', name: 'Colours', reason: expect.stringContaining('rules') }]);
});
