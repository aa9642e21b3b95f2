import { passesLuhn } from './check-digits.ts';
import { compact, digitsOf, isDay, isRepeated, toNumber, weighted } from './digits.ts';

const DNI_LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE';

/** Spain, person (DNI, NIE): eight digits, of foreigners X, Y or Z for the first, and a letter by the number modulo 23. */
export function isSpainDni(value: string): boolean {
  const text = compact(value);
  if (!/^[0-9XYZ][0-9]{7}[A-Z]$/.test(text)) return false;
  const number = Number(text.slice(0, 8).replace('X', '0').replace('Y', '1').replace('Z', '2'));
  return DNI_LETTERS[number % 23] === text[8];
}

/** Spain, organisation (CIF): a letter for its form, seven digits, a check as a digit or a letter. */
export function isSpainCif(value: string): boolean {
  const text = compact(value);
  if (!/^[ABCDEFGHJNPQRSUVW][0-9]{7}[0-9A-J]$/.test(text)) return false;
  const sum = Array.from(text.slice(1, 8), Number).reduce((total, digit, at) => {
    const doubled = digit * 2;
    return total + (at % 2 === 0 ? Math.floor(doubled / 10) + (doubled % 10) : digit);
  }, 0);
  const check = (10 - (sum % 10)) % 10;
  const given = text[8] ?? '';
  if ('PQRSNW'.includes(text[0] ?? '')) return given === 'JABCDEFGHI'[check];
  if ('ABEH'.includes(text[0] ?? '')) return given === String(check);
  return given === String(check) || given === 'JABCDEFGHI'[check];
}

const ODD_VALUES = [
  1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
] as const;
const evenValue = (character: string): number =>
  /[0-9]/.test(character) ? Number(character) : character.charCodeAt(0) - 65;

/** Italy, person (codice fiscale, decree of 23 December 1976): letters of the name, year, month, day and sex, place, a check letter modulo 26. */
export function isItalyFiscalCode(value: string): boolean {
  const text = compact(value);
  if (!/^[A-Z]{6}[0-9LMNP-V]{2}[ABCDEHLMPRST][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]$/.test(text)) return false;
  // Where two persons would have the same code, letters stand for digits.
  const day = Number(text.slice(9, 11).replaceAll(/[LMNP-V]/g, (letter) => String('LMNPQRSTUV'.indexOf(letter))));
  if (!((day >= 1 && day <= 31) || (day >= 41 && day <= 71))) return false;
  const sum = [...text.slice(0, 15)].reduce(
    (total, character, at) => total + (at % 2 === 0 ? (ODD_VALUES[evenValue(character)] ?? 0) : evenValue(character)),
    0,
  );
  return String.fromCharCode(65 + (sum % 26)) === text[15];
}

/** Italy, business (partita IVA): 11 digits, province in the eighth to tenth, Luhn. */
export function isItalyVatNumber(value: string): boolean {
  const digits = digitsOf(value, 11);
  if (!digits || isRepeated(digits)) return false;
  const office = toNumber(digits.slice(7, 10));
  return ((office >= 1 && office <= 121) || [888, 999].includes(office)) && passesLuhn(digits);
}

/** Portugal, taxpayer (NIF): nine digits, weights 9 to 2, modulo 11. */
export function isPortugalNif(value: string): boolean {
  const digits = digitsOf(value, 9);
  if (!digits || isRepeated(digits) || !/^([12356]|45|7[0124579]|8|9[0189])/.test(digits.join(''))) return false;
  const check = 11 - (weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2]) % 11);
  return digits[8] === (check > 9 ? 0 : check);
}

/** Greece, taxpayer (AFM): nine digits, weights 256 to 2, modulo 11, modulo 10. */
export function isGreeceAfm(value: string): boolean {
  const digits = digitsOf(value, 9);
  if (!digits || isRepeated(digits)) return false;
  return digits[8] === (weighted(digits, [256, 128, 64, 32, 16, 8, 4, 2]) % 11) % 10;
}

/** Greece, social security (AMKA): day of birth, serial, Luhn. */
export function isGreeceAmka(value: string): boolean {
  const digits = digitsOf(value, 11);
  if (!digits) return false;
  return (
    isDay(toNumber(digits.slice(4, 6)), toNumber(digits.slice(2, 4)), toNumber(digits.slice(0, 2))) &&
    passesLuhn(digits)
  );
}
