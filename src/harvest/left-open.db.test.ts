import { readdirSync, readlinkSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { awaitState } from '../../test/support/await-state.ts';
import type { FakeSource } from '../../test/support/fake-connector.ts';
import { JobBench, startAnew } from '../../test/support/run-job.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import { AssayError } from '../errors/assay-error.ts';

/** What an ingest leaves behind in the process, and the times that it writes. */
const SOURCE = '65f000000000000000000001';

let database: TestDatabase;
let source: FakeSource;
let bench: JobBench;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  ({ source, bench } = await startAnew(database));
  await bench.addSource(SOURCE, 's');
  source.table('public', 't', ['x', 'y']);
});

/** Files of listings that this process has open. */
const openSpools = (): string[] =>
  readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const path = readlinkSync(`/proc/self/fd/${fd}`);
      return path.includes('/harvest-') ? [path] : [];
    } catch {
      // The descriptor that read the folder is closed by now.
      return [];
    }
  });

test.runIf(process.platform === 'linux')(
  'no file of a listing stays open, not even when the source cannot be left',
  async () => {
    let closes = 0;
    const whole = source.connector();
    const clinging = {
      ...whole,
      connect: async (...given: Parameters<typeof whole.connect>) => {
        const connection = await whole.connect(...given);
        connection.close = async () => {
          // The plan of an ingest leaves the source too.
          if (closes++ > 0) throw new AssayError('SOURCE_FAILED', 'the source does not let go');
        };
        return connection;
      },
    };
    const failing = new JobBench(database.db, () => clinging);
    expect((await failing.run('METADATA_INGEST', { resourceId: SOURCE })).status).toBe('FAILED');
    expect(closes).toBeGreaterThan(1);
    expect(openSpools()).toEqual([]);
    expect((await bench.run('METADATA_INGEST', { resourceId: SOURCE })).status).toBe('COMPLETED');
    const { id } = await database.db
      .selectFrom('entity')
      .select('id')
      .where('type', '=', 'SCHEMA')
      .executeTakeFirstOrThrow();
    expect((await failing.run('METADATA_REINGEST', { scope: [id] })).status).toBe('FAILED');
    expect(openSpools()).toEqual([]);
  },
);

test('what is said at the end of a listing has the time of its end', async () => {
  let listed = new Date(0);
  source.onBatch = async () => {
    await awaitState(
      'a copy',
      async () =>
        (
          await database.pool.query(
            `SELECT FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'COPY entity %'`,
          )
        ).rowCount ?? 0,
      (n) => n > 0,
    );
    listed = (await database.pool.query('SELECT clock_timestamp() AS now')).rows[0].now;
  };
  const { id } = await bench.run('METADATA_INGEST', { resourceId: SOURCE });
  const { scanned_at } = await database.db.selectFrom('scan').select('scanned_at').executeTakeFirstOrThrow();
  expect(new Date(scanned_at).getTime()).toBeGreaterThanOrEqual(listed.getTime());
  const events = await database.db
    .selectFrom('job_event')
    .select(['kind', 'at'])
    .where('job_id', '=', id)
    .orderBy('seq')
    .execute();
  const times = events.map(({ at }) => new Date(at).getTime());
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(events.at(-1)?.kind).toBe('ended');
  expect(times.at(-1)).toBeGreaterThanOrEqual(listed.getTime());
});
