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

test('find-sparse-columns.ts names code, status and request of an error', async () => {
  const args = ['--conditions=assay-source', 'find-sparse-columns.ts', 'shop'];
  const refused = await run(process.execPath, args, { ASSAY_API_KEY: 'wrong' });
  expect(refused.code).toBe(1);
  expect(refused.err).toMatch(/^UNAUTHENTICATED \(HTTP 401\): .+ \[request \S+\]\n$/);
});

test('start_in_bulk.py tells the outcome of each item', async (context) => {
  needs(context, 'python3');
  const mixed = await run('python3', ['start_in_bulk.py', 'shop', 'nobody']);
  expect(mixed).toMatchObject({ code: 1, err: '' });
  expect(mixed.out).toMatch(/^shop: COMPLETED .*\nnobody: FAILED .*nobody.*\n$/);
  expect((await run('python3', ['start_in_bulk.py', 'nobody'])).out).toContain('nobody: FAILED');
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
  expect([ended.code, ended.err]).toEqual([1, expect.stringContaining('HTTP Error 401')]);
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
