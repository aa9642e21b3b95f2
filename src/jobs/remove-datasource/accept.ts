import { AssayError } from '../../errors/assay-error.ts';
import { isHexId } from '../../model/ids.ts';
import { findDataSource } from '../../store/data-sources.ts';
import { markRemoval } from '../../store/removal.ts';
import type { Acceptance, AcceptContext, OnAcceptance } from '../job.ts';

export type RemovalInput = { sourceId: string; fqdnId: string; resourceName: string } & Record<string, unknown>;

/** Both ids are wanted and must agree: a removal cannot be undone. */
export async function acceptRemoval(
  request: { id: string; fqdnId: string },
  context: AcceptContext,
): Promise<Acceptance<RemovalInput>> {
  if (!isHexId(request.id)) {
    throw new AssayError('MALFORMED_ID', `id: received "${request.id.slice(0, 100)}", expected 24 hex digits`);
  }
  const row = await findDataSource(context.db, request.id);
  if (!row) throw new AssayError('NOT_FOUND', `id: there is no data source ${request.id}`);
  if (row.fqdn_id !== request.fqdnId) {
    throw new AssayError(
      'BAD_REQUEST',
      `fqdnId: received "${request.fqdnId.slice(0, 100)}", but data source ${row.id} has "${row.fqdn_id}"; nothing was removed`,
    );
  }
  const unknown = Object.keys(request).filter((key) => key !== 'id' && key !== 'fqdnId');
  return {
    input: { sourceId: row.id, fqdnId: row.fqdn_id, resourceName: row.resource_name },
    scope: { dataSources: [{ _id: row.id, title: row.resource_name }], scope: [] },
    resourceIds: [row.id],
    affinity: 'DEFAULT',
    lockKeys: [`source:${row.id}`],
    warnings: unknown.map((key) => `${key}: not a field of this job; ignored`),
    single: { key: 'remove', item: row.id, title: row.resource_name, payload: {} },
    ...claimSource({ sourceId: row.id, resourceName: row.resource_name }),
  };
}

/** From here on the source takes no other job, and those it has are cancelled. */
export function claimSource(input: Pick<RemovalInput, 'sourceId' | 'resourceName'>): OnAcceptance {
  return {
    supersedes: `Cancelled because data source "${input.resourceName}" is being removed.`,
    async onAccepted(trx, jobId) {
      await markRemoval(trx, input.sourceId, jobId);
    },
  };
}
