import { type Figure, unknown } from '../figure.ts';
import { union } from './char-set.ts';
import { intervalOf } from './finish-patterns.ts';
import { addSpreads, type Spread, varianceOf } from './grouped-values.ts';
import type { Counted, PatternsPart, WeighedShape } from './patterns-part.ts';
import { escapeText, type MergedRun, quantifier, strictRun, tokenOf } from './regex-text.ts';

/** A regular expression that a column's values follow, as RE2, Java and JavaScript (with the flag `u`) all understand it. */
export interface RegexFigure {
  strictness: 'loose' | 'moderate' | 'strict';
  regex: string;
  /** Share of the rows that are not null whose value matches, 0 to 1. */
  coverage: number;
  /** 95 % interval of the coverage; absent where that is exact. */
  low?: number;
  high?: number;
}

/** More alternatives than this are a list, not a rule. */
const MOST_ALTERNATIVES = 3;
/** An alternative for fewer values than this is one for their mistakes. */
const FEWEST = 0.02;
const ENOUGH = 0.99;
/** Below, the values follow no rule. */
const LEAST_COVERAGE = 0.5;

/** How much shapes are drawn together: not at all, letters of either case, or letters and digits. */
type Level = 0 | 1 | 2;

interface Group extends Counted, Spread {
  runs: MergedRun[];
}

/**
 * Three expressions from the shapes of a column's values. Strict ones name the characters of places where there are few and the
 * lengths that were seen; moderate ones name classes and lengths; loose ones draw letters together and leave varying lengths open.
 * A value has one shape, so the coverage is a sum of counts.
 */
export function suggestRegexes(part: PatternsPart, nonNull: number): Figure<RegexFigure[]> {
  if (part.filled === 0) return unknown('there is no value that is neither null nor blank');
  const fine = choose(part, 0);
  const letters = choose(part, 1);
  const words = choose(part, 2);
  const loose = coverage(letters) >= 0.95 * part.filled ? letters : words;
  const enough = (groups: readonly Group[]): boolean => coverage(groups) >= LEAST_COVERAGE * part.filled;
  if (!enough(loose)) {
    const percent = Math.floor((100 * coverage(words)) / part.filled);
    if (words.length === 0)
      return unknown('free text: none of its shapes (runs of letters, digits and symbols) is that of many values');
    return unknown(
      `free text: its ${words.length} most common shapes (runs of letters, digits and symbols) cover only ${percent} % of the values`,
    );
  }
  const levels: [RegexFigure['strictness'], Group[], Level, (run: MergedRun) => string][] = [
    ['loose', loose, loose === letters ? 1 : 2, looseRun],
    ['moderate', enough(fine) ? fine : loose, enough(fine) ? 0 : loose === letters ? 1 : 2, moderateRun],
    ...(enough(fine)
      ? [['strict', fine, 0, strictRun] as [RegexFigure['strictness'], Group[], Level, (run: MergedRun) => string]]
      : []),
  ];
  const named = part.shapes.reduce((sum, { count }) => sum + count, 0);
  const suggestions = levels.map(([strictness, groups, level, write]): RegexFigure & { sure: boolean } => {
    const alternatives = groups.map(({ runs }) => runs.map(write).join(''));
    const body = alternatives.length === 1 ? alternatives[0] : `(?:${alternatives.join('|')})`;
    const count = coverage(groups);
    // What is not named has another shape, but drawn together it may be one of these.
    const hidden = level === 0 || part.shapeFloor === 0 ? 0 : Math.max(part.filled - named - part.shapeless.count, 0);
    const missing =
      groups.reduce((sum, group) => sum + group.missing, 0) + hidden + (level === 0 ? 0 : part.shapeless.count);
    const variance = varianceOf(groups.reduce<Spread>(addSpreads, { byRows: 0, byValues: 0 }), part.spread);
    const sure = part.looked === null && missing === 0;
    const { low, high } = intervalOf({ count, variance, missing }, part.filled, part.looked);
    const share = (rows: number): number => (nonNull === 0 ? 0 : Math.min(rows / nonNull, 1));
    return {
      ...{ strictness, regex: `^${body}$`, coverage: share(count), sure },
      ...(sure ? {} : { low: share(low), high: share(high) }),
    };
  });
  const value = suggestions.map(({ sure: _, ...suggestion }) => suggestion);
  return suggestions.every(({ sure }) => sure) ? { value, basis: 'exact' } : { value, basis: 'estimate' };
}

const coverage = (groups: readonly Group[]): number => groups.reduce((sum, { count }) => sum + count, 0);

/** The most frequent shapes, drawn together, as many as are worth an alternative. */
function choose(part: PatternsPart, level: Level): Group[] {
  const groups = new Map<string, Group>();
  for (const shape of part.shapes) {
    // Control characters have no class that all three languages know.
    if (shape.runs.some(({ of }) => of === 'c')) continue;
    const runs = drawTogether(shape, level);
    const key = runs.map(({ of }) => (typeof of === 'string' ? of : `'${of.symbol}`)).join(' ');
    const known = groups.get(key);
    if (known) {
      known.count += shape.count;
      Object.assign(known, addSpreads(known, shape));
      known.missing += shape.missing;
      known.runs = known.runs.map((run, i) => widest(run, runs[i] as MergedRun));
    } else {
      const { count, missing, byRows, byValues } = shape;
      groups.set(key, { count, missing, byRows, byValues, runs });
    }
  }
  const sorted = [...groups].sort(([a, x], [b, y]) => y.count - x.count || (a < b ? -1 : 1)).map(([, group]) => group);
  const chosen: Group[] = [];
  for (const group of sorted) {
    if (chosen.length === MOST_ALTERNATIVES || coverage(chosen) >= ENOUGH * part.filled) break;
    if (chosen.length > 0 && group.count < FEWEST * part.filled) break;
    chosen.push(group);
  }
  return chosen;
}

const LETTERS = new Set<unknown>(['A', 'a']);
const WORDS = new Set<unknown>(['A', 'a', 'd', 'L']);

/** Neighbouring runs of one wider class become one run. */
function drawTogether({ runs }: WeighedShape, level: Level): MergedRun[] {
  if (level === 0) return runs.map((run) => ({ ...run }));
  const together: MergedRun[] = [];
  for (const { of, least, most, chars } of runs) {
    const wider = level === 1 ? (LETTERS.has(of) ? 'letters' : of) : WORDS.has(of) ? 'words' : of;
    const last = together.at(-1);
    if (last && last.of === wider) {
      last.least += least;
      last.most += most;
      last.chars = union(last.chars ?? '', chars ?? '');
    } else together.push({ of: wider, least, most, ...(chars === undefined ? {} : { chars }) });
  }
  return together;
}

const widest = (a: MergedRun, b: MergedRun): MergedRun => ({
  of: a.of,
  least: Math.min(a.least, b.least),
  most: Math.max(a.most, b.most),
  ...(a.chars === undefined ? {} : { chars: union(a.chars, b.chars ?? '') }),
});

const written = (run: MergedRun): string => (typeof run.of === 'object' ? escapeText(run.of.symbol) : tokenOf(run));
const moderateRun = (run: MergedRun): string => written(run) + quantifier(run.least, run.most);
const looseRun = (run: MergedRun): string =>
  written(run) + (run.least === run.most ? quantifier(run.least, run.most) : '+');
