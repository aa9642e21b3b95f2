import { safeText } from '../value-text.ts';
import { CUT, isBlank, LONGEST_PATTERN, patternOfPoints, pointsOf } from './alphabet.ts';
import { type GroupedValues, type Seen, standFor } from './grouped-values.ts';
import { GrowingShape, mergeRuns, type Outline, outlineOf, type Run } from './shapes.ts';

/** A part hands up so many patterns; a profile shows the first 20. */
export const MOST_PATTERNS = 100;
export const MOST_SHAPES = 40;

/** How many rows something has, with the variance of that where it was estimated, and how many more it may have in parts that did not name it. */
export interface Weighed {
  count: number;
  variance: number;
  missing: number;
}

export interface WeighedPattern extends Weighed {
  pattern: string;
  /** The first of the values in the order of their code units, cut as the pattern is. */
  sample: string;
  /** At each place the smallest and the largest character. */
  smallest: string;
  largest: string;
}

export interface WeighedShape extends Weighed {
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
  shapeless: Weighed;
}

interface PatternTally extends Seen {
  sample: string;
  smallest: number[];
  largest: number[];
  /** The shape of the first value of this pattern, and the places and characters of its symbols: with the pattern they make the shape. */
  outline: Outline | null;
  symbols: [at: number, point: number][];
}

/** Values of a column → its patterns. `filled`: rows that are neither null nor blank, where that is known. Pure. */
export function patternsOf(given: GroupedValues, filled: number | undefined): PatternsPart {
  const patterns = new Map<string, PatternTally>();
  const shapes = new Map<string, GrowingShape>();
  const all: Seen = { rows: 0, light: 0 };
  const shapeless: Seen = { rows: 0, light: 0 };
  for (const { text: value, rows, heavy } of given.values) {
    if (isBlank(value)) continue;
    const add = (seen: Seen): void => {
      if (heavy) seen.rows += rows;
      else seen.light += 1;
    };
    add(all);
    const points = pointsOf(value);
    const pattern = patternOfPoints(points);
    // As it will be stored, or the first of the parts would not be the first of the whole.
    const text = value.includes('\0') ? value.replaceAll('\0', '\ufffd') : value;
    const stored = text === value ? points : points.map((point) => (point === 0 ? 0xfffd : point));
    let tally = patterns.get(pattern);
    if (tally) widen(tally, text, stored);
    else {
      tally = {
        ...{ rows: 0, light: 0, sample: text, smallest: stored.slice(), largest: stored.slice() },
        ...{ outline: outlineOf(points), symbols: symbolsOf(pattern, points) },
      };
      patterns.set(pattern, tally);
    }
    add(tally);
    const outline = isAlike(tally, points) ? tally.outline : outlineOf(points);
    if (outline === null) add(shapeless);
    else {
      let shape = shapes.get(outline.key);
      if (shape) shape.add(points, outline.ends);
      else {
        shape = new GrowingShape(outline, points);
        shapes.set(outline.key, shape);
      }
      add(shape);
    }
  }
  const perLight = given.light === 0 ? 0 : given.lightRows / given.light;
  const rows = filled ?? Math.round(all.rows + perLight * all.light);
  const weigh = (seen: Seen): Weighed => {
    const { rows: count, variance } = standFor(seen, given, all, rows);
    // Whole numbers add up to the same in any order.
    return { count: Math.round(count), variance: Math.ceil(variance), missing: 0 };
  };
  const named = top(
    [...patterns].map(([pattern, tally]) => ({ pattern, tally, ...weigh(tally) })),
    MOST_PATTERNS,
    ({ pattern }) => pattern,
  );
  const shaped = top(
    [...shapes].map(([key, shape]) => ({ key, shape, ...weigh(shape) })),
    MOST_SHAPES,
    ({ key }) => key,
  );
  return {
    filled: rows,
    looked: given.all ? null : given.values.length,
    patterns: named.kept.map(({ pattern, tally, count, variance, missing }) => ({
      ...{ pattern, count, variance, missing, sample: sampleText(tally.sample) },
      smallest: textOfPoints(tally.smallest),
      largest: textOfPoints(tally.largest),
    })),
    floor: named.floor,
    shapes: shaped.kept.map(({ key, shape, ...weighed }) => ({ key, runs: shape.toRuns(), ...weighed })),
    shapeFloor: shaped.floor,
    shapeless: weigh(shapeless),
  };
}

/** Symbols and white space stand for themselves in a shape; all else stands for its letter in the pattern. */
function symbolsOf(pattern: string, points: readonly number[]): PatternTally['symbols'] {
  const symbols: PatternTally['symbols'] = [];
  for (let i = 0; i < pattern.length; i += 1)
    if (pattern[i] === 's' || pattern[i] === 'w') symbols.push([i, points[i] as number]);
  return symbols;
}

const isAlike = ({ symbols }: PatternTally, points: readonly number[]): boolean =>
  symbols.every(([at, point]) => points[at] === point);

const textOfPoints = (points: readonly number[]): string =>
  safeText(String.fromCodePoint(...points.slice(0, LONGEST_PATTERN)));

/** As long as a pattern. */
function sampleText(text: string): string {
  if (text.length <= LONGEST_PATTERN) return safeText(text);
  const points = [...text];
  return safeText(points.length > LONGEST_PATTERN ? `${points.slice(0, LONGEST_PATTERN).join('')}${CUT}` : text);
}

function widen(tally: PatternTally, text: string, points: readonly number[]): void {
  if (text < tally.sample) tally.sample = text;
  for (let i = 0; i < points.length; i += 1) {
    const point = points[i] as number;
    if (point < (tally.smallest[i] as number)) tally.smallest[i] = point;
    if (point > (tally.largest[i] as number)) tally.largest[i] = point;
  }
}

/** The first by count, then by key; and the largest count of those that are left out. One pass, for nearly all are left out at once. */
function top<T extends { count: number }>(
  all: Iterable<T>,
  most: number,
  keyOf: (item: T) => string,
): { kept: T[]; floor: number } {
  const compare = byCount(keyOf);
  const best: T[] = [];
  for (const item of all) {
    if (best.length > most && compare(item, best[most] as T) > 0) continue;
    let at = best.length;
    while (at > 0 && compare(item, best[at - 1] as T) < 0) at -= 1;
    best.splice(at, 0, item);
    best.length = Math.min(best.length, most + 1);
  }
  return { kept: best.slice(0, most), floor: best[most]?.count ?? 0 };
}

const byCount =
  <T extends { count: number }>(keyOf: (item: T) => string) =>
  (a: T, b: T): number => {
    const [x, y] = [keyOf(a), keyOf(b)];
    return b.count - a.count || (x < y ? -1 : x > y ? 1 : 0);
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
    shapeless: addWeighed(a.shapeless, b.shapeless),
  };
}

const addWeighed = (a: Weighed, b: Weighed): Weighed => ({
  count: a.count + b.count,
  variance: a.variance + b.variance,
  missing: a.missing + b.missing,
});

const mergeShape = (a: WeighedShape, b: WeighedShape): WeighedShape => ({
  key: a.key,
  runs: mergeRuns(a.runs, b.runs),
  ...addWeighed(a, b),
});

function mergePattern(a: WeighedPattern, b: WeighedPattern): WeighedPattern {
  const [smallest, largest] = [[...a.smallest], [...a.largest]];
  for (const [i, character] of [...b.smallest].entries()) if (isBefore(character, smallest[i])) smallest[i] = character;
  for (const [i, character] of [...b.largest].entries()) if (isBefore(largest[i], character)) largest[i] = character;
  return {
    pattern: a.pattern,
    ...addWeighed(a, b),
    sample: [a.sample, b.sample].sort()[0] as string,
    smallest: smallest.join(''),
    largest: largest.join(''),
  };
}

const isBefore = (a: string | undefined, b: string | undefined): boolean =>
  (a?.codePointAt(0) ?? 0) < (b?.codePointAt(0) ?? 0);

/** What only one part names may have as many rows more in the other as the other's floor. */
function mergeNamed<T extends Weighed>(
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
