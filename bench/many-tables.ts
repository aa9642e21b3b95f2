import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { acceptJob } from '../src/engine/accept-job.ts';
import { dataProfilingSpec } from '../src/jobs/data-profiling/schema.ts';
import { metadataIngestSpec } from '../src/jobs/metadata-ingest/schema.ts';
import type { AnyJobSpec } from '../src/jobs/specs.ts';
import { newHexId } from '../src/model/ids.ts';
import { sourceSecretPlace } from '../src/model/secret-places.ts';
import { insertDataSource } from '../src/store/data-sources.ts';
import { migrate } from '../src/store/migrate.ts';
import { openStore } from '../src/store/open-store.ts';
import { openSecrets } from '../src/store/secrets/secrets.ts';
import { BENCH_USER, startBenchWorker } from './bench-worker.ts';
import { makeSource, withClient } from './catalog-source.ts';
import { cpuByProcess, cpuFigures } from './cpu-by-process.ts';
import { readNumbers } from './options.ts';
import { reportBench } from './report.ts';

const { tables, columns, rows } = readNumbers(
  'Profiles many small tables of PostgreSQL through the real worker, beside the bare COPY of all of them by one client that throws the bytes away. Source, store and worker share the machine.',
  { tables: 3_000, columns: 20, rows: 1_000 },
);

const folder = await mkdtemp(join(tmpdir(), 'assay-bench-'));
const store = await openStore({ dataDir: folder, applicationName: 'bench', log: () => {} });
await migrate(store.pool);
await mkdir(join(folder, 'tasks'));
const connection = { ...store.embedded?.connection } as pg.ClientConfig & { host: string; password: string };
const source = { ...connection, database: 'source' };
const key = randomBytes(32);
const secrets = openSecrets(key);
const began = performance.now();
const says = (what: string): void =>
  console.log(`${((performance.now() - began) / 1000).toFixed(0).padStart(5)} s  ${what}`);

says(`making ${tables} tables of ${columns} columns and ${rows} rows`);
await makeSource(connection, tables, columns);
const KINDS = [
  '(i * 7919) % 100000',
  "'text ' || (i * 31) % 400",
  '(i % 977) / 100.0',
  "TIMESTAMPTZ '2024-01-01' + i * INTERVAL '1 minute'",
  'md5(i::text)',
];
const values = Array.from({ length: columns }, (_, i) => KINDS[i % KINDS.length]).join(', ');
await withClient(source, async (client) => {
  await client.query('SET synchronous_commit = off');
  for (let table = 0; table < tables; table++)
    await client.query(`INSERT INTO t${table} SELECT ${values} FROM generate_series(1, ${rows}) i`);
  await client.query('VACUUM ANALYZE; CHECKPOINT');
}).catch(async () => withClient(source, (client) => client.query('ANALYZE')));

says('the bare COPY');
const copyStart = performance.now();
let bytes = 0;
await withClient(source, async (client) => {
  for (let table = 0; table < tables; table++)
    for await (const chunk of client.query(copyTo(`COPY t${table} TO STDOUT (FORMAT csv)`))) bytes += chunk.length;
});
const copySeconds = (performance.now() - copyStart) / 1000;

const id = newHexId();
const user = BENCH_USER;
const config = {
  host: connection.host,
  port: String(connection.port),
  databaseName: 'source',
  userName: connection.user,
};
await store.db.transaction().execute((trx) =>
  insertDataSource(trx, {
    ...{ id, resourceName: 'bench', fqdnId: 'bench', databaseType: 'POSTGRES', affinityId: 'DEFAULT', config },
    secrets: { password: secrets.encrypt(connection.password, sourceSecretPlace(id, 'password')) },
    createdBy: user.id,
  }),
);
const worker = await startBenchWorker(
  { ...store, ensureRunning: async () => {} },
  { slots: 2, key, limits: { memoryMb: 512, tempFolder: join(folder, 'tasks') } },
);

async function run(spec: AnyJobSpec, body: Record<string, unknown>): Promise<number> {
  const context = { db: store.db, userId: user.id, mayCreateSources: true, encrypt: secrets.encrypt };
  const start = performance.now();
  const acceptance = await spec.accept(spec.request.parse(body), context);
  const { job } = await acceptJob(store.db, { name: spec.name, ...acceptance }, user);
  for (;;) {
    const row = await store.db
      .selectFrom('job')
      .select(['status', 'message', 'finished_at'])
      .where('id', '=', job.id)
      .executeTakeFirstOrThrow();
    if (row.finished_at !== null) {
      if (row.status !== 'COMPLETED') throw new Error(`${spec.name}: ${row.status} ${row.message}`);
      says(row.message);
      return (performance.now() - start) / 1000;
    }
    await pause(500);
  }
}

await run(metadataIngestSpec, { resourceId: id });
const root = await store.pool.query(`SELECT id FROM entity WHERE type = 'RESOURCE'`);
const before = await cpuByProcess(store.pool);
const seconds = await run(dataProfilingSpec, { scope: [root.rows[0].id] });
const after = await cpuByProcess(store.pool);
const { rows: counted } = await store.pool.query('SELECT count(*)::int AS n FROM profile WHERE current');
const expected = tables * (columns + 1);
if (counted[0].n !== expected) throw new Error(`${counted[0].n} profiles, expected ${expected}`);

await worker.stop();
await store.close();
await rm(folder, { recursive: true, force: true });
reportBench('many-tables', { tables, columns, rows, slots: 2, MB: Math.round(bytes / 1e6) }, [
  {
    what: 'profiling all tables',
    value: seconds,
    unit: 's',
    beside: { what: 'the bare COPY of all tables', value: copySeconds },
    goal: '≤ 300 for 3,000 × 20 × 1,000',
  },
  { what: 'a table', value: (1_000 * seconds) / tables, unit: 'ms' },
  ...cpuFigures(before, after, tables, 'a table in all processes', '≤ 200'),
]);
