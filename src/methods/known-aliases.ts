import { bestAliases } from '../identify/best-alias.ts';
import type { Alias, Method } from '../identify/method.ts';
import { compileRegex } from '../identify/regex/compile-regex.ts';
import type { RegexTester } from '../identify/regex/regex-tester.ts';

/** Names of columns that are remembered, of all methods together, with the aliases that match them: some 50 MB. */
const MOST_NAMES = 500_000;

/** The aliases of one method, best first, with their tests; undefined where one may have to be stopped. */
type Tests = readonly { alias: Alias; test(name: string): boolean }[];

/** `bestAliases` of one name at a time, remembered: many tables have columns of the same names. */
export class KnownAliases {
  readonly #mostNames: number;
  readonly #tester: RegexTester;
  readonly #known = new Map<Method, { tests: Tests | undefined; names: Map<string, Alias | undefined> }>();

  constructor(methods: number, tester: RegexTester) {
    this.#mostNames = MOST_NAMES / Math.max(methods, 1);
    this.#tester = tester;
  }

  /**
   * At once where no alias can take long, which is the rule: a promise for each of hundreds of methods takes longer than what it is for.
   *
   * @throws AssayError as `bestAliases` does
   */
  best(method: Method, name: string): Alias | undefined | Promise<Alias | undefined> {
    if (method.aliases.length === 0) return undefined;
    const known = this.#known.get(method) ?? { tests: testsOf(method), names: new Map<string, Alias | undefined>() };
    this.#known.set(method, known);
    const { tests, names } = known;
    if (names.has(name)) return names.get(name);
    const keep = (alias: Alias | undefined): Alias | undefined => {
      if (names.size >= this.#mostNames) names.clear();
      names.set(name, alias);
      return alias;
    };
    if (tests) return keep(tests.find(({ test }) => test(name))?.alias);
    return bestAliases(method, [name], this.#tester).then(([alias]) => keep(alias));
  }
}

function testsOf({ name, aliases }: Method): Tests | undefined {
  const tests: { alias: Alias; test(name: string): boolean }[] = [];
  for (const alias of aliases.toSorted((a, b) => b.score - a.score)) {
    const compiled = compileRegex({ source: alias.nameRegex, mode: 'anywhere', owner: name });
    if (compiled.engine !== 'quick') return undefined;
    tests.push({ alias, test: compiled.test });
  }
  return tests;
}
