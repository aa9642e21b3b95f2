import { win32 } from 'node:path';

/**
 * What is wrong with the path of a file or folder on the worker, in sentences; `[]` when it may be tried. A relative path means
 * another place on every worker, and depends on the folder it was started in. Paths of Windows and of POSIX both count as absolute.
 *
 * @param expected `the SQLite file as the worker sees it, e.g. "/data/shop.db"`
 */
export function listPathProblems(path: string | undefined, expected: string): string[] {
  if (!path) return [`path: missing; expected ${expected}`];
  if (win32.isAbsolute(path)) return [];
  return [`path: is relative; give an absolute path: ${expected}`];
}
