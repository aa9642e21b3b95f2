import type { Config } from '../config/settings.ts';
import { openLog } from './open-log.ts';
import { startServer } from './start-server.ts';
import { listenForStop } from './stop-signals.ts';

/** `assay serve`: the API, and unless told otherwise a worker, until a signal stops it. */
export async function serve(config: Config): Promise<number> {
  const signals = listenForStop();
  const log = openLog(config.logLevel);
  const server = await startServer(config, log, (password) => {
    process.stdout.write(`First start: user admin, password ${password} (shown this once)\n`);
  });
  const lines = [`Assay listens on ${server.url}`, `API pages        ${server.url}/api/public/swagger/`];
  lines.push(config.databaseUrl ? 'database         from DATABASE_URL' : `data folder      ${config.dataDir}`);
  if (!config.worker) lines.push('worker           none here (--no-worker): start one with `assay worker`');
  process.stdout.write(`${lines.join('\n')}\n`);
  return signals.untilStopped(() => server.stop(), log);
}
