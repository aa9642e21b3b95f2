import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { profileRead } from '../duckdb/profile-read.ts';
import { knownValue } from '../figure.ts';
import { foldParts } from '../fold.ts';
import { splitRecords } from './records.ts';
import { CsvRewriter } from './rewrite.ts';
import { sniffCsv } from './sniff.ts';

const folder = mkdtempSync(join(tmpdir(), 'assay-corpus-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Expected {
  delimiter?: string;
  header?: boolean;
  names: string[];
  rows: number;
  rejected?: number;
  /** A value that must be there: the smallest text of a column, by its place. */
  min?: [number, string];
}

const lines = (...all: string[]): string => `${all.join('\n')}\n`;

/** Files as they are met, each with what a careful reader makes of it. */
const CORPUS: [string, string, Expected][] = [
  ['commas', lines('id,name', '1,Ann', '2,Bob'), { delimiter: ',', header: true, names: ['id', 'name'], rows: 2 }],
  [
    'semicolons and decimal commas',
    lines('id;preis', '1;2,50', '2;3,50'),
    { delimiter: ';', names: ['id', 'preis'], rows: 2 },
  ],
  ['tabs', lines('id\tname', '1\tAnn, B.', '2\tBob'), { delimiter: '\t', names: ['id', 'name'], rows: 2 }],
  ['pipes', lines('id|name|x', '1|Ann|1', '2|Bob|2'), { delimiter: '|', names: ['id', 'name', 'x'], rows: 2 }],
  ['carets', lines('id^name^x', '1^Ann^1', '2^Bob^2'), { delimiter: '^', names: ['id', 'name', 'x'], rows: 2 }],
  ['tildes', lines('id~name~x', '1~Ann~1', '2~Bob~2'), { delimiter: '~', names: ['id', 'name', 'x'], rows: 2 }],
  [
    'two colons',
    lines('1::Toy Story (1995)::Animation', '2::Jumanji (1995)::Adventure'),
    { delimiter: '::', header: false, names: ['column-0', 'column-1', 'column-2'], rows: 2 },
  ],
  [
    'two pipes',
    lines('id||name||x', '1||Ann||1', '2||Bob||2'),
    { delimiter: '||', names: ['id', 'name', 'x'], rows: 2 },
  ],
  [
    'Hive',
    lines('1\x01Ann\x0110', '2\x01Bob\x0120'),
    { delimiter: '\x01', header: false, names: ['column-0', 'column-1', 'column-2'], rows: 2 },
  ],
  [
    'unit separators',
    lines('id\x1fname', '1\x1fAnn', '2\x1fBob'),
    { delimiter: '\x1f', names: ['id', 'name'], rows: 2 },
  ],
  ['CR LF', 'id,name\r\n1,Ann\r\n2,Bob\r\n', { names: ['id', 'name'], rows: 2, min: [1, 'Ann'] }],
  ['CR', 'id,name\r1,Ann\r2,Bob\r', { names: ['id', 'name'], rows: 2, min: [1, 'Ann'] }],
  ['mixed line ends', 'id,name\r\n1,Ann\n2,Bob\r\n3,Cyd\n', { names: ['id', 'name'], rows: 3, min: [1, 'Ann'] }],
  ['no line end at the end', 'id,name\n1,Ann\n2,Bob', { names: ['id', 'name'], rows: 2 }],
  ['a byte order mark', '\ufeffid,name\n1,Ann\n2,Bob\n', { names: ['id', 'name'], rows: 2 }],
  ['no header, numbers', lines('1,2', '3,4', '5,6'), { header: false, names: ['column-0', 'column-1'], rows: 3 }],
  [
    'no header, dates and words',
    lines('2026-01-01,x', '2026-01-02,y'),
    { header: false, names: ['column-0', 'column-1'], rows: 2 },
  ],
  [
    'no header, words that come again',
    lines('red,large', 'blue,small', 'red,small', 'red,large'),
    { header: false, names: ['column-0', 'column-1'], rows: 4 },
  ],
  [
    'no header, codes',
    lines('AB123,XK9', 'AC456,XK8', 'AD789,XK7'),
    { header: false, names: ['column-0', 'column-1'], rows: 3 },
  ],
  [
    'a header over words',
    lines('first_name,city', 'Ann,Berlin', 'Bob,Rome'),
    { header: true, names: ['first_name', 'city'], rows: 2 },
  ],
  [
    'a header of years',
    lines('country,2019,2020', 'DE,1,2', 'FR,3,4'),
    { header: true, names: ['country', '2019', '2020'], rows: 2 },
  ],
  ['only a header', lines('id,name,city'), { header: true, names: ['id', 'name', 'city'], rows: 0 }],
  [
    'quoted delimiters',
    lines('id,name', '1,"Smith, Ann"', '2,"Jones, Bob"'),
    { names: ['id', 'name'], rows: 2, min: [1, 'Jones, Bob'] },
  ],
  [
    'a quoted line break',
    lines('id,note', '1,"two', 'lines"', '2,one'),
    { names: ['id', 'note'], rows: 2, min: [1, 'one'] },
  ],
  [
    'doubled quotes',
    lines('id,note', '1,"say ""hi"""', '2,"x"'),
    { names: ['id', 'note'], rows: 2, min: [1, 'say "hi"'] },
  ],
  [
    'quotes behind a backslash',
    lines('id,note', '1,"say \\"hi\\", he"', '2,"x"'),
    { names: ['id', 'note'], rows: 2, min: [1, 'say "hi", he'] },
  ],
  [
    'single quotes',
    lines("id,'full name'", "1,'Smith, Ann'", "2,'Jones, Bob'"),
    { names: ['id', 'full name'], rows: 2, min: [1, 'Jones, Bob'] },
  ],
  ['inches', lines('id,size', '1,5" disk', '2,3" disk'), { names: ['id', 'size'], rows: 2, min: [1, '3" disk'] }],
  [
    'quotes that are not doubled',
    lines('id,note,x', '1,"He said "no" twice",a', '2,"y",b'),
    { names: ['id', 'note', 'x'], rows: 2, min: [1, 'He said "no" twice'] },
  ],
  [
    'text behind a closing quote',
    lines('id,note', '1,"x"y', '2,b', '3,c'),
    { names: ['id', 'note'], rows: 3, min: [1, 'b'] },
  ],
  [
    'a quote that is never closed',
    lines('id,note', '1,a', '2,"b', '3,c', '4,d'),
    { names: ['id', 'note'], rows: 3, rejected: 1, min: [1, 'a'] },
  ],
  [
    'a title and a blank line',
    lines('Sales 2026', '', 'id,name,x', '1,Ann,3', '2,Bob,4'),
    { names: ['id', 'name', 'x'], rows: 2 },
  ],
  [
    'titles padded with delimiters',
    lines('Sales,,', 'Printed 2026-01-01,,', ',,', 'id,name,x', '1,Ann,3', '2,Bob,4'),
    { names: ['id', 'name', 'x'], rows: 2 },
  ],
  [
    'a title as full as half of the table, and a balance behind it',
    lines(
      ...['Kontoauszug;;;', 'IBAN;DE89370400440532013000;;', ';;;', 'Tag;Betrag;Währung;Text'],
      ...['01.02.2024;1,50;EUR;a', '02.02.2024;2,50;EUR;b', '03.02.2024;3,50;EUR;c', ';;;', 'Saldo;7,50;EUR;'],
    ),
    { delimiter: ';', names: ['Tag', 'Betrag', 'Währung', 'Text'], rows: 3 },
  ],
  [
    'a header that names half of the columns',
    lines('id;name;;', '1;Ann;x;y', '2;Bob;z;w'),
    { delimiter: ';', names: ['id', 'name', 'column-2', 'column-3'], rows: 2 },
  ],
  [
    'words in a first row below a header that names half of the columns',
    lines('name;city;;', 'Ann;Bonn;x;y', 'Bob;Köln;z;w'),
    { delimiter: ';', names: ['name', 'city', 'column-2', 'column-3'], rows: 2 },
  ],
  [
    'files put one behind the other',
    lines('id,name', '1,Ann', '2,Bob', 'id,name', '3,Cyd'),
    { header: true, names: ['id', 'name'], rows: 4 },
  ],
  [
    'rows of words that come twice',
    lines('Ann,Bonn', 'Ann,Bonn', 'Bob,Trier'),
    { header: false, names: ['column-0', 'column-1'], rows: 3 },
  ],
  [
    'nulls of a database',
    lines('id\tv\tnote', '1\t\\N\tx', '2\t3.5\t\\N', '3\t4\tx'),
    { delimiter: '\t', names: ['id', 'v', 'note'], rows: 3, min: [2, 'x'] },
  ],
  ['a number sign for a name', lines('#,name,qty', '1,Ann,2', '2,Bob,3'), { names: ['#', 'name', 'qty'], rows: 2 }],
  ['sep= of Excel', lines('sep=;', 'id;name', '1;Ann', '2;Bob'), { delimiter: ';', names: ['id', 'name'], rows: 2 }],
  [
    'comments before',
    lines('# made by x', '# on 2026-01-01', 'id,name', '1,Ann', '2,Bob'),
    { names: ['id', 'name'], rows: 2 },
  ],
  ['comments within', lines('id,name', '1,Ann', '# half', '2,Bob', '3,Cyd'), { names: ['id', 'name'], rows: 3 }],
  [
    'names in a comment',
    lines('##format=1', '#chrom\tpos\tref', 'chr1\t100\tA', 'chr1\t200\tC'),
    { delimiter: '\t', names: ['chrom', 'pos', 'ref'], rows: 2 },
  ],
  [
    'colours',
    lines('color,name', '#ff0000,red', '#00ff00,green', '#0000ff,blue'),
    { names: ['color', 'name'], rows: 3, min: [0, '#0000ff'] },
  ],
  ['a total', lines('id,name,x', '1,Ann,3', '2,Bob,4', 'Total,,7'), { names: ['id', 'name', 'x'], rows: 2 }],
  ['a full total', lines('id,x', '1,3', '2,4', '3,5', 'Total,12'), { names: ['id', 'x'], rows: 3 }],
  [
    'notes behind the table',
    lines('id,name,x', '1,Ann,3', '2,Bob,4', '', 'Source: the office', '(2 rows)'),
    { names: ['id', 'name', 'x'], rows: 2 },
  ],
  [
    'a place called Total',
    lines('city,x,y', 'Rome,3,1', 'Oslo,4,2', 'Total,7,3', 'Bonn,1,2'),
    { names: ['city', 'x', 'y'], rows: 4 },
  ],
  ['short rows', lines('a,b,c', '1,2,3', '4,5', '6', '7,8,9', '1,2,3'), { names: ['a', 'b', 'c'], rows: 5 }],
  ['long rows', lines('a,b', '1,2', '3,4,5', '6,7', '8,9'), { names: ['a', 'b'], rows: 3, rejected: 1 }],
  ['delimiters at the end of all lines', lines('a,b,', '1,2,', '3,4,'), { names: ['a', 'b'], rows: 2 }],
  ['delimiters at the end of the rows', lines('a,b', '1,2,', '3,4,'), { names: ['a', 'b'], rows: 2 }],
  [
    'row names of R',
    lines('"mpg","cyl"', '"Mazda",21,6', '"Datsun",22.8,4'),
    { names: ['column-0', 'mpg', 'cyl'], rows: 2 },
  ],
  ['one column', lines('city', 'Rome', 'Oslo'), { names: ['city'], rows: 2 }],
  ['one column of numbers', lines('n', '1', '2', '3'), { header: true, names: ['n'], rows: 3 }],
  ['names twice and none', lines('a,a,,b', '1,2,3,4', '5,6,7,8'), { names: ['a', 'a_1', 'column-2', 'b'], rows: 2 }],
  [
    'names with quotes and line breaks',
    lines('"a ""x""","b', 'c"', '1,2', '3,4'),
    { names: ['a "x"', 'b\nc'], rows: 2 },
  ],
  ['blank lines', lines('id,name', '1,Ann', '', '2,Bob', '', ''), { names: ['id', 'name'], rows: 2 }],
  [
    'blanks around',
    lines('id | name  | x', '1 | Ann | 3', '2 | Bob | 4'),
    { delimiter: '|', names: ['id', 'name', 'x'], rows: 2, min: [1, 'Ann'] },
  ],
  [
    'addresses and times',
    lines('url;at', 'http://a.de/x,y;10:30:00', 'http://b.de/x,z;11:30:00'),
    { delimiter: ';', names: ['url', 'at'], rows: 2 },
  ],
  [
    'sentences',
    lines('id\ttext', '1\tWell, yes, no, maybe', '2\tNo', '3\tOh, well'),
    { delimiter: '\t', names: ['id', 'text'], rows: 3 },
  ],
  ['a NUL', lines('id,name', '1,a\0b', '2,c'), { names: ['id', 'name'], rows: 2 }],
];

const profileOf = async (text: string | Buffer) => {
  const path = join(folder, 'file.csv');
  writeFileSync(path, text);
  const session = { memoryMb: 256, threads: 1, tempFolder: join(folder, 'temp'), signal: new AbortController().signal };
  const read = { kind: 'relation' as const, spec: { kind: 'csv' as const, paths: [path], delimiter: ',' } };
  return foldParts([await profileRead(read, session, { key: 'all', whole: true })]);
};

describe('a real-world file', () => {
  test.each(CORPUS)('%s', async (_, text, { delimiter, header, names, rows, rejected = 0, min }) => {
    const dialect = sniffCsv(text.replace('\ufeff', ''), { complete: true, expected: ',' });
    if (delimiter !== undefined) expect(dialect.delimiter).toBe(delimiter);
    if (header !== undefined) expect(dialect.header).toBe(header);
    const table = await profileOf(text);
    expect(table.columns.map(({ name }) => name)).toEqual(names);
    expect([knownValue(table.rows), table.rejectedRows]).toEqual([rows, rejected]);
    if (min) expect(knownValue(table.columns[min[0]]?.lexicalMin)).toBe(min[1]);
  });

  test('with the wrong word for a header is read as told', () => {
    expect(sniffCsv('a,b\n1,2\n', { complete: true, told: { header: false } }).names).toEqual(['column-0', 'column-1']);
    expect(sniffCsv('1,2\n3,4\n', { complete: true, told: { header: true } }).names).toEqual(['1', '2']);
  });
});

describe('any text', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', '1', '"', ',', ';', '\n', '\r', ' ', 'é', '#'), maxLength: 6 });
  const table = fc
    .integer({ min: 2, max: 5 })
    .chain((width) =>
      fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 20 }),
    );

  test('that was written quoted is split as it was', () => {
    fc.assert(
      fc.property(table, fc.constantFrom(',', ';', '\t', '|', '::'), (rows, delimiter) => {
        const text = rows.map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(delimiter)).join('\n');
        const records = splitRecords(text, { delimiter, quote: '"', escape: '"' }, true);
        expect(records.map(({ fields }) => fields)).toEqual(rows);
      }),
    );
  });

  const messy = fc
    .array(fc.constantFrom('a', '1', '"', ',', '\n', '\r\n', '\r', '""', 'x y', '#', '\\', ''), { maxLength: 80 })
    .map((parts) => parts.join(''));

  test('is rewritten the same however it is cut, and every record is accounted for', () => {
    fc.assert(
      fc.property(messy, fc.integer({ min: 1, max: 7 }), (text, size) => {
        const dialect = sniffCsv(text, { complete: true });
        const whole = new CsvRewriter(dialect);
        const once = whole.push(text) + whole.end();
        const pieces = new CsvRewriter(dialect);
        let read = '';
        for (let at = 0; at < text.length; at += size) read += pieces.push(text.slice(at, at + size));
        expect(read + pieces.end()).toBe(once);
        expect(pieces.counts).toEqual(whole.counts);
        const { rows, tooLong, unclosed, blank, comments, footer } = whole.counts;
        const records = splitRecords(text.slice(dialect.start), dialect, true).length;
        const header = dialect.header && records > blank + comments + unclosed ? 1 : 0;
        expect(rows + tooLong + unclosed + blank + comments + footer + header).toBe(records);
        const strict = splitRecords(once, { delimiter: ',', quote: '"', escape: '"' }, true);
        expect(strict.length).toBe(rows);
        if (dialect.columns > 1) expect(strict.every(({ fields }) => fields.length === dialect.columns)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});
