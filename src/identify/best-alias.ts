import type { Alias, Method } from './method.ts';
import type { RegexTester } from './regex/regex-tester.ts';

/**
 * `metadataScore`: for each name the best of the aliases whose expression matches anywhere in it; undefined, which scores 0, where none
 * does. Exact: a name is all there is to know. Expressions are tried from the best score down, each on the names that none matched yet.
 *
 * @throws AssayError EXPRESSION_TOO_SLOW that names an expression which could not be tried in time
 */
export async function bestAliases(
  method: Pick<Method, 'name' | 'aliases'>,
  names: readonly string[],
  tester: RegexTester,
): Promise<(Alias | undefined)[]> {
  const best: (Alias | undefined)[] = names.map(() => undefined);
  let open = names.map((_, i) => i);
  for (const alias of method.aliases.toSorted((a, b) => b.score - a.score)) {
    if (open.length === 0) break;
    const expression = { source: alias.nameRegex, mode: 'anywhere', owner: method.name } as const;
    const found = await tester.test(
      expression,
      open.map((i) => names[i] as string),
    );
    const left: number[] = [];
    for (const [at, i] of open.entries()) {
      if (found[at]) best[i] = alias;
      else left.push(i);
    }
    open = left;
  }
  return best;
}
