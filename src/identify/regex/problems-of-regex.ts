import { buildRegex } from './compile-regex.ts';

/**
 * What keeps a regular expression from being used: broken syntax, or something of Java that cannot be had here, each with its
 * place and what to write instead. `[]`: it can be used.
 */
export function problemsOfRegex(source: string): string[] {
  const built = buildRegex(source, 'whole');
  return 'problems' in built ? built.problems : [];
}
