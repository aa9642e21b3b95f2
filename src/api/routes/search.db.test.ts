import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addCatalog, type SampleEntity } from '../../../test/support/sample-catalog.ts';
import { createTestApi, type TestApi } from '../../../test/support/test-api.ts';
import { newHexId } from '../../model/ids.ts';

let api: TestApi;
let token: string;
let reader: string;
let all: SampleEntity[];

beforeAll(async () => {
  api = await createTestApi();
  token = (await api.signUp('data_steward')).token;
  reader = (await api.signUp('data_user')).token;
  all = await addCatalog(api.db, {
    Shop: {
      sales: {
        customer: ['id', 'email', 'custOrdId', 'Größe'],
        order_item: ['ORDER_ID', 'item-no', 'unit price', 'addr1'],
        顧客マスタ: ['氏名', 'customer'],
      },
      archive: { customer: ['id', 'email'], customers_old: ['id', '100%', "o'brien\\x"] },
    },
    Bank: { crm: { Account: ['id', 'CUST_ORD_ID', 'balance'] } },
  });
});
afterAll(() => api.drop());

const idOf = (source: string, ...path: string[]): string => {
  const found = all.find((entity) => entity.source === source && entity.path.join('\n') === path.join('\n'));
  if (!found) throw new Error(`no ${source}/${path.join('/')}`);
  return found.id;
};

async function search(searchTerm: string, searchFacets: object = {}, more: object = {}) {
  const answer = await api.call('POST', '/search', { token: reader, body: { searchTerm, searchFacets, ...more } });
  expect([answer.statusCode, answer.body]).toEqual([200, expect.any(String)]);
  return answer.json() as {
    data: { _id: string; name: string; fqdn: string; score: number; matchedOn: string[]; highlights: object[] }[];
    pageInfo: { totalMatchCount: number; totalIsExact: boolean };
  };
}
const places = async (term: string, facets: object = {}): Promise<string[]> =>
  (await search(term, facets)).data.map((row) => row.fqdn.split('/').slice(1).join('/'));

async function facets(searchTerm: string, searchFacets: object = {}): Promise<Record<string, Record<string, number>>> {
  const answer = await api.call('POST', '/search/facets', { token: reader, body: { searchTerm, searchFacets } });
  expect([answer.statusCode, answer.body]).toEqual([200, expect.any(String)]);
  const { data } = answer.json() as { data: { key: string; options: { value: string; count: number }[] }[] };
  return Object.fromEntries(
    data.map(({ key, options }) => [key, Object.fromEntries(options.map(({ value, count }) => [value, count]))]),
  );
}

describe('words', () => {
  test.each(['custOrdId', 'CUST_ORD_ID', 'cust-ord-id', 'cust ord id', 'custordid', 'CustOrd', 'ord cust'])(
    'one name in every spelling: %s',
    async (term) => {
      expect(await places(term)).toEqual(
        expect.arrayContaining(['sales/customer/custOrdId', 'crm/Account/CUST_ORD_ID']),
      );
    },
  );

  test.each([
    ['custo', 'sales/customer'],
    ['GROSSE', 'sales/customer/Größe'],
    ['größe', 'sales/customer/Größe'],
    ['grosse', 'sales/customer/Größe'],
    ['price', 'sales/order_item/unit price'],
    ['itemno', 'sales/order_item/item-no'],
    ['addr', 'sales/order_item/addr1'],
    ['addr1', 'sales/order_item/addr1'],
    ['顧客', 'sales/顧客マスタ'],
    ['マスタ', 'sales/顧客マスタ'],
    ['名', 'sales/顧客マスタ/氏名'],
    ['acount', 'crm/Account'],
    ['balnace', 'crm/Account/balance'],
    ['ballance', 'crm/Account/balance'],
    ['bolance', 'crm/Account/balance'],
    ['100%', 'archive/customers_old/100%25'],
    ["o'brien\\x", "archive/customers_old/o'brien\\x"],
  ])('%s finds %s', async (term, place) => {
    expect(await places(term)).toContain(place);
  });

  test('the exact name comes first, containers before columns, and the order is the same each time', async () => {
    const found = await places('customer');
    expect(found.slice(0, 3)).toEqual(['sales/customer', 'archive/customer', 'sales/顧客マスタ/customer']);
    expect(found[3]).toBe('archive/customers_old');
    expect(await places('customer')).toEqual(found);
  });

  test('a path finds what lies there, in any case and with any separator', async () => {
    for (const term of ['sales.customer.email', 'sales/customer/email', 'SALES::Customer.EMAIL', 'customer.email']) {
      const found = await search(term);
      const emails = [idOf('Shop', 'sales', 'customer', 'email'), idOf('Shop', 'archive', 'customer', 'email')];
      expect(emails).toContain(found.data[0]?._id);
      expect(found.data[0]?.matchedOn).toContain('path');
      expect(found.pageInfo.totalMatchCount).toBe(term === 'customer.email' ? 2 : 1);
    }
    expect((await search('Bank/crm/account/bal')).data[0]?.name).toBe('balance');
    expect((await search('email customer')).data.map((row) => row.name)).toEqual(['email', 'email']);
    const account = await api.db
      .selectFrom('entity')
      .select('fqdn')
      .where('name', '=', 'Account')
      .executeTakeFirstOrThrow();
    expect((await search(account.fqdn)).data[0]?.name).toBe('Account');
  });

  test('rows say why they are there', async () => {
    const [row] = (await search('ballance')).data;
    expect(row).toMatchObject({ matchedOn: ['name'], highlights: [{ field: 'name', how: 'typo', ranges: [[0, 7]] }] });
    const [whole] = (await search('account')).data;
    expect(whole).toMatchObject({ highlights: [{ how: 'exact', ranges: [[0, 7]] }] });
  });

  test('nothing typed, or a star, is everything', async () => {
    for (const term of ['', '*', '  ']) expect((await search(term)).pageInfo.totalMatchCount).toBe(all.length);
    expect((await search('nowhere to be found')).pageInfo.totalMatchCount).toBe(0);
  });
});

describe('what people say', () => {
  const patch = (id: string, attributes: object) =>
    api.call('PATCH', `/entities/${id}`, { token, body: { attributes } });

  test('is found at once, ranks higher, narrows and is counted, and is gone when it is taken back', async () => {
    const id = idOf('Shop', 'archive', 'customer');
    await patch(id, {
      info: { description: 'Golden Record of every Kunde' },
      tags: [{ name: 'GDPR Relevant' }],
      businessTerms: [{ id: 't-1', name: 'Legal Person' }],
      features: { sensitivity: 'HIGH', trustScore: 60, rating: { value: 4 } },
    });
    for (const term of ['kunde', 'golden', 'gdpr', 'legal person', 'customer kunde', 'goldn'])
      expect((await search(term)).data[0]?._id).toBe(id);
    expect((await search('legal')).data[0]).toMatchObject({ matchedOn: ['terms'] });
    expect((await search('customer')).data[0]?._id).toBe(id);
    expect(await facets('customer')).toMatchObject({
      sensitivity: { HIGH: 1 },
      tags: { 'GDPR Relevant': 1 },
      terms: { 't-1': 1 },
      trustScore: { '51-75': 1 },
      rating: { '4-4': 1 },
    });
    const narrow: object[] = [
      { tags: ['GDPR Relevant'] },
      { trustScore: [51, 75] },
      { trustScore: ['51-75'] },
      { sensitivity: ['high'], terms: ['t-1'], type: ['table'], dataSource: ['Shop'] },
    ];
    for (const one of narrow) expect((await search('customer', one)).data.map((row) => row._id)).toEqual([id]);
    expect((await search('*', { sensitivity: ['UNKNOWN'] })).pageInfo.totalMatchCount).toBe(all.length - 1);

    await patch(id, { info: null, tags: [], businessTerms: [], features: null });
    expect((await search('kunde')).pageInfo.totalMatchCount).toBe(0);
    expect((await facets('customer')).tags).toEqual({});
  });

  test('profiled or not', async () => {
    const id = idOf('Bank', 'crm', 'Account');
    const profile = {
      entity_id: id,
      table_id: id,
      source_id: newHexId(),
      job_id: newHexId(),
      job_seq: 1,
      basis: '{}',
      body: '{"rows":{"value":1,"basis":"exact"}}',
    };
    await api.db.insertInto('profile').values(profile).execute();
    expect((await search('*', { profiled: ['PROFILED'] })).data.map((row) => row._id)).toEqual([id]);
    expect((await facets('account')).profiled).toEqual({ PROFILED: 1 });
    await api.db.updateTable('profile').set({ current: false }).execute();
    await api.db.insertInto('profile').values(profile).execute();
    expect((await facets('*')).profiled).toEqual({ PROFILED: 1, NOT_PROFILED: all.length - 1 });
    await api.db.deleteFrom('profile').execute();
    expect((await search('*', { profiled: ['PROFILED'] })).pageInfo.totalMatchCount).toBe(0);
  });
});

describe('requests that are wrong', () => {
  const refused = async (path: string, body: unknown): Promise<string> => {
    const answer = await api.call('POST', path, { token, body });
    expect([answer.statusCode, answer.body]).toEqual([400, expect.any(String)]);
    return [answer.json().message].flat().join('\n');
  };

  test('all problems are named at once, and wrong facets name the right ones', async () => {
    const body = { searchFacets: { colour: ['red'], type: ['CHAIR'], trustScore: [1] }, page: 0, perPage: 501, q: 1 };
    const said = await refused('/search', body);
    expect(said).toMatch(/searchFacets\.colour: not a facet; expected one of type, dataSource, .*rating/);
    for (const part of ['CHAIR', 'RESOURCE', 'trustScore', 'page', 'perPage', 'q: not a known key'])
      expect(said).toContain(part);
    expect(await refused('/search/facets', { searchTerm: 7 })).toContain('searchTerm');
    const source = await api.call('POST', '/search', { token, body: { searchFacets: { dataSource: ['Shopp'] } } });
    expect([source.statusCode, source.json().message]).toEqual([404, expect.stringContaining('nearest name is Shop')]);
  });

  test.each(['x'.repeat(1_001), 'a\u0000b', '\ud800', Array.from({ length: 21 }, (_, i) => `w${i}`).join(' ')])(
    'a term that is too much: %#',
    async (searchTerm) => {
      await refused('/search', { searchTerm });
      await refused('/search/facets', { searchTerm });
    },
  );

  test.each([
    '%',
    '_',
    '\\',
    "'",
    'a & !b | (c <-> d):*',
    "'; DROP TABLE entity; --",
    '()',
    '...',
    '%_%',
    ':*',
    '💥',
    'ﷺ',
    '\u200b',
    '/',
    'x'.repeat(1_000),
    '-1',
    '1e9',
    '$1',
    '{}',
    'Ａ',
  ])('a term that means nothing to a database: %s', async (term) => {
    await search(term);
    await facets(term);
    await search(term, { type: ['COLUMN'], trustScore: [0, 100] });
  });

  test('the end of the pages', async () => {
    const { data, pageInfo } = await search('*', {}, { page: 1_000_000, perPage: 500 });
    expect([data, pageInfo.totalMatchCount]).toEqual([[], all.length]);
  });

  test('reading needs the right to read', async () => {
    const nobody = (await api.signUp()).token;
    for (const path of ['/search', '/search/facets', '/entities/by-ids', '/entities/by-ids/profiling-info'])
      expect((await api.call('POST', path, { token: nobody, body: { ids: [all[0]?.id] } })).statusCode).toBe(403);
  });
});

test('entities by their ids: as asked, each once, unknown ones named', async () => {
  const [first, second] = [idOf('Bank', 'crm'), idOf('Shop', 'sales')];
  const unknown = '0199f3a2-7c11-7bb2-9b1d-5a0f0f6ad001';
  for (const path of ['/entities/by-ids', '/entities/by-ids/profiling-info']) {
    const body = { ids: [second, unknown, first, second.toUpperCase()] };
    const answer = (await api.call('POST', path, { token, body })).json();
    expect(answer.data.map((entity: { _id: string }) => entity._id)).toEqual([second, first]);
    expect(answer.notFound).toEqual([unknown]);
    const many = await api.call('POST', path, { token, body: { ids: Array(501).fill(first) } });
    expect([many.statusCode, many.body]).toEqual([400, expect.stringContaining('at most 500 ids')]);
    for (const version of ['v2', 'v3']) {
      const other = await api.app.inject({
        method: 'POST',
        url: `/api/public/${version}${path}`,
        headers: { authorization: `Bearer ${token}` },
        payload: { ids: [first] },
      });
      expect(other.json().data).toHaveLength(1);
    }
  }
});
