import { randomUUID } from 'node:crypto';
import Fastify, { type FastifyInstance, LogController } from 'fastify';
import { AssayError } from '../errors/assay-error.ts';
import type { ApiContext, ApiInstance, AppOptions } from './app-options.ts';
import { openIssuerTokens } from './auth/oidc/verify-token.ts';
import { createTokenService } from './auth/tokens.ts';
import { addAuthentication } from './plugins/authenticate.ts';
import { addBodyTimeout, UPLOAD_MS } from './plugins/body-timeout.ts';
import { addErrorHandling, sendError } from './plugins/errors.ts';
import { addJsonBody, MAX_BODY_BYTES } from './plugins/json-body.ts';
import { addMetrics } from './plugins/metrics.ts';
import { addOpenApi } from './plugins/openapi.ts';
import { addValidation } from './plugins/validation.ts';
import { addDataSourceRoutes } from './routes/add-data-sources.ts';
import { apiKeyRoutes } from './routes/api-keys.ts';
import { auditRoutes } from './routes/audit-log.ts';
import { authRoutes, tokenEndpointRoutes } from './routes/auth.ts';
import { bulkRoutes, startJobRoutes } from './routes/bulk.ts';
import { businessTermRoutes } from './routes/business-terms.ts';
import { dataIdentificationRoutes } from './routes/data-identification.ts';
import { dataSourceRoutes } from './routes/data-sources.ts';
import { entityRoutes } from './routes/entities.ts';
import { entitiesByIdsRoutes } from './routes/entities-by-ids.ts';
import { executeRoutes } from './routes/execute.ts';
import { issuerRoutes } from './routes/issuers.ts';
import { jobStreamRoutes } from './routes/job-stream.ts';
import { jobRoutes } from './routes/jobs.ts';
import { dataPatternRoutes, dictionaryRoutes } from './routes/methods/index.ts';
import { profileReportRoutes } from './routes/profile-reports.ts';
import { profileRoutes } from './routes/profiles.ts';
import { sampleRoutes } from './routes/samples.ts';
import { searchRoutes } from './routes/search.ts';
import { healthRoutes, openApiRoutes } from './routes/system.ts';
import { userRoutes } from './routes/users.ts';
import { workerRoutes } from './routes/workers.ts';

type Routes = (app: ApiInstance, context: ApiContext) => Promise<void>;

/** Every resource below /api/public/v1, /v2 and /v3; one line each. */
const RESOURCES: readonly Routes[] = [
  openApiRoutes,
  authRoutes,
  issuerRoutes,
  userRoutes,
  apiKeyRoutes,
  auditRoutes,
  addDataSourceRoutes,
  dataSourceRoutes,
  entityRoutes,
  entitiesByIdsRoutes,
  profileRoutes,
  sampleRoutes,
  dataIdentificationRoutes,
  profileReportRoutes,
  searchRoutes,
  dictionaryRoutes,
  dataPatternRoutes,
  businessTermRoutes,
  jobRoutes,
  jobStreamRoutes,
  workerRoutes,
];

/** How jobs are started is all that differs between the versions. */
const VERSIONS: Readonly<Record<string, Routes>> = { v1: executeRoutes, v2: executeRoutes, v3: bulkRoutes };

const MINUTES = 60;
const DAYS = 24 * 60 * 60;

/** Assembles the API. It neither listens nor connects: the caller does both, and closes both. */
export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const config = {
    version: options.config?.version ?? '0.1.0',
    accessTokenSeconds: options.config?.accessTokenSeconds ?? 30 * MINUTES,
    refreshTokenSeconds: options.config?.refreshTokenSeconds ?? 30 * DAYS,
    apiKeyDays: options.config?.apiKeyDays ?? 365,
    apiKeyAwayDays: options.config?.apiKeyAwayDays ?? 90,
    streamCheckMs: options.config?.streamCheckMs ?? 15_000,
    importBytes: options.config?.importBytes ?? 2 ** 30,
  };
  const app = Fastify({
    ...(options.logger ? { loggerInstance: options.logger } : { logger: false }),
    ...(options.config?.tls ? { https: options.config.tls } : {}),
    trustProxy: options.config?.trustProxy ?? false,
    bodyLimit: MAX_BODY_BYTES,
    genReqId: () => randomUUID(),
    // One line per request, written by addHeaders.
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    // Our own routes have no second spelling; a slash at the end is what people type.
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 500 },
    // A request half sent, or a stopped client, must not hold a socket for ever; see also addBodyTimeout.
    requestTimeout: UPLOAD_MS,
    frameworkErrors: (error, request, reply) => {
      sendError(new AssayError('BAD_REQUEST', `url: ${error.message}`, { cause: error }), request, reply as never);
    },
  }) as unknown as FastifyInstance;
  const closing = new AbortController();
  app.addHook('preClose', async () => closing.abort());
  const context: ApiContext = {
    ...options.store,
    tokens: createTokenService(options.store.db, options.store.secrets, config.accessTokenSeconds),
    issuerTokens: openIssuerTokens(options.issuers ?? [], options.issuerTimes),
    engine: options.engine,
    closing: closing.signal,
    config,
  };
  addErrorHandling(app);
  addBodyTimeout(app, options.config?.bodyMs ?? 120_000);
  addJsonBody(app);
  addValidation(app);
  addAuthentication(app, context);
  addMetrics(app, context);
  addHeaders(app);
  await addOpenApi(app, config.version);
  await healthRoutes(app as ApiInstance, context);
  await app.register((scope) => tokenEndpointRoutes(scope as ApiInstance, context));
  await startJobRoutes(app as ApiInstance, context);
  for (const [version, starting] of Object.entries(VERSIONS)) {
    for (const routes of [...RESOURCES, starting]) {
      await app.register((scope) => routes(scope as ApiInstance, context), { prefix: `/api/public/${version}` });
    }
  }
  return app;
}

function addHeaders(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    void reply.header('X-Request-Id', request.id);
    void reply.header('X-Content-Type-Options', 'nosniff');
    if (!request.url.startsWith('/api/public/swagger')) void reply.header('Cache-Control', 'no-store');
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'no route';
    const level = reply.statusCode >= 500 ? 'error' : 'info';
    request.log[level](
      {
        method: request.method,
        route,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
        user: request.user?.username,
        apiKey: request.user?.apiKeyId,
      },
      'request',
    );
  });
}
