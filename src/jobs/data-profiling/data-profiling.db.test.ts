import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { FakeSource } from '../../../test/support/fake-connector.ts';
import { JobBench } from '../../../test/support/run-job.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts';
import type {
  Connection,
  Connector,
  Partition,
  PushDownRequest,
  ReadColumn,
  ReadRequest,
  ReadResult,
} from '../../connectors/connector.ts';
import { AssayError } from '../../errors/assay-error.ts';
import type { EntityType } from '../../model/entity.ts';
import { newEntityId, newHexId } from '../../model/ids.ts';
import { packValues, unpackValues } from '../../store/profile-values.ts';
import { listCurrentProfiles } from '../../store/profiles.ts';

type Rows = (request: ReadRequest) => Promise<ReadResult> | ReadResult;

let database: TestDatabase;
let bench: JobBench;
let folder: string;
const tables = new Map<string, Rows>();
let partitions: Partition[] = [];
/** Absent: the source cannot measure a table itself. */
let pushDown: Connection['pushDown'];

const source = new FakeSource();
const connector = (): Connector => {
  const fake = source.connector();
  return {
    ...fake,
    async connect(config, context) {
      const connection = await fake.connect(config, context);
      return Object.assign(connection, {
        ...(pushDown ? { pushDown } : {}),
        async read(request: ReadRequest): Promise<ReadResult> {
          const rows = tables.get(request.path.join('/'));
          if (!rows) throw new AssayError('SOURCE_NO_OBJECT', `there is no table ${request.path.join('.')}`);
          return rows(request);
        },
        async planPartitions() {
          return partitions;
        },
      });
    },
  };
};

const text = (name: string, duckdbType = 'VARCHAR'): ReadColumn => ({
  name,
  nativeType: duckdbType.toLowerCase(),
  duckdbType,
  typeBasis: 'precise',
});

const csv = (columns: ReadColumn[], lines: string): Rows => {
  return ({ columns: names }) => {
    const at = columns.map((_, i) => i).filter((i) => !names || names.includes(columns[i]?.name ?? ''));
    const kept = lines
      .split('\n')
      .filter(Boolean)
      .map((line) => at.map((i) => line.split(',')[i]).join(','))
      .join('\n');
    return {
      kind: 'bytes',
      format: 'csv',
      csv: { delimiter: ',', quote: '"', escape: '"', header: false, nullText: '\\N' },
      columns: at.map((i) => columns[i] as ReadColumn),
      stream: Readable.from([Buffer.from(`${kept}\n`)]),
    };
  };
};

interface Made {
  id: string;
  columns: string[];
}

const sourceId = newHexId();
const rootId = newEntityId();
const schemaId = newEntityId();

async function entity(
  type: EntityType,
  name: string,
  parentId: string | null,
  fqdn: string,
  metadata: object = {},
  ordinal = 0,
): Promise<string> {
  const id = type === 'RESOURCE' ? rootId : type === 'SCHEMA' ? schemaId : newEntityId();
  await bench.db
    .insertInto('entity')
    .values({
      id,
      source_id: sourceId,
      parent_id: parentId,
      root_id: rootId,
      type,
      name,
      fqdn,
      ordinal,
      metadata: JSON.stringify(metadata),
    })
    .execute();
  return id;
}

async function table(name: string, columns: string[], type: EntityType = 'TABLE', rows = 10): Promise<Made> {
  const id = await entity(type, name, schemaId, `77/s/${name}`, { stats: { rows } });
  const ids: string[] = [];
  for (const [i, column] of columns.entries())
    ids.push(await entity('COLUMN', column, id, `77/s/${name}/${column}`, {}, i + 1));
  return { id, columns: ids };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'profiling-'));
  database = await createTestDatabase();
  bench = new JobBench(database.db, connector);
  await database.db
    .insertInto('data_source')
    .values({
      id: sourceId,
      resource_name: 'fake',
      fqdn_id: '77',
      database_type: 'FAKE',
      config: JSON.stringify({ databaseType: 'FAKE' }),
    })
    .execute();
  await entity('RESOURCE', 'fake', null, '77');
  await entity('SCHEMA', 's', rootId, '77/s');
});

afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

const bodyOf = async (id: string) =>
  (await listCurrentProfiles(database.db, [id]))[0]?.body as Record<string, { value: unknown }> | undefined;

/** Accepts a job that nobody takes yet. */
async function acceptForLater(scope: string[]): Promise<string> {
  const { id } = await bench.accept('DATA_PROFILE', { scope });
  await database.db
    .updateTable('task')
    .set({ run_at: new Date('2999-01-01') })
    .where('job_id', '=', id)
    .execute();
  return id;
}

async function release(...ids: string[]): Promise<void> {
  await database.db
    .updateTable('task')
    .set({ run_at: new Date(0) })
    .where('job_id', 'in', ids)
    .execute();
  await bench.work();
}

describe('data profiling', () => {
  it('profiles a table below a schema and stores one row for it and one for each column', async () => {
    const orders = await table('orders', ['id', 'note']);
    tables.set('s/orders', csv([text('id', 'BIGINT'), text('note')], '1,a\n2,\\N\n3,""\n4,a\n'));
    const job = await bench.run('DATA_PROFILE', { scope: [orders.id] });
    expect(job).toMatchObject({ status: 'COMPLETED', result: { tablesProfiled: 1, columnsProfiled: 2, rowsRead: 4 } });
    expect(job.message).toBe('Profiled 1 table with 2 columns, 4 rows.');
    expect(job.effects?.created).toEqual({ 'table profiles': 1, 'column profiles': 2 });
    expect(await bodyOf(orders.id)).toMatchObject({ rows: { value: 4, basis: 'exact' }, fields: 2 });
    expect(await bodyOf(orders.columns[1] as string)).toMatchObject({
      nulls: { value: 1 },
      blanks: { value: 1 },
      distinct: { value: 1 },
      density: { value: 50 },
      topValues: {
        value: [
          { value: 'a', count: 2, percent: 50 },
          { value: '', count: 1, percent: 25 },
        ],
      },
    });
  });

  it('measures only the columns it was asked for and leaves the profiles of the others', async () => {
    const pair = await table('pair', ['a', 'b']);
    tables.set('s/pair', csv([text('a', 'BIGINT'), text('b')], '1,x\n2,y\n'));
    await bench.run('DATA_PROFILE', { scope: [pair.id] });
    tables.set('s/pair', csv([text('a', 'BIGINT'), text('b')], '1,x\n2,y\n3,z\n'));
    const job = await bench.run('DATA_PROFILE', { scope: [pair.columns[0] as string] });
    expect(job.result).toMatchObject({ columnsProfiled: 1 });
    expect(await bodyOf(pair.columns[0] as string)).toMatchObject({ rows: { value: 3 } });
    expect(await bodyOf(pair.columns[1] as string)).toMatchObject({ rows: { value: 2 } });
    // The table's own row is still that of the run that saw all of it.
    expect(await bodyOf(pair.id)).toMatchObject({ fields: 2, rows: { value: 2 } });
  });

  it('decides for each column which job is the later one', async () => {
    const shared = await table('shared', ['a', 'b']);
    tables.set('s/shared', csv([text('a', 'BIGINT'), text('b')], '1,x\n2,y\n'));
    const [a, b] = shared.columns as [string, string];
    const both = await acceptForLater([a, b]);
    const early = await acceptForLater([a]);
    const late = await bench.run('DATA_PROFILE', { scope: [b] });
    await release(both, early);
    const jobOf = async (id: string) => (await listCurrentProfiles(database.db, [id]))[0]?.jobId;
    expect(await jobOf(b)).toBe(late.id);
    expect(await jobOf(a)).toBe(early);
    const first = await bench.get(both);
    expect(first.effects).toMatchObject({ skipped: { 'columns that a later job has profiled already': 1 } });
    expect(first.message).toBe('Profiled 1 table with 1 column, 2 rows.');
    expect(await jobOf(shared.id)).toBeUndefined();
  });

  it('locks a file at once as strongly as it needs it', async () => {
    const path = join(folder, 'locked.csv');
    await writeFile(path, 'a,b\n1,2\n');
    const id = await entity('FILE', 'locked.csv', schemaId, '77/s/locked.csv');
    tables.set('s/locked.csv', () => ({ kind: 'relation', spec: { kind: 'csv', paths: [path] } }));
    let running: Promise<unknown> = Promise.resolve();
    await database.db.transaction().execute(async (trx) => {
      await sql`SELECT 1 FROM entity WHERE id = ${id} FOR KEY SHARE`.execute(trx);
      running = bench.run('DATA_PROFILE', { scope: [id] });
      await vi.waitFor(
        async () => {
          const { rows } = await sql`SELECT 1 FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock'`.execute(database.db);
          expect(rows).toHaveLength(1);
        },
        { timeout: 20_000 },
      );
      // Were the task to hold the row weakly while it waits for more, this would wait for it: a deadlock.
      await sql`SELECT 1 FROM entity WHERE id = ${id} FOR UPDATE NOWAIT`.execute(trx);
    });
    expect(await running).toMatchObject({ status: 'COMPLETED' });
  });

  it('fails the table that the source no longer has and does the others', async () => {
    const gone = await table('gone', ['a']);
    const here = await table('here', ['a']);
    tables.set('s/here', csv([text('a')], 'x\n'));
    const job = await bench.run('DATA_PROFILE', { scope: [gone.id, here.id] });
    expect(job.status).toBe('FAILED');
    expect(job.message).toMatch(/^1 of 2 tables failed.*there is no table s\.gone/s);
    expect(await bodyOf(here.id)).toBeDefined();
  });

  it('cuts a large table, folds its parts, and gives the figures of the whole', async () => {
    const large = await table('large', ['a', 'b'], 'TABLE', 12_000_000);
    partitions = ['0', '1', '2'].map((key) => ({ key, spec: { part: Number(key) }, rows: 4_000_000 }));
    const lines = Array.from({ length: 30 }, (_, i) => `${i},k${i % 4}`);
    tables.set('s/large', (request) => {
      const part = Number(request.partition?.spec.part ?? -1);
      const rows = lines.filter((_, i) => part < 0 || i % 3 === part);
      return csv([text('a', 'BIGINT'), text('b')], rows.join('\n'))(request);
    });
    const job = await bench.run('DATA_PROFILE', { scope: [large.id] });
    expect(job).toMatchObject({
      status: 'COMPLETED',
      statistics: { total: 1, done: 1 },
      result: { rowsRead: 30, tablesProfiled: 1 },
    });
    const [current] = await listCurrentProfiles(database.db, [large.id]);
    expect(current?.basis).toEqual({ kind: 'all rows', rowsRead: 30, partitions: 3, snapshot: 'each part' });
    expect(current?.body.warnings).toEqual([expect.stringMatching(/read in 3 parts/)]);
    expect(await bodyOf(large.columns[0] as string)).toMatchObject({
      sum: { value: '435', basis: 'exact' },
      min: { value: '0' },
      max: { value: '29' },
    });
    expect(await bodyOf(large.columns[1] as string)).toMatchObject({
      distinct: { value: 4, basis: 'exact' },
      selectivity: { basis: 'exact' },
    });
    expect(current?.body).toMatchObject({ keys: [{ column: 'a', as: 'key' }], duplicateRows: { value: 0 } });
    // A value may be in several parts: to count them exactly the table is read in one.
    await bench.run('DATA_PROFILE', { scope: [large.id], configs: { distinct: 'exact' } });
    const [whole] = await listCurrentProfiles(database.db, [large.id]);
    expect(whole?.basis).toEqual({ kind: 'all rows', rowsRead: 30, partitions: 1 });
    expect(whole?.body).toMatchObject({ keys: [{ as: 'key' }], duplicateRows: { value: 0, basis: 'exact' } });
  });

  it('makes the columns of a file when it reads it, and leaves them alone when nothing changed', async () => {
    const path = join(folder, 'people.csv');
    await writeFile(path, 'id,zip\n1,01234\n2,99999\n');
    const id = await entity('FILE', 'people.csv', schemaId, '77/s/people.csv');
    const other = await entity('FILE', 'photo.jpg', schemaId, '77/s/photo.jpg');
    tables.set('s/people.csv', () => ({ kind: 'relation', spec: { kind: 'csv', paths: [path] } }));
    const first = await bench.run('DATA_PROFILE', { scope: [id, other] });
    expect(first).toMatchObject({ status: 'COMPLETED', statistics: { total: 2, done: 1, skipped: 1 } });
    expect(first.effects?.created).toMatchObject({ columns: 2, 'column profiles': 2 });
    const columns = await database.db
      .selectFrom('entity')
      .selectAll()
      .where('parent_id', '=', id)
      .orderBy('ordinal')
      .execute();
    expect(columns.map(({ name, fqdn }) => [name, fqdn])).toEqual([
      ['id', '77/s/people.csv/id'],
      ['zip', '77/s/people.csv/zip'],
    ]);
    expect(await bodyOf(columns[1]?.id as string)).toMatchObject({ kind: 'text', lexicalMin: { value: '01234' } });
    const again = await bench.run('DATA_PROFILE', { scope: [id] });
    expect(again.effects).toMatchObject({ created: { 'table profiles': 1 }, changed: {}, deleted: {} });
    const after = await database.db
      .selectFrom('entity')
      .selectAll()
      .where('parent_id', '=', id)
      .orderBy('ordinal')
      .execute();
    expect(after).toEqual(columns);
  });

  it('keeps the profile of the later-accepted job, whichever ends first, and leaves the earlier ones to the purge', async () => {
    const race = await table('race', ['a']);
    tables.set('s/race', csv([text('a')], 'x\n'));
    const early = await acceptForLater([race.id]);
    const late = await bench.run('DATA_PROFILE', { scope: [race.id] });
    await release(early);
    const ended = await bench.get(early);
    expect(ended.effects).toMatchObject({
      created: {},
      skipped: {
        'tables that a later job has profiled already': 1,
        'columns that a later job has profiled already': 1,
      },
    });
    expect(ended.message).toBe('Nothing was profiled: 1 table keeps the profile of a later job.');
    expect(ended.result).toEqual({ tablesProfiled: 0, columnsProfiled: 0, rowsRead: 0 });
    expect((await listCurrentProfiles(database.db, [race.id]))[0]?.jobId).toBe(late.id);
    for (let i = 0; i < 11; i++) await bench.run('DATA_PROFILE', { scope: [race.id] });
    const kept = await database.db
      .selectFrom('profile')
      .select(['id', 'current'])
      .where('entity_id', '=', race.id)
      .execute();
    expect(kept).toHaveLength(12);
    expect(kept.filter(({ current }) => current)).toHaveLength(1);
  });

  it('fails with the remedy when the scope holds nothing to profile', async () => {
    const empty = newEntityId();
    await database.db
      .insertInto('entity')
      .values({
        id: empty,
        source_id: sourceId,
        parent_id: rootId,
        root_id: rootId,
        type: 'SCHEMA',
        name: 'void',
        fqdn: '77/void',
      })
      .execute();
    const job = await bench.run('DATA_PROFILE', { scope: [empty] });
    expect(job.status).toBe('FAILED');
    expect(job.message).toMatch(/nothing to profile.*Ingest the metadata/s);
  });

  it('reads the first rows only when told so, and says that the figures are of a sample', async () => {
    const limited = await table('limited', ['a']);
    tables.set('s/limited', (request) =>
      csv([text('a', 'BIGINT')], [...Array(request.limit ?? 9).keys()].join('\n'))(request),
    );
    await bench.run('DATA_PROFILE', { scope: [limited.id], configs: { jdbcRowLimitSize: 5 } });
    expect(await bodyOf(limited.columns[0] as string)).toMatchObject({
      max: { value: '4', basis: 'sample', ofRows: 5 },
    });
  });

  it('leaves out what was profiled within the days it was told', async () => {
    const recent = await table('recent', ['a']);
    tables.set('s/recent', csv([text('a')], 'x\n'));
    await bench.run('DATA_PROFILE', { scope: [recent.id] });
    const job = await bench.run('DATA_PROFILE', { scope: [recent.id], configs: { dataProfiledSinceDays: 3 } });
    expect(job).toMatchObject({ status: 'COMPLETED', statistics: { skipped: 1 } });
    expect(job.message).toMatch(/left out/);
  });

  it('says of which rows every figure is', async () => {
    const seen: ReadRequest[] = [];
    const some = await table('some', ['a']);
    tables.set('s/some', (request) => {
      seen.push(request);
      return csv([text('a')], 'x\ny\n')(request);
    });
    const configs = { sampleType: 'Every Nth Row', nthValue: 3, whereClause: 'a > 1' };
    expect(await bench.run('DATA_PROFILE', { scope: [some.id], configs })).toMatchObject({ status: 'COMPLETED' });
    expect(seen[0]).toMatchObject({ sample: { kind: 'nth', n: 3 }, where: 'a > 1' });
    const [stored] = await listCurrentProfiles(database.db, [some.columns[0] as string]);
    expect(stored?.basis).toMatchObject({ kind: 'every n-th row', n: 3, filtered: true, rowsRead: 2 });
    expect(stored?.body).toMatchObject({ nonNull: { value: 2, basis: 'sample', ofRows: 2 } });
  });

  it('has the source measure a table when told to, and says so', async () => {
    const there = await table('there', ['a'], 'TABLE', 9_000_000);
    const ask = (configs: Record<string, unknown>) => bench.run('DATA_PROFILE', { scope: [there.id], configs });
    expect(await ask({ pushDown: 'always' })).toMatchObject({
      status: 'FAILED',
      message: expect.stringMatching(/cannot measure a table itself/),
    });
    const seen: PushDownRequest[] = [];
    pushDown = async (request, decide) => {
      seen.push(request);
      const scan = {
        rows: 3,
        columns: [{ ...text('a', 'BOOLEAN'), pushed: 'boolean' as const, nonNull: 2, misfits: 0 }],
      };
      expect(decide(scan)).toMatchObject([{ grouped: true, distinct: true }]);
      return { scan, groups: [{ distinct: { count: 1, squares: '4', masks: [] } }] };
    };
    try {
      const configs = { pushDown: 'Always', whereClause: 'a > 1', timeLimitSeconds: 7 };
      expect(await ask(configs)).toMatchObject({ status: 'COMPLETED', result: { rowsRead: 3 } });
      expect(seen).toMatchObject([{ path: ['s', 'there'], where: 'a > 1', timeoutMs: 7_000 }]);
      const [stored] = await listCurrentProfiles(database.db, [there.columns[0] as string]);
      expect(stored?.basis).toMatchObject({ kind: 'filter', rowsRead: 3, partitions: 1, computed: 'in the source' });
      expect(stored?.body).toMatchObject({ nulls: { value: 1 }, distinct: { value: 1 } });
      expect(stored?.body.topValues).toEqual({ unknown: 'not computed by push-down' });
      const both = bench.accept('DATA_PROFILE', { scope: [there.id], configs: { pushDown: 'always', nthValue: 2 } });
      await expect(both).rejects.toThrow(/together with a sample/);
    } finally {
      pushDown = undefined;
    }
  });

  it('reads a sample of a table that is too large to be read whole, when its source fails to measure it', async () => {
    const large = await table('vast', ['a'], 'TABLE', 900_000_000);
    tables.set('s/vast', csv([text('a')], 'x\ny\n'));
    pushDown = async () => {
      throw new AssayError('SOURCE_TIMEOUT', 'it took too long');
    };
    try {
      const job = await bench.run('DATA_PROFILE', { scope: [large.id] });
      expect(job).toMatchObject({ status: 'COMPLETED', result: { rowsRead: 2 } });
      const [stored] = await listCurrentProfiles(database.db, [large.columns[0] as string]);
      expect(stored?.basis).not.toHaveProperty('computed');
    } finally {
      pushDown = undefined;
    }
  });

  it('reads a table by the conditions of the request, each in a task of its own', async () => {
    const parted = await table('parted', ['a']);
    tables.set('s/parted', (request) => csv([text('a')], `${request.where?.replaceAll('\n', ' ')}\n`)(request));
    const configs = { partitionPredicates: ['p1', 'p2'], whereClause: 'w' };
    const job = await bench.run('DATA_PROFILE', { scope: [parted.id], configs });
    expect(job).toMatchObject({ status: 'COMPLETED', statistics: { total: 1, done: 1 } });
    expect(await bodyOf(parted.columns[0] as string)).toMatchObject({ distinct: { value: 2, basis: 'sample' } });
  });

  it('measures a wide table in groups of columns and joins them', async () => {
    const columns = ['a', 'b', 'c', 'd', 'e'];
    const wide = await table('wide', columns, 'TABLE', 1_000_000);
    tables.set(
      's/wide',
      csv(
        columns.map((name) => text(name)),
        '1,2,3,4,5\n6,7,8,9,9\n',
      ),
    );
    const configs = { splitJobByColumns: true, columnsPerJob: 2 };
    const job = await bench.run('DATA_PROFILE', { scope: [wide.id], configs });
    expect(job).toMatchObject({ status: 'COMPLETED', result: { tablesProfiled: 1, columnsProfiled: 5, rowsRead: 2 } });
    const { tasks } = await taskCounts(job.id);
    expect(tasks).toBe(4);
    const [stored] = await listCurrentProfiles(database.db, [wide.columns[4] as string]);
    expect(stored?.body).toMatchObject({ name: 'e', ordinal: 4, distinct: { value: 2, basis: 'exact' } });
  });

  it('fails one small table of several by itself', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) {
      ids.push((await table(`small${i}`, ['a'])).id);
      if (i !== 3) tables.set(`s/small${i}`, csv([text('a')], 'x\n'));
    }
    const job = await bench.run('DATA_PROFILE', { scope: ids, configs: { numberOfTablesPerJob: 3 } });
    expect(job).toMatchObject({ status: 'FAILED', statistics: { total: 5, done: 4, failed: 1 } });
    expect(job.message).toMatch(/^1 of 5 tables failed: s\.small3: there is no table/);
    const { lanes } = await taskCounts(job.id);
    expect(lanes).toBe(2);
  });

  it('stops a table that takes longer than it may, and goes on with the others', async () => {
    const [slow, quick] = [await table('slow', ['a']), await table('quick', ['a'])];
    tables.set('s/slow', ({ signal }) => {
      const stream = new Readable({ read() {} });
      signal.addEventListener('abort', () => stream.destroy(new Error('stopped')));
      return { ...(csv([text('a')], 'x\n')({ signal } as ReadRequest) as ReadResult & { kind: 'bytes' }), stream };
    });
    tables.set('s/quick', csv([text('a')], 'x\n'));
    const job = await bench.run('DATA_PROFILE', { scope: [slow.id, quick.id], configs: { timeLimitSeconds: 1 } });
    expect(job).toMatchObject({ status: 'FAILED', statistics: { total: 2, done: 1, failed: 1 } });
    expect(job.message).toMatch(/s\.slow: it took longer than 1 s \(timeLimitSeconds\)/);
  });

  it('gives the parts of a table one time limit together', async () => {
    const cut = await table('cut in time', ['a']);
    let reads = 0;
    const quick = csv([text('a')], 'x\n');
    tables.set('s/cut in time', async (request) => {
      reads += 1;
      // As if the part before had taken a minute.
      await tookLonger(cut.id, 60);
      return quick(request);
    });
    const configs = { partitionPredicates: ['a < 1', 'a = 1', 'a > 1'], timeLimitSeconds: 60 };
    const job = await bench.run('DATA_PROFILE', { scope: [cut.id], configs });
    expect([job.status, job.message]).toEqual([
      'FAILED',
      expect.stringMatching(/it took longer than 60 s, all parts together \(timeLimitSeconds\)/),
    ]);
    expect(reads).toBe(2);
  });

  it('stops a part while it is read when the others have used up the time of the table', async () => {
    const shared = await table('shared time', ['a']);
    let reads = 0;
    tables.set('s/shared time', async (request) => {
      reads += 1;
      const rows = csv([text('a')], 'x\n')(request) as ReadResult & { kind: 'bytes' };
      if (reads === 1) return rows;
      // As if another one had been read for an hour at the same time.
      await tookLonger(shared.id, 3_600);
      const stream = new Readable({ read() {} });
      request.signal.addEventListener('abort', () => stream.destroy(new Error('stopped')));
      return { ...rows, stream };
    });
    const configs = { partitionPredicates: ['a < 1', 'a > 1'], timeLimitSeconds: 3_600 };
    const job = await bench.run('DATA_PROFILE', { scope: [shared.id], configs });
    expect([job.status, job.message]).toEqual([
      'FAILED',
      expect.stringMatching(/longer than 3600 s, all parts together/),
    ]);
    expect(reads).toBe(2);
  });

  it('does not count a night between two attempts', async () => {
    const paused = await table('paused', ['a']);
    let reads = 0;
    tables.set('s/paused', async (request) => {
      reads += 1;
      if (reads === 3) throw new AssayError('SOURCE_LOST', 'the connection broke');
      await sql`UPDATE task SET started_at = started_at - interval '9 hours' WHERE item = ${paused.id}`.execute(
        database.db,
      );
      return csv([text('a')], 'x\n')(request);
    });
    const configs = { partitionPredicates: ['a < 1', 'a = 1', 'a > 1'], timeLimitSeconds: 3_600 };
    expect((await bench.run('DATA_PROFILE', { scope: [paused.id], configs })).status).toBe('COMPLETED');
    expect(reads).toBe(4);
  });
});

/** As if the parts of a table that are done had taken so much longer. */
async function tookLonger(tableId: string, seconds: number): Promise<void> {
  await sql`UPDATE task SET busy_seconds = busy_seconds + ${seconds} WHERE item = ${tableId} AND finished_at IS NOT NULL`.execute(
    database.db,
  );
}

it('does not fold a part that another version measured, and says what to do', async () => {
  const old = await table('measured before', ['a']);
  const rows = csv([text('a')], 'x\n');
  const aged: unknown[] = [];
  tables.set('s/measured before', async (request) => {
    const stored = await database.db
      .selectFrom('task_bytes')
      .innerJoin('task', 'task.id', 'task_bytes.task_id')
      .select(['task.id', 'task.job_id', 'task_bytes.bytes'])
      .where('task.item', '=', old.id)
      .where('task_bytes.name', '=', 'part')
      .execute();
    for (const { id, job_id, bytes } of stored) {
      const place = `part:${job_id}:${old.id}`;
      const part = { ...(unpackValues(bench.secrets.unseal(bytes, place)) as { version: number }), version: 1 };
      const sealed = bench.secrets.seal(packValues(part), place);
      aged.push(part);
      await database.db.updateTable('task_bytes').set({ bytes: sealed }).where('task_id', '=', id).execute();
    }
    return rows(request);
  });
  const job = await bench.run('DATA_PROFILE', {
    scope: [old.id],
    configs: { partitionPredicates: ['a < 1', 'a > 1'] },
  });
  expect(aged).toHaveLength(1);
  expect([job.status, job.message]).toEqual([
    'FAILED',
    expect.stringMatching(/parts of it were measured by another version of Assay.*; run the job again$/),
  ]);
});

async function taskCounts(jobId: string): Promise<{ tasks: number; lanes: number }> {
  const rows = await database.db
    .selectFrom('task')
    .select(['lane'])
    .where('job_id', '=', jobId)
    .where('kind', '=', 'work')
    .execute();
  return { tasks: rows.length, lanes: new Set(rows.map(({ lane }) => lane)).size };
}
