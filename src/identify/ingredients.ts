import type { ColumnFacts } from './column-facts.ts';
import type { Alias, Method } from './method.ts';
import { type PatternShare, patternShareOf } from './scores/pattern-share.ts';
import type { RegexShare } from './scores/regex-share.ts';
import { exactScore, scoreOf, unknownScore } from './scores/score.ts';
import { cardinalityOf, containmentOf } from './scores/similarity.ts';
import type { Score, Variable } from './verdict.ts';

/** What was found out about a column for one method, beside what its profile says. */
export interface Answers {
  /** The best alias that matches the name (`bestAliases`). */
  alias?: Alias;
  /** Of a dictionary: how many hashes of the column's value set are among its terms (`InvertedIndex`). */
  found?: number;
  /** Of a pattern with expressions (`regexShareOf`). */
  regex?: RegexShare | { missing: string };
  /** Of a dictionary: values or terms that were found and values that were not, as far as they are known. */
  matched?: readonly string[];
  unmatched?: readonly string[];
}

/** Every variable of a rule with its score, and which of them could not be had, with the remedy. */
export interface Ingredients {
  scores: Readonly<Record<Variable, Score>>;
  missing: ReadonlyMap<Variable, string>;
  patterns?: PatternShare;
}

/** Kinds of columns on which no method says anything: two values tell nothing of what they are. */
export const isBoolean = (facts: ColumnFacts): boolean => facts.kind === 'boolean';

/** What keeps a whole column from being identified, whatever the method; `[]`: nothing. */
export function obstaclesOf(facts: ColumnFacts): string[] {
  if (isBoolean(facts)) return ['boolean column: two values tell nothing of what they are, so no method matches it'];
  if (facts.stale !== undefined) return [`stale profile: ${facts.stale}; profile the table again`];
  return [];
}

/** The scores of one method on one column. What is not known counts as 0, and could be anything. */
export function ingredientsOf(method: Method, facts: ColumnFacts, answers: Answers): Ingredients {
  const missing = new Map<Variable, string>();
  const set = 'missing' in facts.valueSet ? undefined : facts.valueSet;
  const none = exactScore(0);
  const scores: Record<Variable, Score> = {
    similarity: none,
    metadataScore: exactScore(answers.alias?.score ?? 0),
    profilePatternScore: none,
    regexScore: none,
    confidenceScore: none,
    columnCardinality: cardinalityOf(facts, set),
    dictionaryCardinality: none,
    intersectionCardinality: none,
    dictionarySimilarity: none,
    rowCount: facts.partial
      ? scoreOf({ value: facts.rows, low: facts.rows, high: Number.MAX_SAFE_INTEGER }, 'sample', facts.sampledRows)
      : exactScore(facts.rows),
  };
  if (method.kind === 'dictionary') {
    scores.dictionaryCardinality = exactScore(method.cardinality);
    if (set && answers.found !== undefined) {
      Object.assign(scores, containmentOf(facts, set, answers.found, method.cardinality));
    } else {
      const why = 'missing' in facts.valueSet ? facts.valueSet.missing : 'the dictionary was not looked up';
      const most = Math.min(scores.columnCardinality.high, method.cardinality);
      for (const name of ['similarity', 'intersectionCardinality', 'dictionarySimilarity'] as const) {
        missing.set(name, `no value set: ${why}`);
        scores[name] = unknownScore(name === 'intersectionCardinality' ? most : 1);
      }
    }
    return { scores, missing };
  }
  const patterns = patternShareOf(facts, method.profilePatterns);
  if ('missing' in patterns) {
    missing.set('profilePatternScore', `no patterns: ${patterns.missing}`);
    scores.profilePatternScore = unknownScore(1);
  } else scores.profilePatternScore = patterns.score;
  const { regex = defaultRegex(method, facts) } = answers;
  if ('missing' in regex) {
    missing.set('regexScore', `no samples for a regular expression: ${regex.missing}`);
    scores.regexScore = unknownScore(1);
  } else scores.regexScore = regex.score;
  return { scores, missing, ...('missing' in patterns ? {} : { patterns }) };
}

/** What the regex score is before anything was tried: nothing to try is 0, exactly. */
function defaultRegex(method: Method & { kind: 'pattern' }, facts: ColumnFacts): RegexShare | { missing: string } {
  if (method.regexes.length === 0 && method.validator === undefined)
    return { score: exactScore(0), matched: [], unmatched: [] };
  return 'missing' in facts.values ? facts.values : { missing: 'the expression was not tried' };
}
