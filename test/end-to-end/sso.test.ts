import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readIssuers } from '../../src/config/issuers.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { createTestApi } from '../support/test-api.ts';
import { DEVICE_CLIENT, startTestIssuer } from '../support/test-issuer.ts';
import { runAssay, startAssay } from './assay-process.ts';

test('assay login --sso signs in at a real issuer, renews there and signs out there', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'assay-sso-'));
  const issuer = await startTestIssuer();
  const oidc = { ASSAY_OIDC_ISSUER: issuer.url, ASSAY_OIDC_AUDIENCE: issuer.audience };
  const { issuers } = readIssuers(loadConfig({ env: { ...oidc, ASSAY_OIDC_CLIENT_ID: DEVICE_CLIENT } }));
  const api = await createTestApi({ issuers });
  try {
    const url = await api.app.listen({ host: '127.0.0.1', port: 0 });
    const env = { HOME: folder, ASSAY_URL: url };
    const login = startAssay(['login', '--sso'], env);
    const code = await new Promise<string>((found, fail) => {
      let said = '';
      login.child.stderr!.on('data', (text: string) => {
        said += text;
        const match = /enter the code (\S+)/.exec(said);
        if (match) found(match[1]!);
      });
      void login.ended.then(({ err }) => fail(new Error(`ended without showing a code: ${err}`)));
    });
    await issuer.confirm(code, 'erika');
    expect(await login.ended).toMatchObject({
      code: 0,
      out: `Signed in at ${url} as erika of ${issuer.url}: data_user.\n`,
    });
    expect((await runAssay(['sources', 'list'], env)).code).toBe(0);

    const file = join(folder, '.config/assay/credentials.json');
    const kept = JSON.parse(await readFile(file, 'utf8'));
    const { accessToken } = kept.servers[url];
    kept.servers[url].expiresAt = 0;
    await writeFile(file, JSON.stringify(kept));
    expect((await runAssay(['sources', 'list'], env)).code).toBe(0);
    expect(JSON.parse(await readFile(file, 'utf8')).servers[url].accessToken).not.toBe(accessToken);

    expect(await runAssay(['logout'], env)).toMatchObject({ code: 0, err: '' });
    expect(issuer.asked.get('/token/revocation')).toBe(1);
    expect((await runAssay(['login', '--issuer', 'https://elsewhere.example'], env)).err).toContain(
      'none of its issuers',
    );
  } finally {
    await Promise.all([api.drop(), issuer.stop(), rm(folder, { recursive: true })]);
  }
});
