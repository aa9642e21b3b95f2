import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { REGISTERS, STANDARD_ERROR } from './distinct-counter.ts';
import { emptyCounter, fromBase64, fromBytes, toBase64, toBytes } from './distinct-counter-codec.ts';
import { valueHash } from './value-hash.ts';

const counterOf = (values: readonly string[]) => {
  const counter = emptyCounter();
  for (const value of values) counter.add(valueHash(value));
  return counter;
};
const bytesOf = (values: readonly string[]) => toBase64(counterOf(values));
const words = fc.array(fc.string(), { maxLength: 200 });

describe('value hash', () => {
  it('is the published one', () => {
    expect(valueHash('a')).toBe(0x61267769e299c331n);
    expect(valueHash('')).toBe(0x7e42f8ec980980e9n);
  });
});

describe('distinct counter', () => {
  it('merges to the counter of the whole, byte for byte, in any order and grouping', () => {
    fc.assert(
      fc.property(words, words, words, (a, b, c) => {
        const [x, y, z] = [counterOf(a), counterOf(b), counterOf(c)];
        const whole = bytesOf([...a, ...b, ...c]);
        expect(toBase64(x.merge(y).merge(z))).toBe(whole);
        expect(toBase64(x.merge(y.merge(z)))).toBe(whole);
        expect(toBase64(z.merge(x).merge(y))).toBe(whole);
        expect(toBase64(x.merge(x))).toBe(toBase64(x));
      }),
    );
  });

  it('does not depend on the order or the number of times a value comes', () => {
    fc.assert(
      fc.property(words, (values) => void expect(bytesOf([...values, ...values.toReversed()])).toBe(bytesOf(values))),
    );
  });

  it('errs within three standard errors from nothing to a million, and by the stated standard error on the whole', () => {
    const errors: number[] = [];
    for (const n of [0, 1, 2, 10, 100, 1_000, 5_000, 20_000, 60_000]) {
      for (const seed of ['p', 'q', 'r', 's']) {
        const counter = emptyCounter();
        for (let i = 0; i < n; i++) counter.add(valueHash(`${seed}${i}`));
        const error = n === 0 ? counter.estimate() : counter.estimate() / n - 1;
        expect(Math.abs(error), `${n} values, seed ${seed}: ${counter.estimate()}`).toBeLessThan(3.3 * STANDARD_ERROR);
        if (n >= 1_000) errors.push(error);
      }
    }
    const root = Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / errors.length);
    expect(root).toBeLessThan(0.022);
    expect(root).toBeGreaterThan(0.008);
  });

  it('keeps at most 2 KB of registers and reads back what it wrote', () => {
    const bytes = toBytes(counterOf(['a', 'b']));
    expect(bytes.length - 8).toBe(REGISTERS);
    expect(REGISTERS).toBeLessThanOrEqual(2048);
    expect(fromBytes(bytes).registers).toEqual(counterOf(['a', 'b']).registers);
    expect(toBytes(fromBase64(bytesOf(['x'])))).toEqual(toBytes(counterOf(['x'])));
  });

  it('writes the same bytes for ever: version 1', () => {
    const bytes = toBytes(counterOf(['a', 'b', 'c', 'ä', '']));
    expect(Buffer.from(bytes.subarray(0, 8)).toString('hex')).toBe('415301010b010000');
    const set = [...bytes.subarray(8)].flatMap((register, i) => (register === 0 ? [] : [`${i}:${register}`]));
    expect(set).toEqual(GOLDEN);
    const many = toBytes(counterOf(Array.from({ length: 20_000 }, (_, i) => `value ${i}`)));
    expect(createHash('sha256').update(many).digest('hex')).toBe(
      '8360b4ef3b2ad2e11abeeb08a3e2b480f16f966278fb534a4268b4ff2f30dd49',
    );
  });

  it('refuses bytes of another kind, version, precision or hash', () => {
    const bytes = toBytes(emptyCounter());
    for (const at of [0, 2, 3, 4, 5]) {
      const other = Uint8Array.from(bytes);
      other[at] = 99;
      expect(() => fromBytes(other)).toThrow(RangeError);
    }
    expect(() => fromBytes(bytes.subarray(0, 100))).toThrow(/expected 2056 bytes/);
  });
});

/** Registers that are not empty, as bucket:register. Never change: stored profiles hold such bytes. */
const GOLDEN = ['410:4', '559:4', '777:4', '1010:4', '1146:8'];
