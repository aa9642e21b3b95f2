import { STATUS_CODES } from 'node:http';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AssayError } from '../../errors/assay-error.ts';
import type { ErrorCode } from '../../errors/table.ts';
import { hideTokens } from '../../model/api-key.ts';
import { violatedConstraint } from '../../store/pg-errors.ts';
import { toStoreError } from '../../store/store-error.ts';
import { describeProblems } from './problems.ts';

/** The shape of every error answer. */
export const errorBody = z
  .object({
    status: z.int().describe('HTTP status'),
    message: z
      .union([z.string(), z.array(z.string())])
      .describe('What was received, expected, and what to do; an array names every problem'),
    code: z.string().describe('Stable code of the error table'),
    requestId: z.string().describe('Names this request in the log'),
  })
  .meta({ title: 'ErrorAnswer', description: 'Error' });

/** A request part that does not fit its schema. Carries what is needed to name every problem. */
export class InvalidPart extends Error {
  readonly issues: readonly z.core.$ZodIssue[];
  readonly input: unknown;
  /** Keys that the part may have. */
  readonly known: readonly string[];
  /** Set by Fastify where it is not set yet: body, querystring, params or headers. */
  validationContext: string | undefined;
  constructor(issues: readonly z.core.$ZodIssue[], input: unknown, known: readonly string[] = []) {
    super('the request does not fit its schema');
    this.issues = issues;
    this.input = input;
    this.known = known;
  }
}

export function addErrorHandling(app: FastifyInstance): void {
  app.setErrorHandler<FastifyError | AssayError | Error>((error, request, reply) => sendError(error, request, reply));
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0]?.slice(0, 200) ?? '';
    sendError(new AssayError('NOT_FOUND', `there is no route ${request.method} ${path}`), request, reply);
  });
}

export function sendError(thrown: Error, request: FastifyRequest, reply: FastifyReply): void {
  const error = toApiError(thrown);
  const { status } = error.row;
  if (status >= 500) request.log.error({ err: error, cause: thrown }, error.message);
  if (status === 401) reply.header('WWW-Authenticate', 'Bearer realm="assay"');
  const problems = messageOf(error, request);
  void reply
    .code(status)
    .type('application/json; charset=utf-8')
    .send(JSON.stringify({ status, message: problems, code: error.code, requestId: request.id }));
}

/** What a caller is told of an error: every problem, or the sentence; of a flaw of ours only where to report it. */
export function messageOf(error: AssayError, request: FastifyRequest): string | string[] {
  if (error.problems.length > 0) return error.problems.map(hideTokens);
  if (error.code === 'INTERNAL') return `something went wrong inside Assay; report it with requestId ${request.id}`;
  return hideTokens(error.message + othersToo(error, request));
}

/** Some routes read other things as well as JSON. */
function othersToo(error: AssayError, request: FastifyRequest): string {
  const others = ['application/x-www-form-urlencoded', 'application/zip', 'text/csv'];
  const read = others.filter((type) => request.server.hasContentTypeParser(type));
  return error.code === 'UNSUPPORTED_MEDIA_TYPE' && read.length > 0 ? ` or ${read.join(' or ')}` : '';
}

/** Whatever was thrown on the way as an error of the table. */
export function toApiError(thrown: unknown): AssayError {
  if (thrown instanceof AssayError) return thrown;
  if (thrown instanceof InvalidPart) {
    const problems = describeProblems(thrown.issues, thrown.input, thrown.validationContext ?? 'body', thrown.known);
    return new AssayError('BAD_REQUEST', problems.join('; '), { problems });
  }
  if (violatedConstraint(thrown) !== '')
    return new AssayError('CONFLICT', 'the same thing was just stored by another request', { cause: thrown });
  const store = toStoreError(thrown);
  // The words of the driver name hosts and tables: they belong in the log, which gets the cause.
  if (store) return new AssayError(store.code, `${store.row.says} ${store.row.remedy}`, { cause: thrown });
  const statusCode = statusOf(thrown);
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    const words = thrown instanceof Error ? thrown.message : (STATUS_CODES[statusCode] ?? '');
    return new AssayError(CODES[statusCode] ?? 'BAD_REQUEST', WORDS[statusCode] ?? words, { cause: thrown });
  }
  return new AssayError('INTERNAL', 'internal error', { cause: thrown });
}

const CODES: Record<number, ErrorCode> = {
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  409: 'CONFLICT',
  412: 'STALE',
  413: 'TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  429: 'RATE_LIMITED',
};
const WORDS: Record<number, string> = {
  413: 'the body is larger than 8 MB',
  415: 'the content type is not one that this route reads; send application/json',
};

function statusOf(thrown: unknown): number | undefined {
  return typeof thrown === 'object' && thrown !== null && 'statusCode' in thrown
    ? Number(thrown.statusCode)
    : undefined;
}
