import { type CharSet, complement } from './char-set.ts';
import { namedSet, shorthand } from './named-sets.ts';
import type { SourceReader } from './source-reader.ts';

const CONTROLS: Record<string, number> = { t: 9, n: 10, r: 13, f: 12, a: 7, e: 27 };

/** What an escape stands for that may stand in a class too: a character, or a set of them. */
export type Escape = { point: number } | { set: CharSet; cased: boolean };

/**
 * Reads the escape of a character or set; the backslash was taken. Undefined, with nothing taken, for one that is no
 * character: `\b`, `\1`, `\R`.
 */
export function parseEscape(reader: SourceReader): Escape | undefined {
  const from = reader.position - 1;
  const letter = reader.peek();
  if (letter === '') reader.fail('a backslash stands at the end; write \\\\ for the character', from);
  const set = shorthand(letter, reader.flags.U);
  if (set) {
    reader.take();
    return { set, cased: false };
  }
  if (CONTROLS[letter] !== undefined) {
    reader.take();
    return { point: CONTROLS[letter] };
  }
  if (letter === 'p' || letter === 'P') {
    reader.take();
    return property(reader, letter === 'P', from);
  }
  if (letter === 'x' || letter === 'u') {
    reader.take();
    return { point: letter === 'x' ? hexadecimal(reader, from) : unicode(reader, from) };
  }
  if (letter === '0') {
    reader.take();
    const digits = digitsOf(reader, /[0-7]/, /[0-3]/.test(reader.peek()) ? 3 : 2);
    if (digits === '') reader.fail('\\0 needs octal digits behind it', from);
    return { point: Number.parseInt(digits, 8) };
  }
  if (letter === 'c') {
    reader.take();
    const control = reader.take().codePointAt(0);
    if (control === undefined) reader.fail('\\c needs a character behind it', from);
    return { point: (control ?? 0) ^ 64 };
  }
  if (letter === 'N') reader.fail('names of characters (\\N{…}) are not known; write \\x{…} with its number', from);
  if (/[A-Za-z0-9]/.test(letter)) return undefined;
  return { point: reader.take().codePointAt(0) as number };
}

function property(reader: SourceReader, negative: boolean, from: number): Escape {
  const name = reader.accept('{') ? reader.until('}', '\\p{') : reader.take();
  const set = namedSet(name, reader.flags.U);
  if (!set)
    reader.fail(
      `unknown property ${JSON.stringify(name)}; write a general category (\\p{Lu}), a script (\\p{IsLatin}), a class of POSIX (\\p{Alpha}), or the characters themselves as [\\x{370}-\\x{3ff}]`,
      from,
    );
  // In Java `(?i)` makes these three of either case.
  const cased = /^(Lower|Upper|javaLowerCase|javaUpperCase|javaTitleCase|(Is|gc=|general_category=)?(Lu|Ll|Lt))$/.test(
    name,
  );
  if (cased && reader.flags.i) {
    const letters =
      reader.flags.U || !['Lower', 'Upper'].includes(name) ? namedSet('LC', false) : namedSet('Alpha', false);
    return { set: negative ? complement(letters ?? []) : (letters ?? []), cased };
  }
  return { set: negative ? complement(set ?? []) : (set ?? []), cased };
}

function hexadecimal(reader: SourceReader, from: number): number {
  const braces = reader.accept('{');
  const digits = braces ? reader.until('}', '\\x{') : digitsOf(reader, /[0-9a-fA-F]/, 2);
  const point = /^[0-9a-fA-F]+$/.test(digits) && (braces || digits.length === 2) ? Number.parseInt(digits, 16) : -1;
  if (point < 0 || point > 0x10_ffff) reader.fail('\\x needs two hexadecimal digits, or up to 10FFFF in braces', from);
  return point;
}

/** Four digits; two that are the halves of one character are that character. */
function unicode(reader: SourceReader, from: number): number {
  const digits = digitsOf(reader, /[0-9a-fA-F]/, 4);
  if (digits.length < 4) reader.fail('\\u needs four hexadecimal digits', from);
  const unit = Number.parseInt(digits, 16);
  if (unit < 0xd800 || unit > 0xdbff || reader.peek() !== '\\' || reader.peek(1) !== 'u') return unit;
  const second = Number.parseInt([2, 3, 4, 5].map((i) => reader.peek(i)).join(''), 16);
  if (!(second >= 0xdc00 && second <= 0xdfff)) return unit;
  reader.position += 6;
  return 0x1_0000 + (unit - 0xd800) * 0x400 + (second - 0xdc00);
}

function digitsOf(reader: SourceReader, digit: RegExp, most: number): string {
  let digits = '';
  while (digits.length < most && digit.test(reader.peek())) digits += reader.take();
  return digits;
}
