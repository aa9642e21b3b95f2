import { passesMod11And10 } from './check-digits.ts';
import { digitsOf, isDay, isRepeated, modulo, remainder, toNumber, weighted } from './digits.ts';

/** Poland, person (PESEL): day of birth with the century in the month, weights 1, 3, 7, 9, modulo 10. */
export function isPolandPesel(value: string): boolean {
  const digits = digitsOf(value, 11);
  if (!digits) return false;
  const month = toNumber(digits.slice(2, 4)) % 20;
  if (!isDay(toNumber(digits.slice(0, 2)), month, toNumber(digits.slice(4, 6)))) return false;
  return weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0;
}

/** Poland, taxpayer (NIP): 10 digits, weights 6, 5, 7, 2, 3, 4, 5, 6, 7, modulo 11. */
export function isPolandNip(value: string): boolean {
  const digits = digitsOf(value, 10);
  if (!digits || isRepeated(digits)) return false;
  return weighted(digits, [6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 === digits[9];
}

/** Poland, register of businesses (REGON): nine or fourteen digits, modulo 11. */
export function isPolandRegon(value: string): boolean {
  const digits = digitsOf(value, 9, 14);
  if (!digits || isRepeated(digits)) return false;
  if ((weighted(digits, [8, 9, 2, 3, 4, 5, 6, 7]) % 11) % 10 !== digits[8]) return false;
  return digits.length === 9 || (weighted(digits, [2, 4, 8, 5, 0, 9, 7, 3, 6, 1, 2, 4, 8]) % 11) % 10 === digits[13];
}

/** Czechia and Slovakia, person (rodné číslo): day of birth, of women 50 more in the month, divisible by 11. */
export function isCzechBirthNumber(value: string): boolean {
  const digits = digitsOf(value, 10);
  if (!digits) return false;
  const month = toNumber(digits.slice(2, 4)) % 50;
  if (!isDay(toNumber(digits.slice(0, 2)), month > 20 ? month - 20 : month, toNumber(digits.slice(4, 6)))) return false;
  const text = digits.join('');
  // Until 1985 a remainder of 10 was written as 0.
  return remainder(text, 11) === 0 || (remainder(text.slice(0, 9), 11) === 10 && digits[9] === 0);
}

/** Czechia, business (IČO): eight digits, weights 8 to 2, modulo 11. */
export function isCzechBusinessId(value: string): boolean {
  const digits = digitsOf(value, 8);
  if (!digits || isRepeated(digits)) return false;
  const check = (11 - (weighted(digits, [8, 7, 6, 5, 4, 3, 2]) % 11)) % 11;
  return digits[7] === (check === 0 ? 1 : check % 10);
}

/** Hungary, social security (TAJ): nine digits, weights 3 and 7, modulo 10. */
export function isHungaryTaj(value: string): boolean {
  const digits = digitsOf(value, 9);
  return digits !== undefined && !isRepeated(digits) && weighted(digits, [3, 7, 3, 7, 3, 7, 3, 7]) % 10 === digits[8];
}

/** Hungary, taxpayer who is a person: 8, days since 1867, serial, weights 1 to 9, modulo 11. */
export function isHungaryTaxId(value: string): boolean {
  const digits = digitsOf(value, 10);
  return digits !== undefined && digits[0] === 8 && weighted(digits, [1, 2, 3, 4, 5, 6, 7, 8, 9]) % 11 === digits[9];
}

/** Romania, person (CNP): sex and century, day of birth, county, weights 279146358279, modulo 11, 1 for 10. */
export function isRomaniaCnp(value: string): boolean {
  const digits = digitsOf(value, 13);
  if (!digits || digits[0] === 0) return false;
  if (!isDay(toNumber(digits.slice(1, 3)), toNumber(digits.slice(3, 5)), toNumber(digits.slice(5, 7)))) return false;
  const rest = weighted(digits, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11;
  return digits[12] === (rest === 10 ? 1 : rest);
}

/** Bulgaria, person (ЕГН): day of birth with the century in the month, weights 2, 4, 8, 5, 10, 9, 7, 3, 6, modulo 11. */
export function isBulgariaEgn(value: string): boolean {
  const digits = digitsOf(value, 10);
  if (!digits) return false;
  if (!isDay(toNumber(digits.slice(0, 2)), toNumber(digits.slice(2, 4)) % 20, toNumber(digits.slice(4, 6))))
    return false;
  return (weighted(digits, [2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11) % 10 === digits[9];
}

/** Croatia, person and organisation (OIB): 11 digits, MOD 11,10. */
export function isCroatiaOib(value: string): boolean {
  const digits = digitsOf(value, 11);
  return digits !== undefined && !isRepeated(digits) && passesMod11And10(digits);
}

/** Slovenia, Serbia and their neighbours, person (EMŠO, JMBG): day of birth, region, serial, weights 7 to 2 twice, modulo 11. */
export function isJmbg(value: string): boolean {
  const digits = digitsOf(value, 13);
  if (!digits) return false;
  const year = toNumber(digits.slice(4, 7));
  if (!isDay(year > 800 ? 1000 + year : 2000 + year, toNumber(digits.slice(2, 4)), toNumber(digits.slice(0, 2))))
    return false;
  const check = (11 - (weighted(digits, [7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11;
  return check < 10 && check === digits[12];
}

/** Russia, taxpayer (ИНН): 10 digits of an organisation with one check, 12 of a person with two, modulo 11. */
export function isRussiaInn(value: string): boolean {
  const digits = digitsOf(value, 10, 12);
  if (!digits || isRepeated(digits)) return false;
  const check = (weights: readonly number[]): number => (weighted(digits, weights) % 11) % 10;
  if (digits.length === 10) return digits[9] === check([2, 4, 10, 3, 5, 9, 4, 6, 8]);
  return (
    digits[10] === check([7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) && digits[11] === check([3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8])
  );
}

/** Russia, pension insurance (СНИЛС): nine digits weighted 9 to 1, modulo 101. */
export function isRussiaSnils(value: string): boolean {
  const digits = digitsOf(value, 11);
  if (!digits || isRepeated(digits)) return false;
  return (weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2, 1]) % 101) % 100 === toNumber(digits.slice(9));
}

/** Ukraine, taxpayer who is a person (РНОКПП): 10 digits, weights −1, 5, 7, 9, 4, 6, 10, 5, 7, modulo 11, modulo 10. */
export function isUkraineTaxNumber(value: string): boolean {
  const digits = digitsOf(value, 10);
  if (!digits || isRepeated(digits)) return false;
  return digits[9] === modulo(weighted(digits, [-1, 5, 7, 9, 4, 6, 10, 5, 7]), 11) % 10;
}
