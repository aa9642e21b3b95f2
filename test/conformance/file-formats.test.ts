import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { constants, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { filesConnector } from '../../src/connectors/files/index.ts';
import { profileRead } from '../../src/profile/duckdb/profile-read.ts';
import { knownValue } from '../../src/profile/figure.ts';
import { foldParts } from '../../src/profile/fold.ts';
import type { TableProfile } from '../../src/profile/profile.ts';
import { writeDuckDb } from '../support/duckdb-files.ts';

/** Files as people really have them: torn, packed twice, called what they are not. Each is read, or refused by name. */

let folder: string;
const at = (name: string): string => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-formats-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function profile(
  name: string,
  content?: string | Buffer,
  signal = new AbortController().signal,
): Promise<TableProfile> {
  if (content !== undefined) await writeFile(at(name), content);
  const context = { signal, applicationName: 'test', fileRoots: [folder], protectedPaths: [], connectTimeoutMs: 1_000 };
  const connection = await filesConnector.connect({ databaseType: 'FS', path: folder }, context);
  const read = await connection.read({ type: 'FILE', path: [name], signal });
  const session = { memoryMb: 256, threads: 2, tempFolder: join(folder, '.temp'), signal };
  return foldParts([await profileRead(read, session, { key: 'all', whole: true })]);
}

/** A zstd frame of one block that holds nothing. */
const EMPTY_FRAME = Buffer.from('28b52ffd2000010000', 'hex');

const columnsOf = (table: TableProfile): [string, string, string][] =>
  table.columns.map(({ name, nativeType, duckdbType }) => [name, nativeType, duckdbType]);
const refused = async (name: string, content?: string | Buffer): Promise<string> => {
  const error = await profile(name, content).then(
    () => new Error('it was read'),
    (thrown: Error & { code?: string }) => thrown,
  );
  return `${'code' in error ? error.code : ''}: ${error.message}`.replaceAll(folder, '');
};
const unknownsIn = (table: TableProfile): unknown[] =>
  table.columns.flatMap((one) =>
    Object.entries(one).flatMap(([key, figure]) =>
      figure && typeof figure === 'object' && 'unknown' in figure ? [[one.name, key, figure]] : [],
    ),
  );

describe('JSON', () => {
  test('keys of all objects are columns, whatever comes late; nested values are measured as their text', async () => {
    const rows = Array.from({ length: 30_000 }, (_, i) =>
      JSON.stringify({ id: i, day: '2024-02-29', at: '2024-02-29T10:00:00.5Z', ok: i % 2 === 0, pair: [i % 2, null] }),
    );
    const table = await profile('late.jsonl', `${rows.join('\n')}\n\n{"late": 0.5, "id": null, "pair": {"a": 1}}\n`);
    expect(columnsOf(table)).toEqual([
      ['id', 'number', 'BIGINT'],
      ['late', 'number', 'DOUBLE'],
      ['day', 'string', 'DATE'],
      ['at', 'string', 'TIMESTAMP WITH TIME ZONE'],
      ['pair', 'array or object', 'VARCHAR'],
      ['ok', 'boolean', 'BOOLEAN'],
    ]);
    expect(table).toMatchObject({ rows: { value: 30_001 }, warnings: [] });
    expect(table.columns[0]).toMatchObject({ nulls: { value: 1 }, max: { value: '29999' } });
    expect(knownValue(table.columns[4]?.topValues)?.map(({ value }) => value)).toEqual([
      '[0,null]',
      '[1,null]',
      '{"a":1}',
    ]);
  });

  test('odd keys, keys that stand twice, keys that differ in case, large numbers', async () => {
    const table = await profile(
      'odd.json',
      '[{"a":1,"A":2,"a":3,"":4,"x/y~z":5,"q\\"\'":6,"big":12345678901234567890123,"u":18446744073709551615}]',
    );
    expect(columnsOf(table)).toEqual([
      ['a', 'number', 'BIGINT'],
      ['A', 'number', 'BIGINT'],
      ['', 'number', 'BIGINT'],
      ['x/y~z', 'number', 'BIGINT'],
      ['q"\'', 'number', 'BIGINT'],
      ['big', 'number', 'HUGEINT'],
      ['u', 'number', 'HUGEINT'],
    ]);
    expect(table.columns.map(({ max }) => knownValue(max))).toEqual([
      '1',
      '2',
      '4',
      '5',
      '6',
      '12345678901234567890123',
      '18446744073709551615',
    ]);
    expect(table.warnings).toEqual(['key "a" stands twice in 1 object; its first value was measured']);
  });

  test('fractions of more digits than a double holds are one value, and the file says so', async () => {
    const table = await profile(
      'digits.jsonl',
      '{"a":0.12345678901234567890123}\n{"a": 0.12345678901234567890124}\n{"a":0.30000000000000004}\n',
    );
    expect(table.columns.map(({ distinct }) => knownValue(distinct))).toEqual([2]);
    expect(table.warnings).toEqual([
      expect.stringMatching(/^fractions of more than 17 digits are read as the nearest double/),
    ]);
    const plain = await profile('plain.jsonl', '{"a":0.30000000000000004,"b":[1234567.5,1.50000000000000000000]}\n');
    expect(plain.warnings).toEqual([]);
  });

  test('mixed records and objects used as maps are one column, and say so', async () => {
    const mixed = await profile('mixed.json', '[{"a":1},[1,2],"x",5,null]');
    expect(columnsOf(mixed)).toEqual([['json', 'array or number or object or string', 'VARCHAR']]);
    expect(mixed.warnings).toEqual(['4 of 5 records are no objects; all were measured as one column']);
    expect(mixed.columns[0]).toMatchObject({ rows: { value: 5 }, nulls: { value: 1 } });
    expect(columnsOf(await profile('numbers.json', '[1,2,3]'))).toEqual([['json', 'number', 'BIGINT']]);
    const map = await profile('map.jsonl', Array.from({ length: 1_500 }, (_, i) => `{"k${i}":1}`).join('\n'));
    expect([map.columns.length, map.warnings]).toEqual([1, [expect.stringMatching(/more than 1,000 different keys/)]]);
  });

  test('a single object, objects over many lines, a mark in front, nothing', async () => {
    expect((await profile('one.json', '{\n  "a": 1,\n  "b": {\n    "c": 2\n  }\n}\n')).columns.length).toBe(2);
    expect((await profile('more.json', '{\n"a": 1\n}\n{\n"a": 2\n}')).columns[0]).toMatchObject({
      distinct: { value: 2 },
    });
    expect(columnsOf(await profile('mark.json', '\ufeff[{"a":1}]'))).toEqual([['a', 'number', 'BIGINT']]);
    expect(columnsOf(await profile('mark.json.gz', gzipSync('\ufeff[{"a":1}]')))).toEqual([['a', 'number', 'BIGINT']]);
    for (const [name, content] of [
      ['none.json', '[]'],
      ['space.json', ' \n'],
      ['empty.json', ''],
    ] as const)
      expect(await profile(name, content), name).toMatchObject({
        rows: { value: 0 },
        columns: [],
        warnings: [expect.stringMatching(/no records|empty|nothing but white space/)],
      });
    expect(columnsOf(await profile('keyless.json', '{}'))).toEqual([['json', 'object', 'VARCHAR']]);
  });

  test('values nested 100,000 deep harm nobody', async () => {
    const deep = 100_000;
    const table = await profile(
      'deep.json',
      `{"a":${'['.repeat(deep)}${']'.repeat(deep)},"b":${'{"x":'.repeat(deep)}1${'}'.repeat(deep)}}`,
    );
    expect(columnsOf(table)).toEqual([
      ['a', 'array', 'VARCHAR'],
      ['b', 'object', 'VARCHAR'],
    ]);
    expect(table.columns[0]).toMatchObject({ length: { value: { max: 2 * deep } } });
  });

  test('a broken line is named with its number', async () => {
    expect(await refused('line.jsonl', '{"a":1}\n\n{"a":2}\n{"a":\n{"a":4}\n')).toMatch(
      /^SOURCE_BAD_DATA: line 4 is no JSON.*; mend that line/,
    );
    expect(await refused('first.jsonl', 'oops}\n{"a":1}\n')).toMatch(/^SOURCE_BAD_DATA: line 1 is no JSON/);
    expect(await refused('last.jsonl.gz', gzipSync(`${'{"a":1}\n'.repeat(50_000)}{"a":`))).toMatch(
      /^SOURCE_BAD_DATA: line 50001 is no JSON/,
    );
    expect(await refused('array.json', '[{"a":1},{"a":2},{"a"')).toMatch(
      /^SOURCE_BAD_DATA: the file is no JSON \(Malformed JSON.* at byte \d+.*\); mend it there, or copy it again/,
    );
  });
});

test('JSON in another encoding is read, and says which', async () => {
  const bytes = Buffer.from('[{"a":"Zoë"},{"a":"José"}]', 'latin1');
  const latin = await profile('latin.json', bytes);
  expect(latin.columns).toMatchObject([{ name: 'a', lexicalMax: { value: 'Zoë' } }]);
  expect(latin.warnings).toEqual(['the file is not UTF-8; it was read as ISO-8859-1 (frequency of characters)']);
  const wide = await profile('wide.json', Buffer.from('\ufeff[{"a":1}]', 'utf16le'));
  expect(wide.columns).toMatchObject([{ name: 'a', max: { value: '1' } }]);
  expect(wide.warnings).toEqual(['the file is not UTF-8; it was read as UTF-16LE (byte order mark)']);
});

test('names with U+0000 are kept as U+FFFD, and their values are measured', async () => {
  const json = await profile('nul.jsonl', '{"a\\u0000/\\u0000b":1,"c":2,"d\\u0000":1,"d\\u0000":2}\n');
  expect(json.columns).toMatchObject([
    { name: 'a\ufffd/\ufffdb', max: { value: '1' } },
    { name: 'c', max: { value: '2' } },
    { name: 'd\ufffd', max: { value: '1' } },
  ]);
  expect(json.warnings.join()).toMatch(/^key "d\ufffd" stands twice/);
  await writeDuckDb(':memory:', [`COPY (SELECT 7 AS aXXXb, 8 AS c) TO '${at('nul.parquet')}' (FORMAT parquet)`]);
  const bytes = await readFile(at('nul.parquet'));
  const named = Buffer.from(bytes.toString('latin1').replaceAll('aXXXb', 'aX\0Xb'), 'latin1');
  expect((await profile('nul.parquet', named)).columns).toMatchObject([
    { name: 'aX\ufffdXb', max: { value: '7' } },
    { name: 'c', max: { value: '8' } },
  ]);
});

describe('Parquet', () => {
  test('types come from the footer; nested columns are measured as a whole', async () => {
    await writeDuckDb(':memory:', [
      `COPY (SELECT i AS n, {'p': i, 'q': [i]} AS s, [i, NULL] AS l, MAP {'k': i} AS m, DATE '2024-01-01' AS d,
        TIMESTAMP_NS '2024-01-01 00:00:00.123456789' AS tn, 'x'::BLOB AS y, '00000000-0000-0000-0000-000000000001'::UUID AS u,
        INTERVAL 1 DAY AS iv, TIME '10:00' AS t, (i * 1.5)::DECIMAL(18,3) AS dec, i % 2 = 0 AS b
        FROM range(3) r(i)) TO '${at('kinds.parquet')}' (FORMAT parquet, COMPRESSION zstd)`,
      `COPY (SELECT 1 AS a WHERE false) TO '${at('zero.parquet')}' (FORMAT parquet)`,
      `COPY (SELECT i FROM range(100000) r(i)) TO '${at('whole.parquet')}' (FORMAT parquet)`,
      `SET force_mbedtls_unsafe = 'true'`,
      `PRAGMA add_parquet_key('k', '0123456789112345')`,
      `COPY (SELECT 1 AS a) TO '${at('secret.parquet')}' (FORMAT parquet, ENCRYPTION_CONFIG {footer_key: 'k'})`,
    ]);
    const table = await profile('kinds.parquet');
    expect(unknownsIn(table)).toEqual([]);
    expect(table.columns.map(({ name, kind }) => [name, kind])).toEqual([
      ['n', 'integer'],
      ['s', 'nested'],
      ['l', 'nested'],
      ['m', 'nested'],
      ['d', 'date'],
      ['tn', 'timestamp'],
      ['y', 'blob'],
      ['u', 'uuid'],
      ['iv', 'interval'],
      ['t', 'time'],
      ['dec', 'decimal'],
      ['b', 'boolean'],
    ]);
    expect(await profile('zero.parquet')).toMatchObject({ rows: { value: 0 }, columns: [{ name: 'a' }] });
  });

  test('torn, damaged, empty and encrypted ones are named', async () => {
    const whole = await readFile(at('whole.parquet'));
    expect(await refused('cut.parquet', whole.subarray(0, whole.length / 2))).toMatch(
      /^SOURCE_BAD_DATA: it was read as Parquet.* is cut off.*; copy it again/,
    );
    expect(await refused('tiny.parquet', whole.subarray(0, 8))).toMatch(/^SOURCE_BAD_DATA/);
    expect(await refused('empty.parquet', '')).toMatch(/^SOURCE_BAD_DATA: .*it is empty/);
    const page = Buffer.from(whole).fill(0xaa, 1_000, 5_000);
    expect(await refused('page.parquet', page)).toMatch(/^SOURCE_BAD_DATA: .*decompression failure/);
    const footer = Buffer.from(whole).fill(0xaa, whole.length - 60, whole.length - 8);
    expect(await refused('footer.parquet', footer)).toMatch(/^SOURCE_BAD_DATA/);
    const length = Buffer.from(whole);
    length.writeUInt32LE(0x7fffffff, whole.length - 8);
    expect(await refused('length.parquet', length)).toMatch(/^SOURCE_BAD_DATA: .*Footer length/);
    expect(await refused('secret.parquet')).toMatch(/^SOURCE_BAD_DATA: .*encrypted/);
  });
});

describe('packed files', () => {
  const csv = 'id,name\n1,Ann\n2,Bob\n';
  test('members and frames that follow each other are one file', async () => {
    const [head, tail] = [csv, '3,Cid\n'];
    for (const [name, bytes] of [
      ['two.csv.gz', Buffer.concat([gzipSync(head), gzipSync(tail)])],
      ['padded.csv.gz', Buffer.concat([gzipSync(head), gzipSync(tail), Buffer.alloc(512)])],
      ['two.csv.zst', Buffer.concat([zstdCompressSync(head), zstdCompressSync(tail)])],
      [
        'skip.csv.zst',
        Buffer.concat([zstdCompressSync(head), Buffer.from('502a4d1803000000616263', 'hex'), zstdCompressSync(tail)]),
      ],
      [
        'led.csv.zst',
        Buffer.concat([Buffer.from('5f2a4d1803000000616263', 'hex'), zstdCompressSync(head), zstdCompressSync(tail)]),
      ],
      ['empty.csv.zst', Buffer.concat([EMPTY_FRAME, zstdCompressSync(head + tail), EMPTY_FRAME])],
      ['plain name.csv', gzipSync(head + tail)],
    ] as const)
      expect((await profile(name, bytes)).columns[0], name).toMatchObject({
        name: 'id',
        max: { value: '3' },
        distinct: { value: 3 },
      });
  });

  test('the format is told by the content, not by the first frame', async () => {
    const skippable = Buffer.from('502a4d1803000000616263', 'hex');
    const frames = (...parts: string[]): Buffer =>
      Buffer.concat([skippable, ...parts.map((one) => zstdCompressSync(one))]);
    // What is JSON is not seen in the first frame, nor are the semicolons.
    expect(columnsOf(await profile('frames.csv.zst', frames(' ', '{"a": 7}\n', '{"a": 8}\n')))).toEqual([
      ['a', 'number', 'BIGINT'],
    ]);
    expect((await profile('frames.tsv.zst', frames('id', ';name\n1;Ann\n2', ';Bob\n'))).columns).toMatchObject([
      { name: 'id', max: { value: '2' } },
      { name: 'name' },
    ]);
  });

  test('frames without content cost nothing, and too many frames are refused', async () => {
    const empty = Array.from({ length: 30_000 }, () => EMPTY_FRAME);
    const table = await profile('empty frames.csv.zst', Buffer.concat([zstdCompressSync(csv), ...empty]));
    expect(table.rows).toMatchObject({ value: 2 });
    const tiny = Array.from({ length: 20_000 }, () => zstdCompressSync('1\n'));
    expect(await refused('tiny frames.csv.zst', Buffer.concat(tiny))).toMatch(
      /^SOURCE_BAD_DATA: .*more than 1,840 zstd frames.*pack it in one$/,
    );
  });

  test('what is cut off or damaged is named, wherever the cut is', async () => {
    const rows = Array.from({ length: 200_000 }, (_, i) => `${i},${(i * 7_919) % 104_729}\n`).join('');
    const cases = [
      ['gz', gzipSync(`id,name\n${rows}`)],
      ['zst', zstdCompressSync(`id,name\n${rows}`, { params: { [constants.ZSTD_c_checksumFlag]: 1 } })],
    ] as const;
    for (const [ending, bytes] of cases) {
      for (const cut of [bytes.length - 1, bytes.length - 5, Math.floor(bytes.length / 2), 300])
        expect(await refused(`cut.csv.${ending}`, bytes.subarray(0, cut)), `${ending} ${cut}`).toMatch(
          /^SOURCE_BAD_DATA: "\S+" (is cut off|.*cannot be unpacked).*; copy it again/,
        );
      const bad = Buffer.from(bytes).fill(0x55, 2_000, 2_200);
      expect(await refused(`bad.csv.${ending}`, bad), ending).toMatch(
        /^SOURCE_BAD_DATA: .*(cannot be unpacked|cut off|no zstd frame)/,
      );
    }
    for (const name of ['plain.csv.gz', 'plain.csv.zst', 'plain.json.gz'])
      expect(await refused(name, name.includes('json') ? '[{"a":1}]' : csv), name).toMatch(
        /^SOURCE_BAD_DATA: "\S+" is called \.(gz|zst) and is not packed that way; rename it/,
      );
    expect(await refused('tail.csv.zst', Buffer.concat([zstdCompressSync(csv), Buffer.from('more')]))).toMatch(
      /^SOURCE_BAD_DATA: .*no zstd frame/,
    );
  });

  test('what unpacks without end is stopped after a gigabyte', { timeout: 60_000 }, async () => {
    const megabyte = Buffer.alloc(2 ** 20, '0,0\n');
    const [gzip, zstd] = [gzipSync(megabyte), zstdCompressSync(megabyte)];
    const bomb = (member: Buffer) => Buffer.concat(Array.from({ length: 1_100 }, () => member));
    expect(await refused('bomb.csv.gz', bomb(gzip))).toMatch(/^SOURCE_BAD_DATA: .*unpacks to more than 1,024 MB/);
    expect(await refused('bomb.csv.zst', bomb(zstd))).toMatch(/^SOURCE_BAD_DATA: .*unpacks to more than 1,024 MB/);
  });

  test('an abort ends unpacking', async () => {
    const stop = new AbortController();
    const bytes = gzipSync(Buffer.alloc(500 * 2 ** 20, '0,0\n'), { level: 1 });
    await writeFile(at('long.csv.gz'), bytes);
    const running = profile('long.csv.gz', undefined, stop.signal);
    setImmediate(() => stop.abort());
    await expect(running).rejects.toThrow();
  });
});

describe('files that are not what their names say', () => {
  const said = (table: TableProfile) => table.warnings.filter((one) => one.startsWith('its name promises'));

  test('are read as what they are, with a warning', async () => {
    await writeDuckDb(':memory:', [`COPY (SELECT 7 AS a) TO '${at('true.parquet')}' (FORMAT parquet)`]);
    const parquet = await readFile(at('true.parquet'));
    for (const [name, content, is] of [
      ['parquet.csv', parquet, 'Parquet'],
      ['parquet.json', parquet, 'Parquet'],
      ['packed parquet.csv', gzipSync(parquet), 'Parquet'],
      ['json.csv', '{"a": 7}\n{"a": 7}\n', 'JSON'],
      ['json.parquet', '[{"a": 7}]', 'JSON'],
      ['csv.parquet', 'a,b\n7,8\n', 'delimited text'],
      ['csv.json', 'a;b\n7;8\n', 'delimited text'],
    ] as const) {
      const table = await profile(name, content);
      expect(table.columns[0], name).toMatchObject({ name: 'a', min: { value: '7' } });
      expect(said(table), name).toEqual([expect.stringContaining(`its content is ${is}`)]);
    }
    expect(said(await profile('list.csv', '[1],x\n[2],y\n'))).toEqual([]);
  });

  test('or refused by name with the remedy', async () => {
    await writeDuckDb(at('db.csv'), ['CREATE TABLE t (a INTEGER)']);
    expect(await refused('db.csv')).toMatch(/^SOURCE_BAD_DATA: .*is a DuckDB database.*databaseType DUCKDB/);
    expect(await refused('book.csv', Buffer.from('PK\x03\x04rest'))).toMatch(/^SOURCE_BAD_DATA: .*zip archive/);
    expect(await refused('twice.csv.gz', gzipSync(gzipSync('a,b\n1,2\n')))).toMatch(/^SOURCE_BAD_DATA: .*packed twice/);
    expect(await refused('fake.json.gz', Buffer.from([0x1f, 0x8b, 9, 9, 9, 9]))).toMatch(
      /^SOURCE_BAD_DATA: .*cannot be unpacked/,
    );
    expect(await refused('noise.parquet', Buffer.alloc(500, 0xa5))).toMatch(
      /^SOURCE_BAD_DATA: .*does not begin as a Parquet file/,
    );
    expect(await refused('words.json', 'hello world')).toMatch(/^SOURCE_BAD_DATA: .*Malformed JSON/);
  });
});
