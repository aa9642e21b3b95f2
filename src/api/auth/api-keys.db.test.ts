import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../../test/support/test-api.ts';
import { API_KEY_PATTERN } from '../../model/api-key.ts';
import { ensureAdmin } from '../../store/ensure-admin.ts';
import { updateUser } from '../../store/users.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
  await ensureAdmin(api.db, { password: 'a long enough password' });
});
afterAll(() => api.drop());

const DAY = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * DAY).toISOString();

async function makeKey(token: string, body: object = {}) {
  const answer = await api.call('POST', '/api-keys', { token, body: { name: 'test', ...body } });
  expect([answer.statusCode, answer.body]).toEqual([201, expect.any(String)]);
  return answer.json().data as { _id: string; key: string; prefix: string; scopes: string[]; expiresAt: string };
}

const me = (token: string) => api.call('GET', '/users/me', { token });
const refusal = async (token: string) => {
  const answer = await me(token);
  return `${answer.statusCode} ${answer.json().code} ${answer.json().message}`;
};

test('the secret is shown once, and only its hash is stored', async () => {
  const { token } = await api.signUp('data_steward');
  const made = await makeKey(token);
  expect(made.key).toMatch(new RegExp(`^${API_KEY_PATTERN}$`));
  expect(made.scopes).toEqual(['read', 'manageSources', 'runJobs', 'viewSamples', 'editRules', 'editAttributes']);
  const listed = await api.call('GET', '/api-keys', { token });
  expect(listed.json().data).toEqual([expect.objectContaining({ _id: made._id, prefix: made.prefix, lastUsedAt: '' })]);
  const one = await api.call('GET', `/api-keys/${made._id}`, { token });
  const { rows } = await api.pool.query('SELECT *, encode(hash, $1) AS hex FROM api_key WHERE id = $2', [
    'hex',
    made._id,
  ]);
  const audit = await api.pool.query('SELECT * FROM audit_log');
  for (const text of [listed.body, one.body, JSON.stringify(rows), JSON.stringify(audit.rows)])
    expect(text).not.toContain(made.key.slice(12));
  expect(audit.rows.at(-1)).toMatchObject({ action: 'api key created', target: made._id });
});

test('both headers work, one at a time; the use is noted by the minute', async () => {
  const { token, user } = await api.signUp('data_user');
  const { key, _id } = await makeKey(token);
  expect((await me(key)).json().data).toMatchObject({ _id: user.id, rights: ['read'] });
  const own = await api.call('GET', '/users/me', { headers: { 'x-api-key': key } });
  expect(own.json().data._id).toBe(user.id);
  const both = await api.call('GET', '/users/me', { token: key, headers: { 'x-api-key': key } });
  expect([both.statusCode, both.json().message]).toEqual([401, expect.stringContaining('send one of them')]);
  const { lastUsedAt } = (await api.call('GET', `/api-keys/${_id}`, { token })).json().data;
  expect(lastUsedAt).toMatch(/:00\.000Z$/);
  expect(Math.abs(Date.parse(lastUsedAt) - Date.now())).toBeLessThan(2 * 60_000);
});

test('a hundred calls in a minute write the last use at most twice', async () => {
  const { token } = await api.signUp('data_user');
  const { key, _id } = await makeKey(token);
  const version = async () =>
    (await api.pool.query('SELECT xmin::text FROM api_key WHERE id = $1', [_id])).rows[0].xmin;
  const seen = new Set([await version()]);
  for (let call = 0; call < 100; call += 1) {
    expect((await me(key)).statusCode).toBe(200);
    seen.add(await version());
  }
  // The first use, and perhaps the turn of a minute.
  expect(seen.size - 1).toBeGreaterThanOrEqual(1);
  expect(seen.size - 1).toBeLessThanOrEqual(2);
});

test('a key may do what its scopes say, as far as the owner still may', async () => {
  const { token, user } = await api.signUp('data_steward');
  const reader = await makeKey(token, { scopes: ['read'] });
  const source = { resourceName: 'By key', databaseType: 'SQLITE', path: '/nowhere.db' };
  const refused = await api.call('POST', '/data-sources', { token: reader.key, body: source });
  expect([refused.statusCode, refused.json().code, refused.json().message]).toEqual([
    403,
    'KEY_LACKS_SCOPE',
    'this needs the right manageSources; the scopes of the API key are: read',
  ]);
  const keeper = await makeKey(token, { scopes: ['read', 'manageSources'] });
  expect((await api.call('POST', '/data-sources', { token: keeper.key, body: source })).statusCode).toBe(201);
  await updateUser(api.db, user.id, { roles: ['data_user'] });
  expect((await me(keeper.key)).json().data.rights).toEqual(['read']);
  const after = await api.call('POST', '/data-sources', { token: keeper.key, body: source });
  expect([after.statusCode, after.json().message]).toEqual([403, expect.stringContaining('yours: data_user')]);
  await updateUser(api.db, user.id, { roles: [] });
  expect((await api.call('GET', '/jobs', { token: keeper.key })).statusCode).toBe(403);
});

test('a key that may start jobs removes no data source, whichever way it asks', async () => {
  const { token } = await api.signUp('data_steward');
  const made = await api.call('POST', '/data-sources', {
    token,
    body: { resourceName: 'To stay', databaseType: 'SQLITE', path: '/stays.db' },
  });
  const { _id: id, fqdnId } = made.json().data[0];
  const starter = await makeKey(token, { scopes: ['read', 'runJobs'] });
  const asKey = (url: string, payload?: object) =>
    api.app.inject({ method: 'POST', url, headers: { 'x-api-key': starter.key }, payload });
  const execute = '/api/public/v1/jobs/execute';
  const name = { name: 'CLEANUP_DATASOURCE', type: 'START' };
  const body = { id, fqdnId };
  const first = await api.call('POST', '/jobs/execute/remove-datasource', { token, body });
  const removal = first.json().data._id;
  await api.call('POST', `/jobs/${removal}/cancel`, { token });
  await api.db
    .updateTable('job')
    .set({ status: 'CANCELLED', finished_at: new Date() })
    .where('id', '=', removal)
    .execute();
  const tries = [
    await asKey(`${execute}/remove-datasource`, body),
    await asKey('/api/start-job', { ...name, data: body }),
    await asKey('/api/public/v3/jobs/execute/bulk', [{ ...name, payload: body }]),
    await asKey(`/api/public/v1/jobs/${removal}/re-run`),
  ];
  expect(tries.map((answer) => [answer.statusCode, [answer.json().message].flat()[0].replace(/^0\./, '')])).toEqual(
    tries.map(() => [403, 'this needs the right manageSources; the scopes of the API key are: read, runJobs']),
  );
  expect((await asKey(`${execute}/test-connection`, { resourceId: id })).statusCode).toBe(200);
  const keeper = await makeKey(token, { scopes: ['runJobs', 'manageSources'] });
  const again = await api.call('POST', `/jobs/${removal}/re-run`, { token: keeper.key });
  expect(again.statusCode).toBe(200);
});

test('the audit log says which key did it', async () => {
  const { token, user } = await api.signUp('data_steward');
  const { key, _id } = await makeKey(token);
  const source = { resourceName: 'Logged', databaseType: 'SQLITE', path: '/logged.db' };
  const act = async (as: string, note: string) => {
    const call = (method: 'POST' | 'PATCH', path: string, body?: object) => api.call(method, path, { token: as, body });
    const made = (await call('POST', '/data-sources', { ...source, resourceName: note })).json().data[0];
    await call('PATCH', `/data-sources/${made._id}`, { description: note });
    const job = (await call('POST', '/jobs/execute/test-connection', { resourceId: made._id })).json().data;
    await call('POST', `/jobs/${job._id}/cancel`);
    await api.db
      .updateTable('job')
      .set({ status: 'CANCELLED', finished_at: new Date() })
      .where('id', '=', job._id)
      .execute();
    await call('POST', `/jobs/${job._id}/re-run`);
  };
  await act(key, 'by key');
  await act(token, 'by hand');
  const log = await api.db.selectFrom('audit_log').selectAll().where('user_id', '=', user.id).orderBy('seq').execute();
  const acts = ['source created', 'source changed', 'job started', 'job cancelled', 'job started'];
  expect(log.map((entry) => [entry.action, entry.details.apiKey])).toEqual([
    ['api key created', undefined],
    ...acts.map((action) => [action, _id]),
    ...acts.map((action) => [action, undefined]),
  ]);
});

test('scopes beyond the own rights, and managing users, are refused by name', async () => {
  const { token } = await api.signUp('data_developer');
  const foreign = await api.call('POST', '/api-keys', {
    token,
    body: { name: 'x', scopes: ['read', 'runJobs', 'viewSamples'] },
  });
  expect([foreign.statusCode, foreign.json().message]).toEqual([
    400,
    [
      'scopes: runJobs is no right of yours; you have read, editRules',
      'scopes: viewSamples is no right of yours; you have read, editRules',
    ],
  ]);
  const admin = await api.signUp('admin');
  const users = await api.call('POST', '/api-keys', {
    token: admin.token,
    body: { name: 'x', scopes: ['manageUsers'] },
  });
  expect(users.statusCode).toBe(400);
  const nobody = await api.signUp();
  expect((await api.call('POST', '/api-keys', { token: nobody.token, body: { name: 'x' } })).statusCode).toBe(403);
});

test('a key of an administrator makes no keys and no users, and changes no password', async () => {
  const { token, user } = await api.signUp('admin');
  const { key, _id } = await makeKey(token);
  const tries = [
    await api.call('POST', '/api-keys', { token: key, body: { name: 'child' } }),
    await api.call('GET', '/api-keys', { token: key }),
    await api.call('DELETE', `/api-keys/${_id}`, { token: key }),
    await api.call('POST', '/users', { token: key, body: { username: 'child', password: 'a long enough one' } }),
    await api.call('PATCH', `/users/${user.id}`, { token: key, body: { roles: ['admin'] } }),
    await api.call('GET', '/users', { token: key }),
    await api.call('POST', '/users/me/password', {
      token: key,
      body: { currentPassword: 'x', newPassword: 'long enough 1' },
    }),
  ];
  expect(tries.map((answer) => [answer.statusCode, answer.json().code])).toEqual(
    tries.map(() => [403, 'NOT_WITH_KEY']),
  );
});

test('revoked, expired, unknown, cut: each says so; other people see none of them', async () => {
  const { token } = await api.signUp('data_user');
  const other = await api.signUp('data_user');
  const made = await makeKey(token, { expiresAt: inDays(30) });
  for (const method of ['GET', 'DELETE'] as const)
    expect((await api.call(method, `/api-keys/${made._id}`, { token: other.token })).statusCode).toBe(404);
  expect((await me(made.key)).statusCode).toBe(200);

  expect(await refusal(made.key.slice(0, -1))).toBe(
    '401 UNAUTHENTICATED the API key is cut or mistyped: its checksum is wrong; copy the whole key',
  );
  const gone = await makeKey(token);
  await api.pool.query('DELETE FROM api_key WHERE id = $1', [gone._id]);
  expect(await refusal(gone.key)).toContain('401 UNAUTHENTICATED the API key is unknown');

  await api.pool.query(`UPDATE api_key SET expires_at = now() - interval '1 second' WHERE id = $1`, [made._id]);
  expect(await refusal(made.key)).toMatch(/^401 UNAUTHENTICATED the API key expired at 20\d\d-/);

  const second = await makeKey(token);
  expect((await me(second.key)).statusCode).toBe(200);
  expect((await api.call('DELETE', `/api-keys/${second._id}`, { token })).json().data.state).toBe('revoked');
  expect(await refusal(second.key)).toMatch(/^401 UNAUTHENTICATED the API key was revoked at 20\d\d-/);
  const states = (await api.call('GET', '/api-keys', { token })).json().data.map((key: { state: string }) => key.state);
  expect(states).toEqual(['revoked', 'expired']);
});

test('administrators see and revoke keys of everybody, and a second revocation changes nothing', async () => {
  const admin = await api.signUp('admin');
  const { token, user } = await api.signUp('data_user');
  const { key, _id } = await makeKey(token, { name: 'theirs' });
  expect((await api.call('GET', '/api-keys?all=true', { token })).statusCode).toBe(403);
  const all = (await api.call('GET', '/api-keys?all', { token: admin.token })).json().data;
  expect(all).toContainEqual(expect.objectContaining({ _id, username: user.username, name: 'theirs' }));
  const first = await api.call('DELETE', `/api-keys/${_id}`, { token: admin.token });
  const again = await api.call('DELETE', `/api-keys/${_id}`, { token: admin.token });
  expect(again.json()).toEqual(first.json());
  expect((await me(key)).statusCode).toBe(401);
  const log = (await api.call('GET', '/audit-log?action=api%20key%20revoked', { token: admin.token })).json().data;
  expect(log.filter((entry: { target: string }) => entry.target === _id)).toEqual([
    expect.objectContaining({ username: admin.user.username, details: { name: 'theirs', owner: user.username } }),
  ]);
});

test('a disabled owner ends the key at once, a removed one for ever', async () => {
  const { token, user } = await api.signUp('data_user');
  const { key } = await makeKey(token);
  await updateUser(api.db, user.id, { disabled: true });
  expect(await refusal(key)).toBe('401 UNAUTHENTICATED the owner of the API key is disabled');
  await updateUser(api.db, user.id, { disabled: false });
  expect((await me(key)).statusCode).toBe(200);
  await api.pool.query('DELETE FROM app_user WHERE id = $1', [user.id]);
  expect(await refusal(key)).toContain('unknown');
});

test('a script that makes keys and revokes them leaves a hundred of them, the last ones', async () => {
  const { token, user } = await api.signUp('data_user');
  await api.pool.query(
    `INSERT INTO api_key (id, user_id, name, shown, hash, scopes, expires_at, revoked_at)
     SELECT gen_random_uuid(), $1, i::text, 'x', int8send(i) || uuid_send($1::uuid), '{read}', now() + interval '1 day',
       now() - make_interval(mins => i::int) FROM generate_series(1, 129) i`,
    [user.id],
  );
  const kept = await makeKey(token, { name: 'alive' });
  const listed = (await api.call('GET', '/api-keys', { token })).json().data as { _id: string; name: string }[];
  expect(listed.length).toBe(101);
  expect(listed.map((key) => key.name).sort()).toEqual(
    ['alive', ...Array.from({ length: 100 }, (_, i) => `${i + 1}`)].sort(),
  );
  expect((await me(kept.key)).statusCode).toBe(200);
});

test('the end lies in the future and within the longest life; a hundred valid keys are enough', async () => {
  const { token, user } = await api.signUp('data_user');
  const made = await makeKey(token);
  expect(Date.parse(made.expiresAt) - Date.now()).toBeGreaterThan(364 * DAY);
  for (const expiresAt of [inDays(-1), inDays(366)]) {
    const answer = await api.call('POST', '/api-keys', { token, body: { name: 'x', expiresAt } });
    expect([answer.statusCode, answer.json().message]).toEqual([400, expect.stringContaining('not after')]);
  }
  await api.pool.query(
    `INSERT INTO api_key (id, user_id, name, shown, hash, scopes, expires_at)
     SELECT gen_random_uuid(), $1, 'many', 'x', int8send(i) || uuid_send($1::uuid), '{read}', now() + interval '1 day' FROM generate_series(1, 98) i`,
    [user.id],
  );
  // Of two at the same moment only one is the hundredth.
  const two = await Promise.all([1, 2].map(() => api.call('POST', '/api-keys', { token, body: { name: 'x' } })));
  expect(two.map((answer) => answer.statusCode).sort()).toEqual([201, 409]);
});
