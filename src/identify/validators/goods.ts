import { passesGs1, passesLuhn } from './check-digits.ts';
import { compact, digitsOf, isRepeated, weighted } from './digits.ts';

/** Book number of ten characters (ISO 2108, before 2007): weights 10 to 1, modulo 11, X for 10. */
export function isIsbn10(value: string): boolean {
  const text = compact(value);
  if (!/^[0-9]{9}[0-9X]$/.test(text)) return false;
  const digits = Array.from(text, (character) => (character === 'X' ? 10 : Number(character)));
  return !isRepeated(digits) && weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0;
}

/** Book number of thirteen digits (ISO 2108): 978 or 979, and the check digit of GS1. */
export function isIsbn13(value: string): boolean {
  const digits = digitsOf(value, 13);
  return digits !== undefined && /^97[89]/.test(digits.join('')) && passesGs1(digits);
}

/** Number of an article in trade (GTIN-8, -12, -13, -14: EAN, UPC, ITF-14) with the check digit of GS1. */
export function isGtin(value: string): boolean {
  const digits = digitsOf(value, 8, 12, 13, 14);
  return digits !== undefined && !isRepeated(digits) && passesGs1(digits);
}

/** EAN-13 of an article that is no book: books have the prefixes 978 and 979, and 756 begins the numbers of the Swiss old-age insurance. */
export function isEan13(value: string): boolean {
  const digits = digitsOf(value, 13);
  return digits !== undefined && !isRepeated(digits) && passesGs1(digits) && !/^(97[89]|756)/.test(digits.join(''));
}

/** Number of a serial (ISO 3297): weights 8 to 1, modulo 11, X for 10. */
export function isIssn(value: string): boolean {
  const text = compact(value);
  if (!/^[0-9]{7}[0-9X]$/.test(text)) return false;
  const digits = Array.from(text, (character) => (character === 'X' ? 10 : Number(character)));
  return !isRepeated(digits) && weighted(digits, [8, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0;
}

const VIN_LETTERS: Readonly<Record<string, number>> = {
  A: 1,
  B: 2,
  C: 3,
  D: 4,
  E: 5,
  F: 6,
  G: 7,
  H: 8,
  J: 1,
  K: 2,
  L: 3,
  M: 4,
  N: 5,
  P: 7,
  R: 9,
  S: 2,
  T: 3,
  U: 4,
  V: 5,
  W: 6,
  X: 7,
  Y: 8,
  Z: 9,
};

/** Vehicle identification number (ISO 3779) with the check digit in its ninth place that North America asks for (49 CFR 565.15). */
export function isVin(value: string): boolean {
  const text = value.trim().toUpperCase();
  if (!/^[A-HJ-NPR-Z0-9]{8}[0-9X][A-HJ-NPR-Z0-9]{8}$/.test(text)) return false;
  const values = Array.from(text, (character) => VIN_LETTERS[character] ?? Number(character));
  if (isRepeated(values)) return false;
  const rest = weighted(values, [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2]) % 11;
  return text[8] === (rest === 10 ? 'X' : String(rest));
}

/** Number of a mobile device (3GPP TS 23.003): the reporting body, 14 digits, and Luhn. */
export function isImei(value: string): boolean {
  const digits = digitsOf(value, 15);
  return (
    digits !== undefined &&
    /^(01|35|86|98|99|91|44|45|49|5[0-4])/.test(digits.join('')) &&
    !isRepeated(digits) &&
    passesLuhn(digits)
  );
}

/** Container (ISO 6346): four letters, six digits, and the sum of values times powers of two, modulo 11, modulo 10. */
export function isContainerNumber(value: string): boolean {
  const text = compact(value);
  if (!/^[A-Z]{3}[UJZ][0-9]{7}$/.test(text)) return false;
  let sum = 0;
  for (const [at, character] of [...text.slice(0, 10)].entries()) {
    const plain = Number.parseInt(character, 36);
    // Letters count from 10 and leave out the multiples of 11.
    const letter = plain + Math.floor((plain - 1) / 10);
    sum += (plain > 9 ? letter : plain) * 2 ** at;
  }
  return (sum % 11) % 10 === Number(text[10]);
}

/** Ship (IMO resolution A.1117): six digits weighted 7 to 2, of which the sum ends in the seventh. */
export function isImoNumber(value: string): boolean {
  const digits = digitsOf(value.trim().replace(/^IMO/i, ''), 7);
  return digits !== undefined && !isRepeated(digits) && weighted(digits, [7, 6, 5, 4, 3, 2]) % 10 === digits[6];
}

/** Author or researcher (ISO 27729, ORCID): 16 characters, MOD 11-2 of ISO/IEC 7064. */
export function isOrcid(value: string): boolean {
  const text = compact(value.trim().replace(/^https?:\/\/orcid\.org\//i, ''));
  if (!/^[0-9]{15}[0-9X]$/.test(text)) return false;
  let total = 0;
  for (const digit of text.slice(0, 15)) total = (total + Number(digit)) * 2;
  const check = (12 - (total % 11)) % 11;
  return text[15] === (check === 10 ? 'X' : String(check));
}
