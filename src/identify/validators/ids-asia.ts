import { passesLuhn, passesVerhoeff } from './check-digits.ts';
import { compact, digitsOf, isDay, isRepeated, toNumber, weighted } from './digits.ts';

/** India, Aadhaar (UIDAI): 12 digits, not beginning with 0 or 1, the check of Verhoeff. */
export function isIndiaAadhaar(value: string): boolean {
  const digits = digitsOf(value, 12);
  return digits !== undefined && (digits[0] ?? 0) > 1 && !isRepeated(digits) && passesVerhoeff(digits);
}

/** India, permanent account number of the income tax: five letters, of which the fourth says what the holder is, four digits, a letter. */
export function isIndiaPan(value: string): boolean {
  return /^[A-Z]{3}[ABCEFGHJLPT][A-Z][0-9]{4}[A-Z]$/.test(value.trim().toUpperCase());
}

/** India, number for the goods and services tax (GSTIN): state, PAN, and a check modulo 36. */
export function isIndiaGstin(value: string): boolean {
  const text = compact(value);
  if (!/^(0[1-9]|[12][0-9]|3[0-8]|9[79])[A-Z]{5}[0-9]{4}[A-Z][1-9A-Z]Z[0-9A-Z]$/.test(text)) return false;
  let sum = 0;
  for (const [at, character] of [...text.slice(0, 14)].entries()) {
    const product = Number.parseInt(character, 36) * (at % 2 === 0 ? 1 : 2);
    sum += Math.floor(product / 36) + (product % 36);
  }
  return Number.parseInt(text[14] ?? '', 36) === (36 - (sum % 36)) % 36;
}

/** Singapore, NRIC and FIN: a letter for kind and century, seven digits, and a letter by their weighted sum modulo 11. */
export function isSingaporeNric(value: string): boolean {
  const text = compact(value);
  if (!/^[STFGM][0-9]{7}[A-Z]$/.test(text)) return false;
  const kind = text[0] ?? '';
  const extra = kind === 'T' || kind === 'G' ? 4 : kind === 'M' ? 3 : 0;
  const sum = weighted(Array.from(text.slice(1, 8), Number), [2, 7, 6, 5, 4, 3, 2]) + extra;
  const letters = 'ST'.includes(kind) ? 'JZIHGFEDCBA' : kind === 'M' ? 'XWUTRQPNJLK' : 'XWUTRQPNMLK';
  return letters[sum % 11] === text[8];
}

/** Thailand, identity card: 13 digits, weights 13 to 2, modulo 11. */
export function isThailandId(value: string): boolean {
  const digits = digitsOf(value, 13);
  if (!digits || digits[0] === 0 || isRepeated(digits)) return false;
  return digits[12] === (11 - (weighted(digits, [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 10;
}

/** Malaysia, MyKad: day of birth and place of birth. It has no check digit. */
export function isMalaysiaNric(value: string): boolean {
  const digits = digitsOf(value, 12);
  if (!digits) return false;
  const place = toNumber(digits.slice(6, 8));
  const placeKnown =
    (place >= 1 && place <= 16) || (place >= 21 && place <= 68) || (place >= 71 && place <= 93) || place >= 98;
  return placeKnown && isDay(toNumber(digits.slice(0, 2)), toNumber(digits.slice(2, 4)), toNumber(digits.slice(4, 6)));
}

/** Indonesia, NIK: six digits of the place, day of birth (of women 40 more), a serial. It has no check digit. */
export function isIndonesiaNik(value: string): boolean {
  const digits = digitsOf(value, 16);
  if (!digits) return false;
  const [province, day] = [toNumber(digits.slice(0, 2)), toNumber(digits.slice(6, 8))];
  if (province < 11 || province > 96 || toNumber(digits.slice(12)) === 0) return false;
  return isDay(toNumber(digits.slice(10, 12)), toNumber(digits.slice(8, 10)), day > 40 ? day - 40 : day);
}

/** Türkiye, identity number (T.C. kimlik no): 11 digits, not beginning with 0; the tenth from odd and even places, the last from the sum of all. */
export function isTurkeyId(value: string): boolean {
  const digits = digitsOf(value, 11);
  if (!digits || digits[0] === 0) return false;
  const tenth = (weighted(digits, [7, 0, 7, 0, 7, 0, 7, 0, 7]) - weighted(digits, [0, 1, 0, 1, 0, 1, 0, 1]) + 80) % 10;
  const sum = digits.slice(0, 10).reduce((total, digit) => total + digit, 0);
  return digits[9] === tenth && digits[10] === sum % 10;
}

/** Israel, identity number: up to nine digits, filled up with zeros, Luhn. */
export function isIsraelId(value: string): boolean {
  const digits = digitsOf(value, 8, 9);
  return digits !== undefined && !isRepeated(digits) && passesLuhn(digits);
}

/** Saudi Arabia, identity number and residence permit: 10 digits beginning with 1 or 2, Luhn. */
export function isSaudiId(value: string): boolean {
  const digits = digitsOf(value, 10);
  return digits !== undefined && (digits[0] === 1 || digits[0] === 2) && !isRepeated(digits) && passesLuhn(digits);
}

/** United Arab Emirates, Emirates ID: 784, year of birth, seven digits, Luhn. */
export function isEmiratesId(value: string): boolean {
  const digits = digitsOf(value, 15);
  return digits !== undefined && /^784(19|20)/.test(digits.join('')) && passesLuhn(digits);
}

/** Kazakhstan, IIN and BIN: 12 digits, weights 1 to 11 modulo 11, for 10 again with weights 3 to 11, 1, 2. */
export function isKazakhstanIin(value: string): boolean {
  const digits = digitsOf(value, 12);
  if (!digits || isRepeated(digits)) return false;
  const month = toNumber(digits.slice(2, 4));
  if (month < 1 || month > 12) return false;
  let check = weighted(digits, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]) % 11;
  if (check === 10) check = weighted(digits, [3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]) % 11;
  return check === digits[11];
}

/** Pakistan, CNIC: 13 digits, written 5-7-1, of which the first is a province. It has no published check digit. */
export function isPakistanCnic(value: string): boolean {
  return /^[1-8][0-9]{4}-[0-9]{7}-[0-9]$/.test(value.trim());
}
