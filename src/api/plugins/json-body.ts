import type { FastifyInstance } from 'fastify';
import { parseJson } from '../../model/parse-json.ts';

export const MAX_BODY_BYTES = 8 * 1024 * 1024;

/** Reads JSON bodies; refuses what the store could not keep or what is only meant to harm. */
export function addJsonBody(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<Buffer>(
    'application/json',
    { parseAs: 'buffer' },
    async (_request: unknown, bytes: Buffer) => (bytes.length === 0 ? undefined : parseJson(bytes, 'body')),
  );
}
