import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  add,
  divideToDouble,
  fromDecimalText,
  fromDouble,
  fromExactJson,
  fromInteger,
  multiply,
  negate,
  toDecimalText,
  toExactJson,
} from './exact-number.ts';

const double = fc.double({ noNaN: true, noDefaultInfinity: true });
const decimal = fc
  .tuple(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.integer({ min: 0, max: 20 }))
  .map(([digits, places]) => {
    const text = (digits < 0n ? -digits : digits).toString().padStart(places + 1, '0');
    return `${digits < 0n ? '-' : ''}${text.slice(0, text.length - places)}${places ? `.${text.slice(-places)}` : ''}`;
  });

describe('exact numbers', () => {
  it('give back every double', () => {
    fc.assert(
      fc.property(double, (value) => void expect(divideToDouble(fromDouble(value))).toBe(value === 0 ? 0 : value)),
    );
    for (const value of [Number.MAX_VALUE, Number.MIN_VALUE, 2 ** -1022, 0.1, -1e308])
      expect(divideToDouble(fromDouble(value))).toBe(value);
  });

  it('divide to the nearest double', () => {
    fc.assert(
      fc.property(
        double,
        double,
        (a, b) => void expect(divideToDouble(add(fromDouble(a), fromDouble(b)))).toBe(a + b || 0),
      ),
    );
    expect(divideToDouble(fromInteger(1n), 3n)).toBe(1 / 3);
    expect(divideToDouble(fromInteger(10n ** 40n + 1n), 3n)).toBe(Number('3.3333333333333333333333e39'));
  });

  it('print and read decimals without losing a digit', () => {
    fc.assert(
      fc.property(decimal, (text) => {
        const plain = text
          .replace(/^-?0*(?=\d)/, (lead) => (lead.startsWith('-') ? '-' : ''))
          .replace(/(\.\d*?)0+$/, '$1')
          .replace(/\.$/, '');
        expect(toDecimalText(fromDecimalText(text))).toBe(/[1-9]/.test(text) ? plain : '0');
      }),
    );
    expect(toDecimalText(fromDouble(0.1))).toBe('0.1000000000000000055511151231257827021181583404541015625');
    expect(() => fromDecimalText('1e3')).toThrow(RangeError);
  });

  it('add up the same in any order, and equal sums are equal texts', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(double.map(fromDouble), decimal.map(fromDecimalText)), { minLength: 1, maxLength: 20 }),
        (numbers) => {
          const forth = numbers.reduce(add);
          const back = numbers.toReversed().reduce(add);
          expect(toDecimalText(forth)).toBe(toDecimalText(back));
          expect(toDecimalText(fromExactJson(toExactJson(forth)))).toBe(toDecimalText(forth));
          expect(toDecimalText(add(forth, negate(back)))).toBe('0');
        },
      ),
    );
  });

  it('multiply exactly', () => {
    expect(toDecimalText(multiply(fromDecimalText('-1.25'), fromDecimalText('0.4')))).toBe('-0.5');
  });
});
