import { createHash } from 'node:crypto';

/** Names under which a method is known or switched on, and no verdict depends on. */
const WITHOUT_EFFECT: readonly string[] = ['id', 'enabled', 'builtIn', 'categories'];

/**
 * 16 hex digits that change with everything in a definition that could change a verdict or what it says. Of a dictionary the
 * terms are not among it: whoever keeps them adds theirs.
 */
export function fingerprintOf(definition: object): string {
  const told = Object.entries(definition).filter(([key]) => !WITHOUT_EFFECT.includes(key));
  return createHash('sha256')
    .update(canonical(Object.fromEntries(told)))
    .digest('hex')
    .slice(0, 16);
}

/** JSON with the keys of objects in order. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`;
}
