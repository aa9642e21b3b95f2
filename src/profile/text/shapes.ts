import { classOf, LONGEST_PATTERN, type PatternClass } from './alphabet.ts';
import { type CharSet, GrowingSet, union } from './char-set.ts';
import type { Seen } from './grouped-values.ts';

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

/** The key of a value's shape and where its runs end. */
export interface Outline {
  key: string;
  ends: number[];
}

/** Null for what is empty, too long or too diverse to have one. */
export function outlineOf(points: readonly number[]): Outline | null {
  if (points.length > LONGEST_PATTERN || points.length === 0) return null;
  const ends: number[] = [];
  let key = '';
  for (let i = 0; i < points.length; ) {
    if (ends.length === MOST_RUNS) return null;
    const first = points[i] as number;
    const name = nameOf(first);
    i += 1;
    while (i < points.length && (points[i] === first || nameOf(points[i] as number) === name)) i += 1;
    ends.push(i);
    key += name;
  }
  return { key, ends };
}

/** Runs of values of one shape, while they are counted. */
export class GrowingShape implements Seen {
  readonly key: string;
  rows = 0;
  light = 0;
  readonly #runs: GrowingRun[];

  constructor({ key, ends }: Outline, points: readonly number[]) {
    this.key = key;
    let classes = 0;
    this.#runs = ends.map((end, i) => {
      const from = ends[i - 1] ?? 0;
      const name = nameOf(points[from] as number);
      const length = end - from;
      if (name.length > 1) return { of: { symbol: name.slice(1) }, least: length, most: length };
      classes += 1;
      const head = classes <= RUNS_WITH_HEAD ? points.slice(from, Math.min(end, from + HEAD)) : undefined;
      return {
        of: name as PatternClass,
        least: length,
        most: length,
        chars: new GrowingSet(points[from] as number),
        ...(head ? { head: head.map((point) => new GrowingSet(point)) } : {}),
      };
    });
    this.add(points, ends);
  }

  /** Takes in the characters of a value with the same key. */
  add(points: readonly number[], ends: readonly number[]): void {
    let from = 0;
    for (let i = 0; i < ends.length; i += 1) {
      const run = this.#runs[i] as GrowingRun;
      const end = ends[i] as number;
      const length = end - from;
      if (length < run.least) run.least = length;
      if (length > run.most) run.most = length;
      if (run.chars) for (let at = from; at < end; at += 1) run.chars.add(points[at] as number);
      if (run.head) {
        if (run.head.length > length) run.head.length = length;
        for (let at = 0; at < run.head.length; at += 1) (run.head[at] as GrowingSet).add(points[from + at] as number);
      }
      from = end;
    }
  }

  toRuns(): Run[] {
    return this.#runs.map(({ of, least, most, chars, head }) => ({
      ...{ of, least, most },
      ...(chars ? { chars: chars.toSet() } : {}),
      ...(head ? { head: head.map((set) => set.toSet()) } : {}),
    }));
  }
}

interface GrowingRun extends Pick<Run, 'of' | 'least' | 'most'> {
  chars?: GrowingSet;
  head?: GrowingSet[];
}

/** `A`, `d`, … for classes; symbols and white space are named by themselves, with a mark in front so that no two names are alike. */
function nameOf(point: number): string {
  const known = NAMES.get(point);
  if (known !== undefined) return known;
  const of = classOf(point);
  const name = of === 's' || of === 'w' ? `'${String.fromCodePoint(point)}` : of;
  if (point < 0x3000) NAMES.set(point, name);
  return name;
}
const NAMES = new Map<number, string>();

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
