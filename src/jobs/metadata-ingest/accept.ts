import { AssayError } from '../../errors/assay-error.ts';
import { type Filters, readFilters } from '../../harvest/filters.ts';
import { newHexId } from '../../model/ids.ts';
import { sourceSecretPlace } from '../../model/secret-places.ts';
import { listIdentityProblems } from '../../model/source-identity.ts';
import { insertDataSource, type NewDataSource } from '../../store/data-sources.ts';
import { type AcceptedSource, acceptSource, connectionOf } from '../accept-source.ts';
import type { Acceptance, AcceptContext, JobInput } from '../job.ts';

export type IngestInput = JobInput & { sourceId: string; title: string; filters: Filters };

const NOT_BUILT = ['deleteEmptyFolders', 'incremental'] as const;

export async function acceptIngest(
  request: Record<string, unknown>,
  context: AcceptContext,
): Promise<Acceptance<IngestInput>> {
  const { deleteEmptyFolders, incremental, ...body } = request;
  const options = { deleteEmptyFolders, incremental };
  const asked = NOT_BUILT.filter((name) => options[name] === true);
  if (asked.length > 0) {
    const problems = asked.map((name) => `${name}: received true; this version can only do false`);
    throw new AssayError('OPTION_NOT_BUILT', problems.join('; '), { problems });
  }
  const source = await acceptSource(body, context);
  const filters = readFilters(source.split.config, source.row?.config ?? {});
  const fresh = source.row ? undefined : newSource(source, context);
  const id = source.row?.id ?? (fresh as NewDataSource).id;
  const title = source.row?.resource_name ?? (fresh as NewDataSource).resourceName;
  return {
    input: { sourceId: id, title, filters, ...(source.overrides ? { overrides: source.overrides } : {}) },
    scope: { dataSources: [{ _id: id, title }], scope: [] },
    resourceIds: [id],
    affinity: source.affinity,
    lockKeys: [`source:${id}`],
    warnings: source.split.warnings,
    ...(fresh
      ? {
          onAccepted: async (trx) => {
            await insertDataSource(trx, fresh);
          },
        }
      : {}),
  };
}

/** A full body and no saved source: it is saved with the job. */
function newSource(source: AcceptedSource, context: AcceptContext): NewDataSource {
  const { config, secrets } = source.split;
  const name = config.resourceName;
  if (!context.mayCreateSources) {
    throw new AssayError(
      'FORBIDDEN',
      'no saved data source has this resourceName or fqdnId, and creating one needs the right manageSources, of your roles and as a scope of the API key if you use one',
    );
  }
  const problems = listIdentityProblems(config);
  if (name === undefined) {
    problems.push('resourceName: is missing; name a saved data source, or give a name for the one to create');
  }
  if (problems.length > 0) throw new AssayError('BAD_REQUEST', problems.join('; '), { problems });
  const id = newHexId();
  const { databaseType: _, ...connection } = connectionOf(config);
  const filters = ['schemaNames', 'includePatterns', 'excludePatterns'].filter((key) => config[key] !== undefined);
  return {
    id,
    resourceName: String(name),
    ...(typeof config.fqdnId === 'string' ? { fqdnId: config.fqdnId } : {}),
    databaseType: source.spec.databaseTypes[0],
    affinityId: source.affinity,
    config: { ...connection, ...Object.fromEntries(filters.map((key) => [key, config[key]])) },
    secrets: Object.fromEntries(
      Object.entries(secrets).map(([field, plain]) => [field, context.encrypt(plain, sourceSecretPlace(id, field))]),
    ),
    createdBy: context.userId,
  };
}
