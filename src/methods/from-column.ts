import { AssayError } from '../errors/assay-error.ts';
import type { Figure } from '../profile/figure.ts';
import { isKnown } from '../profile/figure.ts';
import { canonicalKind } from '../profile/measures/canonical-sql.ts';
import type { ColumnProfile } from '../profile/profile.ts';
import { canonicalText } from '../sketch/canonical-text.ts';
import { termHash } from '../sketch/term-hash.ts';
import { fromBase64 } from '../sketch/value-set-codec.ts';

/**
 * The different values of a column, if its profile knows the text of every one: the most frequent values and the samples are held against the
 * value set, which has the hashes of all. Of values that differ in case or white space alone, one.
 *
 * @param profile of the column, as stored
 * @param samples texts of its sample rows; none where there are none
 * @throws CONFLICT with what is missing and how to bring it
 */
export function valuesOf(
  profile: Pick<ColumnProfile, 'name' | 'kind' | 'topValues' | 'valueSet'>,
  samples: readonly (string | null)[],
): string[] {
  const set = profile.valueSet === undefined ? undefined : fromBase64(profile.valueSet);
  if (!set) throw conflict(profile.name, 'its profile has no value set; profile it again');
  if (set.cut)
    throw conflict(
      profile.name,
      `it has about ${Math.round(set.estimate())} different values, more than a profile can name`,
    );
  const kind = canonicalKind(profile);
  const known = new Map<number, string>();
  for (const text of [...knownOf(profile.topValues).map(({ value }) => value), ...samples]) {
    if (text === null) continue;
    // Of numbers and times the canonical text is the term: 12.50 is found as 12.5.
    const canonical = canonicalText(text, kind);
    const hash = termHash(canonical);
    if (canonical !== '' && !known.has(hash)) known.set(hash, kind === 'text' ? text : canonical);
  }
  const lacking = set.hashes.filter((hash) => !known.has(hash)).length;
  if (lacking > 0)
    throw conflict(
      profile.name,
      `it has ${set.hashes.length} different values, and its profile knows the texts of ${set.hashes.length - lacking}`,
    );
  if (set.hashes.length === 0) throw conflict(profile.name, 'it has no values');
  const wanted = new Set(set.hashes);
  return [...known].filter(([hash]) => wanted.has(hash)).map(([, text]) => text);
}

const conflict = (name: string, why: string): AssayError =>
  new AssayError(
    'CONFLICT',
    `column "${name}": ${why}; write its different values into a CSV of one column and send that as text/csv to POST /dictionaries/import?name=…, or profile it with buildSamples for up to 200 values`,
  );

/** Patterns of this share of the values and more make a data pattern. */
export const LEAST_PERCENT = 10;

/**
 * What a data pattern on a column begins with: its patterns above 10 %, and a regular expression that its values follow, of those that were
 * suggested the strictest that covers nearly as much as the loosest.
 *
 * @throws CONFLICT where the profile knows neither
 */
export function looksOf(profile: Pick<ColumnProfile, 'name' | 'patterns' | 'regexes'>): {
  patterns: string[];
  regexes: string[];
} {
  const patterns = knownOf(profile.patterns)
    .filter(({ percent, pattern }) => percent > LEAST_PERCENT && !pattern.endsWith('…'))
    .map(({ pattern }) => pattern);
  const suggested = knownOf(profile.regexes);
  const best = Math.max(0, ...suggested.map(({ coverage }) => coverage));
  const order = ['strict', 'moderate', 'loose'];
  const regex = suggested
    .filter(({ coverage }) => coverage >= best - 0.01)
    .sort((a, b) => order.indexOf(a.strictness) - order.indexOf(b.strictness))[0];
  if (patterns.length === 0 && !regex)
    throw new AssayError(
      'CONFLICT',
      `column "${profile.name}": no pattern has more than ${LEAST_PERCENT} % of its values and no regular expression was suggested; write the pattern by hand with POST /data-patterns`,
    );
  return { patterns, regexes: regex ? [regex.regex] : [] };
}

const knownOf = <T>(figure: Figure<T[]> | undefined): T[] => (figure && isKnown(figure) ? figure.value : []);
