import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AssayError } from '../../errors/assay-error.ts';
import { looksLikeApiKey } from '../../model/api-key.ts';
import { isUuid } from '../../model/ids.ts';
import { RIGHTS, type Right, rightsOf } from '../../model/rights.ts';
import { findUserById } from '../../store/users.ts';
import type { ApiContext, Caller } from '../app-options.ts';
import { callerOfKey } from '../auth/api-key.ts';
import { createIssuerCallers } from '../auth/oidc/caller.ts';

/**
 * Checks token and right before the body is read. The user's row is read every time, so that disabling a user or taking a
 * role away works at once. A route that does not say which right it needs stops the server from starting.
 */
export function addAuthentication(app: FastifyInstance, context: ApiContext): void {
  app.decorateRequest('user', null as unknown as Caller);
  app.decorateRequest('bodyWarnings', null as unknown as string[]);
  app.addHook('onRoute', (route) => {
    // The pages of swagger-ui; the plugin that makes them knows nothing of rights.
    if (route.url.startsWith('/api/public/swagger')) route.config = { ...route.config, right: 'public' };
    if (!route.config?.right)
      throw new Error(`route ${String(route.method)} ${route.url} does not say which right it needs`);
  });
  const callerOfIssuer = createIssuerCallers(context);
  const authenticate = (request: FastifyRequest): Promise<Caller> => {
    const token = readToken(request);
    if (looksLikeApiKey(token)) return callerOfKey(context, token);
    return context.issuerTokens.isForeign(token) ? callerOfIssuer(token, request.ip) : callerOfOwnToken(context, token);
  };
  app.decorate('callerOf', authenticate);
  app.addHook('onRequest', async (request) => {
    request.bodyWarnings = [];
    const { right, noApiKey } = request.routeOptions.config;
    // Without a route the answer is 404; with one the right is known (see onRoute).
    if (right === undefined || right === 'public') return;
    request.user = await authenticate(request);
    // manageUsers is never a scope, so another key would not help.
    if (request.user.apiKeyId !== undefined && (noApiKey || right === 'manageUsers'))
      throw new AssayError('NOT_WITH_KEY', 'an API key may not do this, whatever its scopes');
    if (right !== 'signedIn') requireRight(request.user, right);
  });
}

/** @throws FORBIDDEN naming the right and who has it; KEY_LACKS_SCOPE when only the key is in the way */
export function requireRight(user: Caller, right: Right): void {
  if (user.rights.has(right)) return;
  if (user.apiKeyId !== undefined && rightsOf(user.roles).has(right)) {
    const scopes = [...user.rights].join(', ') || 'none';
    throw new AssayError('KEY_LACKS_SCOPE', `this needs the right ${right}; the scopes of the API key are: ${scopes}`);
  }
  throw new AssayError(
    'FORBIDDEN',
    `this needs the right ${right}, which these roles have: ${RIGHTS[right].join(', ')}; yours: ${user.roles.join(', ') || 'none'}`,
  );
}

/** @throws UNAUTHENTICATED when there is none, or two */
function readToken({ headers }: FastifyRequest): string {
  const { authorization, 'x-api-key': apiKey } = headers;
  if (apiKey !== undefined) {
    if (authorization !== undefined)
      throw new AssayError('UNAUTHENTICATED', 'both Authorization and X-API-Key were sent; send one of them');
    if (typeof apiKey === 'string' && looksLikeApiKey(apiKey.trim())) return apiKey.trim();
    throw new AssayError('UNAUTHENTICATED', 'X-API-Key holds no API key; they begin with assay_');
  }
  if (authorization === undefined)
    throw new AssayError(
      'UNAUTHENTICATED',
      'no Authorization header; sign in and send "Authorization: Bearer <token>"',
    );
  const token = /^Bearer +([A-Za-z0-9._-]+) *$/i.exec(authorization)?.[1];
  if (token === undefined) throw new AssayError('UNAUTHENTICATED', 'the Authorization header is not "Bearer <token>"');
  return token;
}

async function callerOfOwnToken(context: ApiContext, token: string): Promise<Caller> {
  const { userId, tokenVersion } = await context.tokens.verify(token);
  const user = isUuid(userId) ? await findUserById(context.db, userId) : undefined;
  if (!user || user.disabled)
    throw new AssayError('UNAUTHENTICATED', 'the user of this token no longer exists or is disabled');
  if (user.token_version !== tokenVersion)
    throw new AssayError('UNAUTHENTICATED', 'password or roles changed since this token was made; sign in again');
  return { ...user, rights: rightsOf(user.roles) };
}
