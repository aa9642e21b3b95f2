import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { readIssuers } from '../../../config/issuers.ts';
import { loadConfig } from '../../../config/load-config.ts';
import { openIssuerTokens } from './verify-token.ts';

let server: Server;
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** An issuer that publishes these keys, whatever they are, and signs with any. */
async function issuerWith(keys: object[], env: Record<string, string> = {}) {
  server = createServer((request, response) => {
    response.end(JSON.stringify(request.url === '/jwks' ? { keys } : { issuer: url, jwks_uri: `${url}/jwks` }));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const config = loadConfig({ env: { ASSAY_OIDC_ISSUER: url, ASSAY_OIDC_AUDIENCE: 'assay', ...env } });
  const tokens = openIssuerTokens(readIssuers(config).issuers);
  const verify = (key: KeyObject, header: object, claims: object = {}) => {
    const iat = Math.floor(Date.now() / 1000);
    const parts = [
      { alg: 'RS256', typ: 'at+jwt', ...header },
      { iss: url, aud: 'assay', sub: 's', iat, exp: iat + 60, ...claims },
    ].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
    const signature = sign('sha256', Buffer.from(parts.join('.')), key).toString('base64url');
    return tokens.verify([...parts, signature].join('.'));
  };
  return { verify, url };
}

const makeKey = (kid?: string, modulusLength = 2_048) => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength });
  return { privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), alg: 'RS256', use: 'sig', kid } };
};
const [one, two, three, short] = [makeKey('one'), makeKey('two'), makeKey('three'), makeKey('short', 1_024)];
const refusal = (words: string) => ({ code: 'UNAUTHENTICATED', message: expect.stringContaining(words) });

describe('the keys of an issuer', () => {
  test('that are of no use are named, and those beside them go on', async () => {
    const broken = { kty: 'RSA', n: '!', e: 'AQAB', alg: 'RS256', use: 'sig', kid: 'broken' };
    const { verify } = await issuerWith([short.jwk, broken, one.jwk]);
    await expect(verify(short.privateKey, { kid: 'short' })).rejects.toMatchObject(
      refusal('cannot be used: RS256 requires key modulusLength to be 2048 bits or larger'),
    );
    await expect(verify(one.privateKey, { kid: 'broken' })).rejects.toMatchObject(refusal('cannot be used: '));
    expect((await verify(one.privateKey, { kid: 'one' })).identity.subject).toBe('s');
  });

  test('are all tried when a token names none', async () => {
    const { verify, url } = await issuerWith([short.jwk, one.jwk, two.jwk]);
    for (const { privateKey } of [one, two]) expect((await verify(privateKey, {})).identity.subject).toBe('s');
    await expect(verify(three.privateKey, {})).rejects.toMatchObject(
      refusal(`does not say which key it was signed with (kid), and it is none of ${url}`),
    );
    await expect(verify(two.privateKey, {}, { aud: 'mail' })).rejects.toMatchObject(refusal('for the audience "mail"'));
  });
});

describe('with ID tokens taken', () => {
  const taken = { ASSAY_OIDC_ID_TOKENS: 'true' };

  test('people and service accounts of Google sign in, clients of others do not', async () => {
    const { verify } = await issuerWith([one.jwk], taken);
    const header = { kid: 'one', typ: 'JWT' };
    const person = { azp: 'assay', at_hash: 'h', email: 'a@b.example', email_verified: true };
    expect((await verify(one.privateKey, header, person)).identity.email).toBe('a@b.example');
    expect((await verify(one.privateKey, header, { azp: 's' })).identity.subject).toBe('s');
    for (const azp of ['other', 1])
      await expect(verify(one.privateKey, header, { azp })).rejects.toMatchObject(
        refusal(`the ID token was made for the client ${azp}`),
      );
  });
});

test('the client of a token is found under the names that issuers give it', async () => {
  const { verify } = await issuerWith([one.jwk], { ASSAY_OIDC_CLIENTS: 'known' });
  for (const name of ['azp', 'client_id', 'appid', 'cid']) {
    expect((await verify(one.privateKey, { kid: 'one' }, { [name]: 'known' })).identity.subject).toBe('s');
    await expect(verify(one.privateKey, { kid: 'one' }, { [name]: 'other' })).rejects.toMatchObject(
      refusal('made for the client other'),
    );
  }
});
