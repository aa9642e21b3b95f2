import { compact, digitsOf, isDay, isRepeated, modulo, toNumber, weighted } from './digits.ts';

/** Japan, My Number of a person (個人番号, ordinance 85 of 2014, article 5): 12 digits, weights from the right 2 to 7 and 2 to 6, modulo 11. */
export function isJapanMyNumber(value: string): boolean {
  const digits = digitsOf(value, 12);
  if (!digits || isRepeated(digits)) return false;
  const rest = weighted(digits, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
  return digits[11] === (rest <= 1 ? 0 : 11 - rest);
}

/** Japan, number of a corporation (法人番号): 13 digits, of which the first is 9 less the weighted sum of the others modulo 9. */
export function isJapanCorporateNumber(value: string): boolean {
  const digits = digitsOf(value, 13);
  if (!digits || isRepeated(digits)) return false;
  const rest = weighted(digits.slice(1), [2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]) % 9;
  return digits[0] === 9 - rest;
}

/** Korea, resident registration (주민등록번호): day of birth, sex and century, weights 2 to 9 and 2 to 5, modulo 11. Those given since October 2020 have no check digit. */
export function isKoreaResidentNumber(value: string): boolean {
  const digits = digitsOf(value, 13);
  if (!digits) return false;
  const [year, month, day] = [toNumber(digits.slice(0, 2)), toNumber(digits.slice(2, 4)), toNumber(digits.slice(4, 6))];
  if (!isDay(year, month, day)) return false;
  return digits[12] === (11 - (weighted(digits, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11)) % 10;
}

/** Korea, registration of a business (사업자등록번호): 10 digits, weights 1, 3, 7 and 5, of the ninth the tens besides. */
export function isKoreaBusinessNumber(value: string): boolean {
  const digits = digitsOf(value, 10);
  if (!digits || isRepeated(digits)) return false;
  const sum = weighted(digits, [1, 3, 7, 1, 3, 7, 1, 3, 5]) + Math.floor(((digits[8] ?? 0) * 5) / 10);
  return digits[9] === (10 - (sum % 10)) % 10;
}

/** China, identity card of a resident (GB 11643-1999): region, day of birth, MOD 11-2 with X for 10. */
export function isChinaResidentId(value: string): boolean {
  const text = compact(value);
  if (!/^[1-9][0-9]{16}[0-9X]$/.test(text)) return false;
  const [year, month, day] = [Number(text.slice(6, 10)), Number(text.slice(10, 12)), Number(text.slice(12, 14))];
  if (year < 1850 || year > 2100 || !isDay(year, month, day)) return false;
  const digits = Array.from(text.slice(0, 17), Number);
  return '10X98765432'[weighted(digits, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) % 11] === text[17];
}

const CREDIT_CODE = '0123456789ABCDEFGHJKLMNPQRTUWXY';

/** China, unified social credit code of an organisation (GB 32100-2015): 18 characters without I, O, S, V, Z, modulo 31. */
export function isChinaCreditCode(value: string): boolean {
  const text = compact(value);
  if (!/^[1-9A-GY][1-59][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$/.test(text)) return false;
  const values = Array.from(text, (character) => CREDIT_CODE.indexOf(character));
  let [sum, power] = [0, 1];
  for (const each of values.slice(0, 17)) {
    sum += each * power;
    power = (power * 3) % 31;
  }
  return values[17] === modulo(31 - (sum % 31), 31);
}

const TAIWAN = 'ABCDEFGHJKLMNPQRSTUVXYWZIO';

/** Taiwan, identity card and residence permit: a letter worth 10 to 35, sex, weights 1, 9, 8 … 1, 1. */
export function isTaiwanId(value: string): boolean {
  const text = compact(value);
  if (!/^[A-Z][1289][0-9]{8}$/.test(text)) return false;
  const letter = TAIWAN.indexOf(text[0] ?? '') + 10;
  const digits = [Math.floor(letter / 10), letter % 10, ...Array.from(text.slice(1), Number)];
  return weighted(digits, [1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1]) % 10 === 0;
}

/** Hong Kong, identity card: one or two letters, six digits, and in brackets a check modulo 11, A for 10. */
export function isHongKongId(value: string): boolean {
  const match = /^([A-Z]{1,2})([0-9]{6})\(?([0-9A])\)?$/.exec(value.trim().toUpperCase());
  if (!match) return false;
  const letters = (match[1] ?? '').padStart(2, ' ');
  const values = [...letters].map((letter) => (letter === ' ' ? 36 : Number.parseInt(letter, 36)));
  const digits = [...values, ...Array.from(match[2] ?? '', Number)];
  const check = match[3] === 'A' ? 10 : Number(match[3]);
  return (weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2]) + check) % 11 === 0;
}
