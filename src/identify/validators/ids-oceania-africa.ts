import { passesLuhn } from './check-digits.ts';
import { digitsOf, isDay, isRepeated, toNumber, weighted } from './digits.ts';

/** Australia, tax file number: nine digits, weights 1, 4, 3, 7, 5, 8, 6, 9, 10, modulo 11. */
export function isAustraliaTfn(value: string): boolean {
  const digits = digitsOf(value, 9);
  return digits !== undefined && !isRepeated(digits) && weighted(digits, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0;
}

/** Australia, number of a business (ABN): the first digit less one, weights 10, 1, 3 … 19, modulo 89. */
export function isAustraliaAbn(value: string): boolean {
  const digits = digitsOf(value, 11);
  if (!digits || digits[0] === 0 || isRepeated(digits)) return false;
  const [first = 0, ...others] = digits;
  return weighted([first - 1, ...others], [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]) % 89 === 0;
}

/** Australia, number of a company (ACN): nine digits, weights 8 to 1, modulo 10. */
export function isAustraliaAcn(value: string): boolean {
  const digits = digitsOf(value, 9);
  if (!digits || isRepeated(digits)) return false;
  return digits[8] === (10 - (weighted(digits, [8, 7, 6, 5, 4, 3, 2, 1]) % 10)) % 10;
}

/** Australia, Medicare card: 10 or 11 digits beginning with 2 to 6, the ninth checks the eight before it, modulo 10. */
export function isAustraliaMedicare(value: string): boolean {
  const digits = digitsOf(value, 10, 11);
  if (!digits || (digits[0] ?? 0) < 2 || (digits[0] ?? 0) > 6 || digits[9] === 0) return false;
  return weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 === digits[8];
}

/** New Zealand, taxpayer (IRD): eight or nine digits from 10 to 150 million, modulo 11, for 10 again with other weights. */
export function isNewZealandIrd(value: string): boolean {
  const given = digitsOf(value, 8, 9);
  if (!given) return false;
  const digits = given.length === 8 ? [0, ...given] : given;
  const number = toNumber(digits);
  if (number < 10_000_000 || number > 150_000_000) return false;
  let check = (11 - (weighted(digits, [3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11;
  if (check === 10) check = (11 - (weighted(digits, [7, 4, 3, 2, 5, 2, 7, 6]) % 11)) % 11;
  return check === digits[8];
}

/** South Africa, identity number: day of birth, serial, citizenship, Luhn. */
export function isSouthAfricaId(value: string): boolean {
  const digits = digitsOf(value, 13);
  if (!digits || (digits[10] ?? 9) > 2) return false;
  const [year, month, day] = [toNumber(digits.slice(0, 2)), toNumber(digits.slice(2, 4)), toNumber(digits.slice(4, 6))];
  return isDay(year, month, day) && passesLuhn(digits);
}

/** Egypt, national number: century, day of birth, governorate, 14 digits. Its check digit is not published. */
export function isEgyptId(value: string): boolean {
  const digits = digitsOf(value, 14);
  if (!digits || (digits[0] !== 2 && digits[0] !== 3)) return false;
  const governorate = toNumber(digits.slice(7, 9));
  if (!((governorate >= 1 && governorate <= 35) || governorate === 88)) return false;
  return isDay(toNumber(digits.slice(1, 3)), toNumber(digits.slice(3, 5)), toNumber(digits.slice(5, 7)));
}
