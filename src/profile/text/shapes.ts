import { LONGEST_PATTERN, type PatternClass } from './alphabet.ts';
import { type CharSet, GrowingSets, union } from './char-set.ts';

/**
 * The shape of a value: its pattern with runs drawn together, and symbols as they are. `KA-12345` and `KB-7` are both
 * `A+`, `-`, `d+`. A value has one shape, so how many values a regular expression made of shapes matches is a sum of counts.
 */
export interface Run {
  /** A letter of the alphabet, or the symbol or white space itself. */
  of: PatternClass | { symbol: string };
  least: number;
  most: number;
  /** All characters of the run. Absent for symbols. */
  chars?: CharSet;
  /** The characters at its first places, as many as every value has, at most 12. Absent for symbols and for late runs. */
  head?: CharSet[];
}

/** More runs than this are no shape: prose, lists, documents. */
export const MOST_RUNS = 16;
const HEAD = 12;
/** Only the first few runs keep their places, so that a shape stays within some hundred bytes. */
const RUNS_WITH_HEAD = 5;

/** Marks of symbols and white space are their code points and this, those of all else their letters. */
export const SYMBOLS = 256;

/** Room for the key of a shape of symbols of one byte each. */
const KEY = Buffer.alloc(2 * MOST_RUNS);
const QUOTE = "'".charCodeAt(0);

/**
 * The key of the shape of a value by its marks: letters, and symbols with a quote in front, so that no two are alike. Undefined
 * for what is empty, too long or too diverse to have one.
 */
export function shapeKeyOf(marks: Int32Array, length: number): string | undefined {
  if (length > LONGEST_PATTERN || length === 0) return undefined;
  let [runs, at] = [0, 0];
  let isPlain = true;
  for (let i = 0; i < length; i += 1) {
    const mark = marks[i] as number;
    if (i > 0 && mark === marks[i - 1]) continue;
    if (runs === MOST_RUNS) return undefined;
    runs += 1;
    if (mark >= SYMBOLS) KEY[at++] = QUOTE;
    isPlain &&= mark < SYMBOLS + 256;
    KEY[at++] = mark & 255;
  }
  // A text made of bytes takes a third of the time.
  return isPlain ? KEY.toString('latin1', 0, at) : longKeyOf(marks, length);
}

function longKeyOf(marks: Int32Array, length: number): string {
  let key = '';
  for (let i = 0; i < length; i += 1) {
    const mark = marks[i] as number;
    if (i === 0 || mark !== marks[i - 1])
      key += mark < SYMBOLS ? String.fromCharCode(mark) : `'${String.fromCodePoint(mark - SYMBOLS)}`;
  }
  return key;
}

/** The runs that a key names. */
function runsOf(key: string): Run['of'][] {
  const points = [...key];
  const runs: Run['of'][] = [];
  for (let i = 0; i < points.length; i += 1)
    runs.push(points[i] === "'" ? { symbol: points[++i] as string } : (points[i] as PatternClass));
  return runs;
}

/** Runs of values of one shape, while they are counted. */
export class GrowingShape {
  readonly #runs: GrowingRun[];
  readonly #sets: GrowingSets;

  constructor(key: string) {
    let [classes, sets] = [0, 0];
    this.#runs = runsOf(key).map((of) => {
      const run: GrowingRun = { of, least: Number.POSITIVE_INFINITY, most: 0, chars: -1 };
      if (typeof of !== 'string') return run;
      run.chars = sets++;
      if (classes++ >= RUNS_WITH_HEAD) return run;
      run.heads = HEAD;
      sets += HEAD;
      return run;
    });
    this.#sets = new GrowingSets(sets);
  }

  /** Takes in the characters of a value of this shape. */
  add(points: Int32Array, marks: Int32Array, length: number): void {
    const sets = this.#sets;
    let from = 0;
    for (const run of this.#runs) {
      const mark = marks[from];
      let places = 0;
      for (; from + places < length && marks[from + places] === mark; places += 1) {
        if (run.chars < 0) continue;
        const point = points[from + places] as number;
        sets.add(run.chars, point);
        if (run.heads !== undefined && places < run.heads) sets.add(run.chars + 1 + places, point);
      }
      if (places < run.least) run.least = places;
      if (places > run.most) run.most = places;
      if (run.heads !== undefined && places < run.heads) run.heads = places;
      from += places;
    }
  }

  toRuns(): Run[] {
    return this.#runs.map(({ of, least, most, chars, heads }) => ({
      ...{ of, least, most },
      ...(chars < 0 ? {} : { chars: this.#sets.toSet(chars) }),
      ...(heads === undefined
        ? {}
        : { head: Array.from({ length: heads }, (_, at) => this.#sets.toSet(chars + 1 + at)) }),
    }));
  }
}

interface GrowingRun extends Pick<Run, 'of' | 'least' | 'most'> {
  /** The number of its set of characters; those of its first places follow. −1: none. */
  chars: number;
  /** Places that every value has, where they are kept. */
  heads?: number;
}

/** Two values' runs of the same shape as one. Commutes and associates. */
export const mergeRuns = (a: readonly Run[], b: readonly Run[]): Run[] =>
  a.map((left, i) => mergeRun(left, b[i] as Run));

function mergeRun(a: Run, b: Run): Run {
  const run: Run = { of: a.of, least: Math.min(a.least, b.least), most: Math.max(a.most, b.most) };
  if (a.chars !== undefined && b.chars !== undefined) run.chars = union(a.chars, b.chars);
  if (a.head && b.head) {
    const places = Math.min(a.head.length, b.head.length);
    run.head = a.head.slice(0, places).map((set, i) => union(set, b.head?.[i] ?? ''));
  }
  return run;
}
