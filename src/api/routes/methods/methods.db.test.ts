import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApi, type TestApi } from '../../../../test/support/test-api.ts';
import { type ZipContent, zipOf } from '../../../../test/support/zip-of.ts';
import { newDictionary, newPattern } from '../../../methods/new-definitions.ts';
import { openZip } from '../../../methods/zip/open-zip.ts';
import { readMember } from '../../../methods/zip/read-member.ts';
import { listAudit } from '../../../store/audit.ts';

let api: TestApi;
let token: string;
let reader: string;
beforeAll(async () => {
  api = await createTestApi({ config: { importBytes: 1 << 20 } });
  token = (await api.signUp('data_developer')).token;
  reader = (await api.signUp('data_user')).token;
});
afterAll(() => api.drop());

const call = async (
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => {
  const response = await api.call(method, path, { token, body, headers });
  return { status: response.statusCode, etag: String(response.headers.etag), body: response.json() };
};
const put = async (path: string, payload: string | Buffer, type = 'text/csv', headers: Record<string, string> = {}) => {
  const response = await api.app.inject({
    method: 'PUT',
    url: `/api/public/v1${path}`,
    headers: { authorization: `Bearer ${token}`, 'content-type': type, ...headers },
    payload,
  });
  return { status: response.statusCode, body: response.json() };
};
const upload = (path: string, body: Buffer | string, type: string) =>
  call('POST', path, body, { 'content-type': type });
const importZip = async (content: ZipContent) =>
  upload('/dictionaries/import', await zipOf(content), 'application/zip');

/** Three bytes a letter, and no letter tells the next. */
const hardToPack = (length: number): string => {
  let state = 7;
  return Array.from({ length }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return String.fromCodePoint(0x4e00 + (state % 20_000));
  }).join('');
};

describe('dictionaries', () => {
  it('are made, listed, changed under their ETag, switched and deleted', async () => {
    const made = await call('POST', '/dictionaries', {
      _id: 'r1',
      ...newDictionary('Colours'),
      terms: ['red', 'Red', 'blue'],
    });
    expect(made).toMatchObject({
      status: 201,
      etag: '"1"',
      body: { data: { _id: 'r1', type: 'Dictionary', termCount: 3, cardinality: 2, state: 'READY', isEnabled: true } },
    });
    expect(made.body.data.rules[0].actions).toEqual([{ applyTags: [{ name: 'Colours' }] }]);
    expect(await call('POST', '/dictionaries', { _id: 'r1', ...newDictionary('x') })).toMatchObject({ status: 409 });
    expect((await call('POST', '/dictionaries', { name: '', terms: 'rot' })).body.message).toEqual([
      'name: received an empty text, expected a text',
      'terms: expected an array of texts',
    ]);
    const listed = await call('GET', '/dictionaries?name=COLOURS&builtIn=false&size=1');
    expect(listed.body.data).toMatchObject([{ _id: 'r1', name: 'Colours' }]);

    const change = { name: 'Hues', note: null, categories: ['Art'] };
    expect(await call('PATCH', '/dictionaries/r1', change, { 'if-match': '"7"' })).toMatchObject({ status: 412 });
    const changed = await call('PATCH', '/dictionaries/r1', change, { 'if-match': '"1"' });
    expect(changed).toMatchObject({
      status: 200,
      etag: '"2"',
      body: { data: { name: 'Hues', categories: ['Art'], termCount: 3 } },
    });
    expect(changed.body.data).not.toHaveProperty('note');
    expect((await call('PATCH', '/dictionaries/r1', { _id: 'x', terms: [] })).body.message).toHaveLength(2);
    expect((await call('GET', '/dictionaries?category=Art')).body.data).toHaveLength(1);

    expect((await call('POST', '/dictionaries/r1/disable')).body.data.isEnabled).toBe(false);
    expect((await call('GET', '/dictionaries/r1')).body.data.isEnabled).toBe(false);
    expect((await call('GET', '/dictionaries?isEnabled=false&builtIn=false')).body.data).toMatchObject([{ _id: 'r1' }]);
    expect((await call('GET', '/dictionaries?isEnabled=true&enabled=false')).status).toBe(400);
    expect((await call('GET', '/dictionaries?isEnable=false&limit=2')).body.message).toEqual([
      'isEnable: not a known key here; did you mean isEnabled?',
      expect.stringMatching('^limit: not a known key here; known are name, enabled'),
    ]);
    expect((await call('GET', '/business-terms?glosary=x')).status).toBe(400);
    expect((await call('POST', '/dictionaries/r1/enable')).body.data.isEnabled).toBe(true);
    expect((await call('GET', '/data-patterns/r1')).status).toBe(404);
    expect(await call('DELETE', '/dictionaries/r1')).toMatchObject({ status: 200, body: { data: { name: 'Hues' } } });
    expect(await call('DELETE', '/dictionaries/r1')).toMatchObject({ status: 404 });
    const actions = (await listAudit(api.db, { size: 50 }))
      .filter(({ target }) => target === 'r1')
      .map(({ action }) => action);
    expect(actions.reverse()).toEqual([
      'dictionary created',
      'dictionary changed',
      'dictionary disabled',
      'dictionary enabled',
      'dictionary deleted',
    ]);
  });

  it('have terms, which are replaced whole and found by how they begin', async () => {
    await call('POST', '/dictionaries', { _id: 't1', ...newDictionary('Towns') });
    expect((await call('GET', '/dictionaries/t1')).body.data).toMatchObject({ state: 'NO_TERMS', termCount: 0 });
    const first = await put('/dictionaries/t1/terms', 'Term\nÅbo\nParis\nparma\na,b\n');
    expect(first).toMatchObject({ status: 200, body: { data: { termCount: 3, state: 'READY' } } });
    expect(first.body.warnings[0]).toMatch('line 5: has 2 fields');
    expect((await call('GET', '/dictionaries/t1/terms?prefix=PAR')).body.data).toEqual(['Paris', 'parma']);
    const page = await call('GET', '/dictionaries/t1/terms?size=2');
    expect(page.body.data).toEqual(['Åbo', 'Paris']);
    const rest = await call('GET', `/dictionaries/t1/terms?size=2&cursor=${page.body.cursorInfo.cursor}`);
    expect(rest.body).toMatchObject({ data: ['parma'], cursorInfo: { cursor: '' } });
    expect((await put('/dictionaries/t1/terms', '\n\n')).status).toBe(400);
    expect((await put('/dictionaries/t1/terms', '{"terms":["x","y"]}', 'application/json')).body.data.termCount).toBe(
      2,
    );
    const old = await call('GET', `/dictionaries/t1/terms?cursor=${page.body.cursorInfo.cursor}`);
    expect(old).toMatchObject({ status: 409, body: { message: expect.stringContaining('begin again') } });
    expect((await put('/dictionaries/t1/terms', 'z', 'text/csv', { 'if-match': '"1"' })).status).toBe(412);
    const large = await put('/dictionaries/t1/terms', 'x\n'.repeat(600_000));
    expect(large).toMatchObject({
      status: 413,
      body: { code: 'TOO_LARGE', message: expect.stringContaining('ASSAY_IMPORT_MB') },
    });
    expect((await put('/dictionaries/t1/terms', 'x', 'application/x-www-form-urlencoded')).body).toMatchObject({
      status: 415,
      message: expect.stringContaining('text/csv'),
    });
    expect((await call('GET', '/dictionaries/t1/terms')).body.data).toEqual(['x', 'y']);
  });

  it('are imported with a verdict for each member, and exported as they were', async () => {
    const definition = { _id: 'e1', ...newDictionary('Exported'), csv: 'E.csv' };
    const { status, body } = await importZip({
      'E.zip': { 'E.json': JSON.stringify(definition), 'E.csv': 'Term\nb\na\n' },
      'bad.json': '{',
    });
    expect(status).toBe(200);
    expect(body.message).toBe('1 of 2 members taken (1 created); 1 rejected, see problems');
    expect(body.data).toMatchObject([
      { member: 'bad.json', verdict: 'rejected', problems: ['definition: not valid JSON (at line 1, column 2)'] },
      { member: 'E.zip/E.json', verdict: 'created', id: 'e1', terms: 2 },
    ]);
    const csv = await upload('/dictionaries/import?name=By%20CSV&tag=T', 'Term\nx\n', 'text/csv; charset=utf-8');
    expect(csv.body.data).toMatchObject([{ verdict: 'created', name: 'By CSV', terms: 1 }]);
    const json = await call('POST', '/dictionaries/import', { ...definition, name: 'Renamed' });
    expect(json.body.data).toMatchObject([{ verdict: 'overwritten', terms: 2 }]);
    for (const [bytes, type, wanted] of [
      ['no zip', 'application/zip', 400],
      ['x', 'text/csv', 400],
      ['x', 'text/plain', 415],
    ] as const)
      expect((await upload('/dictionaries/import', bytes, type)).status).toBe(wanted);

    const exported = await api.call('GET', '/dictionaries/export?ids=e1', { token: reader });
    expect(exported.headers['content-type']).toBe('application/zip');
    const outer = await openZip({ bytes: exported.rawPayload }, { bytes: 1e9, members: 99 });
    expect(outer.members.map(({ name }) => name)).toEqual(['E.zip']);
    const inner = await openZip({ bytes: await readMember(outer.members[0]!) }, { bytes: 1e9, members: 99 });
    const texts = await Promise.all(inner.members.map(async (member) => (await readMember(member)).toString()));
    expect([JSON.parse(texts[0]!), texts[1]]).toEqual([{ ...definition, name: 'Renamed' }, 'Term\r\nb\r\na\r\n']);
    expect((await call('GET', '/dictionaries/export?ids=e1,none')).body.message).toContain('none');
    expect((await api.call('GET', '/dictionaries/e1/export', { token: reader })).statusCode).toBe(200);
    expect((await api.call('GET', '/dictionaries/export', { token: reader })).statusCode).toBe(200);
  });

  it('that came with Assay are switched and copied, and nothing else', async () => {
    const { body } = await call('GET', '/dictionaries?builtIn=true&size=1');
    const [own] = body.data;
    const path = `/dictionaries/${own._id}`;
    for (const refused of [
      await call('PATCH', path, { name: 'x' }),
      await call('DELETE', path),
      await put(`${path}/terms`, 'x'),
    ])
      expect(refused).toMatchObject({ status: 409, body: { message: expect.stringContaining('/copy') } });
    const imported = await call('POST', '/dictionaries/import', { _id: own._id, ...newDictionary('Mine') });
    expect(imported.body.data).toMatchObject([
      { verdict: 'rejected', problems: [expect.stringContaining('came with Assay')] },
    ]);
    expect((await call('POST', `${path}/disable`)).body.data.isEnabled).toBe(false);
    const copy = await call('POST', `${path}/copy`, { name: 'My own' });
    expect(copy).toMatchObject({
      status: 201,
      body: {
        data: {
          name: 'My own',
          builtIn: false,
          termCount: own.termCount,
          cardinality: own.cardinality,
          origin: 'copy',
        },
      },
    });
    const terms = (id: string) => call('GET', `/dictionaries/${id}/terms?size=5`).then((page) => page.body.data);
    expect(await terms(copy.body.data._id)).toEqual(await terms(own._id));
    expect((await call('PATCH', `/dictionaries/${copy.body.data._id}`, { note: 'changed' })).status).toBe(200);
  });

  it('need the right editRules to be changed', async () => {
    const refused = [
      await api.call('POST', '/dictionaries', { token: reader, body: newDictionary('x') }),
      await api.call('POST', '/dictionaries/import', { token: reader, body: newDictionary('x') }),
      await api.call('PATCH', '/dictionaries/x', { token: reader, body: {} }),
      await api.call('DELETE', '/dictionaries/x', { token: reader }),
      await api.call('POST', '/dictionaries/x/enable', { token: reader }),
      await api.call('POST', '/data-patterns/x/copy', { token: reader }),
      await api.call('POST', '/data-patterns/from-column', { token: reader, body: {} }),
    ];
    expect(refused.map(({ statusCode }) => statusCode)).toEqual(refused.map(() => 403));
    expect((await api.call('GET', '/dictionaries', { token: reader })).statusCode).toBe(200);
  });
});

describe('data patterns', () => {
  it('are resources as dictionaries are, without terms', async () => {
    const definition = { _id: 'dp1', ...newPattern('Code', { patterns: ['AAsdd'], regexes: ['[A-Z]{2}-\\d{2}'] }) };
    expect(await call('POST', '/data-patterns', definition)).toMatchObject({
      status: 201,
      body: { data: { ...definition, termCount: 0, state: 'READY' } },
    });
    expect((await upload('/data-patterns/import', 'x', 'text/csv')).status).toBe(415);
    const zip = await upload(
      '/data-patterns/import',
      await zipOf({ 'a.json': JSON.stringify(definition) }),
      'application/zip',
    );
    expect(zip.body.data).toMatchObject([{ member: 'a.json', verdict: 'unchanged' }]);
    expect((await call('GET', '/data-patterns/dp1/terms')).status).toBe(404);
    expect((await call('GET', '/data-patterns?enabled=false&builtIn=false')).body.data).toMatchObject([{ _id: 'dp1' }]);
  });

  it('have names as long as their index has room for, in any script', async () => {
    const pattern = (length: number) => ({ ...newPattern(hardToPack(length), { patterns: ['dd'], regexes: [] }) });
    const longest = await call('POST', '/data-patterns', { _id: hardToPack(200), ...pattern(500) });
    expect(longest.status).toBe(201);
    expect(await call('POST', '/data-patterns', pattern(501))).toMatchObject({
      status: 400,
      body: { message: [expect.stringContaining('at most 200 and 500')] },
    });
  });
});

describe('business terms', () => {
  it('are made, listed, changed and deleted', async () => {
    const made = await call('POST', '/business-terms', { name: 'Customer', glossary: 'Sales' });
    expect(made).toMatchObject({
      status: 201,
      etag: '"1"',
      body: { data: { name: 'Customer', category: '', description: '' } },
    });
    const path = `/business-terms/${made.body.data._id}`;
    expect((await call('POST', '/business-terms', { name: 'Customer', glossary: 'Sales' })).status).toBe(409);
    expect((await call('PATCH', path, { description: 'Who buys' }, { 'if-match': '"9"' })).status).toBe(412);
    expect((await call('PATCH', path, { description: 'Who buys' })).body.data.description).toBe('Who buys');
    expect((await call('GET', '/business-terms?name=cust')).body.data).toMatchObject([{ description: 'Who buys' }]);
    expect((await call('GET', path)).etag).toBe('"2"');
    expect((await call('DELETE', path)).status).toBe(200);
    expect((await call('GET', path)).status).toBe(404);
  });

  it('have names as long as their index has room for, in any script', async () => {
    const term = (length: number) => ({
      name: hardToPack(length),
      glossary: hardToPack(length),
      category: hardToPack(length),
    });
    expect((await call('POST', '/business-terms', term(250))).status).toBe(201);
    expect((await call('POST', '/business-terms', term(251))).status).toBe(400);
  });
});
