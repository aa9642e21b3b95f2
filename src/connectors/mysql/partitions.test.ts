import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutRange, partitionCondition } from './partitions.ts';

/** Signed and unsigned 64-bit keys, also at their ends. */
const key = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }),
  fc.constantFrom(-(2n ** 63n), 2n ** 63n - 1n, 2n ** 64n - 1n, 0n, 1n),
  fc.bigInt({ min: -20n, max: 20n }),
);
const range = fc.tuple(key, key).map(([a, b]): [bigint, bigint] => (a < b ? [a, b] : [b, a]));

test('every value of the key is in exactly one part, those made since included', () => {
  fc.assert(
    fc.property(range, fc.integer({ min: 1, max: 200 }), key, ([low, high], wanted, value) => {
      const parts = cutRange('id', low, high, wanted * 100, 100);
      const holds = parts.filter(({ spec }) => {
        const from = spec.from === undefined || value >= BigInt(spec.from as string);
        return from && (spec.to === undefined || value < BigInt(spec.to as string));
      });
      expect(holds.length).toBe(1);
    }),
  );
});

test('as many parts as the rows ask for, each with a value of its own, in the order of their keys', () => {
  fc.assert(
    fc.property(range, fc.nat(1_000_000), fc.integer({ min: 1_000, max: 50_000 }), ([low, high], rows, targetRows) => {
      const parts = cutRange('id', low, high, rows, targetRows);
      const wanted = Math.max(1, Math.ceil(rows / targetRows));
      const span = high - low + 1n;
      expect(parts.length).toBe(span < BigInt(wanted) ? Number(span) : wanted);
      expect(parts.map((part) => part.key)).toEqual(parts.map((part) => part.key).toSorted());
      const edges = parts.slice(1).map(({ spec }) => BigInt(spec.from as string));
      for (const [index, edge] of edges.entries()) {
        expect(edge > (edges[index - 1] ?? low)).toBe(true);
        expect(edge <= high).toBe(true);
        expect(parts[index]?.spec.to).toBe(parts[index + 1]?.spec.from);
      }
      // Even, but for the one value that no cut can share.
      const sizes = [low, ...edges].map((edge, index) => (edges[index] ?? high + 1n) - edge);
      expect(
        sizes.every((size) => size === span / BigInt(parts.length) || size - 1n === span / BigInt(parts.length)),
      ).toBe(true);
    }),
  );
});

test('the same table gives the same cuts', () => {
  fc.assert(
    fc.property(range, fc.nat(1_000_000), ([low, high], rows) => {
      expect(cutRange('id', low, high, rows, 999)).toEqual(cutRange('id', low, high, rows, 999));
    }),
  );
});

test('without a key, and for a table that is empty or small, there is one part that holds all', () => {
  expect(cutRange('', 0n, 0n, 10_000_000, 100)).toEqual([{ key: '000000', spec: {}, rows: 10_000_000 }]);
  expect(cutRange('id', 1n, 9n, 0, 100)).toEqual([{ key: '000000', spec: { key: 'id' }, rows: 0 }]);
  expect(cutRange('id', 5n, 5n, 1_000, 1)).toEqual([{ key: '000000', spec: { key: 'id' }, rows: 1_000 }]);
});

test('conditions name the key as SQL does, and nothing but whole numbers comes out of a stored part', () => {
  expect(partitionCondition(undefined)).toEqual([]);
  expect(partitionCondition({ key: '0', spec: {} })).toEqual([]);
  expect(partitionCondition({ key: '1', spec: { key: 'a`b', from: '-5', to: '18446744073709551615' } })).toEqual([
    '`a``b` >= -5',
    '`a``b` < 18446744073709551615',
  ]);
  fc.assert(
    fc.property(fc.string(), (from) => {
      let conditions: string[] = [];
      try {
        conditions = partitionCondition({ key: '1', spec: { key: 'id', from } });
      } catch (error) {
        expect(error).toBeInstanceOf(SyntaxError);
        return;
      }
      expect(conditions.join()).toMatch(/^`id` >= -?\d+$/);
    }),
  );
});
