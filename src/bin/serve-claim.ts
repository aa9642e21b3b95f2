import type { Logger } from 'pino';
import { toAssayError } from '../errors/assay-error.ts';
import { claimServe, claimShared, type ServeClaim } from '../store/embedded/claim-serve.ts';
import type { Store } from '../store/open-store.ts';

/** Between two attempts to take the folder back after the embedded server was killed. */
const AGAIN_MS = 500;

/**
 * Holds the data folder for this server, or with DATABASE_URL its share in the database. When the connection breaks the
 * embedded server is started again if it died, and the claim is made anew.
 *
 * @throws AssayError FOLDER_IN_USE when another server has the folder
 */
export async function holdServeClaim(
  store: Store,
  mine: { port: number; dataDir: string },
  log: Logger,
  onTakenBack: () => Promise<void> = async () => {},
): Promise<ServeClaim> {
  let released = false;
  let timer: NodeJS.Timeout | undefined;
  let claim: ServeClaim | undefined;
  const take = async (): Promise<void> => {
    claim = store.embedded ? await claimServe(store.pool, mine, onLost) : await claimShared(store.pool, onLost);
    if (released) await claim.release();
  };
  const takeBack = async (): Promise<void> => {
    if (released) return;
    try {
      await store.ensureRunning();
      await take();
      await onTakenBack();
    } catch (error) {
      // In use: another server was quicker. It keeps the folder and this one says so until somebody stops it.
      log.error({ err: toAssayError(error) }, 'the claim of this server could not be made again');
      timer = setTimeout(() => void takeBack(), AGAIN_MS);
    }
  };
  const onLost = (error: Error): void => {
    log.warn({ err: error }, 'the connection that holds the claim of this server broke; it is made anew');
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
