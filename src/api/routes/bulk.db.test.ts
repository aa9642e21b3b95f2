import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../../test/support/test-api.ts';
import { newEntityId } from '../../model/ids.ts';

let api: TestApi;
let token: string;
let sourceId: string;

beforeAll(async () => {
  api = await createTestApi();
  token = (await api.signUp('data_steward')).token;
  const source = { resourceName: 'papers', databaseType: 'FS', path: '/srv/papers' };
  const made = await api.call('POST', '/data-sources', { token, body: source });
  sourceId = made.json().data[0]._id;
});
afterAll(() => api.drop());

const post = (url: string, payload: unknown, { headers = {}, as = token } = {}) =>
  api.app.inject({
    method: 'POST',
    url,
    headers: { authorization: `Bearer ${as}`, 'content-type': 'application/json', ...headers },
    payload: JSON.stringify(payload),
  });
const bulk = (payload: unknown, options?: Parameters<typeof post>[2]) =>
  post('/api/public/v3/jobs/execute/bulk', payload, options);
const ingest = (payload: object = { resourceId: sourceId }) => ({ name: 'METADATA_INGEST', type: 'START', payload });
const countJobs = async () => Number((await api.call('GET', '/jobs?size=500', { token })).json().data.length);

describe('POST /api/public/v3/jobs/execute/bulk', () => {
  test('accepts every item with its id, in order, and each can be polled below /v3', async () => {
    const answer = await bulk([
      ingest(),
      { name: 'test_connection', type: 'start', payload: { resourceId: sourceId } },
    ]);
    expect(answer.statusCode).toBe(200);
    const { status, message, data, successes, failures } = answer.json();
    expect({ status, message, failures }).toEqual({ status: 200, message: '2 of 2 jobs were accepted.', failures: [] });
    expect(successes).toEqual(data);
    expect(data.map((item: { index: number; workerName: string }) => [item.index, item.workerName])).toEqual([
      [0, 'METADATA_INGEST'],
      [1, 'TEST_CONNECTION'],
    ]);
    for (const item of data) {
      expect([item.jobId, item.id]).toEqual([item._id, item._id]);
      expect(item.status).toBe('ACCEPTED');
      const url = `/api/public/v3/jobs/${item._id}/status`;
      const polled = await api.app.inject({ url, headers: { authorization: `Bearer ${token}` } });
      expect(polled.json()).toMatchObject({ workerId: item._id, workerName: item.workerName });
    }
  });

  test('a name that is no text is refused like any other, and what was started is told', async () => {
    const names = [{ toString: 1, valueOf: 1 }, [{ toString: null }], null, 7, true];
    const answer = await bulk([ingest(), ...names.map((name) => ({ name, type: 'START', payload: {} }))]);
    expect(answer.statusCode).toBe(207);
    expect(answer.json().successes).toHaveLength(1);
    expect(
      answer.json().failures.map((item: { name: string; httpStatus: number }) => [item.name, item.httpStatus]),
    ).toEqual(names.map(() => ['', 400]));
  });

  test('what is refused holds nothing else up, and names every problem of its item', async () => {
    const answer = await bulk([
      { name: 'DATA_PROFILE', type: 'STOP', payload: { scope: [], configs: { nthValue: 'x' } } },
      ingest(),
      { name: 'DO_MAGIC', type: 'START' },
      { name: 'DATA_DISCOVERY', type: 'START', payload: {} },
      7,
      ingest({ resourceId: 'f'.repeat(24) }),
    ]);
    expect(answer.statusCode).toBe(207);
    const { status, message, data, successes, failures } = answer.json();
    expect([status, message, successes.length, failures.length]).toEqual([207, '1 of 6 jobs were accepted.', 1, 5]);
    expect(data[1]).toMatchObject({ index: 1, name: 'METADATA_INGEST', _id: successes[0]._id });
    expect(data[0]).toMatchObject({ index: 0, name: 'DATA_PROFILE', status: 'FAILED', httpStatus: 400 });
    expect(data[0].message).toEqual([
      'type: received "STOP", expected "START"; a job is cancelled at /jobs/{id}/cancel',
      'payload.scope: received an empty array, expected at least 1 item',
      'payload.configs.nthValue: received "x", expected a number',
    ]);
    const names = 'TEST_CONNECTION, METADATA_INGEST, METADATA_REINGEST, DATA_PROFILE';
    expect(data[2].message[0]).toContain(`name: received "DO_MAGIC", expected one of ${names}`);
    expect(data[2].message).toHaveLength(2);
    expect(data[3]).toMatchObject({ code: 'OPTION_NOT_BUILT', message: [expect.stringContaining('is not built')] });
    expect(data[4].message[0]).toContain('received a number');
    expect(data[5]).toMatchObject({ code: 'NOT_FOUND', httpStatus: 404 });
    expect(JSON.stringify(data)).not.toContain('COUNT');
  });

  test('of which nothing was accepted is an error of the usual shape, with the outcomes', async () => {
    const before = await countJobs();
    const unknown = await bulk([ingest({ resourceId: 'e'.repeat(24) }), ingest({ resourceId: 'f'.repeat(24) })]);
    expect(unknown.statusCode).toBe(404);
    expect(unknown.json()).toMatchObject({
      status: 404,
      code: 'NOT_FOUND',
      successes: [],
      requestId: expect.any(String),
    });
    expect(unknown.json().message[1]).toMatch(/^1\.resourceId: there is no data source f+$/);
    const mixed = await bulk([{ name: 'X' }, ingest({ resourceId: 'f'.repeat(24) })]);
    expect(mixed.json()).toMatchObject({ status: 400, code: 'BAD_REQUEST', failures: [{ index: 0 }, { index: 1 }] });
    expect(await countJobs()).toBe(before);
  });

  test('an empty list, an object and too many items are refused at once', async () => {
    for (const body of [[], ingest(), Array.from({ length: 1001 }, () => 1)])
      expect((await bulk(body)).statusCode).toBe(400);
    expect((await bulk('x'.repeat(9_000_000))).statusCode).toBe(413);
  });

  test('an Idempotency-Key returns the first jobs and tries again only what was refused', async () => {
    const headers = { 'idempotency-key': 'bulk 1' };
    const late = { resourceName: 'late', databaseType: 'FS', path: '/srv/late' };
    const body = [ingest(), ingest({ resourceName: 'late' })];
    const first = (await bulk(body, { headers })).json();
    expect(first.failures).toMatchObject([{ index: 1, httpStatus: 404 }]);
    expect((await api.call('POST', '/data-sources', { token, body: late })).statusCode).toBe(201);
    const again = (await bulk(body, { headers })).json();
    expect(again).toMatchObject({ status: 200, data: [{ _id: first.data[0]._id }, { index: 1 }] });
    const before = await countJobs();
    expect((await bulk([...body, ingest()], { headers })).statusCode).toBe(409);
    expect((await bulk([ingest()], { headers })).statusCode).toBe(409);
    expect(await countJobs()).toBe(before);
  });

  test('needs the right to run jobs', async () => {
    const reader = (await api.signUp('business_user')).token;
    expect((await bulk([ingest()], { as: reader })).statusCode).toBe(403);
    expect((await post('/api/public/v3/jobs/execute/bulk', [], { as: 'x' })).statusCode).toBe(401);
  });

  test('the jobs have no route of their own below /v3', async () => {
    expect((await post('/api/public/v3/jobs/execute/metadata/ingest', { resourceId: sourceId })).statusCode).toBe(404);
  });
});

describe('POST /api/start-job', () => {
  const body = () => ({ name: 'METADATA_INGEST', type: 'START', data: { resourceId: sourceId } });

  test('answers as the route of the job does, with the id wherever clients look for it', async () => {
    const headers = { 'idempotency-key': 'one' };
    const answer = await post('/api/start-job', body(), { headers });
    expect(answer.statusCode).toBe(200);
    const { data, jobId, id, status } = answer.json();
    expect(status).toBe('ACCEPTED');
    expect(new Set([data._id, data.jobId, data.id, jobId, id]).size).toBe(1);
    expect((await post('/api/start-job', body(), { headers })).json().id).toBe(id);
    expect(
      (await post('/api/start-job', { ...body(), data: { resourceName: 'papers' } }, { headers })).statusCode,
    ).toBe(409);
  });

  test('names every problem; unknown keys are in the event log', async () => {
    const wrong = await post('/api/start-job', { name: 'NO', data: 1 });
    expect(wrong.statusCode).toBe(400);
    expect(wrong.json().message).toHaveLength(3);
    const reader = (await api.signUp('business_user')).token;
    expect((await post('/api/start-job', body(), { as: reader })).statusCode).toBe(403);
    const { id } = (await post('/api/start-job', { ...body(), colour: 'red' })).json();
    const events = (await api.call('GET', `/jobs/${id}/events`, { token })).json().data;
    expect(events.map((event: { message: string }) => event.message)).toContain('colour: not a known key; ignored');
  });
});

test('the document says each right once, and calls no body closed that takes other keys', async () => {
  const { paths } = (await api.app.inject({ url: '/api/public/v1/openapi.json' })).json();
  const operations = Object.values(paths as Record<string, Record<string, { description?: string }>>).flatMap((path) =>
    Object.values(path),
  );
  for (const { description = '' } of operations) {
    const rights = description.match(/Needs the right `\w+`\./g) ?? [];
    expect(rights).toEqual([...new Set(rights)]);
  }
  const { requestBody } = paths['/api/public/v1/jobs/execute/data-profiling'].post;
  const { schema } = requestBody.content['application/json'];
  expect(JSON.stringify(schema)).not.toContain('additionalProperties');
  expect(schema.properties.configs.properties).toMatchObject({
    columnsPerJob: { default: 25 },
    numberOfTablesPerJob: { default: 10 },
    pushDown: { default: 'auto', examples: ['auto', 'always', 'never'] },
    distinct: { default: 'auto', examples: ['auto', 'exact', 'estimated'] },
    without: { default: [], items: { enum: expect.arrayContaining(['minmax', 'formats']) } },
  });
});

test('a slip in the name of an option of profiling is told what was meant, another key is ignored with a remark', async () => {
  const scope = [newEntityId()];
  const profile = async (body: object) => (await post('/api/public/v1/jobs/execute/data-profiling', body)).json();
  for (const [slip, meant] of [
    ['whereclause', 'whereClause'],
    ['samplesType', 'sampleType'],
    ['where_clause', 'whereClause'],
    ['nthvalu', 'nthValue'],
  ])
    expect(await profile({ scope, configs: { [slip as string]: 'x' } })).toMatchObject({
      status: 400,
      message: [`configs.${slip}: not a known key here; did you mean ${meant}?`],
    });
  expect(await profile({ scope, config: {} })).toMatchObject({
    status: 400,
    message: ['config: not a known key here; did you mean configs?'],
  });
  const item = { name: 'DATA_PROFILE', type: 'START', payload: { scope, configs: { whereclause: 'x' } } };
  expect((await bulk([item])).json().failures[0].message).toEqual([
    'payload.configs.whereclause: not a known key here; did you mean whereClause?',
  ]);
  expect(await profile({ scope, configs: { colour: 'x' } })).toMatchObject({ status: 404 });
});

test('the document of /v3 has its paths, with bulk and without the routes of single jobs', async () => {
  const paths = async (version: string) =>
    Object.keys((await api.app.inject({ url: `/api/public/${version}/openapi.json` })).json().paths);
  const [v1, v2, v3] = [await paths('v1'), await paths('v2'), await paths('v3')];
  expect(v1).toContain('/api/public/v1/jobs/execute/metadata/ingest');
  expect(v2.map((path) => path.replace('/v2/', '/v1/'))).toEqual(v1);
  expect(v3).toEqual(expect.arrayContaining(['/api/public/v3/jobs/execute/bulk', '/api/public/v3/entities/filter']));
  expect(v3.filter((path) => path.includes('/v1/') || path.includes('execute/metadata'))).toEqual([]);
});
