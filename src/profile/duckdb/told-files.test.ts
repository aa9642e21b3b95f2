import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { encodeAs } from '../../../test/support/encode-as.ts';
import type { RelationSpec, ToldText } from '../../connectors/connector.ts';
import { foldParts } from '../fold.ts';
import type { TableProfile } from '../profile.ts';
import { profileRead } from './profile-read.ts';

const folder = mkdtempSync(join(tmpdir(), 'assay-told-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const profile = async (
  content: string | Buffer,
  told: ToldText | undefined,
  more: Partial<RelationSpec> = {},
): Promise<TableProfile> => {
  const path = join(folder, 'file.csv');
  writeFileSync(path, content);
  const session = { memoryMb: 512, threads: 1, tempFolder: join(folder, 'temp'), signal: new AbortController().signal };
  const spec = { kind: 'csv', paths: [path], delimiter: ',', ...(told ? { told } : {}), ...more } as RelationSpec;
  return foldParts([await profileRead({ kind: 'relation', spec }, session, { key: 'all', whole: true })]);
};
const names = ({ columns }: TableProfile): string[] => columns.map(({ name }) => name);

describe('a text is read as somebody said', () => {
  test('with an encoding that nothing in it tells', async () => {
    const bytes = encodeAs('id,πόλη\n1,Ω\n2,Ψ\n', 'ISO-8859-7');
    const table = await profile(bytes, { encoding: 'ISO-8859-7' });
    expect(names(table)).toEqual(['id', 'πόλη']);
    expect(table.columns[1]).toMatchObject({ lexicalMin: { value: 'Ψ' } });
    expect(table.warnings).toEqual(['it was read as the job said: encoding ISO-8859-7']);
  });

  test('with a code page of MS-DOS', async () => {
    const bytes = Buffer.from('name;ort\nM\x81ller;K\x94ln\nNu\xa4ez;\x9crsted\n', 'latin1');
    const [cp850, cp437] = [await profile(bytes, { encoding: 'IBM850' }), await profile(bytes, { encoding: 'IBM437' })];
    expect([cp850, cp437].map(({ columns: [, ort] }) => ort?.lexicalMax)).toEqual([
      { value: '£rsted', basis: 'exact' },
      { value: '£rsted', basis: 'exact' },
    ]);
    expect(cp850.columns[0]).toMatchObject({ lexicalMin: { value: 'Müller' }, lexicalMax: { value: 'Nuñez' } });
  });

  test('with UTF-8, what is invalid counted', async () => {
    const table = await profile(Buffer.from('id,city\n1,K\xf6ln\n2,Bonn\n', 'latin1'), { encoding: 'UTF-8' });
    expect(table.columns[1]).toMatchObject({ lexicalMax: { value: 'K\ufffdln' } });
    expect(table.warnings).toEqual([
      '1 cell holds bytes that are invalid in UTF-8; they were read as U+FFFD',
      'it was read as the job said: encoding UTF-8',
    ]);
  });

  test('but a byte order mark goes before the encoding', async () => {
    const table = await profile('\ufeffid,city\n1,Köln\n', { encoding: 'windows-1252' });
    expect(names(table)).toEqual(['id', 'city']);
    expect(table.warnings).toEqual([
      'it was read as UTF-8, whose byte order mark it begins with, and not as windows-1252, as the job said',
    ]);
  });

  test('with a delimiter that loses by itself', async () => {
    const text = 'name:a,b\nx:1,2\ny:3,4\n';
    expect(names(await profile(text, undefined))).toEqual(['name:a', 'b']);
    const table = await profile(text, { delimiter: ':' });
    expect(names(table)).toEqual(['name', 'a,b']);
    expect(table.warnings).toEqual(['it was read as the job said: delimiter ":"']);
    const whole = await profile(text, { delimiter: '' });
    expect(names(whole)).toEqual(['name:a,b']);
    expect(whole.warnings).toEqual(['it was read as the job said: delimiter none']);
  });

  test('with a delimiter that is not there, and says so', async () => {
    const table = await profile('a,b\n1,2\n', { delimiter: ';' });
    expect(names(table)).toEqual(['a,b']);
    expect(table.warnings).toEqual([
      'it was read as the job said: delimiter ";"',
      'the delimiter that the job said does not stand in its beginning: each line was read as one value',
    ]);
  });

  test('with a quote, and with none', async () => {
    const bars = await profile('a,b\n|x,y|,1\n|z|,2\n', { quote: '|' });
    expect(bars.columns[0]).toMatchObject({ lexicalMin: { value: 'x,y' } });
    const none = await profile('a;b\n"x;1\n"y;2\n', { quote: '' });
    expect(none.columns[0]).toMatchObject({ lexicalMin: { value: '"x' }, rows: { value: 2 } });
    expect(none.rejectedRows).toBe(0);
  });

  test('with a header and without, though it seems otherwise', async () => {
    expect(names(await profile('Ann,Bonn\nBob,Köln\n', { header: false }))).toEqual(['column-0', 'column-1']);
    expect(names(await profile('1,2\n3,4\n', { header: true }))).toEqual(['1', '2']);
    expect((await profile('#a\tb\n1\t2\n', { header: false })).columns.map(({ name }) => name)).toEqual([
      'column-0',
      'column-1',
    ]);
  });

  test('without lines at its beginning, which it does not judge itself', async () => {
    const text = 'a,b,c\n1,2,3\nid,city\n7,Köln\n8,Bonn\n';
    const table = await profile(text, { skipLines: 2 });
    expect(names(table)).toEqual(['id', 'city']);
    expect(table).toMatchObject({ rows: { value: 2 }, rejectedRows: 0 });
    expect(table.warnings).toEqual(['it was read as the job said: without its first 2 lines']);
    const none = await profile(text, { skipLines: 9 });
    expect(none).toMatchObject({ rows: { value: 0 }, columns: [] });
    expect(none.warnings).toEqual(['the file has nothing behind its first 9 lines, which the job leaves out']);
  });

  test('the same rows by DuckDB and by ourselves', async () => {
    const rows = Array.from({ length: 2_000 }, (_, i) => `x${i};'${i},5'`).join('\n');
    for (const text of [`t\nid;n\n${rows.slice(0, 400)}\n`, `t\nid;n\n${rows}\n`.replaceAll('\n', '\r\n')]) {
      const table = await profile(text, { skipLines: 1, delimiter: ';', quote: "'", header: true });
      expect(names(table)).toEqual(['id', 'n']);
    }
  });

  test('JSON by its encoding alone', async () => {
    const bytes = Buffer.from('{"city":"K\xf6ln"}\n', 'latin1');
    const table = await profile(bytes, { encoding: 'windows-1252', delimiter: ';' }, { kind: 'json' });
    expect(table.columns[0]).toMatchObject({ name: 'city', lexicalMin: { value: 'Köln' } });
    expect(table.warnings).toEqual(['it was read as the job said: encoding windows-1252']);
  });
});

test('what databases write for nulls is no value, except in quotes', async () => {
  const table = await profile('id,v,note\n1,\\N,"\\N"\n2,3.5,y\n', undefined);
  expect(table.columns[1]).toMatchObject({ kind: 'float', nulls: { value: 1 } });
  expect(table.columns[2]).toMatchObject({ lexicalMin: { value: '\\N' }, nulls: { value: 0 } });
  expect(table.warnings).toEqual(['\\N was read as no value, which it is where databases write it']);
});

describe('markup that is called a table', () => {
  const page = '<!DOCTYPE html>\n<html><body><table><tr><td>1,2</td></tr></table></body></html>\n';
  test.each([
    ['HTML', page],
    ['HTML', `<!-- saved, from -->\n${page}`],
    ['HTML', '<table>\n<tr><td>1</td><td>2</td></tr>\n</table>\n'],
    ['XML', '<?xml version="1.0"?>\n<rows><row a="1,2"/></rows>\n'],
    ['XML', '<rows>\n<row a="1"/>\n<row a="2"/>\n</rows>\n'],
    ['HTML', '<p>Error 500</p>\n'],
    ['HTML', Buffer.from(`\ufeff${page}`, 'utf16le')],
  ])('is refused as %s, with what to do', async (kind, content) => {
    await expect(profile(content, undefined)).rejects.toMatchObject({
      code: 'SOURCE_BAD_DATA',
      message: expect.stringMatching(
        new RegExp(`^its content is ${kind}.*, expected delimited text, as its name says; export it as CSV`),
      ),
    });
  });

  test('in a file whose name promises nothing, is no table', async () => {
    await expect(profile(page, undefined, { promised: 'nothing' })).rejects.toMatchObject({
      code: 'NOT_A_TABLE',
      message: expect.stringMatching(/^it is HTML and no table/),
    });
  });

  test('is read all the same where a delimiter is said', async () => {
    expect((await profile(page, { delimiter: ',' })).columns).toHaveLength(2);
  });

  test.each([
    '<b>name</b>,city\n<i>Ann</i>,Köln\n<i>Bob</i>,<b>Bonn</b>\n',
    '<b>name</b>\n<b>Ann</b>\n<b>Bob</b>\n',
    'id,html\n1,"<html><body>a, b</body></html>"\n2,<p>x</p>\n',
    '<none>,<a@b.c>\n1,2\n3,</none>\n',
  ])('is not what a table with tags in its cells is: %j', async (content) => {
    expect((await profile(content, undefined)).columns.length).toBeGreaterThan(0);
  });
});
