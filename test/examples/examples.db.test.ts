import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, type TestContext, test } from 'vitest';
import { type RunningServer, startServer } from '../../src/bin/start-server.ts';
import { createAssayClient } from '../../src/client/index.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

// The examples as a reader runs them, against the whole server and a real source.
const EXAMPLES = join(import.meta.dirname, '../../examples');
const PASSWORD = 'a password of the test';
let folder: string;
let catalog: TestDatabase;
let server: RunningServer;
let env: Record<string, string>;
let sourceId: string;

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'assay-examples-')));
  catalog = await createTestDatabase();
  const file = new DatabaseSync(join(folder, 'shop.sqlite'));
  file.exec(
    "CREATE TABLE item (id INTEGER, note TEXT); INSERT INTO item VALUES (1, NULL), (2, NULL), (3, 'x'), (4, NULL)",
  );
  file.close();
  const config = loadConfig({ env: { DATABASE_URL: catalog.connectionString, ASSAY_ADMIN_PASSWORD: PASSWORD } });
  const own = { dataDir: join(folder, 'data'), host: '127.0.0.1', port: 0, fileRoots: [folder] };
  server = await startServer({ ...config, ...own }, pino({ level: 'silent' }));
  const client = createAssayClient({ baseUrl: server.url, username: 'admin', password: PASSWORD });
  const body = { resourceName: 'shop', databaseType: 'SQLITE', path: join(folder, 'shop.sqlite') };
  sourceId = (await client.post('/data-sources', { body })).data[0]!._id;
  const { data } = await client.post('/api-keys', { body: { name: 'examples' } });
  env = { PATH: process.env.PATH!, ASSAY_URL: server.url, ASSAY_API_KEY: data.key };
});
afterAll(async () => {
  await server?.stop();
  await catalog?.drop();
  await rm(folder, { recursive: true, force: true });
});

function run(command: string, args: string[], more: Record<string, string> = {}) {
  return new Promise<{ code: number; out: string; err: string }>((resolve) => {
    execFile(command, args, { cwd: EXAMPLES, env: { ...env, ...more } }, (error, out, err) =>
      resolve({ code: error ? Number(error.code ?? 1) : 0, out, err }),
    );
  });
}

function needs(context: TestContext, command: string): void {
  try {
    execFileSync(command, ['--version'], { stdio: 'ignore' });
  } catch {
    context.skip(`${command} is not on this machine`);
  }
}

test('ingest-and-profile.sh, and what find-sparse-columns.ts then finds', async (context) => {
  needs(context, 'curl');
  const done = await run('./ingest-and-profile.sh', ['shop']);
  expect(done).toEqual({ code: 0, out: 'metadata/ingest: COMPLETED\ndata-profiling: COMPLETED\n', err: '' });
  const sparse = await run(process.execPath, ['--conditions=assay-source', 'find-sparse-columns.ts', 'shop']);
  expect(sparse).toMatchObject({ code: 0, err: '' });
  expect(sparse.out).toMatch(/^\S+\/main\/item\/note: 25\.0 % filled\n$/);
});

test('ingest-and-profile.sh ends with the reason when the server refuses', async (context) => {
  needs(context, 'curl');
  const refused = await run('./ingest-and-profile.sh', ['nobody']);
  expect(refused.code).not.toBe(0);
  expect(refused.out).toBe('');
  expect(refused.err).toContain('404');
  expect(refused.err).toContain('nobody');
});

test('follow-job.sh prints the log of a job, from where it is told to, and ends as the job ends', async (context) => {
  needs(context, 'curl');
  const client = createAssayClient({ baseUrl: server.url, apiKey: env.ASSAY_API_KEY! });
  const { data: job } = await client.post('/jobs/execute/test-connection', { body: { resourceName: 'shop' } });
  const seqs = (out: string): number[] => out.split('\n').flatMap((line) => (line ? [JSON.parse(line).seq] : []));
  const all = await run('./follow-job.sh', [job._id]);
  expect(all).toMatchObject({ code: 0, err: '' });
  const { data: events } = await client.get('/jobs/{id}/events', { path: { id: job._id } });
  expect(events.length).toBeGreaterThan(1);
  expect(seqs(all.out)).toEqual(events.map(({ seq }) => seq));
  const rest = await run('./follow-job.sh', [job._id, '1']);
  expect(seqs(rest.out)).toEqual(events.slice(1).map(({ seq }) => seq));
  const body = { databaseType: 'SQLITE', path: join(folder, 'missing.sqlite') };
  const { data: failing } = await client.post('/jobs/execute/test-connection', { body });
  expect(await run('./follow-job.sh', [failing._id])).toMatchObject({
    code: 1,
    err: expect.stringContaining('FAILED'),
  });
  const refused = await run('./follow-job.sh', ['0'.repeat(24)]);
  expect(refused).toMatchObject({ code: 1, out: '', err: expect.stringContaining('there is no') });
});

test('follow-job.sh goes on behind the last whole event after a break', async (context) => {
  needs(context, 'curl');
  const asked: unknown[] = [];
  const breaking = createServer((request, response) => {
    asked.push(request.headers['last-event-id']);
    const message = (seq: number): string => `id: ${seq}\nevent: event\ndata: {"seq":${seq}}\n\n`;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    if (asked.length > 1) response.end(`${message(2)}id: 2\nevent: end\ndata: {"status":"COMPLETED"}\n\n`);
    // The second event is cut in two.
    else response.write(`retry: 1000\n\n${message(1)}${message(2).slice(0, -1)}`, () => request.socket.destroy());
  });
  await new Promise<void>((ready) => breaking.listen(0, '127.0.0.1', ready));
  const url = `http://127.0.0.1:${(breaking.address() as AddressInfo).port}`;
  const done = await run('./follow-job.sh', ['j'], { ASSAY_URL: url });
  breaking.close();
  expect([asked, done.code, done.out]).toEqual([['0', '1'], 0, '{"seq":1}\n{"seq":2}\n']);
});

test('find-sparse-columns.ts names code, status and request of an error', async () => {
  const args = ['--conditions=assay-source', 'find-sparse-columns.ts', 'shop'];
  const refused = await run(process.execPath, args, { ASSAY_API_KEY: 'wrong' });
  expect(refused.code).toBe(1);
  expect(refused.err).toMatch(/^UNAUTHENTICATED \(HTTP 401\): .+ \[request \S+\]\n$/);
});

test('find-sparse-columns.ts says in one line that there is no such source, or that none was given', async () => {
  const find = (...names: string[]) =>
    run(process.execPath, ['--conditions=assay-source', 'find-sparse-columns.ts', ...names]);
  expect(await find('nobody')).toEqual({ code: 1, out: '', err: 'there is no data source "nobody"\n' });
  expect(await find()).toEqual({ code: 1, out: '', err: 'give the name of a data source\n' });
});

test('start_in_bulk.py tells the outcome of each item', async (context) => {
  needs(context, 'python3');
  const mixed = await run('python3', ['start_in_bulk.py', 'shop', 'nobody']);
  expect(mixed).toMatchObject({ code: 1, err: '' });
  expect(mixed.out).toMatch(/^shop: COMPLETED .*\nnobody: FAILED .*nobody.*\n$/);
  expect((await run('python3', ['start_in_bulk.py', 'nobody'])).out).toContain('nobody: FAILED');
});

test('start_in_bulk.py tells how it is used, and in one line that the server is away', async (context) => {
  needs(context, 'python3');
  const usage = { code: 2, out: '', err: expect.stringContaining('start_in_bulk.py <data source>') };
  expect(await run('python3', ['start_in_bulk.py'])).toEqual(usage);
  expect(await run('python3', ['start_in_bulk.py', 'shop'], { ASSAY_API_KEY: '' })).toEqual(usage);
  const away = await run('python3', ['start_in_bulk.py', 'shop'], { ASSAY_URL: 'http://127.0.0.1:1' });
  expect(away).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/^http:\S+ cannot be reached: .+\n$/) });
});

test('start_in_bulk.py ends with the reason when its key is revoked while it waits', async (context) => {
  needs(context, 'python3');
  const revoking = createServer((request, response) => {
    const [status, body] =
      request.method === 'POST'
        ? [200, { status: 200, data: [{ _id: 'j', status: 'ACCEPTED', message: '' }] }]
        : [401, { status: 401, message: 'the API key was revoked', code: 'UNAUTHENTICATED' }];
    response.writeHead(status).end(JSON.stringify(body));
  });
  await new Promise<void>((ready) => revoking.listen(0, '127.0.0.1', ready));
  const url = `http://127.0.0.1:${(revoking.address() as AddressInfo).port}`;
  const ended = await run('python3', ['start_in_bulk.py', 'shop'], { ASSAY_URL: url });
  revoking.close();
  expect([ended.code, ended.err]).toEqual([
    1,
    expect.stringMatching(/^HTTP Error 401: .*the API key was revoked.*\n$/),
  ]);
});

test('airflow_dag.py compiles, and its tasks run against a stand-in for Airflow', async (context) => {
  needs(context, 'python3');
  const cache = { PYTHONPYCACHEPREFIX: join(folder, 'pycache') };
  expect(await run('python3', ['-m', 'py_compile', 'airflow_dag.py'], cache)).toEqual({ code: 0, out: '', err: '' });
  const standIn = { ...cache, PYTHONPATH: join(import.meta.dirname, 'airflow-stand-in'), ASSAY_SOURCE: sourceId };
  const done = await run('python3', ['airflow_dag.py'], standIn);
  expect(done).toMatchObject({ code: 0, err: '' });
  expect(done.out).toMatch(/^ingest: [0-9a-f-]{36}\nprofile: .+\n$/);
  const failed = await run('python3', ['airflow_dag.py'], { ...standIn, ASSAY_SOURCE: '0'.repeat(24) });
  expect(failed.code).not.toBe(0);
});
