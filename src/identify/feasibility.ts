import type { ColumnFacts } from './column-facts.ts';
import { tooFewSamples } from './evaluate.ts';
import { type Answers, ingredientsOf, obstaclesOf } from './ingredients.ts';
import { canBeTrue, type Range, type Ranges, rangeOfLogic } from './logic/range-of-logic.ts';
import { variablesOf } from './logic/variables-of.ts';
import type { Alias, Method, PatternMethod, Rule } from './method.ts';
import type { Variable } from './verdict.ts';

export interface Feasibility {
  /** With what there is, some rule could reach its condition. */
  reachable: boolean;
  /** Ingredients that would make a rule reach it, with remedies. `[]` of what is not reachable: nothing is missing, the name alone rules it out. */
  missing: string[];
}

/**
 * Whether any rule of a method can reach its condition on a column at all, without looking anything up: a score that cannot be
 * had is 0, one that can is anything up to 1, the metadata score is what it is.
 *
 * @param alias the best alias that matches the column's name (`bestAliases`)
 */
export function feasibilityOf(method: Method, facts: ColumnFacts, alias?: Alias): Feasibility {
  const obstacles = obstaclesOf(facts);
  if (obstacles.length > 0) return { reachable: false, missing: obstacles };
  const { having, complete, missing } = rangesOf(method, facts, alias);
  const lacking = new Set<string>();
  for (const [i, rule] of method.rules.entries()) {
    const few = facts.sampledRows < rule.minSamples;
    if (!few && canReach(rule, having)) return { reachable: true, missing: [] };
    if (!canReach(rule, complete)) continue;
    if (few) lacking.add(tooFewSamples(rule, i, facts));
    if (canReach(rule, having)) continue;
    const used = new Set([...variablesOf(rule.confidenceScore), ...variablesOf(rule.condition)]);
    for (const [name, remedy] of missing) if (used.has(name)) lacking.add(remedy);
  }
  return { reachable: false, missing: [...lacking] };
}

/** Bounds of each variable with the ingredients there are, and with all there could be. */
function rangesOf(
  method: Method,
  facts: ColumnFacts,
  alias: Alias | undefined,
): { having: Ranges; complete: Ranges; missing: Map<Variable, string> } {
  const answers: Answers = {
    ...(alias ? { alias } : {}),
    ...('missing' in facts.valueSet ? {} : { found: 0 }),
  };
  const { scores, missing: unknown } = ingredientsOf(method, facts, answers);
  const missing = new Map(unknown);
  // What was not tried is not missing where there is something to try it on.
  if (!('missing' in facts.values)) missing.delete('regexScore');
  const most: Partial<Record<Variable, number>> =
    method.kind === 'dictionary'
      ? {
          similarity: facts.distinct > 0 && method.cardinality > 0 ? 1 : 0,
          dictionarySimilarity: facts.distinct > 0 && method.cardinality > 0 ? 1 : 0,
          intersectionCardinality: Math.min(scores.columnCardinality.high, method.cardinality),
        }
      : {
          profilePatternScore: method.profilePatterns.length > 0 ? 1 : 0,
          regexScore: method.regexes.length > 0 || method.validator !== undefined ? 1 : 0,
        };
  const [having, complete]: Record<string, Range>[] = [{}, {}];
  for (const [name, score] of Object.entries(scores)) {
    const high = most[name as Variable];
    const full = high === undefined ? { low: score.low, high: score.high } : { low: 0, high };
    (complete as Record<string, Range>)[name] = full;
    (having as Record<string, Range>)[name] = missing.has(name as Variable) ? { low: 0, high: 0 } : full;
  }
  return { having: having as Ranges, complete: complete as Ranges, missing };
}

const canReach = (rule: Rule, ranges: Ranges): boolean =>
  canBeTrue(rangeOfLogic(rule.condition, { ...ranges, confidenceScore: rangeOfLogic(rule.confidenceScore, ranges) }));

/**
 * The least similarity with which some rule of a dictionary could be true, everything else being as good as it can be: 0 where the name of a
 * column is enough, infinite where nothing is. A column with less of it need not be asked about: so the hundreds of dictionaries that hold one or
 * two of its values cost nothing.
 */
export function leastSimilarity(method: Method): number {
  const known = LEAST.get(method);
  if (known !== undefined) return known;
  const anything = { low: 0, high: Number.POSITIVE_INFINITY };
  const reaches = (similarity: number): boolean => {
    const someFound = similarity > 0 && method.kind === 'dictionary';
    const ranges: Ranges = {
      metadataScore: { low: 0, high: Math.max(0, ...method.aliases.map(({ score }) => score)) },
      columnCardinality: anything,
      rowCount: anything,
      dictionaryCardinality: method.kind === 'dictionary' ? exactly(method.cardinality) : anything,
      similarity: { low: 0, high: similarity },
      dictionarySimilarity: { low: 0, high: someFound ? 1 : 0 },
      intersectionCardinality: { low: 0, high: someFound ? method.cardinality : 0 },
    };
    return method.rules.some((rule) => canReach(rule, ranges));
  };
  const least = leastThat(reaches);
  LEAST.set(method, least);
  return least;
}

/** Where it begins to hold, between 0 and 1, and no later than that; 0 where it always does, infinite where it never does. */
function leastThat(reaches: (share: number) => boolean): number {
  if (reaches(0)) return 0;
  if (!reaches(1)) return Number.POSITIVE_INFINITY;
  let [low, high] = [0, 1];
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (reaches(middle)) high = middle;
    else low = middle;
  }
  return Math.max(low, Number.MIN_VALUE);
}

/**
 * The least share of matching values with which some rule of a data pattern could be true on a column whose name scores so much, everything
 * else being as good as it can be: 0 where values do not matter, infinite where nothing helps. A column with less of it does not match.
 */
export function leastRegexScore(method: PatternMethod, metadataScore: number): number {
  const byName = LEAST_REGEX.get(method) ?? new Map<number, number>();
  LEAST_REGEX.set(method, byName);
  const known = byName.get(metadataScore);
  if (known !== undefined) return known;
  const anything = { low: 0, high: Number.POSITIVE_INFINITY };
  const reaches = (regexScore: number): boolean => {
    const ranges: Ranges = {
      metadataScore: exactly(metadataScore),
      columnCardinality: anything,
      rowCount: anything,
      profilePatternScore: { low: 0, high: method.profilePatterns.length > 0 ? 1 : 0 },
      regexScore: { low: 0, high: regexScore },
    };
    return method.rules.some((rule) => canReach(rule, ranges));
  };
  const least = leastThat(reaches);
  byName.set(metadataScore, least);
  return least;
}

const LEAST_REGEX = new WeakMap<PatternMethod, Map<number, number>>();

const LEAST = new WeakMap<Method, number>();
const exactly = (value: number): Range => ({ low: value, high: value });

/** Whether a dictionary of which no term is found could match a column all the same, by its name. */
export const canMatchWithoutTerms = (method: Method): boolean => leastSimilarity(method) === 0;
