import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildFilter, bytesOfFilter, FEWEST_VALUES } from './build-filter.ts';
import { falsePositivesOf, keyOfHash, mayContain } from './membership-filter.ts';
import { fromBytes, toBytes } from './membership-filter-codec.ts';
import { valueSetHash } from './value-set-codec.ts';

const hashesOf = (prefix: string, count: number): number[] =>
  Array.from({ length: count }, (_, i) => valueSetHash(`${prefix}${i}`));
const filterOf = (hashes: readonly number[]) => buildFilter(BigUint64Array.from(hashes, keyOfHash));
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('membership filter', () => {
  it('knows every value it was built from, whatever they are and however often each is there', () => {
    const hashes = fc.oneof(
      fc.array(fc.string().map(valueSetHash), { maxLength: 400 }),
      fc.array(
        fc.nat(300).map((n) => valueSetHash(String(n))),
        { maxLength: 400 },
      ),
    );
    fc.assert(
      fc.property(hashes, (of) => {
        const filter = fromBytes(toBytes(filterOf(of)));
        expect(filter.values).toBe(new Set(of).size);
        expect(of.filter((hash) => !mayContain(filter, hash))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('takes at most 10 bits a value, front and all, and other values for its own in 1 of 256 cases', () => {
    for (const count of [FEWEST_VALUES, 2_600, 3_000, 4_000, 7_777, 10_000, 29_999, 30_000, 100_000]) {
      const filter = filterOf(hashesOf('v', count));
      const bytes = toBytes(filter);
      expect(bytes.length, `${count} values`).toBe(bytesOfFilter(count));
      expect((8 * bytes.length) / count, `${count} values`).toBeLessThanOrEqual(10);
      const own = hashesOf('v', count);
      expect(own.every((hash) => mayContain(filter, hash))).toBe(true);
      const others = 40_000;
      const taken = hashesOf('other ', others).filter((hash) => mayContain(filter, hash)).length / others;
      // Nearly four deviations of 40,000 throws: 0.0039 ± 0.0011, which is also below 0.5 %.
      expect(Math.abs(taken - falsePositivesOf(count)), `${count} values`).toBeLessThan(0.0011);
    }
  });

  it('finds a seed for any values, also where it has to be smallest', () => {
    const seeds = Array.from({ length: 30 }, (_, i) => filterOf(hashesOf(`${i} `, FEWEST_VALUES + i)).seed);
    expect(Math.max(...seeds)).toBeLessThan(100);
  });

  it('is of the set of values alone: neither order nor repetition change a byte', () => {
    const hashes = hashesOf('v', 5_000);
    const other = [...hashes.toReversed(), ...hashes.slice(0, 700)];
    expect(sha256(toBytes(filterOf(other)))).toBe(sha256(toBytes(filterOf(hashes))));
  });

  it('writes the same bytes for ever', () => {
    const small = toBytes(filterOf(hashesOf('', 3)));
    expect(Buffer.from(small.subarray(0, 20)).toString('hex')).toBe(GOLDEN.front);
    expect(sha256(small)).toBe(GOLDEN.small);
    expect(sha256(toBytes(filterOf(hashesOf('value ', 20_000))))).toBe(GOLDEN.large);
    expect(mayContain(filterOf([]), 0)).toBe(false);
  });

  it('refuses bytes of another kind, version, precision or hash, or cut short', () => {
    const bytes = toBytes(filterOf(hashesOf('v', 5_000)));
    for (const at of [0, 2, 3, 4, 5]) {
      const other = Uint8Array.from(bytes);
      other[at] = 99;
      expect(() => fromBytes(other)).toThrow(RangeError);
    }
    for (const to of [0, 8, 19, 20, 100, bytes.length - 1])
      expect(() => fromBytes(bytes.subarray(0, to))).toThrow(RangeError);
  });
});

/** Never change: stored profiles hold such bytes. */
const GOLDEN = {
  front: '4153030108030000030000000000000003000000',
  small: '4cc5186b321e23c93ec9cead5d8c2ebdff111bacba5031b63d118de683d793d9',
  large: '880e54983350a8ff3052a094c531c809f3265f83a57f5e0938dd1335160e59f4',
};
