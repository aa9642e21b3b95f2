/** Numbers that one task adds up. */
export const NUMBERS_PER_PART = 1_000;

/** Sum of the numbers `from` to `to` (exclusive) of a part. Small integers, so every order of adding gives the same sum. */
export function sumNumbers(item: number, part: number, from = 0, to = NUMBERS_PER_PART): number {
  let sum = 0;
  for (let n = from; n < to; n++) sum += (item * 7919 + part * 104_729 + n * 31) % 65_521;
  return sum;
}

/** What an undisturbed COUNT job must come to. */
export function expectedSum(items: number, partsPerItem = 1): number {
  let sum = 0;
  for (let item = 0; item < items; item++) {
    for (let part = 0; part < partsPerItem; part++) sum += sumNumbers(item, part);
  }
  return sum;
}
