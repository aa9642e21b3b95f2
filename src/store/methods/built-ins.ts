import { sql } from 'kysely';
import { ADVISORY_LOCKS } from '../advisory-locks.ts';
import type { Db, Trx } from '../database.ts';

const KEY = 'built-in-methods';

/** The fingerprint of the built-in methods that are stored; undefined when there are none. */
export async function findContent(db: Db | Trx): Promise<string | undefined> {
  const row = await db.selectFrom('meta').select('value').where('key', '=', KEY).executeTakeFirst();
  return row && String((row.value as { fingerprint: string }).fingerprint);
}

export async function recordContent(trx: Trx, fingerprint: string): Promise<void> {
  const value = JSON.stringify({ fingerprint });
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
