import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { AssayError } from '../../../errors/assay-error.ts';
import { readTerms } from '../../../methods/csv/read-terms.ts';
import { replaceTerms } from '../../../methods/edit-method.ts';
import { findByPrefix } from '../../../methods/find-by-prefix.ts';
import { checkTerms } from '../../../methods/import/inline-terms.ts';
import { getMethod } from '../../../store/methods/read-methods.ts';
import type { ApiContext, ApiInstance } from '../../app-options.ts';
import { errorBody } from '../../plugins/errors.ts';
import { withUpload } from '../../spool-upload.ts';
import { methodBody, toMethodBody } from '../../views/method.ts';
import {
  cursorInfo,
  cursorParameter,
  fromCursor,
  ifMatchHeaders,
  requireMatch,
  sizeParameter,
  toCursor,
  toETag,
} from '../pages.ts';
import { methodParams, notFound, refused, stale } from './kinds.ts';

const tags = ['Dictionaries'];
const place = z.int().min(0);

/** The terms of a dictionary. */
export async function termRoutes(app: ApiInstance, { db, config }: ApiContext): Promise<void> {
  app.get(
    '/dictionaries/:id/terms',
    {
      config: { right: 'read' },
      schema: {
        tags,
        summary: 'Terms of a dictionary, in the order they came',
        description:
          'Of large dictionaries a page may hold fewer than were asked for, or none, though others follow: go on by the cursor.',
        params: methodParams,
        querystring: z.object({
          prefix: z.string().max(1_000).optional().describe('How they begin, without regard to case'),
          size: sizeParameter(10_000, 1_000),
          cursor: cursorParameter,
        }),
        response: {
          200: z.object({ status: z.int(), data: z.array(z.string()), cursorInfo }).describe('A page of terms'),
          404: notFound,
          409: errorBody.describe('The terms were replaced since the page before'),
        },
      },
    },
    async (request) => {
      const { prefix = '', size, cursor } = request.query;
      const method = await getMethod(db, 'dictionary', request.params.id);
      const [set, ...from] = fromCursor(cursor, z.tuple([place, place, place])) ?? [method.termSet, 0, 0];
      if (set !== method.termSet)
        throw new AssayError(
          'CONFLICT',
          'cursor: the terms were replaced since the page before; begin again without it',
        );
      const { terms, next } = await findByPrefix(db, method, prefix, from, size);
      return { status: 200, data: terms, cursorInfo: { cursor: next ? toCursor([set, ...next]) : '' } };
    },
  );

  app.put(
    '/dictionaries/:id/terms',
    {
      config: { right: 'editRules', upload: true },
      schema: {
        tags,
        summary: 'Replace the terms of a dictionary',
        description:
          'A CSV of one column, with or without a header `Term`, in any usual encoding; or `{"terms": […]}`. Up to 20 million terms and ASSAY_IMPORT_MB. Jobs see the old terms until all new ones are there.',
        params: methodParams,
        headers: ifMatchHeaders,
        consumes: ['application/json', 'text/csv'],
        body: z.unknown().meta({ description: 'A CSV, or JSON', example: { terms: ['red', 'green', 'blue'] } }),
        response: {
          200: z
            .object({ status: z.int(), data: methodBody, warnings: z.array(z.string()).describe('By line') })
            .describe('The dictionary'),
          404: notFound,
          409: refused,
          412: stale,
          413: errorBody.describe('Too large'),
          415: errorBody.describe('Another content type'),
        },
      },
    },
    async (request, reply) => {
      const { body } = request;
      const edit = {
        kind: 'dictionary' as const,
        id: request.params.id,
        actor: request.user,
        check: (before: { revision: number }) =>
          requireMatch(request.headers['if-match'] as string | undefined, before.revision),
      };
      const { method, warnings } =
        body instanceof Readable
          ? await withUpload(body, config.importBytes, (file) =>
              replaceTerms(db, edit, readTerms(createReadStream(file))),
            )
          : await replaceTerms(db, edit, { terms: [checkTerms((body as { terms?: unknown } | undefined)?.terms)] });
      void reply.header('ETag', toETag(method.revision));
      return { status: 200, data: toMethodBody(method), warnings };
    },
  );
}
