import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync } from 'node:fs';
import { chown, mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type CloneForOthers, makeCloneForOthers } from '../../../test/support/clone-for-others.ts';
import { openStore } from '../open-store.ts';
import { announceServe, claimServe } from './claim-serve.ts';
import { type Embedded, openEmbedded } from './open-embedded.ts';
import { isAlive } from './process-identity.ts';

const CHILD = fileURLToPath(new URL('../../../test/support/embedded-child.ts', import.meta.url));
const root = process.getuid?.() === 0;
const NOBODY = 65534;

let base: string;
let template: string;
let clone: CloneForOthers | undefined;
const open: Embedded[] = [];
const children: Child[] = [];
const log = (): void => undefined;

beforeAll(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'assay-pg-')));
  template = join(base, 'template');
  await (await openEmbedded(template, { log })).release();
});
afterEach(async () => {
  for (const child of children.splice(0)) child.process.kill('SIGKILL');
  for (const embedded of open.splice(0)) await embedded.release();
});
afterAll(async () => {
  // Servers of killed processes: joining and leaving stops them.
  for (const name of await readdir(base)) {
    const data = join(base, name);
    if (existsSync(join(data, 'pg', 'cluster', 'postmaster.pid'))) await (await openEmbedded(data, { log })).release();
  }
  await rm(base, { recursive: true, force: true });
  clone?.remove();
});

/** A data folder with a cluster already in it, as after an earlier stop: saves the second that initdb takes. */
function usedFolder(name: string): string {
  const data = join(base, name);
  cpSync(template, data, { recursive: true, preserveTimestamps: true });
  spawnSync('chmod', ['-R', 'go-rwx', data]);
  return data;
}

async function joinFolder(data: string, options: Partial<Parameters<typeof openEmbedded>[1]> = {}): Promise<Embedded> {
  const embedded = await openEmbedded(data, { log, ...options });
  open.push(embedded);
  return embedded;
}

interface Child {
  process: ChildProcess;
  /** First line it wrote. */
  answer: { serverPid: number; url: string; code?: string; message?: string };
  leave(): Promise<void>;
  kill(): Promise<void>;
}

async function startChild(data: string, how: { uid?: number; wrap?: string[] } = {}): Promise<Child> {
  if (how.uid !== undefined) clone ??= makeCloneForOthers();
  const pathOf = clone && how.uid !== undefined ? clone.pathOf : (file: string) => file;
  const [program, ...args] = [...(how.wrap ?? []), pathOf(process.execPath), pathOf(CHILD), data];
  const identity = how.uid === undefined ? {} : { uid: how.uid, gid: how.uid };
  const child = spawn(program!, args, { ...identity, cwd: '/', stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  const first = await lines.next();
  if (first.done) throw new Error(`the child ended without an answer (code ${child.exitCode})`);
  const started: Child = {
    process: child,
    answer: JSON.parse(first.value),
    leave: async () => {
      child.stdin!.end();
      await ended;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
  children.push(started);
  return started;
}

async function query<Row extends pg.QueryResultRow>(url: string, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

/** Until a second connection asked for the folder. */
async function waitingFor(pool: pg.Pool): Promise<void> {
  for (;;) {
    const text = `SELECT FROM pg_stat_activity WHERE application_name = 'assay serve claim' AND query LIKE '%meta%'`;
    if (((await pool.query(text)).rowCount ?? 0) > 1) return;
  }
}

// A server that was killed first writes every file of its cluster to the disk: seconds, or minutes on a disk that others keep busy.
describe('the embedded server', { timeout: 300_000 }, () => {
  it('listens on a socket only, with real fsync and a password, in a process group of its own', async () => {
    const data = usedFolder('settings');
    const embedded = await joinFolder(data);
    const [settings] = await query<Record<string, string>>(
      embedded.connectionString(),
      `SELECT current_setting('listen_addresses') AS tcp, current_setting('fsync') AS fsync,
        current_setting('server_encoding') AS encoding, lower('ÀÉ') AS lower, version() AS version`,
    );
    expect(settings).toMatchObject({ tcp: '', fsync: 'on', encoding: 'UTF8', lower: 'àé' });
    const stranger = new pg.Client({ ...embedded.connection, password: 'wrong' });
    await expect(stranger.connect()).rejects.toMatchObject({ code: '28P01' });
    const group = spawnSync('ps', ['-o', 'pgid=', '-p', String(embedded.serverPid())], { encoding: 'utf8' });
    expect(Number(group.stdout)).toBe(embedded.serverPid());
    expect((await stat(join(data, 'pg'))).mode & 0o777).toBe(0o700);
    expect((await stat(join(data, 'pg', 'password'))).mode & 0o777).toBe(0o600);
  });

  it('starts anew on an empty folder once, however many processes open it; the last one to leave stops it', async () => {
    const data = join(base, 'many');
    const all = await Promise.all(Array.from({ length: 3 }, () => startChild(data)));
    expect(new Set(all.map((child) => child.answer.serverPid)).size).toBe(1);
    const pid = all[0]!.answer.serverPid;
    await Promise.all(all.slice(1).map((child) => child.leave()));
    expect(await query(all[0]!.answer.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await all[0]!.leave();
    expect(isAlive(pid)).toBe(false);
  });

  it('never loses a server to one who joins while the last one leaves', async () => {
    const data = usedFolder('churn');
    let holder = await joinFolder(data);
    for (let turn = 0; turn < 6; turn++) {
      const [next] = await Promise.all([openEmbedded(data, { log }), holder.release()]);
      open.push(next);
      expect(await query(next.connectionString(), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
      holder = next;
    }
  });

  it('keeps its hold on the folder when the same process opens it a second time', async () => {
    const data = usedFolder('twice');
    const first = await joinFolder(data);
    await joinFolder(data);
    const other = await startChild(data);
    await other.leave();
    expect(await query(first.connectionString(), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('outlives a process that is killed and is found again with everything committed', async () => {
    const data = usedFolder('killed');
    const owner = await startChild(data);
    await query(owner.answer.url, 'CREATE TABLE kept AS SELECT 42 AS a');
    await owner.kill();
    expect(isAlive(owner.answer.serverPid)).toBe(true);
    const embedded = await joinFolder(data);
    expect(embedded.serverPid()).toBe(owner.answer.serverPid);
    expect(await query(embedded.connectionString(), 'SELECT a FROM kept')).toEqual([{ a: 42 }]);
    await embedded.release();
    expect(isAlive(owner.answer.serverPid)).toBe(false);
  });

  it('comes back after kill -9 of the server itself, for everyone who asks, once', async () => {
    const lines: string[] = [];
    const options = {
      dataDir: usedFolder('pg-killed'),
      applicationName: 'test',
      log: (line: string) => lines.push(line),
    };
    const store = await openStore(options);
    const other = await openStore(options);
    try {
      await store.pool.query('CREATE TABLE kept AS SELECT 42 AS a');
      const inTransaction = await store.pool.connect();
      await inTransaction.query('BEGIN');
      const before = store.embedded!.serverPid();
      process.kill(before, 'SIGKILL');
      await Promise.all([store.ensureRunning(), store.ensureRunning(), other.ensureRunning()]);
      expect(store.embedded!.serverPid()).not.toBe(before);
      expect(other.embedded!.serverPid()).toBe(store.embedded!.serverPid());
      await expect(inTransaction.query('SELECT 1')).rejects.toThrow();
      inTransaction.release(true);
      // Idle connections of the dead server may still lie in the pool; each is found out once.
      const read = async (): Promise<unknown> => (await other.pool.query('SELECT a FROM kept')).rows;
      expect(await read().catch(read)).toEqual([{ a: 42 }]);
      expect(lines.filter((line) => line.includes('runs again'))).toHaveLength(2);
    } finally {
      await store.close();
      await other.close();
    }
  });

  it('starts although old pid files name a living process that is something else', async () => {
    const data = usedFolder('stale');
    const cluster = join(data, 'pg', 'cluster');
    const pid = `${process.ppid}\n${cluster}\n1700000000\n5432\n/tmp\n\n  5432001         0\nready\n`;
    await writeFile(join(cluster, 'postmaster.pid'), pid, { mode: 0o600 });
    const socketLock = `${process.ppid}\n${cluster}\n1700000000\n5432\n`;
    await writeFile(join(data, 'pg', 'socket', '.s.PGSQL.5432.lock'), socketLock, { mode: 0o600 });
    const embedded = await joinFolder(data);
    expect(await query(embedded.connectionString(), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('takes a short socket folder when the path of the data folder is too long, and removes it at the end', async () => {
    const long = join(base, 'x'.repeat(100));
    await mkdir(long);
    const data = join(long, 'data');
    cpSync(template, data, { recursive: true });
    spawnSync('chmod', ['-R', 'go-rwx', data]);
    const embedded = await joinFolder(data);
    const folder = embedded.connection.host!;
    expect(folder.length).toBeLessThan(90);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    await embedded.release();
    expect(existsSync(folder)).toBe(false);
  });

  it('refuses a cluster of another major version, with the remedy', async () => {
    const data = usedFolder('major');
    await writeFile(join(data, 'pg', 'cluster', 'PG_VERSION'), '16\n');
    await expect(openEmbedded(data, { log })).rejects.toMatchObject({
      code: 'EMBEDDED_FAILED',
      message: expect.stringMatching(/PostgreSQL 16.*backup.*restore/s),
    });
  });

  it('says what the server said when it cannot start, and leaves no lock behind', async () => {
    const data = usedFolder('broken');
    await writeFile(join(data, 'pg', 'cluster', 'postgresql.auto.conf'), 'no_such_setting = 1\n');
    const failure = { code: 'EMBEDDED_FAILED', message: expect.stringContaining('no_such_setting') };
    await expect(openEmbedded(data, { log })).rejects.toMatchObject(failure);
    await writeFile(join(data, 'pg', 'cluster', 'postgresql.auto.conf'), '');
    await joinFolder(data);
  });

  it('says that the password file is gone or wrong', async () => {
    const data = usedFolder('password');
    await writeFile(join(data, 'pg', 'password'), 'other\n');
    const wrong = { code: 'EMBEDDED_FAILED', message: expect.stringContaining('password') };
    await expect(openEmbedded(data, { log })).rejects.toMatchObject(wrong);
    await rm(join(data, 'pg', 'password'));
    await expect(openEmbedded(data, { log })).rejects.toMatchObject(wrong);
  });

  it('lets one server serve a folder and names it to the second', async () => {
    const data = usedFolder('serve');
    const store = await openStore({ dataDir: data, applicationName: 'test', log });
    try {
      await store.pool.query('CREATE TABLE meta (key text PRIMARY KEY, value jsonb NOT NULL)');
      const first = await claimServe(store.pool, { port: 0, dataDir: data });
      await announceServe(store.pool, 4711);
      await expect(claimServe(store.pool, { port: 1, dataDir: data })).rejects.toMatchObject({
        code: 'FOLDER_IN_USE',
        message: expect.stringMatching(new RegExp(`process ${process.pid} on port 4711.*assay worker --data`, 's')),
      });
      // As if the process that holds it had been killed and its session were about to end.
      const dead = spawnSync('true').pid;
      await store.pool.query(`UPDATE meta SET value = jsonb_set(value, '{pid}', to_jsonb($1::int))`, [dead]);
      const next = claimServe(store.pool, { port: 2, dataDir: data });
      await waitingFor(store.pool);
      await first.release();
      await (await next).release();
    } finally {
      await store.close();
    }
  });
});

describe.skipIf(!root)('the embedded server and its users (needs root, which this run has not)', () => {
  it('runs for root below a folder only root can enter, and keeps the files root’s', async () => {
    const data = usedFolder('as-root');
    const embedded = await joinFolder(data);
    expect((await stat(base)).mode & 0o777).toBe(0o700);
    expect((await stat(join(data, 'pg', 'cluster', 'postmaster.pid'))).uid).toBe(0);
    expect(await query(embedded.connectionString(), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('runs for an ordinary user; root joins the same server; another user is refused', async () => {
    const home = await mkdtemp(join(tmpdir(), 'assay-user-'));
    await chown(home, NOBODY, NOBODY);
    const data = join(home, 'data');
    const child = await startChild(data, { uid: NOBODY });
    expect(child.answer).toMatchObject({ serverPid: expect.any(Number) });
    const embedded = await joinFolder(data);
    expect(embedded.serverPid()).toBe(child.answer.serverPid);
    await child.leave();
    expect(await query(embedded.connectionString(), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await embedded.release();
    // Root first: what it makes must stay usable for the owner. In a process, whose binaries the owner can reach.
    await (await startChild(data, { uid: 0 })).leave();
    await (await startChild(data, { uid: NOBODY })).leave();
    const stranger = await startChild(data, { uid: 1 });
    expect(stranger.answer).toMatchObject({ code: 'EMBEDDED_FAILED', message: expect.stringContaining(data) });
    await rm(home, { recursive: true });
  });

  it('runs for a uid that has no account, in a user namespace', async () => {
    const home = await mkdtemp(join(tmpdir(), 'assay-user-'));
    await chown(home, 54_321, 54_321);
    const child = await startChild(join(home, 'data'), { uid: 54_321 });
    expect(await query(child.answer.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await child.leave();
    await rm(home, { recursive: true });
  });

  it('where namespaces are refused, gives a folder that others may pass through to nobody', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'assay-passable-'));
    spawnSync('chmod', ['711', folder]);
    const lines: string[] = [];
    const data = join(folder, 'data');
    const options = {
      refuseNamespace: true,
      copiesFolder: join(folder, 'copies'),
      log: (line: string) => lines.push(line),
    };
    const embedded = await joinFolder(data, options);
    expect(lines.join('\n')).toContain('runs as nobody');
    expect((await stat(join(data, 'pg', 'cluster', 'PG_VERSION'))).uid).toBe(NOBODY);
    expect((await stat(data)).mode & 0o777).toBe(0o701);
    await query(embedded.connectionString(), 'CREATE TABLE kept AS SELECT 42 AS a');
    await embedded.release();
    const again = await joinFolder(data);
    expect(await query(again.connectionString(), 'SELECT a FROM kept')).toEqual([{ a: 42 }]);
    await again.release();
    await rm(folder, { recursive: true });
  });

  it('where namespaces are refused, runs as nobody on copies and says so; a moved folder is refused', async () => {
    const copiesFolder = await mkdtemp(join(tmpdir(), 'assay-copies-'));
    spawnSync('chmod', ['711', copiesFolder]);
    const lines: string[] = [];
    const data = join(base, 'copied');
    const options = { refuseNamespace: true, copiesFolder, log: (line: string) => lines.push(line) };
    const embedded = await joinFolder(data, options);
    expect(lines.join('\n')).toContain(copiesFolder);
    await query(embedded.connectionString(), 'CREATE TABLE kept AS SELECT 42 AS a');
    await embedded.release();
    // The pointer counts from now on, whatever the system allows.
    const again = await joinFolder(data);
    expect(await query(again.connectionString(), 'SELECT a FROM kept')).toEqual([{ a: 42 }]);
    await again.release();
    const moved = join(base, 'moved');
    cpSync(data, moved, { recursive: true });
    await expect(openEmbedded(moved, { log })).rejects.toMatchObject({
      message: expect.stringContaining('Move it back'),
    });
    await rm(copiesFolder, { recursive: true });
    const gone = { code: 'EMBEDDED_FAILED', message: expect.stringContaining('is gone') };
    await expect(openEmbedded(data, { log })).rejects.toMatchObject(gone);
  });

  it('refuses a folder whose server runs in another container', async ({ skip }) => {
    const wrap = ['unshare', '--pid', '--fork', '--mount-proc'];
    skip(spawnSync('unshare', [...wrap.slice(1), 'true']).status !== 0, 'this system refuses process namespaces');
    const data = usedFolder('container');
    const embedded = await joinFolder(data);
    const stranger = await startChild(data, { wrap });
    expect(stranger.answer).toMatchObject({ code: 'FOLDER_IN_USE', message: expect.stringContaining('container') });
    expect(await query(embedded.connectionString(), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('names a full disk', async ({ skip }) => {
    const place = join(base, 'full');
    await mkdir(place);
    const mount = 'mount -t tmpfs -o size=12m none "$0"';
    const probe = spawnSync('unshare', ['--mount', 'sh', '-c', mount, place]);
    skip(probe.status !== 0, 'this system lets root mount nothing');
    const wrap = ['unshare', '--mount', 'sh', '-c', `${mount} && exec "$@"`, place];
    const child = await startChild(join(place, 'data'), { wrap });
    expect(child.answer).toMatchObject({ code: 'DISK_FULL', message: expect.stringContaining('No space left') });
  });
});

it('keeps nothing secret in its log', async () => {
  const password = (await readFile(join(template, 'pg', 'password'), 'utf8')).trim();
  expect(await readFile(join(template, 'pg', 'server.log'), 'utf8')).not.toContain(password);
});
