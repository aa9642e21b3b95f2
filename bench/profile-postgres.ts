import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { loadConnector } from '../src/connectors/openers.ts';
import { CopyOut } from '../src/connectors/postgres/copy-out.ts';
import { profileRead } from '../src/profile/duckdb/profile-read.ts';
import { toRelation } from '../src/profile/duckdb/relation.ts';
import { openSession } from '../src/profile/duckdb/session.ts';
import type { TablePart } from '../src/profile/part.ts';
import { decideGroups, toTablePart } from '../src/profile/push-down.ts';
import { openStore } from '../src/store/open-store.ts';
import { withClient } from './catalog-source.ts';
import { readNumbers } from './options.ts';
import { type Figure, reportBench } from './report.ts';

const USAGE = `Profiling a table of 12 mixed columns in PostgreSQL, each way beside COPY … TO STDOUT of the same table in the same format
over the same socket, its bytes discarded by our client: streamed, in the source (push-down), and only loaded. Core-seconds are those of
the server's processes and of ours; their ratios hold on a busy machine, where those of the time do not. The server is the embedded one, on the same cores.

  node bench/profile-postgres.ts
  node bench/profile-postgres.ts --rows 10000000 --pushed 0
    --pushed 0: without push-down, which takes five times as long as the rest`;
const settings = readNumbers(USAGE, { rows: 1_000_000, threads: 2, memory: 2_048, pushed: 1 });
const { rows, threads, memory: memoryMb } = settings;

const folder = await mkdtemp(join(tmpdir(), 'assay-bench-'));
const store = await openStore({ dataDir: folder, applicationName: 'bench', maxConnections: 4, log: () => {} });
const server = store.embedded?.connection as pg.ClientConfig & { host: string; password: string };
const signal = new AbortController().signal;

/** The table of mixed-table.ts in the words of PostgreSQL. */
const mixed = `
CREATE TABLE public.mixed AS SELECT i::bigint AS id, md5(i::text) AS token, 'customer ' || (i * 7919 % 50000) AS customer,
  (abs(hashint8(i)) % 1000000 / 997.0)::float8 AS ratio, (i % 100)::int AS branch, (abs(hashint8(i + 1)::bigint) % 100000000 / 100.0)::numeric(12,2) AS amount,
  TIMESTAMP '2020-01-01' + interval '1 second' * (i * 37 % 100000000) AS booked_at, DATE '2000-01-01' + (abs(hashint8(i + 2)::bigint) % 9000)::int AS opened,
  'user' || (abs(hashint8(i + 3)::bigint) % 200000) || '@example.com' AS email, CASE WHEN i % 5 = 0 THEN NULL WHEN i % 7 = 0 THEN ' ' ELSE 'note number ' || i END AS note,
  i % 2 = 0 AS active, (ARRAY['open', 'closed', 'blocked'])[1 + abs(hashint8(i + 4)::bigint) % 3] AS status
FROM generate_series(1, ${rows}::bigint) i`;

/** User and system time of the processes below the server, in seconds (Linux: clock ticks of 10 ms). Ended ones count with their parent. */
async function serverSeconds(postmaster: number): Promise<number> {
  let ticks = 0;
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (Number(name) === postmaster) ticks += fields.slice(11, 15).reduce((sum, text) => sum + Number(text), 0);
    else if (Number(fields[1]) === postmaster) ticks += Number(fields[11]) + Number(fields[12]);
  }
  return ticks / 100;
}

interface Cost {
  wall: number;
  source: number;
  ours: number;
}

async function costOf<T>(postmaster: number, work: () => Promise<T>): Promise<[T, Cost]> {
  const [source, own, from] = [await serverSeconds(postmaster), process.cpuUsage(), performance.now()];
  const value = await work();
  const spent = process.cpuUsage(own);
  return [
    value,
    {
      wall: (performance.now() - from) / 1000,
      source: (await serverSeconds(postmaster)) - source,
      ours: (spent.user + spent.system) / 1e6,
    },
  ];
}

try {
  await withClient(server, async (client) => {
    await client.query('CREATE DATABASE bench');
  });
  const database = { ...server, database: 'bench' };
  await withClient(database, (client) => client.query(`${mixed}; VACUUM ANALYZE public.mixed`.split(';')[0] as string));
  await withClient(database, (client) => client.query('VACUUM ANALYZE public.mixed'));
  const postmaster = store.embedded?.serverPid() ?? 0;
  const connection = await (await loadConnector('POSTGRES')).connect(
    {
      databaseType: 'POSTGRES',
      host: server.host,
      port: String(server.port),
      userName: String(server.user),
      password: server.password,
      databaseName: 'bench',
    },
    { signal, applicationName: 'bench', fileRoots: [], protectedPaths: [], connectTimeoutMs: 5_000 },
  );
  const table = { type: 'TABLE' as const, path: ['public', 'mixed'], signal };
  const session = { threads, memoryMb, tempFolder: folder, signal };
  const bare = (): Promise<number> =>
    withClient(database, async (client) => {
      let bytes = 0;
      const sql = "COPY public.mixed TO STDOUT (FORMAT csv, NULL '\\N')";
      for await (const chunk of client.query(new CopyOut(sql, (error) => error as Error))) bytes += chunk.length;
      return bytes;
    });
  await bare();
  const [bytes, copy] = await costOf(postmaster, bare);
  const [, load] = await costOf(postmaster, async () => {
    await using duckdb = await openSession(session);
    await toRelation(duckdb, await connection.read(table));
  });
  const [streamed, stream] = await costOf(postmaster, async () =>
    profileRead(await connection.read(table), session, { key: 'all', whole: true }),
  );
  const [pushed, push] = await costOf(postmaster, async () => {
    const found =
      settings.pushed > 0 &&
      (await connection.pushDown?.({ ...table, timeoutMs: 3_600_000 }, (scan) => decideGroups(scan)));
    return found ? toTablePart(found) : undefined;
  });
  await connection.close();
  const counts = (part: TablePart | undefined): unknown => part?.columns.map(({ measures }) => measures.counts);
  const differ = pushed !== undefined && JSON.stringify(counts(pushed)) !== JSON.stringify(counts(streamed));
  if (differ || streamed.rows !== rows) throw new Error('both ways must count the same');

  const figures: Figure[] = [];
  const coresOf = ({ source, ours }: Cost): number => source + ours;
  const add = (what: string, cost: Cost, goal?: string): void => {
    const beside = (of: (cost: Cost) => number): Figure['beside'] => ({ what: 'COPY alone', value: of(copy) });
    figures.push(
      { what, value: cost.wall, unit: 's', beside: beside(({ wall }) => wall), ...(goal ? { goal } : {}) },
      { what: `  core-seconds of both, ${what}`, value: coresOf(cost), unit: 'core-s', beside: beside(coresOf) },
      {
        what: `  core-seconds of the source, ${what}`,
        value: cost.source,
        unit: 'core-s',
        beside: beside(({ source }) => source),
      },
      { what: `  core-seconds of ours, ${what}`, value: cost.ours, unit: 'core-s', beside: beside(({ ours }) => ours) },
    );
  };
  add('COPY alone', copy);
  add('loaded into DuckDB', load);
  add('streamed profile', stream, '≤ 2.5× on two cores');
  if (pushed) add('profile by push-down', push);
  // What wall time hides on a busy machine: where the core-seconds of a streamed profile go.
  const shares: [string, number][] = [
    ['source (its processes)', stream.source],
    ['transfer (our side of COPY)', copy.ours],
    ['parse and cast', load.ours - copy.ours],
    ['measure', stream.ours - load.ours],
  ];
  for (const [what, value] of shares)
    figures.push({
      what,
      value,
      unit: 'core-s',
      beside: { what: 'the core-seconds of COPY alone', value: coresOf(copy) },
    });
  // Two cores that share the work as evenly as can be take half of its core-seconds, and COPY has one in the server.
  const evenly = (cost: Cost): number => Math.max(cost.source, coresOf(cost) / threads);
  figures.push({
    what: 'streamed profile on idle cores, at best',
    value: evenly(stream),
    unit: 's',
    beside: { what: 'COPY alone, likewise', value: Math.max(copy.source, copy.ours) },
    goal: '≤ 2.5×',
  });
  reportBench(
    'profile-postgres',
    { rows, columns: 12, threads, memoryMb, copyMb: Math.round(bytes / 2 ** 20) },
    figures,
  );
} finally {
  await store.close();
  await rm(folder, { recursive: true, force: true });
}
