import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type GivenText, readText } from './text-options.ts';

const read = (given: GivenText) => {
  const problems: string[] = [];
  const text = readText(given, (field, says) => void problems.push(`${field}: ${says}`));
  return { text, problems };
};

it('takes encodings by the names in use', () => {
  for (const [given, encoding] of [
    ['utf8', 'UTF-8'],
    ['UTF_8', 'UTF-8'],
    ['latin1', 'windows-1252'],
    ['CP1252', 'windows-1252'],
    ['win1251', 'windows-1251'],
    ['ISO 8859-15', 'ISO-8859-15'],
    ['sjis', 'Shift_JIS'],
    ['cp932', 'Shift_JIS'],
    ['GBK', 'GB18030'],
    ['utf-16', 'UTF-16LE'],
    ['cp866', 'IBM866'],
    ['iso-8859-7', 'ISO-8859-7'],
  ])
    expect(read({ encoding: given as string }), given).toEqual({ text: { encoding }, problems: [] });
});

it('takes delimiters and quotes as they are, as words and as escapes', () => {
  const delimiters = {
    ';': ';',
    tab: '\t',
    '\\t': '\t',
    '\t': '\t',
    ' ': ' ',
    Space: ' ',
    '||': '||',
    none: '',
    '\\x01': '\x01',
  };
  for (const [given, delimiter] of Object.entries(delimiters))
    expect(read({ delimiter: given }), given).toEqual({ text: { delimiter }, problems: [] });
  for (const [given, quote] of Object.entries({ "'": "'", single: "'", '"': '"', none: '', '|': '|' }))
    expect(read({ quote: given }), given).toEqual({ text: { quote }, problems: [] });
});

it('takes nothing for nothing, and false for something', () => {
  expect(read({ encoding: '', delimiter: '', quote: '', skipLines: 0 })).toEqual({ text: undefined, problems: [] });
  expect(read({ header: false, skipLines: 2 }).text).toEqual({ header: false, skipLines: 2 });
});

it('refuses what is unknown, with what is valid', () => {
  expect(read({ encoding: 'klingon', delimiter: 'komma', quote: 'x' }).problems).toEqual([
    expect.stringMatching(/^encoding: received "klingon", expected one of "UTF-8", .*"IBM850"$/),
    'delimiter: received "komma", expected 1 to 4 characters that are neither letters, digits, quotes nor line ends, or one of "comma", "semicolon", "tab", "pipe", "space", "none"',
    'quote: received "x", expected one character that is neither a letter, a digit nor white space, or one of "double", "single", "none"',
  ]);
  for (const delimiter of ['\n', '"', 'a', '-----', 'constructor', ';\0'])
    expect(read({ delimiter }).problems, delimiter).toHaveLength(1);
  expect(read({ delimiter: '||', quote: '|' }).problems).toHaveLength(1);
});

it('never throws', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), (encoding, delimiter, quote) => {
      read({ encoding, delimiter, quote });
    }),
  );
});
