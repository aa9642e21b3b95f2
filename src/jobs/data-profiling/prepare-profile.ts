import { type DrawnRows, keptOf, sampleOf } from '../../profile/drawn.ts';
import type { Memberships } from '../../profile/membership.ts';
import type { ColumnProfile, TableProfile } from '../../profile/profile.ts';
import type { Folded } from '../../profile/watermark.ts';
import { packValues } from '../../store/profile-values.ts';
import type { TaskContext } from '../job.ts';
import { optionsOf, type ProfilingInput } from './accept.ts';
import { sealKept } from './go-on.ts';
import { limitsOf } from './limits.ts';
import type { ProfilePayload } from './plan.ts';

/** What is stored of a table in one go. */
export type Result = Pick<Folded, 'profile' | 'kept'> & {
  drawn?: DrawnRows | undefined;
  memberships?: Memberships | undefined;
};

/** A column as it is stored, but for what only the catalog knows: its id. */
export interface PreparedColumn {
  column: ColumnProfile;
  /** JSON. */
  body: string;
  /** Packed, not yet sealed: that takes the id. */
  samples: Buffer | null;
  kept: Buffer | null;
  filter?: Uint8Array;
}

export interface PreparedProfile {
  payload: ProfilePayload;
  profile: TableProfile;
  /** JSON. */
  basis: string;
  columns: PreparedColumn[];
  /** What the next run by watermark goes on from, sealed, or why there is nothing. */
  rest?: ReturnType<typeof sealKept>;
}

/** All that can be worked out before the transaction, which holds locks that others wait for. */
export function prepareProfile(payload: ProfilePayload, result: Result, context: TaskContext): PreparedProfile {
  const { profile, drawn, kept, memberships } = result;
  const { samples } = optionsOf(context.job.input as ProfilingInput);
  const { keepValues } = limitsOf(context);
  const cells = new Map(drawn?.columns.map((column) => [column.name, column.cells]));
  const shown = new Map(drawn && samples ? sampleOf(drawn).map((column) => [column.name, column.cells]) : []);
  return {
    payload,
    profile,
    basis: JSON.stringify(profile.basis),
    columns: profile.columns.map((column) => {
      const [values, rows] = [cells.get(column.name), shown.get(column.name)];
      const membership = memberships?.get(column.name);
      return {
        column,
        body: JSON.stringify(column),
        samples: rows ? packValues(rows) : null,
        kept: values && keepValues ? packValues(keptOf(values)) : null,
        ...(membership && 'filter' in membership ? { filter: membership.filter } : {}),
      };
    }),
    ...(kept ? { rest: sealKept(payload.tableId, kept, context) } : {}),
  };
}
