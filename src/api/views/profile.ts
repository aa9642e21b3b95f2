import type { z } from 'zod';
import { TABLE_LIKE } from '../../model/entity.ts';
import { type Figure, isKnown } from '../../profile/figure.ts';
import { findInColumn } from '../../profile/findings.ts';
import type { ColumnProfile, ProfileBasis } from '../../profile/profile.ts';
import { asRowsSeen } from '../../profile/rows-seen.ts';
import {
  maskProfile,
  type TableProfileBody,
  toBasisResource,
  toColumnResource,
  toColumnStats,
  toProfilingInfo,
  toTableResource,
} from '../../profile/shape.ts';
import type { EntityView } from '../../store/entities.ts';
import type { ProfileRow } from '../../store/read-profiles.ts';
import type { columnProfile, tableProfile } from './profile-schema.ts';

/** `metadata.stats` as the current profile knows them; `{}` without a profile. */
export function statsOf(entity: Pick<EntityView, 'type' | 'profileBody'>, samples: boolean): Record<string, unknown> {
  const body = entity.profileBody;
  if (!body) return {};
  if (entity.type === 'COLUMN') return toColumnStats(shown(body, samples));
  if (!TABLE_LIKE.includes(entity.type)) return {};
  const rows = body.rows as Figure<number> | undefined;
  return {
    // So many rows of a sample say nothing of how many the table has; then what its source said at ingest stays.
    ...(isKnown(rows) && rows.basis !== 'sample' ? { rows: rows.value } : {}),
    ...(typeof body.fields === 'number' ? { fields: body.fields } : {}),
  };
}

/** The original's `profilingInfo` of a column, `null` for what has no profile or is no column. */
export function profilingInfoOf(
  entity: Pick<EntityView, 'type' | 'profileBody'>,
  samples: boolean,
  /** Sample values of the column as they may be shown. */
  values: readonly (string | null)[],
) {
  if (!entity.profileBody || entity.type !== 'COLUMN') return null;
  const info = toProfilingInfo(shown(entity.profileBody, samples));
  const sample = [...values];
  return { ...info, dataSampling: { sample }, sampling: { sample }, sampleValues: sample };
}

/** Our own resource of a profile, with the basis of every figure. */
export function toProfileResource(row: ProfileRow, isColumn: true, samples: boolean): z.output<typeof columnProfile>;
export function toProfileResource(row: ProfileRow, isColumn: false, samples: boolean): z.output<typeof tableProfile>;
export function toProfileResource(row: ProfileRow, isColumn: boolean, samples: boolean): object {
  const about = { entityId: row.entityId, profiledAt: row.profiledAt.toISOString(), jobId: row.jobId };
  const basis = toBasisResource(row.basis as unknown as ProfileBasis, samples);
  if (!isColumn) {
    const body = row.body as Partial<TableProfileBody>;
    return { ...about, basis, ...asRowsSeen(toTableResource(body, row.profiledAt, samples), basis) };
  }
  const findings = findInColumn(row.body as unknown as ColumnProfile);
  return { ...about, ...asRowsSeen(toColumnResource(shown(row.body, samples), basis), basis), findings };
}

function shown(body: Record<string, unknown>, samples: boolean): ColumnProfile {
  const profile = body as unknown as ColumnProfile;
  return samples ? profile : maskProfile(profile);
}
