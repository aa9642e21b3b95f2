import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

// What a user gets: the tarball in an empty folder, production dependencies only, JavaScript instead of TypeScript.
const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
let folder: string;
let installed: string;
let server: ChildProcess | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-packed-'));
  const packed = await run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: root });
  // What prepack prints comes before the JSON.
  const [{ filename }] = JSON.parse(packed.stdout.slice(packed.stdout.indexOf('[\n'))) as [{ filename: string }];
  await writeFile(join(folder, 'package.json'), '{"name":"empty","private":true}');
  await run('npm', ['install', '--omit=dev', '--prefer-offline', '--no-audit', '--no-fund', join(folder, filename)], {
    cwd: folder,
  });
  installed = join(folder, 'node_modules', 'assay-catalog');
}, 180_000);

afterAll(async () => {
  if (server && server.exitCode === null && server.signalCode === null) {
    server.kill('SIGTERM');
    await once(server, 'exit');
  }
  await rm(folder, { recursive: true, force: true });
});

const assay = (...args: string[]) => run(process.execPath, [join(installed, 'bin/assay.js'), ...args], { cwd: folder });

test('the package holds JavaScript and no sources, tests or data', async () => {
  await access(join(installed, 'dist/bin/assay.js'));
  const files = await readdir(installed, { recursive: true });
  const sources = files.filter((file) => /\.ts$|\.test\.|^(test|bench|scripts|src)\//.test(file));
  expect(sources.filter((file) => !/^dist\/client\/[a-z-]+\.d\.ts$/.test(file))).toEqual([]);
  expect(files).toEqual(expect.arrayContaining(['LICENSE', 'openapi.json', 'dist/client/index.d.ts']));
});

test('the installed command prints its help', async () => {
  const { stdout } = await assay('--help');
  expect(stdout).toContain('serve');
});

test('the client is an export of the package, with types that hold', async () => {
  const use = (path: string) => `
    import { AssayApiError, createAssayClient, type Job } from 'assay-catalog/client';
    const client = createAssayClient({ baseUrl: 'http://127.0.0.1:9', token: 't', retries: 0 });
    const jobs: Job[] = [];
    const failure: unknown = await client.get('${path}').then(({ data }) => jobs.push(...data), (error: unknown) => error);
    console.log(failure instanceof AssayApiError && failure.code, jobs.length);\n`;
  await writeFile(join(folder, 'use.mts'), use('/jobs'));
  await writeFile(join(folder, 'misuse.mts'), use('/no-such-path'));
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const lib = ['es2024', 'dom', 'dom.iterable'];
  const compilerOptions = { strict: true, noEmit: true, module: 'nodenext', target: 'es2024', lib, types: [] };
  const check = async (file: string) => {
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [file] }));
    return run(process.execPath, [tsc, '-p', folder]).then(
      () => '',
      (error: { stdout: string }) => error.stdout,
    );
  };
  expect(await check('use.mts')).toBe('');
  expect(await check('misuse.mts')).toContain('/no-such-path');
  expect((await run(process.execPath, ['use.mts'], { cwd: folder })).stdout).toBe('SERVER_UNREACHABLE 0\n');
});

test('the installed command serves, and stops on SIGTERM', async () => {
  const port = await findFreePort();
  const args = [join(installed, 'bin/assay.js'), 'serve', '--port', String(port), '--data', join(folder, 'data')];
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  server = child;
  let said = '';
  child.stdout.on('data', (text) => {
    said += text;
  });
  child.stderr.on('data', (text) => {
    said += text;
  });
  const answered = (async () => {
    for (;;) {
      if (child.exitCode !== null) throw new Error(`serve ended with ${child.exitCode}:\n${said}`);
      const answer = await fetch(`http://127.0.0.1:${port}/api/public/health`).catch(() => undefined);
      if (answer?.ok) return answer.status;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  })();
  expect(await answered).toBe(200);
  child.kill('SIGTERM');
  const [code] = (await once(child, 'exit')) as [number | null];
  expect(code, said).toBe(0);
}, 120_000);

test('the installed command runs the whole demo: migrations, task processes, DuckDB, every job', async () => {
  const { stdout } = await assay('demo', '--exit');
  expect(stdout).toMatch(/Ready in \d+ s/);
}, 300_000);

async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  probe.close();
  return port;
}
