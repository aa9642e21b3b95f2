import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CanonicalKind, canonicalText } from './canonical-text.ts';
import { choosingHash } from './choosing-hash.ts';
import { valueSetHash } from './value-set-codec.ts';

describe('canonical text', () => {
  it('is its own canonical text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const canonical = canonicalText(text);
        expect(canonicalText(canonical)).toBe(canonical);
      }),
      { numRuns: 2_000 },
    );
    for (const [kind, text] of GOLDEN) expect(canonicalText(canonicalText(text, kind))).toBe(canonicalText(text, kind));
  });

  it('is the same for texts that differ in case, composition or white space around them', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.constantFrom(' ', '\t', '\u0085', '\u3000', '\u2028'),
        (text, space) => {
          expect(canonicalText(`${space}${text}${space}`)).toBe(canonicalText(text));
          expect(canonicalText(text.normalize('NFD'))).toBe(canonicalText(text.normalize('NFC')));
        },
      ),
    );
  });

  it('is written the same way for ever', () => {
    expect(GOLDEN.map(([kind, text]) => canonicalText(text, kind))).toEqual(GOLDEN.map(([, , canonical]) => canonical));
    expect(valueSetHash('a')).toBe(Number(((choosingHash('a') >> 47n) << 17n) | (0x61267769e299c331n >> 47n)));
    expect(valueSetHash('')).toBe(Number(((choosingHash('') >> 47n) << 17n) | (0x7e42f8ec980980e9n >> 47n)));
  });
});

const GOLDEN: [CanonicalKind, string, string][] = [
  ['text', '  Straße ', 'straße'],
  ['text', 'İstanbul', 'i̇stanbul'],
  ['text', 'ΟΔΟΣ', 'οδος'],
  ['text', 'E\u0301cole', 'école'],
  ['text', '\ufeffA', '\ufeffa'],
  ['text', '\u0085\tx y\u00a0', 'x y'],
  ['decimal', '12.50', '12.5'],
  ['decimal', '100.00', '100'],
  ['decimal', '0.00', '0'],
  ['decimal', '100', '100'],
  ['float', '1.0', '1'],
  ['float', '-0.0', '0'],
  ['float', '1e-05', '1e-05'],
  ['float', '-inf', '-inf'],
  ['timestamp', '2020-01-31 10:00:00.5+00', '2020-01-31t10:00:00.5z'],
  ['timestamp', '0044-03-15 (BC) 10:00:00', '0044-03-15 (bc)t10:00:00'],
  ['blob', '00FF', '00ff'],
  ['plain', '-17', '-17'],
];
