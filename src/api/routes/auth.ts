import formbody from '@fastify/formbody';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { AssayError } from '../../errors/assay-error.ts';
import { refuseUnstorable } from '../../model/parse-json.ts';
import { redeemRefreshToken } from '../../store/refresh-tokens.ts';
import type { ApiContext, ApiInstance } from '../app-options.ts';
import { refresh, signIn, type TokenPair } from '../auth/login.ts';
import { errorBody, toApiError } from '../plugins/errors.ts';

const shortText = z.string().max(1_000);
const username = z.string().min(1).max(200);
const password = z.string().min(1).max(1_000);

const tokenPair = z
  .object({
    accessToken: z.string().describe('JWT; send it as `Authorization: Bearer …`'),
    refreshToken: z.string().describe('Works once, at /auth/refresh'),
    expiresIn: z.int().describe('Life of the access token, in seconds'),
  })
  .meta({ title: 'TokenPair' });
const signedIn = z.object({ message: z.literal('OK'), data: tokenPair }).describe('Signed in');
const tooMany = errorBody.describe('Too many attempts; Retry-After says how long to wait, in seconds');

/** Sign-in in the shape of the original's public API. Forms are read here and nowhere else. */
export async function authRoutes(app: ApiInstance, context: ApiContext): Promise<void> {
  await app.register(formbody, { bodyLimit: 64 * 1024 });

  app.post(
    '/auth',
    {
      config: { right: 'public' },
      schema: {
        tags: ['Authentication'],
        summary: 'Sign in with user name and password',
        description:
          'Reads JSON or a form. OAuth fields that clients send along (client_id, grant_type, scope) are accepted.',
        body: z
          .looseObject({
            username: username.describe('User name, not the e-mail address'),
            password: password.describe('Password'),
            client_id: shortText.optional().describe('Not used'),
            grant_type: shortText.optional().describe('Not used; a password sign-in in any case'),
            scope: shortText.optional().describe('Not used'),
          })
          .meta({ example: { username: 'admin', password: '…' } }),
        response: { 200: signedIn, 401: errorBody.describe('Wrong user name or password'), 429: tooMany },
      },
    },
    async (request, reply) => {
      refuseForm(request.body);
      const { username: name, password: secret } = request.body;
      return answer(await retryAfter(reply, () => signIn(context, name, secret, request.ip)));
    },
  );

  const refreshBody = z.looseObject({ refreshToken: shortText.min(1).describe('From the sign-in') });
  app.post(
    '/auth/refresh',
    {
      config: { right: 'public' },
      schema: {
        tags: ['Authentication'],
        summary: 'Change a refresh token for new tokens',
        body: refreshBody,
        response: { 200: signedIn, 401: errorBody.describe('The token is unknown, used or expired') },
      },
    },
    async (request) => answer(await refresh(context, request.body.refreshToken)),
  );

  app.post(
    '/auth/logout',
    {
      config: { right: 'public' },
      schema: {
        tags: ['Authentication'],
        summary: 'Revoke a refresh token',
        body: refreshBody,
        response: { 200: z.object({ message: z.literal('OK') }).describe('It is gone, or never was') },
      },
    },
    async (request) => {
      await redeemRefreshToken(context.db, request.body.refreshToken);
      return { message: 'OK' as const };
    },
  );
}

const answer = (data: TokenPair) => ({ message: 'OK' as const, data });

const TOKEN_PATH = '/keycloak/realms/pdc/protocol/openid-connect/token';

/** The token endpoint of the original's identity provider, in its own shapes, errors included (RFC 6749, section 5). */
export async function tokenEndpointRoutes(app: ApiInstance, context: ApiContext): Promise<void> {
  await app.register(formbody, { bodyLimit: 64 * 1024 });
  app.removeContentTypeParser('application/json');
  app.setErrorHandler((error: Error, _request, reply) => sendOAuthError(error, reply));

  app.post(
    TOKEN_PATH,
    {
      config: { right: 'public' },
      schema: {
        tags: ['Authentication'],
        summary: 'Token endpoint as of OpenID Connect: password and refresh_token grants',
        consumes: ['application/x-www-form-urlencoded'],
        body: z.looseObject({
          grant_type: z.string().describe('password or refresh_token'),
          username: shortText.optional().describe('For the password grant'),
          password: shortText.optional().describe('For the password grant'),
          refresh_token: shortText.optional().describe('For the refresh_token grant'),
          client_id: shortText.optional().describe('Not used'),
          scope: shortText.optional().describe('Given back'),
        }),
        response: {
          200: z
            .object({
              access_token: z.string(),
              expires_in: z.int(),
              refresh_expires_in: z.int(),
              refresh_token: z.string(),
              token_type: z.literal('Bearer'),
              'not-before-policy': z.int(),
              scope: z.string(),
            })
            .describe('Tokens'),
          400: oauthError.describe('Invalid request or refresh token'),
          401: oauthError.describe('Wrong user name or password'),
          429: oauthError.describe('Too many attempts'),
        },
      },
    },
    async (request, reply) => {
      refuseForm(request.body);
      const pair = await retryAfter(reply, () => grant(context, request.body, request.ip));
      return {
        access_token: pair.accessToken,
        expires_in: pair.expiresIn,
        refresh_expires_in: context.config.refreshTokenSeconds,
        refresh_token: pair.refreshToken,
        token_type: 'Bearer' as const,
        'not-before-policy': 0,
        scope: request.body.scope || 'openid profile email',
      };
    },
  );
}

const oauthError = z.object({ error: z.string(), error_description: z.string() });

interface GrantForm {
  grant_type: string;
  username?: string;
  password?: string;
  refresh_token?: string;
}

/** An error with the name that OAuth gives it. */
class OAuthError extends Error {
  readonly error: string;
  readonly statusCode: number;
  constructor(error: string, description: string, statusCode = 400) {
    super(description);
    this.error = error;
    this.statusCode = statusCode;
  }
}

async function grant(context: ApiContext, form: GrantForm, address: string): Promise<TokenPair> {
  if (form.grant_type === 'password') {
    if (!form.username || !form.password)
      throw new OAuthError('invalid_request', 'Missing parameter: username and password are needed');
    return signIn(context, form.username, form.password, address);
  }
  if (form.grant_type === 'refresh_token') {
    if (!form.refresh_token) throw new OAuthError('invalid_request', 'Missing parameter: refresh_token');
    return refresh(context, form.refresh_token).catch((error: unknown) => {
      throw error instanceof AssayError && error.code === 'BAD_CREDENTIALS'
        ? new OAuthError('invalid_grant', 'Invalid refresh token')
        : error;
    });
  }
  throw new OAuthError('unsupported_grant_type', 'Unsupported grant_type; password and refresh_token are known');
}

function sendOAuthError(thrown: Error, reply: FastifyReply): void {
  const [status, error, error_description] = toOAuth(thrown);
  if (status >= 500) reply.log.error({ err: thrown }, thrown.message);
  void reply.code(status).send({ error, error_description });
}

function toOAuth(thrown: Error): [status: number, error: string, description: string] {
  if (thrown instanceof OAuthError) return [thrown.statusCode, thrown.error, thrown.message];
  const error = toApiError(thrown);
  const { status, says } = error.row;
  if (error.code === 'BAD_CREDENTIALS') return [401, 'invalid_grant', 'Invalid user credentials'];
  if (error.code === 'RATE_LIMITED') return [429, 'temporarily_unavailable', error.message];
  if (status < 500) return [status, 'invalid_request', error.message];
  return [status, status === 503 ? 'temporarily_unavailable' : 'server_error', says];
}

async function retryAfter<T>(reply: FastifyReply, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AssayError && error.code === 'RATE_LIMITED')
      void reply.header('Retry-After', String(error.details.retryAfterSeconds));
    throw error;
  }
}

/** Forms do not pass through the JSON parser, which does the same. */
function refuseForm(form: Record<string, unknown>): void {
  for (const [key, value] of Object.entries(form))
    if (typeof value === 'string') refuseUnstorable(value, key.slice(0, 100));
}
