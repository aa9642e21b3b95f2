import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

// The running Node is new enough, so "older than wanted" is made by wanting Node 999, and the bundled Node is a script.
let root: string;
const bin = join(import.meta.dirname, '../../bin/assay.js');

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'assay-bin-'));
  await mkdir(join(root, 'bin'));
  await mkdir(join(root, 'src/bin'), { recursive: true });
  await mkdir(join(root, 'node_modules/.bin'), { recursive: true });
  await writeFile(join(root, 'package.json'), '{"type":"module"}');
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function installBin(wanted: number): Promise<void> {
  const text = await readFile(bin, 'utf8');
  expect(text).toContain('WANTED = 24;');
  await writeFile(join(root, 'bin/assay.js'), text.replace('WANTED = 24;', `WANTED = ${wanted};`));
}

async function installBundledNode(script: string): Promise<void> {
  const file = join(root, 'node_modules/.bin/node');
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
}

interface Ended {
  code: number | null;
  signal: string | null;
  out: string;
  err: string;
}

function run(args: string[], onOutput: (pid: number) => void = () => {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'bin/assay.js'), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    const ended: Ended = { code: null, signal: null, out: '', err: '' };
    child.stdout.on('data', (text) => {
      ended.out += text;
      onOutput(child.pid!);
    });
    child.stderr.on('data', (text) => {
      ended.err += text;
    });
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ ...ended, code, signal }));
  });
}

test('a new enough Node runs the command itself and its answer is the exit code', async () => {
  await installBin(24);
  await writeFile(
    join(root, 'src/bin/assay.ts'),
    'export const main = async (args: string[]) => (console.log(args.join()), 3);',
  );
  expect(await run(['jobs', '--json'])).toMatchObject({ code: 3, out: 'jobs,--json\n' });
});

test('an older Node hands arguments over to the bundled one and mirrors its exit code', async () => {
  await installBin(999);
  await installBundledNode('shift; echo "got $*"; exit 7');
  expect(await run(['profile', 'a b'])).toMatchObject({ code: 7, out: 'got profile a b\n' });
});

test('a signal is passed on, and dying of one looks like dying of one', async () => {
  await installBin(999);
  await installBundledNode('trap "echo stopped; exit 5" TERM; echo ready; while :; do sleep 0.05; done');
  let sent = false;
  const stopped = await run([], (pid) => {
    if (!sent) process.kill(pid, 'SIGTERM');
    sent = true;
  });
  expect(stopped).toMatchObject({ code: 5, out: 'ready\nstopped\n' });
  await installBundledNode('kill -9 $$');
  expect(await run([])).toMatchObject({ code: null, signal: 'SIGKILL' });
});

test('no bundled Node, or one that is too old itself, gets a sentence with the remedy', async () => {
  await installBin(999);
  const none = await run([]);
  expect(none).toMatchObject({ code: 1 });
  expect(none.err).toContain('npm install node@999');
  await installBundledNode(`exec ${process.execPath} "$@"`);
  expect((await run([])).err).toContain('Assay needs Node 999');
});

test('a copy without its program says so', async () => {
  await installBin(24);
  expect(await run([])).toMatchObject({ code: 1, err: expect.stringContaining('not complete') });
});
