import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { acceptJob } from '../src/engine/accept-job.ts';
import { dataIdentificationSpec } from '../src/jobs/data-identification/schema.ts';
import { newHexId } from '../src/model/ids.ts';
import { insertDataSource } from '../src/store/data-sources.ts';
import { listEnabledMethods } from '../src/store/methods/read-methods.ts';
import { migrate } from '../src/store/migrate.ts';
import { openStore } from '../src/store/open-store.ts';
import { openSecrets } from '../src/store/secrets/secrets.ts';
import { BENCH_USER, startBenchWorker } from './bench-worker.ts';
import { makeDictionaries, makeProfiles } from './identify-ground.ts';
import { readNumbers } from './options.ts';
import { reportBench } from './report.ts';
import { treeCpuSeconds, treePssMb } from './served.ts';

const { dictionaries, terms, columns, seed, slots } = readNumbers(
  'Identifies profiled columns by dictionaries through the real worker and the real store: the first run finds, the second finds the same. The source of the columns is a port that counts who calls. Store and worker share the machine; beside it the bare read of the same profiles by one client.',
  { dictionaries: 1_000, terms: 10_000_000, columns: 100_000, seed: 1, slots: 2 },
);

const folder = await mkdtemp(join(tmpdir(), 'assay-bench-'));
const store = await openStore({ dataDir: folder, applicationName: 'bench', log: () => {} });
await migrate(store.pool);
await mkdir(join(folder, 'tasks'));
const key = randomBytes(32);
const secrets = openSecrets(key);
const began = performance.now();
const says = (what: string): void =>
  console.log(`${((performance.now() - began) / 1000).toFixed(0).padStart(5)} s  ${what}`);

let calls = 0;
const port = createServer((socket) => {
  calls++;
  socket.destroy();
});
await new Promise<void>((resolve) => port.listen(0, '127.0.0.1', resolve));
const address = port.address();
const sourceId = newHexId();
await insertDataSource(store.db, {
  ...{ id: sourceId, resourceName: 'bench', fqdnId: 'bench', databaseType: 'POSTGRES', affinityId: 'DEFAULT' },
  config: {
    ...{ host: '127.0.0.1', databaseName: 'bench', userName: 'bench' },
    port: String(typeof address === 'object' ? address?.port : ''),
  },
  secrets: {},
  createdBy: null,
});

says(`making ${dictionaries} dictionaries of ${terms} terms together`);
const made = await makeDictionaries(store.db, dictionaries, terms);
const dictionaryIds = (await listEnabledMethods(store.db)).map(({ id }) => id);
says(`making the profiles of ${columns} columns`);
const { rootId, meant } = await makeProfiles(store.db, { columns, sourceId, seed });
await store.pool.query('VACUUM ANALYZE');
await store.pool.query('CHECKPOINT');

says('the bare read of the profiles');
const readStart = performance.now();
let bytes = 0;
for (let from = 0; ; from += 2_000) {
  const { rows } = await store.pool.query<{ value: string }>(
    `SELECT body->>'valueSet' AS value FROM profile WHERE current AND id > $1 AND id <= $1 + 2000`,
    [from],
  );
  if (rows.length === 0) break;
  bytes += rows.reduce((sum, { value }) => sum + value.length, 0);
}
const readSeconds = (performance.now() - readStart) / 1000;

const user = BENCH_USER;
const worker = await startBenchWorker(store, {
  slots,
  key,
  limits: { memoryMb: 1_024, tempFolder: join(folder, 'tasks') },
});

let peakMb = 0;
const roots = [process.pid, store.embedded?.serverPid() ?? process.pid];
const look = setInterval(() => {
  peakMb = Math.max(peakMb, treePssMb(roots));
}, 1_000);

async function identify(): Promise<{ seconds: number; cpuSeconds: number; result: Record<string, unknown> }> {
  const context = { db: store.db, userId: user.id, mayCreateSources: true, encrypt: secrets.encrypt };
  const [start, cpuBefore] = [performance.now(), treeCpuSeconds(process.pid)];
  const acceptance = await dataIdentificationSpec.accept(
    { scope: [rootId], dictionaryIds, dataPatternIds: [] },
    context,
  );
  const { job } = await acceptJob(store.db, { name: 'DATA_IDENTIFICATION', ...acceptance }, user);
  for (;;) {
    const row = await store.db
      .selectFrom('job')
      .select(['status', 'message', 'finished_at', 'result', 'effects'])
      .where('id', '=', job.id)
      .executeTakeFirstOrThrow();
    if (row.finished_at !== null) {
      if (row.status !== 'COMPLETED') throw new Error(`${row.status} ${row.message}`);
      says(`${row.message} ${JSON.stringify(row.effects)}`);
      return {
        seconds: (performance.now() - start) / 1000,
        cpuSeconds: treeCpuSeconds(process.pid) - cpuBefore,
        result: row.result as Record<string, unknown>,
      };
    }
    await pause(50);
  }
}

says('identifying');
const first = await identify();
const found = Number(first.result.identifiedColumns);
if (found < 0.9 * meant) throw new Error(`${found} columns were identified, ${meant} were made of terms`);
const second = await identify();
clearInterval(look);
await worker.stop();
port.close();
await store.close();
await rm(folder, { recursive: true, force: true });

reportBench('identify', { dictionaries, terms: made, columns, slots, seed, MB: Math.round(bytes / 1e6) }, [
  {
    what: 'identifying all columns',
    value: first.seconds,
    unit: 's',
    beside: { what: 'the bare read of their value sets', value: readSeconds },
    goal: '≤ 60',
  },
  { what: 'processor time of all processes, store included', value: first.cpuSeconds, unit: 's' },
  { what: 'the same again, nothing changed', value: second.seconds, unit: 's' },
  { what: 'processor time of that', value: second.cpuSeconds, unit: 's' },
  { what: 'identified of those that were made to be', value: (100 * found) / meant, unit: '%' },
  { what: 'connections to the source', value: calls, unit: '', goal: '0' },
  { what: 'peak memory of all processes, store included', value: peakMb, unit: 'MB', goal: '≤ 2,048' },
]);
process.exit(0);
