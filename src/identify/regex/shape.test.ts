import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { builtInPatterns } from '../built-in/index.ts';
import { buildRegex } from './compile-regex.ts';
import { shapeOf, shapesOf } from './shape.ts';

describe('the shapes that an expression can match', () => {
  it('stand for characters', () => {
    expect(shapeOf('Ab-12 é𝔘_')).toBe('Aa-00 \u0080\u0080_');
  });

  it.each([
    ['[0-9]{3}-[a-f]+', '123-ffff', '1234-ff'],
    ['(?i)de[0-9]+', 'dE7', '7De'],
    ['(?=.*z)[a-z]+', 'xyz', 'XYZ'],
    ['(a|b)\\1', 'aa', '!a'],
    ['[0-9]++x', '12x', '12X'],
    ['^x.$', 'xé', 'xéé'],
  ])('%s: that of %s, not that of %s', (source, matching, other) => {
    const shapes = shapesOf(source);
    expect(shapes?.test(shapeOf(matching))).toBe(true);
    expect(shapes?.test(shapeOf(other))).toBe(false);
  });

  it('are unknown where it would take long to tell', () => {
    expect(shapesOf('([a-f]+|[g-z]+)+!')).toBeUndefined();
    expect(shapesOf('(')).toBeUndefined();
  });

  it('are those of every text that matches', () => {
    const sources = builtInPatterns().flatMap(({ regexMatch }) => regexMatch.regex);
    const written = ['a*+b', '(?>a|ab)c', '(a|é)\\1', '[^a]{2}', '\\p{L}+\\b', '(?!0)[0-9]{1,3}', '.{1,2}\\z', '(?i)k'];
    let [matched, told] = [0, 0];
    for (const source of [...new Set([...sources, ...written])]) {
      const shapes = shapesOf(source);
      const built = buildRegex(source, 'whole');
      if (!shapes || 'problems' in built || built.engine === 'stoppable') continue;
      told++;
      const like = fc.oneof(
        fc
          .stringMatching(new RegExp(shapes.source, 'u'), { size: 'small' })
          .map((shape) => shape.replaceAll('\u0080', 'é')),
        fc.string({ unit: fc.constantFrom(...'aabbcckKK019-_. é𝔘\n'), maxLength: 5 }),
      );
      for (const text of fc.sample(like, { numRuns: 20, seed: 1 })) {
        if (!built.test(text)) continue;
        matched++;
        expect(shapes.test(shapeOf(text)), `${source} of ${JSON.stringify(text)}`).toBe(true);
      }
    }
    expect(told).toBeGreaterThan(200);
    expect(matched).toBeGreaterThan(200);
  });
});
