import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeSelfSigned } from '../support/self-signed.ts';
import { startTestIssuer, type TestIssuer } from '../support/test-issuer.ts';
import { startAssay } from './assay-process.ts';

/** An issuer whose certificate comes from an authority of one's own: what docs/recipes/sign-in-with-oidc.md says of it. */
let folder: string;
let authority: string;
let issuer: TestIssuer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-authority-'));
  authority = join(folder, 'authority.pem');
  const tls = makeSelfSigned();
  await writeFile(authority, tls.cert);
  issuer = await startTestIssuer(undefined, tls);
});
afterAll(async () => {
  await issuer?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** What a real server answers to a token of the issuer. */
async function ask(more: Record<string, string>): Promise<{ status: number; body: Record<string, unknown> }> {
  const oidc = { ASSAY_OIDC_ISSUER: issuer.url, ASSAY_OIDC_AUDIENCE: issuer.audience };
  const env = { HOME: folder, ASSAY_ADMIN_PASSWORD: 'a password of the test', ...oidc, ...more };
  const server = startAssay(['serve', '--port', '0', '--data', join(folder, 'data'), '--log-level', 'warn'], env);
  try {
    const [, url] = await server.said(/listens on (\S+)/);
    const headers = { authorization: `Bearer ${await issuer.forge()}` };
    const response = await fetch(`${url}/api/public/v1/users/me`, { headers });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  } finally {
    server.child.kill('SIGTERM');
    expect(await server.ended).toMatchObject({ code: 0 });
  }
}

test('is not trusted by itself, and the answer says what to start the server with', async () => {
  const { status, body } = await ask({});
  expect(status).toBe(503);
  expect(body).toMatchObject({
    code: 'ISSUER_UNAVAILABLE',
    message: expect.stringMatching(/signed by nobody this server trusts \(self-signed.*NODE_EXTRA_CA_CERTS/),
  });
  expect(issuer.asked.size).toBe(0);
});

test('is trusted with NODE_EXTRA_CA_CERTS, and its tokens are taken', async () => {
  const { status, body } = await ask({ NODE_EXTRA_CA_CERTS: authority });
  expect([status, body]).toMatchObject([200, { data: { username: 'erika', roles: ['data_steward'] } }]);
  expect(issuer.asked.get('/jwks')).toBe(1);
});
