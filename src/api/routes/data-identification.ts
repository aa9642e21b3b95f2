import { z } from 'zod';
import { AssayError } from '../../errors/assay-error.ts';
import { acceptScopeAndMethods } from '../../jobs/data-identification/accept.ts';
import { identificationRequest } from '../../jobs/data-identification/schema.ts';
import { listLacks } from '../../methods/list-lacks.ts';
import { toMethod } from '../../methods/to-method.ts';
import { tryMethod } from '../../methods/try-method.ts';
import { getEntity } from '../../store/entities.ts';
import { listProfileTargets } from '../../store/profiles.ts';
import type { ApiContext, ApiInstance } from '../app-options.ts';
import { errorBody } from '../plugins/errors.ts';
import { holdsValues } from '../views/evidence.ts';
import { auditSamples } from './entities.ts';
import { cursorInfo, cursorParameter, fromCursor, sizeParameter, toCursor, uuid } from './pages.ts';

const tags = ['Data identification'];

const lackBody = z
  .object({
    tableId: z.string().describe('Id of the table, view or file'),
    columnId: z.string(),
    column: z.string().describe('Name of the column'),
    methodId: z.string(),
    method: z.string().describe('Name of the dictionary or data pattern'),
    missing: z.array(z.string()).describe('What is missing, and what would bring it'),
  })
  .meta({ title: 'Lack', description: 'A method that cannot judge a column' });

const scoreBody = z.object({
  value: z.number(),
  low: z.number(),
  high: z.number(),
  basis: z.enum(['exact', 'estimate', 'sample']),
  of: z.number().optional().describe('Of how many values or rows'),
});

const evidenceBody = z
  .object({
    methodId: z.string(),
    methodName: z.string(),
    methodVersion: z.string(),
    profileId: z.number(),
    profiledAt: z.string(),
    rule: z.number().describe('Which rule of the method, from 0'),
    confidence: scoreBody,
    factors: z.array(
      z.object({
        variable: z.string(),
        weight: z.number(),
        score: scoreBody,
        contribution: z.number().describe('weight · score'),
        share: z.number().describe('Of the confidence, 0 to 1'),
      }),
    ),
    alias: z.object({ nameRegex: z.string(), score: z.number() }).optional(),
    matched: z.array(z.string()).describe('Terms that were found or values that matched'),
    unmatched: z.array(z.string()).describe('Values that did not match'),
    flip: z
      .object({ variable: z.string(), from: z.number(), to: z.number(), text: z.string() })
      .optional()
      .describe(
        'The smallest change of one score that would turn the verdict; where none would, of all together (`confidenceScore`). Absent where those would not either',
      ),
    close: z.boolean().describe('More rows could turn the verdict'),
  })
  .meta({ title: 'Evidence' });

const tryRequest = z
  .strictObject({
    columnId: uuid.describe('The column to try it on'),
    methodId: z.string().min(1).max(200).optional().describe('A saved dictionary or data pattern, enabled or not'),
    definition: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('Or a definition that is not saved, as it would be imported. Needs the right `editRules`.'),
    terms: z
      .array(z.string().max(10_000))
      .max(100_000)
      .optional()
      .describe(
        'Terms of a dictionary that is not saved. Left out: those of the saved dictionary that has the `_id` of the definition.',
      ),
  })
  .superRefine(({ methodId, definition, terms }, context) => {
    const says = (message: string): void => context.addIssue({ code: 'custom', message, input: undefined });
    if ((methodId === undefined) === (definition === undefined)) says('give either methodId or definition');
    if (terms && definition === undefined) says('terms go with a definition');
  })
  .meta({
    example: { columnId: 'bf89ed29-1c5a-4fd0-9363-74de7e1b18f4', methodId: '052bcfe0-cca0-4d94-af76-b1c674545b2e' },
  });

const verdictBody = z
  .object({
    methodId: z.string(),
    method: z.string(),
    column: z.string(),
    outcome: z.enum(['matched', 'not matched', 'could not match']),
    missing: z.array(z.string()).describe('Of `could not match`: what is missing, and what would bring it'),
    evidence: evidenceBody.optional(),
    actions: z
      .array(
        z.object({
          tags: z.array(z.string()),
          tableTags: z.array(z.string()),
          terms: z.array(z.object({ name: z.string(), id: z.string().optional() })),
          sensitivity: z.enum(['LOW', 'MEDIUM', 'HIGH']).optional(),
        }),
      )
      .describe('What the job would apply'),
  })
  .meta({ title: 'Verdict', description: 'What a method says of a column' });

/** What identification could say, and what one method says, without running the job. */
export async function dataIdentificationRoutes(app: ApiInstance, context: ApiContext): Promise<void> {
  const { db, secrets } = context;
  const unseal = (sealed: Uint8Array, place: string): Buffer => secrets.unseal(sealed, place);

  app.post(
    '/data-identification/feasibility',
    {
      config: { right: 'read', lenient: true },
      schema: {
        tags,
        summary: 'Which methods could not judge which columns, and what is missing',
        description:
          'Takes the body of the job data-identification and compares nothing. Page by page every pair of a method and a column that the job could not judge: no profile, a profile older than a change of the column, too few rows for `minSamples`, no values for a regular expression, a column of truth values. A page may be empty and have a cursor: it ends after 1,000 columns or 100,000 pairs.',
        querystring: z.object({ size: sizeParameter(1_000, 100), cursor: cursorParameter }),
        body: identificationRequest,
        response: {
          200: z
            .object({
              status: z.int(),
              data: z.array(lackBody),
              looked: z
                .object({ columns: z.int(), pairs: z.int(), methods: z.int() })
                .describe('What this page looked at: columns, pairs of a method and a column, methods in all'),
              warnings: z.array(z.string()).describe('What the body carried that is not used'),
              cursorInfo,
            })
            .describe('A page of pairs that cannot be judged'),
          404: errorBody.describe('An id is not known'),
        },
      },
    },
    async (request) => {
      const key = fromCursor(request.query.cursor, z.tuple([z.string(), z.string(), z.int().min(0), z.int().min(0)]));
      const { accepted, methods: stored } = await acceptScopeAndMethods(db, request.body);
      const methods = stored.map(toMethod);
      const targets = await listProfileTargets(
        db,
        accepted.entities.map(({ id }) => id),
      );
      const page = await listLacks(db, unseal, { targets, methods, after: key, size: request.query.size });
      return {
        status: 200,
        data: page.lacks,
        looked: { columns: page.columns, pairs: page.pairs, methods: methods.length },
        warnings: request.bodyWarnings,
        cursorInfo: { cursor: page.next ? toCursor(page.next) : '' },
      };
    },
  );

  app.post(
    '/data-identification/try',
    {
      // Whoever chooses the terms or the expression learns by the scores what values there are, also of a method that was saved.
      config: { right: 'viewSamples' },
      schema: {
        tags,
        summary: 'Try one method on one column',
        description:
          'The verdict of a saved method, or of a definition that is not saved, with all its evidence. Nothing is written, and no source is opened. Scores tell what values a column has.',
        body: tryRequest,
        response: {
          200: z.object({ status: z.int(), data: verdictBody }).describe('The verdict'),
          404: errorBody.describe('There is no such column or method'),
        },
      },
    },
    async (request) => {
      const { user } = request;
      const { columnId, methodId, definition, terms } = request.body;
      if (definition && !user.rights.has('editRules'))
        throw new AssayError(
          'FORBIDDEN',
          'definition: trying a definition that is not saved takes the right editRules',
        );
      const entity = await getEntity(db, columnId);
      if (entity.type !== 'COLUMN')
        throw new AssayError('WRONG_ENTITY_TYPE', `columnId: ${columnId} is a ${entity.type}, expected a COLUMN`);
      const { method, verdict } = await tryMethod(
        db,
        unseal,
        columnId,
        definition ? { definition, terms } : { methodId: methodId ?? '' },
      );
      const { outcome, missing = [], evidence, actions } = verdict;
      if (evidence && holdsValues({ ...evidence })) await auditSamples(db, user, [columnId]);
      return {
        status: 200,
        data: {
          ...{ methodId: method.id, method: method.name, column: entity.name, outcome, missing, actions },
          ...(evidence ? { evidence } : {}),
        },
      };
    },
  );
}
