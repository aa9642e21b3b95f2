import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Assertion, diffAssertions, mergeAttributes, splitPatch, toAttributes } from './attributes.ts';

const tag = (id: number, value: string, origin = 'job'): Assertion => ({
  id,
  kind: 'tag',
  value,
  body: { name: value },
  origin,
});

describe('mergeAttributes', () => {
  const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.array(fc.integer(), { maxLength: 3 }));
  const key = fc.constantFrom('a', 'b', 'c');
  const { tree } = fc.letrec<{ tree: Record<string, unknown>; node: unknown }>((tie) => ({
    tree: fc.dictionary(key, tie('node'), { maxKeys: 3 }) as fc.Arbitrary<Record<string, unknown>>,
    node: fc.oneof({ maxDepth: 3 }, leaf, tie('tree')),
  }));

  test('the same patch twice changes nothing more', () => {
    fc.assert(
      fc.property(tree, tree, (before, patch) => {
        const once = mergeAttributes(before, patch);
        expect(mergeAttributes(once, patch)).toEqual(once);
      }),
    );
  });

  test('leaves its arguments alone', () => {
    fc.assert(
      fc.property(tree, tree, (before, patch) => {
        const copies = structuredClone([before, patch]);
        mergeAttributes(before, patch);
        expect([before, patch]).toEqual(copies);
      }),
    );
  });

  test('null takes away at any depth', () => {
    expect(mergeAttributes({ a: { b: 1, c: 2 }, d: 3 }, { a: { b: null }, d: null })).toEqual({ a: { c: 2 } });
  });
});

describe('diffAssertions', () => {
  test('sending back what was read changes nothing', () => {
    const active = [tag(1, 'PII'), tag(2, 'Mine', 'human')];
    const shown = toAttributes({}, active);
    expect(diffAssertions(active, splitPatch(shown).asserted.tag ?? [])).toEqual({ remove: [], add: [] });
  });

  test('applying a diff gives the wanted set', () => {
    const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'));
    fc.assert(
      fc.property(names, names, (before, after) => {
        const active = before.map((name, index) => tag(index, name));
        const wanted = splitPatch({ tags: after.map((name) => ({ name })) }).asserted.tag ?? [];
        const { remove, add } = diffAssertions(active, wanted);
        const left = active.filter((old) => !remove.includes(old)).map((old) => old.value);
        expect([...left, ...add.map((next) => next.value)].sort()).toEqual([...after].sort());
      }),
    );
  });
});

test('of two sensitivities the higher one is shown', () => {
  const said = ['LOW', 'HIGH', 'MEDIUM'].map(
    (value, id): Assertion => ({ id, kind: 'sensitivity', value, body: {}, origin: 'job' }),
  );
  expect(toAttributes({}, said)).toEqual({ features: { sensitivity: 'HIGH' } });
});
