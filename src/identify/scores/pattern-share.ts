import { shareOfSample } from '../../profile/interval.ts';
import { isBlank, patternOf } from '../../profile/text/alphabet.ts';
import { allRead, type ColumnFacts, type KnownPatterns, type Missing } from '../column-facts.ts';
import type { Score } from '../verdict.ts';
import { containsPattern } from './pattern-contains.ts';
import { exactScore, scoreOf } from './score.ts';

/** `share`, and the patterns it is made of with their shares, most frequent first. */
export interface PatternShare {
  score: Score;
  matched: string[];
  unmatched: string[];
}

/**
 * `profilePatternScore`: of the rows that are neither null nor blank the share whose pattern is a listed one or contains it
 * (`containsPattern`).
 *
 * The profile names the 20 most frequent patterns with their counts. K rows are of those that match and R of none that is named;
 * where values of rows are known too, a share r of those of unnamed patterns matches, and the score is (K + R·r) / rows with the
 * interval of r by Wilson; where not, it is K / rows and reaches up to (K + R) / rows.
 *
 * @source E. B. Wilson, Probable inference, JASA 22 (1927)
 * @param listed in the alphabet of patterns; none: the score is 0, exactly
 */
export function patternShareOf(facts: ColumnFacts, listed: readonly string[]): PatternShare | Missing {
  const { patterns: known, values } = facts;
  if (listed.length === 0) return { score: exactScore(0), matched: [], unmatched: [] };
  if ('missing' in known) return known;
  const matches = (pattern: string): boolean => listed.some((wanted) => containsPattern(pattern, wanted));
  const [matched, unmatched]: [KnownPatterns['patterns'][number][], KnownPatterns['patterns'][number][]] = [[], []];
  for (const entry of known.patterns) (matches(entry.pattern) ? matched : unmatched).push(entry);
  const names = {
    matched: matched.map(({ pattern }) => pattern),
    unmatched: unmatched.map(({ pattern }) => pattern),
  };
  const { filled } = known;
  if (filled === 0) return { score: exactScore(0, 0), ...names };
  const count = (entries: readonly { count: number }[]): number => entries.reduce((sum, entry) => sum + entry.count, 0);
  const whole = allRead(facts);
  const exact =
    known.all && whole && known.patterns.every(({ count: of, low = of, high = of }) => low === of && high === of);
  if (exact) return { score: exactScore(count(matched) / filled, filled), ...names };
  const share = {
    value: count(matched) / filled,
    low: bound(matched, ({ count: of, low = of }) => low) / filled,
    high: Math.min(bound(matched, ({ count: of, high = of }) => high) / filled, 1),
  };
  // A few rows read of many: what their own share says of the others.
  const ofRows = facts.partial ? undefined : facts.nonNull - facts.blanks;
  const ofAll = whole ? undefined : shareOfSample(count(matched), filled, ofRows);
  const rest = known.all ? 0 : Math.max(filled - count(known.patterns), 0) / filled;
  const others = 'missing' in values ? undefined : ofUnnamed(known, values.values, matches);
  const { value: r, low, high } = others ?? { value: 0, low: 0, high: 1 };
  return {
    score: scoreOf(
      {
        value: Math.min(share.value + rest * r, 1),
        low: Math.max(Math.min(share.low, ofAll?.low ?? 1) + rest * low, 0),
        high: Math.min(Math.max(share.high, ofAll?.high ?? 0) + rest * high, 1),
      },
      whole ? 'estimate' : 'sample',
      filled,
    ),
    ...names,
  };
}

/** Of the known rows whose pattern the profile does not name, the share that matches; undefined where there are none. */
function ofUnnamed(
  known: KnownPatterns,
  values: readonly (readonly [string, number])[],
  matches: (pattern: string) => boolean,
): ReturnType<typeof shareOfSample> | undefined {
  const named = new Set(known.patterns.map(({ pattern }) => pattern));
  let [hits, rows] = [0, 0];
  for (const [value, count] of values) {
    if (isBlank(value)) continue;
    const pattern = patternOf(value);
    if (named.has(pattern)) continue;
    rows += count;
    if (matches(pattern)) hits += count;
  }
  return rows === 0 ? undefined : shareOfSample(hits, rows);
}

const bound = (
  entries: readonly KnownPatterns['patterns'][number][],
  of: (entry: KnownPatterns['patterns'][number]) => number,
): number => entries.reduce((sum, entry) => sum + of(entry), 0);
