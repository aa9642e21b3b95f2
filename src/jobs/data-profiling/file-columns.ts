import type { Effects } from '../../model/job-status.ts';
import { toStorable } from '../../model/storable-text.ts';
import type { ColumnProfile, TableProfile } from '../../profile/profile.ts';
import type { Trx } from '../../store/database.ts';
import { mergeFileColumns } from '../../store/file-columns.ts';
import type { TaskContext } from '../job.ts';
import { titleOf } from '../title.ts';
import type { ProfilePayload } from './plan.ts';

/** Columns of a file come into being when it is read. Twice the same name: the first one counts. */
export async function fileColumns(
  trx: Trx,
  payload: ProfilePayload,
  profile: TableProfile,
  context: TaskContext,
  effects: Effects,
): Promise<Map<string, string>> {
  const columns = new Map<string, ColumnProfile>();
  for (const column of profile.columns)
    if (!columns.has(toStorable(column.name))) columns.set(toStorable(column.name), column);
  const merged = await mergeFileColumns(
    trx,
    payload.tableId,
    context.job.id,
    [...columns].map(([name, column]) => ({
      name,
      ordinal: column.ordinal + 1,
      metadata: {
        column: {
          dataType: column.duckdbType,
          sqlDataType: column.duckdbType,
          typeName: column.nativeType,
          isNullable: true,
          isPrimaryKey: false,
          isForeignKey: false,
          ordinalPosition: column.ordinal + 1,
          remarks: '',
        },
      },
    })),
  );
  if (merged.tooLong.length > 0) {
    const shown = merged.tooLong.slice(0, 5).map((name) => `${toStorable(name.slice(0, 60))}…`);
    context.event(
      'warning',
      `${titleOf(payload)}: ${merged.tooLong.length} columns are left out, for their names are too long to be kept (${shown.join(', ')})`,
    );
    effects.notDone['columns whose names are too long to be kept'] = merged.tooLong.length;
  }
  if (merged.created > 0) effects.created.columns = merged.created;
  if (merged.changed > 0) effects.changed.columns = merged.changed;
  if (merged.deleted > 0) effects.deleted.columns = merged.deleted;
  return merged.ids;
}
