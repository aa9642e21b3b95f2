import { z } from 'zod';
import { AssayError } from '../../errors/assay-error.ts';
import { compareColumns } from '../../profile/compare/compare-columns.ts';
import { type ComparableTable, compareTables } from '../../profile/compare/compare-tables.ts';
import type { ColumnComparison } from '../../profile/compare/comparison.ts';
import { maskComparison, shownDrifts } from '../../profile/compare/mask-comparison.ts';
import { whyUnlike } from '../../profile/compare/unlike-rows.ts';
import { type Figure, unknown } from '../../profile/figure.ts';
import type { ColumnProfile, ProfileBasis } from '../../profile/profile.ts';
import { asRowsSeen } from '../../profile/rows-seen.ts';
import { toBasisResource } from '../../profile/shape.ts';
import type { Db } from '../../store/database.ts';
import type { EntityView } from '../../store/entities.ts';
import {
  findProfile,
  findProfileBefore,
  findProfileById,
  listColumnProfilesOfJob,
  type ProfileHead,
  type ProfileRow,
} from '../../store/read-profiles.ts';

import { numberFigure } from './profile-figures.ts';
import { profileBasis } from './profile-schema.ts';

const anything = z.record(z.string(), z.unknown());

export const profileHead = z
  .object({
    profileId: z.int().describe('Id of the profile; later ones are larger'),
    jobId: z.string().describe('The job that made it, 24 hex digits'),
    profiledAt: z.string(),
    current: z.boolean().describe('Whether it is the one that the entity shows'),
    basis: profileBasis,
    rows: numberFigure.describe('The number of rows'),
  })
  .meta({
    title: 'ProfileHead',
    description: 'A profile in the history of an entity',
    example: {
      profileId: 4211,
      jobId: '6852ca4a50c4d05ad04a7490',
      profiledAt: '2026-11-25T10:00:00.000Z',
      current: true,
      basis: { kind: 'all rows', rowsRead: 12000, partitions: 1 },
      rows: { value: 12000, basis: 'exact' },
    },
  });

export const toProfileHead = (head: ProfileHead, samples: boolean): z.output<typeof profileHead> => ({
  profileId: head.id,
  jobId: head.jobId,
  profiledAt: head.profiledAt.toISOString(),
  current: head.current,
  basis: basisOf(head.basis, samples),
  ...asRowsSeen(
    { rows: (head.rows ?? unknown('it was not measured')) as Figure<number> },
    head.basis as Partial<ProfileBasis>,
  ),
});

const basisOf = (basis: Record<string, unknown>, samples: boolean): ProfileBasis =>
  toBasisResource(basis as unknown as ProfileBasis, samples);

const side = z.object({
  entityId: z.string(),
  fqdn: z.string(),
  profileId: z.int(),
  jobId: z.string(),
  profiledAt: z.string(),
  basis: profileBasis,
});
const compared = anything.describe(
  '`before`, `after`, and `change`: a value with its basis, or `incomparable` with the reason',
);
const drift = z
  .object({
    code: z.string().describe('COLUMN_REMOVED, NULLS_CHANGED, DISTRIBUTION_MOVED, …'),
    severity: z.enum(['warning', 'notice', 'info']),
    column: z.string().optional().describe('Absent: of the table'),
    sentence: z.string(),
    size: z
      .number()
      .describe('How many times its threshold the change is; what came, went or changed its type counts as 100'),
  })
  .meta({ title: 'Drift', description: 'A change worth a look; never holds a value' });
const columnComparison = z
  .object({
    name: z.string(),
    kind: z.object({ before: z.string(), after: z.string() }),
    nativeType: z.object({ before: z.string(), after: z.string() }),
    figures: z.record(z.string(), compared),
    distribution: anything.describe(
      '`psi`, `psiByChance`, `jensenShannonDivergence` (base 2, 0..1) and `jensenShannonDistance` over shared `bins`; `over` names what they are of, `binning` how they were made; `atLeast`: the true distance is not smaller',
    ),
    patterns: anything.optional().describe('The same over the patterns of a text'),
    newValues: anything.describe(
      '`count` of values that only the later profile has, with its basis and where it is known `from`',
    ),
    vanishedValues: anything.describe('`count` of values that only the earlier profile has'),
    drifts: z.array(drift),
  })
  .meta({ title: 'ColumnComparison' });

export const comparisonBody = z
  .object({
    before: side,
    after: side,
    drifts: z.array(drift).describe('What changed, the largest change first'),
    rows: compared,
    columns: z.array(columnComparison).describe('Those that changed most come first; one, when columns are compared'),
    columnsAdded: z.array(z.object({ name: z.string(), nativeType: z.string() })),
    columnsRemoved: z.array(z.object({ name: z.string(), nativeType: z.string() })),
    typesChanged: z.array(z.object({ name: z.string(), before: z.string(), after: z.string() })),
    columnsNotCompared: z.array(z.object({ name: z.string(), reason: z.string() })),
  })
  .meta({ title: 'ProfileComparison' });

export interface Side {
  entity: EntityView;
  profile: ProfileRow;
}

export interface Wanted {
  before?: number | undefined;
  after?: number | undefined;
}

/**
 * Which two profiles are meant. Of one entity: the current one and the one before it, unless told. Of two: the current one of each,
 * `other` being the earlier side.
 *
 * @throws NOT_FOUND, WRONG_ENTITY_TYPE (400)
 */
export async function chooseSides(
  db: Db,
  entity: EntityView,
  other: EntityView | undefined,
  wanted: Wanted,
): Promise<{ before: Side; after: Side }> {
  const isColumn = (one: EntityView): boolean => one.type === 'COLUMN';
  if (other && isColumn(entity) !== isColumn(other))
    throw new AssayError(
      'WRONG_ENTITY_TYPE',
      `a ${other.type} cannot be compared with a ${entity.type}: give two columns or two tables`,
    );
  const after = await required(db, entity, wanted.after);
  if (other)
    return {
      before: { entity: other, profile: await required(db, other, wanted.before) },
      after: { entity, profile: after },
    };
  if (wanted.before !== undefined)
    return {
      before: { entity, profile: await required(db, entity, wanted.before) },
      after: { entity, profile: after },
    };
  const earlier = await findProfileBefore(db, entity.id, after.id);
  if (!earlier)
    throw new AssayError(
      'NOT_FOUND',
      `${entity.type} ${entity.name} (${entity.id}) has no profile before ${after.id}; profile it again later, or compare it with another entity`,
    );
  return { before: { entity, profile: earlier }, after: { entity, profile: after } };
}

/** @throws NOT_FOUND that names what there is to do */
export async function required(db: Db, entity: EntityView, id: number | undefined): Promise<ProfileRow> {
  const found = id === undefined ? await findProfile(db, entity.id) : await findProfileById(db, entity.id, id);
  if (found) return found;
  const what = `${entity.type} ${entity.name} (${entity.id})`;
  throw new AssayError(
    'NOT_FOUND',
    id === undefined
      ? `${what} has no profile; run the job data-profiling on it`
      : `${what} has no profile ${id}, or it is not kept any more; its profiles are listed at /entities/${entity.id}/profiles`,
  );
}

/** Compares two profiles, with values masked for those who may not see them. */
export async function compareSides(
  db: Db,
  before: Side,
  after: Side,
  samples: boolean,
): Promise<z.output<typeof comparisonBody>> {
  const sides = { before: toSide(before, samples), after: toSide(after, samples) };
  const [one, other] = [before, after].map(({ profile }) => profile.basis as unknown as ProfileBasis);
  const unlike = whyUnlike(one!, other!);
  if (after.entity.type === 'COLUMN') {
    const [first, second] = [columnOf(before.profile), columnOf(after.profile)];
    const column = shown(compareColumns(first, second, unlike), first, second, samples);
    const none = { columnsAdded: [], columnsRemoved: [], typesChanged: [], columnsNotCompared: [] };
    return { ...sides, drifts: column.drifts, rows: column.figures.rows as never, columns: [column as never], ...none };
  }
  const [first, second] = [await tableOf(db, before), await tableOf(db, after)];
  const comparison = compareTables(first, second, unlike);
  const find = (table: ComparableTable, name: string) => table.columns.find((column) => column.name === name)!;
  const columns = comparison.columns.map((column) =>
    shown(column, find(first, column.name), find(second, column.name), samples),
  );
  return {
    ...sides,
    ...comparison,
    drifts: shownDrifts(comparison.drifts, columns),
    rows: comparison.rows as never,
    columns: columns as never,
  };
}

const shown = (comparison: ColumnComparison, before: ColumnProfile, after: ColumnProfile, samples: boolean) =>
  samples ? comparison : maskComparison(comparison, before, after);
const columnOf = ({ body }: ProfileRow): ColumnProfile => body as unknown as ColumnProfile;

const toSide = ({ entity, profile }: Side, samples: boolean) => ({
  entityId: entity.id,
  fqdn: entity.fqdn,
  profileId: profile.id,
  jobId: profile.jobId,
  profiledAt: profile.profiledAt.toISOString(),
  basis: basisOf(profile.basis, samples),
});

/** The columns are those that the same job measured: a later run of some columns is another profile of theirs. */
async function tableOf(db: Db, { entity, profile }: Side): Promise<ComparableTable> {
  const columns = (await listColumnProfilesOfJob(db, entity.id, profile.jobId)).map(columnOf);
  const { rows, columnTypes } = profile.body as { rows: Figure<number>; columnTypes?: ComparableTable['columnTypes'] };
  return { rows, columnTypes: columnTypes ?? [], columns };
}
