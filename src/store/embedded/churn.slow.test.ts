import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { expect, it } from 'vitest';
import { openEmbedded } from './open-embedded.ts';
import { isPostgresOf } from './process-identity.ts';

const CHILD = fileURLToPath(new URL('../../../test/support/embedded-child.ts', import.meta.url));
const SECONDS = 60;
const MOST_MEMBERS = 4;

/** mulberry32: small, seeded, good enough to choose what happens next. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Member {
  process: ChildProcess;
  url: string;
}

/**
 * Processes join, leave, are killed, and the server is killed, in an order of chance and several at once. Whoever joined can
 * write; nothing that was acknowledged is lost; after the last one left no server runs.
 */
it('keeps every acknowledged row while members and server come, go and are killed', async () => {
  const random = seededRandom(Number(process.env.TEST_SEED));
  const data = await mkdtemp(join(tmpdir(), 'assay-churn-'));
  const cluster = join(data, 'pg', 'cluster');
  const keeper = await openEmbedded(data, { log: () => undefined });
  await write(keeper.connectionString(), 'CREATE TABLE seen (n int PRIMARY KEY)');
  await keeper.release();
  const serverPid = async (): Promise<number> =>
    Number((await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '0')).split('\n')[0]);
  const members: Member[] = [];
  const acknowledged: number[] = [];
  const counts = { joined: 0, left: 0, killed: 0, serverKilled: 0 };
  let serverWasKilled = false;

  const joinIn = async (): Promise<void> => {
    const child = spawn(process.execPath, [CHILD, data], { stdio: ['pipe', 'pipe', 'inherit'] });
    const line = await createInterface({ input: child.stdout! })[Symbol.asyncIterator]().next();
    const answer = JSON.parse(line.value ?? '{"message": "ended without an answer"}') as {
      url?: string;
      message?: string;
    };
    expect(answer.message).toBeUndefined();
    const n = counts.joined++;
    members.push({ process: child, url: answer.url! });
    // The server may be killed between joining and writing; then nothing was acknowledged.
    const written = await write(answer.url!, `INSERT INTO seen VALUES (${n})`).then(
      () => true,
      (error: unknown) => {
        if (!serverWasKilled) throw error;
        return false;
      },
    );
    if (written) acknowledged.push(n);
  };
  const end = async (member: Member, how: 'leave' | 'kill'): Promise<void> => {
    const ended = once(member.process, 'exit');
    if (how === 'kill') member.process.kill('SIGKILL');
    else member.process.stdin!.end();
    await ended;
    counts[how === 'kill' ? 'killed' : 'left']++;
  };
  const take = (): Member | undefined => members.splice(Math.floor(random() * members.length), 1)[0];

  try {
    const deadline = performance.now() + SECONDS * 1000;
    while (performance.now() < deadline) {
      serverWasKilled = false;
      const actions: Promise<void>[] = [];
      for (let count = 1 + Math.floor(random() * 3); count > 0; count--) {
        const choice = random();
        const member = choice < 0.5 && members.length > 0 ? take() : undefined;
        if (member) actions.push(end(member, choice < 0.3 ? 'leave' : 'kill'));
        else if (members.length + actions.length < MOST_MEMBERS) actions.push(joinIn());
      }
      if (random() < 0.1) {
        const pid = await serverPid();
        if (isPostgresOf(pid, cluster)) {
          serverWasKilled = true;
          counts.serverKilled++;
          process.kill(pid, 'SIGKILL');
        }
      }
      await Promise.all(actions);
    }
    await Promise.all(members.splice(0).map((member) => end(member, 'leave')));
    const last = await openEmbedded(data, { log: () => undefined });
    const client = new pg.Client({ connectionString: last.connectionString() });
    await client.connect();
    const kept = new Set((await client.query<{ n: number }>('SELECT n FROM seen')).rows.map((row) => row.n));
    await client.end();
    expect(acknowledged.filter((n) => !kept.has(n))).toEqual([]);
    await last.release();
    expect(isPostgresOf(last.serverPid(), cluster)).toBe(false);
    console.log(JSON.stringify({ ...counts, acknowledged: acknowledged.length }));
    expect(Math.min(...Object.values(counts))).toBeGreaterThan(0);
  } finally {
    for (const member of members) member.process.kill('SIGKILL');
    await (await openEmbedded(data, { log: () => undefined })).release();
    await rm(data, { recursive: true, force: true });
  }
}, 240_000);

async function write(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined); // the server may be killed at any moment; the query then fails
  try {
    await client.connect();
    await client.query(statement);
  } finally {
    await client.end().catch(() => undefined);
  }
}
