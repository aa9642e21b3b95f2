/** Check digits of account numbers, cards and national ids. Pure; each is tested against a published example. */

/** Remainder of a long number, given as digits. */
function modulo(digits: string, divisor: number): number {
  let rest = 0;
  for (const digit of digits) rest = (rest * 10 + Number(digit)) % divisor;
  return rest;
}

const weighted = (digits: string, weights: readonly number[]): number =>
  weights.reduce((sum, weight, index) => sum + weight * Number(digits[index]), 0);

/** Puts country and check digits (ISO 7064, 97-10) before a BBAN. */
export function toIban(country: string, bban: string): string {
  const numeric = [...`${bban}${country}00`].map((c) => Number.parseInt(c, 36)).join('');
  return `${country}${String(98 - modulo(numeric, 97)).padStart(2, '0')}${bban}`;
}

export function isIban(iban: string): boolean {
  const numeric = [...(iban.slice(4) + iban.slice(0, 4))].map((c) => Number.parseInt(c, 36)).join('');
  return modulo(numeric, 97) === 1;
}

/** The digit that makes `digits` valid by Luhn. */
export function luhnDigit(digits: string): string {
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = Number(digits[digits.length - 1 - index]);
    const doubled = index % 2 === 0 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return String((10 - (sum % 10)) % 10);
}

export const isLuhn = (digits: string): boolean => luhnDigit(digits.slice(0, -1)) === digits.at(-1);

/** France: bank (5), branch (5), account (11) → clé RIB. */
export const ribKey = (bank: string, branch: string, account: string): string =>
  String(97 - ((89 * Number(bank) + 15 * Number(branch) + 3 * modulo(account, 97)) % 97)).padStart(2, '0');

/** Spain: the two digits between branch and account. */
export function spanishControl(bankAndBranch: string, account: string): string {
  const digit = (ten: string): string => {
    const rest = 11 - (weighted(ten, [1, 2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11);
    return rest === 11 ? '0' : rest === 10 ? '1' : String(rest);
  };
  return digit(`00${bankAndBranch}`) + digit(account);
}

const ITALIAN_ODD = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

/** Italy: the letter over bank, branch and account, and the last letter of the codice fiscale. */
export function italianLetter(text: string): string {
  let sum = 0;
  [...text].forEach((c, index) => {
    const value = /\d/.test(c) ? Number(c) : c.charCodeAt(0) - 65;
    sum += index % 2 === 0 ? ITALIAN_ODD[value]! : value;
  });
  return String.fromCharCode(65 + (sum % 26));
}

/** Germany: last digit of the Steuer-ID (ISO 7064, 11,10). */
export function steuerIdDigit(ten: string): string {
  let product = 10;
  for (const digit of ten) {
    let sum = (Number(digit) + product) % 10;
    if (sum === 0) sum = 10;
    product = (sum * 2) % 11;
  }
  return String((11 - product) % 10);
}

/** France: key of the NIR. */
export const nirKey = (thirteen: string): string => String(97 - modulo(thirteen, 97)).padStart(2, '0');

/** Spain: letter of the DNI. */
export const dniLetter = (eight: string): string => 'TRWAGMYFPDXBNJZSQVHLCKE'[modulo(eight, 23)]!;

/** Brazil: the two last digits of the CPF. */
export function cpfDigits(nine: string): string {
  const digit = (text: string): string => {
    const rest =
      (weighted(
        text,
        Array.from(text, (_, index) => text.length + 1 - index),
      ) *
        10) %
      11;
    return String(rest % 10);
  };
  const first = digit(nine);
  return first + digit(nine + first);
}

/** Japan: last digit of My Number. */
export function myNumberDigit(eleven: string): string {
  const rest = weighted(eleven, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
  return rest <= 1 ? '0' : String(11 - rest);
}

/** Korea: last digit of the resident registration number. */
export const residentDigit = (twelve: string): string =>
  String((11 - (weighted(twelve, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11)) % 10);

/** Greece: last digit of the AFM. */
export const afmDigit = (eight: string): string => String((weighted(eight, [256, 128, 64, 32, 16, 8, 4, 2]) % 11) % 10);

/** Ukraine: last digit of the RNOKPP. */
export function rnokppDigit(nine: string): string {
  const rest = weighted(nine, [-1, 5, 7, 9, 4, 6, 10, 5, 7]) % 11;
  return String((rest < 0 ? rest + 11 : rest) % 10);
}

const TAIWAN_LETTERS = 'ABCDEFGHJKLMNPQRSTUVXYWZIO';

/** Taiwan: last digit of the national id, over its letter and eight digits. */
export function taiwanDigit(letterAndEight: string): string {
  const code = TAIWAN_LETTERS.indexOf(letterAndEight[0]!) + 10;
  const digits = `${code}${letterAndEight.slice(1)}`;
  return String((10 - (weighted(digits, [1, 9, 8, 7, 6, 5, 4, 3, 2, 1]) % 10)) % 10);
}

/** USA: last digit of a bank's routing number. */
export const routingDigit = (eight: string): string =>
  String((10 - (weighted(eight, [3, 7, 1, 3, 7, 1, 3, 7]) % 10)) % 10);

/** The same number with its last digit (or letter) made wrong. */
export function spoilLast(text: string): string {
  const last = text.at(-1)!;
  const wrong = /\d/.test(last)
    ? String((Number(last) + 1) % 10)
    : last === 'Z'
      ? 'A'
      : String.fromCharCode(last.charCodeAt(0) + 1);
  return text.slice(0, -1) + wrong;
}
