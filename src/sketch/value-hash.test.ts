import fc from 'fast-check';
import { expect, it } from 'vitest';
import { choosingHash, topOfChoosingHash } from './choosing-hash.ts';
import { hashHalves, topOfHash, valueHash } from './value-hash.ts';

it('is the same computed here, for short ASCII texts, as by the library', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary-ascii', maxLength: 70 }),
    fc.string({ unit: 'grapheme', maxLength: 70 }),
    fc.nat(70).map((length) => 'The quick brown fox, '.repeat(4).slice(0, length)),
  );
  fc.assert(
    fc.property(fc.array(text, { maxLength: 20 }), (texts) => {
      const { high, low } = hashHalves(texts);
      for (const [i, one] of texts.entries()) {
        expect((BigInt(high[i] ?? 0) << 32n) | BigInt(low[i] ?? 0)).toBe(valueHash(one));
        expect(topOfHash(one, 17)).toBe(Number(valueHash(one) >> 47n));
        expect(topOfChoosingHash(one, 17)).toBe(Number(choosingHash(one) >> 47n));
      }
    }),
    { numRuns: 1_000 },
  );
});
