import type { Logger } from 'pino';
import { EXIT } from '../cli/exit-codes.ts';

/** A stop that takes longer than this is not coming any more. */
const GIVE_UP_MS = 15_000;

/**
 * Waits for SIGINT or SIGTERM, then stops.
 *
 * A second SIGINT ends the process at once with 130; tasks are then taken over like those of a killed worker.
 *
 * @returns the exit code
 */
export async function untilStopped(stop: () => Promise<void>, log: Logger): Promise<number> {
  const signal = await new Promise<NodeJS.Signals>((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => resolve(name));
  });
  log.info({ signal }, 'stopping');
  process.on('SIGINT', () => process.exit(EXIT.interrupted));
  process.on('SIGTERM', () => {});
  const late = setTimeout(() => {
    log.error(`not stopped within ${GIVE_UP_MS / 1000} s: ending the process`);
    process.exit(EXIT.failed);
  }, GIVE_UP_MS);
  await stop();
  clearTimeout(late);
  return EXIT.done;
}
