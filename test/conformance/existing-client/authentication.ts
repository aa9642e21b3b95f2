import type { Wire } from './wire.ts';

export async function useAuthentication(wire: Wire): Promise<void> {
  const { api, user, found, check, is, isError, raw, form, signIn, call } = wire;
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
  const { exp, iat } = JSON.parse(atob(wire.token.split('.')[1]!.replaceAll('-', '+').replaceAll('_', '/')));
  if (exp - iat <= 10) {
    const old = { authorization: `Bearer ${wire.token}` };
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
  } else wire.token = `${wire.token.slice(0, -8)}AAAAAAAA`;
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
    { authorization: `Bearer ${wire.token}`, 'content-type': 'text/plain' },
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
