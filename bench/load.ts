import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type AssayClient, createAssayClient } from '../src/client/index.ts';
import { fillDataFolder, makeGround, makeLongFolder, openBenchStore, startJob } from './load-catalog.ts';
import type { LoadOrder, LoadReport } from './load-client.ts';
import { type LoadRun, reportLoad } from './load-report.ts';
import { readNumbers } from './options.ts';
import { cpuSecondsOf, type Served, serveAssay, serveBareFastify, treeCpuSeconds, treePssMb } from './served.ts';

const USAGE = `Load: reads and job starts as clients mix them, at a constant rate, over HTTP, against \`assay serve\` as a user starts
it, while a profile of many files runs from the first request to the last. Each request is timed from the moment it was due.
Beside it the same requests without the profile, and at the same rate a fastify with one empty route, with the profile running.
The clients are a process of their own on the same machine; what they use of it is printed too.

  node bench/load.ts
  node bench/load.ts --rate 400 --seconds 30
  node bench/load.ts --tables 100000 --seconds 300`;
const settings = readNumbers(USAGE, { rate: 200, seconds: 60, tables: 10_000, columns: 10, rows: 200_000 });
const { rate, seconds } = settings;
const loadAverage = Number(loadavg()[0]!.toFixed(1));
const WARM_UP_SECONDS = 5;
const BARE_SECONDS = 15;

const folder = await mkdtemp(join(tmpdir(), 'assay-bench-'));
const says = (what: string): void => console.log(`${new Date().toISOString().slice(11, 19)}  ${what}`);

try {
  const data = join(folder, 'data');
  await mkdir(data, { mode: 0o700 });
  const password = randomBytes(15).toString('base64url');
  says('filling the catalog');
  const entities = await fillDataFolder(
    data,
    { tables: settings.tables, columns: settings.columns, sources: 20 },
    password,
  );
  const long = await makeLongFolder(folder, settings.rows);
  const server = await serveAssay(data, ['--file-root', long], join(folder, 'log'));
  const store = await openBenchStore(data);
  const client = createAssayClient({ baseUrl: `http://127.0.0.1:${server.port}`, username: 'admin', password });
  try {
    says('ingesting and profiling what jobs will be started on');
    const { ground, longRoot } = await makeGround(client, store, long);
    const order = { port: server.port, token: await signIn(server, password), rate };
    const postmaster = store.embedded!.serverPid();
    const run = (over: Partial<LoadOrder> & { seconds: number }): Promise<LoadRun> =>
      measure({ ...order, ground: undefined, ...over }, { api: server.child.pid!, postgres: postmaster });

    says('the mix, without a profile');
    refuseErrors(await run({ ground, seconds: WARM_UP_SECONDS }));
    const quiet = await run({ ground, seconds: seconds / 2 });
    const quietJobs = await untilEnded(client, quiet.startedJobs);

    const profile = await startJob(client, 'data-profiling', { scope: [longRoot] });
    await untilBusy(client, profile);
    says('a bare fastify, with the profile');
    const bareServer = await serveBareFastify();
    const bare = await run({ port: bareServer.port, seconds: BARE_SECONDS });
    await bareServer.stop();
    says('the mix, with the profile');
    await run({ ground: { ...ground, job: profile }, seconds: WARM_UP_SECONDS });
    const before = await requireRunning(client, profile);
    const loaded = await run({ ground: { ...ground, job: profile }, seconds });
    const after = await requireRunning(client, profile);
    if (after <= before) throw new Error(`the profile did not move on: ${before} files, then ${after}`);
    const memoryMb = treePssMb([server.child.pid!, postmaster]);
    says(`the profile read ${after - before} files meanwhile and is stopped; waiting for the jobs that were started`);
    await client.post('/jobs/{id}/cancel', { path: { id: profile } });
    const loadedJobs = await untilEnded(client, loaded.startedJobs);
    const startedJobs = loaded.startedJobs.length;
    reportLoad(
      { ...settings, entities, startedJobs, loadAverage },
      {
        quiet,
        quietJobs,
        bare,
        loaded,
        loadedJobs,
        rowsPerSecond: ((after - before) * settings.rows) / seconds,
        memoryMb,
      },
    );
  } finally {
    await store.close();
    await server.stop();
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function signIn({ port }: Served, password: string): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/api/public/v1/auth`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'admin', password }),
  });
  if (!response.ok) throw new Error(`sign-in: ${response.status} ${await response.text()}`);
  return ((await response.json()) as { data: { accessToken: string } }).data.accessToken;
}

async function measure(order: LoadOrder, roots: { api: number; postgres: number }): Promise<LoadRun> {
  const clients = fork(new URL('./load-client.ts', import.meta.url), [], { serialization: 'advanced' });
  const used = () => {
    const api = cpuSecondsOf(roots.api);
    const postgres = treeCpuSeconds(roots.postgres);
    // The embedded server is below the program that started it.
    return { api, postgres, tasks: treeCpuSeconds(roots.api) - api - postgres, all: busySeconds() };
  };
  const before = used();
  const beganMs = performance.now();
  const found = await new Promise<LoadReport>((resolve, reject) => {
    clients.once('message', (message) => resolve(message as LoadReport));
    clients.once('error', reject);
    clients.once('exit', (code) => reject(new Error(`the clients ended with ${code}`)));
    clients.send(order);
  });
  const wall = (performance.now() - beganMs) / 1000;
  const after = used();
  const cores = (part: keyof typeof before): number => (after[part] - before[part]) / wall;
  const ours = {
    api: cores('api'),
    tasks: cores('tasks'),
    postgres: cores('postgres'),
    clients: found.cpuSeconds / wall,
  };
  const others = Math.max(0, cores('all') - Object.values(ours).reduce((sum, one) => sum + one, 0));
  return { ...found, cores: { ...ours, others } };
}

/** Processor time that the machine has spent on anything. */
function busySeconds(): number {
  return cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0) / 1000;
}

/** What is wrong before the load is wrong with the bench. */
function refuseErrors({ errors }: LoadRun): void {
  const found = Object.entries(errors).map(([what, count]) => `${count}× ${what}`);
  if (found.length > 0) throw new Error(found.join('; '));
}

/** Until the worker has begun. */
async function untilBusy(client: AssayClient, id: string): Promise<void> {
  for (;;) {
    const { runners } = await client.get('/jobs/{id}/status', { path: { id } });
    if (runners.some((runner) => runner.running > 0)) return;
    await pause(100);
  }
}

/** @returns files read so far */
async function requireRunning(client: AssayClient, id: string): Promise<number> {
  const { status, statistics, message } = await client.get('/jobs/{id}/status', { path: { id } });
  if (status !== 'RUNNING') throw new Error(`the profile does not run beside the load: ${status} ${message}`);
  return statistics.done;
}

/** @returns seconds from start to end of each job */
async function untilEnded(client: AssayClient, ids: readonly string[]): Promise<number[]> {
  const times: number[] = [];
  for (const id of ids) {
    const { status, message } = await client.waitForJob(id, { stream: false });
    if (status !== 'COMPLETED') throw new Error(`job ${id}: ${status} ${message}`);
    const { createdAt, finishedAt } = (await client.get('/jobs/{id}', { path: { id } })).data;
    times.push((Date.parse(finishedAt) - Date.parse(createdAt)) / 1000);
  }
  return times;
}
