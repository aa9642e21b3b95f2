import { createHash } from 'node:crypto';
import type { StoredKind } from '../store/methods/read-methods.ts';

/** What a definition says that is kept beside it, to find methods by. */
export interface MethodFacts {
  /** `_id`, if it has one. */
  id?: string;
  kind: StoredKind;
  name: string;
  enabled: boolean;
  language: string;
  categories: string[];
  /** Name of the file with the terms, as the definition has it. */
  csv?: string;
}

export interface ReadDefinition {
  /** Absent where there are problems. */
  facts?: MethodFacts;
  warnings: string[];
  problems: string[];
}

/** What of a definition changes no verdict. */
const IDLE = new Set([
  ...[
    '_id',
    'isEnabled',
    'description',
    'note',
    'version',
    'lastUpdate',
    'categories',
    'language',
    'csv',
    'rowCount',
    'builtIn',
  ],
  ...['authoritative', 'dataEventThreshold', 'terms', 'glossaries'],
]);

/** 16 hex digits that change with everything that could change a verdict: the definition but for what it is told apart by, and the terms. */
export function versionOf(definition: Record<string, unknown>, termsDigest: string): string {
  const matters = Object.entries(definition).filter(([key]) => !IDLE.has(key));
  return createHash('sha256')
    .update(JSON.stringify(sorted(Object.fromEntries(matters))))
    .update(termsDigest)
    .digest('hex')
    .slice(0, 16);
}

/** The same value with its keys in one order: PostgreSQL keeps none. */
export function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}

export const sameJson = (a: unknown, b: unknown): boolean => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
