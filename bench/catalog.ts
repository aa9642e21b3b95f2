import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { acceptJob } from '../src/engine/accept-job.ts';
import { metadataIngestSpec } from '../src/jobs/metadata-ingest/schema.ts';
import { removeDatasourceSpec } from '../src/jobs/remove-datasource/schema.ts';
import type { AnyJobSpec } from '../src/jobs/specs.ts';
import { newHexId } from '../src/model/ids.ts';
import { sourceSecretPlace } from '../src/model/secret-places.ts';
import { insertDataSource } from '../src/store/data-sources.ts';
import { migrate } from '../src/store/migrate.ts';
import { openStore } from '../src/store/open-store.ts';
import { foldSearchChanges } from '../src/store/search/fold-changes.ts';
import { openSecrets } from '../src/store/secrets/secrets.ts';
import { BENCH_USER, startBenchWorker } from './bench-worker.ts';
import { makeSource, withClient } from './catalog-source.ts';
import { measureFilterPages } from './filter-pages.ts';
import { reportBench } from './report.ts';

/**
 * Catalog: ingest of a PostgreSQL source, ingest again without and with a change, pages of entities/filter, removal; beside one
 * INSERT … SELECT of the same rows into a table with the same indexes, and one DELETE, on the same server. Source, catalog and
 * our processes share the machine. The goals are those of 100,000 tables, scaled to the size of the run.
 *
 * `node bench/catalog.ts [--tables 5000] [--columns 10]`
 */
const option = (name: string, fallback: number): number => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : Number(process.argv[at + 1]);
};
const tables = option('tables', 5_000);
const columns = option('columns', 10);

const folder = await mkdtemp(join(tmpdir(), 'assay-bench-'));
const store = await openStore({ dataDir: folder, applicationName: 'bench', log: () => {} });
await migrate(store.pool);
const connection = { ...store.embedded?.connection } as pg.ClientConfig & { host: string; password: string };
const key = randomBytes(32);
const secrets = openSecrets(key);

const says = (what: string): void =>
  console.log(`${((performance.now() - began) / 1000).toFixed(0).padStart(5)} s  ${what}`);
const began = performance.now();
says(`making ${tables} tables of ${columns} columns`);
await makeSource(connection, tables, columns);

const id = newHexId();
const user = BENCH_USER;
await store.db.transaction().execute((trx) =>
  insertDataSource(trx, {
    id,
    resourceName: 'bench',
    fqdnId: 'bench',
    databaseType: 'POSTGRES',
    affinityId: 'DEFAULT',
    config: { host: connection.host, port: String(connection.port), databaseName: 'source', userName: connection.user },
    secrets: { password: secrets.encrypt(connection.password, sourceSecretPlace(id, 'password')) },
    createdBy: user.id,
  }),
);
const worker = await startBenchWorker(store, { slots: 2, key, limits: { memoryMb: 512 } });

/** Proportional set size of this process and its children, MB: shared pages count once. */
function pssMb(): number {
  const own = [process.pid, ...childrenOf(process.pid)];
  return own.reduce((sum, pid) => sum + pssOf(pid), 0);
}
function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .split(' ')
    .filter(Boolean)
    .map(Number)
    .filter(isNode);
}
function isNode(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('task-main');
  } catch {
    return false;
  }
}
function pssOf(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

async function run(
  spec: AnyJobSpec,
  body: Record<string, unknown>,
): Promise<{ seconds: number; beganMb: number; peakMb: number; message: string }> {
  const context = { db: store.db, userId: user.id, mayCreateSources: true, encrypt: secrets.encrypt };
  const start = performance.now();
  const acceptance = await spec.accept(spec.request.parse(body), context);
  const { job } = await acceptJob(store.db, { name: spec.name, ...acceptance }, user);
  const beganMb = pssMb();
  let peakMb = beganMb;
  for (;;) {
    peakMb = Math.max(peakMb, pssMb());
    const row = await store.db
      .selectFrom('job')
      .select(['status', 'message', 'finished_at'])
      .where('id', '=', job.id)
      .executeTakeFirstOrThrow();
    if (row.finished_at !== null) {
      if (row.status !== 'COMPLETED') throw new Error(`${spec.name}: ${row.status} ${row.message}`);
      return { seconds: (performance.now() - start) / 1000, beganMb, peakMb, message: row.message };
    }
    await pause(50);
  }
}

/** What was written before, and what search makes of it in the background, belongs to what was measured before. */
async function settle(): Promise<number> {
  const start = performance.now();
  await foldSearchChanges(store.db);
  const seconds = (performance.now() - start) / 1000;
  await store.pool.query('CHECKPOINT');
  return seconds;
}
async function timed(statement: string): Promise<number> {
  await settle();
  const start = performance.now();
  await store.pool.query(statement);
  return (performance.now() - start) / 1000;
}
async function touched(): Promise<number> {
  await store.pool.query('SELECT pg_stat_force_next_flush()');
  const { rows } = await store.pool.query(
    `SELECT (n_tup_ins + n_tup_upd + n_tup_del)::int AS n FROM pg_stat_user_tables WHERE relname = 'entity'`,
  );
  return rows[0].n;
}

says('ingest');
const ingest = await run(metadataIngestSpec, { resourceId: id });
const { rows: counted } = await store.pool.query('SELECT count(*)::int AS n FROM entity');
const entities: number = counted[0].n;
const expected = tables * (columns + 1) + 2;
if (entities !== expected) throw new Error(`${entities} entities, expected ${expected}`);

const folded = await settle();

says('the bare INSERT … SELECT');
await store.pool.query('CREATE TABLE entity_copy (LIKE entity INCLUDING ALL)');
const bare = await timed('INSERT INTO entity_copy SELECT * FROM entity');

says('ingest again');
await store.pool.query('VACUUM ANALYZE entity');
await settle();
const before = await touched();
const again = await run(metadataIngestSpec, { resourceId: id });
if ((await touched()) !== before) throw new Error('an unchanged ingest changed rows of entity');

says('ingest again, a hundredth of the tables changed');
await withClient({ ...connection, database: 'source' }, (client) =>
  client.query(`DO $$ BEGIN FOR i IN 0..${Math.max(1, Math.floor(tables / 100)) - 1} LOOP
    EXECUTE format('ALTER TABLE t%s ADD COLUMN late text, DROP COLUMN c0', i); END LOOP; END $$`),
);
const changed = await run(metadataIngestSpec, { resourceId: id });

await settle();
says('filter pages');
const { rows: sampled } = await store.pool.query<{ id: string }>(
  `SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM entity) e WHERE n % ${Math.ceil(entities / 8)} = 0 ORDER BY n % 3, id`,
);
const { rows: found } = await store.pool.query<{ root: string; schema: string; parents: string[] }>(`
  SELECT (SELECT id FROM entity WHERE type = 'RESOURCE') AS root, (SELECT id FROM entity WHERE type = 'SCHEMA') AS schema,
    ARRAY(SELECT id FROM entity WHERE type = 'TABLE' ORDER BY id DESC LIMIT 50) AS parents`);
const { root, schema, parents } = found[0]!;
const pages = await measureFilterPages(
  store.db,
  {
    'type COLUMN': { types: ['COLUMN'] },
    'type TABLE': { types: ['TABLE'] },
    'type SCHEMA': { types: ['SCHEMA'] },
    'a name that every table has': { names: ['c3'] },
    'a name of one table': { names: [`t${tables - 1}`] },
    'names and types': { names: ['c1', 'c2', 't7'], types: ['TABLE', 'COLUMN'] },
    resourceIds: { resourceIds: [id] },
    'resourceIds and type TABLE': { resourceIds: [id], types: ['TABLE'] },
    'rootIds, the source': { rootIds: [root] },
    'rootIds, a schema': { rootIds: [schema] },
    'rootIds, 50 tables': { rootIds: parents },
    'parentIds, a schema': { parentIds: [schema] },
    'parentIds, 50 tables': { parentIds: parents },
    fqdns: { fqdns: [`bench/public/t${tables - 1}/c3`, `bench/public/t${tables >> 1}`] },
    nothing: {},
  },
  sampled.map((row) => row.id),
);

says('the bare DELETE');
const bareDelete = await timed('DELETE FROM entity_copy');
says('removal');
await settle();
const removal = await run(removeDatasourceSpec, { id, fqdnId: 'bench' });
says('done');

/** Worker and task processes stay from job to job, and the worker folds in between: what a job adds is seen beside what was there. */
const memoryOf = (what: string, { beganMb, peakMb }: { beganMb: number; peakMb: number }) => ({
  what: `${what}, peak memory of our processes`,
  value: peakMb,
  unit: 'MB PSS',
  beside: { what: 'when it began', value: beganMb },
});
const beside = { what: 'INSERT … SELECT of the same rows', value: bare };
const share = entities / 1_100_002;
const goalSeconds = (seconds: number): string => `≤ ${Number((seconds * share).toPrecision(2))}`;
reportBench('catalog', { tables, columns, entities }, [
  { what: 'ingest', value: ingest.seconds, unit: 's', beside, goal: `${goalSeconds(60)}, ≤ 2×` },
  { what: 'ingest, entities per second', value: entities / ingest.seconds, unit: 'entities/s' },
  { ...memoryOf('ingest', ingest), goal: '≤ 512' },
  { what: 'until search knows what was ingested', value: folded, unit: 's', beside },
  { what: 'ingest again, nothing changed', value: again.seconds, unit: 's', beside, goal: goalSeconds(15) },
  memoryOf('ingest again', again),
  { what: 'ingest again, 1 % of the tables changed', value: changed.seconds, unit: 's', beside },
  ...pages,
  {
    what: 'removal',
    value: removal.seconds,
    unit: 's',
    beside: { what: 'one DELETE of the same rows', value: bareDelete },
    goal: goalSeconds(60),
  },
  memoryOf('removal', removal),
]);
await worker.stop();
await store.close();
await rm(folder, { recursive: true, force: true });
