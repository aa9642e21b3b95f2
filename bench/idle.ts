/**
 * What `assay serve` costs while nobody uses it: memory 60 s after the start (PSS, summed over our processes and those of the
 * embedded server) and transactions per second, counted by PostgreSQL.
 *
 *   node bench/idle.ts [seconds]
 */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openStore } from '../src/store/open-store.ts';
import { reportBench } from './report.ts';
import { serveAssay, serveBareNode, treePssMb } from './served.ts';

const seconds = Number(process.argv[2] ?? 60);
const loadAverage = Number(loadavg()[0]!.toFixed(1));
const folder = await mkdtemp(join(tmpdir(), 'assay-bench-'));
const data = join(folder, 'data');

try {
  const server = await serveAssay(data);
  const bareNode = await serveBareNode();
  await pause(seconds * 1000);
  const postmaster = Number(readFileSync(join(data, 'pg/cluster/postmaster.pid'), 'utf8').split('\n')[0]);
  const total = treePssMb([server.child.pid!, postmaster]);
  const database = treePssMb([postmaster]);
  const bare = treePssMb([bareNode.child.pid!]);
  await bareNode.stop();

  const store = await openStore({ dataDir: data, applicationName: 'bench', log: () => {} });
  // Backends report their counts when they have been idle for a second; the bench itself asks twice in all.
  const count = async (): Promise<{ transactions: number; at: number }> => {
    const { rows } = await store.pool.query<{ transactions: number; at: number }>(
      `SELECT (xact_commit + xact_rollback)::int AS transactions, extract(epoch FROM clock_timestamp())::float8 AS at
       FROM pg_stat_database WHERE datname = current_database()`,
    );
    return rows[0]!;
  };
  const before = await count();
  await pause(seconds * 1000);
  const after = await count();
  const rate = (after.transactions - before.transactions - 1) / (after.at - before.at);
  const version = (await store.pool.query<{ v: string }>(`SELECT current_setting('server_version') AS v`)).rows[0]!.v;
  await store.close();
  await server.stop();
  reportBench(
    'idle',
    { seconds, loadAverage },
    [
      { what: 'memory, all processes', value: total, unit: 'MB PSS', goal: '≤ 250' },
      {
        what: 'memory, server and worker (one process)',
        value: total - database,
        unit: 'MB PSS',
        beside: { what: 'an empty HTTP server', value: bare },
      },
      { what: 'memory, embedded PostgreSQL', value: database, unit: 'MB PSS' },
      { what: 'transactions while idle', value: rate, unit: '/s', goal: '≤ 5' },
    ],
    { postgres: version },
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}
