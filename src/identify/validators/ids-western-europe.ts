import { passesLuhn, passesMod11And10, passesVerhoeff } from './check-digits.ts';
import { compact, digitsOf, isDay, isRepeated, remainder, toNumber, weighted } from './digits.ts';

/** Germany, tax number of a person (Steuer-ID): 11 digits, of the first ten one occurs twice or thrice, MOD 11,10. */
export function isGermanyTaxId(value: string): boolean {
  const digits = digitsOf(value, 11);
  if (!digits || digits[0] === 0) return false;
  const counts = digits
    .slice(0, 10)
    .reduce((all, digit) => all.set(digit, (all.get(digit) ?? 0) + 1), new Map<number, number>());
  const repeated = [...counts.values()].filter((count) => count > 1);
  return repeated.length === 1 && (repeated[0] ?? 9) <= 3 && passesMod11And10(digits);
}

/** Germany, pension insurance (Versicherungsnummer, VKVV § 4): area, day of birth, letter, serial, a check by sums of digits. */
export function isGermanyPensionNumber(value: string): boolean {
  const text = compact(value);
  if (!/^[0-9]{8}[A-Z][0-9]{3}$/.test(text)) return false;
  const [day, month] = [Number(text.slice(2, 4)), Number(text.slice(4, 6))];
  if (!isDay(Number(text.slice(6, 8)), month, day > 50 ? day - 50 : day)) return false;
  const letter = String(text.charCodeAt(8) - 64).padStart(2, '0');
  const digits = Array.from(text.slice(0, 8) + letter + text.slice(9, 11), Number);
  const weights = [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1];
  const sum = digits.reduce((total, digit, at) => {
    const product = digit * (weights[at] ?? 0);
    return total + Math.floor(product / 10) + (product % 10);
  }, 0);
  return sum % 10 === Number(text[11]);
}

/** Austria, social insurance: serial, a check modulo 11 in the fourth place, day of birth. */
export function isAustriaSocialNumber(value: string): boolean {
  const digits = digitsOf(value, 10);
  if (!digits || digits[0] === 0) return false;
  const [day, month, year] = [toNumber(digits.slice(4, 6)), toNumber(digits.slice(6, 8)), toNumber(digits.slice(8))];
  // The office gives months 13 to 15 when the serials of a day are used up.
  if (!(isDay(year, month, day) || (month > 12 && month < 16 && day >= 1 && day <= 31))) return false;
  return weighted(digits, [3, 7, 9, 0, 5, 8, 4, 2, 1, 6]) % 11 === digits[3];
}

/** Switzerland, old-age insurance (AHV, AVS): 756 and the check digit of GS1. */
export function isSwitzerlandAhv(value: string): boolean {
  const digits = digitsOf(value, 13);
  if (!digits?.join('').startsWith('756')) return false;
  return digits[12] === (10 - (weighted(digits, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3]) % 10)) % 10;
}

/** France, social security (NIR): sex, year and month of birth, place, and a key of 97 less the number modulo 97; 2A and 2B stand for 19 and 18. */
export function isFranceNir(value: string): boolean {
  const text = compact(value);
  if (!/^[1-478][0-9]{2}(0[1-9]|1[0-2]|[2-4][0-9]|[5-9][0-9])([0-9]{2}|2[AB])[0-9]{8}$/.test(text)) return false;
  const number = text.slice(0, 13).replace('2A', '19').replace('2B', '18');
  return 97 - remainder(number, 97) === Number(text.slice(13));
}

/** France, company (SIREN): nine digits, Luhn. */
export function isFranceSiren(value: string): boolean {
  const digits = digitsOf(value, 9);
  return digits !== undefined && !isRepeated(digits) && passesLuhn(digits);
}

/** France, establishment (SIRET): SIREN and five digits, Luhn; those of La Poste add up to a multiple of 5 instead. */
export function isFranceSiret(value: string): boolean {
  const digits = digitsOf(value, 14);
  if (!digits || isRepeated(digits) || !passesLuhn(digits.slice(0, 9))) return false;
  const isPost = digits.join('').startsWith('356000000');
  return passesLuhn(digits) || (isPost && digits.reduce((sum, digit) => sum + digit, 0) % 5 === 0);
}

/** Netherlands, citizen (BSN): nine digits, weights 9 to 2 and −1, modulo 11. */
export function isNetherlandsBsn(value: string): boolean {
  const digits = digitsOf(value, 9);
  return (
    digits !== undefined &&
    !isRepeated(digits) &&
    toNumber(digits) > 0 &&
    (weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2, -1]) + 110) % 11 === 0
  );
}

/** Belgium, national register: day of birth, serial, 97 less the number modulo 97; of those born since 2000 with a 2 in front. */
export function isBelgiumNationalNumber(value: string): boolean {
  const digits = digitsOf(value, 11);
  if (!digits) return false;
  const text = digits.join('');
  const month = Number(text.slice(2, 4)) % 20;
  if (!isDay(Number(text.slice(0, 2)), month, Number(text.slice(4, 6)))) return false;
  const check = Number(text.slice(9));
  return [text.slice(0, 9), `2${text.slice(0, 9)}`].some((number) => 97 - remainder(number, 97) === check);
}

/** Luxembourg, national number: day of birth, serial, one digit by Luhn and one by Verhoeff, both over the first eleven. */
export function isLuxembourgNationalNumber(value: string): boolean {
  const digits = digitsOf(value, 13);
  if (!digits) return false;
  if (!isDay(toNumber(digits.slice(0, 4)), toNumber(digits.slice(4, 6)), toNumber(digits.slice(6, 8)))) return false;
  const base = digits.slice(0, 11);
  return passesLuhn(digits.slice(0, 12)) && passesVerhoeff([...base, digits[12] ?? 0]);
}

/** United Kingdom, patient of the NHS: 10 digits, weights 10 to 2, modulo 11. */
export function isUkNhsNumber(value: string): boolean {
  const digits = digitsOf(value, 10);
  if (!digits || isRepeated(digits)) return false;
  return digits[9] === (11 - (weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11;
}

/** United Kingdom, national insurance: two letters that HMRC gives, six digits, A to D. It has no check digit. */
export function isUkNino(value: string): boolean {
  return /^(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][0-9]{6}[A-D]$/.test(compact(value));
}

/** United Kingdom, taxpayer (UTR): a check in front, nine digits weighted 6, 7, 8, 9, 10, 5, 4, 3, 2, modulo 11. */
export function isUkUtr(value: string): boolean {
  const digits = digitsOf(value.replace(/k$/i, ''), 10);
  if (!digits || isRepeated(digits)) return false;
  return String(digits[0]) === '21987654321'[weighted(digits.slice(1), [6, 7, 8, 9, 10, 5, 4, 3, 2]) % 11];
}

/** Ireland, personal public service number: seven digits weighted 8 to 2, a second letter weighted 9, modulo 23. */
export function isIrelandPps(value: string): boolean {
  const text = compact(value);
  if (!/^[0-9]{7}[A-W][ABHWTX]?$/.test(text)) return false;
  const letters = 'WABCDEFGHIJKLMNOPQRSTUV';
  const second = text[8] === undefined || 'WTX'.includes(text[8]) ? 0 : letters.indexOf(text[8]);
  return letters[(weighted(Array.from(text.slice(0, 7), Number), [8, 7, 6, 5, 4, 3, 2]) + 9 * second) % 23] === text[7];
}
