import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TcpRelay } from '../../../test/support/tcp-relay.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts';
import type {
  ConnectContext,
  Connection,
  ListingEvent,
  ReadResult,
  SourceConfig,
  SourceObject,
  TestStep,
} from '../connector.ts';
import { readAddress } from './address.ts';
import { openSession } from './connect.ts';
import { postgresConnector } from './index.ts';
import { introspectSchema } from './introspect.ts';

/** The code that stands in place of a protocol version. */
const CANCEL_REQUEST = 80_877_102;

let database: TestDatabase;
let config: SourceConfig;

const contextOf = (signal = new AbortController().signal): ConnectContext => ({
  signal,
  applicationName: 'assay test source',
  fileRoots: [],
  protectedPaths: [],
  connectTimeoutMs: 3_000,
});

beforeAll(async () => {
  database = await createTestDatabase({ empty: true });
  config = { databaseType: 'POSTGRES', uri: database.connectionString };
});
afterAll(async () => {
  await database?.drop();
});

async function withConnection<T>(work: (connection: Connection) => Promise<T>, at = config): Promise<T> {
  const connection = await postgresConnector.connect(at, contextOf());
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}

async function listSchema(
  connection: Connection,
  schema: string,
): Promise<{ objects: SourceObject[]; ends: ListingEvent[] }> {
  const objects: SourceObject[] = [];
  const ends: ListingEvent[] = [];
  const unit = { path: [schema], type: 'SCHEMA' as const };
  for await (const event of connection.introspect({ unit, signal: new AbortController().signal })) {
    if (event.kind === 'objects') objects.push(...event.objects);
    else ends.push(event);
  }
  return { objects, ends };
}

async function readText(result: ReadResult): Promise<string> {
  if (result.kind !== 'bytes') throw new Error(`expected bytes, received ${result.kind}`);
  return (await buffer(result.stream)).toString('utf8');
}

const signal = new AbortController().signal;

describe('metadata', () => {
  test('keys, types, comments, views and partitions are harvested', async () => {
    await database.pool.query(`
      CREATE SCHEMA shop;
      COMMENT ON SCHEMA shop IS 'what we sell';
      CREATE DOMAIN shop.money2 AS numeric(12,2) NOT NULL;
      CREATE TYPE shop.mood AS ENUM ('ok', 'bad');
      CREATE TABLE shop.customer (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email varchar(40) UNIQUE,
        gone int, balance shop.money2 DEFAULT 0, mood shop.mood, tags text[], CHECK (balance >= 0));
      ALTER TABLE shop.customer DROP COLUMN gone;
      COMMENT ON TABLE shop.customer IS 'people';
      COMMENT ON COLUMN shop.customer.email IS 'where to write';
      CREATE TABLE shop."or""der" (a int, b int, customer bigint REFERENCES shop.customer ON DELETE CASCADE, PRIMARY KEY (b, a),
        total numeric GENERATED ALWAYS AS (a * 2) STORED);
      CREATE TABLE shop.line (oa int, ob int, FOREIGN KEY (ob, oa) REFERENCES shop."or""der" (b, a));
      CREATE TABLE shop.event (at date, v int) PARTITION BY RANGE (at);
      CREATE TABLE shop.event_2026 PARTITION OF shop.event FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
      CREATE VIEW shop.rich AS SELECT id, email FROM shop.customer WHERE balance > 10;
      CREATE MATERIALIZED VIEW shop.kept AS SELECT 1 AS one;
      INSERT INTO shop.event SELECT '2026-05-05', i FROM generate_series(1, 100) i;
      ANALYZE shop.event_2026;
    `);
    const { objects, ends } = await withConnection((connection) => listSchema(connection, 'shop'));
    expect(ends).toEqual([{ kind: 'complete', path: ['shop'] }]);
    const at = (...path: string[]): Record<string, any> =>
      objects.find((one) => JSON.stringify(one.path) === JSON.stringify(path))?.metadata ?? {};
    expect(objects.map((one) => `${one.type} ${one.path.join('/')}`)).toEqual([
      'SCHEMA shop',
      'TABLE shop/customer',
      ...['id', 'email', 'balance', 'mood', 'tags'].map((name) => `COLUMN shop/customer/${name}`),
      'TABLE shop/event',
      'COLUMN shop/event/at',
      'COLUMN shop/event/v',
      'TABLE shop/event_2026',
      'COLUMN shop/event_2026/at',
      'COLUMN shop/event_2026/v',
      'VIEW shop/kept',
      'COLUMN shop/kept/one',
      'TABLE shop/line',
      'COLUMN shop/line/oa',
      'COLUMN shop/line/ob',
      'TABLE shop/or"der',
      ...['a', 'b', 'customer', 'total'].map((name) => `COLUMN shop/or"der/${name}`),
      'VIEW shop/rich',
      'COLUMN shop/rich/id',
      'COLUMN shop/rich/email',
    ]);
    expect(at('shop')).toMatchObject({ schema: { remarks: 'what we sell' } });
    expect(at('shop', 'customer').table).toMatchObject({
      tableType: 'TABLE',
      remarks: 'people',
      primaryKey: { name: 'customer_pkey', columns: ['id'] },
      uniqueKeys: [{ name: 'customer_email_key', columns: ['email'] }],
      checks: [{ name: 'customer_balance_check', clause: 'CHECK (((balance)::numeric >= (0)::numeric))' }],
    });
    // Never analysed is not the same as empty.
    expect(at('shop', 'customer').stats.rows).toBeNull();
    expect(at('shop', 'event')).toMatchObject({ table: { tableType: 'PARTITIONED TABLE' }, stats: { rows: 100 } });
    expect(at('shop', 'event').stats.bytes).toBeGreaterThan(0);
    expect(at('shop', 'event').stats.bytes).toBe(at('shop', 'event_2026').stats.bytes);
    expect(at('shop', 'event_2026').table.partitionOf).toEqual(['shop', 'event']);
    expect(at('shop', 'rich').table.definition).toContain('FROM shop.customer');
    expect(at('shop', 'customer', 'email').column).toEqual({
      dataType: 'character varying(40)',
      sqlDataType: 'VARCHAR',
      typeName: 'varchar',
      columnSize: 40,
      decimalDigits: 0,
      isNullable: true,
      isPrimaryKey: false,
      isForeignKey: false,
      ordinalPosition: 2,
      defaultValue: null,
      remarks: 'where to write',
    });
    expect(at('shop', 'customer', 'balance').column).toMatchObject({
      dataType: 'shop.money2',
      typeName: 'money2',
      sqlDataType: 'NUMERIC',
      columnSize: 12,
      decimalDigits: 2,
      isNullable: false,
      ordinalPosition: 4,
      defaultValue: '0',
    });
    expect(at('shop', 'line', 'oa').column.references).toEqual([
      { key: 'line_ob_oa_fkey', schema: 'shop', table: 'or"der', column: 'a' },
    ]);
    expect(at('shop', 'or"der', 'customer').column.isForeignKey).toBe(true);
    expect(at('shop', 'or"der').table.foreignKeys[0].onDelete).toBe('CASCADE');
    expect(at('shop', 'or"der').table.primaryKey.columns).toEqual(['b', 'a']);
  });

  test('a table that somebody holds exclusively is listed like any other, with the size that was last counted', async () => {
    await database.pool.query(
      'CREATE SCHEMA held; CREATE TABLE held.t (a int PRIMARY KEY); INSERT INTO held.t SELECT 1; ANALYZE held.t',
    );
    const holder = new pg.Client({ connectionString: database.connectionString });
    await holder.connect();
    try {
      await holder.query('BEGIN; LOCK TABLE held.t IN ACCESS EXCLUSIVE MODE');
      const { objects, ends } = await withConnection((connection) => listSchema(connection, 'held'));
      expect(ends[0]?.kind).toBe('complete');
      expect(objects.find((one) => one.path[1] === 't')?.metadata.stats).toEqual({
        rows: 1,
        bytes: 3 * 8_192,
      });
    } finally {
      await holder.end();
    }
  });

  test('a server older than 14 says 0 of what was never counted, and that is not taken for a figure', async () => {
    await database.pool.query(`
      CREATE SCHEMA older;
      CREATE TABLE older.never (a int PRIMARY KEY); CREATE TABLE older.counted (a int); CREATE TABLE older.cut (a int) PARTITION BY RANGE (a);
      CREATE TABLE older.cut_1 PARTITION OF older.cut FOR VALUES FROM (0) TO (9);
      INSERT INTO older.counted SELECT 1; INSERT INTO older.cut SELECT 1; ANALYZE older.counted; ANALYZE older.cut_1;
      UPDATE pg_class SET reltuples = 0 WHERE oid IN ('older.never'::regclass, 'older.cut'::regclass)`);
    const { uri } = config;
    const session = await openSession(readAddress({ databaseType: 'POSTGRES', uri: uri ?? '' }).address, contextOf());
    const statsAt = async (version: number): Promise<Record<string, unknown>> => {
      session.version = version;
      const found: [string, unknown][] = [];
      for await (const event of introspectSchema(session, { unit: { path: ['older'], type: 'SCHEMA' }, signal }))
        if (event.kind === 'objects')
          for (const { path, metadata } of event.objects)
            if (path.length === 2) found.push([path[1] ?? '', metadata.stats]);
      return Object.fromEntries(found);
    };
    const one = { rows: 1, bytes: 8_192 };
    const none = { rows: null, bytes: null };
    expect(await statsAt(130_008)).toEqual({ never: none, counted: one, cut: one, cut_1: one });
    // 14 and later mean it.
    expect(await statsAt(140_000)).toMatchObject({ never: { rows: 0 }, counted: one });
    await session.end();
  });
});

describe('reading', () => {
  test('odd values arrive as PostgreSQL spells them, with the DuckDB type that holds them', async () => {
    await database.pool.query(`
      CREATE TABLE public.odd (d date, ts timestamp, tz timestamptz, n numeric, m numeric(10,3), f float8, b bytea, j jsonb, a int[], u uuid, t text);
      INSERT INTO public.odd VALUES
        ('0044-03-15 BC', '0044-03-15 01:02:03.5 BC', '2026-01-01 00:00:00+02', 1e30, 1.5, 'NaN', '\\xDEAD', '{"k": [1]}', '{1,NULL}', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '\\N'),
        ('infinity', '-infinity', null, null, null, '-Infinity', null, null, null, null, '')`);
    const { columns, text } = await withConnection(async (connection) => {
      const result = await connection.read({ type: 'TABLE', path: ['public', 'odd'], signal });
      return { columns: result.kind === 'bytes' ? result.columns : [], text: await readText(result) };
    });
    expect(columns.map((one) => one.duckdbType)).toEqual([
      ...[
        'DATE',
        'TIMESTAMP',
        'TIMESTAMP WITH TIME ZONE',
        'DECIMAL(38,20)',
        'DECIMAL(10,3)',
        'DOUBLE',
        'BLOB',
        'VARCHAR',
        'VARCHAR',
      ],
      ...['UUID', 'VARCHAR'],
    ]);
    expect(text.split('\n')).toEqual([
      '0044-03-15 BC,0044-03-15 01:02:03.5 BC,2025-12-31 22:00:00+00,1000000000000000000000000000000,1.500,NaN,\\xdead,"{""k"": [1]}","{1,NULL}",a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11,"\\N"',
      'infinity,-infinity,\\N,\\N,\\N,-Infinity,\\N,\\N,\\N,\\N,',
      '',
    ]);
  });

  test('the settings of a role do not change how values are written', async () => {
    const role = `odd_${randomBytes(6).toString('hex')}`;
    const settings = {
      standard_conforming_strings: 'off',
      client_encoding: 'LATIN1',
      timezone: 'Asia/Tokyo',
      datestyle: 'SQL, DMY',
      intervalstyle: 'iso_8601',
      bytea_output: 'escape',
      extra_float_digits: '-15',
    };
    await database.pool.query(
      `CREATE ROLE ${role} LOGIN PASSWORD 'odd'; ` +
        Object.entries(settings)
          .map(([name, value]) => `ALTER ROLE ${role} SET ${name} = '${value}'; `)
          .join('') +
        `CREATE TABLE public.pinned AS SELECT date '2026-02-01' AS d, timestamptz '2026-01-01 00:00:00+00' AS tz,
          interval '1 day 2 hours' AS i, 0.1::float8 + 0.2 AS f, bytea '\\xDEAD' AS b, 'š'::text AS t, NULL::text AS n;
        GRANT SELECT ON public.pinned TO ${role}`,
    );
    try {
      const text = await withConnection(
        async (connection) => readText(await connection.read({ type: 'TABLE', path: ['public', 'pinned'], signal })),
        { ...config, userName: role, password: 'odd' },
      );
      expect(text).toBe('2026-02-01,2026-01-01 00:00:00+00,1 day 02:00:00,0.30000000000000004,\\xdead,š,\\N\n');
    } finally {
      await database.pool.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    }
  });

  test("a type that is not PostgreSQL's own is text, whatever its name is", async () => {
    const base = ['date', 'bool', 'uuid', 'text'];
    await database.pool.query(
      `CREATE SCHEMA own; CREATE TYPE own.numeric AS ENUM ('many'); ${base
        .map(
          (name) => `
        CREATE TYPE own.${name};
        CREATE FUNCTION own.${name}_in(cstring) RETURNS own.${name} LANGUAGE internal IMMUTABLE STRICT AS 'textin';
        CREATE FUNCTION own.${name}_out(own.${name}) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
        CREATE TYPE own.${name} (INPUT = own.${name}_in, OUTPUT = own.${name}_out, LIKE = pg_catalog.text);`,
        )
        .join('')}
      CREATE DOMAIN own.day AS own.date;
      CREATE TABLE own.names (a own.date, b own.bool, c own.uuid, d own.text, e own.numeric, f own.day);
      INSERT INTO own.names VALUES ('some day', 'perhaps', 'one', 'x', 'many', 'or never')`,
    );
    const { columns, text } = await withConnection(async (connection) => {
      const result = await connection.read({ type: 'TABLE', path: ['own', 'names'], signal });
      return { columns: result.kind === 'bytes' ? result.columns : [], text: await readText(result) };
    });
    expect(columns.map(({ nativeType }) => nativeType.replaceAll('"', ''))).toEqual(
      ['date', 'bool', 'uuid', 'text', 'numeric', 'day'].map((name) => `own.${name}`),
    );
    for (const { name, nativeType, ...type } of columns)
      expect([name, type]).toEqual([name, { duckdbType: 'VARCHAR', typeBasis: 'precise' }]);
    expect(text).toBe('some day,perhaps,one,x,many,or never\n');
  });

  test('page ranges together read every row once', async () => {
    await database.pool.query(
      "CREATE TABLE public.many AS SELECT i, repeat('x', 50) AS pad FROM generate_series(1, 20000) i; ANALYZE public.many",
    );
    await withConnection(async (connection) => {
      const parts = await connection.planPartitions!('TABLE', ['public', 'many'], 4_000);
      expect(parts.length).toBe(5);
      const seen: number[] = [];
      for (const partition of parts) {
        const text = await readText(
          await connection.read({ type: 'TABLE', path: ['public', 'many'], columns: ['i'], partition, signal }),
        );
        seen.push(...text.trim().split('\n').map(Number));
      }
      expect(seen.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20_000 }, (_, i) => i + 1));
      expect((await connection.planPartitions!('VIEW', ['public', 'many'], 1e9)).length).toBe(1);
    });
  });

  test.each([
    '1=1)) TO STDOUT; DROP TABLE public.prey; COPY ((SELECT 1 WHERE (1=1',
    '1=1); DROP TABLE public.prey; SELECT (1',
    'true THEN true END; DROP TABLE public.prey; SELECT CASE WHEN true',
    '1=1) UNION ALL SELECT 99 WHERE (1=1',
    'nosuch = 1',
    "set_config('transaction_read_only', 'off', true) IS NULL OR pg_catalog.lo_unlink(1) = 1 OR 1/0 = a -- ) ",
    '',
  ])('a condition that is none is refused and does no harm: %s', async (where) => {
    await database.pool.query(
      'CREATE TABLE IF NOT EXISTS public.prey (a int); TRUNCATE public.prey; INSERT INTO public.prey VALUES (1)',
    );
    const attempt = withConnection(async (connection) =>
      readText(await connection.read({ type: 'TABLE', path: ['public', 'prey'], where, signal })),
    );
    await expect(attempt).rejects.toMatchObject({ name: 'AssayError' });
    expect((await database.pool.query('SELECT a FROM public.prey')).rows).toEqual([{ a: 1 }]);
  });

  test('a condition may end in a comment', async () => {
    await database.pool.query('CREATE TABLE public.few AS SELECT generate_series(1, 5) AS i');
    const text = await withConnection(async (connection) =>
      readText(await connection.read({ type: 'TABLE', path: ['public', 'few'], where: 'i > 3 -- the large', signal })),
    );
    expect(text).toBe('4\n5\n');
  });
});

describe('test of a connection', () => {
  async function steps(changes: Record<string, unknown> = {}): Promise<TestStep[]> {
    const found: TestStep[] = [];
    for await (const step of postgresConnector.test({ ...config, ...changes }, contextOf())) found.push(step);
    return found;
  }

  test('every step is named when all is well', async () => {
    const found = await steps();
    expect(found.filter((one) => one.outcome === 'failed' || one.outcome === 'warning')).toEqual([]);
    expect(found.map((one) => one.name)).toEqual([
      ...[
        'resolve name',
        'reach',
        'encrypt',
        'authenticate',
        'open database',
        'list schemas',
        'read catalog',
        'read a row',
      ],
      ...['right: ingest', 'right: profiling'],
    ]);
  });

  test('one schema is not "1 schemas"', async () => {
    const listed = (await steps()).filter((one) => ['list schemas', 'read catalog'].includes(one.name));
    for (const { reason, found } of listed) {
      const counts = Object.values(found ?? {}).map((value) => (Array.isArray(value) ? value.length : Number(value)));
      expect(reason.match(/\d+ \w+/g)).toHaveLength(counts.length);
      for (const [i, said] of (reason.match(/\d+ \w+/g) ?? []).entries())
        expect(said).toMatch(counts[i] === 1 ? /^1 [a-z]+[^s]$/ : new RegExp(`^${counts[i]} [a-z]+s$`));
    }
    expect(listed).toHaveLength(2);
  });
});

describe('when things break', () => {
  const activity = async (state: string): Promise<number> => {
    const { rows } = await database.pool.query(
      "SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'assay test source' AND datname = current_database() AND state = $1",
      [state],
    );
    return rows[0].n;
  };

  test('an abort stops a statement that gives no rows, within a second and in the server', async () => {
    await database.pool.query('CREATE TABLE public.slow AS SELECT 1 AS i');
    const stop = new AbortController();
    const connection = await postgresConnector.connect(config, contextOf());
    const request = {
      type: 'TABLE' as const,
      path: ['public', 'slow'],
      where: 'pg_sleep(60) IS NULL',
      signal: stop.signal,
    };
    const reading = connection.read(request).then(readText);
    reading.catch(() => {});
    await expect.poll(() => activity('active')).toBe(1);
    stop.abort();
    await expect(reading).rejects.toMatchObject({ code: 'CANCELLED' });
    await expect.poll(() => activity('active'), { interval: 20 }).toBe(0);
    await connection.close();
  });

  test('an abort of the job ends a listing in the middle, and the catalog statement with it', async () => {
    const stop = new AbortController();
    const connection = await postgresConnector.connect(config, contextOf(stop.signal));
    const holder = new pg.Client({ connectionString: database.connectionString });
    await holder.connect();
    await database.pool.query('CREATE SCHEMA stuck; CREATE VIEW stuck.v AS SELECT 1 AS a');
    await holder.query('BEGIN; LOCK TABLE stuck.v IN ACCESS EXCLUSIVE MODE');
    const unit = { path: ['stuck'], type: 'SCHEMA' as const };
    const listing = (async () => {
      for await (const event of connection.introspect({ unit, signal: new AbortController().signal }))
        expect(event.kind).toBe('objects');
    })();
    listing.catch(() => {});
    // It waits for the lock on the view.
    await expect.poll(() => activity('active')).toBe(1);
    stop.abort();
    await expect(listing).rejects.toMatchObject({ code: 'CANCELLED' });
    await holder.end();
    await connection.close();
    await expect.poll(() => activity('idle in transaction')).toBe(0);
  });

  test('a session ended by the server in the middle is an error, never a short read', async () => {
    await database.pool.query("CREATE TABLE public.long AS SELECT repeat('x', 1000) FROM generate_series(1, 100000)");
    await withConnection(async (connection) => {
      const result = await connection.read({ type: 'TABLE', path: ['public', 'long'], signal });
      const reading = (async () => {
        if (result.kind !== 'bytes') return;
        for await (const _ of result.stream)
          await database.pool.query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'assay test source' AND datname = current_database()",
          );
      })();
      await expect(reading).rejects.toMatchObject({ code: 'SOURCE_LOST' });
      // The connection opens another session for what comes next.
      expect((await connection.listUnits()).length).toBeGreaterThan(0);
    });
  });

  test('a statement that fails ends the stream, also for who comes to read it later', async () => {
    await database.pool.query(`CREATE FUNCTION public.fails() RETURNS int LANGUAGE sql STABLE AS 'SELECT 1/0'`);
    await database.pool.query('CREATE VIEW public.failing AS SELECT public.fails() AS x');
    await withConnection(async (connection) => {
      const result = await connection.read({ type: 'VIEW', path: ['public', 'failing'], signal });
      if (result.kind !== 'bytes') throw new Error('expected bytes');
      const { stream } = result;
      stream.read();
      await new Promise((resolve) => stream.once('close', resolve));
      await expect(buffer(stream)).rejects.toMatchObject({ code: 'SOURCE_BAD_DATA' });
    });
  });

  test('two reads at once, and closing in the middle, leave no session', async () => {
    const connection = await postgresConnector.connect(config, contextOf());
    const results = await Promise.all(
      [1, 2].map(() => connection.read({ type: 'TABLE', path: ['public', 'long'], signal })),
    );
    for (const result of results)
      if (result.kind === 'bytes') result.stream.on('error', () => {}).once('data', () => {});
    await connection.close();
    const any =
      "SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'assay test source' AND datname = current_database()";
    await expect.poll(async () => (await database.pool.query(any)).rows[0].n).toBe(0);
  });

  test('what runs in the server is told to stop, by an abort and by closing, for an older one would go on', async () => {
    const { host, port, user, password, database: databaseName } = new pg.Client(database.connectionString);
    const relay = await TcpRelay.start(host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { host, port });
    const cancels = (): number =>
      relay.openings.filter((bytes) => bytes.length === 16 && bytes.readInt32BE(4) === CANCEL_REQUEST).length;
    const at = { host: '127.0.0.1', port: String(relay.port), userName: user, password: password ?? '', databaseName };
    const stop = new AbortController();
    const run = async () => {
      const connection = await postgresConnector.connect(
        { ...at, databaseType: 'POSTGRES', sslType: 'disable' },
        contextOf(),
      );
      const request = { type: 'TABLE' as const, path: ['public', 'slow'], where: 'pg_sleep(60) IS NULL' };
      const reading = connection.read({ ...request, signal: stop.signal }).then(readText);
      reading.catch(() => {});
      await expect.poll(() => activity('active')).toBe(1);
      return { connection, reading };
    };
    const closed = await run();
    await closed.connection.close();
    await expect(closed.reading).rejects.toMatchObject({ code: expect.stringMatching(/^SOURCE_/) });
    // Both the closing and the end of the reading may tell it; a second time finds nothing to stop.
    expect(cancels()).toBeGreaterThanOrEqual(1);
    await expect.poll(() => activity('active'), { interval: 20 }).toBe(0);

    const aborted = await run();
    const before = cancels();
    stop.abort();
    await expect(aborted.reading).rejects.toMatchObject({ code: 'CANCELLED' });
    await expect.poll(cancels).toBeGreaterThan(before);
    await aborted.connection.close();
    await relay.close();
  });

  test('a schema of many tables comes in bounded batches, whole and in order', async () => {
    await database.pool.query(`
      CREATE SCHEMA wide;
      DO $$ BEGIN FOR i IN 1..2100 LOOP EXECUTE format('CREATE TABLE wide.t%s (a int, b int, c int, d int)', lpad(i::text, 5, '0')); END LOOP; END $$`);
    await withConnection(async (connection) => {
      const sizes: number[] = [];
      const tables: string[] = [];
      for await (const event of connection.introspect({ unit: { path: ['wide'], type: 'SCHEMA' }, signal })) {
        if (event.kind !== 'objects') continue;
        sizes.push(event.objects.length);
        tables.push(...event.objects.filter((one) => one.type === 'TABLE').map((one) => String(one.path[1])));
      }
      expect(tables).toEqual(Array.from({ length: 2_100 }, (_, i) => `t${String(i + 1).padStart(5, '0')}`));
      expect(Math.max(...sizes)).toBeLessThanOrEqual(8_000);
      expect(sizes.reduce((a, b) => a + b)).toBe(1 + 2_100 * 5);
    });
  });
});

describe('the rows of a request', () => {
  beforeAll(async () => {
    await database.pool.query(`
      CREATE TABLE public.chosen AS SELECT i AS id, i % 10 AS part FROM generate_series(1, 10000) i;
      CREATE VIEW public.seen AS SELECT * FROM public.chosen;
      CREATE SEQUENCE public.counter;
      CREATE FUNCTION public.sly() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN DELETE FROM public.chosen; RETURN true; END $$;
      ANALYZE public.chosen`);
  });
  const ids = (
    more: object,
    table = 'chosen',
    columns = ['id'],
  ): Promise<{ ids: number[] } & Pick<ReadResult, 'rest' | 'took'>> =>
    withConnection(async (connection) => {
      const read = await connection.read({ type: 'TABLE', path: ['public', table], columns, signal, ...more });
      const text = await readText(read);
      return {
        ids: text
          .split('\n')
          .filter(Boolean)
          .map((line) => Number(line.split(',')[0])),
        rest: read.rest,
        took: read.took,
      };
    });

  test.each(['chosen', 'seen'])(
    'of %s are chosen in the server, the same ones each time and for every column',
    async (table) => {
      const nth = await ids({ sample: { kind: 'nth', n: 1000 } }, table);
      expect(nth.ids).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((i) => i * 1000));
      const share = { sample: { kind: 'share', percent: 10, seed: 7 } };
      const some = await ids(share, table);
      // Five deviations of 10,000 · 0.1 · 0.9.
      expect(Math.abs(some.ids.length - 1_000)).toBeLessThan(150);
      expect(await ids(share, table, ['id', 'part'])).toEqual(some);
      expect((await ids({ sample: { kind: 'share', percent: 10, seed: 8 } }, table)).ids).not.toEqual(some.ids);
      const rows = await ids({ sample: { kind: 'rows', rows: 500, seed: 7 }, where: 'part < 5' }, table);
      expect(rows.ids.length).toBeGreaterThanOrEqual(500);
      expect(rows.ids.length).toBeLessThan(800);
      expect([rows.rest, rows.ids.every((id) => id % 10 < 5)]).toEqual([
        { sample: { kind: 'rows', rows: 500, seed: 7 } },
        true,
      ]);
      expect(
        (await ids({ sample: { kind: 'share', percent: 50, seed: 1 }, where: 'part = 3', limit: 20 }, table)).ids,
      ).toHaveLength(20);
      const above = await ids({ from: { column: 'id', value: '9991' } }, table);
      expect(above.ids).toHaveLength(10);
    },
  );

  test('of blocks are about as many as were asked for', async () => {
    const { ids: found } = await ids({ sample: { kind: 'blocks', rows: 2_000, seed: 3 } });
    expect(found.length).toBeGreaterThan(500);
    expect(found.length).toBeLessThan(6_000);
  });

  test('of blocks of a table that was never analysed are few as well, and of a view, which has none, the first rows', async () => {
    await database.pool.query(`
      CREATE TABLE public.unseen WITH (autovacuum_enabled = off) AS SELECT i AS id, repeat('x', 200) AS filler FROM generate_series(1, 40000) i;
      CREATE VIEW public.unseen_view AS SELECT * FROM public.unseen`);
    const { rows } = await database.pool.query(
      "SELECT reltuples > 0 AS analysed FROM pg_class WHERE oid = 'public.unseen'::regclass",
    );
    expect(rows).toEqual([{ analysed: false }]);
    const { ids: found } = await ids({ sample: { kind: 'blocks', rows: 2_000, seed: 3 } }, 'unseen');
    expect(found.length).toBeGreaterThan(100);
    expect(found.length).toBeLessThan(4_000);
    // By blocks, not the first ones.
    expect(Math.max(...found)).toBeGreaterThan(20_000);
    const { ids: seen, took } = await ids({ sample: { kind: 'blocks', rows: 2_000, seed: 3 } }, 'unseen_view');
    expect([seen.length, took]).toEqual([2_000, 'first rows']);
  });

  test('of some columns are in the order of the table, though an index holds all of them', async () => {
    await database.pool.query(`
      CREATE TABLE public.person AS SELECT i AS id, 20001 - i AS mail, repeat('x', 500) AS filler FROM generate_series(1, 20000) i;
      CREATE INDEX ON public.person (mail)`);
    // The planner takes to the index, whatever it knows of the table.
    const set = (change: string): Promise<unknown> =>
      database.pool.query(`DO $$ BEGIN EXECUTE format('ALTER DATABASE %I ${change}', current_database()); END $$`);
    await set('SET seq_page_cost = 1000');
    try {
      const { ids: mails } = await ids({}, 'person', ['mail']);
      expect(mails).toEqual(Array.from({ length: 20_000 }, (_, i) => 20_000 - i));
    } finally {
      await set('RESET seq_page_cost');
    }
  });

  test.each([
    ["nextval('public.counter') > 0", /nextval/],
    ['public.sly()', /read-only transaction/],
    ['pg_terminate_backend(1)', /pg_terminate_backend\(\), which does more/],
    ['"pg_reload_conf"()', /pg_reload_conf\(\), which does more/],
    ['U&"pg_reload\\005fconf"()', /U&/],
    ["set_config('default_transaction_read_only', 'off', false) = ''", /set_config/],
    ['id IN (DELETE FROM public.chosen RETURNING id)', /whereClause/],
    ['true) TO STDOUT; DELETE FROM public.chosen; COPY (SELECT 1', /whereClause/],
    ['1 / (id - 9000) > 0', /^whereClause: PostgreSQL says: division by zero \(22012\)$/],
    ['id', /^whereClause: expected a condition, received an expression of type integer$/],
  ])('by %s are refused or fail, and nothing changes', async (where, reason) => {
    await expect(ids({ where })).rejects.toThrow(reason);
    const { rows } = await database.pool.query(
      'SELECT count(*)::int AS n, (SELECT is_called FROM public.counter) AS called FROM public.chosen',
    );
    expect(rows).toEqual([{ n: 10_000, called: false }]);
  });

  test('by a condition that never ends are given up when the work is stopped', async () => {
    const stop = new AbortController();
    await withConnection(async (connection) => {
      const where = '(SELECT count(*) FROM generate_series(1, 1000000) a, generate_series(1, 1000000) b) > id';
      const read = await connection.read({ type: 'TABLE', path: ['public', 'chosen'], where, signal: stop.signal });
      const reading = readText(read);
      stop.abort();
      await expect(reading).rejects.toMatchObject({ code: 'CANCELLED' });
    });
  });
});
