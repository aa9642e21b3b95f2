/**
 * Characters that were seen in one place: each of them while there are few, else the smallest and the largest. One text, so
 * that parts stay small: the characters in order, or after U+0000 the two ends. `''` is the empty set.
 */
export type CharSet = string;

const RANGE = '\u0000';
/** So many different characters are named. */
export const MOST_CHARACTERS = 12;

export const singleton = (point: number): CharSet => String.fromCodePoint(point === 0 ? 0xfffd : point);

export const isRange = (set: CharSet): boolean => set.startsWith(RANGE);

/** The named characters of a set, or its two ends, as code points. */
export const membersOf = (set: CharSet): number[] =>
  [...(isRange(set) ? set.slice(1) : set)].map((character) => character.codePointAt(0) as number);

/** Commutes, associates, and a set added to itself is itself. */
export function union(a: CharSet, b: CharSet): CharSet {
  if (a === b || b === '') return a;
  if (a === '') return b;
  const members = [...new Set([...membersOf(a), ...membersOf(b)])].sort((x, y) => x - y);
  if (!isRange(a) && !isRange(b) && members.length <= MOST_CHARACTERS) return String.fromCodePoint(...members);
  return RANGE + String.fromCodePoint(members[0] as number, members.at(-1) as number);
}

/** `union(set, singleton(point))`, quick where the character is known, as nearly always. */
export function include(set: CharSet, point: number): CharSet {
  if (set.charCodeAt(0) !== 0) {
    const character = String.fromCodePoint(point);
    return point !== 0 && set.includes(character) ? set : union(set, singleton(point));
  }
  const [low = 0, high = 0] = membersOf(set);
  return low <= point && point <= high ? set : union(set, singleton(point));
}
