import type { ConnectContext, OpenDuckDb, ReadRowGroups, SourceConfig } from '../connectors/connector.ts';
import { loadConnector } from '../connectors/openers.ts';
import type { ClaimedTask } from '../engine/claim.ts';
import { AssayError } from '../errors/assay-error.ts';
import type { JobInput, OpenedSource, SourceOverrides } from '../jobs/job.ts';
import { jobSecretPlace, sourceSecretPlace } from '../model/secret-places.ts';
import type { TaskHost } from './do-task.ts';
import type { TaskLimits } from './protocol.ts';

/** Long enough for a server that wakes up, short enough that a silent host is named within one lease. */
const CONNECT_TIMEOUT_MS = 8_000;

/** Connector and configuration of a saved source; secrets are decrypted here and live in memory only. */
export async function openSaved(
  host: TaskHost,
  task: ClaimedTask,
  signal: AbortSignal,
  sourceId: string,
): Promise<OpenedSource> {
  const row = await host.db.selectFrom('data_source').selectAll().where('id', '=', sourceId).executeTakeFirst();
  if (!row) throw new AssayError('NOT_FOUND', `data source ${sourceId} no longer exists`);
  const overrides: SourceOverrides = (task.job_input as JobInput).overrides?.[sourceId] ?? {};
  const config = {
    ...row.config,
    ...(overrides.dropStoredSecrets
      ? {}
      : decryptAll(host, row.secrets, (field) => sourceSecretPlace(sourceId, field))),
    ...overrides.config,
    ...decryptAll(host, overrides.secrets ?? {}, jobSecretPlace),
  };
  const databaseType = String(overrides.config?.databaseType ?? row.database_type);
  return open(host, task, signal, { ...config, databaseType }, row);
}

/** The same for a configuration that is not saved. */
export async function openConfigured(
  host: TaskHost,
  task: ClaimedTask,
  signal: AbortSignal,
  config: Record<string, unknown>,
  secrets: Record<string, string>,
): Promise<OpenedSource> {
  const databaseType = String(config.databaseType ?? '');
  return open(host, task, signal, { ...config, ...decryptAll(host, secrets, jobSecretPlace), databaseType }, null);
}

async function open(
  host: TaskHost,
  task: ClaimedTask,
  signal: AbortSignal,
  config: SourceConfig,
  row: OpenedSource['row'],
): Promise<OpenedSource> {
  const connector = await (host.loadConnector ?? loadConnector)(config.databaseType);
  const context: ConnectContext = {
    signal,
    applicationName: `assay job=${task.job_id}`,
    fileRoots: host.limits.fileRoots,
    protectedPaths: host.limits.protectedPaths,
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    openDuckDb: duckDbOpener(host.limits),
    readRowGroups: rowGroupReader(host.limits),
  };
  return { row, connector, config, context };
}

/** A catalog is small; most of the task's memory is for what is measured beside it. */
const CATALOG_MEMORY_MB = 64;

/** DuckDB is loaded when a database file is opened, and only in the process that does the task. */
const duckDbOpener =
  ({ tempFolder }: TaskLimits): OpenDuckDb =>
  async (path, signal) => {
    const { openDatabaseFile } = await import('../profile/duckdb/database-file.ts');
    return openDatabaseFile(path, { memoryMb: CATALOG_MEMORY_MB, threads: 1, tempFolder, signal });
  };

const rowGroupReader =
  ({ tempFolder }: TaskLimits): ReadRowGroups =>
  async (path, signal) => {
    const { readRowGroups } = await import('../profile/duckdb/parquet-footer.ts');
    return readRowGroups(path, { memoryMb: CATALOG_MEMORY_MB, threads: 1, tempFolder, signal });
  };

/** `place` tells where the ciphertext of a field is stored: it is authenticated with it. */
function decryptAll(
  host: TaskHost,
  secrets: Record<string, string>,
  place: (field: string) => string,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(secrets).map(([field, text]) => [field, host.secrets.decrypt(text, place(field))]),
  );
}
