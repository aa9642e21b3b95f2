import { AssayError } from '../../errors/assay-error.ts';
import { type DrawnRows, joinDrawn, mergeDrawn } from '../../profile/drawn.ts';
import { foldParts } from '../../profile/fold.ts';
import { withMemberships } from '../../profile/membership.ts';
import { PART_VERSION, type TablePart } from '../../profile/part.ts';
import { unpackValues } from '../../store/profile-values.ts';
import type { TaskContext, TaskOutcome, ToStore } from '../job.ts';
import type { ProfilePayload } from './plan.ts';
import { type PreparedProfile, prepareProfile, type Result } from './prepare-profile.ts';
import { writeProfiles } from './write-profiles.ts';

/**
 * Folds what the parts of a table left, and finishes it.
 *
 * @throws CONFLICT when a part was measured by a version of Assay whose parts mean something else
 */
export async function foldTable(payload: ProfilePayload, context: TaskContext): Promise<TaskOutcome> {
  const stored = await context.earlierBytes('part');
  const place = partPlace(payload, context);
  const parts = stored.map(({ bytes }) => unpackValues(context.unseal(bytes, place)) as TablePart);
  if (parts.some(({ version }) => version !== PART_VERSION))
    // Not tried again by itself: what is stored would be the same each time.
    throw new AssayError(
      'CONFLICT',
      'parts of it were measured by another version of Assay and do not go together with those of this one; run the job again',
    );
  return finishTable(payload, { profile: foldParts(parts), drawn: await foldDrawn(payload, context) }, context);
}

export const partPlace = ({ tableId }: ProfilePayload, { job }: TaskContext): string => `part:${job.id}:${tableId}`;
export const drawnPlace = ({ tableId }: ProfilePayload, { job }: TaskContext): string => `drawn:${job.id}:${tableId}`;

async function foldDrawn(payload: ProfilePayload, context: TaskContext): Promise<DrawnRows | undefined> {
  const stored = await context.earlierBytes('drawn');
  const parts = stored.map(
    ({ bytes }) =>
      unpackValues(context.unseal(bytes, drawnPlace(payload, context))) as { group?: string; drawn: DrawnRows },
  );
  const groups = [...new Set(parts.map(({ group = '' }) => group))].sort();
  const merged = groups.map((key) =>
    mergeDrawn(parts.filter(({ group = '' }) => group === key).map(({ drawn }) => drawn)),
  );
  return joinDrawn(merged.filter((one) => one !== undefined));
}

export function finishTable(payload: ProfilePayload, folded: Result, context: TaskContext): TaskOutcome {
  const profile = withMemberships(folded.profile, folded.memberships);
  const prepared = prepareProfile(payload, { ...folded, profile }, context);
  return {
    outcome: 'done',
    stored: {
      found: prepared,
      rows: profile.columns.length,
      write: (trx, all) => writeProfiles(trx, all, context),
    } satisfies ToStore<PreparedProfile>,
  };
}
