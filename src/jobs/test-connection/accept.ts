import { acceptSource, connectionOf, encryptForJob } from '../accept-source.ts';
import type { Acceptance, AcceptContext, JobInput } from '../job.ts';

export type TestConnectionInput = JobInput & {
  /** Null: the configuration is not saved and stands in `config` and `secrets`. */
  sourceId: string | null;
  title: string;
  /** The test goes elsewhere than the saved source: it says nothing about that one's status. */
  targetChanged: boolean;
  config?: Record<string, unknown>;
  secrets?: Record<string, string>;
};

export async function acceptTestConnection(
  body: Record<string, unknown>,
  context: AcceptContext,
): Promise<Acceptance<TestConnectionInput>> {
  const source = await acceptSource(body, context);
  const { row, split, overrides, targetChanged } = source;
  const title = row?.resource_name ?? String(split.config.resourceName ?? split.config.databaseType);
  return {
    input: {
      sourceId: row?.id ?? null,
      title,
      targetChanged,
      ...(row ? {} : { config: connectionOf(split.config), secrets: encryptForJob(split.secrets, context) }),
      ...(overrides ? { overrides } : {}),
    },
    scope: { dataSources: row ? [{ _id: row.id, title: row.resource_name }] : [], scope: [] },
    resourceIds: row ? [row.id] : [],
    affinity: source.affinity,
    lockKeys: [],
    warnings: split.warnings,
    single: { key: 'test', item: 'test', title, payload: {} },
  };
}
