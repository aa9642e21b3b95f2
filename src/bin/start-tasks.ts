import { mkdtempSync, realpathSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Logger } from 'pino';
import type { Config } from '../config/settings.ts';
import { AssayError } from '../errors/assay-error.ts';
import { makeFolder } from '../store/make-folder.ts';
import type { Store } from '../store/open-store.ts';
import type { LoadedSecrets } from '../store/secrets/load-secrets.ts';
import { makeTempFolder } from './temp-folder.ts';
import { VERSION } from './version.ts';

export interface RunningTasks {
  stop(): Promise<void>;
}

/** One listens; claiming, renewing, the heartbeat and the sweep may each want one at the same time. */
const WORKER_CONNECTIONS = 5;

/** Starts the worker of this process: the same for `assay serve` and `assay worker`. */
export async function startTasks(options: {
  config: Config;
  /** From realFileRoots(). */
  fileRoots: string[];
  store: Store;
  secrets: LoadedSecrets;
  log: Logger;
}): Promise<RunningTasks> {
  const { config, fileRoots, store, secrets, log } = options;
  const { startWorker } = await import('../worker/start-worker.ts');
  await makeFolder(resolve(config.dataDir), 0o700);
  const tempRoot = await makeTempFolder(config.dataDir);
  const protectedPaths = [realpathSync(config.dataDir)];
  const worker = await startWorker({
    // Behind requests that wait for a connection of the API, leases would run out.
    ...store.openAside({ max: WORKER_CONNECTIONS, applicationName: 'assay worker' }),
    name: config.workerName,
    affinities: [...config.affinities],
    slots: config.slots,
    software: VERSION,
    retention: { eventDays: config.retainEventDays, jobDays: config.retainJobDays, profiles: config.retainProfiles },
    childSetup: () => ({
      connection: store.embedded ? { ...store.embedded.connection } : { connectionString: config.databaseUrl! },
      secretKey: secrets.key.toString('base64'),
      limits: {
        fileRoots,
        protectedPaths,
        memoryMb: config.taskMemoryMb,
        threads: 1,
        tempFolder: mkdtempSync(join(tempRoot, 'task-')),
        profiling: {
          keepValues: config.keepValues,
          conditionSeconds: config.conditionSeconds,
          wholeTableRows: config.wholeTableRows,
          wholeTableBytes: config.wholeTableGb * 1e9,
          membershipBytes: config.membershipMb * 1e6,
        },
      },
    }),
    ensureRunning: () => store.ensureRunning(),
    log,
  });
  return {
    stop: async () => {
      await worker.stop();
      await rm(tempRoot, { recursive: true, force: true });
    },
  };
}

/**
 * The real paths of the folders that the worker may read. Asked for before anything is made or changed.
 *
 * @throws BAD_CONFIG when one of them cannot be opened
 */
export function realFileRoots(config: Config): string[] {
  return config.fileRoots.map((folder) => {
    try {
      return realpathSync(folder);
    } catch (cause) {
      throw new AssayError('BAD_CONFIG', `--file-root: ${folder} cannot be opened: ${(cause as Error).message}.`, {
        cause,
      });
    }
  });
}
