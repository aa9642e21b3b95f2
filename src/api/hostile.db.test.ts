import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exampleAt, type KnownIds, listRoutes, type Route, type Shot, shotAt } from '../../test/support/shots.ts';
import { createTestApi, type TestApi } from '../../test/support/test-api.ts';
import { newDictionary, newPattern } from '../methods/new-definitions.ts';
import { newEntityId, newHexId } from '../model/ids.ts';
import { ROLE_NAMES } from '../model/rights.ts';
import { insertDataSource } from '../store/data-sources.ts';
import { MAX_BODY_BYTES } from './plugins/json-body.ts';

let api: TestApi;
let token: string;
let user: { id: string };
let known: KnownIds;
let routes: Route[];

beforeAll(async () => {
  api = await createTestApi();
  token = (await api.signUp('admin')).token;
  user = (await api.signUp('data_user')).user;
  routes = listRoutes(api.app.swagger() as never);
});
afterAll(() => api.drop());

const fire = (shot: Shot, as: string | undefined) =>
  api.app.inject({
    method: shot.route.method as 'GET',
    url: shot.url,
    headers: { ...shot.headers, ...(as ? { authorization: `Bearer ${as}` } : {}) },
    ...(shot.payload === undefined ? {} : { payload: shot.payload }),
  });

/** What the tries before left or took away must not decide how far this one gets. */
async function restock(): Promise<void> {
  await api.pool.query('DELETE FROM method WHERE NOT built_in');
  for (const table of ['entity', 'data_source', 'job', 'login_attempt', 'api_key', 'business_term'] as const)
    await api.db.deleteFrom(table).execute();
  const source = newHexId();
  const row = {
    id: source,
    resourceName: 'Shop',
    databaseType: 'POSTGRES',
    config: { host: 'h', databaseName: 'd', userName: 'u' },
    secrets: {},
    createdBy: null,
  };
  await insertDataSource(api.db, row);
  const entity = newEntityId();
  const place = {
    source_id: source,
    root_id: entity,
    type: 'RESOURCE' as const,
    name: 'Shop',
    fqdn: source,
    metadata: '{}',
  };
  await api.db
    .insertInto('entity')
    .values({ ...place, id: entity })
    .execute();
  const job = await api.call('POST', '/jobs/execute/test-connection', { token, body: { resourceId: source } });
  expect([job.statusCode, job.body]).toEqual([200, expect.any(String)]);
  const key = await api.call('POST', '/api-keys', { token, body: { name: 'known' } });
  const made = async (path: string, body: object): Promise<string> =>
    (await api.call('POST', path, { token, body })).json().data._id;
  known = {
    source,
    entity,
    job: job.json().data._id,
    user: user.id,
    apiKey: key.json().data._id,
    dictionary: await made('/dictionaries', newDictionary('Known')),
    pattern: await made('/data-patterns', newPattern('Known', { patterns: ['dd'], regexes: [] })),
    term: await made('/business-terms', { name: 'Known', glossary: 'Known' }),
  };
}

/** Tries per route; more of them for a search by hand: HOSTILE_RUNS=1000. */
const RUNS = Number(process.env.HOSTILE_RUNS ?? 25);

/** Signing in costs a slow hash on purpose; a few tries say as much. */
const isSlow = (route: Route) => /\/auth$|token$|\/users|password$/.test(route.path) && route.method !== 'GET';

test('whatever is sent to a route of openapi.json, the answer is never a 500 and says what was wrong', {
  timeout: 240_000,
}, async () => {
  expect(routes.length).toBeGreaterThan(30);
  const reached = new Map<string, number>();
  // A stream ends with its job, and no worker runs here; its own test is beside the other routes of jobs.
  for (const route of routes.filter((candidate) => !candidate.path.endsWith('/stream'))) {
    const name = `${route.method} ${route.path}`;
    await restock();
    await fc.assert(
      fc.asyncProperty(shotAt(route, known), async (shot) => {
        // Attempts of earlier tries must not turn this one into a 429.
        if (isSlow(route)) await api.db.deleteFrom('login_attempt').execute();
        const answer = await fire(shot, token);
        if (answer.statusCode >= 500)
          throw new Error(`${answer.statusCode} ${answer.body} for ${route.method} ${shot.url} ${shot.payload}`);
        if (answer.statusCode < 400) reached.set(name, (reached.get(name) ?? 0) + 1);
        if (answer.statusCode >= 400 && !route.path.startsWith('/keycloak')) {
          // A bulk request of which nothing was accepted says so of each item, too.
          const { data: _outcomes, successes: _none, failures: _all, ...error } = answer.json();
          expect(error).toEqual({
            status: answer.statusCode,
            message: expect.anything(),
            code: expect.stringMatching(/^[A-Z_]+$/),
            requestId: expect.any(String),
          });
        }
      }),
      { numRuns: isSlow(route) ? 8 : RUNS, interruptAfterTimeLimit: 20_000, examples: [[exampleAt(route, known)]] },
    );
  }
  // These want what a generator does not have: a password, a profile, an ended job.
  const unreachable =
    /from-column$|\/try$|auth(\/refresh)?$|token$|\/password$|\/profile$|\/profile\/report$|\/profiles\/|\/samples$|\/report$|re-run$|stream$/;
  const missed = routes
    .map((route) => `${route.method} ${route.path}`)
    .filter((name) => !reached.has(name) && !unreachable.test(name));
  expect(missed).toEqual([]);
});

describe('rights', () => {
  /** Method and path → the roles that may. What is not listed needs only to be signed in. */
  const ALL = [...ROLE_NAMES];
  const KEEPERS = ['admin', 'data_steward', 'data_storage_administrator'];
  const allowed = (route: Route): readonly string[] => {
    const path = route.path.replace(/^\/api\/public\/v\d/, '');
    if (/^\/users\/me|^\/roles$|^\/api-keys(\/|$)/.test(path)) return [...ALL, 'none'];
    if (/^\/users|^\/audit-log/.test(path)) return ['admin'];
    if (/^\/jobs\/execute|start-job$|cancel$|re-run$/.test(path)) return KEEPERS;
    if (path === '/data-identification/try') return KEEPERS;
    if (/^\/data-sources(\/\{id\})?$/.test(path) && route.method !== 'GET') return KEEPERS;
    if (/^\/(dictionaries|data-patterns|business-terms)/.test(path) && route.method !== 'GET')
      return [...KEEPERS, 'data_developer'];
    if (path === '/entities/{id}' && route.method === 'PATCH') return ['admin', 'data_steward', 'business_steward'];
    return ALL;
  };

  test('every route: 401 without a token, 403 without the right, neither with it', async () => {
    const tokens = new Map<string, string>();
    for (const role of ROLE_NAMES) tokens.set(role, (await api.signUp(role)).token);
    tokens.set('none', (await api.signUp()).token);
    const wrong: string[] = [];
    for (const route of routes.filter((candidate) => !candidate.isPublic)) {
      const shot: Shot = {
        route,
        url: route.path.replace(/\{\w+\}/g, 'not-an-id'),
        headers: { 'content-type': 'application/json' },
        payload: route.body ? '[[' : undefined,
      };
      const anonymous = await fire(shot, undefined);
      if (anonymous.statusCode !== 401)
        wrong.push(`${route.method} ${route.path} answers ${anonymous.statusCode} to nobody`);
      for (const [role, as] of tokens) {
        if (/password$/.test(route.path)) continue;
        const { statusCode } = await fire(shot, as);
        if ((statusCode === 403) === allowed(route).includes(role))
          wrong.push(`${route.method} ${route.path} answers ${statusCode} to ${role}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('every route: a key with the scope read reaches what reading needs, and nothing that makes users or keys', async () => {
    const { token: admin } = await api.signUp('admin');
    const made = await api.call('POST', '/api-keys', { token: admin, body: { name: 'reader', scopes: ['read'] } });
    const refused: string[] = [];
    for (const route of routes.filter((candidate) => !candidate.isPublic)) {
      const url = route.path.replace(/\{\w+\}/g, 'not-an-id');
      const headers = { 'content-type': 'application/json' };
      const shot = { route, url, headers, payload: route.body ? '[[' : undefined };
      const { statusCode } = await fire(shot, made.json().data.key);
      const name = `${route.method} ${route.path.replace(/^\/api\/public\/v\d/, '')}`;
      if (statusCode === 403) refused.push(name);
      else expect([name, allowed(route), route.takesApiKeys]).toEqual([name, expect.arrayContaining(ALL), true]);
    }
    expect(refused).toEqual(
      expect.arrayContaining(['POST /users', 'POST /api-keys', 'DELETE /api-keys/{id}', 'POST /users/me/password']),
    );
    expect(refused).not.toContain('GET /jobs');
  });
});

describe('bad input', () => {
  const post = (payload: string | Buffer, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
    api.app.inject({
      method: 'POST',
      url: '/api/public/v1/data-sources/filter',
      headers: { authorization: `Bearer ${token}`, ...headers },
      payload,
    });

  test.each([
    ['malformed JSON', '{"filters":', 400],
    ['no body', '', 400],
    ['65 levels', `${'['.repeat(65)}${']'.repeat(65)}`, 400],
    ['a million levels', '['.repeat(1_000_000), 400],
    ['U+0000 in a value', '{"filters":{"ids":["a\\u0000"]}}', 400],
    ['U+0000 in a key', '{"a\\u0000":1}', 400],
    ['half a surrogate pair', '{"filters":{"ids":["\\ud800"]}}', 400],
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 400],
    ['__proto__', '{"__proto__":{"filters":{}}}', 400],
    ['more than 8 MB', `{"filters":{"ids":["${'x'.repeat(MAX_BODY_BYTES)}"]}}`, 413],
  ])('%s', async (_what, payload, status) => {
    const answer = await post(payload);
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject({ status, requestId: expect.any(String) });
  });

  test('a cursor that no list gave out is 400, whatever it holds', async () => {
    await restock();
    const { entity, job } = known;
    const lists: [method: 'GET' | 'POST', path: string][] = [
      ['GET', '/jobs'],
      ['GET', `/jobs/${job}/tasks`],
      ['GET', '/audit-log'],
      ['GET', `/entities/${entity}/children`],
      ['POST', '/entities/filter'],
      ['POST', '/entities/filter/profiling-info'],
    ];
    const [big, nul, half] = [Number.MAX_SAFE_INTEGER, 'a\u0000b', '\ud800'];
    const forged: (unknown[] | null)[] = [
      [],
      null,
      [big],
      [-big],
      [nul],
      [half],
      [1, nul, entity],
      [1, half, entity],
      [big, 'a', entity],
      [2e9, 'a'],
    ];
    const body = { filters: { types: ['RESOURCE'] } };
    for (const [method, path] of lists)
      for (const key of forged) {
        const cursor = Buffer.from(JSON.stringify(key)).toString('base64url');
        const url = `${path}?cursor=${cursor}`;
        const answer = await api.call(method, url, { token, ...(method === 'POST' ? { body } : {}) });
        // A number far beyond the list is a place in it all the same.
        const expected = key?.length === 1 && typeof key[0] === 'number' ? [200, 400] : [400];
        expect([url, key, expected]).toEqual([url, key, expect.arrayContaining([answer.statusCode])]);
      }
  });

  test('another content type is 415, an unknown route 404, a damaged URL 400', async () => {
    expect((await post('a=b', { 'content-type': 'application/x-www-form-urlencoded' })).statusCode).toBe(415);
    const wrongType = await post('<a/>', { 'content-type': 'text/xml' });
    expect(wrongType.json()).toMatchObject({ status: 415, message: expect.stringMatching(/send application\/json$/) });
    const auth = await api.app.inject({
      method: 'POST',
      url: '/api/public/v1/auth',
      payload: '<a/>',
      headers: { 'content-type': 'text/xml' },
    });
    expect(auth.json().message).toMatch(/send application\/json or application\/x-www-form-urlencoded$/);
    for (const [method, url, status] of [
      ['GET', '/api/public/v1/nothing', 404],
      ['GET', '/', 404],
      ['DELETE', '/api/public/v1/jobs', 404],
      ['GET', '/api/public/v1/jobs/%zz', 400],
    ] as const) {
      const answer = await api.app.inject({ method, url });
      expect([url, answer.statusCode, answer.json().status]).toEqual([url, status, status]);
    }
  });
});

test('v1, v2 and v3 have the same routes but for the start of jobs, and the document is OpenAPI 3.1', async () => {
  const [one, two] = [
    await api.app.inject({ url: '/api/public/v1/openapi.json' }),
    await api.app.inject({ url: '/api/public/v2/openapi.json' }),
  ];
  expect(one.json().openapi).toMatch(/^3\.1\./);
  expect(two.body).toBe(one.body.replaceAll('"/api/public/v1/', '"/api/public/v2/'));
  for (const route of routes.filter((candidate) => candidate.path.startsWith('/api/public/v1/'))) {
    for (const version of ['v2', 'v3']) {
      const url = route.path.replace('/v1/', `/${version}/`).replace(/\{(\w+)\}/g, ':$1');
      const there = version === 'v2' || !route.path.includes('/jobs/execute/');
      expect([url, api.app.hasRoute({ method: route.method as 'GET', url })]).toEqual([url, there]);
    }
  }
});

test('health, and the pages of the OpenAPI UI', async () => {
  expect((await api.app.inject({ url: '/api/public/health' })).json()).toEqual({ message: 'OK' });
  for (const url of ['/api/public/swagger/', '/api/public/swagger/static/swagger-ui.css']) {
    expect([url, (await api.app.inject({ url })).statusCode]).toEqual([url, 200]);
  }
});
