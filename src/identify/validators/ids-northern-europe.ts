import { passesLuhn } from './check-digits.ts';
import { digitsOf, isDay, isRepeated, toNumber, weighted } from './digits.ts';

/** Sweden, person (personnummer, samordningsnummer): day of birth (of the latter 60 more), serial, Luhn over the last ten digits. */
export function isSwedenPersonalNumber(value: string): boolean {
  const digits = digitsOf(value.replace('+', '-'), 10, 12);
  if (!digits) return false;
  const last = digits.slice(-10);
  const day = toNumber(last.slice(4, 6));
  return isDay(toNumber(last.slice(0, 2)), toNumber(last.slice(2, 4)), day > 60 ? day - 60 : day) && passesLuhn(last);
}

/** Sweden, organisation: 10 digits of which the third is at least 2, Luhn. */
export function isSwedenOrganisation(value: string): boolean {
  const digits = digitsOf(value, 10);
  return digits !== undefined && (digits[2] ?? 0) >= 2 && !isRepeated(digits) && passesLuhn(digits);
}

/** Norway, person (fødselsnummer, D-number): day of birth, serial, two checks modulo 11. */
export function isNorwayPersonalNumber(value: string): boolean {
  const digits = digitsOf(value, 11);
  if (!digits) return false;
  const [day, month] = [toNumber(digits.slice(0, 2)), toNumber(digits.slice(2, 4))];
  if (!isDay(toNumber(digits.slice(4, 6)), month > 40 ? month - 40 : month, day > 40 ? day - 40 : day)) return false;
  return (
    weighted(digits, [3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) % 11 === 0 &&
    weighted(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0
  );
}

/** Norway, organisation: nine digits, weights 3, 2, 7, 6, 5, 4, 3, 2, modulo 11. */
export function isNorwayOrganisation(value: string): boolean {
  const digits = digitsOf(value.replace(/^NO|MVA$/gi, ''), 9);
  return digits !== undefined && !isRepeated(digits) && weighted(digits, [3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0;
}

/** Finland, person (henkilötunnus): day of birth, a sign for the century, serial, a character by all digits modulo 31. */
export function isFinlandPersonalCode(value: string): boolean {
  const match = /^([0-9]{2})([0-9]{2})([0-9]{2})[+\-A-FU-Y]([0-9]{3})([0-9A-Y])$/.exec(value.trim().toUpperCase());
  if (!match) return false;
  const [, day = '', month = '', year = '', serial = '', check] = match;
  if (!isDay(Number(year), Number(month), Number(day))) return false;
  return '0123456789ABCDEFHJKLMNPRSTUVWXY'[Number(day + month + year + serial) % 31] === check;
}

/** Finland, business (Y-tunnus): seven digits weighted 7, 9, 10, 5, 8, 4, 2, a check modulo 11. */
export function isFinlandBusinessId(value: string): boolean {
  const digits = digitsOf(value, 8);
  return digits !== undefined && !isRepeated(digits) && weighted(digits, [7, 9, 10, 5, 8, 4, 2, 1]) % 11 === 0;
}

/** Denmark, person (CPR): day of birth and four digits. Since 2007 numbers are given without a check digit. */
export function isDenmarkCpr(value: string): boolean {
  const digits = digitsOf(value, 10);
  if (!digits || toNumber(digits.slice(6)) === 0) return false;
  return isDay(toNumber(digits.slice(4, 6)), toNumber(digits.slice(2, 4)), toNumber(digits.slice(0, 2)));
}

/** Denmark, business (CVR): eight digits, weights 2, 7, 6, 5, 4, 3, 2, 1, modulo 11. */
export function isDenmarkCvr(value: string): boolean {
  const digits = digitsOf(value, 8);
  return (
    digits !== undefined &&
    digits[0] !== 0 &&
    !isRepeated(digits) &&
    weighted(digits, [2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0
  );
}

/** Iceland, person and organisation (kennitala): day of birth or founding (40 more), weights 3, 2, 7, 6, 5, 4, 3, 2, a check modulo 11, a century. */
export function isIcelandKennitala(value: string): boolean {
  const digits = digitsOf(value, 10);
  if (!digits || ![0, 8, 9].includes(digits[9] ?? 1)) return false;
  const day = toNumber(digits.slice(0, 2));
  if (!isDay(toNumber(digits.slice(4, 6)), toNumber(digits.slice(2, 4)), day > 40 ? day - 40 : day)) return false;
  return weighted(digits, [3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0;
}

/** Estonia and Lithuania, person (isikukood, asmens kodas): sex and century, day of birth, modulo 11, for 10 again with other weights. */
export function isBalticPersonalCode(value: string): boolean {
  const digits = digitsOf(value, 11);
  if (!digits || (digits[0] ?? 0) < 1 || (digits[0] ?? 9) > 8) return false;
  if (!isDay(toNumber(digits.slice(1, 3)), toNumber(digits.slice(3, 5)), toNumber(digits.slice(5, 7)))) return false;
  let check = weighted(digits, [1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11;
  if (check === 10) check = (weighted(digits, [3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11) % 10;
  return check === digits[10];
}

/** Latvia, person (personas kods): day of birth, century, a check from weights 10, 5, 8, 4, 2, 1, 6, 3, 7, 9; those given since 2017 begin with 32 and have none. */
export function isLatviaPersonalCode(value: string): boolean {
  const digits = digitsOf(value, 11);
  if (!digits) return false;
  if (digits[0] === 3 && digits[1] === 2) return /^32[0-9]{4}-?[0-9]{5}$/.test(value.trim());
  if (!isDay(toNumber(digits.slice(4, 6)), toNumber(digits.slice(2, 4)), toNumber(digits.slice(0, 2)))) return false;
  return ((1101 - weighted(digits, [1, 6, 3, 7, 9, 10, 5, 8, 4, 2])) % 11) % 10 === digits[10];
}
