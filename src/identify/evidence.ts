import { isBlank, patternOf } from '../profile/text/alphabet.ts';
import type { ColumnFacts } from './column-facts.ts';
import { confidenceOf } from './confidence.ts';
import { factorsOf } from './factors.ts';
import { flipOf } from './flip.ts';
import type { Answers, Ingredients } from './ingredients.ts';
import { rangeOfLogic, truthOfRange } from './logic/range-of-logic.ts';
import type { Method, Rule } from './method.ts';
import type { Evidence, Score, Variable } from './verdict.ts';

export const MOST_MATCHED = 10;
export const MOST_UNMATCHED = 5;
/** As long as a value is shown, in characters. */
const LONGEST_VALUE = 200;

/** How a rule came to its verdict, as it is kept: pure, and the same for the same facts. */
export function evidenceOf(
  method: Method,
  facts: ColumnFacts,
  answers: Answers,
  ingredients: Ingredients,
  told: { rule: number; matched: boolean },
): Evidence {
  const rule = method.rules[told.rule] as Rule;
  const scores = { ...ingredients.scores, confidenceScore: confidenceOf(rule, ingredients.scores) };
  const { matched, unmatched } = knownValues(facts, answers, ingredients);
  const flip = flipOf(rule, scores, told.matched);
  return {
    methodId: method.id,
    methodName: method.name,
    methodVersion: method.version,
    profileId: facts.profileId,
    profiledAt: facts.profiledAt,
    rule: told.rule,
    confidence: withinOne(scores.confidenceScore),
    factors: factorsOf(rule, scores),
    ...(answers.alias ? { alias: { nameRegex: answers.alias.nameRegex, score: answers.alias.score } } : {}),
    matched: matched.slice(0, MOST_MATCHED).map(shortened),
    unmatched: unmatched.slice(0, MOST_UNMATCHED).map(shortened),
    ...(flip ? { flip } : {}),
    close: isClose(rule, scores, ingredients),
  };
}

/** Weights may add up to more than 1 and below 0; what is kept and shown as a confidence is from 0 to 1. */
function withinOne(score: Score): Score {
  const within = (value: number): number => Math.min(Math.max(value, 0), 1);
  return { ...score, value: within(score.value), low: within(score.low), high: within(score.high) };
}

/** The condition could be either within the intervals of the scores. What is missing altogether is told elsewhere. */
function isClose(rule: Rule, scores: Readonly<Record<Variable, Score>>, { missing }: Ingredients): boolean {
  const ranges = Object.fromEntries(
    Object.entries(scores).map(([name, score]) => [
      name,
      missing.has(name as Variable) ? { low: score.value, high: score.value } : score,
    ]),
  );
  const confidenceScore = rangeOfLogic(rule.confidenceScore, ranges);
  return truthOfRange(rangeOfLogic(rule.condition, { ...ranges, confidenceScore })) === 'either';
}

/** Values by the expression, or, where there is none, by their patterns. */
function knownValues(
  facts: ColumnFacts,
  { matched = [], unmatched = [], regex }: Answers,
  { patterns }: Ingredients,
): { matched: readonly string[]; unmatched: readonly string[] } {
  if (regex && !('missing' in regex) && regex.matched.length + regex.unmatched.length > 0) return regex;
  if (!patterns || 'missing' in facts.values) return { matched, unmatched };
  const [wanted, other] = [new Set(patterns.matched), new Set(patterns.unmatched)];
  const named = facts.values.values
    .filter(([value]) => !isBlank(value))
    .map(([value]) => ({ value, pattern: patternOf(value) }));
  return {
    matched: named.filter(({ pattern }) => wanted.has(pattern)).map(({ value }) => value),
    unmatched: named.filter(({ pattern }) => other.has(pattern)).map(({ value }) => value),
  };
}

function shortened(value: string): string {
  if (value.length <= LONGEST_VALUE) return value;
  return `${[...value.slice(0, LONGEST_VALUE)].slice(0, LONGEST_VALUE - 1).join('')}…`;
}
