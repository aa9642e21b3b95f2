import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHOICE_BITS, type ChosenValue, ChosenValues, MOST_CHOSEN } from './chosen-values.ts';
import { fromBase64, fromBytes, toBase64, toBytes } from './chosen-values-codec.ts';

const value: fc.Arbitrary<ChosenValue> = fc.record({
  choice: fc.oneof(fc.nat(20), fc.bigInt({ min: 0n, max: 2n ** BigInt(CHOICE_BITS) - 1n }).map(Number)),
  name: fc.oneof(fc.nat(2), fc.nat(2 ** 24 - 1)),
  count: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 2 ** 40 })),
});
const values = fc.array(value, { maxLength: 40 });
const sample = fc.tuple(values, fc.integer({ min: 0, max: 50 })).map(([all, level]) => new ChosenValues(all, level));

describe('chosen values', () => {
  it('merge in any order and grouping', () => {
    fc.assert(
      fc.property(sample, sample, sample, (a, b, c) => {
        expect(toBytes(a.merge(b))).toEqual(toBytes(b.merge(a)));
        expect(toBytes(a.merge(b).merge(c))).toEqual(toBytes(a.merge(b.merge(c))));
      }),
    );
  });

  it('of the parts of any split are those of the whole', () => {
    fc.assert(
      fc.property(values, fc.array(fc.nat(2), { minLength: 40, maxLength: 40 }), (all, cut) => {
        const parts = [0, 1, 2].map((part) => new ChosenValues(all.filter((_, i) => cut[i] === part)));
        const [a, b, c] = parts as [ChosenValues, ChosenValues, ChosenValues];
        expect(a.merge(b).merge(c)).toEqual(new ChosenValues(all));
      }),
    );
  });

  it('are at most so many, at the lowest level that leaves no more, also from parts', () => {
    const many = (from: number, to: number): ChosenValue[] =>
      Array.from({ length: to - from }, (_, i) => ({
        choice: (from + i) * Math.floor(2 ** CHOICE_BITS / 40_000),
        name: 1,
        count: 1,
      }));
    const whole = new ChosenValues(many(0, 40_000));
    expect([whole.level, whole.values.length]).toEqual([2, 10_001]);
    const [a, b, c] = [many(0, 9_000), many(9_000, 26_000), many(26_000, 40_000)].map((part) => new ChosenValues(part));
    if (!a || !b || !c) throw new Error('three parts');
    expect(a.level).toBe(0);
    expect(a.merge(b).merge(c)).toEqual(whole);
    expect(a.merge(b.merge(c))).toEqual(whole);
    expect(toBytes(whole).length).toBeLessThan(MOST_CHOSEN * 9.5);
  });

  it('refuse levels that there are not', () => {
    for (const level of [-1, 0.5, 53]) expect(() => new ChosenValues([], level)).toThrow(/expected a level of 0 to 52/);
  });
});

describe('their bytes', () => {
  it('come back as they were', () => {
    fc.assert(fc.property(sample, (one) => void expect(fromBase64(toBase64(one))).toEqual(one)));
  });

  it('stay as they are', () => {
    const one = new ChosenValues(
      [
        { choice: 2 ** 48 - 1, name: 0xabcdef, count: 300 },
        { choice: 5, name: 1, count: 1 },
        { choice: 5, name: 2, count: 127 },
      ],
      3,
    );
    expect(Buffer.from(toBytes(one)).toString('hex')).toBe(
      '4153040134040000030501000001000200007ffaffffffffff3fefcdabac02',
    );
  });

  it('are refused where they are of something else, cut short or in another form', () => {
    const bytes = toBytes(new ChosenValues([{ choice: 300, name: 7, count: 5 }], 1));
    const changed = (at: number, to: number): Uint8Array => Uint8Array.from(bytes, (byte, i) => (i === at ? to : byte));
    expect(() => fromBytes(changed(2, 2))).toThrow(/expected kind 4, received 2/);
    expect(() => fromBytes(changed(3, 2))).toThrow(/expected version 1, received 2/);
    expect(() => fromBytes(changed(5, 1))).toThrow(/expected hash 4, received 1/);
    expect(() => fromBytes(bytes.subarray(0, -1))).toThrow(/end within a value/);
    // The same number in more bytes than it needs.
    const padded = Uint8Array.from([...bytes.subarray(0, -1), 0x85, 0x00]);
    expect(() => fromBytes(padded)).toThrow(/one form/);
    // A value that is not chosen at that level.
    expect(() => fromBytes(changed(8, 50))).toThrow(/one form/);
  });
});
