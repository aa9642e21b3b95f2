import { sql } from 'kysely';
import { ADVISORY_LOCKS } from '../advisory-locks.ts';
import type { Db, Trx } from '../database.ts';

const KEY = 'built-in-methods';

/** Which built-in methods are stored. */
export interface StoredContent {
  /** Higher for what is newer; 0 for what was stored before contents had versions. */
  version: number;
  fingerprint: string;
}

/** Undefined when no built-in methods are stored. */
export async function findContent(db: Db | Trx): Promise<StoredContent | undefined> {
  const row = await db.selectFrom('meta').select('value').where('key', '=', KEY).executeTakeFirst();
  if (!row) return undefined;
  const { version = 0, fingerprint } = row.value as { version?: number; fingerprint: string };
  return { version, fingerprint };
}

export async function recordContent(trx: Trx, content: StoredContent): Promise<void> {
  const value = JSON.stringify(content);
  await trx
    .insertInto('meta')
    .values({ key: KEY, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute();
}

/** Keeps other processes from bringing built-in methods until the transaction ends. */
export async function lockBuiltIns(trx: Trx): Promise<void> {
  const [space, key] = ADVISORY_LOCKS.bringingBuiltIns;
  await sql`SELECT pg_advisory_xact_lock(${space}, ${key})`.execute(trx);
}

/** Removes built-in methods that this version no longer has. */
export async function deleteOtherBuiltIns(trx: Trx, ids: readonly string[]): Promise<void> {
  await sql`DELETE FROM method WHERE built_in AND id <> ALL(${[...ids]}::text[])`.execute(trx);
}
