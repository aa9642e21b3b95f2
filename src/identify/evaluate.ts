import { allRead, type ColumnFacts } from './column-facts.ts';
import { valuesOf } from './confidence.ts';
import { evidenceOf } from './evidence.ts';
import { type Answers, type Ingredients, ingredientsOf, obstaclesOf } from './ingredients.ts';
import { evaluateLogic, isTrue } from './logic/evaluate-logic.ts';
import { canBeTrue, type Range, type Ranges, rangeOfLogic } from './logic/range-of-logic.ts';
import { variablesOf } from './logic/variables-of.ts';
import type { Action, Method, Rule } from './method.ts';
import { VARIABLES, type Verdict } from './verdict.ts';

/** What one rule says of one column. */
interface RuleResult {
  rule: number;
  confidence: number;
  matched: boolean;
}

export interface EvaluateOptions {
  /** Evidence also of what did not match: for a dry run. */
  explain?: boolean;
}

/**
 * What a method says of a column. A rule is heard when at least `minSamples` rows were sampled; it matches when its condition is true.
 * All rules are heard: the actions of every one that matches apply, each with evidence of its own; `evidence` is of the one with the
 * highest confidence, the first of equals. An ingredient that is missing counts as 0: where it alone stands between a rule and its
 * condition, the outcome is `could not match` and says what would bring it, never `not matched`.
 *
 * Boolean columns are never matched; of a profile that is stale nothing is said.
 */
export function evaluateMethod(
  method: Method,
  facts: ColumnFacts,
  answers: Answers,
  { explain = false }: EvaluateOptions = {},
): Verdict {
  const obstacles = obstaclesOf(facts);
  if (obstacles.length > 0) return { outcome: 'could not match', missing: obstacles, actions: [] };
  const ingredients = ingredientsOf(method, facts, answers);
  const values = valuesOf(ingredients.scores);
  const missing = new Set<string>();
  const results: RuleResult[] = [];
  for (const [i, rule] of method.rules.entries()) {
    if (facts.sampledRows < rule.minSamples) {
      // A rule that all its rows would not have helped lacks no rows.
      if (mayMatch(rule, ingredients.scores)) missing.add(tooFewSamples(rule, i, facts));
      continue;
    }
    const confidence = evaluateLogic(rule.confidenceScore, values);
    const matched = isTrue(evaluateLogic(rule.condition, { ...values, confidenceScore: confidence }));
    results.push({ rule: i, confidence, matched });
    if (!matched) for (const what of missingOf(rule, ingredients)) missing.add(what);
  }
  const matching = results.filter(({ matched }) => matched);
  const told = best(matching) ?? (explain ? best(results) : undefined);
  const evidence = told && evidenceOf(method, facts, answers, ingredients, told);
  const actionsOf = ({ rule }: RuleResult): Action[] => method.rules[rule]?.actions ?? [];
  if (evidence && matching.length > 0) {
    const found = matching
      .toSorted((a, b) => a.confidence - b.confidence || b.rule - a.rule)
      .map((one) => ({
        actions: actionsOf(one),
        evidence: one === told ? evidence : evidenceOf(method, facts, answers, ingredients, one),
      }));
    return { outcome: 'matched', actions: matching.flatMap(actionsOf), evidence, found };
  }
  return {
    outcome: missing.size > 0 ? 'could not match' : 'not matched',
    actions: [],
    ...(missing.size > 0 ? { missing: [...missing] } : {}),
    ...(evidence ? { evidence } : {}),
  };
}

export const tooFewSamples = (rule: Rule, index: number, facts: ColumnFacts): string =>
  `too few samples: rule ${index + 1} wants ${rule.minSamples} rows, the profile was made of ${facts.sampledRows}; ${
    !allRead(facts) ? 'profile more rows, or lower minSamples' : 'the table has no more, so lower minSamples'
  }`;

function mayMatch(rule: Rule, ranges: Ranges): boolean {
  const confidenceScore = rangeOfLogic(rule.confidenceScore, ranges);
  return canBeTrue(rangeOfLogic(rule.condition, { ...ranges, confidenceScore }));
}

/** What a rule lacks that could have made it match; nothing, if it would not have matched with all of it. */
function missingOf(rule: Rule, { scores, missing }: Ingredients): string[] {
  if (missing.size === 0) return [];
  const [ofConfidence, ofCondition] = [variablesOf(rule.confidenceScore), variablesOf(rule.condition)];
  const lacking = [...missing].filter(([name]) => ofConfidence.has(name) || ofCondition.has(name));
  if (lacking.length === 0) return [];
  // The known scores are what they are; only what is missing may be anything.
  const ranges: Record<string, Range> = {};
  for (const name of VARIABLES) {
    const score = scores[name];
    ranges[name] = missing.has(name) || score.low === score.high ? score : { low: score.value, high: score.value };
  }
  return mayMatch(rule, ranges) ? lacking.map(([, remedy]) => remedy) : [];
}

const best = (results: readonly RuleResult[]): RuleResult | undefined =>
  results.reduce<RuleResult | undefined>(
    (most, result) => (!most || result.confidence > most.confidence ? result : most),
    undefined,
  );
