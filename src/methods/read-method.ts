import { createHash } from 'node:crypto';
import { AssayError } from '../errors/assay-error.ts';
import type { DictionaryDefinition } from '../identify/definition/read-definition.ts';
import type { PatternMethod } from '../identify/method.ts';
import { isPlainObject } from '../model/coerce.ts';
import type { StoredKind } from '../store/methods/read-methods.ts';
import { checkTerms } from './import/inline-terms.ts';

/** What a definition says. */
export interface ReadMethod {
  /** Its id is empty where the definition has none. */
  method: DictionaryDefinition | PatternMethod;
  language: string;
  warnings: string[];
}

/** Loaded by who needs them: the rules of numbers and phones are large, and a server that imports nothing starts without. */
const load = () =>
  Promise.all([import('../identify/definition/read-definition.ts'), import('../identify/validators/index.ts')]);

/**
 * Reads a definition in the fields of the original. Terms within it are not looked at.
 *
 * @param kind what it must be
 * @throws BAD_REQUEST naming every problem
 */
export async function readMethod(given: unknown, kind: StoredKind): Promise<ReadMethod> {
  if (Array.isArray(given)) {
    const problem = `received an array of ${given.length}, expected one object; make a file of each`;
    throw new AssayError('BAD_REQUEST', problem, { problems: [problem] });
  }
  const [{ readDefinition }, { validators }] = await load();
  const definition = isPlainObject(given) ? withoutTerms(given) : given;
  const { method, warnings } = withTermProblems(given, kind, () =>
    readDefinition(definition, { id: '', kind, validators: Object.keys(validators) }),
  );
  const language = isPlainObject(given) && typeof given.language === 'string' ? given.language : '';
  if (method.id.length > MOST_ID || method.name.length > MOST_NAME) {
    const problem = `_id and name: have ${method.id.length} and ${method.name.length} characters, at most ${MOST_ID} and ${MOST_NAME} are allowed`;
    throw new AssayError('BAD_REQUEST', problem, { problems: [problem] });
  }
  return { method, language, warnings };
}

/** What is wrong with terms that stand in the definition is told with what is wrong with the rest. */
function withTermProblems<Read>(given: unknown, kind: StoredKind, read: () => Read): Read {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof AssayError) || kind !== 'dictionary') throw error;
    const ofTerms = isPlainObject(given) && given.terms !== undefined ? problemsOfTerms(given.terms) : [];
    const problems = [...(error.problems.length > 0 ? error.problems : [error.message]), ...ofTerms];
    throw ofTerms.length === 0 ? error : new AssayError(error.code, problems.join('; '), { problems });
  }
}

function problemsOfTerms(given: unknown): readonly string[] {
  try {
    checkTerms(given);
    return [];
  } catch (error) {
    if (!(error instanceof AssayError)) throw error;
    return error.problems.length > 0 ? error.problems : [error.message];
  }
}

/** Ids stand in paths; both in an index, whose entries have room for 2,700 bytes. */
const MOST_ID = 200;
const MOST_NAME = 500;

/** Terms within a definition are kept as all terms are. */
export function withoutTerms({ terms: _, ...definition }: Record<string, unknown>): Record<string, unknown> {
  return definition;
}

/** 16 hex digits that change with everything that could change a verdict: of a dictionary the terms, too. */
export const versionOf = ({ kind, version }: DictionaryDefinition | PatternMethod, termsDigest: string): string =>
  kind === 'pattern' ? version : createHash('sha256').update(version).update(termsDigest).digest('hex').slice(0, 16);
