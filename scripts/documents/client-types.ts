import { buildOpenApi } from '../../src/api/open-api.ts';
import type { Schema } from './json-schema-types.ts';
import { docComment, toType } from './json-schema-types.ts';

interface Operation {
  summary?: string;
  parameters?: {
    name: string;
    in: 'path' | 'query' | 'header';
    required?: boolean;
    schema: Schema;
    description?: string;
  }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, { content?: Record<string, { schema?: Schema }> }>;
}

interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

/**
 * src/client/generated.ts: a type per shared schema of openapi.json, and one entry per operation: what it takes and what it
 * answers with when all is well. Paths of /api/public/v1 are named without it. Types only: it costs nothing at run time.
 */
export async function buildClientTypes(): Promise<string> {
  const { paths, components } = (await buildOpenApi()) as Document;
  const schemas = Object.entries(components.schemas).map(
    ([name, schema]) => `${docComment(schema.description)}export type ${name} = ${toType(schema)};\n`,
  );
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) => writeOperation(method, path, operation)),
  );
  if (operations.length < 20)
    throw new Error(`the document describes ${operations.length} operations, expected at least 20`);
  return [
    '// Made from openapi.json by `npm run generate`; do not edit.\n',
    ...schemas,
    `/** Every operation: \`<METHOD> <path>\`, paths below /api/public/v1 without it. */\nexport interface Operations {\n${operations.join('')}}\n`,
  ].join('\n');
}

function writeOperation(method: string, path: string, operation: Operation): string[] {
  const answers = Object.entries(operation.responses)
    .filter(([code]) => code.startsWith('2'))
    .map(([, response]) => response.content ?? {});
  // A stream is read by watchJob, a report by report, a zip by exportMethods, a form by clients of the original: none is a call with JSON.
  const body = operation.requestBody?.content ?? {};
  if (
    answers.some((content) => content['text/event-stream'] || content['text/html'] || content['application/zip']) ||
    body['application/x-www-form-urlencoded']
  )
    return [];
  const members = [
    parameters('path', operation),
    parameters('query', operation),
    parameters('header', operation),
    body['application/json'] ? `body: ${toType(body['application/json'].schema, '    ')}` : '',
    `answer: ${union(answers.map((content) => toType(content['application/json']?.schema ?? {}, '    ')))}`,
  ].filter(Boolean);
  const name = `${method.toUpperCase()} ${path.replace(/^\/api\/public\/v1(?=\/)/, '')}`;
  const comment = docComment(operation.summary, '  ');
  return [`${comment}  '${name}': {\n${members.map((member) => `    ${member};\n`).join('')}  };\n`];
}

function parameters(place: 'path' | 'query' | 'header', operation: Operation): string {
  const found = (operation.parameters ?? []).filter((parameter) => parameter.in === place);
  if (found.length === 0) return '';
  const schema: Schema = {
    type: 'object',
    properties: Object.fromEntries(
      found.map(({ name, schema: inner, description }) => [
        name,
        { ...inner, description: description ?? inner.description },
      ]),
    ),
    required: found.filter((parameter) => parameter.required).map((parameter) => parameter.name),
  };
  const optional = schema.required!.length === 0 ? '?' : '';
  return `${place}${optional}: ${toType(schema, '    ')}`;
}

const union = (types: string[]): string => [...new Set(types)].join(' | ');
