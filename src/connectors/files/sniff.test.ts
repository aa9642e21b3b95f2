import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sniffText, splitRecords } from './sniff.ts';

describe('delimiter and header of delimited text', () => {
  test.each([
    ['id,name\n1,Ann\n2,Bob\n', { delimiter: ',', header: true }],
    ['id;price\n1;2,5\n2;3,5\n', { delimiter: ';', header: true }],
    ['a\tb\n1\t2\n', { delimiter: '\t', header: true }],
    ['a|b|c\r\n1|2|3\r\n', { delimiter: '|', header: true }],
    ['1,2\n3,4\n', { delimiter: ',', header: false }],
    ['2026-01-01,x\n2026-01-02,y\n', { delimiter: ',', header: false }],
    ['Ann,Berlin\nBob,Rome\n', { delimiter: ',' }],
    ['\ufeffid,name\n1,x\n', { delimiter: ',', header: true }],
    ['"a,b","c"\n"1,2","3"\n', { delimiter: ',', header: true }],
    ['just one column\nand more\n', {}],
    ['', {}],
  ])('%j', (text, expected) => {
    expect(sniffText(text, true)).toEqual(expected);
  });

  test('where two would do, the extension decides', () => {
    const text = 'a,b|c,d\n1,2|3,4\n';
    expect(sniffText(text, true, '|').delimiter).toBe('|');
    expect(sniffText(text, true, ',').delimiter).toBe(',');
  });

  test('a line cut by the end of the sample does not count', () => {
    expect(splitRecords('a,b\n1,2\n3', ',', false)).toEqual([
      ['a', 'b'],
      ['1', '2'],
    ]);
  });

  const cell = fc.string({ unit: fc.constantFrom('a', 'b', '1', '"', ',', ';', '\n', ' ', 'é') });
  const table = fc
    .integer({ min: 2, max: 5 })
    .chain((width) =>
      fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 20 }),
    );

  test('whatever was written quoted is split as it was', () => {
    fc.assert(
      fc.property(table, fc.constantFrom(',', ';', '\t', '|'), (rows, delimiter) => {
        const text = rows.map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(delimiter)).join('\n');
        expect(splitRecords(text, delimiter, true)).toEqual(rows);
      }),
    );
  });

  test('any text is answered', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (text, complete) => {
        expect(typeof sniffText(text, complete)).toBe('object');
      }),
    );
  });
});
