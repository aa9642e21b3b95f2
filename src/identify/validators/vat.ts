import { passesLuhn, passesMod11And10, passesMod97 } from './check-digits.ts';
import { compact, modulo, remainder, weighted } from './digits.ts';
import {
  isBulgariaEgn,
  isCroatiaOib,
  isCzechBirthNumber,
  isCzechBusinessId,
  isPolandNip,
} from './ids-eastern-europe.ts';
import { isDenmarkCvr, isFinlandBusinessId, isSwedenOrganisation } from './ids-northern-europe.ts';
import { isGreeceAfm, isItalyVatNumber, isPortugalNif, isSpainCif, isSpainDni } from './ids-southern-europe.ts';
import { isIrelandPps, isNetherlandsBsn } from './ids-western-europe.ts';

const digitsIn = (text: string): number[] => Array.from(text, Number);

/** What stands behind the two letters, by country (formats and checks of the VAT Information Exchange System and national offices). */
const COUNTRIES: Readonly<Record<string, readonly [RegExp, (text: string) => boolean]>> = {
  AT: [/^U[0-9]{8}$/, (text) => passesAustria(digitsIn(text.slice(1)))],
  BE: [/^[01][0-9]{9}$/, (text) => 97 - (Number(text.slice(0, 8)) % 97) === Number(text.slice(8))],
  BG: [/^[0-9]{9,10}$/, (text) => (text.length === 10 ? isBulgariaEgn(text) : passesBulgaria(digitsIn(text)))],
  CY: [/^[0-9]{8}[A-Z]$/, passesCyprus],
  CZ: [
    /^[0-9]{8,10}$/,
    (text) => (text.length === 8 ? isCzechBusinessId(text) : text.length === 10 && isCzechBirthNumber(text)),
  ],
  DE: [/^[1-9][0-9]{8}$/, (text) => passesMod11And10(digitsIn(text))],
  DK: [/^[0-9]{8}$/, isDenmarkCvr],
  EE: [/^10[0-9]{7}$/, (text) => weighted(digitsIn(text), [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 === 0],
  EL: [/^[0-9]{9}$/, isGreeceAfm],
  ES: [/^[0-9A-Z][0-9]{7}[0-9A-Z]$/, (text) => isSpainCif(text) || isSpainDni(text)],
  FI: [/^[0-9]{8}$/, isFinlandBusinessId],
  FR: [/^[0-9A-HJ-NP-Z]{2}[0-9]{9}$/, passesFrance],
  HR: [/^[0-9]{11}$/, isCroatiaOib],
  HU: [/^[0-9]{8}$/, (text) => weighted(digitsIn(text), [9, 7, 3, 1, 9, 7, 3, 1]) % 10 === 0],
  IE: [/^[0-9]{7}[A-W][A-I]?$/, isIrelandPps],
  IT: [/^[0-9]{11}$/, isItalyVatNumber],
  LT: [/^([0-9]{9}|[0-9]{12})$/, (text) => passesLithuania(digitsIn(text))],
  LU: [/^[0-9]{8}$/, (text) => Number(text.slice(0, 6)) % 89 === Number(text.slice(6))],
  LV: [/^[4-9][0-9]{10}$/, (text) => weighted(digitsIn(text), [9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1]) % 11 === 3],
  MT: [
    /^[1-9][0-9]{7}$/,
    (text) => (weighted(digitsIn(text.slice(0, 6)), [3, 4, 6, 7, 8, 9]) + Number(text.slice(6))) % 37 === 0,
  ],
  NL: [/^[0-9]{9}B[0-9]{2}$/, (text) => isNetherlandsBsn(text.slice(0, 9)) || passesMod97(`NL${text}`)],
  PL: [/^[0-9]{10}$/, isPolandNip],
  PT: [/^[0-9]{9}$/, isPortugalNif],
  RO: [/^[1-9][0-9]{1,9}$/, passesRomania],
  SE: [
    /^[0-9]{10}(0[1-9]|[1-9][0-9])$/,
    (text) => isSwedenOrganisation(text.slice(0, 10)) || passesLuhn(digitsIn(text.slice(0, 10))),
  ],
  SI: [/^[1-9][0-9]{7}$/, (text) => passesSlovenia(digitsIn(text))],
  SK: [/^[1-9][0-9][2-47-9][0-9]{7}$/, (text) => remainder(text, 11) === 0],
  GB: [/^([0-9]{9}|[0-9]{12})$/, passesBritain],
  XI: [/^([0-9]{9}|[0-9]{12})$/, passesBritain],
  CHE: [
    /^[0-9]{9}(MWST|TVA|IVA)?$/,
    (text) =>
      modulo(11 - (weighted(digitsIn(text.slice(0, 9)), [5, 4, 3, 2, 7, 6, 5, 4]) % 11), 11) === Number(text[8]),
  ],
  NO: [/^[0-9]{9}MVA$/, (text) => weighted(digitsIn(text.slice(0, 9)), [3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0],
};

/** VAT number with the letters of its country in front: of the European Union, the United Kingdom, Switzerland and Norway. */
export function isVatNumber(value: string): boolean {
  const text = compact(value).replace(/^GR/, 'EL');
  const country = text.startsWith('CHE') ? 'CHE' : text.slice(0, 2);
  const rest = text.slice(country.length);
  const [shape, check] = COUNTRIES[country] ?? [];
  return shape !== undefined && check !== undefined && shape.test(rest) && check(rest);
}

function passesAustria(digits: readonly number[]): boolean {
  const sum = digits.slice(0, 7).reduce((total, digit, at) => {
    const product = at % 2 === 0 ? digit : digit * 2;
    return total + Math.floor(product / 10) + (product % 10);
  }, 4);
  return (10 - (sum % 10)) % 10 === digits[7];
}

function passesBulgaria(digits: readonly number[]): boolean {
  let check = weighted(digits, [1, 2, 3, 4, 5, 6, 7, 8]) % 11;
  if (check === 10) check = (weighted(digits, [3, 4, 5, 6, 7, 8, 9, 10]) % 11) % 10;
  return check === digits[8];
}

const CYPRUS = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21] as const;

function passesCyprus(text: string): boolean {
  const sum = digitsIn(text.slice(0, 8)).reduce(
    (total, digit, at) => total + (at % 2 === 0 ? (CYPRUS[digit] ?? 0) : digit),
    0,
  );
  return String.fromCharCode(65 + (sum % 26)) === text[8];
}

/** With digits in front the key is 12 and thrice the rest of the SIREN, modulo 97; keys with letters are not checked further. */
function passesFrance(text: string): boolean {
  const siren = text.slice(2);
  if (!passesLuhn(digitsIn(siren)) && !siren.startsWith('000')) return false;
  return !/^[0-9]{2}/.test(text) || (12 + 3 * (Number(siren) % 97)) % 97 === Number(text.slice(0, 2));
}

function passesLithuania(digits: readonly number[]): boolean {
  const body = digits.slice(0, -1);
  const sum = (from: number): number =>
    body.reduce((total, digit, at) => total + digit * (1 + ((at + from) % 9)), 0) % 11;
  const first = sum(0);
  return (first === 10 ? sum(2) % 10 : first) === digits.at(-1) && digits.at(-2) === 1;
}

function passesRomania(text: string): boolean {
  const digits = digitsIn(text.padStart(10, '0'));
  return ((weighted(digits, [7, 5, 3, 2, 1, 7, 5, 3, 2]) * 10) % 11) % 10 === digits[9];
}

function passesSlovenia(digits: readonly number[]): boolean {
  const check = 11 - (weighted(digits, [8, 7, 6, 5, 4, 3, 2]) % 11);
  return check !== 11 && check % 10 === digits[7];
}

/** The weighted sum with the check number is divisible by 97, or is so with 55 more, as those given since 2010. */
function passesBritain(text: string): boolean {
  const digits = digitsIn(text.slice(0, 9));
  const sum = weighted(digits, [8, 7, 6, 5, 4, 3, 2, 10, 1]);
  return sum % 97 === 0 || (sum + 55) % 97 === 0;
}
