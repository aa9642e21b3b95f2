import { z } from 'zod';
import { AssayError } from '../../errors/assay-error.ts';
import { ENTITY_TYPES } from '../../model/entity.ts';
import type { EntityFilter, ProfileState } from '../../store/filter-entities.ts';
import { hexId, timeText, uuid } from './pages.ts';

const MANY = 10_000;
const list = <T extends z.ZodType>(item: T) => z.array(item).max(MANY).optional();

const STATES: Record<string, ProfileState> = {
  COMPLETED: 'COMPLETED',
  SUCCESS: 'COMPLETED',
  FAILED: 'FAILED',
  FAILURE: 'FAILED',
  ERROR: 'FAILED',
  SKIPPED: 'SKIPPED',
  NONE: 'NONE',
};
const state = z
  .string()
  .transform((word) => STATES[word.trim().toUpperCase()])
  .refine((word) => word !== undefined, `expected one of ${Object.keys(STATES).join(', ')}`);

/** Clients written for older builds of the original name these beside those of today. */
const OLDER_TYPES: Record<string, string> = { DIRECTORY: 'FOLDER', OBJECT: 'FILE' };
const toTypeName = (given: unknown): unknown => {
  const name = typeof given === 'string' ? given.toUpperCase() : given;
  return typeof name === 'string' && Object.hasOwn(OLDER_TYPES, name) ? OLDER_TYPES[name] : name;
};

/** The contract's filters of entities: AND between keys, OR within. */
export const filterRequest = z
  .strictObject({
    filters: z
      .strictObject({
        parentIds: list(uuid).describe('Direct children of these'),
        rootIds: list(uuid).describe('Everything below these'),
        types: list(z.preprocess(toTypeName, z.enum(ENTITY_TYPES))).describe(
          `Types: ${ENTITY_TYPES.join(', ')}; DIRECTORY means FOLDER, OBJECT means FILE`,
        ),
        collectionIds: list(uuid).describe('Not built in this version'),
        resourceIds: list(hexId).describe('Data sources'),
        names: list(z.string().max(10_000)).describe('Exact names'),
        fqdns: list(z.string().max(100_000)).describe(
          'Exact fqdns; a slash within a name is %2F there, a percent sign %25 (`bank/crm/in%2Fout`)',
        ),
        buckets: list(z.string().max(10_000)).describe('Buckets of object stores'),
        profileStatus: z
          .union([state, z.array(state).max(100)])
          .optional()
          .describe('COMPLETED, FAILED, SKIPPED or NONE'),
        profiledAt: z
          .union([timeText, z.strictObject({ from: timeText.optional(), to: timeText.optional() })])
          .optional()
          .describe('Profiled since a time, or {from, to}'),
      })
      .refine((filters) => Object.values(filters).some((value) => value !== undefined), 'needs at least one filter'),
  })
  .meta({
    title: 'EntityFilter',
    example: { filters: { rootIds: ['dabd6390-59a6-43be-99eb-fa915fdef7fb'], types: ['TABLE', 'VIEW'] } },
  });

/** @throws OPTION_NOT_BUILT */
export function toEntityFilter(filters: z.output<typeof filterRequest>['filters']): EntityFilter {
  const { collectionIds, profileStatus, profiledAt, ...rest } = filters;
  if (collectionIds !== undefined) {
    throw new AssayError('OPTION_NOT_BUILT', 'filters.collectionIds: this version has no collections; leave it out');
  }
  const range = typeof profiledAt === 'string' ? { from: profiledAt } : profiledAt;
  return {
    ...rest,
    profileStatus: profileStatus === undefined ? undefined : ([profileStatus].flat() as ProfileState[]),
    profiledFrom: range?.from,
    profiledTo: range && 'to' in range ? range.to : undefined,
  };
}
