import { acceptScope } from '../accept-scope.ts';
import type { Acceptance, AcceptContext } from '../job.ts';
import { checkWatermark } from './check-watermark.ts';
import { DEFAULT_TABLES_PER_TASK, type ProfilingOptions, readOptions } from './options.ts';
import type { ProfilingRequest } from './schema.ts';

export type ProfilingInput = {
  scopeIds: string[];
  /** Absent in jobs of earlier versions, which may be run again. */
  options?: ProfilingOptions;
} & Record<string, unknown>;

/**
 * @throws MALFORMED_ID (400), NOT_FOUND (404), BAD_REQUEST (400) for a watermark column that a table lacks; what else is wrong with the
 * options was found when the request was parsed
 */
export async function acceptProfiling(
  request: ProfilingRequest,
  context: AcceptContext,
): Promise<Acceptance<ProfilingInput>> {
  const { configs } = request;
  const { entities, scope, resourceIds, affinity } = await acceptScope(context.db, request.scope);
  const scopeIds = entities.map(({ id }) => id);
  if (configs?.watermarkColumn) await checkWatermark(context.db, entities, configs.watermarkColumn);
  return {
    input: {
      scopeIds,
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
