import { nearestName } from '../../model/nearest-name.ts';
import { CUT } from '../../profile/text/alphabet.ts';
import type { PatternMethod } from '../method.ts';
import { problemsOfRegex } from '../regex/compile-regex.ts';
import type { Place } from './place.ts';

type Patterns = Pick<PatternMethod, 'profilePatterns' | 'regexes' | 'exclusions' | 'validator'>;

/** What a data pattern looks for: `profilePatterns` and `regexMatch`. */
export function readPatterns(place: Place, validators: readonly string[]): Patterns {
  const match = place.at('regexMatch');
  const there = !match.absent && match.object(['regex', 'exclusions', 'validator']);
  const regexes = there ? match.at('regex').list(true) : [];
  const read: Patterns = {
    profilePatterns: place
      .at('profilePatterns')
      .list(true)
      .map(readPattern)
      .filter((pattern) => pattern !== undefined),
    regexes: regexes.flatMap((item) => {
      const regex = item.text();
      if (regex === undefined) return [];
      for (const problem of problemsOfRegex(regex)) item.problem(problem);
      return [regex];
    }),
    exclusions: there ? match.at('exclusions').texts(true) : [],
  };
  const validator = there ? match.at('validator') : undefined;
  if (!validator || validator.absent) return read;
  const name = validator.text();
  if (name === undefined) return read;
  if (!validators.includes(name)) {
    const nearest = nearestName(name, validators);
    validator.problem(
      `unknown validator ${JSON.stringify(name)}; ${nearest ? `did you mean ${nearest}?` : `known are ${validators.join(', ') || 'none'}`}`,
    );
  }
  return { ...read, validator: name };
}

/** Signs that older definitions write as themselves; in a pattern each of them is an `s`. */
const SIGNS = /[\p{P}\p{S}]/gu;

/** In the alphabet of patterns (`A a L d w c s`): `n` was a digit, and signs once stood for themselves. */
function readPattern(place: Place): string | undefined {
  const text = place.text();
  if (text === undefined) return undefined;
  const pattern = text.replaceAll('n', 'd').replaceAll(SIGNS, (sign) => (sign === CUT ? sign : 's'));
  const strange = [...new Set(pattern.replaceAll(/[AaLdwcs]/g, '').replace(/…$/, ''))];
  if (strange.length > 0) {
    place.problem(
      `received ${JSON.stringify(text)}, expected the letters A a L d w c s, one for each character; ${strange.map((c) => JSON.stringify(c)).join(', ')} ${strange.length === 1 ? 'is' : 'are'} none of them`,
    );
    return undefined;
  }
  if (pattern !== text.replaceAll('n', 'd')) place.warn(`read as ${pattern}: a sign is an s`);
  return pattern;
}
