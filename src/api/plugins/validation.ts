import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { refuseUnstorable } from '../../model/parse-json.ts';
import { coerceBody } from './coerce-body.ts';
import { InvalidPart } from './errors.ts';
import { keysOf } from './problems.ts';

/**
 * Validates with the zod schemas of the routes. Answers are written as they are: their schemas describe them in
 * openapi.json and are held to by the tests, but a flaw in one must not turn a good answer into a 500.
 */
export function addValidation(app: FastifyInstance): void {
  app.setValidatorCompiler<z.ZodType>(({ schema }) => (data: unknown) => {
    const result = schema.safeParse(data);
    return result.success
      ? { value: result.data }
      : { error: new InvalidPart(result.error.issues, data, keysOf(schema)) };
  });
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  app.addHook('preValidation', async (request) => {
    for (const part of [request.query, request.params]) {
      for (const [key, value] of Object.entries(part ?? {})) {
        refuseUnstorable(key, 'a key of the query');
        for (const text of [value].flat()) if (typeof text === 'string') refuseUnstorable(text, key);
      }
    }
    const { lenient } = request.routeOptions.config;
    const schema = request.routeOptions.schema?.body;
    if (!lenient || !(schema instanceof z.ZodType)) return;
    const { value, warnings } = coerceBody(schema, request.body);
    request.body = value;
    request.bodyWarnings.push(...warnings);
  });
}
