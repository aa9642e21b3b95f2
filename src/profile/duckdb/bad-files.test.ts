import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { encodeAs } from '../../../test/support/encode-as.ts';
import type { RelationSpec } from '../../connectors/connector.ts';
import { knownValue } from '../figure.ts';
import { foldParts } from '../fold.ts';
import type { TableProfile } from '../profile.ts';
import { profileRead } from './profile-read.ts';
import { toRelation } from './relation.ts';
import { openSession } from './session.ts';
import { changeBetween, stateOf } from './text-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'assay-bad-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const profile = async (content: string | Buffer, more: Partial<RelationSpec> = {}): Promise<TableProfile> => {
  const path = join(folder, 'file.csv');
  writeFileSync(path, content);
  const session = { memoryMb: 512, threads: 1, tempFolder: join(folder, 'temp'), signal: new AbortController().signal };
  const spec = { kind: 'csv', paths: [path], delimiter: ',', ...more } as RelationSpec;
  return foldParts([await profileRead({ kind: 'relation', spec }, session, { key: 'all', whole: true })]);
};

describe('a text in another encoding', () => {
  test.each([
    ['UTF-16LE', '\ufeff'],
    ['UTF-16BE', ''],
    ['UTF-32LE', '\ufeff'],
    ['UTF-32BE', ''],
    ['ISO-8859-1', ''],
    ['windows-1251', ''],
    ['Shift_JIS', ''],
    ['GB18030', ''],
  ])('%s is read as such, and said to be', async (encoding, mark) => {
    const city = { 'windows-1251': 'Москва', Shift_JIS: '東京都', GB18030: '北京市' }[encoding] ?? 'Köln';
    const text = `${mark}id,city\n1,${city}\n2,${city}\n`;
    const table = await profile(encodeAs(text, encoding));
    expect(table.columns.map(({ name }) => name)).toEqual(['id', 'city']);
    expect(table.columns[1]).toMatchObject({ lexicalMin: { value: city }, distinct: { value: 1 } });
    expect(table.warnings).toEqual([expect.stringMatching(`^the file is not UTF-8; it was read as ${encoding} \\(`)]);
  });

  test('is found also where the first megabyte is ASCII', async () => {
    const lines = '1,plain old words that say nothing\n'.repeat(60_000);
    const table = await profile(
      Buffer.concat([Buffer.from(`id,note\n${lines}`), Buffer.from('2,Köln und Jülich\n'.repeat(3), 'latin1')]),
    );
    expect(table).toMatchObject({ rows: { value: 60_003 }, rejectedRows: 0 });
    expect(table.columns[1]).toMatchObject({ lexicalMin: { value: 'Köln und Jülich' } });
    expect(table.warnings[0]).toMatch(/not UTF-8; it was read as ISO-8859-1/);
  });

  test('that is damaged in a cell loses no row', async () => {
    const good = '1,Köln\n2,Düsseldorf\n'.repeat(40);
    const table = await profile(
      Buffer.concat([Buffer.from(`id,city\n${good}3,a`), Buffer.from([0xff]), Buffer.from('b\n4,c\n')]),
    );
    expect(table).toMatchObject({ rows: { value: 82 }, rejectedRows: 0 });
    expect(table.warnings).toEqual(['1 cell holds bytes that are invalid in UTF-8; they were read as U+FFFD']);
  });
});

describe('bad input', () => {
  test('numbers that no double holds are no infinities, and no zeros', async () => {
    for (const number of ['1e400', '1e-400']) {
      const table = await profile(`v\n1.5\n${number}\n2.5\n`);
      expect(table.columns[0]).toMatchObject({ kind: 'text', distinct: { value: 3 } });
      expect(table.warnings).toEqual(['column "v": 1 value does not fit DOUBLE; the column is measured as text']);
    }
  });

  test('JSON with comments is no table, and says what is wrong with it', async () => {
    const commented = profile('// made by x\n{"a":1}\n{"a":2}\n', { kind: 'json' });
    await expect(commented).rejects.toMatchObject({
      code: 'SOURCE_BAD_DATA',
      message: expect.stringContaining('no JSON'),
    });
  });

  test('a line longer than DuckDB reads unless told', async () => {
    const table = await profile(`id,note\n1,${'x'.repeat(3_000_000)}\n2,b\n`);
    expect(table.columns[1]).toMatchObject({ length: { value: { max: 3_000_000 } } });
    expect(table.columns[0]).toMatchObject({ kind: 'integer' });
  });

  test('cells of a megabyte, in quotes with line breaks', async () => {
    const cell = `${'x'.repeat(2 ** 19)}\n${'y'.repeat(2 ** 19)}`;
    const table = await profile(`id,note\n1,"${cell}"\n2,b\n`);
    expect(table.columns[1]).toMatchObject({ length: { value: { max: 2 ** 20 + 1 } } });
    expect(knownValue(table.rows)).toBe(2);
  });

  test('5,000 columns are loaded within the memory of a task', async () => {
    const path = join(folder, 'wide.csv');
    const names = Array.from({ length: 5_000 }, (_, i) => `c${i}`);
    const rows = [names, names.map((_, i) => i), names.map(() => ''), names.map((_, i) => i + 1)];
    writeFileSync(path, rows.map((row) => `${row.join(',')}\n`).join(''));
    const signal = new AbortController().signal;
    await using session = await openSession({ memoryMb: 512, threads: 1, tempFolder: join(folder, 'temp'), signal });
    const relation = await toRelation(session, { kind: 'relation', spec: { kind: 'csv', paths: [path] } });
    expect(relation.columns).toHaveLength(5_000);
    expect(relation.columns[4_999]).toMatchObject({ name: 'c4999', kind: 'integer' });
    const view = relation.views?.get('c4999') ?? '';
    expect(await session.query(`SELECT count(*)::VARCHAR, max(c4999)::VARCHAR FROM ${view}`, 'looking')).toEqual([
      ['3', '5000'],
    ]);
  }, 120_000);

  test('no bytes, no rows, only blank lines', async () => {
    expect(await profile('')).toMatchObject({ rows: { value: 0 }, columns: [], warnings: ['the file is empty'] });
    expect(await profile('id,name\n')).toMatchObject({
      rows: { value: 0 },
      columns: [{ name: 'id' }, { name: 'name' }],
    });
    expect(await profile('\n\n\n')).toMatchObject({
      rows: { value: 0 },
      warnings: ['the file holds nothing but white space'],
    });
  });

  test('NUL bytes in the middle are part of the value', async () => {
    const table = await profile('id,name\n1,a\0b\n2,c\n');
    expect(knownValue(table.rows)).toBe(2);
    expect(table.columns[1]).toMatchObject({ distinct: { value: 2 }, length: { value: { max: 3 } } });
  });

  test('what is binary is refused for it', async () => {
    const noise = Buffer.from(Array.from({ length: 5_000 }, (_, i) => (i * 7919 + (i >> 3) * 31) % 256));
    await expect(profile(noise)).rejects.toMatchObject({
      code: 'SOURCE_BAD_DATA',
      message: expect.stringContaining('it is no text'),
    });
  });

  test('a packed file that is cut off is refused for it', async () => {
    const packed = gzipSync(`id,name\n${Array.from({ length: 20_000 }, (_, i) => `${i},n${i * 7919}`).join('\n')}\n`);
    await expect(profile(packed.subarray(0, packed.length / 2))).rejects.toMatchObject({
      code: 'SOURCE_BAD_DATA',
      message: expect.stringContaining('is cut off'),
    });
  });

  test('text that is no table is refused where the name promises none', async () => {
    await expect(profile('Dear Ann,\nall is well.\n\nBob\n', { promised: 'nothing' })).rejects.toMatchObject({
      code: 'NOT_A_TABLE',
    });
    const log = Array.from({ length: 20 }, (_, i) => `2024-01-01 12:00:${10 + i} INFO user=${i} action=login\n`).join(
      '',
    );
    await expect(profile(log, { promised: 'nothing' })).rejects.toMatchObject({ code: 'NOT_A_TABLE' });
    const users = 'root:x:0:0:root:/root:/bin/sh\nann:x:1000:1000:Ann:/home/ann:/bin/sh\n';
    expect((await profile(users, { promised: 'nothing' })).columns).toHaveLength(7);
    expect((await profile('id;n\n1;2\n3;4\n', { promised: 'nothing' })).columns.map(({ name }) => name)).toEqual([
      'id',
      'n',
    ]);
  });

  test('a file that is written to, or goes away, while it is read', async () => {
    const path = join(folder, 'log.csv');
    writeFileSync(path, 'id\n1\n');
    const before = await stateOf(path);
    expect(changeBetween(before, await stateOf(path))).toBeUndefined();
    appendFileSync(path, '2\n');
    expect(changeBetween(before, await stateOf(path))).toMatch(
      /was written to while it was read \(5 bytes before, 7 after\)/,
    );
    rmSync(path);
    expect(changeBetween(before, await stateOf(path))).toMatch(/went away while it was read/);
  });
});
