import type { Logger } from 'pino';
import { toAssayError } from '../errors/assay-error.ts';
import { claimServe, type ServeClaim } from '../store/embedded/claim-serve.ts';
import type { Store } from '../store/open-store.ts';

/** Between two attempts to take the folder back after the embedded server was killed. */
const AGAIN_MS = 500;

/**
 * Holds the data folder for this server. When the embedded server dies, it is started again and the folder claimed anew.
 *
 * @throws AssayError FOLDER_IN_USE when another server has it
 */
export async function holdServeClaim(
  store: Store,
  mine: { port: number; dataDir: string },
  log: Logger,
): Promise<ServeClaim> {
  let released = false;
  let timer: NodeJS.Timeout | undefined;
  let claim: ServeClaim | undefined;
  const take = async (): Promise<void> => {
    claim = await claimServe(store.pool, mine, onLost);
    if (released) await claim.release();
  };
  const takeBack = async (): Promise<void> => {
    if (released) return;
    try {
      await store.ensureRunning();
      await take();
    } catch (error) {
      // In use: another server was quicker. It keeps the folder and this one says so until somebody stops it.
      log.error({ err: toAssayError(error) }, 'the data folder could not be claimed again');
      timer = setTimeout(() => void takeBack(), AGAIN_MS);
    }
  };
  const onLost = (error: Error): void => {
    log.warn({ err: error }, 'the connection to the embedded database broke; it is started again');
    void takeBack();
  };
  await take();
  return {
    release: async () => {
      released = true;
      clearTimeout(timer);
      await claim?.release();
    },
  };
}
