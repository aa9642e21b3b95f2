import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeDuckDb } from '../../../test/support/duckdb-files.ts';
import { JobBench } from '../../../test/support/run-job.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.ts';
import { insertDataSource } from '../../store/data-sources.ts';

/** Ingest and profiling of DuckDB databases and of files of every format, from end to end. */
let database: TestDatabase;
let folder: string;
let bench: JobBench;
beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'assay-profiled-'));
  bench = new JobBench(database.db, undefined, [folder]);
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

const source = async (id: string, name: string, databaseType: string, path: string): Promise<void> => {
  const row = { id, resourceName: name, fqdnId: name, databaseType, config: { path }, secrets: {}, createdBy: null };
  await insertDataSource(database.db, row);
};
const entities = async (sourceId: string): Promise<string[]> => {
  const rows = await database.db
    .selectFrom('entity')
    .select(['type', 'fqdn'])
    .where('source_id', '=', sourceId)
    .execute();
  return rows.map(({ type, fqdn }) => `${type} ${fqdn}`).sort();
};
const rootOf = async (sourceId: string): Promise<string> => {
  const root = database.db
    .selectFrom('entity')
    .select('id')
    .where('source_id', '=', sourceId)
    .where('type', '=', 'RESOURCE');
  return (await root.executeTakeFirstOrThrow()).id;
};

test('files get their columns when they are profiled; a broken one fails alone, by its name', async () => {
  const id = '65f0000000000000000000f1';
  await writeDuckDb(':memory:', [
    `COPY (SELECT 1 AS a, {'b': 2} AS s) TO '${join(folder, 'p.parquet')}' (FORMAT parquet)`,
  ]);
  await writeFile(join(folder, 'o.csv.gz'), gzipSync('id,day\n1,2024-02-29\n2,2024-03-01\n'));
  await writeFile(join(folder, 'rows.jsonl'), '{"k":1}\n{"k":2}\n');
  await writeFile(join(folder, 'torn.jsonl'), '{"k":1}\n{"k":\n{"k":3}\n');
  await writeFile(join(folder, 'notes.txt'), 'no table');
  await writeFile(join(folder, 'export.txt'), Buffer.from('id;ort\n1;Köln\n2;Düren\n', 'latin1'));
  await source(id, 'formats', 'FS', folder);
  expect((await bench.run('METADATA_INGEST', { resourceId: id })).status).toBe('COMPLETED');
  expect((await entities(id)).filter((one) => one.startsWith('COLUMN'))).toEqual([]);
  const job = await bench.run('DATA_PROFILE', { scope: [await rootOf(id)] });
  expect([job.status, job.message]).toEqual([
    'FAILED',
    expect.stringMatching(/1 of 6 .*torn\.jsonl.*line 2 is no JSON/),
  ]);
  // Its name says nothing of it, so it was looked into.
  const { rows } = await database.pool.query(`SELECT reason FROM task WHERE job_id = $1 AND state = 'skipped'`, [
    job.id,
  ]);
  expect(rows).toEqual([{ reason: expect.stringMatching(/^it is text and shows no table/) }]);
  expect((await entities(id)).filter((one) => one.startsWith('COLUMN'))).toEqual([
    'COLUMN formats/export.txt/id',
    'COLUMN formats/export.txt/ort',
    'COLUMN formats/o.csv.gz/day',
    'COLUMN formats/o.csv.gz/id',
    'COLUMN formats/p.parquet/a',
    'COLUMN formats/p.parquet/s',
    'COLUMN formats/rows.jsonl/k',
  ]);
  const before = await entities(id);
  expect((await bench.run('METADATA_INGEST', { resourceId: id })).status).toBe('COMPLETED');
  expect(await entities(id)).toEqual(before);
});

test('columns of a file whose names cannot be kept are changed or left out, with a word', async () => {
  const id = '65f0000000000000000000f3';
  const own = await mkdtemp(join(folder, 'names-'));
  // Of chance, since the database packs what repeats itself.
  const long = randomBytes(4_000).toString('hex');
  await writeFile(join(own, 'odd.jsonl'), `{"id":1,"${long}":2,"a\\u0000b":3}\n`);
  await source(id, 'names', 'FS', own);
  expect((await bench.run('METADATA_INGEST', { resourceId: id })).status).toBe('COMPLETED');
  const job = await bench.run('DATA_PROFILE', { scope: [await rootOf(id)] });
  expect(job).toMatchObject({
    status: 'COMPLETED',
    effects: { created: { columns: 2 }, notDone: { 'columns whose names are too long to be kept': 1 } },
  });
  expect((await entities(id)).filter((one) => one.startsWith('COLUMN'))).toEqual([
    'COLUMN names/odd.jsonl/a\ufffdb',
    'COLUMN names/odd.jsonl/id',
  ]);
  const { rows } = await database.pool.query(`SELECT message FROM job_event WHERE job_id = $1 AND level = 'warning'`, [
    job.id,
  ]);
  expect(rows).toEqual([
    { message: `odd.jsonl: 1 columns are left out, for their names are too long to be kept (${long.slice(0, 60)}…)` },
  ]);
});

test('of columns that become one by their names the first is kept, and the others are told of', async () => {
  const id = '65f0000000000000000000f4';
  const own = await mkdtemp(join(folder, 'doubled-'));
  const parquet = join(own, 'p.parquet');
  const holed = ['a\0', 'a\ufffd'];
  // No statement can hold U+0000, a file can.
  await writeDuckDb(':memory:', [`COPY (SELECT 1 AS "aX", 2 AS "a\ufffd") TO '${parquet}' (FORMAT parquet)`]);
  const bytes = (await readFile(parquet)).toString('latin1').replaceAll('aX', 'a\0');
  await writeFile(parquet, Buffer.from(bytes, 'latin1'));
  // What is shown of the name is cut within an emoji.
  const long = `${'a'.repeat(59)}😀`;
  await writeFile(join(own, 'c.csv'), `${long}\0,${long}\ufffd\n1,2\n3,4\n`);
  await writeFile(join(own, 'j.jsonl'), `{"${holed.join('":1,"').replace('\0', '\\u0000')}":2}\n`);
  await source(id, 'doubled', 'FS', own);
  expect((await bench.run('METADATA_INGEST', { resourceId: id })).status).toBe('COMPLETED');
  const job = await bench.run('DATA_PROFILE', { scope: [await rootOf(id)] });
  expect([job.status, job.message]).toEqual(['COMPLETED', expect.stringContaining('3 tables with 3 columns')]);
  expect(job.effects).toMatchObject({
    created: { columns: 3, 'column profiles': 3 },
    notDone: { 'columns whose names become the name of an earlier one': 3 },
  });
  const columns = database.db
    .selectFrom('entity')
    .innerJoin('profile', 'profile.entity_id', 'entity.id')
    .select(['entity.id', 'entity.fqdn', 'profile.body'])
    .where('entity.source_id', '=', id)
    .where('entity.type', '=', 'COLUMN')
    .orderBy('entity.fqdn');
  const profiled = await columns.execute();
  expect(profiled.map(({ fqdn, body }) => [fqdn, (body as { min: unknown }).min])).toEqual([
    [`doubled/c.csv/${long}\ufffd`, { value: '1', basis: 'exact' }],
    ['doubled/j.jsonl/a\ufffd', { value: '1', basis: 'exact' }],
    ['doubled/p.parquet/a\ufffd', { value: '1', basis: 'exact' }],
  ]);
  const { rows } = await database.pool.query(
    `SELECT message FROM job_event WHERE job_id = $1 AND level = 'warning' ORDER BY message`,
    [job.id],
  );
  expect(rows.map(({ message }) => message)).toEqual(
    [
      ['c.csv', `${'a'.repeat(59)}\ufffd`],
      ['j.jsonl', 'a\ufffd'],
      ['p.parquet', 'a\ufffd'],
    ].map(
      ([name, shown]) =>
        `${name}: 1 columns are left out, for what can be kept of their names is the name of an earlier column (${shown})`,
    ),
  );
  const again = await bench.run('DATA_PROFILE', { scope: profiled.map((column) => column.id) });
  expect([again.status, again.effects?.created]).toEqual(['COMPLETED', { 'column profiles': 3 }]);
  const shop = join(await mkdtemp(join(folder, 'holed-')), 'shop.duckdb');
  await writeDuckDb(shop, [`CREATE TABLE sale AS SELECT * FROM '${parquet}'`]);
  await source('65f0000000000000000000f5', 'holed', 'DUCKDB', shop);
  await bench.run('METADATA_INGEST', { resourceId: '65f0000000000000000000f5' });
  expect(await bench.run('DATA_PROFILE', { scope: [await rootOf('65f0000000000000000000f5')] })).toMatchObject({
    status: 'COMPLETED',
    effects: {
      created: { 'column profiles': 1 },
      notDone: { 'columns whose names become the name of an earlier one': 1 },
    },
  });
});

test('a DuckDB file is tested, ingested and profiled; a view that leads out of it fails alone', async () => {
  const id = '65f0000000000000000000f2';
  const path = join(folder, 'shop.duckdb');
  await writeDuckDb(path, [
    'CREATE TABLE sale AS SELECT i AS id, i % 7 AS product FROM range(1000) r(i)',
    'CREATE VIEW best AS SELECT product, count(*) AS n FROM sale GROUP BY product',
    `CREATE VIEW outside AS SELECT * FROM '${join(folder, 'p.parquet')}'`,
  ]);
  await source(id, 'shop', 'DUCKDB', path);
  expect((await bench.run('TEST_CONNECTION', { resourceId: id })).status).toBe('COMPLETED');
  expect((await bench.run('METADATA_INGEST', { resourceId: id })).status).toBe('COMPLETED');
  expect(await entities(id)).toContain('COLUMN shop/main/outside/s');
  const job = await bench.run('DATA_PROFILE', { scope: [await rootOf(id)] });
  expect([job.status, job.message]).toEqual([
    'FAILED',
    expect.stringMatching(/1 of 3 .*outside.*outside of the database/),
  ]);
  const profiles = await database.db
    .selectFrom('profile')
    .innerJoin('entity', 'entity.id', 'profile.entity_id')
    .select('entity.fqdn')
    .where('profile.source_id', '=', id)
    .execute();
  expect(profiles.map(({ fqdn }) => fqdn).sort()).toEqual([
    'shop/main/best',
    'shop/main/best/n',
    'shop/main/best/product',
    'shop/main/sale',
    'shop/main/sale/id',
    'shop/main/sale/product',
  ]);
});

test('what lies within nested columns is found anew by each run', async () => {
  const id = '65f0000000000000000000f7';
  const own = await mkdtemp(join(folder, 'nested-'));
  await source(id, 'nested', 'FS', own);
  const profileOf = async (lines: string): Promise<{ paths?: { path: string; rows: unknown }[] }> => {
    await writeFile(join(own, 'o.jsonl'), lines);
    expect((await bench.run('METADATA_INGEST', { resourceId: id })).status).toBe('COMPLETED');
    expect((await bench.run('DATA_PROFILE', { scope: [await rootOf(id)] })).status).toBe('COMPLETED');
    const row = await database.db
      .selectFrom('profile')
      .innerJoin('entity', 'entity.id', 'profile.entity_id')
      .select('profile.body')
      .where('profile.source_id', '=', id)
      .where('profile.current', '=', true)
      .where('entity.name', '=', 'o')
      .executeTakeFirstOrThrow();
    return row.body;
  };
  const paths = async (lines: string) => (await profileOf(lines)).paths?.map(({ path, rows }) => [path, rows]);
  const exactly = (value: number) => ({ value, basis: 'exact' });
  expect(await paths('{"o":{"a":1,"l":[1,2]}}\n{"o":{"a":2}}\n')).toEqual([
    ['o.a', exactly(2)],
    ['o.l', exactly(1)],
    ['o.l[]', exactly(2)],
  ]);
  expect(await paths('{"o":{"b":1}}\n')).toEqual([['o.b', exactly(1)]]);
  expect(await paths('{"o":1}\n')).toBeUndefined();
});

test('a large Parquet file is read in parts; one with a damaged row group fails alone, with the reason', async () => {
  const id = '65f0000000000000000000f8';
  const own = await mkdtemp(join(folder, 'large-'));
  const [whole, torn] = [join(own, 'whole.parquet'), join(own, 'torn.parquet')];
  await writeDuckDb(':memory:', [
    `COPY (SELECT (hash(i) % 60000)::INTEGER AS h FROM range(7500001) r(i)) TO '${whole}' (FORMAT parquet, ROW_GROUP_SIZE 2500000)`,
  ]);
  const bytes = await readFile(whole);
  // The header of the first page, and what follows.
  await writeFile(torn, bytes.fill(0xee, 4, 2_000));
  await source(id, 'large', 'FS', own);
  expect((await bench.run('METADATA_INGEST', { resourceId: id })).status).toBe('COMPLETED');
  const job = await bench.run('DATA_PROFILE', { scope: [await rootOf(id)] });
  expect([job.status, job.message]).toEqual([
    'FAILED',
    expect.stringMatching(
      /1 of 2 .*torn\.parquet, part 0: the file cannot be read: its pages of the rows 1 to \d+ are damaged/,
    ),
  ]);
  const profiles = await database.db
    .selectFrom('profile')
    .innerJoin('entity', 'entity.id', 'profile.entity_id')
    .select(['entity.fqdn', 'profile.basis', 'profile.body'])
    .where('profile.source_id', '=', id)
    .orderBy('entity.fqdn')
    .execute();
  expect(profiles.map(({ fqdn }) => fqdn)).toEqual(['large/whole.parquet', 'large/whole.parquet/h']);
  expect(profiles[1]?.basis).toEqual({ kind: 'all rows', rowsRead: 7_500_001, partitions: 2 });
  expect(profiles[0]?.body).toMatchObject({ rows: { value: 7_500_001, basis: 'exact' }, warnings: [] });
}, 180_000);

test('text files are read as the job says, and say so', async () => {
  const id = '65f0000000000000000000f9';
  const told = join(folder, 'told');
  await mkdir(told);
  await writeFile(join(told, 'a.csv'), Buffer.from('titel,x\nname:preis,\xdf\nK\xf6ln:1,5\n', 'latin1'));
  await source(id, 'told', 'FS', told);
  await bench.run('METADATA_INGEST', { resourceId: id });
  const configs = { encoding: 'latin1', delimiter: ':', skipLines: 1, header: true };
  const job = await bench.run('DATA_PROFILE', { scope: [await rootOf(id)], configs });
  expect([job.status, job.message]).toEqual(['COMPLETED', expect.anything()]);
  expect((await entities(id)).filter((one) => one.startsWith('COLUMN'))).toEqual([
    'COLUMN told/a.csv/name',
    'COLUMN told/a.csv/preis,ß',
  ]);
  const { rows } = await database.pool.query(
    `SELECT body FROM profile WHERE job_id = $1 AND entity_id = table_id AND current`,
    [job.id],
  );
  expect(rows.map(({ body }) => body.warnings)).toEqual([
    ['it was read as the job said: encoding windows-1252, delimiter ":", with a header, without its first line'],
  ]);
  const events = database.pool.query(`SELECT message FROM job_event WHERE job_id = $1 AND level = 'warning'`, [job.id]);
  expect((await events).rows).toEqual([]);
});
