import { mkdtemp, rm, stat } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createAssayClient } from '../../client/index.ts';
import { loadConfig } from '../../config/load-config.ts';
import { fromApi } from './api-errors.ts';
import { readCredentials, writeCredentials } from './credentials.ts';
import { openSession } from './open-session.ts';

let server: Server | undefined;
let folder: string | undefined;
afterEach(async () => {
  server?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

async function answer(listener: RequestListener): Promise<string> {
  server = createServer(listener);
  await new Promise<void>((ready) => server!.listen(0, '127.0.0.1', ready));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const credential = (over: object) => ({ username: 'u', accessToken: 'old', refreshToken: 'r1', expiresAt: 0, ...over });

const listJobs = (baseUrl: string) =>
  createAssayClient({ baseUrl, retries: 0 })
    .get('/jobs')
    .then(() => expect.unreachable(), fromApi);

test('an error of the server keeps its code and every problem', async () => {
  const url = await answer((_request, response) => {
    response.writeHead(400, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ status: 400, message: ['a: wrong', 'b: wrong'], code: 'OPTION_NOT_BUILT' }));
  });
  expect(await listJobs(url)).toMatchObject({ code: 'OPTION_NOT_BUILT', problems: ['a: wrong', 'b: wrong'] });
});

test('a code this client does not know falls back to the HTTP status', async () => {
  const url = await answer((_request, response) => {
    response.writeHead(409);
    response.end(JSON.stringify({ message: 'no', code: 'FROM_THE_FUTURE' }));
  });
  expect(await listJobs(url)).toMatchObject({ code: 'CONFLICT', message: 'no' });
});

test('a server that is not there, or is something else, is unreachable', async () => {
  const url = await answer((_request, response) => response.end('<html>'));
  expect(await listJobs(url)).toMatchObject({ code: 'SERVER_UNREACHABLE' });
  server!.close();
  server!.closeAllConnections();
  expect((await listJobs(url)).message).toContain('ECONNREFUSED');
});

test('an access token that ran out is renewed once, kept, and readable by its owner alone', async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-cli-'));
  const file = join(folder, 'deep/credentials.json');
  const seen: string[] = [];
  const url = await answer((request, response) => {
    seen.push(`${request.url} ${request.headers.authorization ?? ''}`);
    const renewal = { data: { accessToken: 'new', refreshToken: 'r2', expiresIn: 900 } };
    response.end(JSON.stringify(request.url!.endsWith('/refresh') ? renewal : { data: [] }));
  });
  await writeCredentials(file, { current: url, servers: { [url]: credential({}) } });
  const client = await openSession(loadConfig({ env: {} }), new AbortController().signal, file);
  await client.get('/jobs');
  await client.get('/jobs');
  expect(seen).toEqual([
    '/api/public/v1/auth/refresh ',
    '/api/public/v1/jobs Bearer new',
    '/api/public/v1/jobs Bearer new',
  ]);
  expect((await readCredentials(file)).servers[url]).toMatchObject({ accessToken: 'new', refreshToken: 'r2' });
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test('several commands at once use each refresh token once, and none of them is logged out', async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-cli-'));
  const file = join(folder, 'credentials.json');
  const redeemed: string[] = [];
  const valid = { access: 'a0', refresh: 'r0' };
  const url = await answer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const refuse = () => response.writeHead(401).end(JSON.stringify({ message: 'no', code: 'UNAUTHENTICATED' }));
    if (!request.url!.endsWith('/refresh'))
      return request.headers.authorization === `Bearer ${valid.access}` ? response.end('{"data":[]}') : refuse();
    const { refreshToken } = JSON.parse(text);
    redeemed.push(refreshToken);
    if (refreshToken !== valid.refresh) return refuse();
    Object.assign(valid, { access: `a${redeemed.length}`, refresh: `r${redeemed.length}` });
    const data = { accessToken: valid.access, refreshToken: valid.refresh, expiresIn: 900 };
    return response.end(JSON.stringify({ data }));
  });
  await writeCredentials(file, {
    servers: { [url]: credential({ accessToken: 'a0', refreshToken: 'r0', expiresAt: Date.now() + 60_000 }) },
    current: url,
  });
  const open = () => openSession(loadConfig({ env: {} }), new AbortController().signal, file);
  const [one, two] = [await open(), await open()];
  await Promise.all([one.get('/jobs'), two.get('/jobs')]);
  expect(redeemed).toEqual([]);
  // The token ends for both; the second finds what the first left.
  valid.access = 'withdrawn';
  await one.get('/jobs');
  await two.get('/jobs');
  expect(redeemed).toEqual(['r0']);
  // Both at the same moment, each with several calls.
  valid.access = 'withdrawn';
  const before = redeemed.length;
  await Promise.all([one, two, one, two].map((client) => client.get('/jobs')));
  expect(new Set(redeemed.slice(before)).size).toBe(1);
  expect(redeemed.length - before).toBeLessThanOrEqual(2);
  expect((await readCredentials(file)).servers[url]).toMatchObject({ refreshToken: valid.refresh });
});

test('a refresh token that is no longer taken ends in 401, not in a loop', async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-cli-'));
  const file = join(folder, 'credentials.json');
  let calls = 0;
  const url = await answer((_request, response) => {
    calls++;
    response.writeHead(401);
    response.end(JSON.stringify({ message: 'sign in again', code: 'UNAUTHENTICATED' }));
  });
  await writeCredentials(file, { servers: { [url]: credential({}) }, current: url });
  const client = await openSession(loadConfig({ env: {} }), new AbortController().signal, file);
  await expect(client.get('/jobs')).rejects.toMatchObject({ code: 'UNAUTHENTICATED', status: 401 });
  expect(calls).toBeLessThan(5);
});

test('ASSAY_TOKEN wins over what the last login left', async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-cli-'));
  const file = join(folder, 'credentials.json');
  let sent: string | undefined;
  const url = await answer((request, response) => {
    sent = request.headers.authorization;
    response.end('{}');
  });
  await writeCredentials(file, { servers: { [url]: credential({ expiresAt: Date.now() + 60_000 }) }, current: url });
  await (await openSession(loadConfig({ env: { ASSAY_TOKEN: 'mine' } }), new AbortController().signal, file)).get(
    '/jobs',
  );
  expect(sent).toBe('Bearer mine');
});
