import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { mixedRows } from '../../bench/mixed-table.ts';
import { readNumbers } from '../../bench/options.ts';
import { openStore } from '../../src/store/open-store.ts';
import { writeDuckDb } from '../support/duckdb-files.ts';
import { freePort } from '../support/free-port.ts';
import { Actor } from './actors.ts';
import { catalogPicture, differences } from './catalog-picture.ts';
import { Client } from './workload.ts';

const USAGE = `Kills a worker in the middle of profiling one large table, and then asks: was any part measured again that had been done, was
more than the part lost that the worker was at, does a digit of the profile differ from that of an undisturbed run?

  node test/faults/large-table.ts
  node test/faults/large-table.ts --rows 20000000 --kills 3
  node test/faults/large-table.ts --sqlite 2       a table of SQLite instead of DuckDB`;
const { rows, kills, sqlite } = readNumbers(USAGE, { rows: 10_000_000, kills: 2, sqlite: 1 });
const databaseType = sqlite > 1 ? 'SQLITE' : 'DUCKDB';
const path = (folder: string): string => join(folder, `large.${databaseType.toLowerCase()}`);

const folder = await mkdtemp(join(tmpdir(), 'assay-large-table-'));
const data = join(folder, 'data');
const files = join(folder, 'files');
await mkdir(files);
if (databaseType === 'SQLITE') writeSqlite(path(files));
else
  await writeDuckDb(path(files), [
    `SET temp_directory = '${folder}'`,
    `SET memory_limit = '2GB'`,
    `CREATE TABLE mixed AS ${mixedRows(rows)}`,
  ]);

const port = await freePort();
const password = randomBytes(12).toString('base64url');
const env = { ASSAY_ADMIN_PASSWORD: password, ASSAY_LOG_LEVEL: 'warn' };
const root = ['--file-root', files];
const api = new Actor('api', ['serve', '--no-worker', '--data', data, '--port', String(port), ...root], env);
const client = new Client(`http://127.0.0.1:${port}`, password);
const workers: Actor[] = [];
const failures: string[] = [];
const store = await client
  .call('GET', '/jobs?size=1')
  .then(() => openStore({ dataDir: data, applicationName: 'large table', log: () => {} }));
try {
  for (const name of ['w1', 'w2'])
    workers.push(new Actor(name, ['worker', '--data', data, '--slots', '1', '--name', name, ...root], env));
  const made = (await client.call('POST', '/data-sources', {
    resourceName: 'large',
    databaseType,
    path: path(files),
  })) as { data: { _id: string }[] };
  const sourceId = made.data[0]?._id ?? '';
  await client.run('/jobs/execute/metadata/ingest', { resourceId: sourceId });
  const table = await store.db
    .selectFrom('entity')
    .select('id')
    .where('source_id', '=', sourceId)
    .where('type', '=', 'TABLE')
    .executeTakeFirstOrThrow();
  const profiling = ['/jobs/execute/data-profiling', { scope: [table.id] }] as const;

  const from = performance.now();
  const undisturbedJob = await client.run(...profiling);
  const parts = (await tasksOf(undisturbedJob)).length;
  const undisturbed = await catalogPicture(store, sourceId);
  console.log(
    `undisturbed: ${rows.toLocaleString('en-US')} rows in ${parts} tasks, ${Math.round((performance.now() - from) / 100) / 10} s`,
  );
  if (parts < 3) failures.push(`the table was read in ${parts} tasks, expected at least two parts and their fold`);

  let lost = 0;
  for (let kill = 1; kill <= kills; kill++) {
    const { job, before, worker } = await startUntilAtWork(() => client.start(...profiling));
    workers.find(({ name }) => name === worker)?.signal('SIGKILL');
    console.log(`kill ${kill}: ${before.filter(isDone).length} of ${before.length} tasks were done`);
    await client.awaitEnd(job);
    const after = await tasksOf(job);
    for (const task of before.filter(isDone))
      if (after.find(({ key }) => key === task.key)?.attempt !== task.attempt)
        failures.push(`kill ${kill}: ${task.key} had been done and was done again`);
    const again = after.filter(({ attempt }) => attempt > 1);
    console.log(`        ${again.length} done again`);
    lost += again.length;
    if (again.length > 1)
      failures.push(`kill ${kill}: ${again.length} tasks were done again, expected the one at hand`);
    for (const difference of differences(undisturbed, await catalogPicture(store, sourceId)))
      failures.push(`kill ${kill}: ${difference}`);
  }
  if (lost === 0) failures.push('no kill hit a task');
} catch (error) {
  failures.push(String(error instanceof Error ? error.stack : error));
} finally {
  for (const actor of [...workers, api]) await actor.stop();
  await store.close();
}
for (const failure of failures) console.error(`FAILED  ${failure}`);
if (failures.length > 0)
  for (const actor of [api, ...workers]) console.error(`--- ${actor.name}\n${actor.output.slice(-3_000)}`);
else await rm(folder, { recursive: true, force: true });
console.log(`${kills} kills, ${failures.length} failures`);
process.exit(failures.length > 0 ? 1 : 0);

/** A third of the rows lie beyond a gap of 2^53 ids; a column has texts in the last part only. */
function writeSqlite(to: string): void {
  const file = new DatabaseSync(to);
  file.exec(`PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; CREATE TABLE mixed (id INTEGER PRIMARY KEY, code TEXT, amount NUMERIC, loose);
    WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < ${rows})
    INSERT INTO mixed SELECT CASE WHEN i % 3 = 0 THEN 9007199254740993 + i ELSE i END, 'c' || (i % 5000), i / 100.0,
      CASE WHEN i = ${rows} THEN 'word' ELSE i * 7 % 1000003 END FROM s`);
  file.close();
}

interface TaskRow {
  key: string;
  state: string;
  attempt: number;
  worker_name: string | null;
}

function isDone({ state }: TaskRow): boolean {
  return state === 'done';
}

/** The tasks that measure and fold; the one that plans is not among them. */
async function tasksOf(job: string): Promise<TaskRow[]> {
  return store.db
    .selectFrom('task')
    .select(['key', 'state', 'attempt', 'worker_name'])
    .where('job_id', '=', job)
    .where('kind', '=', 'work')
    .orderBy('key')
    .execute();
}

/** A job of which a part is done while a worker is at another. Both may end at once; then another job is begun. */
async function startUntilAtWork(
  start: () => Promise<string>,
): Promise<{ job: string; before: TaskRow[]; worker: string }> {
  for (let attempt = 1; attempt <= 5; attempt++) {
    const job = await start();
    const found = await atWork(job);
    if (found) return { job, ...found };
    await client.awaitEnd(job);
  }
  throw new Error('in 5 jobs no worker was seen at a part while another part was done');
}

async function atWork(job: string): Promise<{ before: TaskRow[]; worker: string } | undefined> {
  const until = Date.now() + 240_000;
  for (;;) {
    const tasks = await tasksOf(job);
    const running = tasks.find(({ state, worker_name }) => state === 'running' && worker_name !== null);
    if (tasks.some(isDone) && running?.worker_name) return { before: tasks, worker: running.worker_name };
    if (tasks.length > 0 && tasks.every(isDone)) return undefined;
    if (Date.now() > until) throw new Error(`no part was done: ${JSON.stringify(tasks)}`);
    await pause(50);
  }
}
