import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../../test/support/test-api.ts';
import { newHexId } from '../../model/ids.ts';
import { sourceSecretPlace } from '../../model/secret-places.ts';
import { SECRET_FIELDS, SOURCE_FIELDS } from '../../model/source-fields.ts';

const SECRET = 'hunter2-and-more';

let api: TestApi;
let token: string;
beforeAll(async () => {
  api = await createTestApi();
  token = (await api.signUp('data_steward')).token;
});
beforeEach(() => api.db.deleteFrom('data_source').execute());
afterAll(() => api.drop());

const post = (path: string, body: unknown) => api.call('POST', path, { token, body });
const get = (path: string) => api.call('GET', path, { token });
const patch = (id: string, body: unknown, headers: Record<string, string> = {}) =>
  api.call('PATCH', `/data-sources/${id}`, { token, body, headers });
const source = (name: string, more: Record<string, unknown> = {}) => ({
  resourceName: name,
  databaseType: 'postgres',
  host: 'h',
  ...more,
});

async function add(name: string, more: Record<string, unknown> = {}): Promise<{ _id: string; fqdnId: string }> {
  const answer = await post('/data-sources', source(name, more));
  expect(answer.statusCode).toBe(201);
  return answer.json().data[0];
}
const stored = (id: string) =>
  api.db.selectFrom('data_source').selectAll().where('id', '=', id).executeTakeFirstOrThrow();

describe('POST /data-sources', () => {
  test('keeps every field of the contract, and returns no secret', async () => {
    const samples: Record<string, unknown> = {
      string: 'text',
      number: 1.5,
      boolean: true,
      strings: ['a'],
      objects: [{ a: 1 }],
      object: { country: 'KR' },
    };
    const body: Record<string, unknown> = {};
    for (const [name, field] of Object.entries(SOURCE_FIELDS))
      body[name] = field.secret ? `${SECRET} ${name}` : samples[field.type];
    delete body.resourceId;
    Object.assign(body, {
      databaseType: 'POSTGRES',
      port: '5432',
      uri: `jdbc:postgresql://u:${SECRET}@h/db`,
      costPerTb: { price: 23, frequency: 'month' },
    });
    const answer = await post('/data-sources', body);
    expect(answer.statusCode).toBe(201);
    const [made] = answer.json().data;
    for (const [name, field] of Object.entries(SOURCE_FIELDS)) {
      if (field.secret) expect(made).not.toHaveProperty(name);
      else if (!field.ignored && name !== 'resourceId' && name !== 'uri')
        expect([name, made[name]]).toEqual([name, body[name]]);
    }
    expect(made).toMatchObject({
      status: 'OFFLINE',
      lastIngestId: '',
      uri: 'jdbc:postgresql://u@h/db',
      savedSecrets: [...SECRET_FIELDS].sort(),
    });
    const warnings: string[] = answer.json().warnings;
    expect(warnings.filter((warning) => !warning.includes('are refused until then'))).toHaveLength(5);
    const row = await stored(made._id);
    expect(api.secrets.decrypt(row.secrets.accessKey ?? '', sourceSecretPlace(made._id, 'accessKey'))).toBe(
      `${SECRET} accessKey`,
    );
    for (const path of [`/data-sources/${made._id}`, '/data-sources', '/audit-log?size=1000'])
      expect((await get(path)).body).not.toContain(SECRET);
    expect(JSON.stringify(row)).not.toContain(SECRET);
  });

  test('takes a number where a string is wanted, and null or "" as absent', async () => {
    const made = await add('lenient', {
      port: 5432,
      totalCapacity: '2',
      availableForWriting: 'false',
      description: null,
      note: '',
    });
    expect(made).toMatchObject({ port: '5432', totalCapacity: 2, availableForWriting: false });
    expect(made).not.toHaveProperty('description');
    expect(made).not.toHaveProperty('note');
  });

  test('names the valid types, and every other problem at once', async () => {
    const answer = await post('/data-sources', { databaseType: 'PAPER', host: ['x'], fqdnId: 'a/b' });
    expect(answer.statusCode).toBe(400);
    const message: string[] = answer.json().message;
    expect(message).toHaveLength(4);
    expect(message.join()).toContain('POSTGRES');
  });

  test('refuses a name or an fqdnId that is taken', async () => {
    const made = await add('one', { fqdnId: 'F1' });
    for (const body of [source('one'), source('two', { fqdnId: 'F1' })]) {
      const answer = await post('/data-sources', body);
      expect(answer.statusCode).toBe(409);
      expect(answer.json().message).toContain(made._id);
    }
    const generated = await add('three');
    expect(generated.fqdnId).not.toBe('');
  });

  test('several: 201 when all could be added, 207 with the outcome of each otherwise', async () => {
    expect((await post('/data-sources', [source('a'), source('b')])).statusCode).toBe(201);
    const mixed = await post('/data-sources', [source('c'), source('a'), { resourceName: 'd' }]);
    expect(mixed.statusCode).toBe(207);
    expect(mixed.json().data.map((row: { resourceName: string }) => row.resourceName)).toEqual(['c']);
    expect(mixed.json().results).toMatchObject([
      { status: 201 },
      { status: 409, code: 'CONFLICT' },
      { status: 400, code: 'BAD_REQUEST' },
    ]);
    expect((await post('/data-sources', [source('a'), source('b')])).statusCode).toBe(409);
    for (const body of [[], [1], [[]]]) expect((await post('/data-sources', body)).statusCode).toBe(400);
  });

  test('two requests for one name at the same moment: one is added', async () => {
    const answers = await Promise.all([1, 2, 3, 4].map(() => post('/data-sources', source('race'))));
    expect(answers.map((answer) => answer.statusCode).sort()).toEqual([201, 409, 409, 409]);
  });
});

test('what no connection can be made with yet is taken with a warning, until a PATCH completes it', async () => {
  const warningsOf = async (more: Record<string, unknown>) => {
    const answer = await post('/data-sources', { resourceName: 'part', ...more });
    expect(answer.statusCode).toBe(201);
    const id: string = answer.json().data[0]._id;
    const completed = await patch(id, { path: '/data/wh.duckdb', note: 'x' });
    expect([completed.statusCode, completed.json().warnings]).toEqual([200, undefined]);
    await api.db.deleteFrom('data_source').execute();
    return answer.json().warnings as string[];
  };
  for (const databaseType of ['DUCKDB', 'SQLITE', 'FS']) {
    expect(await warningsOf({ databaseType })).toEqual([expect.stringMatching(/^path: missing; .*jobs .* refused/)]);
    expect(await warningsOf({ databaseType, path: 'wh.duckdb' })).toEqual([
      expect.stringMatching(/^path: is relative; give an absolute path/),
    ]);
  }
  const { _id } = await add('half', { userName: 'u' });
  expect((await patch(_id, { host: '' })).json().warnings).toEqual([expect.stringMatching(/^host: missing/)]);
});

describe('finding data sources', () => {
  test('with wildcards, paged, counted', async () => {
    for (const name of ['Sales EU', 'Sales US', '100%', 'sales_old']) await add(name);
    const find = async (filters: unknown, query = '') => {
      const body = (await post(`/data-sources/filter${query}`, { filters })).json();
      return [body.pageInfo.totalCount, body.data.map((row: { resourceName: string }) => row.resourceName)];
    };
    expect(await find({ resourceNames: ['*'] })).toEqual([4, ['100%', 'Sales EU', 'Sales US', 'sales_old']]);
    expect(await find({ resourceNames: ['sales ?U'] })).toEqual([1, ['Sales EU']]);
    expect(await find({ resourceNames: ['sales_*', '100%'] })).toEqual([2, ['100%', 'sales_old']]);
    expect(await find({ resourceNames: ['sales*'], databaseTypes: ['POST*'] }, '?skip=1&limit=1')).toEqual([
      3,
      ['Sales US'],
    ]);
    expect(await find({ databaseTypes: ['MYSQL'] })).toEqual([0, []]);
    expect(await find({ ids: [] })).toEqual([0, []]);
    expect((await get('/data-sources?limit=2')).json()).toMatchObject({ pageInfo: { totalCount: 4 }, data: [{}, {}] });
    expect((await post('/data-sources/filter', { filters: { name: ['x'] } })).statusCode).toBe(400);
  });

  test('by ids, in their order, without those that do not exist', async () => {
    const [a, b] = [await add('a'), await add('b')];
    const answer = await post('/data-sources/by-ids', { ids: [b._id, newHexId(), a._id.toUpperCase(), b._id] });
    expect(answer.json().data.map((row: { _id: string }) => row._id)).toEqual([b._id, a._id]);
    expect((await get(`/data-sources/${newHexId()}`)).statusCode).toBe(404);
    expect((await get('/data-sources/1')).statusCode).toBe(400);
  });
});

describe('PATCH /data-sources/:id', () => {
  test('changes what is sent, empties what is null, keeps the rest', async () => {
    const { _id } = await add('p', { note: 'n', description: 'd' });
    const answer = await patch(_id, { resourceName: 'q', note: null, port: 1 });
    expect(answer.statusCode).toBe(200);
    expect(answer.json().data).toMatchObject({ resourceName: 'q', description: 'd', host: 'h', port: '1', __v: 1 });
  });

  test('a new target needs a secret of its own', async () => {
    const { _id } = await add('t', { password: SECRET, secretKey: 'k' });
    for (const body of [
      { host: 'evil' },
      { port: '1' },
      { uri: 'postgres://evil/db' },
      { databaseName: 'x' },
      { path: '/x' },
      { host: null },
    ]) {
      const answer = await patch(_id, body);
      expect([answer.statusCode, answer.json().code]).toEqual([400, 'SECRET_REQUIRED']);
    }
    expect((await patch(_id, { host: 'h', description: 'same target' })).statusCode).toBe(200);
    const moved = await patch(_id, { host: 'other', password: 'its own' });
    expect(moved.json().data).toMatchObject({ host: 'other', savedSecrets: ['password'], status: 'OFFLINE' });
    const inUri = await patch(_id, { uri: 'postgres://u:own2@third/db' });
    expect(inUri.json().data.savedSecrets).toEqual(['password']);
    expect(api.secrets.decrypt((await stored(_id)).secrets.password ?? '', sourceSecretPlace(_id, 'password'))).toBe(
      'own2',
    );
  });

  test('a new host sets the stored uri aside', async () => {
    const { _id } = await add('w', { host: '', uri: 'postgres://u@old/db' });
    expect((await patch(_id, { port: '1' })).json()).toMatchObject({ code: 'BAD_REQUEST' });
    expect((await patch(_id, { host: 'new' })).statusCode).toBe(200);
    const { config } = await stored(_id);
    expect(config).toMatchObject({ host: 'new' });
    expect(config).not.toHaveProperty('uri');
  });

  test('fqdnId cannot be changed', async () => {
    const made = await add('f', { fqdnId: 'F' });
    expect((await patch(made._id, { fqdnId: 'G' })).statusCode).toBe(400);
    expect((await patch(made._id, { fqdnId: 'F', note: 'x' })).statusCode).toBe(200);
  });

  test('a stale If-Match is 412, a fitting one is taken', async () => {
    const { _id } = await add('e');
    const etag = String((await get(`/data-sources/${_id}`)).headers.etag);
    expect((await patch(_id, { note: '1' }, { 'if-match': etag })).statusCode).toBe(200);
    expect((await patch(_id, { note: '2' }, { 'if-match': etag })).statusCode).toBe(412);
    expect((await patch(_id, { note: '3' }, { 'if-match': '*' })).statusCode).toBe(200);
  });

  test('is refused while the source is being removed', async () => {
    const { _id } = await add('r');
    expect((await api.call('DELETE', `/data-sources/${_id}`, { token })).statusCode).toBe(200);
    expect((await patch(_id, { note: 'x' })).statusCode).toBe(409);
  });
});

test('DELETE starts the removal, after which nothing else may start', async () => {
  const { _id } = await add('gone');
  const answer = await api.call('DELETE', `/data-sources/${_id}`, { token });
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toMatchObject({
    status: 'ACCEPTED',
    data: { workerName: 'CLEANUP_DATASOURCE', resourceIds: [_id] },
  });
  expect((await get(`/data-sources/${_id}`)).json().data.removalJobId).toBe(answer.json().data._id);
});
