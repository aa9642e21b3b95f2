import { acceptScope } from '../accept-scope.ts';
import type { Acceptance, AcceptContext, JobInput } from '../job.ts';

export type ReingestInput = JobInput & { scope: string[] };

export async function acceptReingest(
  request: { scope: string[] },
  context: AcceptContext,
): Promise<Acceptance<ReingestInput>> {
  const { entities, scope, resourceIds, affinity } = await acceptScope(context.db, request.scope);
  const unknown = Object.keys(request).filter((key) => key !== 'scope');
  return {
    input: { scope: entities.map((entity) => entity.id) },
    scope,
    resourceIds,
    affinity,
    lockKeys: resourceIds.map((id) => `source:${id}`).sort(),
    warnings: unknown.map((key) => `${key}: not a field of this job; ignored`),
  };
}
