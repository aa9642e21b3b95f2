import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isKnown } from '../figure.ts';
import { patternsOf } from './count-patterns.ts';
import { mergePatterns, type PatternsPart } from './patterns-part.ts';
import { type RegexFigure, suggestRegexes } from './suggest-regexes.ts';

const partOf = (values: readonly string[]): PatternsPart => {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const [texts, rows] = [[...counts.keys()], [...counts.values()]];
  const all = { all: true, heavyFrom: 0, light: 0, lightRows: 0, leftOut: 0, rows: values.length, spread: 0 };
  return patternsOf({ ...all, texts, counts: rows }, undefined);
};
const suggest = (values: readonly string[]): RegexFigure[] => {
  const figure = suggestRegexes(partOf(values), values.length);
  return isKnown(figure) ? figure.value : [];
};
const regexes = (values: readonly string[]): string[] => suggest(values).map(({ regex }) => regex);

describe('suggested regular expressions', () => {
  it('name classes, lengths and, where strict, the few characters of a place', () => {
    const codes = Array.from(
      { length: 40 },
      (_, i) => `K${'ALTW'[i % 4]}${String((i + 3) * 24_691).slice(0, 5 + (i % 2))}`,
    );
    expect(regexes(codes)).toEqual(['^[A-Za-z]{2}\\d+$', '^[A-Z]{2}\\d{5,6}$', '^K[ALTW]\\d{5,6}$']);
    expect(regexes(['ORD-2024-17', 'ORD-2025-4711', 'ORD-2023-1'])).toEqual([
      '^[A-Za-z]{3}-\\d{4}-\\d+$',
      '^[A-Z]{3}-\\d{4}-\\d{1,4}$',
      '^ORD-202[345]-[14][147]{0,3}$',
    ]);
    expect(regexes(['a.b', 'c.d'])[1]).toBe('^[a-z]\\.[a-z]$');
    expect(regexes(['Ä-1', 'Ö-2'])[1]).toBe('^[\\p{Lu}\\p{Lt}]-\\d$');
    expect(regexes(['東京-1', '大阪-2', '京都-3'])).toEqual([
      '^[\\p{Lo}\\p{Lm}\\p{M}]{2}-\\d$',
      '^[\\p{Lo}\\p{Lm}\\p{M}]{2}-\\d$',
      '^[京大東][京都阪]-[123]$',
    ]);
    expect(regexes(['ada@example.org', 'anna@mail.example', 'c.d@example.com'])[0]).toBe(
      '^(?:[A-Za-z]+@[A-Za-z]+\\.[A-Za-z]+|[A-Za-z]\\.[A-Za-z]@[A-Za-z]{7}\\.[A-Za-z]{3})$',
    );
  });

  it('are not made for free text, with the reason', () => {
    const prose = Array.from({ length: 50 }, (_, i) => `note${' word'.repeat(i)}, ${'x-'.repeat(i % 7)}end`);
    expect(suggestRegexes(partOf(prose), 50)).toEqual({
      unknown: expect.stringMatching(/^free text: .* \d+ % of the values$/),
    });
  });

  const piece = fc.oneof(
    fc.constantFrom(
      'AB',
      'K',
      'ord',
      '12',
      '7',
      '-',
      '.',
      '/',
      '\\',
      '[',
      ']',
      '^',
      '$',
      '&&',
      '{',
      '}',
      '|',
      '(',
      '*',
      '+',
      '?',
      ' ',
      '\t',
      'é',
      'Ж',
      '日',
      '١',
      '_',
      '#',
    ),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  );
  const values = fc.array(
    fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join('')),
    { minLength: 1, maxLength: 12 },
  );

  it('match just as many values as they say, whatever characters are in them', () => {
    fc.assert(
      fc.property(values, (texts) => {
        for (const { regex, coverage, low } of suggest(texts)) {
          if (low !== undefined) continue;
          const expression = new RegExp(regex, 'u');
          const matching = texts.filter((text) => expression.test(text.normalize('NFC'))).length;
          expect(coverage, regex).toBeCloseTo(matching / texts.length, 10);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('are the same for the parts of a column as for the whole', () => {
    fc.assert(
      fc.property(values, values, values, (a, b, c) => {
        const [x, y, z] = [partOf(a), partOf(b), partOf(c)];
        const whole = partOf([...a, ...b, ...c]);
        expect(mergePatterns(mergePatterns(x, y), z)).toEqual(whole);
        expect(mergePatterns(z, mergePatterns(y, x))).toEqual(whole);
      }),
    );
  });
});
