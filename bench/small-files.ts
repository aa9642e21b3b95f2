import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { acceptJob } from '../src/engine/accept-job.ts';
import { findJobSpec } from '../src/jobs/specs.ts';
import { insertDataSource } from '../src/store/data-sources.ts';
import { migrate } from '../src/store/migrate.ts';
import { openStore } from '../src/store/open-store.ts';
import { openSecrets } from '../src/store/secrets/secrets.ts';
import { BENCH_USER, startBenchWorker } from './bench-worker.ts';
import { cpuByProcess, cpuFigures } from './cpu-by-process.ts';
import { readNumbers } from './options.ts';
import { reportBench } from './report.ts';
import { seededRandom } from './seeded-random.ts';

const { files, slots } = readNumbers(
  'Many small files: a folder of CSV files of 100 rows × 8 columns, listed by an ingest and profiled by a job, with the worker, the processes of its slots and the store of a server; beside it DuckDB reading and summarizing the same files in one process.',
  { files: 1_000, slots: 2 },
);
const ROWS = 100;
const SOURCE_ID = '65f0000000000000000000c5';

const folder = await mkdtemp(join(tmpdir(), 'assay-bench-small-'));
const input = join(folder, 'in');
await mkdir(input);
await mkdir(join(folder, 'temp'));
const random = seededRandom(1);
const next = (below: number): number => Math.floor(random() * below);
const CITIES = ['Berlin', 'Köln', 'Rome', 'Oslo', 'Bonn'];
const nameOf = (i: number): string => `f${String(i).padStart(5, '0')}.csv`;
for (let i = 0; i < files; i++) {
  let text = 'id,name,city,price,quantity,day,is_new,comment\n';
  for (let row = 0; row < ROWS; row++)
    text += `${row},name ${next(1e6)},${CITIES[next(5)]},${next(10_000) / 100},${next(50)},2026-0${1 + next(9)}-1${next(10)},${next(2) === 0},"a, ${next(20)}"\n`;
  await writeFile(join(input, nameOf(i)), text);
}

const store = await openStore({
  dataDir: join(folder, 'data'),
  applicationName: 'bench',
  maxConnections: 12,
  log: () => {},
});
await migrate(store.pool);
const user = BENCH_USER;
const key = Buffer.alloc(32, 7);
const secrets = openSecrets(key);
await insertDataSource(store.db, {
  id: SOURCE_ID,
  resourceName: 'small',
  fqdnId: 'small',
  databaseType: 'FS',
  config: { path: input },
  secrets: {},
  createdBy: null,
});
const worker = await startBenchWorker(store, {
  slots,
  key,
  limits: { fileRoots: [folder], memoryMb: 512, tempFolder: join(folder, 'temp') },
});

/** Seconds from acceptance to the end. */
async function run(name: string, body: Record<string, unknown>): Promise<number> {
  const spec = findJobSpec(name);
  if (!spec) throw new Error(`there is no job ${name}`);
  const start = performance.now();
  const context = {
    db: store.db,
    userId: user.id,
    mayCreateSources: true,
    encrypt: (plain: string, place: string) => secrets.encrypt(plain, place),
  };
  const acceptance = await spec.accept(spec.request.parse(body), context);
  const { job } = await acceptJob(store.db, { name, ...acceptance }, user);
  for (;;) {
    const { rows } = await store.pool.query(
      'SELECT status, message FROM job WHERE id = $1 AND finished_at IS NOT NULL',
      [job.id],
    );
    if (rows[0]?.status === 'COMPLETED') return (performance.now() - start) / 1000;
    if (rows[0]) throw new Error(`${name} is ${rows[0].status}: ${rows[0].message}`);
    await pause(200);
  }
}

await run('METADATA_INGEST', { resourceId: SOURCE_ID });
const { rows: found } = await store.pool.query(`SELECT id FROM entity WHERE source_id = $1 AND type = 'RESOURCE'`, [
  SOURCE_ID,
]);
const before = await cpuByProcess(store.pool);
const seconds = await run('DATA_PROFILE', { scope: [found[0].id] });
const after = await cpuByProcess(store.pool);
const { rows: kept } = await store.pool.query('SELECT count(*)::int AS n FROM profile');
if (kept[0].n < files * 9) throw new Error(`${kept[0].n} profiles were stored, expected ${files * 9}`);
await worker.stop();

const instance = await DuckDBInstance.create(':memory:', { threads: String(slots) });
const connection = await instance.connect();
const start = performance.now();
for (let i = 0; i < files; i++) {
  await connection.run(`CREATE OR REPLACE TABLE t AS SELECT * FROM read_csv('${join(input, nameOf(i))}')`);
  await connection.runAndReadAll('SUMMARIZE t');
}
const bare = (performance.now() - start) / 1000;

reportBench('small-files', { files, rows: ROWS, columns: 8, slots }, [
  {
    what: 'small files profiled by a job',
    value: files / seconds,
    unit: 'files/s',
    beside: { what: 'DuckDB reading and SUMMARIZE, one process', value: files / bare },
    goal: '≥ 50',
  },
  ...cpuFigures(before, after, files, 'a file in all processes', '≤ 38'),
]);
await store.close();
await rm(folder, { recursive: true, force: true });
