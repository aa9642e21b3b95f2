import { tmpdir } from 'node:os';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { awaitState } from '../../test/support/await-state.ts';
import { startAnew } from '../../test/support/run-job.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import { getRootId } from '../store/catalog-roots.ts';
import type { Trx } from '../store/database.ts';
import { EarlyLoad } from './early-load.ts';
import { type Harvest, mergeHarvest } from './harvest.ts';
import { selectAll } from './selection.ts';
import { Spool } from './spool.ts';

/** An attempt whose process was stopped, or whose network was cut, says nothing and keeps what it locked. */
const SOURCE = '65f000000000000000000001';
const JOB = '65f0000000000000000000a';

let database: TestDatabase;
let rootId: string;
const spools: Spool[] = [];
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  for (const spool of spools) await spool.remove();
  await database.drop();
});
beforeEach(async () => {
  const { bench } = await startAnew(database);
  await bench.addSource(SOURCE, 's');
  await bench.run('METADATA_INGEST', { resourceId: SOURCE });
  rootId = await getRootId(database.db, SOURCE);
});

const placeOf = (jobId: string) => ({ jobId, source: { id: SOURCE, fqdnId: 's' }, rootId, units: ['/public'] });

/** Lists a schema, without an end. */
async function list(early: EarlyLoad): Promise<Harvest> {
  const spool = new Spool(tmpdir());
  spools.push(spool);
  early.follow(spool);
  await spool.add({ type: 'SCHEMA', path: ['public'], metadata: {} }, true);
  // So much that rows are on their way, and the store writes them, before the listing ends.
  const metadata = { remarks: 'x'.repeat(100) };
  await spool.add({ type: 'TABLE', path: ['public', 't'], metadata }, true);
  for (let n = 0; n < 15_000; n++) await spool.add({ type: 'VIEW', path: ['public', `v${n}`], metadata }, true);
  return { spool, complete: ['/public'], failed: [], unproven: [], doubts: [], counts: {}, hidden: 0 };
}

async function listWhole(early: EarlyLoad): Promise<Harvest> {
  const done = await list(early);
  await done.spool.finish();
  return done;
}

const sessions = async (condition: string): Promise<number> =>
  (
    await database.pool.query(
      `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND ${condition}`,
    )
  ).rows[0].n;
const tables = async (): Promise<unknown[]> =>
  database.db.selectFrom('entity').select('fqdn').where('type', '=', 'TABLE').execute();

test.each(['in the midst of copying', 'with everything copied'])(
  'an attempt that was paused %s does not keep the next one waiting',
  async (where) => {
    const paused = new EarlyLoad(database.db, placeOf(`${JOB}1`));
    if (where.startsWith('in')) await list(paused);
    else expect(await paused.finish(await listWhole(paused))).toBeDefined();
    await awaitState(
      'rows of the paused attempt',
      () => sessions(`xact_start IS NOT NULL AND backend_xid IS NOT NULL`),
      (n) => n > 0,
    );
    const next = new EarlyLoad(database.db, placeOf(`${JOB}1`));
    const loaded = await next.finish(await listWhole(next));
    if (!loaded) throw new Error('it was not loaded');
    await loaded.write(loaded.trx);
    await loaded.trx.commit().execute();
    await paused.giveUp();
    expect(await tables()).toEqual([{ fqdn: 's/public/t' }]);
  },
);

test('what another job is storing is waited for briefly, then merged, and that waits with a bound too', async () => {
  const other = new EarlyLoad(database.db, placeOf(`${JOB}1`));
  const held = await other.finish(await listWhole(other));
  if (!held) throw new Error('it was not loaded');
  const early = new EarlyLoad(database.db, placeOf(`${JOB}2`));
  const done = await listWhole(early);
  expect(await early.finish(done)).toBeUndefined();
  const merge = database.db.transaction().execute(async (trx) => {
    const place = { ...placeOf(`${JOB}2`), shape: 'database' as const, ownsRoot: false, targetIds: [] };
    const effects = await mergeHarvest(trx, done, place, selectAll);
    return { effects, lockTimeout: await setting(trx, 'lock_timeout') };
  });
  await awaitState(
    'the merge waiting',
    () => sessions(`wait_event_type = 'Lock'`),
    (n) => n > 0,
  );
  expect(await setting(held.trx, 'idle_in_transaction_session_timeout')).toBe('30s');
  expect(await setting(held.trx, 'lock_timeout')).toBe('1min');
  await held.trx.rollback().execute();
  expect(await merge).toMatchObject({ effects: { created: { schemas: 1, tables: 1 } }, lockTimeout: '1min' });
  expect(await tables()).toEqual([{ fqdn: 's/public/t' }]);
});

test('the store notices a client that is gone from the network', async () => {
  const { rows } = await database.pool.query(`SELECT inet_server_port() IS NOT NULL AS tcp,
    current_setting('tcp_keepalives_idle') AS idle, current_setting('tcp_user_timeout') AS unanswered`);
  // On a socket of the machine it reads as nothing.
  expect(rows).toEqual([
    rows[0].tcp ? { tcp: true, idle: '10', unanswered: '25s' } : { tcp: false, idle: '0', unanswered: '0' },
  ]);
});

async function setting(trx: Trx, name: string): Promise<string> {
  const { rows } = await sql<{ value: string }>`SELECT current_setting(${name}) AS value`.execute(trx);
  return rows[0]?.value ?? '';
}
