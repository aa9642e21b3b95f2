import { MASK } from '../../profile/shape.ts';

/** Where evidence names values of the source. */
const VALUES = ['matched', 'unmatched'] as const;

export const holdsValues = (evidence: Record<string, unknown>): boolean =>
  VALUES.some((key) => Array.isArray(evidence[key]) && evidence[key].length > 0);

/** Evidence as it may be shown: its values are `******` for those who may not see samples. */
export function toEvidence<T extends object>(evidence: T, mayDisclose: boolean): T {
  if (mayDisclose) return evidence;
  const masked = VALUES.flatMap((key) => {
    const values = (evidence as Record<string, unknown>)[key];
    return Array.isArray(values) ? [[key, values.map(() => MASK)]] : [];
  });
  return { ...evidence, ...Object.fromEntries(masked) };
}
