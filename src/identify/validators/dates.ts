import { isDay } from './digits.ts';

const TIME =
  '(?:[T ](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.,][0-9]{1,9})?)?(?: ?(?:Z|UTC|[+-][0-9]{2}:?[0-9]{2}))?)?';
const YEAR_FIRST = new RegExp(`^([0-9]{4})([-/.])([0-9]{1,2})\\2([0-9]{1,2})${TIME}$`);
const YEAR_LAST = new RegExp(`^([0-9]{1,2})([-/.])([0-9]{1,2})\\2([0-9]{4}|[0-9]{2})${TIME}$`);
const EAST_ASIAN = /^([0-9]{4}) ?[年년] ?([0-9]{1,2}) ?[月월] ?([0-9]{1,2}) ?[日일]$/;
const COMPACT = /^((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})$/;

/** A day of the calendar as dates are written in numbers, a time behind it allowed: `2024-02-29`, `29.02.2024`, `2/29/2024 10:00`, `2024年2月29日`, `20240229`. */
export function isDate(value: string): boolean {
  const text = value.trim();
  const first = YEAR_FIRST.exec(text);
  if (first) return isPlausible(Number(first[1]), Number(first[3]), Number(first[4]));
  const last = YEAR_LAST.exec(text);
  if (last) {
    const [year, one, two] = [Number(last[4]), Number(last[1]), Number(last[3])];
    return isPlausible(year, two, one) || isPlausible(year, one, two);
  }
  const eastAsian = EAST_ASIAN.exec(text) ?? COMPACT.exec(text);
  return eastAsian !== null && isPlausible(Number(eastAsian[1]), Number(eastAsian[2]), Number(eastAsian[3]));
}

/** A day of a year that data tell of: of four digits, 1000 to 2999. */
const isPlausible = (year: number, month: number, day: number): boolean =>
  (year < 100 || (year >= 1000 && year < 3000)) && isDay(year, month, day);
