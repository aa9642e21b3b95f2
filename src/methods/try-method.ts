import { AssayError } from '../errors/assay-error.ts';
import { bestAliases } from '../identify/best-alias.ts';
import { readDefinition } from '../identify/definition/read-definition.ts';
import { evaluateMethod } from '../identify/evaluate.ts';
import { type Answers, obstaclesOf } from '../identify/ingredients.ts';
import type { DictionaryMethod, Method, PatternMethod } from '../identify/method.ts';
import { RegexRunner } from '../identify/regex/regex-runner.ts';
import { regexShareOf } from '../identify/scores/regex-share.ts';
import { validators } from '../identify/validators/index.ts';
import type { Verdict } from '../identify/verdict.ts';
import { isBlank } from '../profile/text/alphabet.ts';
import { termHash } from '../sketch/term-hash.ts';
import type { Db } from '../store/database.ts';
import { findMethod, listMethodsById, type StoredMethod } from '../store/methods/read-methods.ts';
import { ensureBuiltIns } from './ensure-built-ins.ts';
import { NO_PROFILE } from './judge.ts';
import { type ReadColumn, readColumns, type Unseal } from './read-columns.ts';
import { findHashes, findTerms } from './read-dictionaries.ts';
import { withShownValues } from './shown-matches.ts';
import { toKept } from './to-kept.ts';
import { toMethod } from './to-method.ts';

/** A saved method, or a definition that is not saved, with terms of its own or those of the saved dictionary that has its id. */
export type Tried = { methodId: string } | { definition: unknown; terms?: readonly string[] };

/** Terms of a dictionary that are read from the store to name some of those that were found. */
const NAMED_TERMS = 5;

/**
 * The verdict of one method on one column, with evidence also where it did not match. Nothing is written.
 *
 * @throws NOT_FOUND for a method or column that is not there; BAD_REQUEST naming every problem of a definition; EXPRESSION_TOO_SLOW for an
 * expression
 * that takes too long
 */
export async function tryMethod(
  db: Db,
  unseal: Unseal,
  columnId: string,
  tried: Tried,
): Promise<{ method: Method; verdict: Verdict }> {
  const { method, terms } = await openTried(db, tried);
  const [column] = await readColumns(db, unseal, [columnId], true);
  if (!column) throw new AssayError('NOT_FOUND', `there is no column ${columnId}`);
  const { facts } = column;
  const missing = facts ? obstaclesOf(facts) : [NO_PROFILE];
  if (!facts || missing.length > 0) return { method, verdict: { outcome: 'could not match', missing, actions: [] } };
  await using tester = new RegexRunner();
  const [alias] = await bestAliases(method, [facts.name], tester);
  const answers: Answers = {
    ...(alias ? { alias } : {}),
    ...(method.kind === 'pattern'
      ? { regex: await tryExpressions(method, { ...column, facts }, tester) }
      : await lookUp(db, { ...column, facts }, terms)),
  };
  const verdict = evaluateMethod(method, facts, answers, { explain: true });
  const { evidence } = verdict;
  return {
    method,
    verdict: evidence ? { ...verdict, evidence: toKept(evidence, method.kind, column.shown) } : verdict,
  };
}

async function tryExpressions(
  method: PatternMethod,
  { facts, shown }: Required<ReadColumn>,
  tester: RegexRunner,
): Promise<NonNullable<Answers['regex']>> {
  const share = await regexShareOf(method, facts, tester, validators);
  return 'missing' in share ? share : withShownValues(share, method, facts, shown, tester);
}

/** Terms of a dictionary: in the store, or as they were sent. */
type Terms = StoredMethod | ReadonlySet<number> | undefined;

async function openTried(db: Db, tried: Tried): Promise<{ method: Method; terms: Terms }> {
  await ensureBuiltIns(db);
  if ('methodId' in tried) {
    const [stored] = await listMethodsById(db, [tried.methodId]);
    if (!stored) throw new AssayError('NOT_FOUND', `there is no dictionary or data pattern ${tried.methodId}`);
    return { method: toMethod(stored), terms: stored };
  }
  const { method } = readDefinition(tried.definition, { id: NOT_SAVED, validators: Object.keys(validators) });
  if (method.kind === 'pattern') {
    if (tried.terms) throw new AssayError('BAD_REQUEST', 'terms: a data pattern has none; leave them out');
    return { method, terms: undefined };
  }
  if (tried.terms) {
    const hashes = new Set(tried.terms.filter((term) => !isBlank(term)).map((term) => termHash(term)));
    return { method: withTerms(method, hashes.size), terms: hashes };
  }
  const stored = await findMethod(db, 'dictionary', method.id);
  if (!stored)
    throw new AssayError(
      'BAD_REQUEST',
      `terms: the definition is of a dictionary; send its terms, or the _id of a saved dictionary that has them (received ${method.id})`,
    );
  return { method: withTerms(method, stored.cardinality), terms: stored };
}

const NOT_SAVED = 'not saved';
const withTerms = (method: Omit<DictionaryMethod, 'cardinality'>, cardinality: number): DictionaryMethod => ({
  ...method,
  cardinality,
});

/** How many hashes of the column are terms, and which of its values that are known. */
async function lookUp(db: Db, { facts, shown }: Required<ReadColumn>, terms: Terms): Promise<Answers> {
  if ('missing' in facts.valueSet || terms === undefined) return {};
  const known = [...shown, ...('missing' in facts.values ? [] : facts.values.values.map(([value]) => value))];
  const values = new Map(
    [...new Set(known)].filter((value) => !isBlank(value)).map((value) => [value, termHash(value)]),
  );
  const { hashes } = facts.valueSet;
  const found =
    terms instanceof Set ? terms : await findHashes(db, terms as StoredMethod, [...hashes, ...values.values()]);
  const matched = [...values].filter(([, hash]) => found.has(hash)).map(([value]) => value);
  const inColumn = hashes.filter((hash) => found.has(hash));
  const named =
    matched.length > 0 || terms instanceof Set
      ? []
      : [...(await findTerms(db, terms as StoredMethod, inColumn.slice(0, NAMED_TERMS))).values()];
  return {
    found: inColumn.length,
    matched: [...matched, ...named],
    unmatched: [...values].filter(([, hash]) => !found.has(hash)).map(([value]) => value),
  };
}
