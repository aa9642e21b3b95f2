import { isPlainObject } from './coerce.ts';

/** Words of tags that mark values as not to be passed on; `pii`, `PII: e-mail` and `personal data` all count. */
const SENSITIVE_WORDS =
  /(^|[^a-z])(pii|phi|pci|gdpr|personal|private|sensitive|confidential|secret|restricted)([^a-z]|$)/i;
const SENSITIVE_DEGREES: readonly unknown[] = ['MEDIUM', 'HIGH'];

/**
 * Why the values of an entity are not to be passed on, by the attributes of it and of what it lies in: a sensitivity of MEDIUM or
 * HIGH, or a tag with one of the words above. `''` when there is no reason. Pure.
 */
export function sensitiveBecause(...attributes: readonly Record<string, unknown>[]): string {
  for (const { features, tags } of attributes) {
    const sensitivity = isPlainObject(features) ? features.sensitivity : undefined;
    if (SENSITIVE_DEGREES.includes(sensitivity)) return `its sensitivity is ${sensitivity}`;
    const names = Array.isArray(tags) ? tags.filter(isPlainObject).map(({ name }) => String(name)) : [];
    const marked = names.find((name) => SENSITIVE_WORDS.test(name));
    if (marked !== undefined) return `it is tagged ${marked}`;
  }
  return '';
}
