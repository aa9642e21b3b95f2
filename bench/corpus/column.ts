/** A column of which it is known what it holds. */
export interface LabelledColumn {
  /** What kind of column it is, in words: of mistakes. */
  what: string;
  name: string;
  /** Tags that it must get. */
  tags: readonly string[];
  /** Tags that are true of it too: neither asked for nor wrong. */
  also?: readonly string[];
  values: readonly (string | null)[];
}

export type Random = () => number;

export const below = (random: Random, limit: number): number => Math.floor(random() * limit);
export const between = (random: Random, from: number, to: number): number => from + below(random, to - from + 1);
export const pick = <T>(random: Random, items: readonly T[]): T => {
  const item = items[below(random, items.length)];
  if (item === undefined) throw new RangeError('nothing to pick from');
  return item;
};

/** `#` a digit, `@` a capital letter, `*` a digit or capital letter, `%` a hexadecimal digit, `~` a letter or digit of either case; the rest as it is. */
export function fill(random: Random, template: string): string {
  return template.replaceAll(/[#@*%~]/g, (sign) => pick(random, SETS[sign as keyof typeof SETS]));
}
const [DIGITS, CAPITALS] = ['0123456789', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const SETS = {
  '#': [...DIGITS],
  '@': [...CAPITALS],
  '*': [...DIGITS, ...CAPITALS],
  '%': [...'0123456789abcdef'],
  '~': [...DIGITS, ...CAPITALS, ...CAPITALS.toLowerCase()],
};

/** A day from 1940 to 2009, as numbers of two digits and the year. */
export function someDay(random: Random): { day: string; month: string; year: string; short: string } {
  const pad = (value: number): string => String(value).padStart(2, '0');
  const year = String(between(random, 1940, 2009));
  return { day: pad(between(random, 1, 28)), month: pad(between(random, 1, 12)), year, short: year.slice(2) };
}
