import type { SourceConfig } from '../connectors/connector.ts';
import { getConnectorSpec } from '../connectors/specs.ts';
import { AssayError } from '../errors/assay-error.ts';
import { newHexId } from '../model/ids.ts';
import { listOverruled } from '../model/overruled-fields.ts';
import { sourceSecretPlace } from '../model/secret-places.ts';
import { changesTarget, type SplitConfig, splitConfig } from '../model/source-fields.ts';
import { listIdentityProblems } from '../model/source-identity.ts';
import type { DataSourceChange, NewDataSource } from '../store/data-sources.ts';
import type { DataSourceRow } from '../store/database.ts';
import type { SecretBox } from './app-options.ts';

const COLUMNS = ['resourceName', 'resourceId', 'fqdnId', 'databaseType', 'affinityId'] as const;

/** A body as a data source to be stored, its secrets encrypted. @throws BAD_REQUEST naming every problem */
export function toNewDataSource(
  body: Readonly<Record<string, unknown>>,
  createdBy: string,
  secrets: SecretBox,
): { source: NewDataSource; warnings: string[] } {
  const split = splitConfig(body);
  const problems = [...split.problems, ...listIdentityProblems(split.config)];
  const { resourceName, fqdnId, databaseType, affinityId } = split.config;
  if (resourceName === undefined) problems.push('resourceName: is missing; give the data source a name');
  if (split.config.resourceId !== undefined) problems.push('resourceId: is given by the server; leave it out');
  const kind = findType(databaseType, problems);
  if (problems.length > 0) throw new AssayError('BAD_REQUEST', problems.join('; '), { problems });
  const id = newHexId();
  return {
    warnings: split.warnings,
    source: {
      id,
      resourceName: resourceName as string,
      fqdnId: fqdnId as string | undefined,
      databaseType: kind,
      affinityId: affinityId as string | undefined,
      config: withoutColumns(split.config),
      secrets: encryptAll(id, split.secrets, secrets),
      createdBy,
    },
  };
}

/**
 * What a PATCH makes of a stored source. Fields that are absent stay; `null` and `""` empty a field; a new target drops the
 * stored secrets.
 *
 * @throws BAD_REQUEST naming every problem, SECRET_REQUIRED
 */
export function toChange(
  before: DataSourceRow,
  split: SplitConfig,
  secrets: SecretBox,
): DataSourceChange & { targetChanged: boolean } {
  const { config } = split;
  const problems = [...split.problems, ...listIdentityProblems(config)];
  if (config.fqdnId !== undefined && config.fqdnId !== before.fqdn_id)
    problems.push(`fqdnId: cannot be changed; it is "${before.fqdn_id}"`);
  if (config.resourceId !== undefined && config.resourceId !== before.id)
    problems.push(`resourceId: this is data source ${before.id}`);
  for (const name of ['resourceName', 'databaseType'])
    if (split.emptied.includes(name)) problems.push(`${name}: cannot be emptied`);
  const databaseType =
    config.databaseType === undefined ? before.database_type : findType(config.databaseType, problems);
  const emptied = Object.fromEntries(split.emptied.map((name) => [name, '']));
  const overruled = listOverruled({ ...before.config, ...emptied }, config);
  problems.push(...overruled.problems);
  if (problems.length > 0) throw new AssayError('BAD_REQUEST', problems.join('; '), { problems });
  const gone = [...split.emptied, ...overruled.names];
  for (const name of overruled.names) emptied[name] = '';
  const changed = changesTarget(
    { ...before.config, databaseType: before.database_type },
    { ...emptied, ...config, databaseType },
  );
  if (changed.length > 0 && Object.keys(before.secrets).length > 0 && Object.keys(split.secrets).length === 0) {
    throw new AssayError(
      'SECRET_REQUIRED',
      `${changed.join(', ')}: a change of where the connection goes needs its own secret; send ${Object.keys(before.secrets).join(' or ')} in the same body`,
    );
  }
  const kept = changed.length > 0 ? {} : before.secrets;
  const drop = (fields: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(fields).filter(([name]) => !gone.includes(name)));
  return {
    resourceName: (config.resourceName as string | undefined) ?? before.resource_name,
    databaseType,
    affinityId: split.emptied.includes('affinityId')
      ? 'DEFAULT'
      : ((config.affinityId as string | undefined) ?? before.affinity_id),
    config: { ...drop(before.config), ...withoutColumns(config) },
    secrets: { ...(drop(kept) as Record<string, string>), ...encryptAll(before.id, split.secrets, secrets) },
    targetChanged: changed.length > 0 || Object.keys(split.secrets).length > 0,
  };
}

/**
 * What a connection to a stored source still lacks, in sentences for `warnings`: a source may be added in part and completed
 * later, or by the body of a job, so none of it is an error yet.
 */
export function listUnready(row: DataSourceRow): string[] {
  const secrets = Object.fromEntries(Object.keys(row.secrets).map((name) => [name, '******']));
  const config = { ...row.config, ...secrets, databaseType: row.database_type } as SourceConfig;
  return getConnectorSpec(row.database_type)
    .problems(config)
    .map((problem) => `${problem} (jobs on this data source are refused until then)`);
}

function findType(databaseType: unknown, problems: string[]): string {
  try {
    return getConnectorSpec(typeof databaseType === 'string' ? databaseType : '').databaseTypes[0];
  } catch (error) {
    problems.push(error instanceof Error ? error.message : String(error));
    return '';
  }
}

function withoutColumns(config: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(config).filter(([name]) => !(COLUMNS as readonly string[]).includes(name)));
}

function encryptAll(sourceId: string, plain: Record<string, string>, secrets: SecretBox): Record<string, string> {
  return Object.fromEntries(
    Object.entries(plain).map(([name, value]) => [name, secrets.encrypt(value, sourceSecretPlace(sourceId, name))]),
  );
}
