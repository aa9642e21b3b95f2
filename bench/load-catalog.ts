import { link, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type pg from 'pg';
import type { AssayClient } from '../src/client/index.ts';
import { copyInto } from '../src/store/copy-into.ts';
import { insertDataSource } from '../src/store/data-sources.ts';
import { ensureAdmin } from '../src/store/ensure-admin.ts';
import { migrate } from '../src/store/migrate.ts';
import { openStore, type Store } from '../src/store/open-store.ts';
import { foldSearchChanges } from '../src/store/search/fold-changes.ts';
import { withClient } from './catalog-source.ts';
import type { LoadGround } from './load-mix.ts';
import { mixedRows, onDuckDb } from './mixed-table.ts';
import { entityLines, type Shape, sourceIdOf } from './search-catalog.ts';

/** Tables of the source that jobs are started on. */
const LIVE_TABLES = 40;
const LIVE_ROWS = 2_000;
/** Files of the long profile: links to one, so that they fill no disk. */
const FILES = 400;
/** Ids of a kind that the requests go through. */
const SAMPLED = 2_000;

export const openBenchStore = (dataDir: string): Promise<Store> =>
  openStore({ dataDir, applicationName: 'bench', log: () => {} });

/** Fills a new data folder: a catalog of many sources, a user, and beside it a database that jobs can be started on. */
export async function fillDataFolder(dataDir: string, shape: Shape, password: string): Promise<number> {
  const store = await openBenchStore(dataDir);
  try {
    await migrate(store.pool);
    await ensureAdmin(store.db, { password });
    for (let source = 0; source < shape.sources; source++) {
      const name = `source${source}`;
      await insertDataSource(store.db, {
        id: sourceIdOf(source),
        resourceName: name,
        fqdnId: name,
        databaseType: 'POSTGRES',
        config: { host: `${name}.example.com`, port: '5432', databaseName: 'sales' },
        secrets: {},
        createdBy: null,
      });
    }
    const columns = ['id', 'source_id', 'parent_id', 'root_id', 'type', 'name', 'fqdn', 'ordinal'] as const;
    await store.db.transaction().execute((trx) => copyInto(trx, 'entity', columns, Readable.from(entityLines(shape))));
    await foldSearchChanges(store.db);
    await makeLiveDatabase(store.embedded!.connection as pg.ClientConfig);
    await store.pool.query('VACUUM ANALYZE');
    await store.pool.query('CHECKPOINT');
    const { rows } = await store.pool.query<{ n: number }>('SELECT count(*)::int AS n FROM entity');
    return rows[0]!.n;
  } finally {
    await store.close();
  }
}

async function makeLiveDatabase(connection: pg.ClientConfig): Promise<void> {
  await withClient(connection, (client) => client.query('CREATE DATABASE live'));
  await withClient({ ...connection, database: 'live' }, (client) =>
    client.query(`DO $$ BEGIN FOR i IN 0..${LIVE_TABLES - 1} LOOP
      EXECUTE format('CREATE TABLE t%s AS SELECT n AS id, md5(n::text) AS name, n %% 7 AS kind, now() - n * interval ''1 h'' AS at
        FROM generate_series(1, ${LIVE_ROWS}) n', i); END LOOP; END $$`),
  );
}

/** One file of mixed columns, linked many times: profiling the folder takes as long as anybody looks. */
export async function makeLongFolder(folder: string, rows: number): Promise<string> {
  const long = join(folder, 'long');
  await mkdir(long);
  const first = join(folder, 'first.csv');
  await onDuckDb(`COPY (${mixedRows(rows)}) TO '${first}'`, { threads: 2, memoryMb: 2_048, tempFolder: folder });
  for (let i = 0; i < FILES; i++) await link(first, join(long, `part${i}.csv`));
  return long;
}

export async function runJob(client: AssayClient, path: string, body: Record<string, unknown>): Promise<void> {
  const job = await client.waitForJob(await startJob(client, path, body));
  if (job.status !== 'COMPLETED') throw new Error(`${path}: ${job.status} ${job.message}`);
}

export async function startJob(client: AssayClient, path: string, body: Record<string, unknown>): Promise<string> {
  const answer = await client.post(`/jobs/execute/${path}` as '/jobs/execute/data-profiling', { body: body as never });
  return (answer as { data: { _id: string } }).data._id;
}

/** Saves and ingests the two sources that are real, profiles the first, and says what the requests can be about. */
export async function makeGround(
  client: AssayClient,
  store: Store,
  longFolder: string,
): Promise<{ ground: LoadGround; longRoot: string }> {
  const { host = '', port, user = '', password } = store.embedded!.connection;
  const login = { host, port: String(port), userName: user, password: String(password) };
  const live = await saveSource(client, 'live', { databaseType: 'POSTGRES', databaseName: 'live', ...login });
  const long = await saveSource(client, 'long', { databaseType: 'FS', path: longFolder });
  for (const id of [live, long]) await runJob(client, 'metadata/ingest', { resourceId: id });
  const idsOf = async (where: string, limit = SAMPLED): Promise<string[]> => {
    const { rows } = await store.pool.query<{ id: string }>(
      `SELECT id FROM entity WHERE ${where} ORDER BY md5(id::text) LIMIT ${limit}`,
    );
    if (rows.length === 0) throw new Error(`no entity where ${where}`);
    return rows.map((row) => row.id);
  };
  const [liveRoot] = await idsOf(`type = 'RESOURCE' AND source_id = '${live}'`);
  await runJob(client, 'data-profiling', { scope: [liveRoot] });
  await store.pool.query('VACUUM ANALYZE');
  const columns = await idsOf(`type = 'COLUMN' AND source_id = '${live}'`);
  const { rows } = await store.pool.query<{ id: string }>('SELECT id FROM data_source ORDER BY id');
  const ground: LoadGround = {
    sources: rows.map((row) => row.id).filter((id) => id !== live && id !== long),
    schemas: await idsOf(`type = 'SCHEMA'`),
    tables: await idsOf(`type = 'TABLE'`),
    entities: await idsOf('true'),
    profiled: columns,
    live: { source: live, tables: await idsOf(`type = 'TABLE' AND source_id = '${live}'`), columns },
    job: undefined,
  };
  const [longRoot] = await idsOf(`type = 'RESOURCE' AND source_id = '${long}'`);
  return { ground, longRoot: longRoot! };
}

async function saveSource(client: AssayClient, name: string, body: Record<string, string>): Promise<string> {
  const made = await client.post('/data-sources', { body: { resourceName: name, fqdnId: name, ...body } as never });
  return made.data[0]!._id;
}
