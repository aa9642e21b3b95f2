import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ConnectContext, ReadRequest, SourceObject } from '../connector.ts';
import { choiceOf, thresholdFor } from './choose-rows.ts';
import { sqliteConnector } from './index.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-sqlite-'));
  const file = new DatabaseSync(join(folder, 'shop.db'));
  file.exec(
    `
    CREATE TABLE customer (id INTEGER PRIMARY KEY, name VARCHAR(40) NOT NULL, mixed NUMERIC, big INTEGER, photo BLOB, price REAL);
    CREATE TABLE "or""der" (id INTEGER PRIMARY KEY, customer INTEGER REFERENCES customer(id), day DATE DEFAULT 'today', UNIQUE (customer, day));
    CREATE VIEW good AS SELECT name FROM customer;
    CREATE VIEW bad AS SELECT gone FROM customer;
    INSERT INTO customer VALUES (1, 'Ümit "x", ' || char(10), 5, 9007199254740993, x'00FF', 1.5), (2, '', 'many', -1, NULL, NULL);
    INSERT INTO customer SELECT value, 'n' || value, NULL, value, NULL, 2 FROM generate_series(3, 5000);
  `.replace(
      'generate_series(3, 5000)',
      '(WITH RECURSIVE s(value) AS (SELECT 3 UNION ALL SELECT value + 1 FROM s WHERE value < 5000) SELECT value FROM s)',
    ),
  );
  file.close();
  writeFileSync(
    join(folder, 'text.db'),
    'this is not a database, though it is long enough to look like one '.repeat(40),
  );
  symlinkSync('/etc/hostname', join(folder, 'escape.db'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const context = (fileRoots = [folder], signal = new AbortController().signal): ConnectContext => ({
  signal,
  applicationName: 'test',
  fileRoots,
  protectedPaths: [],
  connectTimeoutMs: 1_000,
});
const open = (name: string, ctx = context()) =>
  sqliteConnector.connect({ databaseType: 'SQLITE', path: join(folder, name) }, ctx);

async function rowsOf(path: string[], options: Partial<ReadRequest> = {}, name = 'shop.db') {
  const session = await open(name);
  const read = await session.read({ type: 'TABLE', path, signal: new AbortController().signal, ...options });
  if (read.kind !== 'batches') throw new Error('expected batches');
  const columns: unknown[][] = read.columns.map(() => []);
  for await (const batch of read.batches) for (const [at, values] of batch.entries()) columns[at]?.push(...values);
  await session.close();
  return { types: read.columns.map((column) => `${column.duckdbType} ${column.typeBasis}`), columns, rest: read.rest };
}

test('what is stored decides the type, and nothing is rounded', async () => {
  const { types, columns } = await rowsOf(['main', 'customer']);
  expect(types).toEqual([
    'BIGINT precise',
    'VARCHAR precise',
    'VARCHAR inferred',
    'BIGINT precise',
    'BLOB precise',
    'DOUBLE precise',
  ]);
  expect(columns.map((values) => values.length)).toEqual(Array(6).fill(5000));
  const bytes = Uint8Array.of(0x00, 0xff);
  expect(columns.map((values) => values[0])).toEqual([1n, 'Ümit "x", \n', '5', 9007199254740993n, bytes, 1.5]);
  expect(columns.map((values) => values[1])).toEqual([2n, '', 'many', -1n, null, null]);
});

test('limit and columns cut the rows and the columns', async () => {
  const { columns } = await rowsOf(['main', 'customer'], { limit: 3, columns: ['name'] });
  expect(columns).toEqual([['Ümit "x", \n', '', 'n3']]);
});

test.each<Partial<ReadRequest>>([
  {},
  { limit: 50 },
  { where: 'mail > 3' },
  { from: { column: 'mail', value: '30' }, limit: 20 },
  { sample: { kind: 'nth', n: 7 } },
  { sample: { kind: 'share', percent: 30, seed: 3 } },
  { sample: { kind: 'rows', rows: 40, seed: 3 } },
  { sample: { kind: 'blocks', rows: 40, seed: 3 } },
])('groups of columns, each with an index of its own, are of the same rows in the same order: %j', async (request) => {
  const file = new DatabaseSync(join(folder, 'groups.db'));
  file.exec(`DROP TABLE IF EXISTS person; CREATE TABLE person (id INTEGER PRIMARY KEY, mail INTEGER, name TEXT);
    WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 500) INSERT INTO person SELECT i, 501 - i, 'n' || (i * 7 % 500) FROM s;
    CREATE INDEX by_mail ON person (mail); CREATE INDEX by_name ON person (name, mail)`);
  file.close();
  const read = async (columns: string[]) =>
    (await rowsOf(['main', 'person'], { ...request, columns }, 'groups.db')).columns;
  const [ids, mails, names] = (await read(['id', 'mail', 'name'])) as [bigint[], bigint[], string[]];
  expect(ids.length).toBeGreaterThan(0);
  expect(mails).toEqual(ids.map((id) => 501n - id));
  expect(await read(['mail'])).toEqual([mails]);
  expect(await read(['name'])).toEqual([names]);
});

test('so many rows are chosen by one threshold, a few more than were asked for, which are left to be cut down', async () => {
  const sample = { kind: 'rows' as const, rows: 500, seed: 9 };
  const { columns, rest } = await rowsOf(['main', 'customer'], { sample, columns: ['id'] });
  const ids = columns[0] as bigint[];
  expect(ids.length).toBeGreaterThan(500);
  expect(ids.length).toBeLessThan(700);
  expect(rest).toEqual({ sample });
  expect(ids).toEqual(ids.toSorted((a, b) => Number(a - b)));
  expect(Number(ids.at(-1))).toBeGreaterThan(4_500);
  const all = await rowsOf(['main', 'customer'], { sample: { ...sample, rows: 5_000 }, columns: ['id'] });
  expect(all.columns[0]).toHaveLength(5_000);
});

test('the threshold of a sample gives about as many rows as it aims at', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 300 }),
      fc.integer({ min: 1, max: 5_000 }),
      fc.nat(2 ** 31 - 1),
      (rows, of, seed) => {
        const choose = choiceOf(seed, thresholdFor(rows, of));
        const chosen = Array.from({ length: of }, (_, i) => i + 1).filter(choose).length;
        expect(chosen).toBeGreaterThanOrEqual(Math.min(rows, of) - 2 * Math.sqrt(rows));
        // Six deviations around what is aimed at.
        const aim = rows + 4 * Math.sqrt(rows) + 10;
        expect(chosen).toBeLessThanOrEqual(aim + 6 * Math.sqrt(aim) + 1);
      },
    ),
  );
  expect(thresholdFor(1_000, 1e11)).toBeGreaterThan(0);
});

test('tables, views, keys and columns are listed; a broken view is no failure', async () => {
  const session = await open('shop.db');
  const objects: SourceObject[] = [];
  const failed: string[] = [];
  const unproven: string[] = [];
  const complete: string[] = [];
  for await (const event of session.introspect({
    unit: { path: ['main'], type: 'SCHEMA' },
    signal: new AbortController().signal,
  })) {
    if (event.kind === 'objects') objects.push(...event.objects);
    else if (event.kind === 'failed') failed.push(event.path.join('/'));
    else if (event.kind === 'unproven') unproven.push(event.reason ?? '');
    else complete.push(event.path.join('/'));
  }
  await session.close();
  expect(failed).toEqual([]);
  expect(unproven).toEqual(['the view main/bad is broken: no such column: gone']);
  expect(complete).toContain('main');
  expect(complete).not.toContain('main/bad');
  const find = (...path: string[]) =>
    objects.find((object) => object.path.join('/') === ['main', ...path].join('/'))?.metadata;
  expect(find('or"der')).toMatchObject({
    table: {
      foreignKeys: [{ columns: ['customer'], references: { schema: 'main', table: 'customer', columns: ['id'] } }],
      uniqueKeys: [{ columns: ['customer', 'day'] }],
    },
  });
  expect(find('customer', 'name')).toMatchObject({
    column: { dataType: 'VARCHAR(40)', sqlDataType: 'VARCHAR', columnSize: 40, isNullable: false, ordinalPosition: 2 },
  });
  expect(find('bad')).toMatchObject({ table: { tableType: 'VIEW', broken: 'no such column: gone' } });
  expect(find('good')).toMatchObject({
    table: { tableType: 'VIEW', definition: 'CREATE VIEW good AS SELECT name FROM customer' },
  });
});

test.each([
  ['text.db', undefined, 'SOURCE_BAD_DATA'],
  ['missing.db', undefined, 'SOURCE_NO_DATABASE'],
  ['.', undefined, 'SOURCE_NO_DATABASE'],
  ['escape.db', undefined, 'SOURCE_NOT_ALLOWED'],
  ['shop.db', [] as string[], 'SOURCE_NOT_ALLOWED'],
])('%s below %s is refused with %s', async (name, roots, code) => {
  await expect(open(name, context(roots))).rejects.toMatchObject({ code });
});

test('the connection test says what it found, and names the step that failed', async () => {
  const steps = async (name: string) => {
    const seen: string[] = [];
    const config = { databaseType: 'SQLITE', path: join(folder, name) };
    for await (const step of sqliteConnector.test(config, context())) seen.push(`${step.name}: ${step.outcome}`);
    return seen;
  };
  expect(await steps('shop.db')).toEqual(['open file: ok', 'list schemas: ok', 'read catalog: ok', 'read a row: ok']);
  expect(await steps('text.db')).toEqual(['open file: failed']);
});

test('the session cannot write', async () => {
  const { openFile } = await import('./connect.ts');
  const { database } = await openFile({ databaseType: 'SQLITE', path: join(folder, 'shop.db') }, context());
  expect(() => database.exec('DELETE FROM customer')).toThrow(/readonly/);
  database.close();
});

test('keys that name no column lead to the primary key; rows without numbers are as many as ANALYZE counted', async () => {
  const path = join(folder, 'keys.db');
  const file = new DatabaseSync(path);
  file.exec(
    'CREATE TABLE p (k TEXT PRIMARY KEY); CREATE TABLE c (p REFERENCES p); INSERT INTO p VALUES (1), (2); CREATE TABLE w (k PRIMARY KEY) WITHOUT ROWID; CREATE TABLE late (k PRIMARY KEY) WITHOUT ROWID; INSERT INTO w VALUES (1), (2), (3); ANALYZE; INSERT INTO late VALUES (1); CREATE VIEW v AS SELECT * FROM p; CREATE VIRTUAL TABLE f USING fts5(body)',
  );
  file.close();
  const session = await open('keys.db');
  const objects: SourceObject[] = [];
  const request = { unit: { path: ['main'], type: 'SCHEMA' as const }, signal: new AbortController().signal };
  for await (const event of session.introspect(request)) if (event.kind === 'objects') objects.push(...event.objects);
  await session.close();
  const at = (...names: string[]) => objects.find((one) => one.path.slice(1).join('/') === names.join('/'))?.metadata;
  expect(at('c', 'p')).toMatchObject({ column: { references: [{ table: 'p', column: 'k' }] } });
  expect(at('p')).toMatchObject({ stats: { rows: 2 } });
  expect(at('c')).toMatchObject({ stats: { rows: 0 } });
  expect(at('w')).toMatchObject({ stats: { rows: 3 } });
  expect(at('late')).toMatchObject({ stats: { rows: null } });
  expect(at('v')).toMatchObject({ stats: { rows: null } });
  expect(at('f')).toMatchObject({ table: { tableType: 'VIRTUAL TABLE' } });
});

test('a locked file is busy, not broken', async () => {
  const file = new DatabaseSync(join(folder, 'locked.db'));
  file.exec('CREATE TABLE t (a); BEGIN EXCLUSIVE');
  await expect(open('locked.db')).rejects.toMatchObject({ code: 'SOURCE_BUSY' });
  file.exec('ROLLBACK');
  await (await open('locked.db')).close();
  file.close();
});

test('a damaged or encrypted file is named as such', async () => {
  writeFileSync(join(folder, 'noise.db'), Buffer.alloc(8_192, 0xa5));
  await expect(open('noise.db')).rejects.toMatchObject({
    code: 'SOURCE_BAD_DATA',
    message: expect.stringMatching(/encrypted/),
  });
});

test('values of another class than the column promises arrive as text', async () => {
  const file = new DatabaseSync(join(folder, 'loose.db'));
  file.exec(
    "CREATE TABLE t (n INTEGER, r REAL); INSERT INTO t VALUES (1, 1.5), ('two', x'00ff'), (9223372036854775807, 2), (NULL, NULL)",
  );
  file.close();
  const session = await open('loose.db');
  const read = await session.read({ type: 'TABLE', path: ['main', 't'], signal: new AbortController().signal });
  if (read.kind !== 'batches') throw new Error('expected batches');
  expect(read.columns.map((one) => `${one.duckdbType} ${one.typeBasis}`)).toEqual([
    'VARCHAR inferred',
    'VARCHAR inferred',
  ]);
  const batches: unknown[][][] = [];
  for await (const batch of read.batches) batches.push(batch);
  expect(batches).toEqual([
    [
      ['1', 'two', '9223372036854775807', null],
      ['1.5', '00ff', '2.0', null],
    ],
  ]);
  await session.close();
});

test.skipIf(process.getuid?.() === 0)(
  'a file in WAL mode is read where nothing may be written (not as root, whom no folder refuses)',
  async () => {
    const place = join(folder, 'sealed');
    mkdirSync(place);
    const file = new DatabaseSync(join(place, 'wal.db'));
    file.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (a)');
    file.close();
    chmodSync(place, 0o555);
    try {
      const session = await open('sealed/wal.db');
      expect((await session.info()).product).toBe('SQLite');
      await session.close();
    } finally {
      chmodSync(place, 0o755);
    }
  },
);

test('types and rows are of one moment, whoever writes meanwhile', async () => {
  const file = new DatabaseSync(join(folder, 'moving.db'));
  file.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (n INTEGER); INSERT INTO t VALUES (1)');
  const session = await open('moving.db');
  const request = { type: 'TABLE' as const, path: ['main', 't'], signal: new AbortController().signal };
  const [first, second] = [await session.read(request), await session.read(request)];
  file.exec("INSERT INTO t VALUES ('not a number')");
  for (const read of [first, second]) {
    if (read.kind !== 'batches') throw new Error('expected batches');
    const batches: unknown[][][] = [];
    for await (const batch of read.batches) batches.push(batch);
    expect(batches).toEqual([[[1n]]]);
  }
  await session.close();
  file.close();
});

test.each([
  ["json_extract('{}', s)", /": bad JSON path a value$/],
  ['(SELECT x FROM f WHERE f MATCH s)', /": unsafe use of MATCH\(\)$/],
])('a view that stumbles over a value of a row, %s, says nothing of it', async (expression, words) => {
  const folderOfOne = mkdtempSync(join(folder, 'stumble-'));
  const file = new DatabaseSync(join(folderOfOne, 'x.db'));
  file.exec(`CREATE TABLE t AS SELECT '^geheim' AS s; CREATE VIRTUAL TABLE f USING fts5(x);
    CREATE VIEW v AS SELECT ${expression} AS x FROM t`);
  file.close();
  const session = await open(join(basename(folderOfOne), 'x.db'));
  const read = session.read({ type: 'VIEW', path: ['main', 'v'], signal: new AbortController().signal });
  await expect(read).rejects.toThrow(words);
  await session.close();
});

test.each<[string, Partial<ReadRequest>]>([
  ['TABLE', {}],
  ['TABLE', { sample: { kind: 'rows', rows: 1, seed: 1 } }],
  ['VIEW', {}],
])('a condition that fails while a %s is read is named, and no value with it: %j', async (type, more) => {
  const file = new DatabaseSync(join(folder, 'stumbling.db'));
  file.exec(`DROP TABLE IF EXISTS t; CREATE TABLE t AS SELECT '[1' AS s, -9223372036854775807 - 1 AS n;
    CREATE VIEW IF NOT EXISTS v AS SELECT * FROM t`);
  file.close();
  const path = ['main', type === 'VIEW' ? 'v' : 't'];
  const request = { ...more, type: type as 'TABLE' | 'VIEW' };
  const fault = type === 'VIEW' ? 'whereClause, or the view itself' : 'whereClause';
  for (const [where, says] of [
    ["json_extract(s, '$.x') = 1", 'malformed JSON'],
    ['abs(n) > 0', 'integer overflow'],
  ])
    await expect(rowsOf(path, { ...request, where }, 'stumbling.db')).rejects.toThrow(
      new RegExp(`^${fault}: SQLite says of ".*": ${says}$`),
    );
});
