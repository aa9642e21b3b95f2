import type { Config } from '../config/settings.ts';
import { AssayError } from '../errors/assay-error.ts';
import { planMigrations } from '../store/migrate.ts';
import { openStore } from '../store/open-store.ts';
import { loadSecrets } from '../store/secrets/load-secrets.ts';
import { openLog } from './open-log.ts';
import { realFileRoots, startTasks } from './start-tasks.ts';
import { listenForStop } from './stop-signals.ts';

/** `assay worker`: does tasks for a server that runs elsewhere, on the same data folder or the same DATABASE_URL. */
export async function work(config: Config): Promise<number> {
  const signals = listenForStop();
  const log = openLog(config.logLevel);
  const fileRoots = realFileRoots(config);
  const store = await openStore({
    databaseUrl: config.databaseUrl,
    dataDir: config.dataDir,
    applicationName: `assay worker ${config.workerName}`,
    log: (line) => log.info(line),
  });
  try {
    const { pending } = await planMigrations(store.pool);
    if (pending.length > 0) {
      throw new AssayError(
        'STORE_FAILED',
        `The database is older than this version of Assay (not applied: ${pending.join(', ')}). Start \`assay serve\` of ` +
          'this version, or run `assay migrate`.',
      );
    }
    const secrets = await loadSecrets({
      db: store.db,
      key: config.secretKey,
      dataDir: config.dataDir,
      sharedDatabase: config.databaseUrl !== undefined,
      mayGenerate: config.databaseUrl === undefined,
      log: (line) => log.info(line),
    });
    const tasks = await startTasks({ config, fileRoots, store, secrets, log });
    const serving = config.affinities.join(', ');
    process.stdout.write(`Worker ${config.workerName} is ready: ${config.slots} slots, affinity ${serving}\n`);
    return await signals.untilStopped(() => tasks.stop(), log);
  } finally {
    await store.close();
  }
}
