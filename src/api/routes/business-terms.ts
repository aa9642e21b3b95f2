import { z } from 'zod';
import { recordAct } from '../../store/audit.ts';
import type { BusinessTermRow } from '../../store/database.ts';
import {
  deleteBusinessTerm,
  filterBusinessTerms,
  getBusinessTerm,
  insertBusinessTerm,
  updateBusinessTerm,
} from '../../store/methods/business-terms.ts';
import type { ApiContext, ApiInstance } from '../app-options.ts';
import { errorBody } from '../plugins/errors.ts';
import {
  cursorInfo,
  cursorParameter,
  fromCursor,
  ifMatchHeaders,
  requireMatch,
  sizeParameter,
  toETag,
  toPage,
} from './pages.ts';

const tags = ['Business terms'];
/** Name, glossary and category stand together in an index, whose entries have room for 2,700 bytes. */
const text = z.string().trim().max(250);
const fields = {
  name: text.min(1).describe('What the business calls it'),
  glossary: text.min(1).describe('The glossary it is in'),
  category: text.describe('Where in the glossary; "" for its top'),
  description: z.string().max(10_000).describe('What it means'),
};
const newTerm = z
  .strictObject({ ...fields, category: fields.category.default(''), description: fields.description.default('') })
  .meta({ title: 'NewBusinessTerm', example: { name: 'Customer number', glossary: 'Sales' } });
const change = z
  .strictObject(fields)
  .partial()
  .meta({ title: 'BusinessTermChange', example: { description: 'Given by the CRM' } });
const termBody = z
  .object({ _id: z.string(), ...fields, createdAt: z.string(), updatedAt: z.string() })
  .meta({ title: 'BusinessTerm' });
const answer = z.object({ status: z.int(), data: termBody });
const params = z.object({ id: z.string().min(1).max(200).describe('Id') });
const notFound = errorBody.describe('There is no such term');
const taken = errorBody.describe('The glossary has a term of this name in this category');
const stale = errorBody.describe('Somebody changed it meanwhile');

const toBody = (row: BusinessTermRow): z.output<typeof termBody> => ({
  _id: row.id,
  name: row.name,
  glossary: row.glossary,
  category: row.category,
  description: row.description,
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
});

/** Named things with ids that columns and tables stand for; identification makes those that its methods name. */
export async function businessTermRoutes(app: ApiInstance, { db }: ApiContext): Promise<void> {
  const read = { right: 'read' } as const;
  const edit = { right: 'editRules' } as const;

  app.get(
    '/business-terms',
    {
      config: read,
      schema: {
        tags,
        summary: 'List business terms, by name',
        querystring: z.strictObject({
          name: text.optional().describe('Part of the name, without regard to case'),
          glossary: text.optional().describe('Name of the glossary'),
          size: sizeParameter(500, 100),
          cursor: cursorParameter,
        }),
        response: {
          200: z.object({ status: z.int(), data: z.array(termBody), cursorInfo }).describe('A page of terms'),
        },
      },
    },
    async (request) => {
      const { size, cursor, ...filter } = request.query;
      const after = fromCursor(cursor, z.tuple([z.string(), z.string()]));
      const found = await filterBusinessTerms(db, filter, after, size + 1);
      const { page, cursorInfo: next } = toPage(found, size, ({ name, id }) => [name, id]);
      return {
        status: 200,
        data: page.map(toBody),
        cursorInfo: next,
      };
    },
  );

  app.post(
    '/business-terms',
    {
      config: edit,
      schema: {
        tags,
        summary: 'Make a business term',
        body: newTerm,
        response: { 201: answer.describe('The term'), 409: taken },
      },
    },
    async ({ body, user }, reply) => {
      const row = await insertBusinessTerm(db, body, user.id);
      await recordAct(db, user, 'business term created', row.id, { name: row.name, glossary: row.glossary });
      void reply.code(201).header('ETag', toETag(row.revision));
      return { status: 201, data: toBody(row) };
    },
  );

  app.get(
    '/business-terms/:id',
    {
      config: read,
      schema: {
        tags,
        summary: 'Get a business term',
        params,
        response: { 200: answer.describe('The term; its ETag changes with every edit'), 404: notFound },
      },
    },
    async (request, reply) => {
      const row = await getBusinessTerm(db, request.params.id);
      void reply.header('ETag', toETag(row.revision));
      return { status: 200, data: toBody(row) };
    },
  );

  app.patch(
    '/business-terms/:id',
    {
      config: edit,
      schema: {
        tags,
        summary: 'Change a business term',
        description: 'Entities that have it keep the name they were given; the id is the same.',
        params,
        headers: ifMatchHeaders,
        body: change,
        response: { 200: answer.describe('The changed term'), 404: notFound, 409: taken, 412: stale },
      },
    },
    async (request, reply) => {
      const row = await updateBusinessTerm(db, request.params.id, request.user.id, (before) => {
        requireMatch(request.headers['if-match'] as string | undefined, before.revision);
        return request.body;
      });
      await recordAct(db, request.user, 'business term changed', row.id, {
        name: row.name,
        keys: Object.keys(request.body),
      });
      void reply.header('ETag', toETag(row.revision));
      return { status: 200, data: toBody(row) };
    },
  );

  app.delete(
    '/business-terms/:id',
    {
      config: edit,
      schema: {
        tags,
        summary: 'Delete a business term',
        description: 'Entities that have it keep it until it is taken from them.',
        params,
        response: { 200: answer.describe('The term that was deleted'), 404: notFound },
      },
    },
    async ({ params: { id }, user }) => {
      const row = await deleteBusinessTerm(db, id);
      await recordAct(db, user, 'business term deleted', id, { name: row.name, glossary: row.glossary });
      return { status: 200, data: toBody(row) };
    },
  );
}
