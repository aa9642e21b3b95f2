import { Writable } from 'node:stream';
import pino from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../test/support/test-api.ts';
import { SECRET_FIELDS } from '../model/source-fields.ts';
import { ensureAdmin } from '../store/ensure-admin.ts';

/** Every secret of this file begins so; whatever shows it has leaked one. */
const MARK = 'LEAK4711';
const secret = (name: string) => `${MARK}-${name}-${'x'.repeat(10)}`;

let api: TestApi;
const lines: string[] = [];
const answers: string[] = [];

beforeAll(async () => {
  const collect = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  api = await createTestApi({ logger: pino({ level: 'trace' }, collect) });
  await ensureAdmin(api.db, { password: secret('admin') });
});
afterAll(() => api.drop());

test('no secret that was sent comes back in an answer, a log line, the audit log or a row of the store', async () => {
  const { token } = await api.signUp('admin');
  const send: TestApi['call'] = async (method, path, options) => {
    const answer = await api.call(method, path, { token, ...options });
    answers.push(`${method} ${path} ${answer.statusCode} ${answer.body}`);
    return answer;
  };
  const json = { 'content-type': 'application/json' };
  const own = Object.fromEntries(SECRET_FIELDS.map((name) => [name, secret(name)]));
  const uri = `jdbc:postgresql://u:${secret('uri')}@h:5432/db?sslpassword=${secret('ssl')}`;
  const source = { resourceName: 'A', databaseType: 'POSTGRES', host: 'h', databaseName: 'd', userName: 'u', ...own };

  await send('POST', '/auth', { body: { username: 'admin', password: secret('wrong') } });
  await send('POST', '/auth', { body: { username: secret('name'), password: [secret('x')] } });
  await send('POST', '/auth', { body: `{"username":"admin","password":"${secret('cut')}`, headers: json });
  await send('POST', '/auth/refresh', { body: { refreshToken: secret('refresh') } });
  await send('POST', '/users', { body: { username: 'x', password: secret('user'), roles: ['none'] } });
  await send('POST', '/users', { body: { username: 'y', password: secret('user') } });
  await send('POST', '/users/me/password', {
    body: { currentPassword: secret('old'), newPassword: { a: secret('new') } },
  });

  const made = await send('POST', '/data-sources', {
    body: { ...source, uri, encryptedPassword: secret('encrypted'), password: secret('password') },
  });
  expect(made.statusCode).toBe(201);
  const { _id } = made.json().data[0];
  await send('POST', '/data-sources', {
    body: [
      { ...source, password: { a: secret('typed') } },
      { ...source, uri: `x://h?apiToken=${secret('parameter')}` },
    ],
  });
  await send('POST', '/data-sources', { body: source });
  await send('POST', '/data-sources', { body: `[{"password":"${secret('malformed')}"`, headers: json });
  await send('PATCH', `/data-sources/${_id}`, {
    body: { password: secret('patched'), uri: null, accessKey: [secret('list')] },
  });
  await send('PATCH', `/data-sources/${_id}`, { body: { password: secret('patched') } });
  for (const path of [`/data-sources/${_id}`, '/data-sources', '/audit-log?size=1000', '/users'])
    await send('GET', path);

  for (const path of ['test-connection', 'metadata/ingest']) {
    const bodies = [
      { ...source, resourceName: `B ${path}`, uri },
      { resourceId: _id, password: secret('override') },
      { ...source, password: { a: secret('typed') } },
      { resourceId: _id, host: 'elsewhere' },
    ];
    for (const body of bodies) {
      const started = await send('POST', `/jobs/execute/${path}`, {
        body,
        headers: { 'idempotency-key': `${path} ${JSON.stringify(Object.keys(body))}` },
      });
      const id = started.json().data?._id;
      if (id === undefined) continue;
      for (const view of ['', '/status', '/events', '/tasks']) await send('GET', `/jobs/${id}${view}`);
    }
  }
  await send('GET', '/jobs?size=500');

  const leaks = (texts: readonly string[]) =>
    texts.filter((text) => text.includes(MARK)).map((text) => text.slice(0, 300));
  expect(answers.length).toBeGreaterThan(30);
  expect(lines.length).toBeGreaterThan(30);
  // A user name is not a secret; the one that was sent here stands in the audit log.
  expect(leaks(answers.map((text) => text.replaceAll(secret('name'), '')))).toEqual([]);
  expect(leaks(lines)).toEqual([]);
  for (const table of [
    'data_source',
    'job',
    'task',
    'job_event',
    'audit_log',
    'app_user',
    'idempotency',
    'refresh_token',
    'signing_key',
  ] as const) {
    const rows = (await api.db.selectFrom(table).selectAll().execute()).map((row) => JSON.stringify(row));
    expect([table, leaks(rows.map((text) => text.replaceAll(secret('name'), '')))]).toEqual([table, []]);
  }
});

test('an API key that was sent to the wrong place is neither logged nor stored', async () => {
  const { token } = await api.signUp('admin');
  const { key } = (await api.call('POST', '/api-keys', { token, body: { name: 'k' } })).json().data;
  const secretPart = key.slice(12);
  const before = lines.length;
  const bodies = [
    await api.call('GET', `/jobs/${key}`, { token: key }),
    await api.call('GET', `/${key}?key=${key}`),
    await api.call('POST', '/auth', { body: { username: key, password: key } }),
    await api.call('POST', '/auth', { body: { [key]: 1 } }),
    await api.call('POST', '/auth/refresh', { body: { refreshToken: key } }),
    await api.call('GET', `/jobs?size=${key}&cursor=${key}`, { headers: { 'x-api-key': key } }),
  ].map((answer) => answer.body);
  expect(lines.length - before).toBeGreaterThanOrEqual(bodies.length);
  const { rows } = await api.pool.query('SELECT * FROM audit_log');
  for (const text of [...bodies, ...lines.slice(before), ...rows.map((row) => JSON.stringify(row))])
    expect(text).not.toContain(secretPart);
});
