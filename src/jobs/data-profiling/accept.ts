import { AssayError } from '../../errors/assay-error.ts';
import { acceptScope } from '../accept-scope.ts';
import type { Acceptance, AcceptContext } from '../job.ts';
import type { ProfilingRequest } from './schema.ts';

export type ProfilingInput = {
  scopeIds: string[];
  /** 0: none is left out. */
  sinceDays: number;
  /** 0: all rows. */
  rowLimit: number;
} & Record<string, unknown>;

/** Options of the contract that this version does not have, with the only value it takes. */
const NOT_BUILT = {
  buildSamples: false,
  sampleType: '',
  sampleMethod: '',
  sampleValue: 0,
  nthValue: 0,
  whereClause: '',
} as const;

/** @throws OPTION_NOT_BUILT (400) naming every option, MALFORMED_ID (400), NOT_FOUND (404) */
export async function acceptProfiling(
  request: ProfilingRequest,
  context: AcceptContext,
): Promise<Acceptance<ProfilingInput>> {
  const { configs } = request;
  const problems = Object.entries(NOT_BUILT)
    .filter(([key, only]) => configs !== undefined && configs[key as keyof typeof NOT_BUILT] !== only)
    .map(
      ([key, only]) =>
        `configs.${key}: this version does not have it yet; leave it out or give ${JSON.stringify(only)}`,
    );
  if (problems.length > 0) throw new AssayError('OPTION_NOT_BUILT', problems.join('; '), { problems });
  const { entities, scope, resourceIds, affinity } = await acceptScope(context.db, request.scope);
  return {
    input: {
      scopeIds: entities.map(({ id }) => id),
      sinceDays: configs?.dataProfiledSinceDays ?? 0,
      rowLimit: configs?.jdbcRowLimitSize ?? 0,
    },
    scope,
    resourceIds,
    affinity,
    lockKeys: [],
    warnings: [],
  };
}
