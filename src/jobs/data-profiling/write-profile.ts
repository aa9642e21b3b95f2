import { AssayError } from '../../errors/assay-error.ts';
import { bytesOf } from '../../model/entity-bytes.ts';
import { type Effects, noEffects } from '../../model/job-status.ts';
import { toStorable } from '../../model/storable-text.ts';
import type { DrawnRows } from '../../profile/drawn.ts';
import type { Memberships } from '../../profile/membership.ts';
import { toTableBody } from '../../profile/shape.ts';
import type { Folded } from '../../profile/watermark.ts';
import type { Trx } from '../../store/database.ts';
import { replaceFilters } from '../../store/profile-filters.ts';
import { replaceValues } from '../../store/profile-values.ts';
import { holdColumns, type NewProfile, storeProfiles } from '../../store/profiles.ts';
import type { TaskContext } from '../job.ts';
import { titleOf } from '../title.ts';
import { fileColumns } from './file-columns.ts';
import { sealKept } from './go-on.ts';
import type { ProfilePayload } from './plan.ts';
import { sealValues } from './seal-values.ts';
import { tellWarnings } from './tell-warnings.ts';

/** What is stored of a table in one go. */
export type Result = Pick<Folded, 'profile' | 'kept'> & {
  drawn?: DrawnRows | undefined;
  memberships?: Memberships | undefined;
};

interface Written {
  effects: Effects;
  /** The table's own row was stored. */
  table: boolean;
  /** So many columns' rows were stored. */
  columns: number;
}

/** Runs in the transaction that ends the task. */
export async function writeProfile(
  trx: Trx,
  payload: ProfilePayload,
  { profile, drawn, kept, memberships }: Result,
  context: TaskContext,
): Promise<Written> {
  const effects = noEffects();
  const mergesColumns = payload.type === 'FILE' && payload.columnIds === null;
  const found = trx.selectFrom('entity').select(['id', 'metadata']).where('id', '=', payload.tableId);
  // Locked at once as strongly as it will be needed: two that first share a file and then both want it alone wait for ever.
  const table = await (mergesColumns ? found.forUpdate() : found.forKeyShare()).executeTakeFirst();
  if (!table) throw new AssayError('SOURCE_NO_OBJECT', `${titleOf(payload)} left the catalog while it was profiled`);
  const ids = mergesColumns
    ? await fileColumns(trx, payload, profile, context, effects)
    : new Map((await holdColumns(trx, payload.tableId)).map(({ id, name }) => [name, id]));
  const profiles: NewProfile[] = [];
  const unknown: string[] = [];
  const doubled: string[] = [];
  const taken = new Set<string>();
  for (const column of profile.columns) {
    const name = toStorable(column.name);
    const id = ids.get(name);
    // Those of a file that are missing were told of when its columns were made.
    if (id === undefined && !mergesColumns) unknown.push(name);
    if (id === undefined) continue;
    // What cannot be stored of a name becomes U+FFFD: two names of a source may be one in the catalog.
    if (taken.has(id)) doubled.push(name);
    else profiles.push({ entityId: id, basis: profile.basis, body: column });
    taken.add(id);
  }
  if (unknown.length > 0) {
    context.event(
      'warning',
      `${titleOf(payload)}: ${unknown.length} columns are not in the catalog yet (${unknown.slice(0, 5).join(', ')}); ingest the metadata again`,
    );
    effects.notDone['columns that are not in the catalog yet'] = unknown.length;
  }
  if (doubled.length > 0) {
    const shown = doubled.slice(0, 5).map((name) => name.slice(0, 60));
    context.event(
      'warning',
      `${titleOf(payload)}: ${doubled.length} columns are left out, for what can be kept of their names is the name of an earlier column (${shown.join(', ')})`,
    );
    effects.notDone['columns whose names become the name of an earlier one'] = doubled.length;
  }
  const measured = profiles.length;
  // A run of some columns says nothing of the table: neither how many columns it has nor that it was profiled on that day.
  if (payload.columnIds === null)
    profiles.push({
      entityId: payload.tableId,
      basis: profile.basis,
      body: toTableBody(profile, bytesOf(table.metadata) ?? null),
    });
  const missing = profile.columns.length === 0 || payload.columnIds ? 0 : ids.size - measured;
  if (missing > 0) effects.notDone['columns that the source no longer has'] = missing;
  const stored = await storeProfiles(trx, { id: payload.tableId, sourceId: payload.sourceId }, context.job, profiles);
  const tableStored = stored.has(payload.tableId);
  const values = sealValues(profiles, stored, drawn, context);
  if (kept && tableStored) {
    const sealed = sealKept(payload.tableId, kept, context);
    if ('part' in sealed) values.push({ entityId: payload.tableId, samples: null, kept: null, part: sealed.part });
    else tellWarnings(payload, [sealed.warning], context);
  }
  await replaceValues(trx, context.job.id, [...stored], values);
  const filters = profiles.flatMap(({ entityId, body }) => {
    const found = memberships?.get((body as { name?: string }).name ?? '');
    return found && 'filter' in found && stored.has(entityId) ? [{ entityId, bytes: found.filter }] : [];
  });
  await replaceFilters(trx, context.job.id, [...stored], filters);
  const columns = stored.size - (tableStored ? 1 : 0);
  if (tableStored) effects.created['table profiles'] = 1;
  else if (payload.columnIds === null) effects.skipped['tables that a later job has profiled already'] = 1;
  if (columns > 0) effects.created['column profiles'] = columns;
  if (measured > columns) effects.skipped['columns that a later job has profiled already'] = measured - columns;
  if (profile.rejectedRows > 0) effects.notDone['lines that could not be read'] = profile.rejectedRows;
  return { effects, table: tableStored, columns };
}
