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

/** The code points that a pattern is of: those of the text's NFC, the first 128 and one more where there are more. */
export function pointsOf(text: string): number[] {
  if (isAscii(text)) {
    const plain = new Array<number>(Math.min(text.length, LONGEST_PATTERN + 1));
    for (let i = 0; i < plain.length; i += 1) plain[i] = text.charCodeAt(i);
    return plain;
  }
  const points: number[] = [];
  const composed = text.normalize('NFC');
  for (let i = 0; i < composed.length && points.length <= LONGEST_PATTERN; i += 1) {
    const point = composed.codePointAt(i) as number;
    if (point > 0xffff) i += 1;
    points.push(point);
  }
  return points;
}

/** What the letters of a pattern are written into: a text made of its bytes costs a third of one made of its codes. */
const WRITTEN = Buffer.alloc(LONGEST_PATTERN);

/** `AWC-CG-001` → `AAAsAAsddd`. */
export function patternOfPoints(points: readonly number[]): string {
  const length = Math.min(points.length, LONGEST_PATTERN);
  for (let i = 0; i < length; i += 1) WRITTEN[i] = codeOf(points[i] as number);
  const pattern = WRITTEN.toString('latin1', 0, length);
  return points.length > LONGEST_PATTERN ? pattern + CUT : pattern;
}

export const patternOf = (text: string): string => patternOfPoints(pointsOf(text));

// biome-ignore lint/suspicious/noControlCharactersInRegex: the range of ASCII begins with them
const ASCII = /^[\x00-\x7f]*$/;
export const isAscii = (text: string): boolean => ASCII.test(text);

/** Empty or white space only. */
export function isBlank(text: string): boolean {
  const first = text.charCodeAt(0);
  return !(first > 32 && first < 127) && /^\p{White_Space}*$/u.test(text);
}
