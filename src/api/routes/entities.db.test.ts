import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../../test/support/test-api.ts';
import { buildFqdn, type EntityType } from '../../model/entity.ts';
import { newEntityId, newHexId } from '../../model/ids.ts';
import type { ColumnProfile } from '../../profile/profile.ts';
import { insertDataSource } from '../../store/data-sources.ts';

let api: TestApi;
let token: string;
let reader: string;
let steward: { id: string };
let tree: Record<string, string>;
let sourceId: string;
const jobId = newHexId();

beforeAll(async () => {
  api = await createTestApi();
  const signedUp = await api.signUp('data_steward');
  token = signedUp.token;
  steward = signedUp.user;
  reader = (await api.signUp('data_user')).token;
});
afterAll(() => api.drop());

async function addEntity(
  type: EntityType,
  path: string[],
  parentId: string | null,
  metadata: object = {},
  ordinal = 0,
): Promise<string> {
  const id = newEntityId();
  const source = await api.db
    .selectFrom('data_source')
    .selectAll()
    .where('id', '=', sourceId)
    .executeTakeFirstOrThrow();
  const root = await api.db
    .selectFrom('entity')
    .select('id')
    .where('source_id', '=', sourceId)
    .where('parent_id', 'is', null)
    .executeTakeFirst();
  await api.db
    .insertInto('entity')
    .values({
      id,
      source_id: sourceId,
      parent_id: parentId,
      root_id: root?.id ?? id,
      type,
      name: path.at(-1) ?? 'root',
      fqdn: buildFqdn(source.fqdn_id, path),
      ordinal,
      metadata: JSON.stringify(metadata),
    })
    .execute();
  return id;
}

const exact = <T>(value: T) => ({ value, basis: 'exact' as const });
const columnProfile: ColumnProfile = {
  name: 'email',
  ordinal: 1,
  nativeType: 'text',
  duckdbType: 'VARCHAR',
  typeBasis: 'precise',
  kind: 'text',
  rows: exact(10),
  nonNull: exact(8),
  nulls: exact(2),
  blanks: exact(0),
  distinct: exact(7),
  uniqueness: exact(70),
  density: exact(80),
  selectivity: exact(12),
  lexicalMin: exact('ada@example.org'),
  lexicalMax: exact('zoe@example.org'),
  length: exact({ min: 15, max: 15, mean: 15, standardDeviation: 0 }),
  topValues: exact([{ value: 'ada@example.org', count: 2, percent: 20 }]),
};

async function addProfile(entityId: string, tableId: string, body: object): Promise<void> {
  await api.db
    .insertInto('profile')
    .values({
      entity_id: entityId,
      table_id: tableId,
      source_id: sourceId,
      job_id: jobId,
      job_seq: 1,
      basis: JSON.stringify({ kind: 'all rows', rowsRead: 10, partitions: 1 }),
      body: JSON.stringify(body),
    })
    .execute();
}

beforeEach(async () => {
  for (const table of ['entity', 'data_source', 'profile', 'scan', 'assertion', 'entity_attributes'] as const)
    await api.db.deleteFrom(table).execute();
  sourceId = newHexId();
  const config = { databaseName: 'shop', host: 'h' };
  await insertDataSource(api.db, {
    id: sourceId,
    resourceName: 'Shop',
    fqdnId: 'S1',
    databaseType: 'POSTGRES',
    config,
    secrets: {},
    createdBy: null,
  });
  const root = await addEntity('RESOURCE', [], null);
  const schema = await addEntity('SCHEMA', ['public'], root);
  const customer = await addEntity('TABLE', ['public', 'customer'], schema, { stats: { bytes: 8192, rows: 9 } });
  const order = await addEntity('TABLE', ['public', 'a/b%'], schema);
  const email = await addEntity(
    'COLUMN',
    ['public', 'customer', 'email'],
    customer,
    { column: { dataType: 'text' } },
    2,
  );
  const id = await addEntity('COLUMN', ['public', 'customer', 'id'], customer, {}, 1);
  tree = { root, schema, customer, order, email, id };
  await api.db
    .insertInto('scan')
    .values({
      container_id: schema,
      source_id: sourceId,
      scanned_at: new Date('2026-01-02T03:04:05.678Z'),
      job_id: jobId,
    })
    .execute();
  await addProfile(customer, customer, { version: 1, rows: exact(10), fields: 2, warnings: [], rejectedRows: 0 });
  await addProfile(email, customer, columnProfile);
});

const get = (path: string, as = token) => api.call('GET', path, { token: as });
const patch = (id: string, attributes: unknown, headers: Record<string, string> = {}) =>
  api.call('PATCH', `/entities/${id}`, { token, body: { attributes }, headers });
const filter = async (filters: unknown, query = ''): Promise<string[]> => {
  const answer = await api.call('POST', `/entities/filter${query}`, { token, body: { filters } });
  expect([answer.statusCode, answer.body]).toEqual([200, expect.any(String)]);
  return answer
    .json()
    .data.map((entity: { name: string; type: string }) => (entity.type === 'RESOURCE' ? 'root' : entity.name));
};

describe('GET /entities/:id', () => {
  test('has the envelope of the original; stats are laid over by the profile; the scan is that of the nearest container', async () => {
    const answer = await get(`/entities/${tree.email}?extended=true`);
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({
      status: 200,
      data: {
        _id: tree.email,
        _index: 'entities',
        name: 'email',
        type: 'COLUMN',
        fqdn: 'S1/public/customer/email',
        fqdnDisplay: 'postgres:shop/public/customer/email',
        resourceName: 'Shop',
        parentId: tree.customer,
        rootId: tree.root,
        resourceId: sourceId,
        createdAt: expect.any(String),
        updatedAt: expect.any(String),
        system: { profiledAt: expect.stringMatching(/Z$/), scannedAt: '2026-01-02T03:04:05.678Z' },
        metadata: {
          column: { dataType: 'text' },
          stats: expect.objectContaining({
            rows: 10,
            nulls: 2,
            cardinality: 7,
            density: 80,
            uniqueness: 70,
            minValue: 'ada@example.org',
          }),
        },
        attributes: {},
      },
    });
    const table = (await get(`/entities/${tree.customer}`)).json().data;
    expect(table.metadata.stats).toEqual({ bytes: 8192, rows: 10, fields: 2 });
    expect(table).not.toHaveProperty('fqdnDisplay');
    expect((await get(`/entities/${tree.order}?extended`)).json().data).toMatchObject({
      fqdn: 'S1/public/a%2Fb%25',
      fqdnDisplay: 'postgres:shop/public/a/b%',
      system: { profiledAt: '', scannedAt: '2026-01-02T03:04:05.678Z' },
    });
    expect((await get(`/entities/${tree.root}`)).json().data).toMatchObject({
      parentId: '',
      system: { scannedAt: '' },
    });
  });

  test('values are masked for those who may not see samples', async () => {
    for (const path of [
      `/entities/${tree.email}`,
      `/entities/${tree.email}/profile`,
      `/entities/${tree.customer}/profile`,
      `/entities/${tree.customer}/children`,
    ]) {
      expect((await get(path)).body).toContain('ada@example.org');
      const masked = await get(path, reader);
      expect(masked.statusCode).toBe(200);
      expect(masked.body).toContain('******');
      expect(masked.body).not.toContain('@example.org');
    }
    const seen = await api.db.selectFrom('audit_log').select('target').where('action', '=', 'samples viewed').execute();
    expect(seen.map((row) => row.target)).toEqual(expect.arrayContaining([tree.email, tree.customer]));
  });

  test('a malformed id is 400, an unknown one 404, an unprofiled entity has no profile', async () => {
    for (const path of ['', '/children', '/profile', '/assertions']) {
      expect((await get(`/entities/123${path}`)).statusCode).toBe(400);
      expect((await get(`/entities/${randomUUID()}${path}`)).statusCode).toBe(404);
    }
    expect((await get(`/entities/${tree.order}/profile`)).json()).toMatchObject({
      status: 404,
      message: expect.stringContaining('data-profiling'),
    });
  });

  test('children come in the order of the source, in pages', async () => {
    const first = (await get(`/entities/${tree.customer}/children?size=1`)).json();
    expect(first.data.map((child: { name: string }) => child.name)).toEqual(['id']);
    const second = (await get(`/entities/${tree.customer}/children?size=1&cursor=${first.cursorInfo.cursor}`)).json();
    expect(second.data.map((child: { name: string }) => child.name)).toEqual(['email']);
    expect(second.cursorInfo.cursor).toBe('');
  });
});

describe('POST /entities/filter', () => {
  test('AND between keys, OR within', async () => {
    expect(await filter({ parentIds: [tree.schema] })).toEqual(['customer', 'a/b%']);
    expect(await filter({ parentIds: [tree.schema, tree.root] })).toEqual(['public', 'customer', 'a/b%']);
    expect(await filter({ rootIds: [tree.root] })).toEqual(['public', 'customer', 'a/b%', 'email', 'id']);
    expect(await filter({ rootIds: [tree.schema] })).toEqual(['customer', 'a/b%', 'email', 'id']);
    expect(await filter({ rootIds: [tree.root], types: ['table', 'VIEW'], names: ['customer'] })).toEqual(['customer']);
    expect(await filter({ resourceIds: [sourceId.toUpperCase()], types: ['SCHEMA'] })).toEqual(['public']);
    expect(await filter({ fqdns: ['S1/public/a%2Fb%25', 'S1'] })).toEqual(['root', 'a/b%']);
    expect(await filter({ profileStatus: 'success' })).toEqual(['customer', 'email']);
    expect(await filter({ profileStatus: ['NONE'], types: ['TABLE', 'COLUMN'] })).toEqual(['a/b%', 'id']);
    expect(await filter({ profileStatus: ['FAILED'] })).toEqual([]);
    expect(await filter({ profiledAt: { from: '2020-01-01' } })).toEqual(['customer', 'email']);
    expect(await filter({ profiledAt: { to: '2020-01-01' } })).toEqual([]);
    expect(await filter({ names: [] })).toEqual([]);
    expect(await filter({ profileStatus: [] })).toEqual([]);
    expect(await filter({ buckets: ['b'] })).toEqual([]);
  });

  test('a failed profile is found by the last task that worked on the table', async () => {
    const row = { name: 'DATA_PROFILE', user_id: steward.id, id: newHexId() };
    await api.db.insertInto('job').values(row).execute();
    const task = {
      job_id: row.id,
      key: 'a',
      item: tree.order ?? '',
      kind: 'work' as const,
      affinity: 'DEFAULT',
      state: 'failed' as const,
      finished_at: new Date(),
    };
    await api.db.insertInto('task').values(task).execute();
    expect(await filter({ profileStatus: 'ERROR' })).toEqual(['a/b%']);
    await api.db.deleteFrom('job').execute();
  });

  test('pages with a cursor in the query; every entity exactly once', async () => {
    const seen: string[] = [];
    let cursor = '';
    do {
      const answer = await api.call('POST', `/entities/filter?size=2&cursor=${cursor}`, {
        token,
        body: { filters: { rootIds: [tree.root] } },
      });
      seen.push(...answer.json().data.map((entity: { _id: string }) => entity._id));
      cursor = answer.json().cursorInfo.cursor;
    } while (cursor !== '');
    expect(seen.sort()).toEqual([tree.schema, tree.customer, tree.order, tree.email, tree.id].sort());
  });

  test('names what is wrong', async () => {
    const answer = await api.call('POST', '/entities/filter?size=501', {
      token,
      body: { filters: { parentIds: ['x'], color: [] } },
    });
    expect(answer.statusCode).toBe(400);
    for (const [body, words] of [
      [{}, 'filters'],
      [{ filters: {} }, 'at least one'],
      [{ filters: { parentIds: ['x'], color: [] } }, 'color'],
      [{ filters: { types: ['DOG'] } }, 'DOG'],
      [{ filters: { collectionIds: [randomUUID()] } }, 'no collections'],
    ] as const) {
      const bad = await api.call('POST', '/entities/filter', { token, body });
      expect([bad.statusCode, bad.body]).toEqual([400, expect.stringContaining(words)]);
    }
  });

  test('profiling-info has the shape of the original', async () => {
    const ask = (as: string) =>
      api.call('POST', '/entities/filter/profiling-info?sampleLimit=5', {
        token: as,
        body: { filters: { parentIds: [tree.customer] } },
      });
    const answer = (await ask(token)).json();
    const byName = Object.fromEntries(answer.data.map((entity: { name: string }) => [entity.name, entity]));
    expect(byName.email.profilingInfo).toMatchObject({
      bindType: 'STRING',
      bitsetCardinality: 7,
      stats: {
        rowCount: 10,
        nonNullCount: 8,
        density: 80,
        uniqueness: 70,
        min: 15,
        max: 15,
        lexicalMin: 'ada@example.org',
        isHighCardinality: false,
      },
      patternAnalysis: { patterns: [] },
      sampleValues: [],
    });
    expect(byName.id.profilingInfo).toBeNull();
    expect((await ask(reader)).body).not.toContain('@example.org');
  });
});

describe('PATCH /entities/:id', () => {
  test('arrays are replaced whole, scalars overwrite, keys of objects merge, null takes away', async () => {
    await patch(tree.customer ?? '', {
      info: { description: 'first' },
      features: { qualityScore: 10, rating: { value: 3, users: { a: 3 } } },
      owners: ['ada', { id: 'x' }],
      extended: { deep: { one: 1 } },
    });
    const answer = await patch(tree.customer ?? '', {
      info: { description: 'second' },
      features: { trustScore: 50, rating: { users: { b: 4 } }, qualityScore: null },
      owners: ['zoe'],
      extended: { deep: { two: 2 } },
    });
    expect(answer.json().data.attributes).toEqual({
      info: { description: 'second' },
      features: { trustScore: 50, rating: { value: 3, users: { a: 3, b: 4 } } },
      owners: ['zoe'],
      extended: { deep: { one: 1, two: 2 } },
    });
    expect(
      (await patch(tree.customer ?? '', { extended: null, info: null })).json().data.attributes,
    ).not.toHaveProperty('info');
  });

  test('unknown keys are refused at every level', async () => {
    for (const attributes of [
      { colour: 1 },
      { info: { title: 'x' } },
      { features: { rating: { mean: 1 } } },
      { tags: [{ name: 'a', color: 'b' }] },
      { tags: ['a'] },
      { businessTerms: [{ name: 'no id' }] },
    ]) {
      expect([attributes, (await patch(tree.email ?? '', attributes)).statusCode]).toEqual([attributes, 400]);
    }
    expect((await api.call('PATCH', `/entities/${tree.email}`, { token, body: { metadata: {} } })).statusCode).toBe(
      400,
    );
  });

  test('a tag that a job set and a person took away stays away, with the name of the person', async () => {
    const entity = tree.email ?? '';
    await api.db
      .insertInto('assertion')
      .values({ entity_id: entity, source_id: sourceId, kind: 'tag', value: 'PII', origin: 'job', by_job: jobId })
      .execute();
    const kept = await patch(entity, {
      tags: [{ name: 'PII' }, { name: 'Mine' }],
      features: { sensitivity: 'high' },
      businessTerms: [{ id: 't1', name: 'E-mail' }],
    });
    expect(kept.json().data.attributes).toEqual({
      tags: [{ name: 'PII' }, { name: 'Mine' }],
      businessTerms: [{ id: 't1', name: 'E-mail' }],
      features: { sensitivity: 'HIGH' },
    });
    const shorter = await patch(entity, { tags: [{ name: 'Mine' }], features: { sensitivity: null } });
    expect(shorter.json().data.attributes).toEqual({
      tags: [{ name: 'Mine' }],
      businessTerms: [{ id: 't1', name: 'E-mail' }],
    });
    const said = (await get(`/entities/${entity}/assertions`)).json().data;
    const pii = said.find((item: { value: string }) => item.value === 'PII');
    expect(pii).toMatchObject({ origin: 'job', byJob: jobId, removedBy: steward.id });
    expect(said.find((item: { value: string }) => item.value === 'Mine')).toMatchObject({
      origin: 'human',
      byUser: steward.id,
      removedBy: '',
    });
  });

  test('a stale If-Match is 412, also when a job said something meanwhile', async () => {
    const entity = tree.id ?? '';
    const etag = async () => String((await get(`/entities/${entity}`)).headers.etag);
    const first = await etag();
    const edited = await patch(entity, { tags: [{ name: 'a' }] }, { 'if-match': first });
    expect(edited.statusCode).toBe(200);
    expect(edited.headers.etag).toBe(await etag());
    expect((await patch(entity, { tags: [] }, { 'if-match': first })).statusCode).toBe(412);
    const second = await etag();
    await api.db
      .insertInto('assertion')
      .values({ entity_id: entity, source_id: sourceId, kind: 'tag', value: 'b', origin: 'job', by_job: jobId })
      .execute();
    expect((await patch(entity, { tags: [] }, { 'if-match': second })).statusCode).toBe(412);
  });

  test('needs the right to edit, and an entity that exists', async () => {
    expect(
      (await api.call('PATCH', `/entities/${tree.id}`, { token: reader, body: { attributes: {} } })).statusCode,
    ).toBe(403);
    expect((await patch(randomUUID(), {})).statusCode).toBe(404);
  });
});

describe('findings of methods', () => {
  const source = { sourceName: 'E-mail', sourceType: 'DataPattern', confidenceScore: 0.9 };
  const evidence = { methodId: 'm', matched: ['ada@example.org'], unmatched: ['-'], factors: [] };
  beforeEach(async () => {
    const found = { entity_id: tree.email!, source_id: sourceId, origin: 'job', by_job: jobId, method_id: 'm' };
    const json = { evidence: JSON.stringify(evidence), column_id: tree.email! };
    await api.db
      .insertInto('assertion')
      .values([
        { ...found, ...json, kind: 'tag', value: 'Mail', body: JSON.stringify(source) },
        { ...found, ...json, kind: 'term', value: 't1', body: JSON.stringify({ name: 'Mail address', ...source }) },
        { ...found, ...json, kind: 'sensitivity', value: 'HIGH', body: JSON.stringify(source) },
      ])
      .execute();
  });

  test('are shown with where they come from, and stay when they are sent back', async () => {
    const { attributes } = (await get(`/entities/${tree.email}`)).json().data;
    expect(attributes).toEqual({
      tags: [{ name: 'Mail', ...source }],
      businessTerms: [{ id: 't1', name: 'Mail address', ...source }],
      features: { sensitivity: 'HIGH' },
    });
    const { tags } = attributes;
    const sent = await patch(tree.email!, { ...attributes, tags: [...tags, { name: 'Mine' }] });
    expect(sent.json().data.attributes.tags).toEqual([...tags, { name: 'Mine' }]);
    const said = (await get(`/entities/${tree.email}/assertions`)).json().data;
    expect(said.map((one: Record<string, unknown>) => [one.value, one.origin, one.methodId, one.removedAt])).toEqual([
      ['Mail', 'job', 'm', ''],
      ['t1', 'job', 'm', ''],
      ['HIGH', 'job', 'm', ''],
      ['Mine', 'human', '', ''],
    ]);
  });

  test('name values only to those who may see samples, and note who did', async () => {
    const of = async (as: string) => (await get(`/entities/${tree.email}/assertions`, as)).json().data[0].evidence;
    const masked = { ...evidence, matched: ['******'], unmatched: ['******'] };
    const looks = async () => {
      const rows = await api.db.selectFrom('audit_log').select('action').where('target', '=', tree.email!).execute();
      return rows.filter(({ action }) => action === 'samples viewed').length;
    };
    expect([await of(reader), await looks()]).toEqual([masked, 0]);
    expect([await of(token), await looks()]).toEqual([evidence, 1]);
  });

  test('a sensitivity of a person stands above them', async () => {
    await patch(tree.email!, { features: { sensitivity: 'LOW' } });
    await api.db
      .insertInto('assertion')
      .values({ entity_id: tree.email!, source_id: sourceId, kind: 'sensitivity', value: 'MEDIUM', origin: 'job' })
      .execute();
    const { attributes } = (await get(`/entities/${tree.email}`)).json().data;
    expect(attributes.features).toEqual({ sensitivity: 'LOW' });
  });
});
