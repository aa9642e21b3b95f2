/**
 * Sum of Luhn (ISO/IEC 7812-1, annex B): every second digit from the right is doubled, of which the digits are added. Finds every
 * wrong digit and all neighbours swapped but 09 and 90.
 */
export function passesLuhn(digits: readonly number[]): boolean {
  let sum = 0;
  for (const [at, digit] of digits.toReversed().entries()) {
    const doubled = at % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** Digits weighted 3 and 1 in turn from the one left of the last, modulo 10 (GS1 General Specifications, 7.9). */
export function passesGs1(digits: readonly number[]): boolean {
  const sum = digits.toReversed().reduce((total, digit, at) => total + digit * (at % 2 === 1 ? 3 : 1), 0);
  return sum % 10 === 0;
}

/** Hybrid system MOD 11,10 of ISO/IEC 7064, the last digit being the check. */
export function passesMod11And10(digits: readonly number[]): boolean {
  let product = 10;
  for (const digit of digits.slice(0, -1)) {
    const sum = (product + digit) % 10 || 10;
    product = (sum * 2) % 11;
  }
  return (product + (digits.at(-1) ?? 0)) % 10 === 1;
}

/** MOD 97-10 of ISO/IEC 7064 over digits and letters (A = 10 … Z = 35): the remainder is 1. */
export function passesMod97(text: string): boolean {
  let rest = 0;
  for (const character of text) {
    const value = Number.parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

const DIHEDRAL = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  [1, 2, 3, 4, 0, 6, 7, 8, 9, 5],
  [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
  [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
  [4, 0, 1, 2, 3, 9, 5, 6, 7, 8],
  [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
  [6, 5, 9, 8, 7, 1, 0, 4, 3, 2],
  [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
  [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
  [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
] as const;
const PERMUTATION = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4] as const;

/** Check of J. Verhoeff (Error Detecting Decimal Codes, 1969): finds every wrong digit and all neighbours swapped. */
export function passesVerhoeff(digits: readonly number[]): boolean {
  let state = 0;
  for (const [at, digit] of digits.toReversed().entries()) {
    let permuted = digit;
    for (let round = 0; round < at % 8; round++) permuted = PERMUTATION[permuted] ?? 0;
    state = DIHEDRAL[state]?.[permuted] ?? 0;
  }
  return state === 0;
}
