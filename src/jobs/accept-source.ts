import type { ConnectorSpec, SourceConfig } from '../connectors/connector.ts';
import { findConnectorSpec, getConnectorSpec } from '../connectors/specs.ts';
import { AssayError } from '../errors/assay-error.ts';
import { isHexId } from '../model/ids.ts';
import { listOverruled } from '../model/overruled-fields.ts';
import { jobSecretPlace } from '../model/secret-places.ts';
import { changesTarget, SOURCE_FIELDS, type SplitConfig, splitConfig } from '../model/source-fields.ts';
import { findSourcesByIdentity } from '../store/data-sources.ts';
import type { DataSourceRow } from '../store/database.ts';
import type { AcceptContext, SourceOverrides } from './job.ts';

/** What a body says of a source: a saved one with changes for this job, or one that is not saved. */
export interface AcceptedSource {
  row: DataSourceRow | null;
  spec: ConnectorSpec;
  split: SplitConfig;
  /** For `JobInput.overrides`; only for a saved source whose configuration the body changes. */
  overrides: Record<string, SourceOverrides> | undefined;
  /** Whether the connection goes elsewhere than the saved one. */
  targetChanged: boolean;
  affinity: string;
}

const PLACEHOLDER = '******';

/**
 * Finds the source a body means, by `resourceId`, `fqdnId` or `resourceName`, and checks what the body changes of it.
 *
 * @throws BAD_REQUEST with every problem, MALFORMED_ID, NOT_FOUND, SECRET_REQUIRED
 */
export async function acceptSource(body: Record<string, unknown>, context: AcceptContext): Promise<AcceptedSource> {
  const split = splitConfig(body);
  if (split.problems.length > 0) refuse([...split.problems, ...listConnectorProblems(split)]);
  const row = await findSaved(split.config, context);
  const databaseType = String(split.config.databaseType ?? row?.database_type ?? '');
  const spec = getConnectorSpec(databaseType);
  if (split.config.databaseType !== undefined) split.config.databaseType = spec.databaseTypes[0];
  const changes = row ? changedConfig(row, split.config) : connectionOf(split.config);
  const target = row ? changesTarget({ ...row.config, databaseType: row.database_type }, changes) : [];
  if (row && target.length > 0) requireSecrets(row, target, split.secrets);
  const keepsSecrets = row !== null && target.length === 0;
  const full = {
    ...row?.config,
    ...(keepsSecrets ? Object.fromEntries(Object.keys(row.secrets).map((name) => [name, PLACEHOLDER])) : {}),
    ...changes,
    ...split.secrets,
    databaseType: spec.databaseTypes[0],
  } as SourceConfig;
  const problems = spec.problems(full);
  if (problems.length > 0) refuse(problems);
  return {
    row,
    spec,
    split,
    overrides: row ? toOverrides(row, changes, target.length > 0, split.secrets, context) : undefined,
    targetChanged: target.length > 0,
    affinity: String(split.config.affinityId ?? row?.affinity_id ?? 'DEFAULT'),
  };
}

/** What the connector says beside the problems of single fields; of a field that has one already it says nothing. */
function listConnectorProblems(split: SplitConfig): string[] {
  const { databaseType, resourceId, fqdnId, resourceName } = split.config;
  // A saved source fills the gaps, and is looked up only for a body that may be accepted.
  if (resourceId !== undefined || fqdnId !== undefined || resourceName !== undefined) return [];
  const spec = findConnectorSpec(String(databaseType ?? ''));
  if (!spec) return [];
  const fieldOf = (problem: string): string => problem.split(':')[0] ?? '';
  const told = new Set(split.problems.map(fieldOf));
  const full = { ...split.config, ...split.secrets, databaseType: spec.databaseTypes[0] } as SourceConfig;
  return spec.problems(full).filter((problem) => !told.has(fieldOf(problem)));
}

/** Secrets of a job's own, as they are stored in its input. */
export function encryptForJob(secrets: Record<string, string>, context: AcceptContext): Record<string, string> {
  return Object.fromEntries(
    Object.entries(secrets).map(([field, plain]) => [field, context.encrypt(plain, jobSecretPlace(field))]),
  );
}

const FILTERS = ['schemaNames', 'includePatterns', 'excludePatterns'];

/** The fields that say how to connect: without identity, and without what only an ingest reads. */
export function connectionOf(config: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config).filter(
      ([name]) => name === 'databaseType' || !(SOURCE_FIELDS[name]?.column || FILTERS.includes(name)),
    ),
  );
}

async function findSaved(
  config: Readonly<Record<string, unknown>>,
  context: AcceptContext,
): Promise<DataSourceRow | null> {
  const { resourceId, fqdnId, resourceName } = config as Record<string, string | undefined>;
  if (resourceId !== undefined && !isHexId(resourceId)) {
    throw new AssayError('MALFORMED_ID', `resourceId: received "${resourceId.slice(0, 100)}", expected 24 hex digits`);
  }
  const id = resourceId?.toLowerCase();
  const found = await findSourcesByIdentity(context.db, { id, fqdnId, resourceName });
  const row = found.find((one) => one.id === id) ?? found[0];
  if (id !== undefined && row?.id !== id)
    throw new AssayError('NOT_FOUND', `resourceId: there is no data source ${id}`);
  if (row) {
    const conflicts = [
      ...(fqdnId !== undefined && fqdnId !== row.fqdn_id ? [`fqdnId "${fqdnId}"`] : []),
      ...(resourceName !== undefined && resourceName !== row.resource_name ? [`resourceName "${resourceName}"`] : []),
    ];
    if (conflicts.length === 0) return row;
    refuse([
      `the body names data source ${row.id} (resourceName "${row.resource_name}", fqdnId "${row.fqdn_id}") but also ${conflicts.join(' and ')}; leave out what does not belong to it`,
    ]);
  }
  if (config.databaseType !== undefined) return null;
  if (fqdnId !== undefined) throw new AssayError('NOT_FOUND', `fqdnId: there is no data source "${fqdnId}"`);
  if (resourceName !== undefined)
    throw new AssayError('NOT_FOUND', `resourceName: there is no data source "${resourceName}"`);
  refuse([
    'the body names no saved data source (resourceId, fqdnId or resourceName) and gives no databaseType to connect with',
  ]);
}

/** What the body says otherwise than the saved source. */
function changedConfig(row: DataSourceRow, config: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const saved: Record<string, unknown> = { ...row.config, databaseType: row.database_type };
  const overruled = listOverruled(row.config, config);
  if (overruled.problems.length > 0) refuse(overruled.problems);
  return Object.fromEntries([
    ...Object.entries(connectionOf(config)).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(saved[name]),
    ),
    ...overruled.names.map((name) => [name, ''] as const),
  ]);
}

function requireSecrets(row: DataSourceRow, target: string[], secrets: Record<string, string>): void {
  const stored = Object.keys(row.secrets);
  if (stored.length === 0 || Object.keys(secrets).length > 0) return;
  throw new AssayError(
    'SECRET_REQUIRED',
    `the body changes ${target.join(', ')} of data source "${row.resource_name}", so its stored ${stored.join(', ')} is not used; send ${stored.length === 1 ? 'it' : 'them'} in the same body`,
  );
}

function toOverrides(
  row: DataSourceRow,
  changes: Record<string, unknown>,
  dropStoredSecrets: boolean,
  secrets: Record<string, string>,
  context: AcceptContext,
): Record<string, SourceOverrides> | undefined {
  if (Object.keys(changes).length === 0 && Object.keys(secrets).length === 0) return undefined;
  return {
    [row.id]: {
      config: changes,
      secrets: encryptForJob(secrets, context),
      ...(dropStoredSecrets ? { dropStoredSecrets } : {}),
    },
  };
}

function refuse(problems: string[]): never {
  throw new AssayError('BAD_REQUEST', problems.join('; '), { problems });
}
