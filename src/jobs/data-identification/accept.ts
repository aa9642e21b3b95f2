import { chooseMethods } from '../../methods/choose-methods.ts';
import { acceptScope } from '../accept-scope.ts';
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
  const { entities, scope, resourceIds, affinity } = await acceptScope(context.db, request.scope);
  // Each counts once, however often it is named.
  const [dictionaryIds, dataPatternIds] = [[...new Set(request.dictionaryIds)], [...new Set(request.dataPatternIds)]];
  await chooseMethods(context.db, { dictionaryIds, dataPatternIds });
  return {
    input: { scopeIds: entities.map(({ id }) => id), dictionaryIds, dataPatternIds },
    scope,
    resourceIds,
    affinity,
    lockKeys: [],
    warnings: [],
  };
}
