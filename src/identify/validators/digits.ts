/** Signs that people put between digits. */
const SEPARATORS = /[ .\-/–\u00a0]/g;

/** The value without blanks, hyphens, points and slashes, in capitals. */
export function compact(value: string): string {
  return value.trim().replaceAll(SEPARATORS, '').toUpperCase();
}

/** The digits of a value that holds nothing but `length` of them and separators; undefined else. */
export function digitsOf(value: string, ...lengths: readonly number[]): number[] | undefined {
  const text = compact(value);
  if (!/^[0-9]+$/.test(text) || !lengths.includes(text.length)) return undefined;
  return Array.from(text, Number);
}

/** Each digit times the weight in its place, added up. */
export function weighted(digits: readonly number[], weights: readonly number[]): number {
  return weights.reduce((sum, weight, at) => sum + weight * (digits[at] ?? 0), 0);
}

/** The remainder that is not negative. */
export const modulo = (value: number, by: number): number => ((value % by) + by) % by;

/** The number that the digits write, for at most 15 of them. */
export const toNumber = (digits: readonly number[]): number => digits.reduce((value, digit) => value * 10 + digit, 0);

/** Whether all digits are the same: a placeholder, which many checks let through. */
export const isRepeated = (digits: readonly number[]): boolean => digits.every((digit) => digit === digits[0]);

/** Remainder of a number of any length, written in digits. */
export function remainder(text: string, by: number): number {
  let rest = 0;
  for (const digit of text) rest = (rest * 10 + Number(digit)) % by;
  return rest;
}

/** A day of the Gregorian calendar. Two-digit years are taken for any century: 29 February counts if one of them is a leap year. */
export function isDay(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  const isLeap = year < 100 ? year % 4 === 0 : year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return day <= (days[month - 1] ?? 0);
}
