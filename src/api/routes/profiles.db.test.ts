import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../../test/support/test-api.ts';
import { acceptJob } from '../../engine/accept-job.ts';
import type { EntityType } from '../../model/entity.ts';
import { newEntityId, newHexId } from '../../model/ids.ts';
import { exact } from '../../profile/figure.ts';
import type { ColumnProfile } from '../../profile/profile.ts';
import { insertDataSource } from '../../store/data-sources.ts';
import { storeProfiles } from '../../store/profiles.ts';

let api: TestApi;
let steward: string;
let reader: string;
const sourceId = newHexId();
const root = newEntityId();
const [customer, copy, city, cityCopy] = [newEntityId(), newEntityId(), newEntityId(), newEntityId()];
const jobs = Array.from({ length: 4 }, () => newHexId());

async function addEntity(id: string, type: EntityType, names: string[], parent: string | null): Promise<void> {
  const place = { source_id: sourceId, root_id: root, parent_id: parent, metadata: '{}' };
  await api.db
    .insertInto('entity')
    .values({ ...place, id, type, name: names.at(-1) ?? 'Shop', fqdn: ['S1', ...names].join('/') })
    .execute();
}

function column(values: Record<string, number>): ColumnProfile {
  const rows = Object.values(values).reduce((sum, count) => sum + count, 0);
  const top = Object.entries(values).map(([value, count]) => ({ value, count, percent: (100 * count) / rows }));
  return {
    name: 'city',
    ordinal: 0,
    nativeType: 'text',
    duckdbType: 'VARCHAR',
    typeBasis: 'precise',
    kind: 'text',
    rows: exact(rows),
    nonNull: exact(rows),
    nulls: exact(0),
    blanks: exact(0),
    distinct: exact(top.length),
    uniqueness: exact(0),
    density: exact(100),
    selectivity: exact(0),
    topValues: exact(top),
  };
}

async function profile(
  table: string,
  columnId: string,
  seq: number,
  values: Record<string, number>,
  more: object = {},
): Promise<void> {
  const body = column(values);
  const basis = { kind: 'all rows', rowsRead: 1, partitions: 1, ...more };
  const columnTypes = [{ name: 'city', nativeType: 'text' }, ...(seq < 2 ? [{ name: 'old', nativeType: 'date' }] : [])];
  const table_ = {
    version: 1,
    rows: body.rows,
    fields: columnTypes.length,
    columnTypes,
    warnings: [],
    rejectedRows: 0,
  };
  await api.db.transaction().execute((trx) =>
    storeProfiles(
      trx,
      { id: jobs[seq]!, seq },
      [
        { entityId: table, body: table_ },
        { entityId: columnId, body },
      ].map((one) => ({
        ...{ tableId: table, sourceId, entityId: one.entityId },
        ...{ basis: JSON.stringify(basis), body: JSON.stringify(one.body) },
      })),
    ),
  );
}

beforeAll(async () => {
  api = await createTestApi();
  steward = (await api.signUp('data_steward')).token;
  reader = (await api.signUp('business_user')).token;
  const config = { databaseName: 'shop', host: 'h' };
  const source = { id: sourceId, resourceName: 'Shop', fqdnId: 'S1', databaseType: 'POSTGRES', config };
  await insertDataSource(api.db, { ...source, secrets: {}, createdBy: null });
  await addEntity(root, 'RESOURCE', [], null);
  await addEntity(customer, 'TABLE', ['customer'], root);
  await addEntity(city, 'COLUMN', ['customer', 'city'], customer);
  await addEntity(copy, 'TABLE', ['copy'], root);
  await addEntity(cityCopy, 'COLUMN', ['copy', 'city'], copy);
  await profile(customer, city, 0, { Oslo: 5, Rome: 5 });
  await profile(customer, city, 1, { Oslo: 5, Rome: 5 });
  await profile(customer, city, 2, { Oslo: 18, Kyiv: 2 });
  await profile(copy, cityCopy, 3, { Oslo: 18, Kyiv: 2 });
});
afterAll(() => api.drop());

const get = (path: string, token = steward) => api.call('GET', path, { token });
const history = async (path: string) => (await get(path)).json();

test('what several runs by a watermark saw is an estimate without bounds, for rows may have been seen twice', async () => {
  const [table, columnId] = [randomUUID(), randomUUID()];
  await addEntity(table, 'TABLE', ['grown'], root);
  await addEntity(columnId, 'COLUMN', ['grown', 'city'], table);
  const watermark = { column: 'id', from: '1', to: '5', since: '2024-01-01T00:00:00Z', runs: 2, newRows: 1, nulls: 0 };
  await profile(table, columnId, 3, { Oslo: 5 }, { watermark });
  const seen = { value: 5, basis: 'estimate' };
  const { data } = (await get(`/entities/${table}/profile`)).json();
  expect(data).toMatchObject({ rows: seen, columns: [{ rows: seen, nulls: { basis: 'estimate' } }] });
  expect((await get(`/entities/${columnId}/profile`)).json().data).toMatchObject({ rows: seen });
  expect((await history(`/entities/${table}/profiles`)).data).toMatchObject([{ rows: seen }]);
  expect((await get(`/entities/${table}`)).json().data.metadata.stats).toMatchObject({ rows: 5 });
});

test('the history has every kept profile once, newest first, page by page', async () => {
  const all = await history(`/entities/${customer}/profiles`);
  expect(all.data.map(({ jobId, current, rows }: Record<string, unknown>) => [jobId, current, rows])).toEqual([
    [jobs[2], true, exact(20)],
    [jobs[1], false, exact(10)],
    [jobs[0], false, exact(10)],
  ]);
  expect(all.cursorInfo).toEqual({ cursor: '' });
  const pages: unknown[] = [];
  for (let cursor = ''; ; ) {
    const page = await history(`/entities/${customer}/profiles?size=1&cursor=${cursor}`);
    pages.push(...page.data);
    cursor = page.cursorInfo.cursor;
    if (!cursor) break;
  }
  expect(pages).toEqual(all.data);
});

test('a profile of the history is read by its id, with the columns of the same job, masked as ever', async () => {
  const { data: heads } = await history(`/entities/${customer}/profiles`);
  const first = heads.at(-1);
  const { data } = await history(`/entities/${customer}/profiles/${first.profileId}`);
  expect(data).toMatchObject({ profileId: first.profileId, jobId: jobs[0], rows: exact(10), fields: 2 });
  expect(data.columns).toMatchObject([{ name: 'city', jobId: jobs[0], topValues: { value: [{ value: 'Oslo' }, {}] } }]);
  const masked = await get(`/entities/${customer}/profiles/${first.profileId}`, reader);
  expect(masked.body).not.toMatch(/Oslo|Rome/);
  // The id belongs to its entity.
  expect((await get(`/entities/${copy}/profiles/${first.profileId}`)).statusCode).toBe(404);
});

test('a table is compared with how it was before, or at any time that is kept', async () => {
  const { data } = await history(`/entities/${customer}/profiles/compare`);
  expect(data).toMatchObject({
    before: { jobId: jobs[1], fqdn: 'S1/customer' },
    after: { jobId: jobs[2] },
    rows: { change: { value: 10, relative: 1, basis: 'exact' } },
    columnsRemoved: [{ name: 'old', nativeType: 'date' }],
    columns: [
      { name: 'city', newValues: { count: 1, named: [{ value: 'Kyiv', count: 2 }] }, vanishedValues: { count: 1 } },
    ],
  });
  expect(data.drifts[0]).toMatchObject({ code: 'COLUMN_REMOVED', column: 'old' });
  const { data: heads } = await history(`/entities/${customer}/profiles`);
  const [, second, third] = heads.map((head: { profileId: number }) => head.profileId);
  const same = await history(`/entities/${customer}/profiles/compare?before=${third}&after=${second}`);
  expect(same.data.drifts).toEqual([]);
  expect(same.data.columns[0].distribution).toMatchObject({ psi: 0, jensenShannonDivergence: 0 });
});

test('two entities are compared by the names of their columns; a column stands for itself', async () => {
  const { data } = await history(`/entities/${copy}/profiles/compare?with=${customer}`);
  expect(data).toMatchObject({
    before: { entityId: customer, jobId: jobs[2] },
    after: { entityId: copy },
    columns: [{ name: 'city' }],
  });
  expect(data.drifts).toEqual([]);
  const columns = await history(`/entities/${cityCopy}/profiles/compare?with=${city}`);
  expect(columns.data).toMatchObject({ columns: [{ name: 'city', distribution: { psi: 0 } }], drifts: [] });
});

test('who may not see samples sees counts and distances, and no value', async () => {
  const answer = await get(`/entities/${customer}/profiles/compare`, reader);
  expect(answer.body).not.toMatch(/Oslo|Rome|Kyiv/);
  expect(answer.json().data.columns[0]).toMatchObject({ newValues: { count: 1, named: [{ value: '******' }] } });
});

test('what cannot be compared is refused with what to do', async () => {
  for (const [path, status, message] of [
    [`/entities/${copy}/profiles/compare`, 404, /has no profile before/],
    [`/entities/${root}/profiles/compare`, 404, /run the job data-profiling/],
    [`/entities/${customer}/profiles/compare?before=999999`, 404, /has no profile 999999, or it is not kept/],
    [`/entities/${customer}/profiles/compare?with=${city}`, 400, /give two columns or two tables/],
    [`/entities/${newEntityId()}/profiles`, 404, /there is no entity/],
  ] as const) {
    const answer = await get(path);
    expect([path, answer.statusCode]).toEqual([path, status]);
    expect(answer.json().message).toMatch(message);
  }
});

test('the report of a table is a file without scripts, with its values only for those who may see them', async () => {
  const answer = await get(`/entities/${customer}/profile/report`);
  expect(answer.statusCode).toBe(200);
  expect(answer.headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'content-disposition': 'attachment; filename="Shop-customer.html"',
    'content-security-policy': expect.stringMatching(/default-src 'none'.*sandbox/),
  });
  expect(answer.body).toMatch(/^<!doctype html>/);
  expect(answer.body).toContain('Oslo');
  expect((await get(`/entities/${city}/profile/report`)).body).toContain('Shop/customer');
  const masked = await get(`/entities/${customer}/profile/report`, reader);
  expect(masked.body).not.toMatch(/Oslo|Kyiv/);
  expect(masked.body).toContain('viewSamples');
  expect((await get(`/entities/${root}/profile/report`)).statusCode).toBe(404);
});

test('values of what is marked as sensitive are in no report, wherever above it the mark is', async () => {
  for (const [id, attributes] of [
    [city, { features: { sensitivity: 'HIGH' } }],
    [customer, { tags: [{ name: 'PII' }] }],
    [root, { tags: [{ name: 'confidential' }] }],
  ] as const) {
    const edit = (given: unknown) =>
      api.call('PATCH', `/entities/${id}`, { token: steward, body: { attributes: given } });
    expect((await edit(attributes)).statusCode).toBe(200);
    const { body } = await get(`/entities/${customer}/profile/report`);
    expect([id, /Oslo|Kyiv/.test(body)]).toEqual([id, false]);
    expect(body).toContain('Values hidden: it');
    await edit({ tags: [], features: { sensitivity: null } });
  }
  expect((await get(`/entities/${customer}/profile/report`)).body).toContain('Oslo');
});

test('the report of a job has its tables as that job left them, and says of which there is nothing', async () => {
  const input = { scope: [customer, copy] };
  const user = { id: '0190a000-0000-7000-8000-000000000001', username: 'ada', snapshot: {} };
  const draft = {
    name: 'DATA_PROFILE',
    input,
    scope: [],
    resourceIds: [],
    affinity: 'DEFAULT',
    lockKeys: [],
    warnings: [],
  };
  const { job } = await acceptJob(api.db, draft as never, user as never);
  const tasks = [customer, copy].map((item) => ({ item, key: item, title: 't', affinity: 'DEFAULT' }));
  for (const task of tasks)
    await api.db
      .insertInto('task')
      .values({ job_id: job.id, kind: 'work', state: 'done', ...task } as never)
      .execute();
  await api.db.updateTable('profile').set({ job_id: job.id }).where('job_id', '=', jobs[1]!).execute();
  const answer = await get(`/jobs/${job.id}/report`);
  expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
  expect(answer.body).toContain('Rome');
  expect(answer.body).not.toContain('Kyiv');
  expect(answer.body).toContain('This job left no profile of it');
  expect(answer.body.trimEnd().endsWith('</html>')).toBe(true);
  expect((await get(`/jobs/${job.id}/report`, reader)).body).not.toContain('Rome');
  expect((await get(`/jobs/${newHexId()}/report`)).statusCode).toBe(404);
});
