import type { LengthsPart } from '../measures/lengths.ts';
import type { ColumnPart } from '../part.ts';

/** What a part of a table knows of the paths within one of its columns. */
export interface PathsPart {
  /** In the order of their texts. */
  paths: PathPart[];
  /** Paths that were found and not measured; what lies below them is not named. */
  leftOut: string[];
  /** More were left out than are named: nothing may be said of a path that is not among `paths`. */
  leftOutMore: boolean;
  /** Nothing but the values themselves says that they are JSON. */
  guessed?: boolean;
}

/** Of a column whose paths could not be measured: nothing may be said of any. */
export const NO_PATHS: PathsPart = { paths: [], leftOut: [], leftOutMore: true };

export interface PathPart {
  path: string;
  /** Values of this path, nulls among them: elements of all arrays, objects that have the key. */
  rows: number;
  nonNull: number;
  /** Rows of the table with at least one such value. */
  presentIn: number;
  /** Of JSON: values by their type, in the words of JSON. */
  types?: Record<string, number>;
  /** Of `[]` and `{}`: lengths of the arrays and maps whose elements these are. */
  lengths?: LengthsPart;
  /** The figures of its values; absent where all are objects or arrays, whose paths are listed for themselves. */
  values?: ColumnPart;
}

/** Most paths that a profile keeps of one column. */
export const MOST_PATHS = 200;
/** Most names of paths that were left out. */
export const MOST_NAMED = 1_000;
/** What lies more steps below its column is measured as text. */
export const DEEPEST = 16;

export const sortPaths = <T extends { path: string }>(paths: readonly T[]): T[] =>
  [...paths].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));

/**
 * Two parts of a column as one. A path that one part does not know had no value there. A path that one part knows and the other
 * left out is left out, and so is all below an object that was taken for a map in one part only. Commutes.
 */
export function mergePaths(
  a: PathsPart,
  b: PathsPart,
  mergeValues: (a: ColumnPart, b: ColumnPart) => ColumnPart,
  mergeLengths: (a: LengthsPart, b: LengthsPart) => LengthsPart,
): PathsPart {
  const leftOut = new Set([...a.leftOut, ...b.leftOut, ...clashes(a, b), ...clashes(b, a)]);
  const right = new Map(b.paths.map((one) => [one.path, one]));
  const left = new Set(a.paths.map(({ path }) => path));
  const paths: PathPart[] = [];
  const keep = (one: PathPart, other: PathPart | undefined, part: PathsPart): void => {
    if (leftOut.has(one.path) || [...leftOut].some((path) => isBelow(one.path, path))) leftOut.add(one.path);
    else if (other) paths.push(mergePath(one, other, mergeValues, mergeLengths));
    else if (part.leftOutMore) leftOut.add(one.path);
    else paths.push(one);
  };
  for (const one of a.paths) keep(one, right.get(one.path), b);
  for (const one of b.paths) if (!left.has(one.path)) keep(one, undefined, a);
  const sorted = sortPaths(paths);
  for (const { path } of sorted.slice(MOST_PATHS)) leftOut.add(path);
  const named = [...leftOut].sort();
  return {
    paths: sorted.slice(0, MOST_PATHS),
    leftOut: named.slice(0, MOST_NAMED),
    leftOutMore: a.leftOutMore || b.leftOutMore || named.length > MOST_NAMED,
    ...(a.guessed || b.guessed ? { guessed: true } : {}),
  };
}

/** Whether `path` goes on where `above` ends. */
const isBelow = (path: string, above: string): boolean =>
  path.startsWith(above) && /^[.[{]/.test(path.slice(above.length));

/** Objects that `a` took for maps, and of which `b` lists the keys. */
const clashes = (a: PathsPart, b: PathsPart): string[] =>
  a.paths
    .filter(({ path }) => path.endsWith('{}'))
    .map(({ path }) => path.slice(0, -2))
    .filter((map) => b.paths.some(({ path }) => /^(\.|\[')/.test(path.slice(map.length)) && path.startsWith(map)));

function mergePath(
  a: PathPart,
  b: PathPart,
  mergeValues: (a: ColumnPart, b: ColumnPart) => ColumnPart,
  mergeLengths: (a: LengthsPart, b: LengthsPart) => LengthsPart,
): PathPart {
  // A part without a value says nothing of the type, either. Values in one part and objects in the other have no figures together.
  const values =
    a.nonNull === 0 || b.nonNull === 0
      ? (a.nonNull === 0 ? b : a).values
      : a.values && b.values && mergeValues(a.values, b.values);
  const types = a.types || b.types ? addUp(a.types ?? {}, b.types ?? {}) : undefined;
  return {
    path: a.path,
    rows: a.rows + b.rows,
    nonNull: a.nonNull + b.nonNull,
    presentIn: a.presentIn + b.presentIn,
    ...(types ? { types } : {}),
    ...(a.lengths && b.lengths ? { lengths: mergeLengths(a.lengths, b.lengths) } : {}),
    ...(values ? { values } : {}),
  };
}

function addUp(a: Record<string, number>, b: Record<string, number>): Record<string, number> {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
  return Object.fromEntries(names.map((name) => [name, (a[name] ?? 0) + (b[name] ?? 0)]));
}
