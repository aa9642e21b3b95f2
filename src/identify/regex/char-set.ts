/** Code points from `from` to `to`, both among them. */
export type Span = readonly [from: number, to: number];

/** A set of code points: spans in order, none touching the next, so that equal sets are written alike. */
export type CharSet = readonly Span[];

export const LAST_POINT = 0x10_ffff;
export const NOTHING: CharSet = [];
export const EVERYTHING: CharSet = [[0, LAST_POINT]];

/** Of ASCII the same object each time: what is kept of it by `WeakMap`, as both its cases, is found again. */
export const single = (point: number): CharSet => ASCII[point] ?? [[point, point]];
const ASCII: readonly CharSet[] = Array.from({ length: 128 }, (_, point) => [[point, point]]);

/** The characters of a text. */
export const charsOf = (text: string): CharSet =>
  union([...text].map((character) => single(character.codePointAt(0) as number)));

/** All that are in one of them. */
export function union(sets: readonly CharSet[]): CharSet {
  const filled = sets.filter(({ length }) => length > 0);
  // Spans of one set need no merging where it came from here; those that did not are no longer than a handful.
  if (filled.length === 1 && (filled[0] as CharSet).length === 1) return filled[0] as CharSet;
  const spans = sets.flat().sort((a, b) => a[0] - b[0]);
  const merged: [number, number][] = [];
  for (const [from, to] of spans) {
    const last = merged.at(-1);
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

/** All that are not in it. */
export function complement(set: CharSet): CharSet {
  const spans: Span[] = [];
  let next = 0;
  for (const [from, to] of set) {
    if (from > next) spans.push([next, from - 1]);
    next = to + 1;
  }
  if (next <= LAST_POINT) spans.push([next, LAST_POINT]);
  return spans;
}

/** All that are in both. */
export function intersection(a: CharSet, b: CharSet): CharSet {
  const spans: Span[] = [];
  for (let [i, j] = [0, 0]; i < a.length && j < b.length; ) {
    const [x, y] = [a[i] as Span, b[j] as Span];
    const [from, to] = [Math.max(x[0], y[0]), Math.min(x[1], y[1])];
    if (from <= to) spans.push([from, to]);
    if (x[1] < y[1]) i++;
    else j++;
  }
  return spans;
}

export function overlap(a: CharSet, b: CharSet): boolean {
  for (let [i, j] = [0, 0]; i < a.length && j < b.length; ) {
    const [x, y] = [a[i] as Span, b[j] as Span];
    if (x[0] <= y[1] && y[0] <= x[1]) return true;
    if (x[1] < y[1]) i++;
    else j++;
  }
  return false;
}

/** Both cases of the letters of ASCII: what `(?i)` of Java adds where `(?u)` is off. */
export function bothCases(set: CharSet): CharSet {
  const capital = intersection(set, [[0x41, 0x5a]]).map(([from, to]): Span => [from + 32, to + 32]);
  const small = intersection(set, [[0x61, 0x7a]]).map(([from, to]): Span => [from - 32, to - 32]);
  return union([set, capital, small]);
}
