import { AssayError } from '../../errors/assay-error.ts';
import { bytesOf } from '../../model/entity-bytes.ts';
import { type Effects, noEffects } from '../../model/job-status.ts';
import { toStorable } from '../../model/storable-text.ts';
import { toTableBody } from '../../profile/shape.ts';
import type { Trx } from '../../store/database.ts';
import { dropFilters, insertFilters, type NewFilter } from '../../store/profile-filters.ts';
import { dropValues, insertValues, type NewValues, valuesPlace } from '../../store/profile-values.ts';
import {
  type HeldTable,
  holdColumns,
  holdTables,
  type NewProfile,
  type StoredProfiles,
  storeProfiles,
} from '../../store/profiles.ts';
import type { TaskContext } from '../job.ts';
import { titleOf } from '../title.ts';
import { mergeColumns } from './file-columns.ts';
import type { ProfilePayload } from './plan.ts';
import type { PreparedColumn, PreparedProfile } from './prepare-profile.ts';

export interface Written {
  effects: Effects;
  warnings: string[];
  /** What counts for the job; nothing where a later job's profiles are there already. */
  part: { rows: number; columns: number; tables: number; superseded: number };
}

/** A table with the ids of its columns in the catalog. */
interface Placed extends Omit<Written, 'part'> {
  prepared: PreparedProfile;
  ids: ReadonlyMap<string, string>;
  /** Its columns that are stored, by their ids. */
  measured: Map<string, PreparedColumn>;
}

/** A file that was read whole has the columns that were read. */
const makesColumns = ({ type, columnIds }: ProfilePayload): boolean => type === 'FILE' && columnIds === null;

/**
 * Stores profiles of several tables of a job, each kind of row by one statement: of a small table the statements cost more than the rows.
 * Runs in the transaction that ends the tasks.
 *
 * @returns in their order
 * @throws SOURCE_NO_OBJECT when one of them has left the catalog
 */
export async function writeProfiles(
  trx: Trx,
  tables: readonly PreparedProfile[],
  { job, seal }: Pick<TaskContext, 'job' | 'seal'>,
): Promise<Written[]> {
  const held = await holdTables(
    trx,
    tables.map(({ payload }) => ({ id: payload.tableId, alone: makesColumns(payload) })),
  );
  const placed = await placeColumns(trx, tables, held, job.id);
  const profiles = placed.flatMap((table) => profilesOf(table, held.get(table.prepared.payload.tableId)));
  const stored = await storeProfiles(trx, job, profiles);
  await dropValues(trx, stored.replaced);
  await dropFilters(trx, stored.replaced);
  const [values, filters]: [NewValues[], NewFilter[]] = [[], []];
  for (const { prepared, measured, warnings } of placed) {
    for (const [entityId, { samples, kept, filter }] of measured) {
      const profileId = stored.ids.get(entityId);
      if (profileId === undefined) continue;
      const sealed = (what: 'samples' | 'kept', packed: Buffer | null): Buffer | null =>
        packed && seal(packed, valuesPlace(entityId, job.id, what));
      if (samples || kept) values.push({ profileId, samples: sealed('samples', samples), kept: sealed('kept', kept) });
      if (filter) filters.push({ profileId, bytes: filter });
    }
    const profileId = stored.ids.get(prepared.payload.tableId);
    if (prepared.rest === undefined || profileId === undefined) continue;
    if ('part' in prepared.rest) values.push({ profileId, samples: null, kept: null, part: prepared.rest.part });
    else warnings.push(`${titleOf(prepared.payload)}: ${prepared.rest.warning}`);
  }
  await insertValues(trx, values);
  await insertFilters(trx, filters);
  return placed.map((table) => count(table, stored));
}

/** Finds the columns of each table in the catalog; those of files are made. */
async function placeColumns(
  trx: Trx,
  tables: readonly PreparedProfile[],
  held: ReadonlyMap<string, HeldTable>,
  jobId: string,
): Promise<Placed[]> {
  const gone = tables.find(({ payload }) => !held.has(payload.tableId));
  if (gone) throw new AssayError('SOURCE_NO_OBJECT', `${titleOf(gone.payload)} left the catalog while it was profiled`);
  const merged = await mergeColumns(
    trx,
    jobId,
    tables.filter(({ payload }) => makesColumns(payload)),
    held,
  );
  const known = await holdColumns(
    trx,
    tables.filter(({ payload }) => !makesColumns(payload)).map(({ payload }) => payload.tableId),
  );
  return tables.map((prepared) => {
    const { tableId } = prepared.payload;
    const found = merged.get(tableId) ?? { ids: known.get(tableId) ?? new Map(), effects: noEffects(), warnings: [] };
    return { ...found, prepared, measured: new Map() };
  });
}

/** The rows of a table and its columns; says what has no place in the catalog. */
function profilesOf({ prepared, ids, measured, effects, warnings }: Placed, table?: HeldTable): NewProfile[] {
  const { payload, profile, basis } = prepared;
  const title = titleOf(payload);
  const unknown: string[] = [];
  const doubled: string[] = [];
  for (const column of prepared.columns) {
    const name = toStorable(column.column.name);
    const id = ids.get(name);
    // Those of a file that are missing were told of when its columns were made.
    if (id === undefined && !makesColumns(payload)) unknown.push(name);
    if (id === undefined) continue;
    // What cannot be stored of a name becomes U+FFFD: two names of a source may be one in the catalog.
    if (measured.has(id)) doubled.push(name);
    else measured.set(id, column);
  }
  if (unknown.length > 0) {
    warnings.push(
      `${title}: ${unknown.length} columns are not in the catalog yet (${unknown.slice(0, 5).join(', ')}); ingest the metadata again`,
    );
    effects.notDone['columns that are not in the catalog yet'] = unknown.length;
  }
  if (doubled.length > 0) {
    const shown = doubled.slice(0, 5).map((name) => toStorable(name.slice(0, 60)));
    warnings.push(
      `${title}: ${doubled.length} columns are left out, for what can be kept of their names is the name of an earlier column (${shown.join(', ')})`,
    );
    effects.notDone['columns whose names become the name of an earlier one'] = doubled.length;
  }
  const missing = profile.columns.length === 0 || payload.columnIds ? 0 : ids.size - measured.size;
  if (missing > 0) effects.notDone['columns that the source no longer has'] = missing;
  const { tableId, sourceId } = payload;
  const rows = [...measured].map(([entityId, { body }]) => ({ tableId, sourceId, entityId, basis, body }));
  // A run of some columns says nothing of the table: neither how many columns it has nor that it was profiled on that day.
  if (payload.columnIds === null)
    rows.push({
      ...{ tableId, sourceId, entityId: tableId, basis },
      body: JSON.stringify(toTableBody(profile, (table && bytesOf(table.metadata)) ?? null)),
    });
  return rows;
}

function count({ prepared, measured, effects, warnings }: Placed, { ids }: StoredProfiles): Written {
  const { payload, profile } = prepared;
  const table = ids.has(payload.tableId);
  const columns = [...measured.keys()].filter((id) => ids.has(id)).length;
  if (table) effects.created['table profiles'] = 1;
  else if (payload.columnIds === null) effects.skipped['tables that a later job has profiled already'] = 1;
  if (columns > 0) effects.created['column profiles'] = columns;
  if (measured.size > columns)
    effects.skipped['columns that a later job has profiled already'] = measured.size - columns;
  if (profile.rejectedRows > 0) effects.notDone['lines that could not be read'] = profile.rejectedRows;
  const any = table || columns > 0;
  const { watermark, rowsRead } = profile.basis;
  const rows = any ? (watermark?.newRows ?? rowsRead) : 0;
  return { effects, warnings, part: { rows, columns, tables: any ? 1 : 0, superseded: any ? 0 : 1 } };
}
