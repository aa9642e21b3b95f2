import type { Logger } from 'pino';
import { EXIT } from '../cli/exit-codes.ts';

/** A stop that takes longer than this is not coming any more. */
const GIVE_UP_MS = 15_000;

export interface StopSignals {
  /** Waits for the signal, then stops; gives the exit code. */
  untilStopped(stop: () => Promise<void>, log: Logger): Promise<number>;
}

/**
 * Listens for SIGINT, SIGTERM and SIGHUP. Call it before anything is started: a signal that comes during the start is then
 * obeyed when there is something to stop, and leaves no database behind that was not shut down.
 *
 * A second SIGINT ends the process at once with 130; tasks are then taken over like those of a killed worker.
 */
export function listenForStop(): StopSignals {
  let first: NodeJS.Signals | undefined;
  const asked = new Promise<NodeJS.Signals>((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(name, () => {
        if (first && name === 'SIGINT') process.exit(EXIT.interrupted);
        first ??= name;
        resolve(name);
      });
    }
  });
  return {
    async untilStopped(stop, log) {
      log.info({ signal: await asked }, 'stopping');
      const late = setTimeout(() => {
        log.error(`not stopped within ${GIVE_UP_MS / 1000} s: ending the process`);
        process.exit(EXIT.failed);
      }, GIVE_UP_MS);
      await stop();
      clearTimeout(late);
      return EXIT.done;
    },
  };
}
