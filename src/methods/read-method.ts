import { isPlainObject } from '../model/coerce.ts';
import type { StoredKind } from '../store/methods/read-methods.ts';
import type { ReadDefinition } from './method-facts.ts';

const TYPES: Record<string, StoredKind> = { dictionary: 'dictionary', datapattern: 'pattern' };

/** Reads a definition of either kind, as the original writes it. */
export function readMethod(given: unknown): ReadDefinition {
  const problems: string[] = [];
  if (Array.isArray(given))
    return {
      warnings: [],
      problems: [`received an array of ${given.length}, expected one object; make a file of each`],
    };
  if (!isPlainObject(given)) return { warnings: [], problems: ['expected a JSON object'] };
  const kind = TYPES[String(given.type).toLowerCase()];
  if (kind === undefined)
    problems.push(`type: received ${JSON.stringify(given.type)}, expected "Dictionary" or "DataPattern"`);
  if (typeof given.name !== 'string' || given.name.trim() === '') problems.push('name: is missing');
  if (problems.length > 0 || kind === undefined) return { warnings: [], problems };
  return {
    warnings: [],
    problems,
    facts: {
      ...(typeof given._id === 'string' && given._id !== '' ? { id: given._id } : {}),
      kind,
      name: String(given.name),
      enabled: given.isEnabled !== false,
      language: typeof given.language === 'string' ? given.language : '',
      categories: Array.isArray(given.categories) ? given.categories.map(String) : [],
      ...(typeof given.csv === 'string' && given.csv !== '' ? { csv: given.csv } : {}),
    },
  };
}
