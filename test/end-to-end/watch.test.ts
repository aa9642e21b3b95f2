import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AssayProcess, runAssay, startAssay } from './assay-process.ts';

/** A server that may be killed and started again at the same address, on the same data. */
const PASSWORD = 'a password of the test';
let folder: string;
let env: Record<string, string>;
let server: AssayProcess;
let url: string;

async function serve(port: string): Promise<void> {
  const args = ['serve', '--port', port, '--data', join(folder, 'data'), '--log-level', 'warn'];
  server = startAssay([...args, '--file-root', folder], env);
  url = (await server.said(/listens on (\S+)/))[1]!;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-watch-'));
  env = { HOME: join(folder, 'home'), ASSAY_ADMIN_PASSWORD: PASSWORD };
  await serve('0');
  expect(await runAssay(['login', '--url', url, '--password-stdin'], env, `${PASSWORD}\n`)).toMatchObject({ code: 0 });
  const place = ['--type', 'FS', '--path', folder, '--affinity', 'LATER'];
  expect(await runAssay(['sources', 'add', 'far', ...place], env)).toMatchObject({ code: 0 });
});

afterAll(async () => {
  server.child.kill('SIGTERM');
  await server.ended;
  await rm(folder, { recursive: true, force: true });
});

/** Nobody serves the affinity LATER yet, so the job waits for as long as a test needs. */
async function startWaitingJob(): Promise<string> {
  const { out } = await runAssay(['jobs', 'start', 'test-connection', '--source', 'far', '--json'], env);
  return (JSON.parse(out) as { data: { _id: string } }).data._id;
}

async function finish(): Promise<void> {
  const args = ['worker', '--data', join(folder, 'data'), '--affinity', 'LATER', '--log-level', 'warn'];
  const worker = startAssay([...args, '--file-root', folder], env);
  await worker.said(/is ready/);
  const jobs = () => runAssay(['jobs', 'list', '--status', 'ACCEPTED,RUNNING', '--json'], env);
  while ((JSON.parse((await jobs()).out) as unknown[]).length > 0);
  worker.child.kill('SIGINT');
  await worker.ended;
}

test('a watch outlives a server that is killed and started again', async () => {
  const watching = startAssay(['jobs', 'watch', await startWaitingJob()], env);
  await watching.said(/waiting: /);
  server.child.kill('SIGKILL');
  await server.ended;
  await watching.said(/connection lost \(.+\); the job goes on, trying again/);
  await serve(new URL(url).port);
  await watching.said(/connected again/);
  await finish();
  const end = await watching.ended;
  expect(end).toMatchObject({ code: 0, err: '' });
  expect(end.out).toMatch(/100 %.*\n\s*COMPLETED in/);
});

test('behind a proxy that lets no stream through it asks again and again, with the same end', async () => {
  const proxy = await startProxy();
  try {
    const { port } = proxy.address() as AddressInfo;
    const credentials = { ...env, ASSAY_URL: `http://127.0.0.1:${port}` };
    const login = ['login', '--password-stdin'];
    expect(await runAssay(login, credentials, `${PASSWORD}\n`)).toMatchObject({ code: 0 });
    const id = await startWaitingJob();
    const watching = startAssay(['jobs', 'watch', id], credentials);
    await watching.said(/live events do not come through \(.+\); asking again and again instead/);
    expect((await runAssay(['jobs', 'cancel', id], env)).code).toBe(0);
    expect(await watching.ended).toMatchObject({ code: 4, out: expect.stringContaining('CANCELLED') });
  } finally {
    proxy.close();
    proxy.closeAllConnections();
  }
});

/** Collects every answer before it passes it on, as some do; a stream never comes to its end. */
async function startProxy(): Promise<Server> {
  const proxy = createServer((from, to) => {
    const target = { method: from.method, headers: { ...from.headers, connection: 'close' } };
    const onward = request(url + from.url, target, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('error', () => to.destroy());
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        to.writeHead(answer.statusCode!, { 'content-type': answer.headers['content-type'] });
        to.end(Buffer.concat(chunks));
      });
    });
    onward.on('error', () => to.destroy());
    to.on('close', () => onward.destroy());
    from.pipe(onward);
  });
  await new Promise<void>((ready) => proxy.listen(0, '127.0.0.1', ready));
  return proxy;
}
