import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { AssayError } from '../../../errors/assay-error.ts';
import { exportZip } from '../../../methods/export/export-zip.ts';
import { importUpload } from '../../../methods/import/import-upload.ts';
import {
  filterMethods,
  getMethod,
  listMethodsById,
  noMethod,
  type StoredMethod,
} from '../../../store/methods/read-methods.ts';
import type { ApiContext, ApiInstance } from '../../app-options.ts';
import { errorBody } from '../../plugins/errors.ts';
import { withUpload } from '../../spool-upload.ts';
import { importMessage, importVerdict } from '../../views/method.ts';
import { type MethodRoutes, methodParams, notFound } from './kinds.ts';

const ZIP_TYPES = ['application/zip', 'application/x-zip-compressed', 'application/octet-stream'];
const zip = { description: 'A zip', content: { 'application/zip': { schema: z.string() } } } as never;

/** So many are exported at most by their ids. */
const MOST_IDS = 1_000;
const ids = z
  .string()
  .max(200 * MOST_IDS)
  .transform((text) => [
    ...new Set(
      text
        .split(',')
        .map((id) => id.trim())
        .filter(Boolean),
    ),
  ])
  .refine(
    (list) => list.length > 0 && list.length <= MOST_IDS,
    `expected 1 to ${MOST_IDS} ids with commas between them`,
  )
  .optional();

/** Bodies that are not JSON are handed on as they come. */
export function acceptUploads(app: ApiInstance): void {
  app.addContentTypeParser([...ZIP_TYPES, 'text/csv'], (_request, payload, done) => done(null, payload));
}

/** Import and export of methods of one kind. */
export async function transferRoutes(app: ApiInstance, context: ApiContext, routes: MethodRoutes): Promise<void> {
  const { db, config } = context;
  const { kind, path, tags, many, one } = routes;
  const csv = kind === 'dictionary';

  app.post(
    `${path}/import`,
    {
      config: { right: 'editRules', upload: true },
      schema: {
        tags,
        summary: `Import ${many}`,
        description: `A zip of definitions, as the original exports it (${csv ? 'JSON files with a CSV beside each, also within inner zips' : 'flat JSON files'}); one definition as JSON${csv ? '; or a CSV of one column with `name`, which makes a dictionary with a rule that fits most lists' : ''}. A method of an \`_id\` that is there is overwritten. Each member is taken whole or not at all, and hinders no other: look at the verdicts. The largest upload is the setting ASSAY_IMPORT_MB.`,
        querystring: z.object(
          csv
            ? {
                name: z.string().max(1_000).optional().describe('Of a CSV: name of the dictionary'),
                tag: z
                  .string()
                  .max(1_000)
                  .optional()
                  .describe('Of a CSV: tag of columns that match; its name when left out'),
              }
            : {},
        ) as z.ZodObject<{ name: z.ZodOptional<z.ZodString>; tag: z.ZodOptional<z.ZodString> }>,
        consumes: ['application/json', 'application/zip', ...(csv ? ['text/csv'] : [])],
        body: z.unknown().meta({ description: 'A definition, a zip, or a CSV', example: routes.example }),
        response: {
          200: z
            .object({
              status: z.int(),
              message: z.string().describe('How many were taken, and how many rejected'),
              data: z.array(importVerdict),
            })
            .describe('A verdict for each member'),
          413: errorBody.describe('Too large'),
          415: errorBody.describe('Another content type'),
        },
      },
    },
    async (request) => {
      const options = { kind, actor: request.user };
      const { body } = request;
      const type = String(request.headers['content-type']);
      const take = async () => {
        if (!(body instanceof Readable)) return importUpload(db, { type: 'json', definition: body }, options);
        return withUpload(body, config.importBytes, (file) => {
          if (!/^text\/csv/i.test(type))
            return importUpload(db, { type: 'zip', file, mostBytes: config.importBytes }, options);
          if (!csv)
            throw new AssayError(
              'UNSUPPORTED_MEDIA_TYPE',
              'text/csv: data patterns have no terms; send a definition or a zip',
            );
          return importUpload(db, { type: 'csv', file, ...request.query }, options);
        });
      };
      const verdicts = await take();
      return { status: 200, message: importMessage(verdicts), data: verdicts };
    },
  );

  app.get(
    `${path}/export`,
    {
      config: { right: 'read' },
      schema: {
        tags,
        summary: `Export ${many} as a zip`,
        description:
          'As they were imported: the names of files, the JSON, the terms in their order. Without `ids` all that did not come with Assay.',
        querystring: z.object({ ids: ids.describe('Ids with commas between them') }),
        response: { 200: zip, 404: notFound },
      },
    },
    async (request, reply) => {
      const wanted = request.query.ids;
      const methods = wanted ? await listMethodsById(db, wanted, kind) : await listOwn();
      const lacking = wanted?.find((id) => !methods.some((method) => method.id === id));
      if (lacking !== undefined) throw noMethod(kind, lacking);
      return sendZip(reply, methods, many);
    },
  );

  app.get(
    `${path}/:id/export`,
    {
      config: { right: 'read' },
      schema: {
        tags,
        summary: `Export a ${one} as a zip`,
        params: methodParams,
        response: { 200: zip, 404: notFound },
      },
    },
    async (request, reply) => {
      const method = await getMethod(db, kind, request.params.id);
      return sendZip(reply, [method], method.name);
    },
  );

  async function listOwn(): Promise<StoredMethod[]> {
    const all: StoredMethod[] = [];
    for (let after: [string, string] | undefined; ; ) {
      const page = await filterMethods(db, kind, { builtIn: false }, after, 500);
      all.push(...page);
      const last = page.at(-1);
      if (!last || page.length < 500) return all;
      after = [last.name, last.id];
    }
  }

  function sendZip(reply: FastifyReply, methods: readonly StoredMethod[], title: string): never {
    const name = title
      .replace(/[^A-Za-z0-9._-]+/g, '-')
      .replace(/^[-.]+|-+$/g, '')
      .slice(0, 100);
    void reply.type('application/zip').header('Content-Disposition', `attachment; filename="${name || many}.zip"`);
    return exportZip(db, methods) as never;
  }
}
