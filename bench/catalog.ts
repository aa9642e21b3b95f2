import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { acceptJob, type JobUser } from '../src/engine/accept-job.ts';
import { metadataIngestSpec } from '../src/jobs/metadata-ingest/schema.ts';
import { removeDatasourceSpec } from '../src/jobs/remove-datasource/schema.ts';
import type { AnyJobSpec } from '../src/jobs/specs.ts';
import { newHexId } from '../src/model/ids.ts';
import { sourceSecretPlace } from '../src/model/secret-places.ts';
import { insertDataSource } from '../src/store/data-sources.ts';
import { migrate } from '../src/store/migrate.ts';
import { openStore } from '../src/store/open-store.ts';
import { openSecrets } from '../src/store/secrets/secrets.ts';
import { startWorker } from '../src/worker/start-worker.ts';
import { reportBench } from './report.ts';

/**
 * Catalog: ingest of a PostgreSQL source, ingest again without a change, removal; each beside one INSERT … SELECT of the same
 * rows into a table with the same indexes, on the same server. Source, catalog and our processes share the machine.
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

await store.pool.query('CREATE DATABASE source');
const source = new pg.Client({ ...connection, database: 'source' });
await source.connect();
const list = Array.from(
  { length: columns },
  (_, i) => `c${i} ${['integer', 'text', 'numeric(12,2)', 'timestamptz', 'varchar(40)'][i % 5]}`,
).join(', ');
for (let from = 0; from < tables; from += 500) {
  const upTo = Math.min(tables, from + 500) - 1;
  await source.query(
    `DO $$ BEGIN FOR i IN ${from}..${upTo} LOOP EXECUTE format('CREATE TABLE t%s (${list})', i); END LOOP; END $$`,
  );
}
await source.query('ANALYZE pg_class; ANALYZE pg_attribute');
await source.end();

const id = newHexId();
const user: JobUser = {
  id: '0190a000-0000-7000-8000-000000000001',
  username: 'bench',
  snapshot: { name: '', email: '', firstName: '', lastName: '' },
};
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
const worker = await startWorker({
  ...store,
  name: 'bench',
  affinities: ['DEFAULT'],
  slots: 2,
  software: 'bench',
  retention: { eventDays: 30, jobDays: 365, profiles: 10 },
  log: { info() {}, warn: console.warn, error: console.error },
  childSetup: () => ({
    connection: { connectionString: store.embedded?.connectionString() },
    secretKey: key.toString('base64'),
    limits: { fileRoots: [], protectedPaths: [], memoryMb: 512, threads: 1, tempFolder: '' },
  }),
});

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
): Promise<{ seconds: number; peakMb: number; message: string }> {
  const context = { db: store.db, userId: user.id, mayCreateSources: true, encrypt: secrets.encrypt };
  const start = performance.now();
  const acceptance = await spec.accept(spec.request.parse(body), context);
  const { job } = await acceptJob(store.db, { name: spec.name, ...acceptance }, user);
  let peakMb = 0;
  for (;;) {
    peakMb = Math.max(peakMb, pssMb());
    const row = await store.db
      .selectFrom('job')
      .select(['status', 'message', 'finished_at'])
      .where('id', '=', job.id)
      .executeTakeFirstOrThrow();
    if (row.finished_at !== null) {
      if (row.status !== 'COMPLETED') throw new Error(`${spec.name}: ${row.status} ${row.message}`);
      return { seconds: (performance.now() - start) / 1000, peakMb, message: row.message };
    }
    await pause(50);
  }
}

const ingest = await run(metadataIngestSpec, { resourceId: id });
const { rows: counted } = await store.pool.query('SELECT count(*)::int AS n FROM entity');
const entities: number = counted[0].n;
const expected = tables * (columns + 1);
if (entities < expected) throw new Error(`${entities} entities, expected at least ${expected}`);

await store.pool.query('CREATE TABLE entity_copy (LIKE entity INCLUDING ALL)');
const bareStart = performance.now();
await store.pool.query('INSERT INTO entity_copy SELECT * FROM entity');
const bare = (performance.now() - bareStart) / 1000;

await store.pool.query('VACUUM ANALYZE entity');
const before = await touched();
const again = await run(metadataIngestSpec, { resourceId: id });
if ((await touched()) !== before) throw new Error('an unchanged ingest changed rows of entity');
const bareDeleteStart = performance.now();
await store.pool.query('DELETE FROM entity_copy');
const bareDelete = (performance.now() - bareDeleteStart) / 1000;
const removal = await run(removeDatasourceSpec, { id, fqdnId: 'bench' });

async function touched(): Promise<number> {
  await store.pool.query('SELECT pg_stat_force_next_flush()');
  const { rows } = await store.pool.query(
    `SELECT (n_tup_ins + n_tup_upd + n_tup_del)::int AS n FROM pg_stat_user_tables WHERE relname = 'entity'`,
  );
  return rows[0].n;
}

reportBench('catalog', { tables, columns, entities }, [
  {
    what: 'ingest',
    value: ingest.seconds,
    unit: 's',
    beside: { what: 'INSERT … SELECT of the same rows', value: bare },
  },
  { what: 'ingest, entities per second', value: entities / ingest.seconds, unit: 'entities/s' },
  { what: 'ingest, peak memory of our processes', value: ingest.peakMb, unit: 'MB PSS', goal: '≤ 512' },
  {
    what: 'ingest again, nothing changed',
    value: again.seconds,
    unit: 's',
    beside: { what: 'INSERT … SELECT of the same rows', value: bare },
  },
  {
    what: 'removal',
    value: removal.seconds,
    unit: 's',
    beside: { what: 'one DELETE of the same rows', value: bareDelete },
  },
  { what: 'removal, peak memory of our processes', value: removal.peakMb, unit: 'MB PSS' },
]);
await worker.stop();
await store.close();
await rm(folder, { recursive: true, force: true });
