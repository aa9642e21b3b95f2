import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AssayError } from '../../errors/assay-error.ts';
import { isUuid } from '../../model/ids.ts';
import { hasRight, RIGHTS, type Right } from '../../model/rights.ts';
import type { UserRow } from '../../store/database.ts';
import { findUserById } from '../../store/users.ts';
import type { ApiContext } from '../app-options.ts';

/**
 * Checks token and right before the body is read. The user's row is read every time, so that disabling a user or taking a
 * role away works at once. A route that does not say which right it needs stops the server from starting.
 */
export function addAuthentication(app: FastifyInstance, context: ApiContext): void {
  app.decorateRequest('user', null as unknown as UserRow);
  app.decorateRequest('bodyWarnings', null as unknown as string[]);
  app.addHook('onRoute', (route) => {
    // The pages of swagger-ui; the plugin that makes them knows nothing of rights.
    if (route.url.startsWith('/api/public/swagger')) route.config = { ...route.config, right: 'public' };
    if (!route.config?.right)
      throw new Error(`route ${String(route.method)} ${route.url} does not say which right it needs`);
  });
  app.addHook('onRequest', async (request) => {
    request.bodyWarnings = [];
    const right = request.routeOptions.config.right;
    // Without a route the answer is 404; with one the right is known (see onRoute).
    if (right === undefined || right === 'public') return;
    request.user = await authenticate(request, context);
    if (right !== 'signedIn') requireRight(request, right);
  });
}

/** @throws FORBIDDEN naming the right and who has it */
export function requireRight(request: FastifyRequest, right: Right): void {
  if (hasRight(request.user.roles, right)) return;
  throw new AssayError(
    'FORBIDDEN',
    `this needs the right ${right}, which these roles have: ${RIGHTS[right].join(', ')}; yours: ${request.user.roles.join(', ') || 'none'}`,
  );
}

async function authenticate(request: FastifyRequest, context: ApiContext): Promise<UserRow> {
  const header = request.headers.authorization;
  if (header === undefined)
    throw new AssayError(
      'UNAUTHENTICATED',
      'no Authorization header; sign in and send "Authorization: Bearer <token>"',
    );
  const token = /^Bearer +([A-Za-z0-9._-]+) *$/i.exec(header)?.[1];
  if (token === undefined) throw new AssayError('UNAUTHENTICATED', 'the Authorization header is not "Bearer <token>"');
  const { userId, tokenVersion } = await context.tokens.verify(token);
  const user = isUuid(userId) ? await findUserById(context.db, userId) : undefined;
  if (!user || user.disabled)
    throw new AssayError('UNAUTHENTICATED', 'the user of this token no longer exists or is disabled');
  if (user.token_version !== tokenVersion)
    throw new AssayError('UNAUTHENTICATED', 'password or roles changed since this token was made; sign in again');
  return user;
}
