import type { JobUser } from '../src/engine/accept-job.ts';
import type { Store } from '../src/store/open-store.ts';
import type { ChildSetup } from '../src/worker/protocol.ts';
import { startWorker } from '../src/worker/start-worker.ts';

/** Who starts the jobs of a bench. */
export const BENCH_USER: JobUser = {
  id: '0190a000-0000-7000-8000-000000000001',
  username: 'bench',
  snapshot: { name: '', email: '', firstName: '', lastName: '' },
};

/** The worker of a server with the embedded store, as `assay serve` starts it, but for what a bench sets: says only what goes wrong. */
export const startBenchWorker = (
  store: Store,
  { slots, key, limits }: { slots: number; key: Buffer; limits: Partial<ChildSetup['limits']> & { memoryMb: number } },
): ReturnType<typeof startWorker> =>
  startWorker({
    ...store,
    name: 'bench',
    affinities: ['DEFAULT'],
    slots,
    software: 'bench',
    retention: { eventDays: 30, jobDays: 365, profiles: 10 },
    log: { info() {}, warn: console.warn, error: console.error },
    childSetup: () => ({
      connection: { connectionString: store.embedded?.connectionString() },
      secretKey: key.toString('base64'),
      limits: { fileRoots: [], protectedPaths: [], threads: 1, tempFolder: '', ...limits },
    }),
  });
