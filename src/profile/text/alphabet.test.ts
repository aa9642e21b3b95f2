import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classOf, LONGEST_PATTERN, patternOf } from './alphabet.ts';

describe('patterns', () => {
  it('are those of the alphabet, also beyond Latin', () => {
    for (const [text, pattern] of [
      ['AWC-CG-001001', 'AAAsAAsdddddd'],
      ['123-45-6789', 'dddsddsdddd'],
      ['', ''],
      ['a\tb\u00a0c\u2003d\u2028', 'awawawaw'],
      ['Москва', 'Aaaaaa'],
      ['東京タワー', 'LLLLL'],
      ['서울', 'LL'],
      ['e\u0301tude', 'aaaaa'],
      ['q\u0301', 'aL'],
      ['١٢٣', 'ddd'],
      ['हिन्दी', 'LLLLLL'],
      ['Ǆ ǅ', 'AwA'],
      ['½ Ⅻ ²', 'swsws'],
      ['😀a', 'sa'],
      ['a\u200bb\u0007\ufeff', 'acacc'],
      ['\u{1d400}\u{10ffff}\ue000', 'Acs'],
      ['_$€', 'sss'],
    ] as const)
      expect(patternOf(text), JSON.stringify(text)).toBe(pattern);
  });

  it('have one character for each code point of the NFC, and say when a value goes on', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const points = [...text.normalize('NFC')];
        const pattern = patternOf(text);
        expect(pattern.length).toBe(Math.min(points.length, LONGEST_PATTERN + 1));
        expect(pattern.endsWith('…')).toBe(points.length > LONGEST_PATTERN);
        expect(pattern).toMatch(/^[AaLdwcs]*…?$/);
        expect(patternOf(text.normalize('NFD'))).toBe(pattern);
      }),
    );
  });

  it('put every code point in just one class', () => {
    const counts = new Map<string, number>();
    for (let point = 0; point <= 0x10ffff; point += 1) {
      if (point >= 0xd800 && point <= 0xdfff) continue;
      counts.set(classOf(point), (counts.get(classOf(point)) ?? 0) + 1);
    }
    expect(counts.get('w')).toBe(25);
    expect([...counts.keys()].sort().join('')).toBe('ALacdsw');
  });
});
