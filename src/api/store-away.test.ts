import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { concludeJob } from '../jobs/conclude.ts';
import { JOB_SPECS } from '../jobs/specs.ts';
import { openDatabase } from '../store/open-database.ts';
import { openSecrets } from '../store/secrets/secrets.ts';
import { buildApp } from './app.ts';

/** Port 1 is reserved and nothing listens there. */
const { db } = openDatabase(
  { host: '127.0.0.1', port: 1, connectionTimeoutMillis: 1_000 },
  { max: 1, applicationName: 'test' },
);
let app: Awaited<ReturnType<typeof buildApp>>;
beforeAll(async () => {
  app = await buildApp({
    store: { db, secrets: openSecrets(randomBytes(32)) },
    engine: { conclude: concludeJob, specs: JOB_SPECS },
  });
});
afterAll(async () => {
  await app.close();
  await db.destroy();
});

test('without its database the server answers 503 and says so', async () => {
  const requests = [
    { method: 'GET', url: '/api/public/health' },
    { method: 'GET', url: '/api/public/v1/jobs', headers: { authorization: 'Bearer a.b.c' } },
    { method: 'POST', url: '/api/public/v1/auth', payload: { username: 'a', password: 'b' } },
  ] as const;
  for (const request of requests) {
    const answer = await app.inject(request);
    // A token is not even looked at when it is no token.
    if (request.url.endsWith('/jobs')) expect([401, 503]).toContain(answer.statusCode);
    else expect([request.url, answer.statusCode, answer.json().code]).toEqual([request.url, 503, 'STORE_UNAVAILABLE']);
  }
});

test('the metrics say that the database is away', async () => {
  const answer = await app.inject({ url: '/metrics' });
  expect(answer.statusCode).toBe(200);
  expect(answer.body).toContain('assay_store_up 0');
});

test('the token endpoint of the original says it in the words of OAuth', async () => {
  const answer = await app.inject({
    method: 'POST',
    url: '/keycloak/realms/pdc/protocol/openid-connect/token',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: 'grant_type=password&username=a&password=b',
  });
  expect([answer.statusCode, answer.json().error]).toEqual([503, 'temporarily_unavailable']);
});
