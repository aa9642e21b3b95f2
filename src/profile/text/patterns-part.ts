import { cutNamed } from '../cut-named.ts';
import { addSpreads, type Spread } from './grouped-values.ts';
import { mergeRuns, type Run } from './shapes.ts';

/** A part hands up so many patterns; a profile shows the first 20. */
export const MOST_PATTERNS = 100;
export const MOST_SHAPES = 40;

/** How many rows something has, and how many more it may have in parts that did not name it. */
export interface Counted {
  count: number;
  missing: number;
}

/** With the variance of the count, where that was estimated. */
export interface Weighed extends Counted {
  variance: number;
}

export interface WeighedPattern extends Weighed {
  pattern: string;
  /** The first of the values in the order of their code units, cut as the pattern is. */
  sample: string;
  /** At each place the smallest and the largest character. */
  smallest: string;
  largest: string;
}

export interface WeighedShape extends Counted, Spread {
  key: string;
  runs: Run[];
}

/** The most frequent patterns and shapes. What is not named has at most `floor` rows; 0 when all are. Nulls and blanks have none. */
export interface PatternsPart {
  /** Rows that are neither null nor blank. */
  filled: number;
  /** Values that were looked at, where those are not all. */
  looked: number | null;
  patterns: WeighedPattern[];
  floor: number;
  shapes: WeighedShape[];
  /** Of the rows whose values have a shape; others have `shapeless` rows. */
  shapeFloor: number;
  shapeless: Counted;
  /** Of all shapes and what has none. */
  spread: Spread;
}

const byCount =
  <T extends { count: number }>(keyOf: (item: T) => string) =>
  (a: T, b: T): number => {
    if (a.count !== b.count) return b.count - a.count;
    const [x, y] = [keyOf(a), keyOf(b)];
    return x < y ? -1 : x > y ? 1 : 0;
  };

/** Names everything that either part names, so that merging associates; the profile shows the first of them. */
export function mergePatterns(a: PatternsPart, b: PatternsPart): PatternsPart {
  return {
    filled: a.filled + b.filled,
    looked: a.looked === null && b.looked === null ? null : (a.looked ?? 0) + (b.looked ?? 0),
    patterns: mergeNamed(a.patterns, b.patterns, a.floor, b.floor, ({ pattern }) => pattern, mergePattern),
    floor: a.floor + b.floor,
    shapes: mergeNamed(a.shapes, b.shapes, a.shapeFloor, b.shapeFloor, ({ key }) => key, mergeShape),
    shapeFloor: a.shapeFloor + b.shapeFloor,
    shapeless: addCounted(a.shapeless, b.shapeless),
    spread: addSpreads(a.spread, b.spread),
  };
}

/** Of a part that grows run by run so many patterns stay named, and so many shapes. */
const MOST_KEPT = 5 * MOST_PATTERNS;

export function compactPatterns(part: PatternsPart): PatternsPart {
  const patterns = cutNamed(part.patterns, part.floor, MOST_KEPT);
  const shapes = cutNamed(part.shapes, part.shapeFloor, MOST_KEPT);
  return {
    ...part,
    ...{ patterns: patterns.kept, floor: patterns.floor },
    ...{ shapes: shapes.kept, shapeFloor: shapes.floor },
  };
}

const addCounted = (a: Counted, b: Counted): Counted => ({ count: a.count + b.count, missing: a.missing + b.missing });

const mergeShape = (a: WeighedShape, b: WeighedShape): WeighedShape => ({
  key: a.key,
  runs: mergeRuns(a.runs, b.runs),
  ...addCounted(a, b),
  ...addSpreads(a, b),
});

function mergePattern(a: WeighedPattern, b: WeighedPattern): WeighedPattern {
  const [smallest, largest] = [[...a.smallest], [...a.largest]];
  for (const [i, character] of [...b.smallest].entries()) if (isBefore(character, smallest[i])) smallest[i] = character;
  for (const [i, character] of [...b.largest].entries()) if (isBefore(largest[i], character)) largest[i] = character;
  return {
    pattern: a.pattern,
    ...addCounted(a, b),
    variance: a.variance + b.variance,
    sample: [a.sample, b.sample].sort()[0] as string,
    smallest: smallest.join(''),
    largest: largest.join(''),
  };
}

const isBefore = (a: string | undefined, b: string | undefined): boolean =>
  (a?.codePointAt(0) ?? 0) < (b?.codePointAt(0) ?? 0);

/** What only one part names may have as many rows more in the other as the other's floor. */
function mergeNamed<T extends Counted>(
  a: readonly T[],
  b: readonly T[],
  floorOfA: number,
  floorOfB: number,
  keyOf: (item: T) => string,
  merge: (a: T, b: T) => T,
): T[] {
  const others = new Map(b.map((item) => [keyOf(item), item]));
  const merged = a.map((item) => {
    const other = others.get(keyOf(item));
    others.delete(keyOf(item));
    return other ? merge(item, other) : { ...item, missing: item.missing + floorOfB };
  });
  for (const item of others.values()) merged.push({ ...item, missing: item.missing + floorOfA });
  return merged.sort(byCount(keyOf));
}
