import type { ColumnFacts } from '../identify/column-facts.ts';
import { type KeptValues, type ProfiledColumn, toColumnFacts } from '../identify/profile-facts.ts';
import { knownValue } from '../profile/figure.ts';
import type { BasisKind } from '../profile/row-choice.ts';
import type { Db } from '../store/database.ts';
import { unpackValues, valuesPlace } from '../store/profile-values.ts';
import { listProfiledColumns, type ProfiledColumnRow } from '../store/profiled-columns.ts';

/** Opens what was sealed with a profile. */
export type Unseal = (sealed: Uint8Array, place: string) => Buffer;

export interface ReadColumn {
  id: string;
  name: string;
  /** Undefined: it was not profiled. */
  facts?: ColumnFacts;
  /** Values that the profile itself shows to those who may see samples; others that were kept are shown to nobody. */
  shown: ReadonlySet<string>;
}

/** What identification knows of columns, in the order of the ids; those that left the catalog are left out. */
export async function readColumns(
  db: Db,
  unseal: Unseal,
  columnIds: readonly string[],
  withValues: boolean,
): Promise<ReadColumn[]> {
  const rows = await listProfiledColumns(db, columnIds, withValues);
  return rows.map((row) => {
    const { columnId, name, profile } = row;
    if (!profile) return { id: columnId, name, shown: new Set() };
    const column = toProfiled(row, profile);
    return {
      id: columnId,
      name,
      facts: toColumnFacts(column, () => keptOf(row, profile.jobId, unseal)),
      get shown() {
        return shownValues(column.figures);
      },
    };
  });
}

const keptOf = ({ columnId, kept }: ProfiledColumnRow, jobId: string, unseal: Unseal): KeptValues =>
  kept === null ? undefined : (unpackValues(unseal(kept, valuesPlace(columnId, jobId, 'kept'))) as KeptValues);

function toProfiled(row: ProfiledColumnRow, profile: NonNullable<ProfiledColumnRow['profile']>): ProfiledColumn {
  const { columnId, tableId, name, changedAt } = row;
  const { id, profiledAt, basis, figures } = profile;
  return {
    columnId,
    tableId,
    name,
    profileId: id,
    profiledAt,
    rowsRead: typeof basis.rowsRead === 'number' ? basis.rowsRead : 0,
    basis: (basis.kind ?? 'all rows') as BasisKind,
    figures: figures as unknown as ProfiledColumn['figures'],
    ...(changedAt === null
      ? {}
      : {
          stale: `it changed at ${changedAt.toISOString()}, after ${changedAt > profiledAt ? 'it was profiled at' : 'the reading began for the profile of'} ${profiledAt.toISOString()}`,
        }),
  };
}

function shownValues({ topValues, patterns }: ProfiledColumn['figures']): ReadonlySet<string> {
  const values = [
    ...(knownValue(topValues ?? undefined) ?? []).map(({ value }) => value),
    ...(knownValue(patterns ?? undefined) ?? []).map(({ sample }) => sample),
  ];
  return new Set(values);
}
