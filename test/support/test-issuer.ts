import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, importJWK, type JWK, type JWTHeaderParameters, SignJWT } from 'jose';
import { Provider } from 'oidc-provider';
import type { SelfSigned } from './self-signed.ts';

export interface TestIssuer {
  url: string;
  audience: string;
  provider: Provider;
  /** A token by the client-credentials grant: from the issuer itself, over HTTP. */
  machineToken(client?: string): Promise<string>;
  /** Signed with the issuer's own key, for claims that no well-behaved issuer would write. */
  forge(claims?: object, header?: Partial<JWTHeaderParameters>): Promise<string>;
  /** The person who was shown this code confirms it as `account`, or refuses. */
  confirm(code: string, account: string | 'nobody'): Promise<void>;
  /** The issuer signs with a new key from now on; with `drop` the old ones are withdrawn. */
  rotate(options?: { drop: boolean }): Promise<void>;
  /** Requests so far, by path. */
  asked: Map<string, number>;
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** Roles of the machine clients: the name of the client is the role of its token. */
const CLIENTS = ['data_steward', 'data_user', 'visitor'];
export const CLIENT_SECRET = 'a secret of the test';
export const DEVICE_CLIENT = 'assay-cli';

/**
 * A real OpenID Connect issuer (oidc-provider) on a free port of this machine.
 *
 * @param tls speaks HTTPS with this certificate
 */
export async function startTestIssuer(audience = 'urn:assay:test', tls?: SelfSigned): Promise<TestIssuer> {
  const makeServer = (): Server => (tls ? createTlsServer(tls) : createServer());
  const server = makeServer();
  await listen(server, 0);
  const { port } = server.address() as AddressInfo;
  const url = `${tls ? 'https' : 'http'}://127.0.0.1:${port}`;
  let keys = [await makeKey()];
  let provider = makeProvider(url, audience, keys);
  const asked = new Map<string, number>();
  let running: Server = server;
  const answer = (target: Server): void => {
    target.on('request', (request, response) => {
      const path = request.url?.split('?')[0] ?? '';
      asked.set(path, (asked.get(path) ?? 0) + 1);
      void provider.callback()(request, response);
    });
  };
  answer(server);
  return {
    url,
    audience,
    asked,
    get provider() {
      return provider;
    },
    async machineToken(client = 'data_steward') {
      const response = await fetch(`${url}/token`, {
        method: 'POST',
        headers: {
          authorization: `Basic ${Buffer.from(`${client}:${encodeURIComponent(CLIENT_SECRET)}`).toString('base64')}`,
        },
        body: new URLSearchParams({ grant_type: 'client_credentials' }),
      });
      const body = (await response.json()) as { access_token?: string };
      if (!body.access_token) throw new Error(`the issuer refuses: ${JSON.stringify(body)}`);
      return body.access_token;
    },
    async forge(claims = {}, header = {}) {
      const [key] = keys;
      const now = Math.floor(Date.now() / 1000);
      const usual = { iss: url, aud: audience, sub: 'erika', iat: now, exp: now + 60, preferred_username: 'erika' };
      return new SignJWT({ ...usual, roles: ['data_steward'], ...claims })
        .setProtectedHeader({ alg: 'RS256', kid: key!.kid!, typ: 'at+jwt', ...header })
        .sign(await importJWK(key!, 'RS256'));
    },
    async confirm(shown, account) {
      const code = await provider.DeviceCode.findByUserCode(shown.replaceAll(/[^A-Z]/g, ''));
      if (!code) throw new Error(`the issuer knows no code ${shown}`);
      if (account === 'nobody') {
        code.error = 'access_denied';
      } else {
        const scope = 'openid profile email offline_access';
        const grant = new provider.Grant({ accountId: account, clientId: DEVICE_CLIENT });
        grant.addOIDCScope(scope);
        grant.addResourceScope(audience, scope);
        const session = { sessionUid: 'of the test', authTime: Math.floor(Date.now() / 1000) };
        Object.assign(code, { accountId: account, scope, resource: audience, grantId: await grant.save(), ...session });
      }
      await code.save();
    },
    async rotate({ drop } = { drop: false }) {
      keys = [await makeKey(), ...(drop ? [] : keys)];
      provider = makeProvider(url, audience, keys);
    },
    async stop() {
      running.closeAllConnections();
      await new Promise((done) => running.close(done));
    },
    async start() {
      running = makeServer();
      answer(running);
      await listen(running, port);
    },
  };
}

const listen = (server: Server, port: number): Promise<void> =>
  new Promise((ready, fail) => {
    server.once('error', fail);
    server.listen(port, '127.0.0.1', ready);
  });

async function makeKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  return { ...(await exportJWK(privateKey)), kid: crypto.randomUUID(), alg: 'RS256', use: 'sig' };
}

function makeProvider(url: string, audience: string, keys: JWK[]): Provider {
  return new Provider(url, {
    jwks: { keys },
    adapter: makeAdapter(),
    clients: [
      ...CLIENTS.map((client_id) => ({
        client_id,
        client_secret: CLIENT_SECRET,
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
      })),
      {
        client_id: DEVICE_CLIENT,
        token_endpoint_auth_method: 'none',
        application_type: 'native',
        grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
        redirect_uris: [],
        response_types: [],
      },
    ],
    scopes: ['openid', 'profile', 'email', 'offline_access'],
    // Long enough for every test; without them the library warns.
    ttl: Object.fromEntries(
      ['AccessToken', 'ClientCredentials', 'DeviceCode', 'Grant', 'IdToken', 'RefreshToken'].map((kind) => [kind, 300]),
    ),
    cookies: { keys: ['of the test'] },
    findAccount: (_context, id) => ({ accountId: id, claims: async () => ({ sub: id }) }),
    issueRefreshToken: async (_context, client) => client.grantTypeAllowed('refresh_token'),
    extraTokenClaims: (_context, token) => {
      const { clientId, accountId } = token;
      return accountId
        ? { preferred_username: accountId, email: `${accountId}@example.org`, roles: ['data_user'] }
        : { roles: [clientId] };
    },
    features: {
      revocation: { enabled: true, allowedPolicy: async () => true },
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      deviceFlow: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audience,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: 'openid profile email',
          audience,
          accessTokenTTL: 300,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
  });
}

type Kept = Record<string, unknown> & { userCode?: string; uid?: string };

/** Where the issuer keeps its codes and grants: a map of its own, gone with it. */
function makeAdapter() {
  const kept = new Map<string, Kept>();
  const findBy = (name: 'userCode' | 'uid', value: string) => [...kept.values()].find((entry) => entry[name] === value);
  return (model: string) => ({
    upsert: async (id: string, payload: Kept) => void kept.set(`${model} ${id}`, payload),
    find: async (id: string) => kept.get(`${model} ${id}`),
    findByUserCode: async (code: string) => findBy('userCode', code),
    findByUid: async (uid: string) => findBy('uid', uid),
    consume: async (id: string) => void Object.assign(kept.get(`${model} ${id}`) ?? {}, { consumed: 1 }),
    destroy: async (id: string) => void kept.delete(`${model} ${id}`),
    revokeByGrantId: async (grantId: string) => {
      for (const [key, entry] of kept) if (entry.grantId === grantId) kept.delete(key);
    },
  });
}
