import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type pg from 'pg';
import type { Trx } from './database.ts';
import type { LoadPlace } from './load-listing.ts';

/**
 * A network that was cut, or a host that was suspended, says nothing: without these the server keeps the session, and every
 * lock of its transaction, for two hours. Where the server's system cannot do it, and on a socket of the machine, it is ignored.
 */
export async function noticeLostClients(client: pg.ClientBase): Promise<void> {
  await client.query(
    'SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3; SET tcp_user_timeout = 25000',
  );
}

/**
 * Lets a task wait a minute for locks, longer than another merge of the same rows holds them; then it fails with STORE_BUSY and
 * is tried again.
 */
export async function boundLockWait(trx: Trx): Promise<void> {
  await sql`SET LOCAL lock_timeout = '60s'`.execute(trx);
}

/**
 * For a transaction that copies a listing while it is read. Three things keep it from standing in anybody's way:
 * - it waits a second for others: what it would store somebody else is storing, and then it is merged;
 * - it is ended by the store when its client says nothing for half a minute between two statements (healthy: milliseconds);
 * - it is ended by the next attempt of its task. A process that is stopped within COPY is noticed by nothing else: neither
 *   `statement_timeout` nor a cancel reaches a server that waits for the next row. An attempt that follows holds the lease, so
 *   what the earlier one copied cannot count any more.
 */
export async function boundLoad(trx: Trx, place: LoadPlace): Promise<void> {
  const units = createHash('md5').update(place.units.join('\n')).digest('hex').slice(0, 12);
  const name = `assay load ${place.jobId} ${units}`;
  await sql`
    SELECT set_config('lock_timeout', '1s', true), set_config('idle_in_transaction_session_timeout', '30s', true),
      set_config('application_name', ${name}, true)`.execute(trx);
  await sql`
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE application_name = ${name} AND datname = current_database() AND pid <> pg_backend_pid()`.execute(trx);
}
