/**
 * Patterns: one character out per code point in, after NFC.
 *
 * | out | code points |
 * |---|---|
 * | `A` | capital and title-case letters (Lu, Lt) |
 * | `a` | small letters (Ll) |
 * | `L` | letters without case, modifiers and marks (Lo, Lm, M) |
 * | `d` | decimal digits of any script (Nd) |
 * | `w` | white space (White_Space, so tabs and line ends, too) |
 * | `c` | control, format, unassigned and surrogate code points |
 * | `s` | everything else |
 */
export type PatternClass = 'A' | 'a' | 'L' | 'd' | 'w' | 'c' | 's';

/** Longest pattern in code points; that of a longer value is its first so many and an `…`, which no alphabet letter is. */
export const LONGEST_PATTERN = 128;
export const CUT = '…';

const TESTS: readonly (readonly [PatternClass, RegExp])[] = [
  ['w', /\p{White_Space}/u],
  ['A', /[\p{Lu}\p{Lt}]/u],
  ['a', /\p{Ll}/u],
  ['L', /[\p{Lo}\p{Lm}\p{M}]/u],
  ['d', /\p{Nd}/u],
  ['c', /[\p{Cc}\p{Cf}\p{Cn}\p{Cs}]/u],
];

const classify = (point: number): PatternClass => {
  const character = String.fromCodePoint(point);
  return TESTS.find(([, test]) => test.test(character))?.[0] ?? 's';
};

/** Letters of the alphabet by code unit, filled when first met: 64 KB instead of seven tests a character. */
const BASIC = new Uint8Array(0x1_0000);

const codeOf = (point: number): number => {
  if (point > 0xffff) return classify(point).charCodeAt(0);
  const known = BASIC[point] as number;
  if (known !== 0) return known;
  const code = classify(point).charCodeAt(0);
  BASIC[point] = code;
  return code;
};

export const classOf = (point: number): PatternClass => String.fromCharCode(codeOf(point)) as PatternClass;

/** The code points of the text that was taken last, and the letters they are of: one place for all, for a text takes less time than making it. */
export const POINTS = new Int32Array(LONGEST_PATTERN + 1);
export const LETTERS = Buffer.alloc(LONGEST_PATTERN + 1);

/** Takes the code points that a pattern is of: those of the text's NFC, the first 128 and one more where there are more. @returns how many */
export function takePoints(text: string): number {
  const length = Math.min(text.length, LONGEST_PATTERN + 1);
  for (let i = 0; i < length; i += 1) {
    const point = text.charCodeAt(i);
    if (point > 0x7f) return takeComposed(text.normalize('NFC'));
    POINTS[i] = point;
    LETTERS[i] = codeOf(point);
  }
  return length;
}

function takeComposed(text: string): number {
  let length = 0;
  for (let i = 0; i < text.length && length <= LONGEST_PATTERN; i += 1) {
    const point = text.codePointAt(i) as number;
    if (point > 0xffff) i += 1;
    POINTS[length] = point;
    LETTERS[length++] = codeOf(point);
  }
  return length;
}

/** Of the points that were taken: `AWC-CG-001` → `AAAsAAsddd`. A text made of bytes costs a third of one made of codes. */
export const patternOfTaken = (length: number): string =>
  length > LONGEST_PATTERN
    ? LETTERS.toString('latin1', 0, LONGEST_PATTERN) + CUT
    : LETTERS.toString('latin1', 0, length);

export const patternOf = (text: string): string => patternOfTaken(takePoints(text));

// biome-ignore lint/suspicious/noControlCharactersInRegex: the range of ASCII begins with them
const ASCII = /^[\x00-\x7f]*$/;
export const isAscii = (text: string): boolean => ASCII.test(text);

/** Empty or white space only. */
export function isBlank(text: string): boolean {
  const first = text.charCodeAt(0);
  return !(first > 32 && first < 127) && /^\p{White_Space}*$/u.test(text);
}
