import { fork } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openEmbedded } from '../../src/store/embedded/open-embedded.ts';
import { migrate } from '../../src/store/migrate.ts';
import { openDatabase } from '../../src/store/open-database.ts';
import { onDatabase } from '../support/on-database.ts';
import type { LaneAnswer, LaneRequest } from './deletions/lane.ts';
import { HAS_MARIADB } from './deletions/mysql-stage.ts';
import { Tally } from './deletions/tally.ts';

/**
 * Sources that fail at random moments of their listing while things are really removed from them. Was anything deleted that is
 * still there? Is everything that is gone deleted by the next clean run?
 *
 *   node test/faults/deletions.ts [--runs 1000] [--seed 1] [--run 17] [--lanes 2] [--report deletions.json]
 *
 * Of MariaDB only beside scripts/services.sh. `--run 17` does that one run of a seed again. Mistakes are planted before the runs, and must be found.
 */
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    run: { type: 'string' },
    lanes: { type: 'string', default: String(Math.min(availableParallelism(), 4)) },
    report: { type: 'string' },
  },
});
const [runs, seed, lanes] = [values.runs, values.seed, values.lanes].map(wholeNumber) as [number, number, number];
const wanted = values.run === undefined ? Array.from({ length: runs }, (_, n) => n) : [wholeNumber(values.run)];
console.log(`deletions: ${wanted.length} runs in ${lanes} lanes, seed ${seed} (repeat with --seed ${seed})`);

if (!HAS_MARIADB) console.log('  without MariaDB; with it: bash scripts/services.sh npm run test:deletions');

/** In so many runs every kind of fault strikes. */
const ALL_KINDS_BY = 500;

const folder = await mkdtemp(join(tmpdir(), 'assay-deletions-'));
const tally = new Tally();
const kinds = new Set<string>();
const startedAt = performance.now();
const seconds = (): number => Math.round((performance.now() - startedAt) / 1000);
const embedded = await openEmbedded(folder, { log: () => {} });
try {
  const adminUrl = onDatabase(embedded.connectionString(), 'postgres');
  const runsOf = (lane: number): number[] => wanted.filter((_, i) => i % lanes === lane);
  const plant = (lane: number): boolean => lane === 0 && values.run === undefined;
  await Promise.all(
    Array.from({ length: lanes }, async (_, lane) => {
      const connectionString = await makeCatalog(adminUrl, `lane_${lane}`);
      await runLane({ connectionString, adminUrl, seed, runs: runsOf(lane), plant: plant(lane) });
    }),
  );
} catch (error) {
  tally.problem(String(error));
} finally {
  await embedded.release();
  await rm(folder, { recursive: true, force: true });
}
const summary = tally.summary();
console.log('\ndeletion report');
for (const [key, value] of Object.entries({ seed, seconds: seconds(), ...summary }))
  if (typeof value !== 'object') console.log(`  ${key.padEnd(32)} ${value}`);
console.log('  faults that struck');
for (const [kind, count] of Object.entries(summary.faults)) console.log(`    ${kind.padEnd(66)} ${count}`);
if (values.report) await writeFile(values.report, `${JSON.stringify({ seed, ...summary }, null, 2)}\n`);
const failures = tally.failures(wanted.length >= ALL_KINDS_BY ? [...kinds] : []);
if (summary.runs !== wanted.length) failures.push(`${summary.runs} of ${wanted.length} runs were done`);
for (const failure of failures.slice(0, 30)) console.error(`FAILED  ${failure}`);
console.log(`${summary.runs} runs, ${failures.length} failures`);
process.exit(failures.length > 0 ? 1 : 0);

async function makeCatalog(adminUrl: string, name: string): Promise<string> {
  const admin = openDatabase({ connectionString: adminUrl }, { max: 1, applicationName: 'deletions' });
  // Nobody pulls the plug here, and each run writes some dozens of small transactions.
  for (const setting of ['fsync', 'synchronous_commit', 'full_page_writes'])
    await admin.pool.query(`ALTER SYSTEM SET ${setting} = off`);
  await admin.pool.query('SELECT pg_reload_conf()');
  await admin.pool.query(`CREATE DATABASE ${name}`);
  await admin.pool.end();
  const connectionString = onDatabase(adminUrl, name);
  const catalog = openDatabase({ connectionString }, { max: 1, applicationName: 'deletions' });
  await migrate(catalog.pool);
  await catalog.pool.end();
  return connectionString;
}

function runLane(request: LaneRequest): Promise<void> {
  const child = fork(fileURLToPath(new URL('./deletions/lane.ts', import.meta.url)), { stdio: 'inherit' });
  child.on('message', (answer: LaneAnswer) => {
    if (answer.type === 'run') {
      tally.add(answer);
      if (tally.size % 100 === 0) console.log(`  ${tally.size} of ${wanted.length} runs, ${seconds()} s`);
    } else if (answer.type === 'mistake') {
      const found = answer.inRun === undefined ? 'was NOT found' : `was found in run ${answer.inRun}`;
      console.log(`  planted mistake "${answer.says}" ${found}`);
      if (answer.inRun === undefined) tally.problem(`the planted mistake "${answer.says}" was not found`);
    } else for (const kind of answer.kinds) kinds.add(kind);
  });
  child.send(request);
  return new Promise((resolve, reject) => {
    child.once('exit', (code, signal) =>
      code === 0 ? resolve() : reject(new Error(`a lane ended with ${signal ?? `exit code ${code}`}`)),
    );
  });
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  console.error(`received "${text}", expected a whole number`);
  process.exit(2);
}
