import { passesLuhn } from './check-digits.ts';
import { compact, digitsOf, isDay, isRepeated, weighted } from './digits.ts';

/** United States, social security number: area neither 000, 666 nor 9xx, no group 00, no serial 0000 (SSA). No check digit. */
export function isUsSsn(value: string): boolean {
  const text = value.trim();
  return (
    /^(?!000|666|9)[0-9]{3}(-| |)(?!00)[0-9]{2}\1(?!0000)[0-9]{4}$/.test(text) &&
    !['078051120', '219099999', '123456789'].includes(compact(text)) &&
    !isRepeated(Array.from(compact(text), Number))
  );
}

/** United States, taxpayer number of those without a social security number (ITIN): 9xx and a group of 50 to 65, 70 to 88, 90 to 92, 94 to 99 (IRS). */
export function isUsItin(value: string): boolean {
  return /^9[0-9]{2}[- ]?(5[0-9]|6[0-5]|7[0-9]|8[0-8]|9[0-24-9])[- ]?[0-9]{4}$/.test(value.trim());
}

/** United States, number of an employer (EIN): two digits of a campus of the IRS, a hyphen, seven digits. */
export function isUsEin(value: string): boolean {
  return /^(0[1-6]|1[0-6]|2[0-7]|3[0-9]|4[0-8]|5[0-9]|6[0-8]|7[1-7]|8[0-8]|9[0-589])-[0-9]{7}$/.test(value.trim());
}

/** United States, provider of health care (NPI, 45 CFR 162.406): 10 digits beginning with 1 or 2, Luhn with 80840 in front. */
export function isUsNpi(value: string): boolean {
  const digits = digitsOf(value, 10);
  if (!digits || (digits[0] !== 1 && digits[0] !== 2) || isRepeated(digits)) return false;
  return passesLuhn([8, 0, 8, 4, 0, ...digits]);
}

/** United States, prescriber of controlled substances (DEA): two letters, seven digits, the last from weighted sums. */
export function isUsDea(value: string): boolean {
  const text = compact(value);
  if (!/^[A-HJ-NPR-UX][A-Z9][0-9]{7}$/.test(text)) return false;
  const digits = Array.from(text.slice(2), Number);
  return weighted(digits, [1, 2, 1, 2, 1, 2]) % 10 === digits[6];
}

/** Canada, social insurance number: 9 digits, not beginning with 0 or 8, Luhn. */
export function isCanadaSin(value: string): boolean {
  const digits = digitsOf(value, 9);
  return digits !== undefined && digits[0] !== 0 && digits[0] !== 8 && !isRepeated(digits) && passesLuhn(digits);
}

/** Brazil, taxpayer who is a person (CPF): 11 digits, two checks modulo 11. */
export function isBrazilCpf(value: string): boolean {
  const digits = digitsOf(value, 11);
  if (!digits || isRepeated(digits)) return false;
  const check = (count: number): number => {
    const rest = digits.slice(0, count).reduce((sum, digit, at) => sum + digit * (count + 1 - at), 0) % 11;
    return rest < 2 ? 0 : 11 - rest;
  };
  return digits[9] === check(9) && digits[10] === check(10);
}

/** Brazil, taxpayer who is a company (CNPJ): 12 digits, since 2026 also letters, and two checks modulo 11; a letter counts as its ASCII code less 48. */
export function isBrazilCnpj(value: string): boolean {
  const text = compact(value);
  if (!/^[0-9A-Z]{12}[0-9]{2}$/.test(text)) return false;
  const values = Array.from(text, (character) => character.charCodeAt(0) - 48);
  if (isRepeated(values)) return false;
  const check = (weights: readonly number[]): number => {
    const rest = weighted(values, weights) % 11;
    return rest < 2 ? 0 : 11 - rest;
  };
  return (
    values[12] === check([5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]) &&
    values[13] === check([6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2])
  );
}

/** Argentina, taxpayer (CUIT, CUIL): kind, eight digits, a check modulo 11. */
export function isArgentinaCuit(value: string): boolean {
  const digits = digitsOf(value, 11);
  if (!digits || !/^(2[03-7]|3[034])/.test(digits.join(''))) return false;
  const check = 11 - (weighted(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11);
  return digits[10] === (check === 11 ? 0 : check === 10 ? 9 : check);
}

/** Chile, RUT: seven or eight digits and a check modulo 11, weights 2 to 7 from the right in turn, K for 10. */
export function isChileRut(value: string): boolean {
  const text = compact(value);
  if (!/^[0-9]{7,8}[0-9K]$/.test(text)) return false;
  const digits = Array.from(text.slice(0, -1), Number).toReversed();
  const check = 11 - (digits.reduce((sum, digit, at) => sum + digit * ((at % 6) + 2), 0) % 11);
  return text.at(-1) === (check === 11 ? '0' : check === 10 ? 'K' : String(check)) && !isRepeated(digits);
}

/** Colombia, NIT with its check digit: primes as weights from the right, modulo 11. */
export function isColombiaNit(value: string): boolean {
  const text = compact(value);
  if (!/^[0-9]{9,10}$/.test(text)) return false;
  const digits = Array.from(text, Number);
  const rest = weighted(digits.slice(0, -1).toReversed(), [3, 7, 13, 17, 19, 23, 29, 37, 41, 43]) % 11;
  return digits.at(-1) === (rest < 2 ? rest : 11 - rest) && !isRepeated(digits);
}

/** Peru, RUC: kind of taxpayer, 11 digits, modulo 11. */
export function isPeruRuc(value: string): boolean {
  const digits = digitsOf(value, 11);
  if (!digits || !/^(10|15|16|17|20)/.test(digits.join(''))) return false;
  return digits[10] === (11 - (weighted(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 10;
}

/** Ecuador, cédula: province 01 to 24 or 30, a third digit below 6, weights 2 and 1 in turn. */
export function isEcuadorCedula(value: string): boolean {
  const digits = digitsOf(value, 10);
  if (!digits) return false;
  const province = (digits[0] ?? 0) * 10 + (digits[1] ?? 0);
  return ((province >= 1 && province <= 24) || province === 30) && (digits[2] ?? 9) < 6 && passesLuhn(digits);
}

const CURP = '0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ';

/** Mexico, CURP: letters of the name, day of birth, sex, state, consonants, and a check modulo 10 over 37 characters. */
export function isMexicoCurp(value: string): boolean {
  const text = value.trim().toUpperCase();
  if (
    !/^[A-Z][AEIOUX][A-Z]{2}[0-9]{6}[HMX](AS|B[CS]|C[CLMSH]|D[FG]|G[TR]|HG|JC|M[CNS]|N[ETL]|OC|PL|Q[TR]|S[PLR]|T[CSL]|VZ|YN|ZS)[B-DF-HJ-NP-TV-Z]{3}[0-9A-Z][0-9]$/.test(
      text,
    )
  )
    return false;
  if (!isDay(Number(text.slice(4, 6)), Number(text.slice(6, 8)), Number(text.slice(8, 10)))) return false;
  const sum = [...text.slice(0, 17)].reduce((total, character, at) => total + CURP.indexOf(character) * (18 - at), 0);
  return Number(text[17]) === (10 - (sum % 10)) % 10;
}

const RFC = '0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ Ñ';

/** Mexico, taxpayer (RFC): three letters of a company or four of a person, a day, and a check modulo 11. */
export function isMexicoRfc(value: string): boolean {
  const text = compact(value);
  if (!/^[A-ZÑ&]{3,4}[0-9]{6}[0-9A-Z]{2}[0-9A]$/.test(text)) return false;
  const day = text.slice(-9, -3);
  if (!isDay(Number(day.slice(0, 2)), Number(day.slice(2, 4)), Number(day.slice(4)))) return false;
  const padded = text.padStart(13, ' ');
  const rest =
    [...padded.slice(0, 12)].reduce((sum, character, at) => sum + RFC.indexOf(character) * (13 - at), 0) % 11;
  return text.at(-1) === (rest === 0 ? '0' : rest === 1 ? 'A' : String(11 - rest));
}

/** Dominican Republic, cédula: 11 digits, Luhn. */
export function isDominicanCedula(value: string): boolean {
  const digits = digitsOf(value, 11);
  return digits !== undefined && !isRepeated(digits) && passesLuhn(digits);
}
