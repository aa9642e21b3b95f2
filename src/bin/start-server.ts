import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { readIssuers } from '../config/issuers.ts';
import type { Config } from '../config/settings.ts';
import { AssayError } from '../errors/assay-error.ts';
import { announceServe } from '../store/embedded/claim-serve.ts';
import type { Store } from '../store/open-store.ts';
import type { LoadedSecrets } from '../store/secrets/load-secrets.ts';
import { holdServeClaim } from './serve-claim.ts';
import { type RunningTasks, realFileRoots, startTasks } from './start-tasks.ts';
import { VERSION } from './version.ts';

export interface RunningServer {
  /** `http://127.0.0.1:8080`. */
  url: string;
  store: Store;
  secrets: LoadedSecrets;
  /** Stops accepting, hands tasks back, closes. Safe to call twice. */
  stop(): Promise<void>;
}

/** Open requests may finish within this time after a stop was asked for; then their connections are cut. */
const DRAIN_MS = 2_000;

/**
 * Opens and migrates the store, listens, then starts the worker. Listening comes before anything that a request does not
 * need, so that a restart is noticed as little as possible.
 *
 * @throws BAD_CONFIG, with nothing made, when a folder or file that an option names cannot be opened
 */
export async function startServer(
  config: Config,
  log: Logger,
  onPassword: (password: string) => void = () => {},
): Promise<RunningServer> {
  const note = (line: string): void => log.info(line);
  // What the options name is looked at before anything is made: a cluster, a key, a password that is shown once.
  const fileRoots = config.worker ? realFileRoots(config) : [];
  const tls = await readTls(config);
  const { issuers } = readIssuers(config);
  const [{ openStore }, api] = await Promise.all([import('../store/open-store.ts'), loadApi()]);
  const store = await openStore({
    databaseUrl: config.databaseUrl,
    dataDir: config.dataDir,
    applicationName: 'assay serve',
    log: note,
  });
  const closers: (() => Promise<void>)[] = [() => store.close()];
  const closeAll = async (): Promise<void> => {
    for (const close of closers.toReversed()) {
      await close().catch((error: unknown) => log.error({ err: error }, 'closing failed'));
    }
  };
  try {
    for (const name of await api.migrate(store.pool)) note(`Migrated the database: ${name}`);
    const mine = { port: config.port, dataDir: config.dataDir };
    // Before the key is read: from here on it cannot be changed.
    let fingerprint: string | undefined;
    const claim = await holdServeClaim(store, mine, log, async () => {
      if (fingerprint === undefined || (await api.readFingerprint(store.db)) === fingerprint) return;
      log.fatal('the secret key was changed while this server was cut off from its database; it stops');
      process.kill(process.pid, 'SIGTERM');
    });
    closers.push(() => claim.release());
    const secrets = await api.loadSecrets({
      db: store.db,
      key: config.secretKey,
      dataDir: config.dataDir,
      sharedDatabase: config.databaseUrl !== undefined,
      mayGenerate: true,
      log: note,
    });
    fingerprint = secrets.fingerprint;
    const { generatedPassword } = await api.ensureAdmin(store.db, { password: config.adminPassword });
    // At once: a later step may fail, and nobody could ever read it again.
    if (generatedPassword) onPassword(generatedPassword);
    const app = await api.buildApp({
      store: { db: store.db, secrets },
      engine: { conclude: api.concludeJob, specs: api.JOB_SPECS },
      config: {
        version: VERSION,
        accessTokenSeconds: config.accessTokenSeconds,
        refreshTokenSeconds: config.refreshTokenSeconds,
        apiKeyDays: config.apiKeyDays,
        apiKeyAwayDays: config.apiKeyAwayDays,
        importBytes: config.importMb * 2 ** 20,
        tls,
      },
      issuers,
      logger: log,
    });
    const url = await listen(app, config);
    if (!config.databaseUrl && config.port === 0) {
      mine.port = Number(new URL(url).port);
      await announceServe(store.pool, mine.port);
    }
    closers.push(async () => {
      const cut = setTimeout(() => app.server.closeAllConnections(), DRAIN_MS);
      await app.close();
      clearTimeout(cut);
    });
    const tasks = config.worker ? await startTasks({ config, fileRoots, store, secrets, log }) : undefined;
    let stopped: Promise<void> | undefined;
    return {
      url,
      store,
      secrets,
      stop: () => {
        stopped ??= Promise.all([stopTasks(tasks, log), closers.pop()!()]).then(closeAll);
        return stopped;
      },
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

async function stopTasks(tasks: RunningTasks | undefined, log: Logger): Promise<void> {
  await tasks?.stop().catch((error: unknown) => log.error({ err: error }, 'the worker did not stop cleanly'));
}

/** Everything the API needs; loaded while the database starts. */
async function loadApi() {
  const [app, conclude, specs, migrate, secrets, admin] = await Promise.all([
    import('../api/app.ts'),
    import('../jobs/conclude.ts'),
    import('../jobs/specs.ts'),
    import('../store/migrate.ts'),
    import('../store/secrets/load-secrets.ts'),
    import('../store/ensure-admin.ts'),
  ]);
  return { ...app, ...conclude, ...specs, ...migrate, ...secrets, ...admin };
}

async function listen(
  app: Awaited<ReturnType<Awaited<ReturnType<typeof loadApi>>['buildApp']>>,
  config: Config,
): Promise<string> {
  try {
    await app.listen({ host: config.host, port: config.port });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const place = `${config.host}:${config.port}`;
    if (code === 'EADDRINUSE') {
      throw new AssayError('BAD_CONFIG', `${place} is taken by another program: choose a port with --port.`, { cause });
    }
    if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
      throw new AssayError('BAD_CONFIG', `Cannot listen on ${place}: ${message}.`, { cause });
    }
    throw cause;
  }
  const { port } = app.server.address() as AddressInfo;
  const everywhere = config.host === '0.0.0.0' || config.host === '::';
  const host = everywhere ? '127.0.0.1' : config.host.includes(':') ? `[${config.host}]` : config.host;
  return `${config.tlsCert ? 'https' : 'http'}://${host}:${port}`;
}

async function readTls(config: Config): Promise<{ cert: Buffer; key: Buffer } | undefined> {
  if (!config.tlsCert || !config.tlsKey) return undefined;
  const read = async (flag: string, path: string): Promise<Buffer> => {
    try {
      return await readFile(path);
    } catch (cause) {
      throw new AssayError('BAD_CONFIG', `${flag}: ${path} cannot be read: ${(cause as Error).message}.`, { cause });
    }
  };
  return { cert: await read('--tls-cert', config.tlsCert), key: await read('--tls-key', config.tlsKey) };
}
