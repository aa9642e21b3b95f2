import { mkdir, mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { ConnectContext, ObjectPath, SourceConfig } from '../../src/connectors/connector.ts';
import type { EntityType } from '../../src/model/entity.ts';
import { copyOptions, writeDuckDb } from '../support/duckdb-files.ts';
import { createTestDatabase } from '../support/test-database.ts';
import { openMariadb } from './mariadb-source.ts';

/** The rows that every source of the suite holds: blanks, nulls, quotes, breaks, marks that formats use themselves. */
export const PEOPLE: readonly (readonly [number, string | null, string | null])[] = [
  [1, 'Ann', 'plain'],
  [2, '', null],
  [3, '   ', ''],
  [4, 'Zoë 🙂 İstanbul', 'she said "hi", then left; maybe'],
  [5, null, 'two\nlines\r\nthree'],
  [6, '\\N', 'NULL'],
  [7, 'tab\there', 'back\\slash'],
];
export const MANY_ROWS = 300_000;
/** Shown by no message, whatever goes wrong. */
export const SECRET = 'pa$$-w0rd-of-the-source';

/** A real source with the sample in it, and what the suite has to know to test it. */
export interface ConformanceSource {
  config: SourceConfig;
  /** A configuration that leads to something that is not there. */
  broken: SourceConfig;
  fileRoots: string[];
  /** Where a superuser of the server comes in, to make more tables; undefined where nobody has to. */
  adminUrl?: string;
  /** Where things are, in the words of this source. */
  people: { type: EntityType; path: ObjectPath };
  many: { type: EntityType; path: ObjectPath };
  missing: { type: EntityType; path: ObjectPath };
  /** A second object of the same level as `people`, to be hidden by `mayContain`. */
  hidden: ObjectPath;
  /** A view over something that is gone; undefined where there can be none. */
  brokenView?: ObjectPath;
  /** Connections that the source still sees from us; undefined when it has none to count. */
  countConnections?(): Promise<number>;
  /** Tries to write by way of a read; resolves when the source refused or ignored it and the sample is unharmed. */
  proveReadOnly(context: ConnectContext): Promise<void>;
  drop(): Promise<void>;
}

export interface ConformanceCase {
  databaseType: string;
  /** Of which kind the sample is, where a connector reads several; '' otherwise. */
  format: string;
  /** What of the suite does not apply, each with its reason. */
  exempt: Partial<Record<Exemption, string>>;
  /** Variable that tells where its server is, set by scripts/services.sh: without it the source cannot be here. */
  server?: string;
  open(): Promise<ConformanceSource>;
}

export type Exemption =
  | 'brokenView'
  | 'columns'
  | 'nulls'
  | 'limit'
  | 'where'
  | 'password'
  | 'cancelRead'
  | 'chosenColumns';

const literal = (value: string | number | null): string =>
  value === null ? 'NULL' : typeof value === 'number' ? String(value) : `'${value.replaceAll("'", "''")}'`;
export const insertPeople = (table: string): string =>
  `INSERT INTO ${table} VALUES ${PEOPLE.map((row) => `(${row.map(literal).join(', ')})`).join(', ')}`;

/** Endings of the files of the suite, one case each. */
const FILE_FORMATS = ['csv', 'csv.gz', 'tsv.zst', 'json', 'json.gz', 'jsonl', 'jsonl.zst', 'parquet'];

export const CASES: readonly ConformanceCase[] = [
  {
    databaseType: 'POSTGRES',
    format: '',
    exempt: { brokenView: 'PostgreSQL drops nothing that a view needs' },
    open: openPostgres,
  },
  { databaseType: 'MARIADB', format: '', exempt: {}, server: 'TEST_MARIADB_PORT', open: openMariadb },
  { databaseType: 'SQLITE', format: '', exempt: { password: 'a SQLite file has no login' }, open: openSqlite },
  {
    databaseType: 'DUCKDB',
    format: '',
    exempt: {
      limit: 'the rows are read in place by whoever measures them, and cut there',
      password: 'a DuckDB file has no login',
      cancelRead: 'reading happens where the rows are measured, which is cancelled there',
    },
    open: openDuckDb,
  },
  ...FILE_FORMATS.map(
    (format): ConformanceCase => ({
      databaseType: 'FS',
      format,
      exempt: {
        brokenView: 'a folder has no views',
        columns: 'columns of a file are found by profiling, never by a listing',
        ...(/^[ct]sv/.test(format)
          ? { nulls: 'CSV has no null: a missing value and an empty text look the same' }
          : {}),
        limit: 'the rows are read in place by whoever measures them, and cut there',
        where: 'a file evaluates no conditions',
        password: 'a folder has no login',
        cancelRead: 'reading happens where the rows are measured; nothing runs in the source',
        chosenColumns: 'columns are chosen by whoever reads the file in place',
      },
      open: () => openFiles(format),
    }),
  ),
];

/** With servers at hand those that need one, which are tested nowhere else; otherwise all that need none. */
const hasServers = CASES.some((one) => one.server !== undefined && process.env[one.server]);
export const CASES_HERE = CASES.filter((one) => (one.server !== undefined) === hasServers);
/** Titles of what is not tested here, each with its reason. */
export const CASES_ELSEWHERE = CASES.filter((one) => !CASES_HERE.includes(one)).map(
  ({ databaseType, format, server }) =>
    server === undefined
      ? `${databaseType} ${format} (not here: needs no server; npm test runs it)`
      : `${databaseType} (not here: needs a server; npm run test:services runs it)`,
);

async function openPostgres(): Promise<ConformanceSource> {
  const database = await createTestDatabase({ empty: true });
  const { pool } = database;
  const role = `reader_${database.connectionString.match(/assay_test_(\w+)/)?.[1] ?? 'x'}`;
  await pool.query(`
    CREATE SCHEMA crm;
    CREATE TABLE crm.people (id int PRIMARY KEY, name text, note varchar(200));
    CREATE TABLE crm.aside (id int);
    CREATE TABLE crm.many AS SELECT i AS id, repeat('x', 200) AS pad FROM generate_series(1, ${MANY_ROWS}) i;
    CREATE VIEW crm.named AS SELECT id, name FROM crm.people WHERE name IS NOT NULL;
    CREATE ROLE ${role} LOGIN PASSWORD '${SECRET}';
    GRANT USAGE ON SCHEMA crm TO ${role};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA crm TO ${role};`);
  await pool.query(insertPeople('crm.people'));
  const uri = new URL(database.connectionString.replace(/^postgres(ql)?:/, 'http:').replace('@/', '@socket/'));
  const host = uri.searchParams.get('host') ?? uri.hostname;
  const config: SourceConfig = {
    databaseType: 'POSTGRES',
    host,
    port: uri.searchParams.get('port') ?? (uri.port || '5432'),
    databaseName: uri.pathname.slice(1),
    userName: role,
    password: SECRET,
  };
  return {
    config,
    broken: { ...config, databaseName: 'no_such_database' },
    fileRoots: [],
    adminUrl: database.connectionString,
    people: { type: 'TABLE', path: ['crm', 'people'] },
    many: { type: 'TABLE', path: ['crm', 'many'] },
    missing: { type: 'TABLE', path: ['crm', 'no such table'] },
    hidden: ['crm', 'aside'],
    async countConnections() {
      const { rows } = await pool.query('SELECT count(*)::int AS n FROM pg_stat_activity WHERE usename = $1', [role]);
      return rows[0].n;
    },
    async proveReadOnly(context) {
      const { loadConnector } = await import('../../src/connectors/openers.ts');
      const connection = await (await loadConnector('POSTGRES')).connect(config, context);
      try {
        await pool.query(
          `CREATE OR REPLACE FUNCTION crm.spoil() RETURNS int LANGUAGE sql AS 'DELETE FROM crm.people RETURNING 1'`,
        );
        const { rowsOf } = await import('./rows-of.ts');
        const attempt = connection
          .read({ type: 'TABLE', path: ['crm', 'people'], where: 'crm.spoil() = 1', signal: context.signal })
          .then(rowsOf);
        await attempt.then(
          () => Promise.reject(new Error('a write was not refused')),
          (error: Error) => {
            if (!/read-only/.test(error.message)) throw error;
          },
        );
        const { rows } = await pool.query('SELECT count(*)::int AS n FROM crm.people');
        if (rows[0].n !== PEOPLE.length) throw new Error('rows are gone');
      } finally {
        await connection.close();
      }
    },
    async drop() {
      await pool.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
      await database.drop();
    },
  };
}

async function openSqlite(): Promise<ConformanceSource> {
  const folder = await mkdtemp(join(tmpdir(), 'assay-conformance-'));
  const path = join(folder, 'crm.db');
  const database = new DatabaseSync(path);
  database.exec(`
    CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT, note VARCHAR(200));
    CREATE TABLE aside (id INTEGER);
    CREATE TABLE many (id INTEGER, pad TEXT);
    CREATE VIEW named AS SELECT id, name FROM people WHERE name IS NOT NULL;
    CREATE TABLE gone (id INTEGER);
    CREATE VIEW torn AS SELECT id FROM gone;
    DROP TABLE gone;
    INSERT INTO many WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < ${MANY_ROWS}) SELECT i, 'some padding' FROM s;
    ${insertPeople('people')};`);
  database.close();
  return {
    config: { databaseType: 'SQLITE', path },
    broken: { databaseType: 'SQLITE', path: join(folder, 'no.db') },
    fileRoots: [folder],
    people: { type: 'TABLE', path: ['main', 'people'] },
    many: { type: 'TABLE', path: ['main', 'many'] },
    missing: { type: 'TABLE', path: ['main', 'no such table'] },
    hidden: ['main', 'aside'],
    brokenView: ['main', 'torn'],
    countConnections: () => countOpenFiles(folder),
    async proveReadOnly(context) {
      const { openFile } = await import('../../src/connectors/sqlite/connect.ts');
      const { database: opened } = await openFile({ databaseType: 'SQLITE', path }, context);
      try {
        opened.exec('DELETE FROM people');
      } catch (error) {
        if (/readonly/.test(String(error))) return;
        throw error;
      } finally {
        opened.close();
      }
      throw new Error('a write was not refused');
    },
    drop: () => rm(folder, { recursive: true, force: true }),
  };
}

async function openDuckDb(): Promise<ConformanceSource> {
  const folder = await mkdtemp(join(tmpdir(), 'assay-conformance-'));
  const path = join(folder, 'shop.duckdb');
  await writeDuckDb(path, [
    'CREATE SCHEMA crm',
    'CREATE TABLE crm.people (id INTEGER PRIMARY KEY, name TEXT, note VARCHAR(200))',
    'CREATE TABLE crm.aside (id INTEGER)',
    `CREATE TABLE crm.many AS SELECT i AS id, 'some padding' AS pad FROM range(1, ${MANY_ROWS + 1}) r(i)`,
    'CREATE VIEW crm.named AS SELECT id, name FROM crm.people WHERE name IS NOT NULL',
    'CREATE TABLE crm.gone (id INTEGER)',
    'CREATE VIEW crm.torn AS SELECT id FROM crm.gone',
    'DROP TABLE crm.gone',
    insertPeople('crm.people'),
  ]);
  return {
    config: { databaseType: 'DUCKDB', path },
    broken: { databaseType: 'DUCKDB', path: join(folder, 'no.duckdb') },
    fileRoots: [folder],
    people: { type: 'TABLE', path: ['crm', 'people'] },
    many: { type: 'TABLE', path: ['crm', 'many'] },
    missing: { type: 'TABLE', path: ['crm', 'no such table'] },
    hidden: ['crm', 'aside'],
    brokenView: ['crm', 'torn'],
    countConnections: () => countOpenFiles(folder),
    async proveReadOnly(context) {
      const before = await readFile(path);
      const catalog = await context.openDuckDb?.(path, context.signal);
      try {
        await catalog?.query('DELETE FROM src.crm.people', 'trying to write').then(
          () => Promise.reject(new Error('a write was not refused')),
          (error: Error) => {
            if (!/read-only/.test(error.message)) throw error;
          },
        );
      } finally {
        await catalog?.close();
      }
      if (!before.equals(await readFile(path))) throw new Error('the file was changed');
      if ((await readdir(folder)).length !== 1) throw new Error('a file was left beside it');
    },
    drop: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Files below a folder that this process has open (Linux). */
async function countOpenFiles(folder: string): Promise<number> {
  const links = (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => ''));
  return (await Promise.all(links)).filter((target) => target.startsWith(folder)).length;
}

async function openFiles(format: string): Promise<ConformanceSource> {
  const folder = await mkdtemp(join(tmpdir(), 'assay-conformance-'));
  await mkdir(join(folder, 'crm'));
  const at = (name: string): string => join(folder, 'crm', `${name}.${format}`);
  await writeDuckDb(join(folder, '.scratch.duckdb'), [
    'CREATE TABLE people (id BIGINT, name VARCHAR, note VARCHAR)',
    insertPeople('people'),
    `COPY (FROM people ORDER BY id) TO '${at('people')}' ${copyOptions(format)}`,
    `COPY (SELECT 1 AS id) TO '${at('aside')}' ${copyOptions(format)}`,
    `COPY (SELECT i AS id, repeat('x', 20) AS pad FROM range(1, ${MANY_ROWS + 1}) r(i)) TO '${at('many')}' ${copyOptions(format)}`,
  ]);
  await rm(join(folder, '.scratch.duckdb'));
  return {
    config: { databaseType: 'FS', path: folder },
    broken: { databaseType: 'FS', path: join(folder, 'nowhere') },
    fileRoots: [folder],
    people: { type: 'FILE', path: ['crm', `people.${format}`] },
    many: { type: 'FILE', path: ['crm', `many.${format}`] },
    missing: { type: 'FILE', path: ['crm', `no such file.${format}`] },
    hidden: ['crm', `aside.${format}`],
    async proveReadOnly(context) {
      const { stat } = await import('node:fs/promises');
      const { loadConnector } = await import('../../src/connectors/openers.ts');
      const before = await stat(join(folder, 'crm'));
      const connection = await (await loadConnector('FS')).connect({ databaseType: 'FS', path: folder }, context);
      const [unit] = await connection.listUnits();
      if (!unit) throw new Error('no unit');
      for await (const _ of connection.introspect({ unit, signal: context.signal }));
      await connection.close();
      if ((await stat(join(folder, 'crm'))).mtimeMs !== before.mtimeMs) throw new Error('the folder was changed');
    },
    drop: () => rm(folder, { recursive: true, force: true }),
  };
}
