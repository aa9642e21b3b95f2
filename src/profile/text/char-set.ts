/**
 * Characters that were seen in one place: each of them while there are few, else the smallest and the largest. One text, so
 * that parts stay small: the characters in order, or after U+0000 the two ends. `''` is the empty set.
 */
export type CharSet = string;

const RANGE = '\u0000';
/** So many different characters are named. */
export const MOST_CHARACTERS = 12;

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

/** A set that grows by one character at a time, without making a text of each step. */
export class GrowingSet {
  /** In no order; undefined once there are too many to be named. */
  #members: number[] | undefined;
  #low: number;
  #high: number;

  constructor(point: number) {
    const first = point === 0 ? 0xfffd : point;
    this.#members = [first];
    this.#low = first;
    this.#high = first;
  }

  /** U+0000 becomes U+FFFD, for it stands for a range. */
  add(point: number): void {
    if (this.#members === undefined) {
      if (this.#low <= point && point <= this.#high) return;
    } else if (this.#members.includes(point)) return;
    const next = point === 0 ? 0xfffd : point;
    if (next < this.#low) this.#low = next;
    if (next > this.#high) this.#high = next;
    if (this.#members === undefined || this.#members.includes(next)) return;
    if (this.#members.length < MOST_CHARACTERS) this.#members.push(next);
    else this.#members = undefined;
  }

  toSet(): CharSet {
    if (this.#members === undefined) return RANGE + String.fromCodePoint(this.#low, this.#high);
    return String.fromCodePoint(...this.#members.sort((a, b) => a - b));
  }
}

/** Several sets that grow, of characters that are nearly all ASCII: those are marked by a bit each. */
export class GrowingSets {
  readonly #ascii: Int32Array;
  readonly #others: (GrowingSet | undefined)[] = [];

  constructor(sets: number) {
    this.#ascii = new Int32Array(sets * 4);
  }

  add(set: number, point: number): void {
    if (point > 0x7f || point === 0) {
      const others = this.#others[set];
      if (others) others.add(point);
      else this.#others[set] = new GrowingSet(point);
      return;
    }
    const word = set * 4 + (point >> 5);
    this.#ascii[word] = (this.#ascii[word] as number) | (1 << (point & 31));
  }

  toSet(set: number): CharSet {
    const points: number[] = [];
    for (let word = 0; word < 4; word += 1)
      for (let bits = this.#ascii[set * 4 + word] as number; bits !== 0; bits &= bits - 1)
        points.push(32 * word + 31 - Math.clz32(bits & -bits));
    const named = points.length <= MOST_CHARACTERS;
    const ascii = named
      ? String.fromCharCode(...points)
      : RANGE + String.fromCharCode(points[0] as number, points.at(-1) as number);
    return union(ascii, this.#others[set]?.toSet() ?? '');
  }
}
