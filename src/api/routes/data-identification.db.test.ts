import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { JobBench } from '../../../test/support/run-job.ts';
import { saveDictionary, savePattern } from '../../../test/support/save-method.ts';
import { createTestApi, type TestApi } from '../../../test/support/test-api.ts';
import { ensureBuiltIns } from '../../methods/ensure-built-ins.ts';
import { newEntityId } from '../../model/ids.ts';
import { insertDataSource } from '../../store/data-sources.ts';

/** Feasibility and dry runs, on profiles of a real file. */
let api: TestApi;
let folder: string;
let steward: string;
let developer: string;
let reader: string;
const sourceId = '65f0000000000000000000b1';
const CODES = ['AB-1', 'CD-2', 'EF-3'];
/** Long enough for an expression that goes back to get lost in. */
const LONG = 'a'.repeat(40);

beforeAll(async () => {
  api = await createTestApi();
  folder = await mkdtemp(join(tmpdir(), 'assay-tried-'));
  [steward, developer, reader] = (
    await Promise.all((['data_steward', 'data_developer', 'data_user'] as const).map((role) => api.signUp(role)))
  ).map(({ token }) => token) as [string, string, string];
  await ensureBuiltIns(api.db);
  await api.pool.query('TRUNCATE method, term_set, term_chunk, term_hashes');
  const bench = new JobBench(api.db, undefined, [folder], api.secrets);
  const lines = Array.from({ length: 60 }, (_, i) => `${CODES[i % 3]},${i % 2 === 0},${LONG}${i}`);
  await writeFile(join(folder, 'parts.csv'), `code,known,note\n${lines.join('\n')}\n`);
  await writeFile(join(folder, 'late.csv'), 'code\nAB-1\n');
  await insertDataSource(api.db, {
    ...{ id: sourceId, resourceName: 'parts', fqdnId: 'parts', databaseType: 'FS', config: { path: folder } },
    ...{ secrets: {}, createdBy: null },
  });
  await bench.run('METADATA_INGEST', { resourceId: sourceId });
  await bench.run('DATA_PROFILE', { scope: [await at('parts/parts.csv')] });
  await saveDictionary(api.db, { id: 'codes', name: 'Codes', terms: ['ab-1', 'cd-2', 'zz-9'] });
  await savePattern(api.db, { id: 'shape', name: 'Shape', regex: ['[A-Z]{2}-\\d'], rule: { minSamples: '200' } });
  await savePattern(api.db, { id: 'off', name: 'Off', regex: ['[A-Z]{2}-\\d'], enabled: false });
});
afterAll(async () => {
  await api.drop();
  await rm(folder, { recursive: true, force: true });
});

const at = async (fqdn: string): Promise<string> =>
  (await api.db.selectFrom('entity').select('id').where('fqdn', '=', fqdn).executeTakeFirstOrThrow()).id;
const post = async (path: string, body: unknown, token = steward) => {
  const answer = await api.call('POST', `/data-identification/${path}`, { token, body });
  return { status: answer.statusCode, ...answer.json() };
};
const written = async (): Promise<unknown> =>
  (await api.pool.query('SELECT count(*)::int AS n FROM assertion')).rows[0].n;

describe('feasibility', () => {
  test('names every pair that cannot be judged, each once over all pages', async () => {
    const scope = [await at('parts/parts.csv')];
    const all = await post('feasibility', { scope });
    expect(all.status).toBe(200);
    const pairs = all.data.map((one: { column: string; method: string; missing: string[] }) => [
      one.column,
      one.method,
      one.missing[0]?.split(':')[0],
    ]);
    expect(pairs).toEqual([
      ['code', 'Shape', 'too few samples'],
      ['known', 'Codes', 'boolean column'],
      ['known', 'Shape', 'boolean column'],
      ['note', 'Shape', 'too few samples'],
    ]);
    expect([all.looked, all.cursorInfo.cursor]).toEqual([{ columns: 3, pairs: 6, methods: 2 }, '']);
    const paged: unknown[] = [];
    let columns = 0;
    let cursor = '';
    do {
      const page = await post(`feasibility?size=1${cursor === '' ? '' : `&cursor=${cursor}`}`, { scope });
      paged.push(...page.data);
      columns += page.looked.columns;
      cursor = page.cursorInfo.cursor;
    } while (cursor !== '');
    expect(paged).toEqual(all.data);
    expect(columns).toBe(3);
  });

  test('takes what the job takes, and refuses what it refuses', async () => {
    const scope = [await at('parts/parts.csv/code')];
    const one = await post('feasibility', { scope, dataPatternIds: ['shape'] }, reader);
    expect(one.data).toMatchObject([{ columnId: scope[0], methodId: 'shape' }]);
    expect(await post('feasibility', { scope, dictionaryIds: ['nowhere'] })).toMatchObject({ status: 400 });
    expect(await post('feasibility', { scope: [newEntityId()] })).toMatchObject({ status: 404 });
    expect(await post('feasibility', { scope: [] })).toMatchObject({ status: 400 });
    expect(await post('feasibility?cursor=x', { scope })).toMatchObject({ status: 400 });
  });

  test('and the job take no slip in the name of what narrows them for all methods, and name other keys', async () => {
    const scope = [await at('parts/parts.csv/code')];
    const execute = async (body: object) =>
      (await api.call('POST', '/jobs/execute/data-identification', { token: steward, body })).json();
    for (const [slip, meant] of [
      ['dictionaryId', 'dictionaryIds'],
      ['dictionaries', 'dictionaryIds'],
      ['datapatternids', 'dataPatternIds'],
    ] as const)
      for (const refused of [
        await post('feasibility', { scope, [slip]: ['nope'] }),
        await execute({ scope, [slip]: ['nope'] }),
      ])
        expect(refused).toMatchObject({
          status: 400,
          message: [`${slip}: not a known key here; did you mean ${meant}?`],
        });
    const warnings = ['colour: not a known key; ignored'];
    expect(await post('feasibility', { scope, colour: 1 })).toMatchObject({ status: 200, warnings });
    expect((await execute({ scope, colour: 1 })).message).toMatch(/^Data identification .*colour: not a known key/);
  });

  test('names what is wrong with the scope and with the methods at once', async () => {
    const refused = await post('feasibility', { scope: ['x'], dictionaryIds: ['nowhere'] });
    expect(refused.message).toEqual([
      'scope: received "x", expected the UUID of an entity',
      'dictionaryIds: there is no dictionary nowhere',
    ]);
  });
});

describe('a dry run', () => {
  test('gives the verdict with all evidence, and writes nothing', async () => {
    const columnId = await at('parts/parts.csv/code');
    const before = await written();
    const tried = await post('try', { columnId, methodId: 'codes' });
    expect(tried.data).toMatchObject({
      ...{ methodId: 'codes', method: 'Codes', column: 'code', outcome: 'not matched', actions: [] },
      evidence: {
        confidence: { value: expect.closeTo(0.6, 5) },
        factors: expect.arrayContaining([expect.objectContaining({ variable: 'similarity', weight: 0.9 })]),
        unmatched: ['EF-3'],
        flip: { variable: 'similarity', text: expect.any(String) },
      },
    });
    expect(tried.data.evidence.matched.sort()).toEqual(['AB-1', 'CD-2']);
    const off = await post('try', { columnId, methodId: 'off' });
    expect(off.data).toMatchObject({ outcome: 'matched', actions: [{ tags: ['Off'] }] });
    expect(await written()).toBe(before);
  });

  test('is refused to those who may not see samples, for scores tell values too', async () => {
    const columnId = await at('parts/parts.csv/code');
    const { rows } = await api.pool.query(`SELECT definition FROM method WHERE id = 'codes'`);
    for (const token of [reader, developer])
      for (const what of [{ methodId: 'codes' }, { definition: rows[0].definition, terms: ['ab-1'] }]) {
        const refused = await post('try', { columnId, ...what }, token);
        expect(refused).toMatchObject({ status: 403, message: expect.stringContaining('viewSamples') });
        expect(JSON.stringify(refused)).not.toContain('confidence');
      }
  });

  test('takes a definition that is not saved, with its terms, of those who may also edit rules', async () => {
    const { rows } = await api.pool.query(`SELECT definition FROM method WHERE id = 'codes'`);
    const body = {
      columnId: await at('parts/parts.csv/code'),
      definition: { ...rows[0].definition, _id: 'new', name: 'New' },
      terms: ['ab-1', 'cd-2', 'ef-3', ' '],
    };
    expect((await post('try', body)).data).toMatchObject({ method: 'New', outcome: 'matched' });
    const key = await api.call('POST', '/api-keys', {
      token: steward,
      body: { name: 'looks', scopes: ['viewSamples'] },
    });
    const looker = key.json().data.key;
    expect(await post('try', body, looker)).toMatchObject({
      status: 403,
      message: expect.stringContaining('editRules'),
    });
    expect(await post('try', { columnId: body.columnId, methodId: 'codes' }, looker)).toMatchObject({ status: 200 });
    const { terms: _, ...without } = body;
    expect(await post('try', without)).toMatchObject({ status: 400, message: expect.stringContaining('terms') });
    const own = { ...without, definition: rows[0].definition };
    expect((await post('try', own)).data).toMatchObject({ methodId: 'codes', outcome: 'not matched' });
  });

  test('blames a hostile expression on its writer, and names it', async () => {
    const { rows } = await api.pool.query(`SELECT definition FROM method WHERE id = 'shape'`);
    const definition = { ...rows[0].definition, _id: 'lost', name: 'Lost', regexMatch: { regex: ['(a+)+\\1b'] } };
    const answer = await post('try', { columnId: await at('parts/parts.csv/note'), definition });
    expect(answer).toMatchObject({
      ...{ status: 400, code: 'EXPRESSION_TOO_SLOW' },
      message: expect.stringContaining('method "Lost": the regular expression'),
    });
  });

  test('says what is missing, and what is wrong with a request', async () => {
    const columnId = await at('parts/parts.csv/known');
    expect((await post('try', { columnId, methodId: 'codes' })).data).toMatchObject({
      outcome: 'could not match',
      missing: [expect.stringContaining('boolean')],
    });
    const code = await at('parts/parts.csv/code');
    for (const [body, status] of [
      [{ columnId: code }, 400],
      [{ columnId: code, methodId: 'codes', definition: {} }, 400],
      [{ columnId: code, methodId: 'nowhere' }, 404],
      [{ columnId: newEntityId(), methodId: 'codes' }, 404],
      [{ columnId: await at('parts/parts.csv'), methodId: 'codes' }, 400],
      [{ columnId: code, definition: { type: 'Dictionary', rules: 7 } }, 400],
      [{ columnId: code, methodId: 'codes', terms: ['x'] }, 400],
    ] as const)
      expect([body, (await post('try', body)).status]).toEqual([body, status]);
  });
});

test('the job is started by the body of the contract, and answers in its shape', async () => {
  const scope = [await at('parts/parts.csv')];
  const body = { scope, dictionaryIds: ['codes'], dataPatternIds: ['shape'] };
  const answer = await api.call('POST', '/jobs/execute/data-identification', { token: steward, body });
  expect([answer.statusCode, answer.json()]).toMatchObject([
    200,
    {
      status: 'ACCEPTED',
      data: {
        ...{ userId: expect.any(String), resourceIds: [sourceId], workerName: 'DATA_IDENTIFICATION' },
        scope: {
          dataSources: [{ _id: sourceId, title: 'parts' }],
          scope: [{ type: 'FILE', _id: scope[0], title: 'parts.csv' }],
        },
        ...{ _id: expect.stringMatching(/^[0-9a-f]{24}$/), activity: 'Data identification', pId: expect.any(Number) },
        ...{ date: expect.any(String), createdAt: expect.any(String), updatedAt: expect.any(String), __v: 0 },
      },
    },
  ]);
  const refused = await api.call('POST', '/jobs/execute/data-identification', { token: reader, body });
  expect(refused.statusCode).toBe(403);
  const wrong = { scope, dictionaryIds: ['1297eywu-j18w-qeji-wq8u-1209euwj28o3'], dataPatternIds: null, more: 1 };
  const named = await api.call('POST', '/jobs/execute/data-identification', { token: steward, body: wrong });
  expect([named.statusCode, named.json().message]).toEqual([400, expect.anything()]);
  expect(JSON.stringify(named.json().message)).toContain('1297eywu-j18w-qeji-wq8u-1209euwj28o3');
});
