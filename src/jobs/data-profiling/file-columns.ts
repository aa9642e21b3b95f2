import { type Effects, noEffects } from '../../model/job-status.ts';
import { toStorable } from '../../model/storable-text.ts';
import type { ColumnProfile } from '../../profile/profile.ts';
import type { Trx } from '../../store/database.ts';
import { type FileColumn, mergeFileColumns } from '../../store/file-columns.ts';
import type { HeldTable } from '../../store/profiles.ts';
import { titleOf } from '../title.ts';
import type { PreparedProfile } from './prepare-profile.ts';

/** The ids of the columns of a file by name, and what was done to make them so. */
interface Merged {
  ids: ReadonlyMap<string, string>;
  effects: Effects;
  warnings: string[];
}

/** Columns of a file come into being when it is read. @param held the files, locked for update @returns by the ids of the files */
export async function mergeColumns(
  trx: Trx,
  jobId: string,
  files: readonly PreparedProfile[],
  held: ReadonlyMap<string, HeldTable>,
): Promise<Map<string, Merged>> {
  const merged = await mergeFileColumns(
    trx,
    jobId,
    files.flatMap(({ payload, profile }) => {
      const file = held.get(payload.tableId);
      return file ? [{ file, columns: columnsOf(profile.columns) }] : [];
    }),
  );
  return new Map(
    files.flatMap(({ payload }) => {
      const found = merged.get(payload.tableId);
      if (!found) return [];
      const [effects, warnings]: [Effects, string[]] = [noEffects(), []];
      const { ids, tooLong, created, changed, deleted } = found;
      if (tooLong.length > 0) {
        const shown = tooLong.slice(0, 5).map((name) => `${toStorable(name.slice(0, 60))}…`);
        warnings.push(
          `${titleOf(payload)}: ${tooLong.length} columns are left out, for their names are too long to be kept (${shown.join(', ')})`,
        );
        effects.notDone['columns whose names are too long to be kept'] = tooLong.length;
      }
      if (created > 0) effects.created.columns = created;
      if (changed > 0) effects.changed.columns = changed;
      if (deleted > 0) effects.deleted.columns = deleted;
      return [[payload.tableId, { ids, effects, warnings }]];
    }),
  );
}

/** Twice the same name: the first one counts. */
function columnsOf(read: readonly ColumnProfile[]): FileColumn[] {
  const columns = new Map<string, ColumnProfile>();
  for (const column of read) if (!columns.has(toStorable(column.name))) columns.set(toStorable(column.name), column);
  return [...columns].map(([name, column]) => ({
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
  }));
}
