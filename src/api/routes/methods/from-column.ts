import { z } from 'zod';
import { AssayError } from '../../../errors/assay-error.ts';
import { looksOf, valuesOf } from '../../../methods/from-column.ts';
import { storeWhole } from '../../../methods/import/store-member.ts';
import { newDictionary, newPattern } from '../../../methods/new-definitions.ts';
import type { ColumnProfile } from '../../../profile/profile.ts';
import { getEntity } from '../../../store/entities.ts';
import { getMethod } from '../../../store/methods/read-methods.ts';
import { listSamples, unpackValues, valuesPlace } from '../../../store/profile-values.ts';
import { findProfile } from '../../../store/read-profiles.ts';
import type { ApiContext, ApiInstance, Caller } from '../../app-options.ts';
import { errorBody } from '../../plugins/errors.ts';
import { methodBody, toMethodBody } from '../../views/method.ts';
import { auditSamples } from '../entities.ts';
import { toETag, uuid } from '../pages.ts';
import type { MethodRoutes } from './kinds.ts';

const request = z
  .strictObject({
    entityId: uuid.describe('A column that was profiled'),
    name: z
      .string()
      .trim()
      .min(1)
      .max(1_000)
      .optional()
      .describe('Name of the method; that of the column when left out'),
    tag: z.string().trim().min(1).max(1_000).optional().describe('Tag of columns that match; the name when left out'),
  })
  .meta({ example: { entityId: '0199f3a2-7c11-7bb2-9b1d-5a0f0f6ad001', name: 'Branches' } });

/** A method from what profiling knows of a column. The source is not read. */
export async function fromColumnRoutes(app: ApiInstance, context: ApiContext, routes: MethodRoutes): Promise<void> {
  const { db } = context;
  const { kind, path, tags, one } = routes;
  app.post(
    `${path}/from-column`,
    {
      config: { right: 'editRules' },
      schema: {
        tags,
        summary: `Make a ${one} from a profiled column`,
        description:
          kind === 'dictionary'
            ? 'Its terms are the different values of the column, if the profile knows the text of every one; otherwise 409 says what to do. Whoever may read sees them then, so this needs the right `viewSamples` as well.'
            : 'Its patterns are those above 10 % of the values, its regular expression the strictest that profiling suggests of those that cover most. Without the right `viewSamples` it has no expression, for that shows values. It is switched off: look at it first.',
        body: request,
        response: {
          201: z.object({ status: z.int(), data: methodBody }).describe(`The ${one}`),
          404: errorBody.describe('There is no such column, or it was never profiled'),
          409: errorBody.describe('The profile does not know enough'),
        },
      },
    },
    async ({ body, user }, reply) => {
      const entity = await getEntity(db, body.entityId);
      if (entity.type !== 'COLUMN')
        throw new AssayError('WRONG_ENTITY_TYPE', `entityId: ${entity.id} is a ${entity.type}, expected a COLUMN`);
      const stored = await findProfile(db, entity.id);
      if (!stored)
        throw new AssayError(
          'NOT_FOUND',
          `COLUMN ${entity.name} (${entity.id}) has no profile; run the job data-profiling on it`,
        );
      const profile = stored.body as unknown as ColumnProfile;
      const name = body.name ?? entity.name;
      const member =
        kind === 'dictionary'
          ? await dictionaryOf(profile, entity.id, name, body.tag, user)
          : {
              member: 'body',
              definition: newPattern(name, await shownLooks(profile, entity.id, user), body.tag),
              members: {},
            };
      const { id } = await storeWhole(db, member, {
        kind,
        origin: 'column',
        actor: user,
        seen: new Map(),
        onlyNew: true,
      });
      const method = await getMethod(db, kind, id);
      void reply.code(201).header('ETag', toETag(method.revision));
      return { status: 201, data: toMethodBody(method) };
    },
  );

  /** Suggested expressions are made of values (`SKU[12]`); profiles mask them from the same people. */
  async function shownLooks(profile: ColumnProfile, entityId: string, user: Caller) {
    const { regexes: _, ...patternsOnly } = profile;
    if (!user.rights.has('viewSamples')) return looksOf(patternsOnly);
    await auditSamples(db, user, [entityId]);
    return looksOf(profile);
  }

  async function dictionaryOf(
    profile: ColumnProfile,
    entityId: string,
    name: string,
    tag: string | undefined,
    user: Caller,
  ) {
    if (!user.rights.has('viewSamples'))
      throw new AssayError(
        'FORBIDDEN',
        'a dictionary of the values of a column shows them: this needs the right viewSamples as well',
      );
    await auditSamples(db, user, [entityId]);
    const samples = (await listSamples(db, [entityId])).flatMap(
      (row) =>
        unpackValues(context.secrets.unseal(row.samples, valuesPlace(row.entityId, row.jobId, 'samples'))) as (
          | string
          | null
        )[],
    );
    const terms = valuesOf(profile, samples);
    return {
      member: 'body',
      definition: newDictionary(name, tag),
      members: {},
      open: async () => ({ terms: [terms] }),
    };
  }
}
