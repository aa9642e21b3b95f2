import { AssayError } from '../errors/assay-error.ts';
import { compileGlob } from '../model/glob.ts';
import { type PathMatch, type Selection, selectByPatterns } from './selection.ts';

/** What a run is asked to read. Empty lists mean all. */
export interface Filters {
  schemaNames: string[];
  includePatterns: string[];
  excludePatterns: string[];
}

const NAMES = ['schemaNames', 'includePatterns', 'excludePatterns'] as const;

/**
 * Filters of the body; what it leaves out is taken from the saved source.
 *
 * @throws BAD_REQUEST naming every pattern that is not a glob
 */
export function readFilters(
  body: Readonly<Record<string, unknown>>,
  saved: Readonly<Record<string, unknown>>,
): Filters {
  const [schemaNames, includePatterns, excludePatterns] = NAMES.map((name) => [
    ...new Set((body[name] ?? saved[name] ?? []) as string[]),
  ]) as [string[], string[], string[]];
  const problems: string[] = [];
  for (const pattern of [...includePatterns, ...excludePatterns]) {
    try {
      compileGlob(pattern);
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    }
  }
  if (problems.length > 0) throw new AssayError('BAD_REQUEST', problems.join('; '), { problems });
  return { schemaNames, includePatterns, excludePatterns };
}

export function toSelection(filters: Filters, shape: 'database' | 'files'): Selection {
  const compile = (patterns: readonly string[]): PathMatch[] => patterns.map((pattern) => compileGlob(pattern));
  return selectByPatterns(shape, compile(filters.includePatterns), compile(filters.excludePatterns));
}

/** For people: `schemaNames [a], includePatterns [b*]`. */
export function sayFilters(filters: Filters): string {
  return NAMES.filter((name) => filters[name].length > 0)
    .map((name) => `${name} [${filters[name].slice(0, 10).join(', ')}${filters[name].length > 10 ? ', …' : ''}]`)
    .join(', ');
}
