import { AssayError } from '../../errors/assay-error.ts';
import { acceptScope } from '../accept-scope.ts';
import type { Acceptance, AcceptContext } from '../job.ts';
import { DEFAULT_TABLES_PER_TASK, type ProfilingOptions, readOptions } from './options.ts';
import type { ProfilingRequest } from './schema.ts';

export type ProfilingInput = {
  scopeIds: string[];
  /** Absent in jobs of earlier versions, which may be run again. */
  options?: ProfilingOptions;
} & Record<string, unknown>;

/** @throws MALFORMED_ID (400), NOT_FOUND (404); what is wrong with the options was found when the request was parsed */
export async function acceptProfiling(
  request: ProfilingRequest,
  context: AcceptContext,
): Promise<Acceptance<ProfilingInput>> {
  const { configs } = request;
  if (configs?.watermarkColumn) {
    const problem =
      'configs.watermarkColumn: this version cannot add new rows to an earlier profile yet; leave it out, or choose the new rows by whereClause';
    throw new AssayError('OPTION_NOT_BUILT', problem, { problems: [problem] });
  }
  const { entities, scope, resourceIds, affinity } = await acceptScope(context.db, request.scope);
  return {
    input: {
      scopeIds: entities.map(({ id }) => id),
      options: readOptions(configs ?? {}, configs?.without ?? []).options,
    },
    scope,
    resourceIds,
    affinity,
    lockKeys: [],
    warnings: [],
  };
}

export const optionsOf = ({ options, sinceDays, rowLimit }: ProfilingInput): ProfilingOptions =>
  options ?? {
    sinceDays: Number(sinceDays ?? 0),
    samples: false,
    tablesPerTask: DEFAULT_TABLES_PER_TASK,
    ...(Number(rowLimit) > 0 ? { limit: Number(rowLimit) } : {}),
  };
