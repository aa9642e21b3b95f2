import { sql } from 'kysely';
import { AssayError } from '../errors/assay-error.ts';
import type { Db } from './database.ts';

/** @throws STORE_UNAVAILABLE when the database does not answer in that time */
export async function pingStore(db: Db, timeoutMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    await Promise.race([sql`SELECT 1`.execute(db), late]);
  } catch (cause) {
    throw new AssayError('STORE_UNAVAILABLE', 'the database of Assay cannot be reached', { cause });
  } finally {
    clearTimeout(timer);
  }
}
