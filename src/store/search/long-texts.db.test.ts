import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addCatalog } from '../../../test/support/sample-catalog.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts';
import { splitPatch } from '../../model/attributes.ts';
import { editEntity } from '../edit-entity.ts';
import { findPage } from './find-page.ts';

let base: TestDatabase;
beforeAll(async () => {
  base = await createTestDatabase();
});
afterAll(() => base.drop());

const PERSON = '0190a000-0000-7000-8000-000000000001';

async function addTable(name: string, columns: string[]): Promise<string> {
  for (const table of ['entity', 'data_source', 'entity_attributes', 'assertion'] as const)
    await base.db.deleteFrom(table).execute();
  const made = await addCatalog(base.db, { s: { p: { [name]: columns } } });
  const [table] = made.filter(({ type }) => type === 'TABLE');
  if (!table) throw new Error('no table was made');
  return table.id;
}

const find = async (term: string) => {
  const { hits } = await findPage(base.db, { term, filter: {}, skip: 0, take: 50 });
  return hits.map(({ entity }) => entity);
};
const idsOf = async (term: string): Promise<string[]> => (await find(term)).map(({ id }) => id);

test.each(['customer_i', 'customer i', 'customerI', 'zip c', 'cust_o', 'cust_or'])(
  'the last of several words may have only begun: %s',
  async (term) => {
    await addTable('t', ['customer_id', 'zip code', 'cust_ord_id']);
    const wanted = term.startsWith('zip') ? 'zip code' : term.startsWith('cust_') ? 'cust_ord_id' : 'customer_id';
    expect((await find(term)).map(({ name }) => name)).toContain(wanted);
  },
);

describe('what people say at length', () => {
  const describeIt = async (info: { description: string }, tags: string[]): Promise<string> => {
    const id = await addTable('t', []);
    const patch = splitPatch({ info, tags: tags.map((name) => ({ name })) });
    await editEntity(base.db, id, PERSON, patch, () => undefined);
    return id;
  };
  const ideographs = (length: number): string =>
    Array.from({ length }, (_, index) => String.fromCodePoint(0x4e00 + ((index * 7919) % 20_000))).join('');

  test('is stored whatever its length, and found by the name and by what comes first', async () => {
    const tags = Array.from({ length: 1_000 }, (_, index) => `${index} ${'abcdefghij '.repeat(11)}`);
    const long = ideographs(99_000);
    const id = await describeIt({ description: long }, tags);
    expect(await idsOf('t')).toEqual([id]);
    expect(await idsOf('abcdefghij')).toEqual([id]);
    expect(await idsOf(long.slice(5_000, 5_020))).toEqual([id]);
  });

  test('is found by any piece of a run without spaces', async () => {
    const id = await describeIt({ description: `${'数'.repeat(150)}終わり ลูกค้าศูนย์ข้อมูล` }, []);
    for (const piece of ['終わり', '数数終わり', `${'数'.repeat(20)}終`, 'ศูนย์ข้อมูล', 'ลูกค้า']) {
      expect([piece, await idsOf(piece)]).toEqual([piece, [id]]);
    }
  });
});
