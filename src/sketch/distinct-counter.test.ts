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

  it('keeps at most 2 KB, header and all, and reads back what it wrote', () => {
    for (const count of [0, 1, 100, 5_000, 60_000]) {
      const counter = counterOf(Array.from({ length: count }, (_, i) => `v${i}`));
      expect(toBytes(counter).length).toBe(1_801);
      expect(fromBytes(toBytes(counter)).registers).toEqual(counter.registers);
    }
    expect(toBytes(fromBase64(bytesOf(['x'])))).toEqual(toBytes(counterOf(['x'])));
  });

  it('reads back any registers, also those that lie too wide apart for the short form', () => {
    const bucket = fc.nat(REGISTERS - 1);
    const ranks = fc.integer({ min: 0, max: 53 });
    fc.assert(
      fc.property(fc.array(fc.tuple(bucket, ranks), { maxLength: 400 }), ranks, (set, floor) => {
        const counter = emptyCounter();
        for (let i = 0; i < REGISTERS; i++) counter.addMask(i, 1n << BigInt(floor >> 1));
        for (const [i, rank] of set) counter.addMask(i, 1n << BigInt(rank));
        const bytes = toBytes(counter);
        expect(fromBytes(bytes).registers).toEqual(counter.registers);
        expect(bytes.length <= 2_048 || bytes[3] === 1).toBe(true);
      }),
    );
  });

  it('knows the error of its own estimate', () => {
    for (const n of [0, 1, 30, 300, 3_000, 30_000]) {
      const runs = 200;
      let [squares, stated] = [0, 0];
      for (let seed = 0; seed < runs; seed++) {
        const counter = randomCounter(n, seed);
        squares += n === 0 ? 0 : (counter.estimate() / n - 1) ** 2;
        stated += counter.relativeError() / runs;
      }
      const measured = Math.sqrt(squares / runs);
      if (n <= 1) expect(Math.max(stated, measured)).toBeLessThan(0.02);
      else expect(Math.abs(stated / measured - 1), `${n}: stated ${stated}, measured ${measured}`).toBeLessThan(0.2);
    }
  });

  it('writes the same bytes for ever: version 2', () => {
    const bytes = toBytes(counterOf(['a', 'b', 'c', 'ä', '']));
    expect(Buffer.from(bytes.subarray(0, 9)).toString('hex')).toBe('415301020b01000000');
    expect(registersOf(bytes)).toEqual(GOLDEN);
    expect(sha256(bytes)).toBe('0c28d16f800359650a81cd4143f2a77829908f0d662e44ff056b8a22c5422654');
    const many = counterOf(Array.from({ length: 20_000 }, (_, i) => `value ${i}`));
    expect(sha256(toBytes(many))).toBe('f89d87dbc5f6fb25aaf699ab3a6380a3df45f3b18e4d675afb19ce6fa1a3a597');
  });

  it('reads the bytes of version 1', () => {
    const plain = new Uint8Array(8 + REGISTERS);
    plain.set([0x41, 0x53, 1, 1, 11, 1, 0, 0]);
    for (const [at, register] of GOLDEN.map((text) => text.split(':').map(Number)))
      plain[8 + (at ?? 0)] = register ?? 0;
    expect(toBase64(fromBytes(plain))).toBe(bytesOf(['a', 'b', 'c', 'ä', '']));
    const many = counterOf(Array.from({ length: 20_000 }, (_, i) => `value ${i}`));
    plain.set(many.registers, 8);
    expect(sha256(plain)).toBe('8360b4ef3b2ad2e11abeeb08a3e2b480f16f966278fb534a4268b4ff2f30dd49');
    expect(fromBytes(plain).registers).toEqual(many.registers);
    expect(() => fromBytes(plain.subarray(0, 100))).toThrow(/expected 2056 bytes/);
  });

  it('refuses bytes of another kind, version, precision or hash, or cut short', () => {
    const bytes = toBytes(emptyCounter());
    for (const at of [0, 2, 3, 4, 5]) {
      const other = Uint8Array.from(bytes);
      other[at] = 99;
      expect(() => fromBytes(other)).toThrow(RangeError);
    }
    expect(() => fromBytes(bytes.subarray(0, 100))).toThrow(/expected 1801 bytes/);
  });
});

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const registersOf = (bytes: Uint8Array): string[] =>
  [...fromBytes(bytes).registers].flatMap((register, i) => (register === 0 ? [] : [`${i}:${register}`]));

/** A counter of so many random hashes (splitmix64). */
function randomCounter(count: number, seed: number) {
  const counter = emptyCounter();
  let state = BigInt(seed) << 40n;
  for (let i = 0; i < count; i++) {
    state = BigInt.asUintN(64, state + 0x9e3779b97f4a7c15n);
    let z = BigInt.asUintN(64, (state ^ (state >> 30n)) * 0xbf58476d1ce4e5b9n);
    z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn);
    counter.add(z ^ (z >> 31n));
  }
  return counter;
}

/** Registers that are not empty, as bucket:register. Never change: stored profiles hold such bytes. */
const GOLDEN = ['410:4', '559:4', '777:4', '1010:4', '1146:8'];
