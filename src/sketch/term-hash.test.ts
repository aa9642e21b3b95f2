import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalText } from './canonical-text.ts';
import { termHash } from './term-hash.ts';
import { valueHash } from './value-hash.ts';
import { valueSetHash } from './value-set-codec.ts';

const slow = (term: string): number => valueSetHash(canonicalText(term));

describe('the hash of a term', () => {
  it('is that of its canonical text in a value set', () => {
    const texts = fc.oneof(
      fc.string({ maxLength: 70 }),
      fc.string({ unit: 'binary-ascii', maxLength: 70 }),
      fc.string({ unit: 'grapheme', maxLength: 70 }),
    );
    fc.assert(
      fc.property(texts, (term) => {
        expect(termHash(term)).toBe(slow(term));
        expect(termHash(term, Number(valueHash(term) >> 32n))).toBe(slow(term));
      }),
      { numRuns: 5_000 },
    );
  });

  it('is so at every length, and whatever stands at the ends', () => {
    for (let length = 0; length < 130; length++) {
      const term = 'The Quick brown fox, '.repeat(8).slice(0, length);
      for (const one of [
        term,
        ` ${term}\t`,
        `${term}\u0085`,
        `\u00a0${term}`,
        `${term}\u00df`,
        `\v\f${term}`,
        `\u001f${term}`,
      ])
        expect(termHash(one), JSON.stringify(one)).toBe(slow(one));
    }
  });
});
