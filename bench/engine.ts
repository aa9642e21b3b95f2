import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { PgBoss } from 'pg-boss';
import { acceptJob } from '../src/engine/accept-job.ts';
import { countSpec } from '../src/jobs/count/schema.ts';
import { migrate } from '../src/store/migrate.ts';
import { openStore } from '../src/store/open-store.ts';
import { BENCH_USER, startBenchWorker } from './bench-worker.ts';
import { percentile, reportBench } from './report.ts';

/**
 * Engine: trivial jobs and tasks per second beside the bare queue library on the same server, pick-up latency, and what an
 * idle worker asks of the database. Ours does each task in a process of its own, with a token-checked commit of its result;
 * the bare queue runs an empty function in the same process.
 *
 * `node bench/engine.ts [--jobs 300] [--tasks 2000] [--idle-seconds 20]`
 */
const option = (name: string, fallback: number): number => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : Number(process.argv[at + 1]);
};
const jobs = option('jobs', 300);
const tasks = option('tasks', 2_000);
const idleSeconds = option('idle-seconds', 20);
const SLOTS = 4;

const folder = await mkdtemp(join(tmpdir(), 'assay-bench-'));
const store = await openStore({ dataDir: folder, applicationName: 'bench', maxConnections: 12, log: () => {} });
await migrate(store.pool);

const user = BENCH_USER;
const accept = async (request: Record<string, unknown>, single: boolean): Promise<string> => {
  const input = countSpec.request.parse(request) as Record<string, unknown>;
  const base = {
    name: 'COUNT',
    scope: { dataSources: [], scope: [] },
    resourceIds: [],
    affinity: 'DEFAULT',
    lockKeys: [],
    warnings: [],
  };
  const task = { key: 'i', item: 'i', title: 'i', payload: { item: 0, part: 0 } };
  const { job } = await acceptJob(store.db, { ...base, input, ...(single ? { single: task } : {}) }, user);
  return job.id;
};
const untilDone = async (): Promise<void> => {
  for (;;) {
    const { rows } = await store.pool.query('SELECT 1 FROM job WHERE finished_at IS NULL LIMIT 1');
    if (rows.length === 0) return;
    await pause(20);
  }
};
const secondsOf = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
};

const worker = await startBenchWorker(store, { slots: SLOTS, key: randomBytes(32), limits: { memoryMb: 256 } });
await accept({ items: SLOTS * 4, workMs: 50 }, false);
await untilDone();

const jobSeconds = await secondsOf(async () => {
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (let i = 0; i < jobs / 8; i++) await accept({ items: 1 }, true);
    }),
  );
  await untilDone();
});
const taskSeconds = await secondsOf(async () => {
  await accept({ items: tasks }, false);
  await untilDone();
});

const latencies: number[] = [];
for (let i = 0; i < 60; i++) {
  const id = await accept({ items: 1 }, true);
  await untilDone();
  const { rows } = await store.pool.query<{ ms: number }>(
    'SELECT extract(epoch FROM t.started_at - j.created_at)::float8 * 1000 AS ms FROM task t JOIN job j ON j.id = t.job_id WHERE j.id = $1',
    [id],
  );
  latencies.push(rows[0]?.ms ?? Number.NaN);
}

// The processes of the slots leave after ten seconds without work.
await pause(11_000);
const transactions = async (): Promise<number> => {
  const { rows } = await store.pool.query<{ n: number }>(
    'SELECT (xact_commit + xact_rollback)::int AS n FROM pg_stat_database WHERE datname = current_database()',
  );
  return rows[0]?.n ?? Number.NaN;
};
const before = await transactions();
await pause(idleSeconds * 1000);
const idle = ((await transactions()) - before - 1) / idleSeconds;
await worker.stop();

const boss = new PgBoss({ connectionString: store.embedded?.connectionString() ?? '', schema: 'boss' });
await boss.start();
await boss.createQueue('bare');
let seen = 0;
const bossSeconds = await secondsOf(async () => {
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (let i = 0; i < jobs / 8; i++) await boss.send('bare', { n: i });
    }),
  );
  await Promise.all(
    Array.from({ length: SLOTS }, async () => {
      for (;;) {
        const fetched = await boss.fetch('bare');
        if (fetched.length === 0) return;
        for (const one of fetched) await boss.complete('bare', one.id);
        seen += fetched.length;
      }
    }),
  );
});
await boss.stop({ graceful: false });
const count = Math.ceil(jobs / 8) * 8;
if (seen !== count) throw new Error(`the bare queue did ${seen} of ${count} jobs`);

const beside = { what: 'bare pg-boss send, fetch, complete', value: count / bossSeconds };
reportBench(
  'engine',
  { jobs: count, tasks, slots: SLOTS, idleSeconds },
  [
    { what: 'trivial jobs accepted and done', value: count / jobSeconds, unit: 'jobs/s', beside },
    { what: 'trivial tasks of one job', value: tasks / taskSeconds, unit: 'tasks/s', beside },
    { what: 'pick-up latency p50', value: percentile(latencies, 50), unit: 'ms' },
    { what: 'pick-up latency p95', value: percentile(latencies, 95), unit: 'ms' },
    { what: 'statements of an idle worker', value: idle, unit: 'statements/s', goal: '≤ 5' },
  ],
  { postgresql: (await store.pool.query('SHOW server_version')).rows[0].server_version, 'pg-boss': '12.38.0' },
);
await store.close();
await rm(folder, { recursive: true, force: true });
