import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AssayProcess, type Ended, runAssay, startAssay } from './assay-process.ts';

/** One server for the file; every test goes through real processes. */
let folder: string;
let server: AssayProcess;
let url: string;
let env: Record<string, string>;

const PASSWORD = 'a password of the test';
const assay = (...args: string[]): Promise<Ended> => runAssay(args, env);
const json = async <T>(...args: string[]): Promise<T> => {
  const { code, out, err } = await assay(...args, '--json');
  if (code !== 0) throw new Error(`assay ${args.join(' ')} ended with ${code}: ${err}${out}`);
  return JSON.parse(out) as T;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-cli-'));
  await mkdir(join(folder, 'files/sub'), { recursive: true });
  await writeFile(join(folder, 'files/people.csv'), 'id,name\n1,Ann\n2,Böb\n3,陽子\n');
  await writeFile(join(folder, 'files/sub/more.tsv'), 'a\tb\n1\t2\n');
  const database = new DatabaseSync(join(folder, 'files/shop.sqlite'));
  database.exec("CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO item VALUES (1, NULL), (2, 'x')");
  database.close();
  env = { HOME: join(folder, 'home'), ASSAY_ADMIN_PASSWORD: PASSWORD };
  const roots = ['--file-root', join(folder, 'files')];
  server = startAssay(['serve', '--port', '0', '--data', join(folder, 'data'), '--log-level', 'warn', ...roots], env);
  url = (await server.said(/listens on (\S+)/))[1]!;
  const login = await runAssay(['login', '--url', url, '--password-stdin'], env, `${PASSWORD}\n`);
  expect(login).toMatchObject({ code: 0 });
});

afterAll(async () => {
  server.child.kill('SIGTERM');
  const end = await server.ended;
  const members = existsSync(join(folder, 'data/pg/cluster/postmaster.pid'));
  await rm(folder, { recursive: true, force: true });
  expect(end).toMatchObject({ code: 0, signal: null });
  expect(members).toBe(false);
});

test('the tokens of a login are readable by their owner alone, and a wrong password is 3', async () => {
  const file = join(folder, 'home/.config/assay/credentials.json');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const wrong = await runAssay(['login', '--url', url, '--password-stdin'], env, 'not the password\n');
  expect(wrong.code).toBe(3);
  expect(wrong.err).toContain('user name or password is wrong');
});

test('a source is added, tested, ingested, profiled, shown and removed', async () => {
  const partly = await assay('sources', 'add', 'later', '--type', 'DUCKDB', '--path', 'wh.duckdb');
  expect(partly).toMatchObject({
    code: 0,
    err: expect.stringMatching(/^warning: path: is relative; give an absolute/),
  });
  expect(await assay('sources', 'remove', 'later', '--yes')).toMatchObject({ code: 0 });
  const added = await json<{ _id: string }>(
    'sources',
    'add',
    'shop',
    '--type',
    'SQLITE',
    '--path',
    join(folder, 'files/shop.sqlite'),
  );
  expect(added._id).toMatch(/^[0-9a-f]{24}$/);
  const tested = await assay('sources', 'test', 'shop');
  expect(tested).toMatchObject({ code: 0 });
  expect(tested.out).toMatch(/^COMPLETED/m);

  const ingest = await assay('jobs', 'start', 'ingest', '--source', 'shop', '--watch');
  expect(ingest).toMatchObject({ code: 0 });
  expect(ingest.out).toMatch(/created .*1 table/);
  const columns = await json<{ name: string }[]>('entities', 'filter', '--source', 'shop', '--type', 'COLUMN');
  expect(columns.map((column) => column.name).sort()).toEqual(['id', 'name']);
  expect((await assay('entities', 'tree', 'shop')).out).toContain('└─ ');
  const found = await assay('search', 'ITEM', '--type', 'table', '--source', 'shop');
  expect(found.out).toMatch(/^TABLE +shop\/main\/item +name +\d+.*\n1 found; page 1 of 1\.$/m);
  expect((await assay('search', 'no such thing')).out).toBe('Nothing found.\n');
  expect(await json('search', 'item')).toMatchObject({ pageInfo: { totalIsExact: true } });

  const profile = await json<{ status: string; progress: number }>(
    'jobs',
    'start',
    'data-profiling',
    '--scope',
    'shop/main/item',
    '--watch',
  );
  expect(profile).toMatchObject({ status: 'COMPLETED', progress: 100 });
  expect((await assay('profile', 'show', 'shop/main/item')).out).toMatch(/^name +\S+ +2/m);
  expect((await assay('profile', 'show', 'shop/main/item/name')).out).toMatch(/^nulls +1 +exact$/m);
  expect((await assay('entities', 'tree', 'shop')).out).toMatch(/item .*2 rows at \d{4}-\d\d-\d\d/);

  const shop = new DatabaseSync(join(folder, 'files/shop.sqlite'));
  shop.exec('DROP TABLE item; CREATE TABLE item (one int)');
  shop.close();
  expect(await assay('jobs', 'start', 'ingest', '--source', 'shop', '--watch')).toMatchObject({ code: 0 });
  const changed = await assay('profile', 'show', 'shop/main/item');
  expect(changed.err).toMatch(/item has no column left that was there when it was profiled, \d{4}-/);

  expect((await assay('sources', 'remove', 'shop')).code).toBe(2);
  expect(await assay('sources', 'remove', 'shop', '--yes')).toMatchObject({ code: 0 });
  expect(await json('sources', 'list')).toEqual([]);
});

test('a job that fails is 1, and its message says why', async () => {
  await json('sources', 'add', 'gone', '--type', 'FS', '--path', join(folder, 'files/nowhere'));
  const failed = await assay('sources', 'test', 'gone');
  expect(failed.code).toBe(1);
  expect(failed.out).toMatch(/^FAILED/m);
  const jobs = await json<{ workerId: string; status: string }[]>('jobs', 'list', '--status', 'FAILED');
  expect(jobs.length).toBeGreaterThan(0);
  expect((await assay('jobs', 'watch', jobs[0]!.workerId)).code).toBe(1);
  expect((await assay('jobs', 'show', jobs[0]!.workerId)).out).toContain('nowhere');
  expect((await assay('jobs', 're-run', jobs[0]!.workerId, '--watch')).code).toBe(1);
});

test('a cancelled job is 4, for who cancels and for who watches', async () => {
  // Nobody serves this affinity, so the job waits for as long as the test needs.
  const place = ['--type', 'FS', '--path', join(folder, 'files'), '--affinity', 'NOWHERE'];
  const source = await json<{ _id: string }>('sources', 'add', 'far', ...place);
  const { data } = await json<{ data: { _id: string } }>(
    'jobs',
    'start',
    'test-connection',
    '--resource-id',
    source._id,
  );
  const watching = assay('jobs', 'watch', data._id);
  expect((await assay('jobs', 'cancel', data._id)).code).toBe(0);
  expect(await watching).toMatchObject({ code: 4, out: expect.stringContaining('CANCELLED') });
  expect((await assay('jobs', 'watch', data._id)).code).toBe(4);
});

test('an interrupted watch is 130 and the job goes on', async () => {
  const { data } = await json<{ data: { _id: string } }>('jobs', 'start', 'test-connection', '--source', 'far');
  const watching = startAssay(['jobs', 'watch', data._id], env);
  await watching.said(/waiting: /);
  watching.child.kill('SIGINT');
  expect(await watching.ended).toMatchObject({
    code: 130,
    err: expect.stringContaining(`assay jobs cancel ${data._id}`),
  });
  const job = await json<{ status: string }>('jobs', 'show', data._id);
  expect(job.status).toBe('ACCEPTED');
  await assay('jobs', 'cancel', data._id);
});

test('wrong use is 2 and says what would be right', async () => {
  expect(await assay('jobs', 'start', 'no-such-job')).toMatchObject({
    code: 2,
    err: expect.stringContaining('metadata/ingest'),
  });
  expect(await assay('jobs', 'watch', 'zz')).toMatchObject({ code: 2, err: expect.stringContaining('24 hex digits') });
  expect(await assay('sources', 'show', 'nobody')).toMatchObject({ code: 2, err: expect.stringContaining('nobody') });
  expect((await assay('jobs', 'bogus')).code).toBe(2);
  expect(await assay('serve', '--port', 'eighty')).toMatchObject({ code: 2, err: expect.stringContaining('--port') });
});

test('no server, or a token it does not take, is 3', async () => {
  const nobody = { ...env, ASSAY_URL: 'http://127.0.0.1:9', ASSAY_TOKEN: 'x' };
  expect((await runAssay(['jobs', 'list'], nobody)).code).toBe(3);
  expect((await runAssay(['jobs', 'list'], { ...env, ASSAY_TOKEN: 'x', ASSAY_URL: url })).code).toBe(3);
  expect((await runAssay(['jobs', 'list'], { HOME: folder, ASSAY_URL: url })).err).toContain('assay login');
});

test('a key is made, used in place of a login, listed and revoked', async () => {
  const made = await assay('keys', 'create', 'ci', '--scope', 'read', '--days', '2', '--quiet');
  expect(made).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/^assay_\w{49}\n$/) });
  const byKey = { HOME: folder, ASSAY_URL: url, ASSAY_API_KEY: made.out.trim() };
  expect((await runAssay(['sources', 'list'], byKey)).code).toBe(0);
  const listed = await runAssay(['keys', 'list'], byKey);
  expect(listed).toMatchObject({ code: 3, err: expect.stringContaining('unset ASSAY_API_KEY to use your login') });
  const refused = await runAssay(['jobs', 'start', 'test-connection', '--resource-id', 'f'.repeat(24)], byKey);
  expect(refused).toMatchObject({ code: 3, err: expect.stringContaining('the right runJobs; the scopes') });
  expect(refused.err).toContain('Make another key');
  expect(refused.err).not.toContain('administrator');
  const broken = await runAssay(['sources', 'list'], {
    ...byKey,
    ASSAY_API_KEY: made.out.trim().replace(/.{20}$/, '\n$&'),
  });
  expect(broken).toMatchObject({ code: 2, err: expect.stringContaining('ASSAY_API_KEY') });
  for (const part of [made.out.slice(6, 30), made.out.trim().slice(-20)])
    expect(broken.err + broken.out).not.toContain(part);
  expect(await runAssay(['jobs', 'list'], { ...byKey, ASSAY_TOKEN: 'x' })).toMatchObject({
    code: 2,
    err: expect.stringContaining('both set'),
  });
  expect((await assay('keys', 'list', '--all')).out).toMatch(/assay_\w{6} +ci +admin +active +read +20/);
  expect((await assay('keys', 'create', 'x', '--days', 'soon')).code).toBe(2);
  expect(await assay('keys', 'revoke', 'ci')).toMatchObject({ code: 0, out: expect.stringContaining('(ci)') });
  expect(await runAssay(['sources', 'list'], byKey)).toMatchObject({
    code: 3,
    err: expect.stringContaining('revoked'),
  });
  expect(await assay('keys', 'revoke', 'ci')).toMatchObject({
    code: 2,
    err: expect.stringContaining('was revoked at'),
  });
  const long = await assay('keys', 'create', 'x', '--days', '9999');
  expect(long).toMatchObject({ code: 2, err: expect.stringContaining('--days: received "9999", expected') });
});

test('the first block of the recipe for keys runs in its order', async () => {
  const recipe = await readFile(join(import.meta.dirname, '../../docs/recipes/use-api-keys.md'), 'utf8');
  const block = /^```\w*\n(.*?)^```/ms.exec(recipe)![1]!;
  await json('sources', 'add', 'bank', '--type', 'SQLITE', '--path', join(folder, 'files/shop.sqlite'));
  expect((await assay('jobs', 'start', 'ingest', '--source', 'bank', '--watch')).code).toBe(0);
  const shell = { ...env, ASSAY_API_KEY: '' };
  let key = '';
  const ran: unknown[] = [];
  for (const line of block.trim().split('\n')) {
    const [word = '', ...words] = [...line.replace(/\s+#.*/, '').matchAll(/"([^"]*)"|(\S+)/g)].map(
      ([, a, b]) => a ?? b!,
    );
    if (word === 'export') shell.ASSAY_API_KEY = key;
    else if (word === 'unset') shell.ASSAY_API_KEY = '';
    else {
      const { code, out, err } = await runAssay(words, shell);
      ran.push([line, word, code, code === 0 ? '' : err]);
      key ||= out.trim();
    }
  }
  expect(ran.length).toBeGreaterThan(3);
  expect(ran).toEqual(ran.map((one) => [(one as string[])[0], 'assay', 0, '']));
  expect(await assay('sources', 'remove', 'bank', '--yes')).toMatchObject({ code: 0 });
});

test('a second server on the data folder is refused and names the first', async () => {
  const second = await assay('serve', '--port', '0', '--data', join(folder, 'data'), '--log-level', 'silent');
  expect(second.code).toBe(2);
  expect(second.err).toContain(String(server.child.pid));
});

test('a worker joins the embedded server and leaves on a signal', async () => {
  const args = ['worker', '--data', join(folder, 'data'), '--affinity', 'EU', '--slots', '1', '--name', 'w1'];
  const worker = startAssay([...args, '--log-level', 'warn'], env);
  await worker.said(/Worker w1 is ready: 1 slots, affinity EU/);
  worker.child.kill('SIGINT');
  expect(await worker.ended).toMatchObject({ code: 0 });
  expect((await assay('jobs', 'list')).code).toBe(0);
});

test('every verb has help with examples', async () => {
  const { main } = await import('../../src/bin/assay.ts');
  expect(main).toBeTypeOf('function');
  const verbs = [
    'serve',
    'worker',
    'migrate',
    'backup',
    'restore',
    'key rotate',
    'demo',
    'login',
    'sources add',
    'jobs start',
    'jobs start ingest',
    'jobs list',
    'entities tree',
    'search',
    'profile show',
    'users add',
    'keys create',
  ];
  for (const verb of verbs) {
    const help = await assay(...verb.split(' '), '--help');
    expect([verb, help.code]).toEqual([verb, 0]);
    expect(help.out).toContain('Examples:\n  $ ');
  }
});

test('the key of the folder shows its fingerprint and nothing of itself', async () => {
  const { out, code } = await assay('key', 'show-fingerprint', '--data', join(folder, 'data'));
  expect(code).toBe(0);
  expect(out).toMatch(/^[0-9a-f]{16}\n$/);
  const began = performance.now();
  const plan = await assay('migrate', '--dry-run', '--data', join(folder, 'data'));
  expect(plan).toMatchObject({ code: 0, out: expect.stringContaining('Nothing to do') });
  // A connection left open would hold the process for its idle time of 30 s.
  expect(performance.now() - began).toBeLessThan(20_000);
});
