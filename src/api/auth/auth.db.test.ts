import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../../test/support/test-api.ts';
import { ensureAdmin } from '../../store/ensure-admin.ts';
import { LOGIN_LIMITS } from '../../store/login-attempts.ts';
import { hashPassword } from '../../store/passwords.ts';
import { insertUser } from '../../store/users.ts';

const PASSWORD = 'a long enough password';
const TOKEN_URL = '/keycloak/realms/pdc/protocol/openid-connect/token';
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
  expect(await ensureAdmin(api.db, { password: PASSWORD })).toEqual({});
});
afterAll(() => api.drop());

const signIn = (username = 'admin', password = PASSWORD) => api.call('POST', '/auth', { body: { username, password } });
const me = (token: string) => api.call('GET', '/users/me', { token });

test('the first start makes an admin with a random password once', async () => {
  const other = await createTestApi();
  try {
    const [first, second] = await Promise.all([ensureAdmin(other.db), ensureAdmin(other.db)]);
    const generated = [first.generatedPassword, second.generatedPassword].filter((password) => password !== undefined);
    expect(generated).toHaveLength(1);
    expect(generated[0]).toMatch(/^[\w-]{20}$/);
    const answer = await other.call('POST', '/auth', { body: { username: 'admin', password: generated[0] } });
    expect(answer.statusCode).toBe(200);
    expect(await ensureAdmin(other.db)).toEqual({});
  } finally {
    await other.drop();
  }
});

describe('POST /auth', () => {
  test('takes JSON and forms with the fields that clients of the original send', async () => {
    const form = new URLSearchParams({
      username: 'admin',
      password: PASSWORD,
      client_id: 'pdc-client',
      grant_type: 'password',
      scope: 'openid profile email',
    });
    const answers = [await signIn(), await api.call('POST', '/auth', { body: form.toString(), headers: FORM })];
    for (const answer of answers) {
      expect(answer.statusCode).toBe(200);
      const body = answer.json();
      expect(body.message).toBe('OK');
      expect(body.data.expiresIn).toBe(1_800);
      const claims = JSON.parse(Buffer.from(body.data.accessToken.split('.')[1], 'base64url').toString());
      expect(claims).toMatchObject({
        preferred_username: 'admin',
        name: 'admin',
        email: '',
        realm_access: { roles: ['admin'] },
      });
      expect(claims.exp - claims.iat).toBe(1_800);
      expect((await me(body.data.accessToken)).json().data).toMatchObject({
        username: 'admin',
        rights: expect.arrayContaining(['manageUsers']),
      });
    }
  });

  test('answers a wrong password and an unknown user alike', async () => {
    const wrong = await signIn('admin', 'wrong password');
    const unknown = await signIn('nobody', 'wrong password');
    expect(wrong.statusCode).toBe(401);
    expect(wrong.json()).toMatchObject({ status: 401, code: 'BAD_CREDENTIALS' });
    expect(unknown.json().message).toBe(wrong.json().message);
  });

  test('names every problem of a body, and echoes no password', async () => {
    const answer = await api.call('POST', '/auth', { body: { username: '', password: 4711 } });
    expect(answer.statusCode).toBe(400);
    expect(answer.json().message).toHaveLength(2);
    expect(answer.body).not.toContain('4711');
  });

  test('a refresh token works once and brings a new pair', async () => {
    const first = (await signIn()).json().data;
    const second = await api.call('POST', '/auth/refresh', { body: { refreshToken: first.refreshToken } });
    expect(second.statusCode).toBe(200);
    const again = await api.call('POST', '/auth/refresh', { body: { refreshToken: first.refreshToken } });
    expect(again.statusCode).toBe(401);
    const next = second.json().data.refreshToken;
    await api.call('POST', '/auth/logout', { body: { refreshToken: next } });
    expect((await api.call('POST', '/auth/refresh', { body: { refreshToken: next } })).statusCode).toBe(401);
  });

  test('too many failures are refused until the window ends, even with the right password', async () => {
    const fields = { username: 'eve', firstName: '', lastName: '', email: '', roles: [], disabled: false };
    // A cheap hash: eleven dear ones would only test the patience of the machine.
    await insertUser(api.db, fields, await hashPassword(PASSWORD, { log2N: 10, r: 8, p: 1 }));
    const guesses = await Promise.all(Array.from({ length: LOGIN_LIMITS.perUser }, () => signIn('eve', 'guess')));
    expect(guesses.map((guess) => guess.statusCode)).toEqual(guesses.map(() => 401));
    const refused = await signIn('EVE');
    expect(refused.statusCode).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    await api.db
      .updateTable('login_attempt')
      .set({ window_ends: new Date(0) })
      .execute();
    expect((await signIn('eve')).statusCode).toBe(200);
  });
});

describe('the token endpoint of the original', () => {
  const post = (form: Record<string, string>) =>
    api.app.inject({ method: 'POST', url: TOKEN_URL, headers: FORM, payload: new URLSearchParams(form).toString() });

  test('password and refresh grants', async () => {
    const answer = await post({
      grant_type: 'password',
      client_id: 'pdc-client',
      username: 'admin',
      password: PASSWORD,
      scope: 'openid',
    });
    expect(answer.statusCode).toBe(200);
    const body = answer.json();
    expect(body).toMatchObject({ token_type: 'Bearer', scope: 'openid', expires_in: 1_800 });
    expect((await me(body.access_token)).statusCode).toBe(200);
    const refreshed = await post({ grant_type: 'refresh_token', refresh_token: body.refresh_token });
    expect(refreshed.json().access_token).toBeTruthy();
    const replayed = await post({ grant_type: 'refresh_token', refresh_token: body.refresh_token });
    expect([replayed.statusCode, replayed.json().error]).toEqual([400, 'invalid_grant']);
  });

  test('errors in the shape of OAuth', async () => {
    const wrong = await post({ grant_type: 'password', username: 'admin', password: 'no' });
    expect(wrong.statusCode).toBe(401);
    expect(wrong.json()).toEqual({ error: 'invalid_grant', error_description: 'Invalid user credentials' });
    expect((await post({ grant_type: 'implicit' })).json().error).toBe('unsupported_grant_type');
    expect((await post({})).json().error).toBe('invalid_request');
    expect((await post({ grant_type: 'password' })).json().error).toBe('invalid_request');
  });
});

describe('tokens', () => {
  test('no token, a damaged one and an expired one are 401', async () => {
    const { token } = await api.signUp('data_user');
    const bad = [
      undefined,
      'x.y.z',
      `${token.slice(0, -3)}AAA`,
      token.replace(/^[^.]+/, Buffer.from('{"alg":"none"}').toString('base64url')),
    ];
    for (const wrong of bad) {
      const answer = await api.call('GET', '/users/me', wrong === undefined ? {} : { token: wrong });
      expect(answer.statusCode).toBe(401);
      expect(answer.json()).toMatchObject({ status: 401, code: 'UNAUTHENTICATED', requestId: expect.any(String) });
    }
  });

  test('disabling a user, changing roles or password ends the token at once', async () => {
    const admin = (await api.signUp('admin')).token;
    for (const body of [{ disabled: true }, { roles: ['data_user'] }, { password: PASSWORD }]) {
      const { user, token } = await api.signUp('data_steward');
      expect((await me(token)).statusCode).toBe(200);
      expect((await api.call('PATCH', `/users/${user.id}`, { token: admin, body })).statusCode).toBe(200);
      expect((await me(token)).statusCode).toBe(401);
    }
  });

  test('a rotated key verifies old tokens and signs new ones', async () => {
    const { createTokenService } = await import('./tokens.ts');
    const { user, token } = await api.signUp('data_user');
    const tokens = createTokenService(api.db, api.secrets, 60);
    const kid = await tokens.rotate();
    const issued = await tokens.issue(user);
    expect(JSON.parse(Buffer.from(issued.accessToken.split('.')[0] ?? '', 'base64url').toString()).kid).toBe(kid);
    await expect(tokens.verify(token)).resolves.toMatchObject({ userId: user.id });
    await expect(tokens.verify(issued.accessToken)).resolves.toMatchObject({ userId: user.id });
  });

  test('a token that was found good is refused once it has expired, or its key has gone', async () => {
    const { createTokenService } = await import('./tokens.ts');
    const { user } = await api.signUp('data_user');
    let nowMs = Date.now();
    const tokens = createTokenService(api.db, api.secrets, 600, () => nowMs);
    const { accessToken: expiring } = await tokens.issue(user);
    await expect(tokens.verify(expiring)).resolves.toMatchObject({ userId: user.id });
    nowMs += 599_000;
    const { accessToken: orphaned } = await tokens.issue(user);
    for (const token of [expiring, orphaned, expiring, orphaned]) await tokens.verify(token);
    nowMs += 2_000;
    await expect(tokens.verify(expiring)).rejects.toThrow('expired');
    await expect(tokens.verify(orphaned)).resolves.toMatchObject({ userId: user.id });
    await api.db.deleteFrom('signing_key').execute();
    nowMs += 61_000;
    await expect(tokens.verify(orphaned)).rejects.toThrow('a key that this server does not know');
  });
});

describe('users', () => {
  test('are added, changed, listed and deleted by an administrator', async () => {
    const { token } = await api.signUp('admin');
    const body = { username: 'Erika', password: PASSWORD, roles: ['data_steward'], email: 'erika@example.org' };
    const added = await api.call('POST', '/users', { token, body });
    expect(added.statusCode).toBe(201);
    expect(added.body).not.toContain(PASSWORD);
    const id = added.json().data._id;
    expect((await api.call('POST', '/users', { token, body: { ...body, username: 'ERIKA' } })).statusCode).toBe(409);
    expect((await signIn('erika')).statusCode).toBe(200);
    expect((await api.call('PATCH', `/users/${id}`, { token, body: { disabled: true } })).json().data.disabled).toBe(
      true,
    );
    expect((await signIn('erika')).statusCode).toBe(401);
    expect((await api.call('DELETE', `/users/${id}`, { token })).statusCode).toBe(200);
    expect((await api.call('GET', `/users/${id}`, { token })).statusCode).toBe(404);
    const log = (await api.call('GET', '/audit-log?size=1000', { token })).json().data;
    expect(log.map((entry: { action: string }) => entry.action)).toEqual(
      expect.arrayContaining(['user created', 'user changed', 'user deleted', 'login', 'login failed']),
    );
    expect(JSON.stringify(log)).not.toContain(PASSWORD);
  });

  test('the last administrator cannot go', async () => {
    const other = await createTestApi();
    try {
      const { user, token } = await other.signUp('admin');
      for (const [method, body] of [
        ['PATCH', { disabled: true }],
        ['PATCH', { roles: [] }],
        ['DELETE', undefined],
      ] as const) {
        expect((await other.call(method, `/users/${user.id}`, { token, body })).statusCode).toBe(409);
      }
    } finally {
      await other.drop();
    }
  });

  test('change their own password with the one so far', async () => {
    const admin = (await api.signUp('admin')).token;
    await api.call('POST', '/users', { token: admin, body: { username: 'otto', password: PASSWORD } });
    const { accessToken: token } = (await signIn('otto')).json().data;
    const change = (currentPassword: string) =>
      api.call('POST', '/users/me/password', {
        token,
        body: { currentPassword, newPassword: 'another long password' },
      });
    expect((await change('wrong')).statusCode).toBe(403);
    expect((await change(PASSWORD)).statusCode).toBe(200);
    expect((await signIn('otto')).statusCode).toBe(401);
    expect((await signIn('otto', 'another long password')).statusCode).toBe(200);
  });
});
