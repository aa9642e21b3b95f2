import { bestAliases } from '../src/identify/best-alias.ts';
import { builtInDictionaries, builtInPatterns } from '../src/identify/built-in/index.ts';
import type { ColumnFacts } from '../src/identify/column-facts.ts';
import { readDefinition } from '../src/identify/definition/read-definition.ts';
import { evaluateMethod } from '../src/identify/evaluate.ts';
import { feasibilityOf } from '../src/identify/feasibility.ts';
import type { Answers } from '../src/identify/ingredients.ts';
import type { DictionaryMethod, Method, PatternMethod } from '../src/identify/method.ts';
import { RegexRunner } from '../src/identify/regex/regex-runner.ts';
import { regexShareOf } from '../src/identify/scores/regex-share.ts';
import { validators } from '../src/identify/validators/index.ts';
import { isBlank, patternOf } from '../src/profile/text/alphabet.ts';
import { canonicalText } from '../src/sketch/canonical-text.ts';
import { ValueSet } from '../src/sketch/value-set.ts';
import { valueSetHash } from '../src/sketch/value-set-codec.ts';
import type { LabelledColumn } from './corpus/column.ts';

/** As many values as a profile keeps of a column. */
const KEPT = 1_024;

/** What the profile of a table with this one column would know of it. */
export function factsOf({ name, values }: Pick<LabelledColumn, 'name' | 'values'>): ColumnFacts {
  const filled = values.filter((value) => value !== null);
  const texts = filled.filter((value) => !isBlank(value));
  const sample = filled.slice(0, KEPT);
  const count = (all: readonly string[]) =>
    [...Map.groupBy(all, (text) => text)].map(([text, same]) => [text, same.length] as const);
  return {
    entityId: name,
    tableId: 'table',
    name,
    kind: 'text',
    profileId: 1,
    profiledAt: '2026-01-01T00:00:00.000Z',
    rows: values.length,
    sampledRows: values.length,
    nonNull: filled.length,
    blanks: filled.length - texts.length,
    distinct: new Set(filled).size,
    valueSet: new ValueSet(texts.map((text) => valueSetHash(canonicalText(text)))),
    patterns: {
      patterns: count(texts.map(patternOf)).map(([pattern, of]) => ({ pattern, count: of })),
      filled: texts.length,
      all: true,
    },
    values: { values: count(sample), rows: sample.length, all: sample.length === filled.length },
  };
}

/** All built-in methods, with the terms of all dictionaries by hash. */
export interface BuiltIn {
  methods: readonly Method[];
  dictionariesOf: ReadonlyMap<number, readonly string[]>;
}

export async function readBuiltIn(): Promise<BuiltIn> {
  const options = { validators: Object.keys(validators), builtIn: true };
  const dictionariesOf = new Map<number, string[]>();
  const dictionaries: DictionaryMethod[] = [];
  for (const { definition, terms } of builtInDictionaries()) {
    const { method } = readDefinition(definition, { ...options, kind: 'dictionary' });
    const hashes = new Set((await terms()).map((term) => valueSetHash(canonicalText(term))));
    for (const hash of hashes) {
      const found = dictionariesOf.get(hash);
      if (found) found.push(method.id);
      else dictionariesOf.set(hash, [method.id]);
    }
    dictionaries.push({ ...method, cardinality: hashes.size });
  }
  const patterns = builtInPatterns().map(
    (definition): PatternMethod => readDefinition(definition, { ...options, kind: 'pattern' }).method,
  );
  return { methods: [...dictionaries, ...patterns], dictionariesOf };
}

/** A method that matched a column, and the tags that it gave. */
export interface Match {
  method: Method;
  tags: readonly string[];
}

/** Tags that go with others and say nothing of their own about what a column is. */
const BESIDE = new Set(['Personal Data', 'Secret']);

/** What the built-in methods say of each column, as a job has it: names first, then look-ups and expressions where they can still decide. */
export async function identify(
  columns: readonly LabelledColumn[],
  { methods, dictionariesOf }: BuiltIn,
): Promise<Match[][]> {
  await using runner = new RegexRunner({ limitMs: 60_000 });
  const facts = columns.map(factsOf);
  const found = facts.map((column) => countFound(column, dictionariesOf));
  const matches: Match[][] = columns.map(() => []);
  for (const method of methods) {
    const aliases = await bestAliases(
      method,
      columns.map(({ name }) => name),
      runner,
    );
    for (const [i, column] of facts.entries()) {
      const alias = aliases[i];
      if (!feasibilityOf(method, column, alias).reachable) continue;
      const answers: Answers = { ...(alias ? { alias } : {}) };
      if (method.kind === 'dictionary') answers.found = found[i]?.get(method.id) ?? 0;
      else answers.regex = await regexShareOf(method, column, runner, validators);
      const { outcome, actions } = evaluateMethod(method, column, answers);
      const tags = actions.flatMap((action) => action.tags).filter((tag) => !BESIDE.has(tag));
      if (outcome === 'matched') matches[i]?.push({ method, tags });
    }
  }
  return matches;
}

function countFound({ valueSet }: ColumnFacts, dictionariesOf: BuiltIn['dictionariesOf']): Map<string, number> {
  const found = new Map<string, number>();
  if ('missing' in valueSet) return found;
  for (const hash of valueSet.hashes)
    for (const id of dictionariesOf.get(hash) ?? []) found.set(id, (found.get(id) ?? 0) + 1);
  return found;
}
