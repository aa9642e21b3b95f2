import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts';
import {
  deleteBusinessTerm,
  ensureBusinessTerms,
  filterBusinessTerms,
  getBusinessTerm,
  insertBusinessTerm,
  updateBusinessTerm,
} from './business-terms.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const USER = '0199f3a2-7c11-7bb2-9b1d-5a0f0f6ad001';
const ensure = (wanted: { name: string; id?: string }[]) =>
  database.db.transaction().execute((trx) => ensureBusinessTerms(trx, wanted));
const term = (name: string, glossary = 'Sales', category = '') => ({ name, glossary, category, description: '' });

describe('business terms', () => {
  it('are found by id, else by name, and made once where they are not there', async () => {
    const customer = await insertBusinessTerm(database.db, term('Customer'), USER);
    const [byId, byName, made, again] = await ensure([
      { name: 'whatever', id: customer.id },
      { name: 'Customer', id: 'unknown' },
      { name: 'Order' },
      { name: 'Order' },
    ]);
    expect(byId).toEqual({ id: customer.id, glossary: 'Sales', name: 'Customer' });
    expect(byName).toEqual(byId);
    expect(made).toMatchObject({ glossary: 'Identification', name: 'Order' });
    expect(again).toEqual(made);
    expect(await ensure([{ name: 'Order' }])).toEqual([made]);
    expect(await ensure([])).toEqual([]);
  });

  it('are made once by many who name them at the same time', async () => {
    const names = ['u', 'v', 'w'].map((name) => ({ name }));
    const all = await Promise.all([names, names.toReversed(), names, names.toReversed()].map(ensure));
    const ids = all.map((terms) => terms.map(({ id }) => id).sort());
    expect(new Set(ids.map(String)).size).toBe(1);
  });

  it('are listed in pages, changed and deleted; a name is there once in a place', async () => {
    const a = await insertBusinessTerm(database.db, term('Alpha', 'G'), USER);
    const b = await insertBusinessTerm(database.db, term('Beta', 'G'), USER);
    await expect(insertBusinessTerm(database.db, term('Alpha', 'G'), USER)).rejects.toThrow(
      'has a term "Alpha" already',
    );
    await insertBusinessTerm(database.db, term('Alpha', 'G', 'other'), USER);
    expect(
      (await filterBusinessTerms(database.db, { glossary: 'G' }, ['Alpha', a.id], 9)).map((one) => one.name),
    ).toEqual(['Alpha', 'Beta']);
    expect((await filterBusinessTerms(database.db, { name: 'ETA' }, undefined, 9)).map(({ id }) => id)).toEqual([b.id]);
    await expect(updateBusinessTerm(database.db, b.id, USER, () => ({ name: 'Alpha' }))).rejects.toThrow('already');
    const changed = await updateBusinessTerm(database.db, b.id, USER, () => ({ description: 'Second' }));
    expect(changed).toMatchObject({ name: 'Beta', description: 'Second', revision: 2 });
    await deleteBusinessTerm(database.db, b.id);
    await expect(getBusinessTerm(database.db, b.id)).rejects.toThrow('no business term');
    await expect(deleteBusinessTerm(database.db, b.id)).rejects.toThrow('no business term');
    await expect(updateBusinessTerm(database.db, b.id, USER, () => ({}))).rejects.toThrow('no business term');
    expect(await getBusinessTerm(database.db, a.id)).toMatchObject({ name: 'Alpha', created_by: USER });
  });
});
