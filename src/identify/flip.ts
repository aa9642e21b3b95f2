import { evaluateLogic, isTrue } from './logic/evaluate-logic.ts';
import { constantsOf, variablesOf } from './logic/variables-of.ts';
import type { Rule } from './method.ts';
import type { Flip, Score, Variable } from './verdict.ts';

/** From 0 to 1, and what a person can read as a change; counts come only where none of them flips. */
const SHARES: readonly Variable[] = [
  'similarity',
  'metadataScore',
  'profilePatternScore',
  'regexScore',
  'dictionarySimilarity',
];
const COUNTS: readonly Variable[] = [
  'columnCardinality',
  'intersectionCardinality',
  'dictionaryCardinality',
  'rowCount',
];
/** The places of a share that are looked at before the one is sought that lies between two of them. */
const STEPS = Array.from({ length: 101 }, (_, i) => i / 100);

/**
 * The smallest change of one score that turns the condition, the others staying as they are; where no score alone can, that of all together
 * (`together`); undefined where that does not either. Steps of 0.01 and the numbers of the condition are tried, then the edge is found by halving to 10⁻⁹: two edges
 * within one step would be missed.
 */
export function flipOf(rule: Rule, scores: Readonly<Record<Variable, Score>>, matched: boolean): Flip | undefined {
  const used = new Set([...variablesOf(rule.confidenceScore), ...variablesOf(rule.condition)]);
  const values = Object.fromEntries(Object.entries(scores).map(([name, { value }]) => [name, value]));
  const turned = (variable: Variable, at: number): boolean => {
    const changed = { ...values, [variable]: at };
    const confidenceScore = evaluateLogic(rule.confidenceScore, changed);
    return isTrue(evaluateLogic(rule.condition, { ...changed, confidenceScore })) !== matched;
  };
  const shares = SHARES.filter((name) => used.has(name)).map((name) =>
    edgeOf(name, scores[name].value, [...STEPS, ...constantsOf(rule.condition)].filter(within(1)), turned),
  );
  const known = nearest(shares);
  if (known) return known;
  const numbers = [...constantsOf(rule.condition)].flatMap((n) => [
    Math.floor(n),
    Math.ceil(n),
    Math.floor(n) + 1,
    Math.ceil(n) - 1,
  ]);
  const count = nearest(
    COUNTS.filter((name) => used.has(name)).map((name) =>
      countOf(name, scores[name].value, numbers.filter(within(Number.POSITIVE_INFINITY)), turned),
    ),
  );
  const moving = SHARES.filter((name) => used.has(name));
  return count ?? (moving.length > 1 ? together(rule, scores, matched, moving) : undefined);
}

/**
 * All scores at once: of what matched each loses the same part of itself, of what did not each gets the same part of what it lacks of 1.
 * Told by the confidence on this way, and where each score then is.
 */
function together(
  rule: Rule,
  scores: Readonly<Record<Variable, Score>>,
  matched: boolean,
  moving: readonly Variable[],
): Flip | undefined {
  const values = Object.fromEntries(Object.entries(scores).map(([name, { value }]) => [name, value]));
  const at = (part: number): Record<string, number> => {
    const moved = { ...values };
    for (const name of moving) {
      const { value } = scores[name];
      moved[name] = matched ? value * (1 - part) : value + (1 - value) * part;
    }
    return { ...moved, confidenceScore: evaluateLogic(rule.confidenceScore, moved) };
  };
  const turned = (changed: Record<string, number>): boolean =>
    isTrue(evaluateLogic(rule.condition, changed)) !== matched;
  const hit = STEPS.findIndex((part) => turned(at(part)));
  if (hit <= 0) return undefined;
  let [out, inside] = [STEPS[hit - 1] as number, STEPS[hit] as number];
  while (inside - out > 1e-10) {
    const middle = (out + inside) / 2;
    if (turned(at(middle))) inside = middle;
    else out = middle;
  }
  const edge = at(inside);
  const from = at(0).confidenceScore as number;
  const turnsAt = (confidenceScore: number): boolean => turned({ ...edge, confidenceScore });
  const to = tidy(edge.confidenceScore as number, at(out).confidenceScore as number, from, turnsAt);
  const each = moving.map((name) => `${name} ${shown(edge[name] as number)}`).join(', ');
  const text = `all scores together, the confidence from ${shown(from)} to ${reaching(to, to < from, turnsAt(to))} (${each})`;
  return { variable: 'confidenceScore', from, to, text };
}

const reaching = (to: number, down: boolean, reached: boolean): string =>
  reached ? `${shown(to)} or ${down ? 'less' : 'more'}` : `${down ? 'below' : 'above'} ${shown(to)}`;

const within =
  (most: number) =>
  (value: number): boolean =>
    value >= 0 && value <= most;

const nearest = (flips: readonly (Flip | undefined)[]): Flip | undefined =>
  flips
    .filter((flip) => flip !== undefined)
    .reduce<Flip | undefined>(
      (best, flip) => (!best || Math.abs(flip.to - flip.from) < Math.abs(best.to - best.from) ? flip : best),
      undefined,
    );

type Turned = (variable: Variable, at: number) => boolean;

function edgeOf(variable: Variable, from: number, places: readonly number[], turned: Turned): Flip | undefined {
  const byDistance = places.toSorted((a, b) => Math.abs(a - from) - Math.abs(b - from));
  const hit = byDistance.find((place) => turned(variable, place));
  if (hit === undefined) return undefined;
  const down = hit < from;
  // The last place on the way that does not turn it, and the first that does.
  let [out, inside] = [
    places
      .filter((p) => (down ? p < from && p > hit : p > from && p < hit))
      .reduce((a, b) => (down ? Math.min(a, b) : Math.max(a, b)), from),
    hit,
  ];
  for (let i = 0; i < 60 && Math.abs(out - inside) > 1e-9; i++) {
    const middle = (out + inside) / 2;
    if (turned(variable, middle)) inside = middle;
    else out = middle;
  }
  const to = tidy(inside, out, from, (place) => turned(variable, place));
  const reached = turned(variable, to);
  const words = reaching(to, down, reached);
  return { variable, from, to, text: `${variable} from ${shown(from)} to ${words}` };
}

/** The roundest number at the edge: 0.55, and not 0.5500000001; of one with many digits the next with four behind it. */
function tidy(inside: number, out: number, from: number, turns: (place: number) => boolean): number {
  for (const digits of [2, 3, 4]) {
    const round = Number(inside.toFixed(digits));
    const edge = Math.abs(round - inside) <= 2e-9 || Math.abs(round - out) <= 2e-9;
    if (edge && round !== from) return round;
  }
  const next = (inside < from ? Math.floor(inside * 1e4) : Math.ceil(inside * 1e4)) / 1e4;
  return turns(next) ? next : inside;
}

/** Counts are whole: the numbers of the condition and their neighbours are all the edges there can be, of a plain comparison. */
function countOf(variable: Variable, from: number, places: readonly number[], turned: Turned): Flip | undefined {
  const hit = places
    .toSorted((a, b) => Math.abs(a - from) - Math.abs(b - from))
    .find((place) => place !== from && turned(variable, place));
  if (hit === undefined) return undefined;
  return {
    variable,
    from,
    to: hit,
    text: `${variable} from ${shown(from)} to ${shown(hit)} or ${hit < from ? 'less' : 'more'}`,
  };
}

/** At least two digits behind the point of a share, as 0.80. */
function shown(value: number): string {
  if (Number.isInteger(value) && value > 1) return String(value);
  const text = String(Number(value.toFixed(4)));
  return /\.\d\d/.test(text) ? text : value.toFixed(2);
}
