import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { createJsonSchemaTransform } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import { errorBody } from './errors.ts';
import { shareSchemas } from './share-schemas.ts';

const documentTransform = createJsonSchemaTransform({ zodToJsonConfig: { unrepresentable: 'any' } } as never);

/** Collects the routes into an OpenAPI 3.1 document. Of the versions only /v1 is listed, and what only /v3 has. */
export async function addOpenApi(app: FastifyInstance, version: string): Promise<void> {
  app.addHook('onRoute', (route) => {
    const right = route.config?.right;
    if (!route.schema || route.schema.hide || right === undefined) return;
    const codes = right === 'public' ? ['400', '503'] : ['400', '401', '403', '503'];
    const common: Record<string, z.ZodType> = {};
    for (const code of codes) common[code] = errorBody.describe(DESCRIPTIONS[code] ?? '');
    // A schema of its own for each route: a GET and its HEAD are made of the same one.
    route.schema = {
      ...route.schema,
      response: { ...common, ...(route.schema.response as object) },
      security: right === 'public' ? [] : route.config?.noApiKey ? [{ bearer: [] }] : [{ bearer: [] }, { apiKey: [] }],
    };
    if (right === 'public' || right === 'signedIn') return;
    route.schema.description = `${route.schema.description ?? ''}\n\nNeeds the right \`${right}\`.`.trim();
  });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Assay',
        version,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } as never,
        description:
          'A data-catalog engine. Everything it does is a job: start one below /jobs/execute, watch it at /jobs/{id}/status. ' +
          'Every route is also served below /api/public/v2, and below /api/public/v3 except that jobs are started through ' +
          '/api/public/v3/jobs/execute/bulk there. Errors are {status, message, code, requestId}.',
      },
      servers: [{ url: '/' }],
      components: { securitySchemes: SECURITY_SCHEMES as never },
      tags: TAGS,
    },
    transformObject: (document) => shareSchemas('openapiObject' in document ? document.openapiObject : {}),
    transform: (document) => {
      const hide = isRepeated(document.url) || !document.schema;
      return hide
        ? { url: document.url, schema: { hide: true } }
        : withOpenBody(
            documentTransform({ ...document, schema: document.schema as never }),
            document.route.config?.lenient === true,
          );
    },
  });
  await app.register(async (scope) => {
    scope.addHook('onRoute', (route) => {
      route.schema = { ...route.schema, hide: true };
    });
    await scope.register(swaggerUi, { routePrefix: '/api/public/swagger', uiConfig: { docExpansion: 'none' } });
  });
}

/** A lenient route ignores keys that it does not know; its body must not be called closed. */
function withOpenBody<T extends { schema: object }>(document: T, lenient: boolean): T {
  const { body } = document.schema as { body?: object };
  if (!lenient || !body) return document;
  const open = JSON.parse(JSON.stringify(body), (key, value) =>
    key === 'additionalProperties' && value === false ? undefined : value,
  );
  return { ...document, schema: { ...document.schema, body: open } };
}

const isRepeated = (url: string): boolean =>
  url.startsWith('/api/public/v2/') || (url.startsWith('/api/public/v3/') && url !== BULK_URL);

export const BULK_URL = '/api/public/v3/jobs/execute/bulk';

/** The document as a client of one version wants it: with the paths of that version, and no others. */
export function documentFor(document: { paths?: Record<string, unknown> }, version: string): object {
  const paths = Object.entries(document.paths ?? {}).flatMap(([path, item]): [string, unknown][] => {
    if (version !== 'v3')
      return path === BULK_URL ? [] : [[path.replace(VERSION_PREFIX, `/api/public/${version}/`), item]];
    if (path.startsWith('/api/public/v1/jobs/execute/')) return [];
    return [[path.replace(VERSION_PREFIX, '/api/public/v3/'), item]];
  });
  return { ...document, paths: Object.fromEntries(paths) };
}

const VERSION_PREFIX = /^\/api\/public\/v1\//;

const DESCRIPTIONS: Record<string, string> = {
  '400': 'Invalid request; `message` names every problem',
  '401': 'No valid token or API key',
  '403': 'The roles of the caller, or the scopes of the API key, lack the right',
  '503': 'The database of Assay cannot be reached',
};

const SECURITY_SCHEMES = {
  bearer: {
    type: 'http',
    scheme: 'bearer',
    description:
      'A token of /auth, an access token (JWT) of an OpenID Connect issuer that the server trusts, or an API key; keys are not taken where only this scheme is named.',
  },
  apiKey: {
    type: 'apiKey',
    in: 'header',
    name: 'X-API-Key',
    description: 'An API key, for clients that cannot send Authorization.',
  },
};

const TAGS = [
  { name: 'Jobs', description: 'Start, watch, cancel and repeat jobs' },
  { name: 'Data sources', description: 'Configured connections' },
  { name: 'Entities', description: 'What the catalog knows: schemas, tables, columns, folders, files' },
  { name: 'Profiles', description: 'What profiling found over time: history, comparison, report' },
  { name: 'Dictionaries', description: 'Lists of words that columns are held against' },
  { name: 'Data patterns', description: 'Patterns and regular expressions that columns are held against' },
  { name: 'Business terms', description: 'Named things of the business that columns and tables stand for' },
  { name: 'Search', description: 'Find entities by words, and count what was found' },
  { name: 'Users', description: 'Users, roles, the audit log' },
  { name: 'Authentication', description: 'Tokens' },
  { name: 'API keys', description: 'Keys for machines' },
  { name: 'System', description: 'Health, metrics, workers' },
];
