import fc from 'fast-check';
import { expect, it } from 'vitest';
import { patternOf } from './alphabet.ts';
import { union } from './char-set.ts';
import { patternsOf } from './count-patterns.ts';
import { mostFrequent } from './most-frequent.ts';
import { MOST_PATTERNS, MOST_SHAPES } from './patterns-part.ts';

const text = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'B', '7', '-', ' ', 'ä', '日', '٣', '\0', "'", '😀'), maxLength: 6 }),
  fc.stringMatching(/^[a-f0-9]{8,32}$/),
  fc.stringMatching(/^[A-Z]{2}-\d{1,3} (?:id|nr)$/),
  fc.string({ unit: 'grapheme', maxLength: 140 }),
  fc.constantFrom('x'.repeat(127), 'x'.repeat(128), 'x'.repeat(129), `${'x'.repeat(128)}-`, 'e\u0301', 'é'),
);

it('counts patterns as each value has one, with the smallest and the largest character of each place', () => {
  fc.assert(
    fc.property(fc.dictionary(text, fc.integer({ min: 1, max: 3 }), { maxKeys: 400 }), (given) => {
      const [texts, counts] = [Object.keys(given), Object.values(given)];
      const rows = counts.reduce((sum, count) => sum + count, 0);
      const all = { all: true, heavyFrom: 0, light: 0, lightRows: 0, leftOut: 0, rows, spread: 0 };
      const found = patternsOf({ ...all, texts, counts }, undefined);
      const expected = new Map<string, { count: number; values: string[] }>();
      for (const [i, value] of texts.entries()) {
        if (/^\p{White_Space}*$/u.test(value)) continue;
        const entry = expected.get(patternOf(value)) ?? { count: 0, values: [] };
        entry.count += counts[i] ?? 0;
        entry.values.push(value);
        expected.set(patternOf(value), entry);
      }
      const inOrder = [...expected].sort(([p, a], [q, b]) => b.count - a.count || (p < q ? -1 : 1));
      expect(found.filled).toBe(inOrder.reduce((sum, [, { count }]) => sum + count, 0));
      expect(found.floor).toBe(inOrder[MOST_PATTERNS]?.[1].count ?? 0);
      expect(found.patterns.map(({ pattern, count }) => [pattern, count])).toEqual(
        inOrder.slice(0, MOST_PATTERNS).map(([pattern, { count }]) => [pattern, count]),
      );
      for (const { pattern, sample, smallest, largest } of found.patterns) {
        const stored = (expected.get(pattern)?.values ?? []).map((value) => value.replaceAll('\0', '\ufffd'));
        expect(stored.map((value) => [...value].slice(0, 128).join('')).sort()[0]).toBe(sample.replace(/…$/, ''));
        const points = stored.map((value) => [...value.normalize('NFC')].slice(0, 128));
        const ends = (sign: number): string =>
          (points[0] ?? [])
            .map((_, i) => points.map((of) => of[i] ?? '').sort((a, b) => sign * (code(a) - code(b)))[0])
            .join('');
        expect([smallest, largest]).toEqual([ends(1), ends(-1)]);
      }
      const shaped = found.shapes.reduce((sum, { count }) => sum + count, found.shapeless.count);
      if (found.shapes.length < MOST_SHAPES) expect(shaped).toBe(found.filled);
      for (const { key, runs } of found.shapes) {
        expect(runs.map(({ of }) => (typeof of === 'string' ? of : `'${of.symbol}`)).join('')).toBe(key);
        // All characters of its first places are characters of the run.
        for (const { chars, head = [] } of runs) if (chars !== undefined) expect(head.reduce(union, chars)).toBe(chars);
      }
    }),
    { numRuns: 300 },
  );
});

const code = (character: string): number => character.codePointAt(0) ?? 0;

it('chooses the most frequent as putting all in order does', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.string({ maxLength: 3 }), { maxLength: 60 }),
      fc.integer({ min: 1, max: 40 }),
      fc.infiniteStream(fc.nat(4)),
      (keys, most, stream) => {
        const counts = Float64Array.from(keys, () => stream.next().value as number);
        const inOrder = keys
          .map((_, i) => i)
          .sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0) || ((keys[a] ?? '') < (keys[b] ?? '') ? -1 : 1));
        expect(mostFrequent(keys, counts, most)).toEqual({
          kept: inOrder.slice(0, most),
          floor: counts[inOrder[most] ?? -1] ?? 0,
        });
      },
    ),
  );
});
