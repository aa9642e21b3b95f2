import { type RawBuilder, sql } from 'kysely';
import { AssayError } from '../errors/assay-error.ts';
import type { DataSourceRow, Db, Trx } from './database.ts';
import { violatedConstraint } from './pg-errors.ts';

export interface NewDataSource {
  /** From `newHexId`; the secrets are encrypted for it (`sourceSecretPlace`). */
  id: string;
  resourceName: string;
  /** Made from the id when left out. */
  fqdnId?: string;
  /** Canonical, upper case. */
  databaseType: string;
  affinityId?: string;
  /** Fields without a column of their own, by wire name. */
  config: Record<string, unknown>;
  /** Wire name → ciphertext. */
  secrets: Record<string, string>;
  createdBy: string | null;
}

/** @throws CONFLICT when name or fqdnId is taken */
export async function insertDataSource(db: Db | Trx, source: NewDataSource): Promise<DataSourceRow> {
  const fqdnId = source.fqdnId ?? source.id;
  return naming(source.resourceName, fqdnId, async () => {
    const row = await db
      .insertInto('data_source')
      .values({
        id: source.id,
        resource_name: source.resourceName,
        fqdn_id: fqdnId,
        database_type: source.databaseType,
        affinity_id: source.affinityId ?? 'DEFAULT',
        config: JSON.stringify(source.config),
        secrets: JSON.stringify(source.secrets),
        created_by: source.createdBy,
      })
      // Inside a transaction a broken unique index would end it; so the conflict is found without an error.
      .onConflict((conflict) => conflict.doNothing())
      .returningAll()
      .executeTakeFirst();
    if (row) return row;
    throw new AssayError('CONFLICT', await nameConflict(db, source.resourceName, fqdnId));
  });
}

export async function findDataSource(db: Db | Trx, id: string): Promise<DataSourceRow | undefined> {
  return db.selectFrom('data_source').selectAll().where('id', '=', id.toLowerCase()).executeTakeFirst();
}

export async function getDataSource(db: Db | Trx, id: string): Promise<DataSourceRow> {
  const row = await findDataSource(db, id);
  if (!row) throw new AssayError('NOT_FOUND', `there is no data source ${id}`);
  return row;
}

/** Sources that any of the given identifiers names: at most one for each. */
export async function findSourcesByIdentity(
  db: Db,
  identity: { id?: string; fqdnId?: string; resourceName?: string },
): Promise<DataSourceRow[]> {
  const { rows } = await sql<DataSourceRow>`
    SELECT * FROM data_source WHERE id = ${identity.id ?? null} OR fqdn_id = ${identity.fqdnId ?? null}
      OR resource_name = ${identity.resourceName ?? null} ORDER BY seq`.execute(db);
  return rows;
}

/** In the order of the ids; those that do not exist are left out. */
export async function listDataSourcesById(db: Db, ids: readonly string[]): Promise<DataSourceRow[]> {
  const { rows } = await sql<DataSourceRow>`
    SELECT data_source.* FROM unnest(${ids.map((id) => id.toLowerCase())}::text[]) WITH ORDINALITY AS wanted(id, place)
    JOIN data_source USING (id) ORDER BY wanted.place`.execute(db);
  return rows;
}

export interface DataSourceFilter {
  ids?: readonly string[];
  /** `*` stands for any text, `?` for one character; without regard to case. */
  resourceNames?: readonly string[];
  databaseTypes?: readonly string[];
  affinityIds?: readonly string[];
  statuses?: readonly string[];
  fqdnIds?: readonly string[];
}

/** AND between keys, OR within; ordered by name. */
export async function filterDataSources(
  db: Db,
  filter: DataSourceFilter,
  page: { skip: number; limit: number },
): Promise<{ rows: DataSourceRow[]; totalCount: number }> {
  const tests: RawBuilder<unknown>[] = [sql`true`];
  const any = (column: RawBuilder<unknown>, patterns: readonly string[] | undefined) => {
    if (patterns) tests.push(sql`${column} ILIKE ANY(${patterns.map(toLike)}::text[])`);
  };
  any(sql`id`, filter.ids);
  any(sql`resource_name COLLATE "default"`, filter.resourceNames);
  any(sql`fqdn_id COLLATE "default"`, filter.fqdnIds);
  any(sql`database_type`, filter.databaseTypes);
  any(sql`affinity_id`, filter.affinityIds);
  any(sql`status`, filter.statuses);
  const where = sql.join(tests, sql` AND `);
  const counted = await sql<{ count: number }>`SELECT count(*) AS count FROM data_source WHERE ${where}`.execute(db);
  const { rows } = await sql<DataSourceRow>`SELECT * FROM data_source WHERE ${where}
    ORDER BY resource_name, id OFFSET ${page.skip} LIMIT ${page.limit}`.execute(db);
  return { rows, totalCount: counted.rows[0]?.count ?? 0 };
}

export interface DataSourceChange {
  resourceName: string;
  databaseType: string;
  affinityId: string;
  config: Record<string, unknown>;
  secrets: Record<string, string>;
}

/** Whether a source is being removed. A removal that failed or was cancelled holds its source no longer. @param alias of data_source */
export function isLeaving(alias: string): RawBuilder<boolean> {
  const mark = sql.ref<string>(`${alias}.removal_job_id`);
  return sql`EXISTS (SELECT 1 FROM job WHERE job.id = ${mark} AND job.finished_at IS NULL)`;
}

/** Reads the source under a lock, asks `change` what it becomes, writes that. A new target makes the source OFFLINE. */
export async function updateDataSource(
  db: Db,
  id: string,
  change: (before: DataSourceRow) => DataSourceChange & { targetChanged: boolean },
): Promise<DataSourceRow> {
  return db.transaction().execute(async (trx) => {
    const before = await trx
      .selectFrom('data_source')
      .selectAll()
      .where('id', '=', id.toLowerCase())
      .forUpdate()
      .executeTakeFirst();
    if (!before) throw new AssayError('NOT_FOUND', `there is no data source ${id}`);
    const removal = before.removal_job_id;
    if (removal !== null && (await isUnfinished(trx, removal))) {
      throw new AssayError('CONFLICT', `data source "${before.resource_name}" is being removed by job ${removal}`);
    }
    const after = change(before);
    return naming(after.resourceName, before.fqdn_id, () =>
      trx
        .updateTable('data_source')
        .set({
          resource_name: after.resourceName,
          database_type: after.databaseType,
          affinity_id: after.affinityId,
          config: JSON.stringify(after.config),
          secrets: JSON.stringify(after.secrets),
          version: before.version + 1,
          updated_at: sql`now()`,
          ...(after.targetChanged ? { status: 'OFFLINE', status_at: sql`now()` } : {}),
        })
        .where('id', '=', before.id)
        .returningAll()
        .executeTakeFirstOrThrow(),
    );
  });
}

async function naming<T>(resourceName: string, fqdnId: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const broken = violatedConstraint(error);
    if (!broken.startsWith('data_source_')) throw error;
    const what = broken === 'data_source_fqdn_id' ? `fqdnId: "${fqdnId}"` : `resourceName: "${resourceName}"`;
    throw new AssayError('CONFLICT', `${what} is taken by another data source`, { cause: error });
  }
}

async function nameConflict(db: Db | Trx, resourceName: string, fqdnId: string): Promise<string> {
  const other = await db
    .selectFrom('data_source')
    .select(['id', 'resource_name'])
    .where((eb) => eb.or([eb('resource_name', '=', resourceName), eb('fqdn_id', '=', fqdnId)]))
    .executeTakeFirst();
  const what = other?.resource_name === resourceName ? `resourceName: "${resourceName}"` : `fqdnId: "${fqdnId}"`;
  return `${what} is taken by data source ${other?.id ?? 'that was just made'}`;
}

/** A removal that failed or was cancelled leaves its id behind. */
async function isUnfinished(trx: Trx, jobId: string): Promise<boolean> {
  const job = await trx.selectFrom('job').select('finished_at').where('id', '=', jobId).executeTakeFirst();
  return job !== undefined && job.finished_at === null;
}

/** A pattern with `*` and `?` as a LIKE pattern; everything else stands for itself. */
function toLike(pattern: string): string {
  return pattern
    .replace(/[\\%_]/g, (c) => `\\${c}`)
    .replaceAll('*', '%')
    .replaceAll('?', '_');
}

/** What a connection test found out. `status` is left as it was when the test went elsewhere than the saved connection goes. */
export async function recordConnectionTest(
  trx: Trx,
  sourceId: string,
  test: { jobId: string; status?: 'ONLINE' | 'OFFLINE' },
): Promise<void> {
  await trx
    .updateTable('data_source')
    .set({
      last_test_connection_id: test.jobId,
      ...(test.status ? { status: test.status, status_at: sql`now()` } : {}),
    })
    .where('id', '=', sourceId)
    .execute();
}

/**
 * An ingest reached the source; that it was accepted means that no removal is going on.
 *
 * @param elsewhere the job connected elsewhere than the saved connection goes: that says nothing about its status
 */
export async function recordIngest(trx: Trx, sourceId: string, jobId: string, elsewhere: boolean): Promise<void> {
  await trx
    .updateTable('data_source')
    .set({
      last_ingest_id: jobId,
      removal_job_id: null,
      ...(elsewhere ? {} : { status: 'ONLINE', status_at: sql`now()` }),
    })
    .where('id', '=', sourceId)
    .execute();
}
