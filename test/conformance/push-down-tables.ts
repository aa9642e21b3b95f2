import pg from 'pg';
import type { ObjectPath } from '../../src/connectors/connector.ts';
import type { ConformanceSource } from './connector-sources.ts';

/** Tables that are measured both ways, by the wire code of their source. */
interface PushDownTables {
  make(source: ConformanceSource): Promise<void>;
  /** `left`: `column.measure` that the source leaves to streaming. */
  /** `rounded`: sums that streaming rounds and the source does not; then they agree to 13 digits. */
  tables: { name: string; left?: string[]; rounded?: string[] }[];
  /** A table of one row in which no column can be measured. */
  misfits?: { name: string; columns: string[] };
  /** A table and a condition over it that takes for ever. */
  endless?(source: ConformanceSource): { path: ObjectPath; slow: string };
  /** Resolves when that condition is being looked at in the source. */
  running?(source: ConformanceSource): Promise<void>;
}

async function onPostgres<T>(source: ConformanceSource, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: source.adminUrl });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const WHITE_SPACE = '\\t\\n\\u000b\\f\\r \\u0085\\u00a0\\u1680\\u2000\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';

const POSTGRES_TABLES = `
CREATE SCHEMA IF NOT EXISTS crm;
CREATE TYPE crm.mood AS ENUM ('sad', 'glad');
CREATE TYPE crm.pair AS (a int, b text);
CREATE DOMAIN crm.code AS varchar(10);
CREATE COLLATION crm.loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE TABLE crm.kinds (i2 smallint, i4 int, i8 bigint, o oid, x xid, n numeric, n2 numeric(30,10), n3 numeric(5,2), f4 real, f8 double precision, b boolean, t text,
  v varchar(20), c char(5), nm name, dm crm.code, d date, ts timestamp, tz timestamptz, tm time, ttz timetz, iv interval, u uuid, j json, jb jsonb, a int[], ta text[], y bytea,
  e crm.mood, ip inet, m money, p point, r int4range, cp crm.pair, ch "char", bt bit(3));
INSERT INTO crm.kinds VALUES
  (1, 5, 9223372036854775807, 4294967295, '7', 0.250, 12345678901234567890.0123456789, 1.10, 'NaN', 'Infinity', true, 'a', 'Ann', 'x', 'nm', 'q', '2024-02-29', '2024-02-29 23:59:59.999999', '2024-02-29 23:59:59.5+02',
   '24:00', '10:00+02', '1 year 2 days', '00000000-0000-0000-0000-00000000000a', '{"a": [1, null]}', '{"a": [1, null]}', '{1,NULL,3}', '{"a b",NULL}', '\\x00ff', 'glad', '10.0.0.1', 12.5, '(1,2)', '[1,5)', '(1,x)', 'k', '101'),
  (-1, -5, -9223372036854775808, 0, '8', -1e15, -1, 1.1, 1.5, -0.1, false, E'q"\\n\\\\N', 'ann', 'yz', 'NM', '', '0044-03-15 BC', 'infinity', '0044-03-15 12:00 BC', '00:00', '10:00-02', '-1 mon', 'ffffffff-ffff-ffff-ffff-ffffffffffff', 'null', 'null', '{}', '{}', '', 'sad', '::1/64', -1, '(0,0)', 'empty', '(,)', ' ', '000'),
  (0, 0, 12, 12, '7', 0.000, 0, -99.99, 1e20, 1e15, NULL, U&'Zo\\00EB \\+01F642', 'ANN', '', '', ' ', 'infinity', '-infinity', '-infinity', '10:00:00.5', '00:00', '00:00:01', '80000000-0000-0000-0000-000000000000', '1', '1', '{2}', '{x}', '\\x61', 'sad', '10.0.0.1/8', 0, '(1,2)', '[1,5)', '(2,)', 'k', '001'),
  (0, 1, 13, 12, '7', 5, 0.5, 0, 123456.789, 1e16, true, '', 'Ann ', '   ', 'x y', 'q', '-infinity', '0001-12-31 23:59:59.12 BC', '2024-01-01 00:00:00.10', '10:00:00.123456', '00:00', '0', '7fffffff-ffff-ffff-ffff-ffffffffffff', '1 ', '1', '{{1,2},{3,4}}', '{NULL}', '\\x27225c', 'glad', '10.0.0.1/32', 0, '(1,2)', '[1,6)', '(1,x)', 'k', '001'),
  (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
CREATE TABLE crm.floats AS
  SELECT (('x' || substr(md5(i::text), 1, 16))::bit(64)::bigint / 1e9 * 10 ^ (i % 40 - 20))::float8 AS wide, (i / 7.0)::float8 AS near, (1e9 + i % 3)::float8 AS far,
    (i % 50 * 1e14)::float8 AS whole, (CASE i % 5 WHEN 0 THEN 'NaN' WHEN 1 THEN 'Infinity' WHEN 2 THEN '-Infinity' WHEN 3 THEN '1e-320' ELSE '1e300' END)::float8 AS odd,
    (i * 7919 % 100003 * 10.0 ^ (CASE WHEN i % 2 = 0 THEN 18 + i % 15 ELSE -(i % 20) END))::float4 AS single, 'NaN'::float8 AS nan, NULL::float8 AS none, (CASE i % 3 WHEN 0 THEN 1e-300 WHEN 1 THEN 2e-290 ELSE 0 END)::float8 AS tiny,
    (2::float8 ^ (i % 200) * (1 + i))::float8 AS dyadic
  FROM generate_series(1, 5000) i;
CREATE TABLE crm.numbers AS
  SELECT i AS id, (i * 7919 % 613)::smallint AS few, (i::numeric * 9007199254740993 % 4611686018427387904)::bigint AS large, i::bigint << 40 AS beyond, (i * 37 % 10007 / 100.0)::numeric(12,2) AS price,
    (i::numeric * 1234567890123456789)::numeric(38,6) AS wide, DATE '2000-01-01' + i % 997 AS day, TIMESTAMP '1999-12-31 23:59:59' + i * interval '1.5 seconds' AS at, i % 2 = 0 AS even,
    md5((i % 700)::text)::uuid AS u, TIME '00:00' + (i % 86400) * interval '1 second' AS clock,
    i * 37 % 10007 / 100.0 AS free, (i::numeric - 2500) / 7 * 10 ^ (i % 8) AS signed
  FROM generate_series(1, 5000) i;
CREATE TABLE crm.words AS
  SELECT 'user' || i AS unique_text, (ARRAY['Straße', 'strasse', 'STRASSE', 'a', 'A', 'é', 'e' || U&'\\0301', 'İ', 'ı', '🙂', '', ' '])[1 + i % 12] AS letters,
    substr(E'${WHITE_SPACE}', 1 + i % 18, 1 + i % 3) AS blank, substr(E'\\u200b\\u180e\\u2060x', 1 + i % 4, 1) AS nearly, 'x ' || repeat(' ', i % 3) AS padded,
    ((ARRAY['abc', 'ABC', 'Abc', 'abd'])[1 + i % 4]) COLLATE crm.loose AS loose, (ARRAY['a', 'a ', 'B'])[1 + i % 3]::char(8) AS fixed, repeat('é', i % 1100) AS long
  FROM generate_series(1, 3000) i;
CREATE TABLE crm.cells AS SELECT repeat('é' || i, 500000) AS large, repeat('y', 1024 + i) AS cut FROM generate_series(1, 3) i;
CREATE TABLE crm.nothing (LIKE crm.kinds);
CREATE TABLE crm.nulls AS SELECT NULL::int AS i, NULL::numeric(10,2) AS n, NULL::text AS t, NULL::date AS d, NULL::bytea AS y, NULL::boolean AS b, NULL::uuid AS u FROM generate_series(1, 3);
CREATE TABLE crm."odd ""table'"" (""a""""b"" int)" AS SELECT 1 AS "it's ""odd"" %s
$1 {0} \\", 'x'::text AS "SELECT", 2 AS "ä🙂";
CREATE TABLE crm.misfits AS SELECT 'NaN'::numeric(5,2) AS n, 'NaN'::numeric AS n2, 1e18 AS n3, 1e-21 AS n4, timestamp '294276-12-31' AS ts, 1811939328::float4 AS f;
GRANT USAGE ON SCHEMA crm TO PUBLIC;
GRANT SELECT ON ALL TABLES IN SCHEMA crm TO PUBLIC;
`;

const POSTGRES: PushDownTables = {
  make: (source) => onPostgres(source, async (client) => void (await client.query(POSTGRES_TABLES))),
  tables: [
    { name: 'people' },
    { name: 'many' },
    { name: 'kinds', left: ['y.distinct'], rounded: ['n.squares', 'n2.squares'] },
    { name: 'floats' },
    { name: 'numbers', rounded: ['wide.squares', 'free.squares', 'signed.squares'] },
    { name: 'words' },
    { name: 'cells' },
    { name: 'nothing', left: ['y.distinct'] },
    { name: 'nulls', left: ['y.distinct'] },
    { name: `odd "table'" ("a""b" int)` },
  ],
  misfits: { name: 'misfits', columns: ['n', 'n2', 'n3', 'n4', 'ts', 'f'] },
  endless: (source) => ({ path: source.many.path, slow: 'pg_sleep(0.001) IS NOT NULL' }),
  running: (source) =>
    onPostgres(source, async (client) => {
      for (;;) {
        const { rows } = await client.query(
          "SELECT 1 FROM pg_stat_activity WHERE application_name = 'assay push-down' AND state = 'active' AND wait_event = 'PgSleep'",
        );
        if (rows.length > 0) return;
      }
    }),
};

export const PUSH_DOWN_TABLES: Record<string, PushDownTables | undefined> = { POSTGRES };
