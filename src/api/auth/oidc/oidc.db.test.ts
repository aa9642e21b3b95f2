import { SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../../../../test/support/test-api.ts';
import { startTestIssuer, type TestIssuer } from '../../../../test/support/test-issuer.ts';
import { readIssuers } from '../../../config/issuers.ts';
import { loadConfig } from '../../../config/load-config.ts';
import { ensureAdmin } from '../../../store/ensure-admin.ts';
import { issuerUserId } from './claims.ts';

let issuer: TestIssuer;
let other: TestIssuer;
let api: TestApi;

const settingsOf = (env: Record<string, string>) => readIssuers(loadConfig({ env })).issuers;

beforeAll(async () => {
  [issuer, other] = await Promise.all([startTestIssuer(), startTestIssuer('urn:other')]);
  const further = [
    {
      issuer: other.url,
      audiences: [other.audience],
      roleMap: { staff: 'data_user', 'boss@b.example': 'admin' },
      rolesClaims: ['roles', 'email'],
    },
  ];
  api = await createTestApi({
    issuers: settingsOf({
      ASSAY_OIDC_ISSUER: issuer.url,
      ASSAY_OIDC_AUDIENCE: `elsewhere,${issuer.audience}`,
      ASSAY_OIDC_ISSUERS: JSON.stringify(further),
    }),
    // No pause between two looks at the keys: the tests rotate them faster than any issuer.
    issuerTimes: { freshMs: 0, staleMs: 60_000, cooldownMs: 0, retryMs: 0, timeoutMs: 5_000 },
  });
  await ensureAdmin(api.db, { password: 'a long enough password' });
});
afterAll(async () => {
  await Promise.all([api.drop(), issuer.stop(), other.stop()]);
});

const me = (token: string) => api.call('GET', '/users/me', { token });
const seconds = (from: number) => Math.floor(Date.now() / 1000) + from;
const refusal = async (token: string): Promise<string> => {
  const { statusCode, json } = await me(token).then((answer) => ({
    statusCode: answer.statusCode,
    json: answer.json(),
  }));
  return `${statusCode} ${json.code} ${json.message}`;
};
const logins = async (subject: string) =>
  (
    await api.pool.query(`SELECT action, user_id, details FROM audit_log WHERE details->>'subject' = $1 ORDER BY seq`, [
      subject,
    ])
  ).rows;

describe('a token of the issuer', () => {
  test('of a machine, by client credentials, signs in with the mapped role', async () => {
    const token = await issuer.machineToken('data_steward');
    const answer = await me(token);
    expect(answer.statusCode).toBe(200);
    expect(answer.json().data).toMatchObject({
      _id: issuerUserId(issuer.url, 'data_steward'),
      username: 'data_steward',
      issuer: issuer.url,
      roles: ['data_steward'],
      rights: expect.arrayContaining(['runJobs']),
    });
    expect((await api.call('GET', '/jobs', { token })).statusCode).toBe(200);
    expect((await api.call('GET', '/users', { token })).statusCode).toBe(403);
  });

  test('of a person brings name and e-mail, is listed as of the issuer, and logged once per token', async () => {
    const claims = { sub: 'ada', preferred_username: 'ada', name: 'Ada L', email: 'ada@example.org', roles: ['admin'] };
    const token = await issuer.forge(claims);
    const answers = await Promise.all(Array.from({ length: 5 }, () => me(token)));
    expect(answers.map((answer) => answer.statusCode)).toEqual([200, 200, 200, 200, 200]);
    const { data } = (await api.call('GET', '/users', { token })).json();
    expect(data).toContainEqual(
      expect.objectContaining({ username: 'ada', name: 'Ada L', email: 'ada@example.org', issuer: issuer.url }),
    );
    expect(await logins('ada')).toEqual([
      {
        action: 'login',
        user_id: issuerUserId(issuer.url, 'ada'),
        details: expect.objectContaining({ issuer: issuer.url }),
      },
    ]);
    await me(await issuer.forge({ ...claims, jti: 'another' }));
    expect(await logins('ada')).toHaveLength(2);
  });

  test.each([
    ['expired', { exp: () => seconds(-90) }, 'the token has expired; sign in again'],
    ['not valid yet', { nbf: () => seconds(90) }, 'not valid yet (nbf)'],
    ['from the future', { iat: () => seconds(90) }, 'from the future (iat)'],
    [
      'for somebody else',
      { aud: () => 'urn:mail' },
      `for the audience "urn:mail", expected one of elsewhere, urn:assay:test`,
    ],
    ['for nobody', { aud: () => undefined }, 'the token lacks the claim aud'],
    ['of no end', { exp: () => undefined }, 'the token lacks the claim exp'],
    ['of nobody', { sub: () => undefined }, 'the token lacks the claim sub'],
    ['an ID token that bears no mark', { header: { typ: 'JWT' } }, 'this is taken for an ID token'],
    ['an ID token of Google', { azp: () => 'app', header: { typ: undefined } }, 'this is taken for an ID token'],
    ['of U+0000', { sub: () => 'a\u0000b' }, 'the claim sub of the token is no text'],
    ['of half a character', { sub: () => 'a\ud800' }, 'the claim sub of the token is no text'],
    ['an ID token', { nonce: () => 'n', header: { typ: 'JWT' } }, 'this is an ID token'],
    ['an ID token of Keycloak', { typ: () => 'ID', header: { typ: 'JWT' } }, 'this is an ID token'],
    ['a refresh token of Keycloak', { typ: () => 'Refresh', header: { typ: 'JWT' } }, 'the token is a Refresh token'],
    ['a logout token', { header: { typ: 'logout+jwt' } }, 'of the type logout+jwt'],
    ['bound to a key', { cnf: () => ({ jkt: 'x' }) }, 'bound to a key'],
  ])('%s is refused', async (_what, { header, ...made }: Record<string, unknown>, why) => {
    const claims = Object.fromEntries(Object.entries(made).map(([name, make]) => [name, (make as () => unknown)()]));
    const message = await refusal(await issuer.forge(claims, header as never));
    expect(message).toMatch(/^401 UNAUTHENTICATED /);
    expect(message).toContain(why);
  });

  // What the issuers of the recipe write into access tokens whose type is not at+jwt.
  test.each([
    ['Keycloak', { typ: 'Bearer', azp: 'assay-cli' }],
    ['Keycloak before 12', { azp: 'assay-cli', scope: 'openid profile' }],
    ['Entra ID, a person', { ver: '2.0', azp: 'c', azpacr: '0', scp: 'access' }],
    ['Entra ID, a machine', { ver: '2.0', azp: 'c', azpacr: '1' }],
    ['Entra ID, version 1', { ver: '1.0', appid: 'c', appidacr: '1' }],
    ['Okta', { cid: 'c', scp: ['openid'] }],
    ['Auth0, a person', { azp: 'c', scope: 'openid profile' }],
    ['Auth0, a machine', { azp: 'c', gty: 'client-credentials' }],
  ])('as %s writes them is taken', async (_issuer, claims) => {
    for (const typ of ['JWT', undefined]) expect((await me(await issuer.forge(claims, { typ }))).statusCode).toBe(200);
  });

  test('with claims that the store cannot keep signs in all the same', async () => {
    const claims = { sub: 'odd', preferred_username: 'o\u0000dd', name: 'O\ud800 Dd', iat: -1e300, exp: 1e300 };
    const answer = await me(await issuer.forge(claims));
    expect([answer.statusCode, answer.json().data.username, answer.json().data.name]).toEqual([
      200,
      'o\ufffddd',
      'O\ufffd Dd',
    ]);
  });

  test('within the clock skew is taken', async () => {
    for (const claims of [{ exp: seconds(-30) }, { nbf: seconds(30) }, { iat: seconds(30) }])
      expect((await me(await issuer.forge(claims))).statusCode).toBe(200);
  });

  test('tampered, unsigned, or signed by other means is refused', async () => {
    const good = await issuer.forge();
    expect((await me(good)).statusCode).toBe(200);
    const [head, body, signature] = good.split('.') as [string, string, string];
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString());
    const raised = Buffer.from(JSON.stringify({ ...claims, roles: ['admin'] })).toString('base64url');
    expect(await refusal(`${head}.${raised}.${signature}`)).toContain('the signature of the token is wrong');
    expect(await refusal(`${head}.${body}.`)).toMatch(/^401 /);

    const unsigned = new UnsecuredJWT({ ...claims }).encode();
    expect(await refusal(unsigned)).toMatch(/^401 .*signed in a way that is not accepted/);

    // The old trick: the public key, which everybody knows, as the secret of an HMAC.
    const jwks = (await (await fetch(`${issuer.url}/jwks`)).json()) as { keys: { kid: string }[] };
    const secret = new TextEncoder().encode(JSON.stringify(jwks.keys[0]));
    const hmac = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: jwks.keys[0]!.kid }).sign(secret);
    expect(await refusal(hmac)).toMatch(/^401 .*signed in a way that is not accepted/);
  });

  test('of another issuer is that of somebody else, whoever signed it', async () => {
    const stranger = await startTestIssuer(issuer.audience);
    try {
      expect(await refusal(await stranger.machineToken())).toMatch(
        /401 UNAUTHENTICATED .*no issuer that this server trusts/,
      );
      expect(await refusal(await stranger.forge({ iss: issuer.url }))).toMatch(/^401 .*was signed with a key that/);
    } finally {
      await stranger.stop();
    }
    // One letter off is another issuer.
    expect(await refusal(await issuer.forge({ iss: `${issuer.url}/` }))).toMatch(/^401 .*no issuer that/);
    expect(await refusal(await issuer.forge({ iss: 'assay' }))).toMatch(/^401 /);
  });

  test('of a second issuer counts by its own rules, and its subjects are other people', async () => {
    const mine = await me(await issuer.forge({ sub: 'same' }));
    const theirs = await me(await other.forge({ sub: 'same', roles: ['staff'] }));
    expect(theirs.json().data).toMatchObject({ issuer: other.url, roles: ['data_user'], username: 'erika' });
    expect(theirs.json().data._id).not.toBe(mine.json().data._id);
    // With a map, roles that happen to have our names do not count.
    expect(await refusal(await other.forge({ sub: 'x', roles: ['admin'] }))).toMatch(
      /^403 NO_ROLE .*hold admin, .*expected staff/,
    );
    expect(await refusal(await other.forge({ aud: issuer.audience }))).toContain('expected one of urn:other');
  });
});

describe('users of an issuer', () => {
  test('have the roles of their address only when the issuer verified it, and are told so', async () => {
    const claims = { sub: 'boss', email: 'boss@b.example', roles: [] };
    expect(await refusal(await other.forge({ ...claims, email_verified: false }))).toMatch(
      /^403 NO_ROLE .*email does not count, since email_verified is not true/,
    );
    const verified = await me(await other.forge({ ...claims, email_verified: true }));
    expect(verified.json().data.roles).toEqual(['admin']);
  });

  test('without a role get 403 with the remedy and do not appear; a role that is taken away ends their keys', async () => {
    expect(await refusal(await issuer.machineToken('visitor'))).toMatch(/^403 NO_ROLE .*hold visitor, none of which/);
    expect((await logins('visitor')).map((row) => row.details.reason)).toEqual(['no role']);
    const listed = () => api.pool.query('SELECT roles FROM app_user WHERE subject = $1', ['kim']);
    const claims = { sub: 'kim', preferred_username: 'kim' };
    expect(await refusal(await issuer.forge({ ...claims, roles: [] }))).toMatch(/^403 NO_ROLE .*hold nothing/);
    expect((await listed()).rows).toEqual([]);

    const token = await issuer.forge(claims);
    const { key } = (await api.call('POST', '/api-keys', { token, body: { name: 'k', scopes: ['read'] } })).json().data;
    expect((await api.call('GET', '/jobs', { token: key })).statusCode).toBe(200);
    expect(await refusal(await issuer.forge({ ...claims, roles: ['cook'], iat: seconds(1) }))).toMatch(
      /^403 NO_ROLE .*hold cook/,
    );
    expect((await listed()).rows).toEqual([{ roles: [] }]);
    expect((await api.call('GET', '/jobs', { token: key })).statusCode).toBe(403);
  });

  test('roles follow the newest token; an older one keeps its own and brings nothing back', async () => {
    const stored = async () =>
      (await api.pool.query('SELECT roles FROM app_user WHERE subject = $1', ['lee'])).rows[0].roles;
    await me(await issuer.forge({ sub: 'lee', iat: seconds(-20) }));
    await me(await issuer.forge({ sub: 'lee', roles: ['data_user'], iat: seconds(-10) }));
    expect(await stored()).toEqual(['data_user']);
    const late = await me(await issuer.forge({ sub: 'lee', roles: ['admin'], iat: seconds(-30) }));
    expect(late.json().data.roles).toEqual(['admin']);
    expect(await stored()).toEqual(['data_user']);
  });

  test('have no part in a local user of the same name', async () => {
    const admin = await api.signUp('admin');
    const token = await issuer.forge({
      sub: 'impostor',
      preferred_username: admin.user.username,
      roles: ['data_user'],
    });
    const { data } = (await me(token)).json();
    expect(data).toMatchObject({ username: admin.user.username, roles: ['data_user'] });
    expect(data._id).not.toBe(admin.user.id);
    const password = await api.call('POST', '/auth', {
      body: { username: 'admin', password: 'a long enough password' },
    });
    expect(password.statusCode).toBe(200);
  });

  test('are disabled here at once, and changed only at the issuer', async () => {
    const admin = await api.signUp('admin');
    const token = await issuer.forge({ sub: 'max', name: 'Max Only' });
    const { _id } = (await me(token)).json().data;
    const change = (body: object) => api.call('PATCH', `/users/${_id}`, { token: admin.token, body });
    const roles = await change({ roles: ['admin'], firstName: 'M' });
    expect([roles.statusCode, roles.json().message]).toEqual([
      409,
      expect.stringMatching(/^firstName, roles: .*comes from/),
    ]);
    const disabled = await change({ disabled: true });
    expect([disabled.statusCode, disabled.json().data.name]).toEqual([200, 'Max Only']);
    expect(await refusal(token)).toBe('401 UNAUTHENTICATED the user of this token is disabled');
    expect(await refusal(await issuer.forge({ sub: 'max', jti: 'new' }))).toMatch(/disabled$/);
    expect((await logins('max')).map((row) => [row.action, row.details.reason])).toEqual([
      ['login', undefined],
      ['login failed', 'disabled'],
    ]);
    expect((await change({ disabled: false })).statusCode).toBe(200);
    expect((await me(token)).statusCode).toBe(200);
    const own = await api.call('POST', '/users/me/password', {
      token,
      body: { currentPassword: 'x', newPassword: 'long enough 1' },
    });
    expect([own.statusCode, own.json().message]).toEqual([409, expect.stringContaining(issuer.url)]);
  });

  test('who stay away have their keys paused until they sign in again', async () => {
    const token = await issuer.forge({ sub: 'gone' });
    const { key } = (await api.call('POST', '/api-keys', { token, body: { name: 'k' } })).json().data;
    expect((await me(key)).statusCode).toBe(200);
    await api.pool.query(`UPDATE app_user SET last_login_at = now() - interval '91 days' WHERE subject = 'gone'`);
    expect(await refusal(key)).toMatch(/^401 .*has not signed in at .* for 90 days/);
    await me(await issuer.forge({ sub: 'gone', jti: 'back' }));
    expect((await me(key)).statusCode).toBe(200);
  });

  test('do not count as the administrator that must be left', async () => {
    const token = await issuer.forge({ sub: 'root', roles: ['system_administrator'] });
    expect((await me(token)).json().data.roles).toEqual(['admin']);
    const { rows } = await api.pool.query(`SELECT id FROM app_user WHERE issuer = '' AND 'admin' = ANY(roles)`);
    const answers = [];
    for (const { id } of rows)
      answers.push(await api.call('PATCH', `/users/${id}`, { token, body: { disabled: true } }));
    expect(answers.at(-1)!.statusCode).toBe(409);
    expect(answers.at(-1)!.json().message).toContain('no enabled administrator of Assay itself');
  });
});

describe('the keys of the issuer', () => {
  test('may change while the server runs; a withdrawn one is refused', async () => {
    const before = await issuer.machineToken();
    expect((await me(before)).statusCode).toBe(200);
    await issuer.rotate();
    const after = await issuer.machineToken();
    expect([(await me(after)).statusCode, (await me(before)).statusCode]).toEqual([200, 200]);
    await issuer.rotate({ drop: true });
    expect(await refusal(after)).toMatch(/^401 .*was signed with a key that .* does not have/);
    expect((await me(await issuer.machineToken())).statusCode).toBe(200);
  });

  test('while it is away: known keys go on, unknown issuers answer 503, own tokens and API keys do not notice', async () => {
    const token = await issuer.machineToken();
    expect((await me(token)).statusCode).toBe(200);
    const own = await api.signUp('data_user');
    const { key } = (await api.call('POST', '/api-keys', { token: own.token, body: { name: 'k' } })).json().data;
    const late = await startTestIssuer();
    const lateApi = await createTestApi({
      issuers: settingsOf({ ASSAY_OIDC_ISSUER: late.url, ASSAY_OIDC_AUDIENCE: late.audience }),
      issuerTimes: { freshMs: 0, staleMs: 60_000, cooldownMs: 0, retryMs: 0, timeoutMs: 5_000 },
    });
    try {
      const lateToken = await late.machineToken();
      await Promise.all([issuer.stop(), late.stop()]);
      expect((await me(token)).statusCode).toBe(200);
      expect([(await me(own.token)).statusCode, (await me(key)).statusCode]).toEqual([200, 200]);
      const away = await lateApi.call('GET', '/jobs', { token: lateToken });
      expect([away.statusCode, away.json().code, away.json().message]).toEqual([
        503,
        'ISSUER_UNAVAILABLE',
        expect.stringMatching(/cannot be asked for its keys just now: .*ECONNREFUSED.*try again/),
      ]);
      await Promise.all([issuer.start(), late.start()]);
      expect((await lateApi.call('GET', '/jobs', { token: lateToken })).statusCode).toBe(200);
      expect((await me(token)).statusCode).toBe(200);
    } finally {
      await Promise.all([lateApi.drop(), late.stop()]);
    }
  });
});
