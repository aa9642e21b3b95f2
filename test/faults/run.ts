import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { openStore, type Store } from '../../src/store/open-store.ts';
import { freePort } from '../support/free-port.ts';
import { Actor, orphans } from './actors.ts';
import { type CatalogPicture, catalogPicture, differences } from './catalog-picture.ts';
import { disturb, TARGETS, TakeoverWatch, type Target } from './disturb.ts';
import { seededRandom } from './random.ts';
import { Client, type Started, startCount, writeSource } from './workload.ts';

/**
 * Kills real processes at random moments while jobs run, and then asks: was a job lost, was a result committed twice, does
 * any result differ from that of an undisturbed run?
 *
 *   node test/faults/run.ts [--kills 50] [--seed 1] [--report faults.json]
 */
const { values } = parseArgs({
  options: { kills: { type: 'string', default: '50' }, seed: { type: 'string' }, report: { type: 'string' } },
});
const kills = Number(values.kills);
const seed = Number(values.seed ?? Date.now() % 2 ** 31);
const random = seededRandom(seed);
console.log(`faults: ${kills} kills, seed ${seed} (repeat with --seed ${seed})`);

const folder = await mkdtemp(join(tmpdir(), 'assay-faults-'));
const data = join(folder, 'data');
const files = join(folder, 'files');
await mkdir(files);
writeSource(join(files, 'source.sqlite'), seededRandom(7));
const port = await freePort();
const password = randomBytes(12).toString('base64url');
const env = { ASSAY_ADMIN_PASSWORD: password, ASSAY_LOG_LEVEL: 'warn' };
const WORKERS = ['w1', 'w2', 'w3'];
const fileRoot = ['--file-root', files];

const api = new Actor('api', ['serve', '--no-worker', '--data', data, '--port', String(port), ...fileRoot], env);
const client = new Client(`http://127.0.0.1:${port}`, password);
const failures: string[] = [];
let store: Store | undefined;
const workers: Actor[] = [];
try {
  const source = (await client.call('POST', '/data-sources', {
    resourceName: 'faults',
    databaseType: 'SQLITE',
    path: join(files, 'source.sqlite'),
  })) as { data: { _id: string }[] };
  const sourceId = source.data[0]?._id ?? '';
  const opened = await openStore({ dataDir: data, applicationName: 'faults', log: () => {} });
  store = opened;
  for (const name of WORKERS) {
    workers.push(new Actor(name, ['worker', '--data', data, '--slots', '2', '--name', name, ...fileRoot], env));
  }

  const undisturbed = await runCatalogJobs(opened, sourceId);
  console.log(`undisturbed run: ${undisturbed.entities.length} entities, ${undisturbed.profiles.length} profiles`);
  if (undisturbed.entities.length === 0 || undisturbed.profiles.length === 0)
    throw new Error('the undisturbed run found nothing');

  const hits = new Map<Target, number>();
  const started: Started[] = [];
  const takeover = new TakeoverWatch();
  let disturbing = true;
  let watching = true;
  let rounds = 0;
  const catalogLoop = (async () => {
    while (disturbing) {
      const seen = await runCatalogJobs(opened, sourceId);
      for (const difference of differences(undisturbed, seen)) failures.push(`catalog, round ${rounds}: ${difference}`);
      rounds++;
    }
  })();
  catalogLoop.catch((error: unknown) => {
    failures.push(`catalog jobs: ${String(error)}`);
  });
  const watchLoop = (async () => {
    while (watching) {
      await takeover.look(opened).catch(() => {});
      await pause(200);
    }
  })();
  const start = performance.now();
  const total = (): number => [...hits.values()].reduce((sum, n) => sum + n, 0);
  while (total() < kills) {
    await patiently(opened, async () => {
      const { rows } = await opened.pool.query('SELECT count(*)::int AS open FROM job WHERE finished_at IS NULL');
      for (let open = rows[0].open; open < 8; open++) started.push(await startCount(opened, random));
    });
    await pause(random.between(400, 2_200));
    // Stopping and the database are rarer: each costs everyone seconds.
    const target = random.pick<Target>([
      'worker',
      'worker',
      'task process',
      'task process',
      'task process',
      'API',
      'API',
      'database',
      TARGETS[4],
    ]);
    const victim = random.pick(workers);
    if (target === 'worker' && victim.pid !== undefined)
      await patiently(opened, () => takeover.note(opened, victim.name));
    if (await disturb({ api, victim, store: opened }, target, random)) {
      if (target === 'database') takeover.noteOutage();
      hits.set(target, (hits.get(target) ?? 0) + 1);
      if (total() % 10 === 0)
        console.log(
          `  ${total()} of ${kills} kills, ${started.length} jobs started, ${Math.round((performance.now() - start) / 1000)} s`,
        );
    }
  }
  disturbing = false;
  await catalogLoop.catch(() => {});
  const ended = await settle(opened, started);
  watching = false;
  await watchLoop;
  for (const one of started) {
    const job = ended.get(one.id);
    if (!job) failures.push(`${one.what} ${one.id} was lost`);
    else if (job.finished_at === null) failures.push(`${one.what} ${one.id} never ended: ${job.status} ${job.message}`);
    else for (const wrong of one.judge(job)) failures.push(`${one.what} ${one.id}: ${wrong}`);
  }
  const { rows: made } = await opened.pool.query(`SELECT count(*)::int AS n FROM job WHERE name <> 'COUNT'`);
  if (made[0].n !== client.keys.size) {
    failures.push(`${client.keys.size} requests made ${made[0].n} jobs: some made more than one job, or none`);
  }
  const tookMs = [...takeover.tookMs].sort((a, b) => a - b);
  const slowest = tookMs.at(-1) ?? 0;
  if (slowest > 15_000) failures.push(`a takeover took ${Math.round(slowest)} ms, more than 15,000`);
  const lostWorkers = (hits.get('worker') ?? 0) + (hits.get('worker stopped and continued') ?? 0);
  if (lostWorkers >= 5 && tookMs.length + takeover.tookMsWithOutage.length === 0) {
    failures.push(`${lostWorkers} workers were hit and no takeover was seen`);
  }
  if (started.length === 0 || rounds === 0) failures.push('no job ran while processes were killed');
  const report = {
    seed,
    kills: Object.fromEntries(hits),
    killsInAll: total(),
    seconds: Math.round((performance.now() - start) / 1000),
    countingJobs: started.length,
    catalogRounds: rounds,
    requestsRepeated: client.repeated,
    takeovers: tookMs.length,
    takeoverMedianMs: Math.round(tookMs[Math.floor(tookMs.length / 2)] ?? 0),
    takeoverSlowestMs: Math.round(slowest),
    takeoversWithDatabaseKilled: takeover.tookMsWithOutage.length,
    slowestOfThoseMs: Math.round(Math.max(0, ...takeover.tookMsWithOutage)),
    jobsLost: failures.filter((line) => /was lost|never ended/.test(line)).length,
    resultsTwice: failures.filter((line) => /results committed|more than one job/.test(line)).length,
    otherDifferences: failures.filter((line) => !/was lost|never ended|results committed|more than one job/.test(line))
      .length,
  };
  console.log('\nkill report');
  for (const [key, value] of Object.entries(report))
    console.log(`  ${key.padEnd(28)} ${typeof value === 'object' ? JSON.stringify(value) : value}`);
  if (values.report) await writeFile(values.report, `${JSON.stringify(report, null, 2)}\n`);
} catch (error) {
  failures.push(String(error instanceof Error ? error.stack : error));
} finally {
  for (const actor of [...workers, api]) {
    const code = await actor.stop();
    if (code !== 0)
      failures.push(
        `${actor.name} did not leave in order on SIGTERM (${code ?? 'killed'}): ${actor.output.slice(-600)}`,
      );
  }
  await store?.close();
  // One that was just starting when its worker was killed notices when it has loaded.
  let left = orphans();
  for (let tries = 0; left.length > 0 && tries < 20; tries++) {
    await pause(250);
    left = orphans();
  }
  if (left.length > 0) failures.push(`task processes ${left.join(', ')} outlived their workers`);
}
for (const failure of failures.slice(0, 30)) console.error(`FAILED  ${failure}`);
if (failures.length > 0) {
  for (const actor of [api, ...workers]) console.error(`--- ${actor.name}\n${actor.output.slice(-3_000)}`);
} else {
  await rm(folder, { recursive: true, force: true });
}
console.log(`${kills - Math.min(kills, failures.length)} passed, ${failures.length} failed`);
process.exit(failures.length > 0 ? 1 : 0);

/** Ingest and profile the source through the API, wait for both, and picture what the catalog then holds. */
async function runCatalogJobs(opened: Store, sourceId: string): Promise<CatalogPicture> {
  await client.run('/jobs/execute/metadata/ingest', { resourceId: sourceId });
  const root = await patiently(opened, () =>
    opened.db
      .selectFrom('entity')
      .select('id')
      .where('source_id', '=', sourceId)
      .where('parent_id', 'is', null)
      .executeTakeFirstOrThrow(),
  );
  await client.run('/jobs/execute/data-profiling', { scope: [root.id] });
  return patiently(opened, () => catalogPicture(opened, sourceId));
}

/** Waits until every started job has ended, or two minutes. */
async function settle(opened: Store, jobs: Started[]) {
  const until = Date.now() + 120_000;
  for (;;) {
    const rows = await patiently(opened, async () => {
      return opened.db
        .selectFrom('job')
        .selectAll()
        .where(
          'id',
          'in',
          jobs.map((job) => job.id),
        )
        .execute();
    });
    if (rows.every((row) => row.finished_at !== null) || Date.now() > until)
      return new Map(rows.map((row) => [row.id, row]));
    await pause(300);
  }
}

/** The database is one of the things that are killed: bring it back and ask again. */
async function patiently<T>(opened: Store, work: () => Promise<T>): Promise<T> {
  const until = Date.now() + 60_000;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (Date.now() > until) throw error;
      await opened.ensureRunning().catch(() => {});
      await pause(200);
    }
  }
}
