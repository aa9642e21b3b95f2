import { AssayError } from '../../errors/assay-error.ts';
import { chooseMethods } from '../../methods/choose-methods.ts';
import type { Db } from '../../store/database.ts';
import type { StoredMethod } from '../../store/methods/read-methods.ts';
import { type AcceptedScope, acceptScope } from '../accept-scope.ts';
import type { Acceptance, AcceptContext } from '../job.ts';
import type { IdentificationRequest } from './schema.ts';

export type IdentificationInput = {
  scopeIds: string[];
  /** Both empty: all that are enabled. */
  dictionaryIds: string[];
  dataPatternIds: string[];
} & Record<string, unknown>;

/** @throws MALFORMED_ID (400), NOT_FOUND (404), BAD_REQUEST (400) naming every method that is unknown or disabled */
export async function acceptIdentification(
  request: IdentificationRequest,
  context: AcceptContext,
): Promise<Acceptance<IdentificationInput>> {
  // Each counts once, however often it is named.
  const [dictionaryIds, dataPatternIds] = [[...new Set(request.dictionaryIds)], [...new Set(request.dataPatternIds)]];
  const { entities, scope, resourceIds, affinity } = (
    await acceptScopeAndMethods(context.db, { scope: request.scope, dictionaryIds, dataPatternIds })
  ).accepted;
  return {
    input: { scopeIds: entities.map(({ id }) => id), dictionaryIds, dataPatternIds },
    scope,
    resourceIds,
    affinity,
    lockKeys: [],
    warnings: [],
  };
}

/**
 * The scope and the methods that a request names; what is wrong with either is said at once.
 *
 * @throws MALFORMED_ID (400), NOT_FOUND (404), BAD_REQUEST (400) naming every problem of both
 */
export async function acceptScopeAndMethods(
  db: Db,
  { scope, ...choice }: IdentificationRequest,
): Promise<{ accepted: AcceptedScope; methods: StoredMethod[] }> {
  const [accepted, methods] = await Promise.allSettled([acceptScope(db, scope), chooseMethods(db, choice)]);
  if (accepted.status === 'fulfilled' && methods.status === 'fulfilled')
    return { accepted: accepted.value, methods: methods.value };
  const errors = [accepted, methods].flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
  const [first, second] = errors;
  if (!(first instanceof AssayError && second instanceof AssayError)) throw first;
  const problems = [first, second].flatMap(({ problems, message }) => (problems.length > 0 ? problems : [message]));
  throw new AssayError(first.code, problems.join('; '), { problems });
}
