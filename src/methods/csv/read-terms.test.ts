import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalText } from '../../sketch/canonical-text.ts';
import { readTerms, type TermsReport } from './read-terms.ts';
import { TermLines } from './term-lines.ts';

/** Reads bytes in pieces of so many. */
async function read(
  given: string | Uint8Array,
  pieceBytes = 1 << 16,
): Promise<{ terms: string[]; report: TermsReport }> {
  const bytes = typeof given === 'string' ? Buffer.from(given) : given;
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
  }
  const { terms, report } = readTerms(pieces());
  const all: string[] = [];
  for await (const some of terms) all.push(...some);
  return { terms: all, report };
}

const quoted = (term: string): string => `"${term.replaceAll('"', '""')}"`;

describe('terms of a CSV', () => {
  it('are those that were written, whatever they hold and wherever the pieces end', async () => {
    const term = fc
      .oneof(
        fc.string({ maxLength: 12 }),
        fc.string({ unit: 'grapheme', maxLength: 12 }),
        fc.constantFrom('a,b', 'x"y', 'l\nm', 'l\r\nm', 'Term'),
      )
      .filter((text) => canonicalText(text) !== '' && !/[\0\ufffd]/.test(text));
    const lineEnd = fc.constantFrom('\n', '\r\n', '\r');
    await fc.assert(
      fc.asyncProperty(
        fc.array(term),
        lineEnd,
        fc.boolean(),
        fc.integer({ min: 1, max: 9 }),
        async (terms, end, last, size) => {
          const text = ['Term', ...terms.map(quoted)].join(end) + (last ? end : '');
          const { terms: found, report } = await read(text, size);
          expect(found).toEqual(terms);
          expect(report).toMatchObject({ terms: terms.length, problems: [], warnings: [] });
        },
      ),
      { numRuns: 300 },
    );
  });

  it('may stand under a header or not, in quotes or not, with blank lines and a byte order mark', async () => {
    for (const text of [
      'Term\na\nb\n',
      'a\nb',
      '\ufeffTERM\r\na\r\n\r\n"b"\r\n',
      '"Term"\n\n  \na\nb,\n',
      'terms\ra\rb',
    ])
      expect((await read(text)).terms, text).toEqual(['a', 'b']);
    expect((await read('\n\n')).report).toMatchObject({ terms: 0, problems: [] });
  });

  it('with commas and without quotes are taken where it is plain what is meant, and named by line', async () => {
    const { terms, report } = await read(
      'Term\nKorea, Republic of\na,b\n"Smith, John"\nlast,,\n5" disk\n"ab"c\n"x",y\n',
    );
    expect(terms).toEqual(['Korea, Republic of', 'Smith, John', 'last', '5" disk']);
    expect(report.problems).toEqual([]);
    expect(report.warnings).toEqual([
      'line 3: has 2 fields, expected one; put a term that has a comma into double quotes; the line was left out',
      'line 7: has text behind the closing quote; double the quotes within a term; the line was left out',
      'line 8: has 2 fields, expected one; put a term that has a comma into double quotes; the line was left out',
      'line 2: has a comma and no quotes; it was taken for one term',
    ]);
  });

  it('go on behind a quote that is never closed, and behind what is too long', async () => {
    const many = 'x'.repeat(20_000);
    for (const size of [7, 1 << 16]) {
      const { terms, report } = await read(`Term\na\n"open\nb\n${many}\nc\n`, size);
      expect(terms).toEqual(['a', 'b', 'c']);
      expect(report.warnings).toEqual([
        'line 3: a quote opens that is never closed; the line was left out',
        'line 5: has a term of 20000 characters, at most 4096 are allowed; the line was left out',
      ]);
    }
  });

  it('are read in little memory where a line never ends', async () => {
    const { terms, report } = await read(`a\n${'x'.repeat(3 << 20)}\nb\n`);
    expect(terms).toEqual(['a', 'b']);
    expect(report.warnings[0]).toMatch('line 2: has more than 1048576 characters');
  });

  it('are read in time in proportion to the text, whatever ends their lines', () => {
    // By looking for a line feed from each line on, a megabyte of these would take half a minute.
    const lines = new TermLines();
    expect(lines.push('\r'.repeat(1 << 20), true)).toEqual([]);
    expect([lines.lines, lines.blank]).toEqual([1 << 20, 1 << 20]);
  }, 5_000);

  it('count lines as editors do, those within terms included', async () => {
    const { terms, report } = await read('Term\n"two\nlines"\na,b\nc\n');
    expect(terms).toEqual(['two\nlines', 'c']);
    expect(report.warnings[0]).toMatch(/^line 4: has 2 fields/);
  });

  it('are decoded from other encodings, and invalid bytes are named by line', async () => {
    const wide = Buffer.from('\ufeffTerm\r\nÅland\r\nMünchen', 'utf16le');
    expect((await read(wide, 5)).terms).toEqual(['Åland', 'München']);
    const broken = Buffer.concat([
      Buffer.from(`Term\n${'Zürich\nKöln\nŁódź\n'.repeat(10)}`),
      Buffer.from([0x61, 0xff, 0x62, 0x0a]),
      Buffer.from('Genève\nnul\0\nend\n'),
    ]);
    const { terms, report } = await read(broken, 11);
    expect(terms.slice(-2)).toEqual(['Genève', 'end']);
    expect(report.warnings).toEqual([
      'line 32: has bytes that are not UTF-8; the line was left out',
      'line 34: contains U+0000, which cannot be stored; the line was left out',
    ]);
    const latin = Buffer.from('Term\nMünchen\nKöln\nDüsseldorf\nNürnberg\nSaarbrücken\nLübeck\n', 'latin1');
    const old = await read(latin);
    expect(old.terms).toContain('Düsseldorf');
    expect(old.report.warnings[0]).toMatch(/^the (text was read|encoding is not sure)/);
  });

  it('are refused where it is no list: several columns, no text, a zip', async () => {
    expect((await read('Term,Description\na,b\nc,d\n')).report.problems[0]).toBe(
      'more lines were left out (3) than taken (0); expected a CSV of one column',
    );
    expect((await read('Term;Description\na;b\n')).report.problems).toEqual([
      'line 1: "Term;Description" names several columns, expected one; save that column alone as CSV',
    ]);
    expect((await read('code;name\n1;x\n2;y\n')).report.problems).toEqual([
      '3 of 3 lines hold 1 semicolon without quotes, which looks like 2 columns, expected one; save that column alone as CSV, or put the terms into double quotes',
    ]);
    expect((await read('Term\na\tb\tc\nd\te\tf\ng\n')).report.problems[0]).toMatch('2 of 3 lines hold 2 tabs');
    for (const list of ['a;b\nc\n', '"a;b"\n"c;d"\n', 'a;b\nc;d;e\n'])
      expect((await read(list)).report).toMatchObject({ terms: 2, problems: [] });
    expect((await read(Buffer.from('504b0304140000000800000000000000', 'hex'))).report.problems[0]).toMatch(
      'zip and no text',
    );
    expect((await read(Buffer.alloc(100))).report.problems).toHaveLength(1);
  });
});
