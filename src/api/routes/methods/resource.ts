import { z } from 'zod';
import { AssayError } from '../../../errors/assay-error.ts';
import { copyMethod, editMethod, removeMethod } from '../../../methods/edit-method.ts';
import { ensureBuiltIns } from '../../../methods/ensure-built-ins.ts';
import { withInlineTerms } from '../../../methods/import/inline-terms.ts';
import { storeWhole } from '../../../methods/import/store-member.ts';
import { recordAct } from '../../../store/audit.ts';
import { filterMethods, getMethod, type StoredMethod } from '../../../store/methods/read-methods.ts';
import { switchMethod } from '../../../store/methods/write-methods.ts';
import type { ApiContext, ApiInstance } from '../../app-options.ts';
import { errorBody } from '../../plugins/errors.ts';
import { methodBody, methodHead, toMethodBody, toMethodHead } from '../../views/method.ts';
import {
  cursorInfo,
  cursorParameter,
  fromCursor,
  ifMatchHeaders,
  requireMatch,
  sizeParameter,
  toETag,
  toPage,
} from '../pages.ts';
import { type MethodRoutes, methodParams, notFound, refused, stale } from './kinds.ts';

const answer = z.object({ status: z.int(), data: methodBody });
const trueOrFalse = z
  .enum(['true', 'false'])
  .transform((text) => text === 'true')
  .optional();
const short = z.string().max(1_000).optional();
const ifMatchOf = (headers: Record<string, unknown>) => (before: StoredMethod) =>
  requireMatch(headers['if-match'] as string | undefined, before.revision);

/** Methods of one kind: list, get, make, change, delete, switch, copy. */
export async function resourceRoutes(app: ApiInstance, { db }: ApiContext, routes: MethodRoutes): Promise<void> {
  const { kind, path, tags, one, many } = routes;
  const read = { right: 'read' } as const;
  const edit = { right: 'editRules' } as const;
  app.addHook('preHandler', () => ensureBuiltIns(db));

  app.get(
    path,
    {
      config: read,
      schema: {
        tags,
        summary: `List ${many}, by name`,
        querystring: z.strictObject({
          name: short.describe('Part of the name, without regard to case'),
          enabled: trueOrFalse.describe('Only those that are switched on, or off'),
          isEnabled: trueOrFalse.describe('The same as `enabled`'),
          builtIn: trueOrFalse.describe('Only those that came with Assay, or did not'),
          category: short.describe('One of its categories'),
          language: short.describe('Language, as `en-us`'),
          size: sizeParameter(500, 100),
          cursor: cursorParameter,
        }),
        response: {
          200: z.object({ status: z.int(), data: z.array(methodHead), cursorInfo }).describe(`A page of ${many}`),
        },
      },
    },
    async (request) => {
      const { size, cursor, isEnabled, ...rest } = request.query;
      if (isEnabled !== undefined && rest.enabled !== undefined && isEnabled !== rest.enabled)
        throw new AssayError('BAD_REQUEST', 'enabled: says the opposite of isEnabled; give one of them');
      const filter = { ...rest, enabled: rest.enabled ?? isEnabled };
      const after = fromCursor(cursor, z.tuple([z.string(), z.string()]));
      const found = await filterMethods(db, kind, filter, after, size + 1);
      const { page, cursorInfo: next } = toPage(found, size, ({ name, id }) => [name, id]);
      return {
        status: 200,
        data: page.map(toMethodHead),
        cursorInfo: next,
      };
    },
  );

  app.post(
    path,
    {
      config: edit,
      schema: {
        tags,
        summary: `Make a ${one}`,
        description: `A definition in the fields of the original${kind === 'dictionary' ? '; `terms` may hold its terms, longer lists are sent to PUT /dictionaries/{id}/terms' : ''}. \`_id\` is given when left out.`,
        body: z
          .record(z.string(), z.unknown())
          .meta({ title: kind === 'dictionary' ? 'NewDictionary' : 'NewDataPattern', example: routes.example }),
        response: { 201: answer.describe(`The ${one}`), 409: errorBody.describe('There is a method of this `_id`') },
      },
    },
    async (request, reply) => {
      const member = withInlineTerms({ member: 'body', definition: request.body, members: {} });
      const options = { kind, origin: 'json', actor: request.user, seen: new Map(), onlyNew: true };
      const { id } = await storeWhole(db, member, options);
      const method = await getMethod(db, kind, id);
      void reply.code(201).header('ETag', toETag(method.revision));
      return { status: 201, data: toMethodBody(method) };
    },
  );

  app.get(
    `${path}/:id`,
    {
      config: read,
      schema: {
        tags,
        summary: `Get a ${one}`,
        params: methodParams,
        response: { 200: answer.describe(`The ${one}; its ETag changes with every edit`), 404: notFound },
      },
    },
    async (request, reply) => {
      const method = await getMethod(db, kind, request.params.id);
      void reply.header('ETag', toETag(method.revision));
      return { status: 200, data: toMethodBody(method) };
    },
  );

  app.patch(
    `${path}/:id`,
    {
      config: edit,
      schema: {
        tags,
        summary: `Change a ${one}`,
        description:
          'Keys that are given take the place of those that are there, null takes away; `_id` and `type` stay.',
        params: methodParams,
        headers: ifMatchHeaders,
        body: z
          .record(z.string(), z.unknown())
          .meta({ title: 'MethodChange', example: { name: 'Colour names', categories: ['Retail'] } }),
        response: { 200: answer.describe(`The changed ${one}`), 404: notFound, 409: refused, 412: stale },
      },
    },
    async (request, reply) => {
      const change = { kind, id: request.params.id, actor: request.user, check: ifMatchOf(request.headers) };
      const method = await editMethod(db, change, request.body);
      void reply.header('ETag', toETag(method.revision));
      return { status: 200, data: toMethodBody(method) };
    },
  );

  app.delete(
    `${path}/:id`,
    {
      config: edit,
      schema: {
        tags,
        summary: `Delete a ${one}`,
        description: 'What it led to stays until the next job of identification on those columns.',
        params: methodParams,
        headers: ifMatchHeaders,
        response: {
          200: z.object({ status: z.int(), data: methodHead }).describe(`The ${one} that was deleted`),
          404: notFound,
          409: refused,
          412: stale,
        },
      },
    },
    async (request) => {
      const removal = { kind, id: request.params.id, actor: request.user, check: ifMatchOf(request.headers) };
      return { status: 200, data: toMethodHead(await removeMethod(db, removal)) };
    },
  );

  for (const [verb, enabled] of [
    ['enable', true],
    ['disable', false],
  ] as const)
    app.post(
      `${path}/:id/${verb}`,
      {
        config: edit,
        schema: {
          tags,
          summary: `Switch a ${one} ${enabled ? 'on' : 'off'}`,
          description: 'Also one that came with Assay; it stays so with new versions.',
          params: methodParams,
          response: { 200: answer.describe(`The ${one}`), 404: notFound },
        },
      },
      async (request, reply) => {
        const method = await switchMethod(db, kind, request.params.id, enabled, request.user.id);
        await recordAct(db, request.user, `${one} ${verb}d`, method.id, { name: method.name });
        void reply.header('ETag', toETag(method.revision));
        return { status: 200, data: toMethodBody(method) };
      },
    );

  app.post(
    `${path}/:id/copy`,
    {
      config: edit,
      schema: {
        tags,
        summary: `Copy a ${one}`,
        description: 'The copy can be changed, also that of one that came with Assay; it has all terms.',
        params: methodParams,
        body: z
          .strictObject({ name: z.string().trim().min(1).max(1_000).optional().describe('Name of the copy') })
          .optional()
          .meta({ example: { name: 'Our countries' } }),
        response: { 201: answer.describe('The copy'), 404: notFound },
      },
    },
    async (request, reply) => {
      const copy = { kind, id: request.params.id, actor: request.user };
      const method = await copyMethod(db, copy, request.body?.name);
      void reply.code(201).header('ETag', toETag(method.revision));
      return { status: 201, data: toMethodBody(method) };
    },
  );
}
