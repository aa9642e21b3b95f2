import type { MethodKind } from '../identify/method.ts';
import type { Evidence } from '../identify/verdict.ts';

/**
 * Evidence as it may leave the profile. It names values that the profile shows anyway; of those that were kept for identification alone
 * only the ones that are terms of a dictionary, which are the dictionary's own. Pure.
 */
export function toKept(evidence: Evidence, kind: MethodKind, shown: ReadonlySet<string>): Evidence {
  const isShown = (value: string): boolean => shown.has(value);
  return {
    ...evidence,
    matched: kind === 'dictionary' ? evidence.matched : evidence.matched.filter(isShown),
    unmatched: evidence.unmatched.filter(isShown),
  };
}
