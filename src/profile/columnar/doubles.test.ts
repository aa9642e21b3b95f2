import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BlockReader } from './block-reader.ts';
import { TEXT } from './column-code.ts';

const reader = new BlockReader([{ kind: 'double', a: 0, b: 0 }, TEXT], {
  delimiter: ',',
  quote: '"',
  nullText: '',
  returns: 'none',
});

/** The double that is read of a text; undefined where it is left to another reader. */
function readDouble(text: string): number | undefined {
  const read = reader.read(Buffer.from(`${text},x\n`), () => undefined);
  if (typeof read === 'string') throw new Error(read);
  if (read.odd[0] === 1) return undefined;
  const { at, bytes } = read.group.chunks[0] ?? { at: 0, bytes: 0 };
  return Buffer.from(read.bytes).readDoubleLE(at + bytes - 8);
}

describe('a double', () => {
  const digits = (least: number, most: number) => fc.stringMatching(new RegExp(`^[0-9]{${least},${most}}$`));
  const number = fc.oneof(
    fc.double({ noNaN: true, min: -1e16, max: 1e16 }).map(String),
    fc.double({ noNaN: true, min: -10, max: 10 }).map((value) => value.toPrecision(17)),
    fc.tuple(digits(1, 19), digits(0, 21)).map((parts) => parts.join('.')),
    digits(10, 20).map((places) => `0.${places}`),
    digits(10, 17).map((places) => `-0.000${places}`),
  );

  it('is the nearest one of its text, or none', () => {
    fc.assert(
      fc.property(number, (text) => {
        const value = readDouble(text);
        if (value !== undefined) expect(value, text).toBe(Number(text) + 0);
      }),
      { numRuns: 20_000 },
    );
  });

  it.each(['184467440737095.51621', '0.92253548661171972374', '553.98758886150340379', '-36898822011518780.574'])(
    'is none where its digits are more than 64 bits hold: %s',
    (text) => {
      expect(readDouble(text)).toBeUndefined();
    },
  );

  it.each(['0.00012345678901234567', '-0.0009007199254740993', '12345678901234.566', '0.1'])(
    'is read where zeros come before its digits: %s',
    (text) => {
      expect(readDouble(text)).toBe(Number(text));
    },
  );
});
