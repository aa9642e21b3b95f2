import { CUT } from '../../profile/text/alphabet.ts';

/**
 * Whether a pattern is a listed one, or contains it with no neighbour of the same class on either side: `dddsdddd` holds in
 * `AwdddsddddwA` and not in `ddddsdddd`, where the first digits are part of a longer number.
 *
 * A pattern that ends in `…` was cut: what follows is not known, so a match that reaches its end does not count.
 *
 * @param listed in the alphabet of patterns, not empty
 */
export function containsPattern(pattern: string, listed: string): boolean {
  if (pattern === listed) return true;
  const [first, last] = [listed[0], listed.at(-1)];
  for (let at = pattern.indexOf(listed); at >= 0; at = pattern.indexOf(listed, at + 1)) {
    const after = pattern[at + listed.length];
    if (pattern[at - 1] !== first && after !== last && after !== CUT) return true;
  }
  return false;
}
