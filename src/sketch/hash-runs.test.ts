import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packNumbers, packRun, unpackNumbers, unpackRun } from './hash-runs.ts';

const ascending = fc
  .uniqueArray(fc.integer({ min: 0, max: 2 ** 34 - 1 }), { maxLength: 300 })
  .map((hashes) => hashes.sort((a, b) => a - b));

describe('runs of hashes', () => {
  it('are read as they were written', () => {
    fc.assert(
      fc.property(ascending, (hashes) => {
        expect([...unpackRun(packRun(hashes), hashes.length)]).toEqual(hashes);
      }),
    );
  });

  it('have the published bytes', () => {
    expect(packRun([0, 1, 129, 2 ** 34 - 1]).toString('hex')).toBe('0001800' + '1fefeffff3f');
    expect(packNumbers([0, 127, 128, 300]).toString('hex')).toBe('007f8001ac02');
  });

  it('keep numbers in any order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 2 ** 19 - 1 }), { maxLength: 300 }), (numbers) => {
        expect([...unpackNumbers(packNumbers(numbers), numbers.length)]).toEqual(numbers);
      }),
    );
  });

  it('refuse what does not ascend, and bytes of another number of hashes', () => {
    expect(() => packRun([2, 2])).toThrow('received 2 after 2');
    const bytes = packRun([5, 700]);
    expect(() => unpackRun(bytes, 1)).toThrow('3 bytes are not those of 1 numbers');
    expect(() => unpackRun(bytes, 3)).toThrow('3 bytes are not those of 3 numbers');
    expect(() => unpackRun(bytes.subarray(0, 2), 2)).toThrow(RangeError);
  });
});
