import type { AssayError } from '../errors/assay-error.ts';
import { toStoreOrAssayError } from '../store/store-error.ts';

export interface Repeated {
  /** The first run comes after `afterMs`, by default at once. */
  start(afterMs?: number): void;
  /** Runs as soon as it can: at once, or right after the run in progress. */
  now(): void;
  /** Resolves when the run in progress has ended. */
  stop(): Promise<void>;
}

/** Pause after a failure, so that a database that is away is not hammered. */
const AFTER_FAILURE_MS = 500;

/** Runs `work` every `everyMs`, never twice at once; a failure goes to `onTrouble` and the next run comes soon. */
export function repeat(
  what: string,
  everyMs: number,
  onTrouble: (error: AssayError, what: string) => Promise<void>,
  work: () => Promise<void>,
): Repeated {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let again = false;
  let on = false;

  const schedule = (ms: number): void => {
    clearTimeout(timer);
    if (on) timer = setTimeout(run, ms);
  };
  const run = (): void => {
    if (running) {
      again = true;
      return;
    }
    running = (async () => {
      let pauseMs = everyMs;
      try {
        await work();
      } catch (thrown) {
        pauseMs = Math.min(everyMs, AFTER_FAILURE_MS);
        await onTrouble(toStoreOrAssayError(thrown), what);
      }
      running = undefined;
      const soon = again;
      again = false;
      if (soon) schedule(0);
      else schedule(pauseMs);
    })();
  };

  return {
    start(afterMs = 0) {
      on = true;
      schedule(afterMs);
    },
    now() {
      if (!on) return;
      if (running) again = true;
      else schedule(0);
    },
    async stop() {
      on = false;
      clearTimeout(timer);
      await running;
    },
  };
}
