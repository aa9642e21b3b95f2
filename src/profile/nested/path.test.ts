import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ELEMENT, ENTRY, field, formatPath, type Step } from './path.ts';

test.each<[string, Step[], string]>([
  ['address', [field('city')], 'address.city'],
  ['orders', [ELEMENT, field('sku')], 'orders[].sku'],
  ['attrs', [ENTRY, field('key')], 'attrs{}.key'],
  ['matrix', [ELEMENT, ELEMENT], 'matrix[][]'],
  ['address', [field('zip.code'), field('straße')], "address['zip.code'].straße"],
  ['a b', [field("it's"), field('\\'), field('')], "['a b']['it\\'s']['\\\\']['']"],
])('%s and its steps are written as usual: %#', (column, steps, text) => {
  expect(formatPath(column, steps)).toBe(text);
});

test('different steps have different texts, whatever the names', () => {
  const name = fc.oneof(fc.string(), fc.constantFrom('a', 'a.b', "a'", "']['", '[]', '{}', '.', '\\', "\\'"));
  const step: fc.Arbitrary<Step> = fc.oneof(name.map(field), fc.constant(ELEMENT), fc.constant(ENTRY));
  const place = fc.tuple(name, fc.array(step, { maxLength: 4 }));
  fc.assert(
    fc.property(place, place, (a, b) => {
      expect(formatPath(...a) === formatPath(...b)).toBe(JSON.stringify(a) === JSON.stringify(b));
    }),
    { numRuns: 2_000 },
  );
});
