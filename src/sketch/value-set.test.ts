import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { valueHash } from './value-hash.ts';
import { HASH_BITS, MOST_HASHES, ValueSet } from './value-set.ts';
import { fromBase64, fromBytes, toBase64, toBytes, valueSetHash } from './value-set-codec.ts';

const SPACE = 2 ** HASH_BITS;
const setOf = (values: readonly string[]): ValueSet => new ValueSet(values.map(valueSetHash));
const words = (prefix: string, count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, i) => `${prefix}${from + i}`);

/** Hashes of as many values as asked for, some sets small, some cut, some dense. */
const hashes = fc
  .record({
    seed: fc.integer(),
    count: fc.oneof(fc.nat(50), fc.nat(4 * MOST_HASHES)),
    space: fc.constantFrom(SPACE, 2 ** 20, 2 ** 13),
  })
  .map(({ seed, count, space }) => words(`${seed} `, count).map((word) => valueSetHash(word) % space));

describe('value set', () => {
  it('of a split merged is the set of the whole, byte for byte, in any order and grouping', () => {
    fc.assert(
      fc.property(hashes, hashes, hashes, (a, b, c) => {
        const [x, y, z] = [new ValueSet(a), new ValueSet(b), new ValueSet(c)];
        const whole = toBase64(new ValueSet([...a, ...b, ...c]));
        expect(toBase64(x.merge(y).merge(z))).toBe(whole);
        expect(toBase64(x.merge(y.merge(z)))).toBe(whole);
        expect(toBase64(z.merge(x).merge(y))).toBe(whole);
        expect(toBase64(x.merge(x))).toBe(toBase64(x));
        expect(toBase64(x.merge(new ValueSet([])))).toBe(toBase64(x));
      }),
      { numRuns: 60 },
    );
  });

  it('reads back what it wrote, in no more than 8 KB', () => {
    fc.assert(
      fc.property(hashes, (of) => {
        const bytes = toBytes(new ValueSet(of));
        expect(fromBytes(bytes).hashes).toEqual(new ValueSet(of).hashes);
        expect(fromBytes(bytes)).toEqual(new ValueSet(of));
        expect(toBytes(fromBase64(toBase64(new ValueSet(of))))).toEqual(bytes);
        expect(bytes.length).toBeLessThanOrEqual(7_884);
      }),
      { numRuns: 60 },
    );
  });

  it('takes no more than 7,884 bytes for the worst of hashes', () => {
    const ends = [SPACE - 1, 2 ** 33, 2 ** 32 + 1, 3 * 2 ** 31];
    for (const last of ends) {
      const even = Array.from({ length: MOST_HASHES }, (_, i) => Math.floor((last * (i + 1)) / MOST_HASHES));
      const heaped = [...Array.from({ length: MOST_HASHES - 1 }, (_, i) => i), last];
      for (const of of [even, heaped]) {
        expect(toBytes(new ValueSet(of)).length).toBeLessThanOrEqual(7_884);
        expect(fromBytes(toBytes(new ValueSet(of)))).toEqual(new ValueSet(of));
      }
    }
  });

  it('is not read from bytes that end early or are of another kind', () => {
    const bytes = toBytes(setOf(words('w', 100)));
    expect(() => fromBytes(bytes.subarray(0, bytes.length - 9))).toThrow(RangeError);
    expect(() => fromBytes(bytes.with(2, 9))).toThrow(RangeError);
    expect(() => fromBytes(bytes.with(5, 9))).toThrow(RangeError);
  });

  it('is exact up to k values and estimates beyond', () => {
    expect(setOf([]).estimate()).toBe(0);
    expect(setOf(words('v', 2_401)).estimate()).toBe(2_401);
    expect(setOf(words('v', MOST_HASHES)).cut).toBe(false);
    expect(setOf(words('v', MOST_HASHES + 1)).cut).toBe(true);
    const errors = ['p', 'q', 'r', 's', 't'].map((seed) => setOf(words(seed, 40_000)).estimate() / 40_000 - 1);
    for (const error of errors) expect(Math.abs(error)).toBeLessThan(3.5 / Math.sqrt(MOST_HASHES - 2));
  });

  it('counts what agrees in all bits that are kept, where hash space is crowded', () => {
    // Of every other cell of hash space, as 2^34·ln 2 values leave it.
    const dense = new ValueSet(Array.from({ length: 3 * MOST_HASHES }, (_, i) => 2 * i));
    expect(dense.estimate() / (SPACE * Math.LN2)).toBeCloseTo(1, 2);
  });

  it('finds the share of one in another whatever their sizes', () => {
    const small = setOf(words('v', 300));
    expect(small.containedIn(setOf(words('v', 900, 100)))).toEqual({ found: 200, sampled: 300, complete: true });
    const large = setOf(words('v', 30_000));
    const { found, sampled, complete } = large.containedIn(setOf(words('v', 30_000, 12_000)));
    expect(complete).toBe(false);
    expect(sampled).toBeGreaterThan(MOST_HASHES / 2);
    expect(Math.abs(found / sampled - 0.6)).toBeLessThan(4 * Math.sqrt(0.24 / sampled));
    // Of a small set only what falls into the part of hash space that the large one covers can be looked for.
    const few = small.containedIn(large);
    expect(few.found).toBe(few.sampled);
    expect(few.sampled).toBeLessThan(300);
    expect(few.complete).toBe(false);
    expect(setOf([]).containedIn(large)).toEqual({ found: 0, sampled: 0, complete: true });
  });

  it('writes the same bytes for ever: version 2', () => {
    expect(Buffer.from(toBytes(setOf([]))).toString('hex')).toBe('415302022203000000000000');
    expect(Buffer.from(toBytes(setOf(['a', 'b', 'c', 'ä']))).toString('hex')).toBe(
      '41530202220300000400001eff9617e93bf3da3d27f75b47a5ced1c814',
    );
    const many = toBytes(setOf(words('value ', 20_000)));
    expect(many.length).toBe(6799);
    expect(createHash('sha256').update(many).digest('hex')).toBe(
      'd7edac83a115b75befc243d661b28b45e718528bba175c01dd186f691ae43578',
    );
  });

  it('reads version 1, which chose by another hash, and takes nothing of it for its own', () => {
    const old = Buffer.from('41530201220200000400001e07d0e2d7c4cb8ca1943e2ed0ae055d1807', 'hex');
    const set = fromBytes(old);
    expect(set.hashes).toEqual(
      ['a', 'b', 'c', 'ä'].map((text) => Number(valueHash(text) >> 30n)).sort((a, b) => a - b),
    );
    expect(toBytes(set)).toEqual(Uint8Array.from(old));
    expect(() => set.merge(setOf(['a']))).toThrow(/cannot be compared/);
    expect(() => setOf(['a']).containedIn(set)).toThrow(/cannot be compared/);
  });

  it('refuses bytes of another kind, version, precision or hash, cut short, or not in its one form', () => {
    const bytes = toBytes(setOf(words('v', 50)));
    for (const at of [0, 2, 3, 4, 5, 8, 10, 11]) {
      const other = Uint8Array.from(bytes);
      other[at] = 99;
      expect(() => fromBytes(other), String(at)).toThrow(RangeError);
    }
    expect(() => fromBytes(bytes.subarray(0, 100))).toThrow(/end within/);
    expect(() => fromBytes(Uint8Array.from([...bytes, 0]))).toThrow(RangeError);
    expect(() => new ValueSet([1, 2], true)).toThrow(RangeError);
    expect(() => new ValueSet([1.5])).toThrow(RangeError);
  });
});
