import { passesLuhn, passesMod97 } from './check-digits.ts';
import { COUNTRY_CODES } from './country-codes.ts';
import { compact, digitsOf, isRepeated, weighted } from './digits.ts';

/** Characters of an IBAN by country (SWIFT IBAN Registry, release 99). */
const IBAN_LENGTHS: Readonly<Record<string, number>> = Object.fromEntries(
  (
    'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 ' +
    'FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 ' +
    'MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 ' +
    'SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30'
  )
    .split(' ')
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);

/** International Bank Account Number (ISO 13616): length of its country, and MOD 97-10. */
export function isIban(value: string): boolean {
  const text = compact(value);
  return (
    /^[A-Z]{2}[0-9]{2}[0-9A-Z]+$/.test(text) &&
    IBAN_LENGTHS[text.slice(0, 2)] === text.length &&
    passesMod97(text.slice(4) + text.slice(0, 4))
  );
}

/** Business Identifier Code (ISO 9362): 8 or 11 characters with the code of a country in the middle. It has no check digit. */
export function isBic(value: string): boolean {
  const text = value.trim();
  return /^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$/.test(text) && COUNTRY_CODES.has(text.slice(4, 6));
}

/** Beginnings and lengths of card numbers by network (ISO/IEC 7812, published ranges of the networks). */
const CARDS: readonly (readonly [RegExp, readonly number[]])[] = [
  [/^4/, [13, 16, 19]],
  [/^(5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, [16]],
  [/^3[47]/, [15]],
  [/^(6011|65|64[4-9]|622)/, [16, 17, 18, 19]],
  [/^(30[0-5]|3095|36|3[89])/, [14, 16]],
  [/^35(2[89]|[3-8])/, [16, 17, 18, 19]],
  [/^(62|81)/, [16, 17, 18, 19]],
  [/^(5018|5020|5038|5893|6304|6759|676[1-3])/, [12, 13, 14, 15, 16, 17, 18, 19]],
  [/^(60|508|353|356)/, [16]],
  [/^220[0-4]/, [16, 17, 18, 19]],
];

/** Number of a payment card: beginning and length of a network, and Luhn. */
export function isCreditCard(value: string): boolean {
  const digits = digitsOf(value, 12, 13, 14, 15, 16, 17, 18, 19);
  if (!digits || isRepeated(digits) || !passesLuhn(digits)) return false;
  const text = digits.join('');
  return CARDS.some(([beginning, lengths]) => lengths.includes(text.length) && beginning.test(text));
}

/** Digits that pass the sum of Luhn, at least two of them and not all the same. */
export function isLuhn(value: string): boolean {
  const text = compact(value);
  const digits = Array.from(text, Number);
  return /^[0-9]{2,64}$/.test(text) && !isRepeated(digits) && passesLuhn(digits);
}

/** International Securities Identification Number (ISO 6166): a country or an agency, nine characters, and Luhn over the digits that all of them are written in. */
export function isIsin(value: string): boolean {
  const text = value.trim().toUpperCase();
  if (!/^[A-Z]{2}[A-Z0-9]{9}[0-9]$/.test(text)) return false;
  const prefix = text.slice(0, 2);
  if (!COUNTRY_CODES.has(prefix) && !['XS', 'EU', 'XA', 'XB', 'XC', 'XD', 'XF', 'QS', 'QT', 'EZ'].includes(prefix))
    return false;
  return passesLuhn([...text].flatMap((character) => Array.from(String(Number.parseInt(character, 36)), Number)));
}

/** Legal Entity Identifier (ISO 17442): 18 characters and two check digits by MOD 97-10. */
export function isLei(value: string): boolean {
  const text = value.trim().toUpperCase();
  return /^[A-Z0-9]{18}[0-9]{2}$/.test(text) && passesMod97(text);
}

/** Routing number of American banks (ABA): weights 3, 7, 1, and a district of the Federal Reserve in front. */
export function isAbaRouting(value: string): boolean {
  const digits = digitsOf(value, 9);
  if (!digits || isRepeated(digits)) return false;
  const district = (digits[0] ?? 0) * 10 + (digits[1] ?? 0);
  const known =
    district <= 12 || (district >= 21 && district <= 32) || (district >= 61 && district <= 72) || district === 80;
  return known && weighted(digits, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 === 0;
}

/** CUSIP of North American securities (ANSI X9.6): eight characters and a digit, every second value doubled. */
export function isCusip(value: string): boolean {
  const text = value.trim().toUpperCase();
  if (!/^[0-9A-Z*@#]{8}[0-9]$/.test(text)) return false;
  let sum = 0;
  for (const [at, character] of [...text.slice(0, 8)].entries()) {
    const special = '*@#'.indexOf(character);
    const plain = special >= 0 ? 36 + special : Number.parseInt(character, 36);
    const weighed = at % 2 === 1 ? plain * 2 : plain;
    sum += Math.floor(weighed / 10) + (weighed % 10);
  }
  return (10 - (sum % 10)) % 10 === Number(text[8]);
}

/** SEDOL of British securities (London Stock Exchange): no vowels, weights 1, 3, 1, 7, 3, 9, 1. */
export function isSedol(value: string): boolean {
  const text = value.trim().toUpperCase();
  if (!/^[0-9B-DF-HJ-NP-TV-Z]{6}[0-9]$/.test(text)) return false;
  return (
    weighted(
      [...text].map((character) => Number.parseInt(character, 36)),
      [1, 3, 1, 7, 3, 9, 1],
    ) %
      10 ===
    0
  );
}
