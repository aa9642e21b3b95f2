import { AssayError } from '../errors/assay-error.ts';
import type { ColumnFacts } from '../identify/column-facts.ts';
import { evaluateMethod } from '../identify/evaluate.ts';
import { canMatchWithoutTerms, leastRegexScore, leastSimilarity } from '../identify/feasibility.ts';
import { type Answers, obstaclesOf } from '../identify/ingredients.ts';
import type { InvertedIndex } from '../identify/inverted-index.ts';
import type { Alias, DictionaryMethod, Method, PatternMethod } from '../identify/method.ts';
import { RegexRunner } from '../identify/regex/regex-runner.ts';
import { mostRegexShare, regexShareFrom } from '../identify/scores/regex-share.ts';
import { validators } from '../identify/validators/index.ts';
import type { Verdict } from '../identify/verdict.ts';
import { isBlank } from '../profile/text/alphabet.ts';
import { termHash } from '../sketch/term-hash.ts';
import { KnownAliases } from './known-aliases.ts';
import type { ReadColumn } from './read-columns.ts';
import { withShownValues } from './shown-matches.ts';

/** What is missing of a column that was never profiled. */
export const NO_PROFILE = 'no profile: run the job data-profiling on the column';

/** What came of asking methods about a column. Methods that found nothing are only counted: there are thousands of them. */
export interface Judged {
  /** Methods that were asked and could tell, those that matched among them. */
  judged: number;
  /** Dictionaries of which too few terms are in the column for any rule: they cannot match, and are not asked what they may lack besides. */
  ruledOut: number;
  matched: { method: Method; verdict: Verdict }[];
  /** Methods that could not tell, and what they lacked. */
  lacking: { method: Method; missing: string[] }[];
  /** Methods that broke: their expression ran too long. */
  broken: { method: Method; problem: string }[];
}

/** A method that broke on so many columns is not asked again: each time costs seconds. */
const MOST_BREAKS = 3;

/** Methods made ready to be asked about many columns. Whoever makes one disposes of it. */
export class Judge {
  readonly methods: readonly Method[];
  readonly #dictionaries: readonly DictionaryMethod[];
  readonly #patterns: readonly PatternMethod[];
  /** Places of dictionaries that may match by the name of a column alone. */
  readonly #byName: readonly number[];
  /** The similarity below which a dictionary cannot match, by its place. */
  readonly #least: readonly number[];
  readonly #index: InvertedIndex;
  readonly #tester = new RegexRunner();
  readonly #aliases: KnownAliases;
  readonly #breaks = new Map<Method, number>();

  /** @param index of the dictionaries among the methods, in their order */
  constructor(methods: readonly Method[], index: InvertedIndex) {
    this.methods = methods;
    this.#dictionaries = methods.filter((method) => method.kind === 'dictionary');
    this.#patterns = methods.filter((method) => method.kind === 'pattern');
    this.#byName = this.#dictionaries.flatMap((method, place) => (canMatchWithoutTerms(method) ? [place] : []));
    this.#least = this.#dictionaries.map(leastSimilarity);
    this.#index = index;
    this.#aliases = new KnownAliases(methods.length, this.#tester);
  }

  /** Whether any method looks at values, so that those that were kept are to be read. */
  get readsValues(): boolean {
    return this.#patterns.length > 0;
  }

  async judge(column: Required<ReadColumn>): Promise<Judged> {
    const { facts } = column;
    const result: Judged = { judged: 0, ruledOut: 0, matched: [], lacking: [], broken: [] };
    const obstacles = obstaclesOf(facts);
    if (obstacles.length > 0) {
      result.lacking = this.methods.map((method) => ({ method, missing: obstacles }));
      return result;
    }
    const candidates = this.#candidates(facts);
    result.ruledOut = this.#dictionaries.length - candidates.size;
    for (const [place, found] of candidates) {
      const method = this.#dictionaries[place] as DictionaryMethod;
      await this.#ask(method, result, () => this.#askDictionary(method, place, column, found));
    }
    for (const method of this.#patterns) await this.#ask(method, result, () => this.#askPattern(method, column));
    return result;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#tester[Symbol.asyncDispose]();
  }

  /** Places of the dictionaries that may match, with how many of the column's hashes they hold. */
  #candidates({ valueSet }: ColumnFacts): Map<number, number> {
    // Of what is not looked up any dictionary may lack something.
    if ('missing' in valueSet) return new Map(this.#dictionaries.map((_, place) => [place, 0]));
    const { hashes } = valueSet;
    // Hundreds of dictionaries may hold a value or two; those that could match with so few are asked.
    const enough = this.#index
      .lookUp(hashes)
      .filter((one) => one.found / hashes.length >= (this.#least[one.dictionary] ?? 0));
    const found = new Map(enough.map((one) => [one.dictionary, one.found]));
    for (const place of this.#byName) if (!found.has(place)) found.set(place, 0);
    return found;
  }

  async #ask(method: Method, result: Judged, ask: () => Promise<Verdict>): Promise<void> {
    const breaks = this.#breaks.get(method) ?? 0;
    if (breaks >= MOST_BREAKS) {
      result.broken.push({ method, problem: `it was stopped on ${breaks} columns before, and not asked again` });
      return;
    }
    try {
      const verdict = await ask();
      if (verdict.outcome === 'could not match') result.lacking.push({ method, missing: verdict.missing ?? [] });
      else result.judged++;
      if (verdict.outcome === 'matched') result.matched.push({ method, verdict });
    } catch (error) {
      if (!(error instanceof AssayError) || error.code === 'INTERNAL') throw error;
      this.#breaks.set(method, breaks + 1);
      result.broken.push({ method, problem: error.message });
    }
  }

  async #askDictionary(
    method: DictionaryMethod,
    place: number,
    { facts, shown }: Required<ReadColumn>,
    found: number,
  ): Promise<Verdict> {
    const answers: Answers = {
      ...('missing' in facts.valueSet ? {} : { found }),
      ...withAlias(await this.#aliases.best(method, facts.name)),
    };
    const verdict = evaluateMethod(method, facts, answers);
    if (verdict.outcome !== 'matched') return verdict;
    // Only what matched is worth the look at values.
    const known = [...shown, ...('missing' in facts.values ? [] : facts.values.values.map(([value]) => value))];
    const values = [...new Set(known)].filter((value) => !isBlank(value));
    const isTerm = (value: string): boolean => this.#index.has(place, termHash(value));
    return evaluateMethod(method, facts, {
      ...answers,
      matched: values.filter(isTerm),
      unmatched: values.filter((value) => !isTerm(value)),
    });
  }

  async #askPattern(method: PatternMethod, { facts, shown }: Required<ReadColumn>): Promise<Verdict> {
    const found = await this.#aliases.best(method, facts.name);
    const alias = withAlias(found);
    const looks = looksAtValues(method);
    // A rule that wants more rows says so, and only a whole verdict knows of it.
    const heard = looks && method.rules.every(({ minSamples }) => facts.sampledRows >= minSamples);
    const least = heard ? leastRegexScore(method, found?.score ?? 0) : 0;
    if (least > 1 || (least > 0 && usable(method) && mostRegexShare(method, facts) < least)) return NOT_MATCHED;
    // Where no share of matching values could turn it, no expression is tried.
    const verdict = evaluateMethod(method, facts, { ...alias, ...(looks ? NOT_TRIED : {}) });
    if (verdict.outcome === 'not matched' || !looks) return verdict;
    const regex = await regexShareFrom(method, facts, this.#tester, validators, least);
    if (!regex) return NOT_MATCHED;
    const judged = evaluateMethod(method, facts, { ...alias, regex });
    if (judged.outcome !== 'matched' || 'missing' in regex) return judged;
    const seen = await withShownValues(regex, method, facts, shown, this.#tester);
    return evaluateMethod(method, facts, { ...alias, regex: seen });
  }
}

/** Of one whose check is not known here nothing can be said but that. */
const usable = ({ validator }: PatternMethod): boolean =>
  validator === undefined || validators[validator] !== undefined;
const NOT_MATCHED: Verdict = { outcome: 'not matched', actions: [] };

const looksAtValues = ({ regexes, validator }: PatternMethod): boolean => regexes.length > 0 || validator !== undefined;
const NOT_TRIED: Answers = { regex: { missing: 'it was not tried' } };

const withAlias = (alias: Alias | undefined): { alias?: Alias } => (alias ? { alias } : {});
