/**
 * A client as people wrote them for the Pentaho Data Catalog, with the habits of theirs that are publicly known. It knows
 * paths and wire shapes and nothing of the server behind them: plain fetch, no imports. What is not as such clients need
 * it becomes a line in `problems`.
 *
 *   node test/conformance/existing-client.ts <base url> <user> <password> '<data source as JSON>' [v1|v2|v3]
 */
export interface Existing {
  base: string;
  username: string;
  password: string;
  /** Fields of a data source that can be reached and has at least one table with three columns. */
  source: Record<string, unknown>;
  version: 'v1' | 'v2' | 'v3';
}

export interface Found {
  problems: string[];
  /** Checks made; a run that made few of them showed little. */
  checks: number;
  /** How often the token had run out and the client signed in again. */
  reauthentications: number;
}

// biome-ignore lint/suspicious/noExplicitAny: such clients take what comes
type Json = any;
interface Answer {
  code: number;
  body: Json;
}

const GOOD = ['COMPLETED', 'COMPLETE', 'SUCCESS', 'SUCCEEDED', 'DONE', 'FINISHED'];
const BAD = ['FAILED', 'FAIL', 'ERROR', 'CANCELLED', 'CANCELED', 'ABORTED'];
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const HEX = /^[0-9a-f]{24}$/;
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
/** The names of the bulk endpoint for the paths of v1 and v2. */
const NAMES: Record<string, string> = {
  'test-connection': 'TEST_CONNECTION',
  'metadata/ingest': 'METADATA_INGEST',
  'metadata/re-ingest': 'METADATA_REINGEST',
  'data-profiling': 'DATA_PROFILE',
  'remove-datasource': 'CLEANUP_DATASOURCE',
};

export async function runExistingClient(given: Existing): Promise<Found> {
  const base = given.base.replace(/\/+$/, '');
  const api = `/api/public/${given.version}`;
  const found: Found = { problems: [], checks: 0, reauthentications: 0 };
  const user = { username: given.username, password: given.password };
  let token = '';

  const check = (what: string, holds: unknown, seen?: unknown): void => {
    found.checks += 1;
    if (!holds)
      found.problems.push(
        `${given.version}: ${what}${seen === undefined ? '' : `; seen ${JSON.stringify(seen).slice(0, 500)}`}`,
      );
  };
  const is = (what: string, seen: unknown, wanted: unknown): void =>
    check(`${what} should be ${JSON.stringify(wanted)}`, JSON.stringify(seen) === JSON.stringify(wanted), seen);

  async function raw(method: string, path: string, headers: Record<string, string>, body?: string): Promise<Answer> {
    const response = await fetch(base + path, { method, headers, body });
    const text = await response.text();
    let parsed: Json;
    try {
      parsed = JSON.parse(text);
    } catch {
      check(`${method} ${path} should answer in JSON`, false, text.slice(0, 100));
    }
    return { code: response.status, body: parsed ?? {} };
  }
  const form = (path: string, fields: Record<string, string>): Promise<Answer> =>
    raw('POST', path, FORM, new URLSearchParams(fields).toString());

  async function signIn(): Promise<void> {
    const { body } = await form(`${api}/auth`, {
      ...user,
      client_id: 'pdc-client',
      grant_type: 'password',
      scope: 'openid profile email',
    });
    token = body.data?.accessToken ?? '';
  }
  /** Every call of such clients: on a 401 they sign in once more and repeat it. */
  async function call(method: string, path: string, body?: unknown): Promise<Answer> {
    const send = () => {
      const headers: Record<string, string> = { authorization: `Bearer ${token}`, accept: 'application/json' };
      if (body !== undefined) headers['content-type'] = 'application/json';
      return raw(
        method,
        path.startsWith('/api/') ? path : api + path,
        headers,
        body === undefined ? undefined : JSON.stringify(body),
      );
    };
    const first = await send();
    if (first.code !== 401) return first;
    found.reauthentications += 1;
    await signIn();
    return send();
  }
  const isError = (what: string, answer: Answer, code: number): void => {
    is(`${what}: HTTP status`, answer.code, code);
    is(`${what}: status in the body`, answer.body.status, code);
    const { message } = answer.body;
    check(`${what}: message should be text or a list`, typeof message === 'string' || Array.isArray(message), message);
  };

  async function authentication(): Promise<void> {
    const health = await raw('GET', '/api/public/health', {});
    is('health, without a token', [health.code, health.body], [200, { message: 'OK' }]);
    const short = await form(`${api}/auth`, user);
    is('auth with user name and password only', [short.code, short.body.message], [200, 'OK']);
    const keycloak = await form('/keycloak/realms/pdc/protocol/openid-connect/token', {
      ...user,
      client_id: 'pdc-client',
      grant_type: 'password',
      scope: 'openid profile email',
    });
    check('the Keycloak path should give an access_token', keycloak.code === 200 && keycloak.body.access_token);
    for (const jwt of [short.body.data?.accessToken, keycloak.body.access_token]) {
      const claims = JSON.parse(atob(String(jwt).split('.')[1]!.replaceAll('-', '+').replaceAll('_', '/')));
      check(
        'claims',
        typeof claims.preferred_username === 'string' &&
          typeof claims.name === 'string' &&
          'email' in claims &&
          claims.exp > 0,
        claims,
      );
      check('realm_access.roles should be a list', Array.isArray(claims.realm_access?.roles), claims.realm_access);
    }
    isError('a wrong password', await form(`${api}/auth`, { ...user, password: 'wrong' }), 401);
    isError('no token', await raw('GET', `${api}/data-sources/${'0'.repeat(24)}`, {}), 401);
    await signIn();
    // Clients learn that a token has run out only from the 401. The server of the tests gives out short-lived ones.
    const { exp, iat } = JSON.parse(atob(token.split('.')[1]!.replaceAll('-', '+').replaceAll('_', '/')));
    if (exp - iat <= 10) {
      const old = { authorization: `Bearer ${token}` };
      const path = `${api}/data-sources/filter`;
      const headers = { ...old, 'content-type': 'application/json' };
      const list = () => raw('POST', path, headers, '{"filters":{"resourceNames":["*"]}}');
      is('a fresh token', (await list()).code, 200);
      let last = await list();
      while (last.code === 200) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        last = await list();
      }
      isError('an expired token', last, 401);
    } else token = `${token.slice(0, -8)}AAAAAAAA`;
    const before = found.reauthentications;
    is(
      'a call with that token, after signing in again',
      (await call('POST', '/data-sources/filter', { filters: { resourceNames: ['*'] } })).code,
      200,
    );
    is('sign-ins for it', found.reauthentications - before, 1);
    const type = await raw(
      'POST',
      `${api}/data-sources/filter`,
      { authorization: `Bearer ${token}`, 'content-type': 'text/plain' },
      'x',
    );
    isError('another content type', type, 415);
    const spec = await call('GET', '/api/public/v3/openapi.json');
    check(
      'openapi.json of v3 should list its paths',
      spec.body.paths?.['/api/public/v3/jobs/execute/bulk'] && spec.body.paths?.['/api/public/v3/entities/filter'],
      Object.keys(spec.body.paths ?? {}),
    );
  }

  async function dataSources(): Promise<Json> {
    const name = `Existing ${given.version} [1]`;
    const made = await call('POST', '/data-sources', {
      ...given.source,
      resourceName: name,
      affinityId: 'DEFAULT',
      description: null,
    });
    is('creating a data source', [made.code, made.body.status, made.body.data?.length], [201, 201, 1]);
    const [source] = made.body.data ?? [];
    check('_id of a data source should be 24 hex digits', HEX.test(source?._id), source);
    check('pId should be a whole number', Number.isInteger(source?.pId), source?.pId);
    for (const [key, value] of Object.entries(given.source)) {
      if (/password|secret|key/i.test(key)) check(`${key} should not come back usable`, source?.[key] !== value);
      else is(`${key} of the new source`, source?.[key], value);
    }
    const again = await call('POST', '/data-sources', { ...given.source, resourceName: name });
    check(
      'the same name twice should be an error with a reason',
      again.code >= 400 && again.code < 500 && again.body.message,
      again,
    );
    const twins = ['A', 'B'].map((one) => ({ ...given.source, resourceName: `${name} twin ${one}` }));
    const several = await call('POST', '/data-sources', twins);
    is('creating two at once', [several.code, several.body.data?.length], [201, 2]);
    const mixed = await call('POST', '/data-sources', [twins[0], { ...given.source, resourceName: `${name} twin C` }]);
    is('creating two of which one is there', [mixed.code, mixed.body.data?.length], [207, 1]);
    const find = async (filters: Json, query = '?skip=0&limit=50') =>
      (await call('POST', `/data-sources/filter${query}`, { filters })).body;
    const exact = await find({ resourceNames: [name] });
    is(
      'finding by name',
      exact.data?.map((one: Json) => one._id),
      [source?._id],
    );
    is('finding by wildcard', (await find({ resourceNames: [`${name} twin*`] })).pageInfo?.totalCount, 3);
    is('a window of them', (await find({ resourceNames: [`${name} twin*`] }, '?skip=1&limit=1')).data?.length, 1);
    check(
      '* should list all',
      (await find({ resourceNames: ['*'] })).data?.some((one: Json) => one._id === source?._id),
    );
    is('finding by id', (await find({ ids: [source?._id] })).data?.length, 1);
    const one = await call('GET', `/data-sources/${source?._id}`);
    is('reading it', [one.code, one.body.data?._id], [200, source?._id]);
    is('reading by ids', (await call('POST', '/data-sources/by-ids', { ids: [source?._id] })).body.data?.length, 1);
    isError('an unknown id', await call('GET', `/data-sources/${'0'.repeat(24)}`), 404);
    for (const twin of (await find({ resourceNames: [`${name} twin*`] })).data ?? [])
      await run('remove-datasource', { id: twin._id, fqdnId: twin.fqdnId });
    is('removed sources', (await find({ resourceNames: [`${name} twin*`] })).pageInfo?.totalCount, 0);
    return { ...given.source, ...source };
  }

  /** Starts a job the way of this version and polls it as such clients do. */
  async function run(path: string, body: Json, wanted = GOOD): Promise<Json> {
    const start = { name: NAMES[path], type: 'START' };
    const started =
      given.version === 'v3'
        ? await call('POST', '/jobs/execute/bulk', [{ ...start, payload: body }])
        : await call('POST', `/jobs/execute/${path}`, body);
    is(`starting ${path}`, started.code, 200);
    if (given.version === 'v3')
      is(`${path}: successes and failures`, [started.body.successes?.length, started.body.failures?.length], [1, 0]);
    const data = started.body.data ?? started.body;
    return poll(path, Array.isArray(data) ? data[0] : data, wanted);
  }

  async function poll(what: string, data: Json, wanted: string[]): Promise<Json> {
    const id = data?._id ?? data?.jobId ?? data?.id;
    check(`${what}: the answer should carry an id`, HEX.test(id), data);
    for (const key of [
      'userId',
      'resourceIds',
      'scope',
      'date',
      'workerName',
      'activity',
      'createdAt',
      'updatedAt',
      'pId',
      '__v',
    ])
      check(`${what}: data should have ${key}`, data?.[key] !== undefined && data?.[key] !== null, data);
    check(`${what}: userId should be a UUID`, UUID.test(data?.userId), data?.userId);
    for (const word of [data?.status].filter(Boolean))
      check(`${what}: an accepted job is no ended one`, ![...GOOD, ...BAD].includes(String(word).toUpperCase()), word);
    for (;;) {
      const answer = await call('GET', `/jobs/${id}/status`);
      is(`${what}: polling`, answer.code, 200);
      const status = answer.body.data ?? answer.body;
      const word = String(status.status ?? status.state ?? '').toUpperCase();
      if (answer.code === 200 && ![...GOOD, ...BAD].includes(word)) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        continue;
      }
      check(`${what} should end well: ${status.message}`, wanted.includes(word), status);
      for (const key of ['workerId', 'workerName', 'activity', 'createdAt'])
        check(`${what}: ${key} should be text`, typeof status[key] === 'string', status);
      check(`${what}: duration should be a number`, typeof status.duration === 'number', status.duration);
      for (const key of ['name', 'email', 'firstName', 'lastName'])
        check(`${what}: user.${key} should be text`, typeof status.user?.[key] === 'string', status.user);
      check(
        `${what}: scope should have both lists`,
        Array.isArray(status.scope?.dataSources) && Array.isArray(status.scope?.scope),
        status.scope,
      );
      return status;
    }
  }

  async function pages(filters: Json, size: number, path = '/entities/filter', more = ''): Promise<Json[]> {
    const all: Json[] = [];
    let cursor = '';
    do {
      const { code, body } = await call(
        'POST',
        `${path}?size=${size}${more}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`,
        { filters },
      );
      is(`a page of ${path}`, code, 200);
      all.push(...(body.data ?? []));
      check('a page should not be larger than asked', (body.data ?? []).length <= size);
      cursor = body.cursorInfo?.cursor ?? '';
    } while (cursor && all.length < 10_000);
    return all;
  }

  async function entities(source: Json): Promise<Json> {
    // Clients written for several builds name every type they ever met.
    const types = ['TABLE', 'VIEW', 'FILE', 'FOLDER', 'DIRECTORY', 'OBJECT'];
    const tables = await pages({ resourceIds: [source._id], types }, 500);
    check('the ingest should be queryable when the job has ended', tables.length > 0);
    const table = tables.find((one) => one.type === 'TABLE');
    const columns = await pages({ parentIds: [table?._id], types: ['COLUMN'] }, 500);
    const cut = await pages({ parentIds: [table?._id], types: ['COLUMN'] }, 2);
    const ids = (list: Json[]) => list.map((one) => one._id).sort();
    check('a table of three columns is needed', columns.length >= 3, columns.length);
    is('all pages of two together', ids(cut), ids(columns));
    for (const key of ['_id', 'name', 'type', 'fqdn', 'parentId', 'rootId', 'resourceId', 'createdAt', 'updatedAt'])
      check(`an entity should have ${key}`, typeof columns[0]?.[key] === 'string', columns[0]);
    check(
      'metadata.column should tell the type',
      columns[0]?.metadata?.column?.dataType ?? columns[0]?.metadata?.column?.typeName,
      columns[0]?.metadata,
    );
    is('resourceId of an entity', columns[0]?.resourceId, source._id);
    const [root] = await pages({ resourceIds: [source._id], types: ['RESOURCE'] }, 1);
    check('metadata.resource.type should be the kind of source', root?.metadata?.resource?.type, root?.metadata);
    is(
      'everything below the root, by rootIds',
      ids(await pages({ rootIds: [root?._id], types: ['COLUMN'], names: [columns[0]?.name] }, 500)).includes(
        columns[0]?._id,
      ),
      true,
    );
    is('by fqdn', ids(await pages({ fqdns: [table?.fqdn] }, 500)), [table?._id]);
    const wide = await call('GET', `/entities/${columns[0]?._id}?extended=true`);
    check(
      'extended should add fqdnDisplay and resourceName',
      wide.body.data?.fqdnDisplay && wide.body.data?.resourceName === source.resourceName,
      wide.body,
    );
    isError('no filter at all', await call('POST', '/entities/filter', { filters: {} }), 400);
    isError(
      'more than 500 at once',
      await call('POST', '/entities/filter?size=501', { filters: { types: ['TABLE'] } }),
      400,
    );
    isError('an unknown entity', await call('GET', '/entities/123e4567-e89b-12d3-a456-426614174000'), 404);
    return { root, table, columns };
  }

  async function profiles({ table, columns }: Json): Promise<void> {
    const configs = {
      dataProfiledSinceDays: 0,
      buildSamples: false,
      sampleType: '',
      sampleMethod: '',
      sampleValue: 0,
      jdbcRowLimitSize: 0,
      nthValue: 0,
      whereClause: '',
      splitJobByColumns: true,
      columnsPerJob: 25,
      numberOfTablesPerJob: 10,
      persistThreads: 16,
      persistFilesThreads: 16,
      profileThreads: 1,
    };
    await run('data-profiling', { scope: [table?._id], configs });
    const filters = { parentIds: [table?._id], types: ['COLUMN'] };
    const infos = await pages(filters, 500, '/entities/filter/profiling-info', '&sampleLimit=20');
    is('columns with profiling info', infos.length, columns.length);
    for (const item of infos) {
      const { stats, bindType, bitsetCardinality } = item.profilingInfo ?? {};
      check(
        `${item.name}: bindType and bitsetCardinality`,
        typeof bindType === 'string' && Number.isInteger(bitsetCardinality),
        item.profilingInfo,
      );
      for (const key of ['rowCount', 'nonNullCount', 'density', 'uniqueness'])
        check(`${item.name}: stats.${key} should be a number`, typeof stats?.[key] === 'number', stats);
      check(
        `${item.name}: percents lie between 0 and 100`,
        stats?.density >= 0 && stats?.density <= 100 && stats?.uniqueness <= 100,
        stats,
      );
      check(
        `${item.name}: lists of samples and patterns`,
        Array.isArray(item.profilingInfo?.sampleValues) && Array.isArray(item.profilingInfo?.patternAnalysis?.patterns),
        item.profilingInfo,
      );
    }
    const { data } = (await call('GET', `/entities/${columns[0]?._id}`)).body;
    check('system.profiledAt should be set', !Number.isNaN(Date.parse(data?.system?.profiledAt)), data?.system);
    for (const key of ['rows', 'nulls', 'cardinality', 'density', 'uniqueness'])
      check(
        `metadata.stats.${key} should be a number`,
        typeof data?.metadata?.stats?.[key] === 'number',
        data?.metadata?.stats,
      );
  }

  async function edits({ table }: Json): Promise<void> {
    const path = `/entities/${table?._id}`;
    const patch = async (attributes: Json) => (await call('PATCH', path, { attributes })).code;
    const read = async (): Promise<Json> => (await call('GET', path)).body.data?.attributes ?? {};
    is(
      'a PATCH',
      await patch({
        info: { description: 'first' },
        tags: [{ name: 'a' }, { name: 'b' }],
        extended: { keep: 1, change: 1 },
        features: { isLineageVerified: true, rating: { value: 4, users: { u1: 4 } } },
      }),
      200,
    );
    is(
      'a second PATCH',
      await patch({
        info: { description: 'second' },
        tags: [{ name: 'c' }],
        extended: { change: 2 },
        features: { sensitivity: 'HIGH' },
        businessTerms: [
          { id: 't1', glossaryId: 'g1', name: 'Term', sourceName: 's', sourceType: 'x', confidenceScore: 0.9 },
        ],
      }),
      200,
    );
    const after = await read();
    is('scalars overwrite', after.info, { description: 'second' });
    is('arrays are replaced', after.tags, [{ name: 'c' }]);
    is('keys of objects merge', [after.extended?.keep, after.extended?.change], [1, 2]);
    is(
      'features merge',
      [after.features?.isLineageVerified, after.features?.sensitivity, after.features?.rating?.value],
      [true, 'HIGH', 4],
    );
    is(
      'terms keep where they come from',
      [after.businessTerms?.[0]?.id, after.businessTerms?.[0]?.confidenceScore],
      ['t1', 0.9],
    );
    for (const wrong of [
      { colour: 'red' },
      { info: { title: 'x' } },
      { tags: [{ name: 'x', k: 1 }] },
      { features: { quality: 1 } },
    ])
      isError(`the unknown key in ${JSON.stringify(wrong)}`, await call('PATCH', path, { attributes: wrong }), 400);
    is('a refused PATCH changes nothing', (await read()).tags, [{ name: 'c' }]);
  }

  await authentication();
  const source = await dataSources();
  await run('test-connection', {
    ...given.source,
    resourceId: source._id,
    resourceName: source.resourceName,
    jobClasspath: null,
  });
  await run('metadata/ingest', {
    ...given.source,
    resourceName: source.resourceName,
    resourceId: source._id,
    schemaNames: [],
    includePatterns: [],
    excludePatterns: [],
    description: null,
    jobClasspath: null,
  });
  const tree = await entities(source);
  await profiles(tree);
  await edits(tree);
  await run('metadata/re-ingest', { scope: [tree.root?._id] });
  const twin = await call('POST', '/api/start-job', {
    name: 'METADATA_REINGEST',
    type: 'START',
    data: { scope: [tree.root?._id] },
  });
  await poll('start-job', twin.body.data ?? twin.body, GOOD);
  isError('a job of an unknown id', await call('GET', `/jobs/${'0'.repeat(24)}/status`), 404);
  isError('a job of no id', await call('GET', '/jobs/xyz/status'), 400);
  await run('remove-datasource', { id: source._id, fqdnId: source.fqdnId });
  is('entities of a removed source', (await pages({ resourceIds: [source._id] }, 500)).length, 0);
  return found;
}

if (import.meta.main) {
  const [base, username, password, source = '{}', version = 'v1'] = process.argv.slice(2);
  if (!base || !username || !password) throw new Error('give base url, user, password and a data source as JSON');
  const existing = { base, username, password, source: JSON.parse(source), version: version as 'v1' };
  const { problems, checks, reauthentications } = await runExistingClient(existing);
  for (const problem of problems) console.error(problem);
  console.log(`${checks} checks, ${problems.length} problems, signed in again ${reauthentications} times`);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
