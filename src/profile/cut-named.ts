/** How many rows something that is named has, and how many more it may have in parts that did not name it. */
interface Named {
  count: number;
  missing: number;
}

/**
 * The first of what is named, which stands most first.
 *
 * @param floor no more rows than that has what is not named
 * @returns the floor with what was left out
 */
export function cutNamed<T extends Named>(
  named: readonly T[],
  floor: number,
  most: number,
): { kept: T[]; floor: number } {
  const left = named.slice(most).map(({ count, missing }) => count + missing);
  return { kept: named.slice(0, most), floor: Math.max(floor, ...left) };
}
