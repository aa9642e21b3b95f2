import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { sql } from 'kysely';
import { buildApp } from '../src/api/app.ts';
import { createTokenService } from '../src/api/auth/tokens.ts';
import { concludeJob } from '../src/jobs/conclude.ts';
import { JOB_SPECS } from '../src/jobs/specs.ts';
import { copyInto } from '../src/store/copy-into.ts';
import { insertDataSource } from '../src/store/data-sources.ts';
import { migrate } from '../src/store/migrate.ts';
import { NameCounts, NOTE_COLUMNS } from '../src/store/name-counts.ts';
import { openStore } from '../src/store/open-store.ts';
import { findPage } from '../src/store/search/find-page.ts';
import { foldSearchChanges } from '../src/store/search/fold-changes.ts';
import { deleteEntities, withOwnNotes } from '../src/store/search-notes.ts';
import { openSecrets } from '../src/store/secrets/secrets.ts';
import { insertUser } from '../src/store/users.ts';
import { percentile, reportBench } from './report.ts';
import { searchCases } from './search-cases.ts';
import { entityLines, sourceIdOf } from './search-catalog.ts';

/**
 * Search over a catalog of a million entities, through the API, one request at a time; beside each the bare
 * `count(*) … ILIKE '%…%'` of the same word over the same table. Also what the index weighs, and what keeping it costs when
 * entities come and go: the same COPY and DELETE with notes for search and without.
 *
 * `node bench/search.ts [--tables 100000] [--columns 10] [--runs 20]`
 */
const option = (name: string, fallback: number): number => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : Number(process.argv[at + 1]);
};
const shape = { tables: option('tables', 100_000), columns: option('columns', 10), sources: 20 };
const runs = option('runs', 20);

const folder = await mkdtemp(join(tmpdir(), 'assay-bench-'));
const store = await openStore({ dataDir: folder, applicationName: 'bench', log: () => {} });
await migrate(store.pool);
const { db, pool } = store;
for (let source = 0; source < shape.sources; source++) {
  await insertDataSource(db, {
    id: sourceIdOf(source),
    resourceName: `source${source}`,
    fqdnId: `source${source}`,
    databaseType: 'POSTGRES',
    config: {},
    secrets: {},
    createdBy: null,
  });
}

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
};
const COLUMNS = ['id', 'source_id', 'parent_id', 'root_id', 'type', 'name', 'fqdn', 'ordinal'];
const loadBare = (): Promise<number> =>
  timed(() => db.transaction().execute((trx) => copyInto(trx, 'entity', COLUMNS, Readable.from(entityLines(shape)))));
/** As an ingest writes them: with notes for search. */
const load = (): Promise<number> =>
  timed(() =>
    db.transaction().execute(async (trx) => {
      const counts = Array.from({ length: shape.sources }, (_, source) => new NameCounts(sourceIdOf(source)));
      const lines = entityLines(shape, (source, type, name) => counts[source]?.add(type, name));
      await withOwnNotes(trx, () => copyInto(trx, 'entity', COLUMNS, Readable.from(lines)));
      await copyInto(trx, 'search_change', NOTE_COLUMNS, Readable.from(counts.flatMap((one) => one.lines())));
    }),
  );
const triggers = (state: 'ENABLE' | 'DISABLE') => pool.query(`ALTER TABLE entity ${state} TRIGGER USER`);
const most = sql`type <> 'RESOURCE'`;

await triggers('DISABLE');
const bareLoad = await loadBare();
await pool.query('ANALYZE entity');
const bareRemoval = await timed(() => sql`DELETE FROM entity WHERE ${most}`.execute(db));
await pool.query('TRUNCATE entity');
await pool.query('CHECKPOINT');
await triggers('ENABLE');
const loaded = await load();
await pool.query('ANALYZE entity');
const megabytes = (): number => process.memoryUsage().rss / 1e6;
const before = megabytes();
const notYet = { term: 'customer', filter: {}, skip: 0, take: 30 };
const impatient = await timed(() => findPage(db, notYet));
const folded = await timed(() => foldSearchChanges(db));
const afterFold = megabytes();
console.log({ bareLoad, loaded, impatient, folded, bareRemoval, before, afterFold });

await sql`
  INSERT INTO assertion (entity_id, source_id, kind, value, body, origin)
  SELECT id, source_id, 'tag', 'tag ' || (ordinal + length(name)) % 40, '{}', 'import' FROM entity WHERE hashtext(fqdn) % 50 = 0`.execute(
  db,
);
await sql`
  INSERT INTO entity_attributes (entity_id, source_id, attributes)
  SELECT id, source_id, jsonb_build_object('info', jsonb_build_object('description', 'What the ' || name || ' of our reporting means'),
    'features', jsonb_build_object('trustScore', abs(hashtext(fqdn)) % 101)) FROM entity WHERE hashtext(fqdn) % 100 = 0`.execute(
  db,
);
await sql`
  INSERT INTO profile (entity_id, table_id, source_id, job_id, job_seq, basis, body)
  SELECT id, parent_id, source_id, 'bench', 1, '{}', '{}' FROM entity WHERE type = 'COLUMN' AND hashtext(fqdn) % 10 = 0`.execute(
  db,
);
// As autovacuum would do within minutes.
await pool.query('VACUUM ANALYZE');
const foldedDocs = await timed(() => foldSearchChanges(db));
const docs = (await pool.query('SELECT count(*)::int AS n FROM search_doc')).rows[0].n;
const distinct = (await pool.query('SELECT count(*)::int AS n FROM search_name')).rows[0].n;
const entities = (await pool.query('SELECT count(*)::int AS n FROM entity')).rows[0].n;
console.log({ foldedDocs, docs, distinct, entities });

const secrets = openSecrets(randomBytes(32));
const app = await buildApp({
  store: { db, secrets },
  engine: { conclude: concludeJob, specs: JOB_SPECS },
  logger: false,
});
const user = await insertUser(
  db,
  { username: 'bench', firstName: '', lastName: '', email: '', roles: ['data_user'], disabled: false },
  'none',
);
const { accessToken } = await createTokenService(db, secrets, 36_000).issue(user);
type Answer = { pageInfo: { totalMatchCount: number } };
const headers = { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' };
const ask = async (path: string, body: object): Promise<Answer> => {
  const answer = await app.inject({ method: 'POST', url: `/api/public/v1${path}`, headers, payload: body });
  if (answer.statusCode !== 200) throw new Error(`${answer.statusCode} ${answer.body}`);
  return answer.json();
};
const address = await app.listen({ port: 0, host: '127.0.0.1' });
const askByHttp = async (path: string, body: object): Promise<Answer> => {
  const answer = await fetch(`${address}/api/public/v1${path}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Answer;
};

/** Places that there are, as somebody would type them: `schema.table`, `schema.table.column`, `source/schema/table`. */
const { rows: places } = await pool.query<{ place: string }>(`
  SELECT array_to_string((string_to_array(place, '/'))[CASE WHEN n % 3 = 2 THEN 1 ELSE 2 END:CASE WHEN n % 3 = 1 THEN 4 ELSE 3 END],
    CASE WHEN n % 3 = 2 THEN '/' ELSE '.' END) AS place
  FROM (SELECT split_part(fqdn, '~', 1) AS place, row_number() OVER (ORDER BY md5(fqdn)) AS n
    FROM entity WHERE type = 'COLUMN' AND ordinal = 5 ORDER BY md5(fqdn) LIMIT 9) p`);

const cases = searchCases(places.map(({ place }) => place));
const only = process.argv.indexOf('--only') < 0 ? '' : process.argv[process.argv.indexOf('--only') + 1];
const figures = [];
const all: number[] = [];
for (const { what, path = '/search', bodies, like, byHttp } of cases.filter((one) => one.what.includes(only ?? ''))) {
  const times: number[] = [];
  const bare: number[] = [];
  for (let run = 0; run < runs; run++)
    for (const body of bodies) times.push((await timed(() => (byHttp ? askByHttp : ask)(path, body))) * 1000);
  for (const word of like) {
    bare.push((await timed(() => pool.query(`SELECT count(*) FROM entity WHERE name ILIKE $1`, [`%${word}%`]))) * 1000);
  }
  const matches = await Promise.all(bodies.map(async (body) => (await ask(path, body)).pageInfo.totalMatchCount));
  const p95 = percentile(times, 95);
  console.log(
    what.padEnd(36),
    p95.toFixed(1),
    percentile(times, 50).toFixed(1),
    'like',
    percentile(bare, 50).toFixed(0),
    matches.join(','),
  );
  all.push(...times);
  figures.push({
    what: `p95, ${what}`,
    value: p95,
    unit: 'ms',
    goal: '≤ 100',
    beside: { what: 'count by ILIKE', value: percentile(bare, 50) },
  });
}

const searched = megabytes();
const sizes = await pool.query<{ search: number; entity: number; names: number }>(`
  SELECT sum(pg_total_relation_size(oid)) FILTER (WHERE relname LIKE 'search\\_%')::float8 / 1e6 AS search,
    sum(pg_total_relation_size(oid)) FILTER (WHERE relname = 'entity')::float8 / 1e6 AS entity
  FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`);
const removed = await timed(() => db.transaction().execute((trx) => deleteEntities(trx, most)));
const foldedRemoval = await timed(() => foldSearchChanges(db));
const [size] = sizes.rows;
reportBench('search', { ...shape, entities, distinctNames: distinct, described: docs, runs }, [
  { what: 'p95, all of them', value: percentile(all, 95), unit: 'ms', goal: '≤ 100' },
  ...figures,
  {
    what: 'size of the index',
    value: size?.search ?? 0,
    unit: 'MB',
    beside: { what: 'the entities with their indexes', value: size?.entity ?? 0 },
  },
  {
    what: 'entities come, with search',
    value: loaded,
    unit: 's',
    beside: { what: 'the same COPY without notes', value: bareLoad },
  },
  { what: 'a search while their names wait', value: impatient, unit: 's', goal: '≤ 6' },
  { what: 'and folding in the rest of their names', value: folded, unit: 's' },
  { what: 'memory of Node after folding', value: afterFold, unit: 'MB', beside: { what: 'before', value: before } },
  { what: 'memory of Node after all searches', value: searched, unit: 'MB' },
  { what: 'folding in what is said of them', value: foldedDocs, unit: 's' },
  {
    what: 'entities go, with search',
    value: removed,
    unit: 's',
    beside: { what: 'the same DELETE without notes', value: bareRemoval },
  },
  { what: 'and folding that in', value: foldedRemoval, unit: 's' },
]);
await app.close();
await store.close();
await rm(folder, { recursive: true, force: true });
