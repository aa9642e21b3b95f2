import { z } from 'zod';
import { AssayError } from '../../errors/assay-error.ts';
import { RIGHT_NAMES, type Right } from '../../model/rights.ts';
import { getApiKey, insertApiKey, type ListedApiKey, listApiKeys, revokeApiKey } from '../../store/api-keys.ts';
import { recordAct } from '../../store/audit.ts';
import type { ApiContext, ApiInstance, Caller } from '../app-options.ts';
import { errorBody } from '../plugins/errors.ts';
import { flagParameter, timeText, uuidParams } from './pages.ts';

/** A key never manages users: it could make itself immortal. */
const SCOPES = RIGHT_NAMES.filter((right) => right !== 'manageUsers');

const scopes = z.array(z.enum(SCOPES as [Right, ...Right[]]));

const newKey = z
  .strictObject({
    name: z.string().trim().min(1).max(200).describe('What the key is for'),
    scopes: scopes
      .min(1)
      .max(SCOPES.length)
      .optional()
      .describe(`Rights of the key, from your own: ${SCOPES.join(', ')}; all of yours when left out`),
    expiresAt: timeText.optional().describe('When it ends; as late as the server allows when left out'),
  })
  .meta({ example: { name: 'nightly profiling', scopes: ['read', 'runJobs'] } });

const keyBody = z
  .object({
    _id: z.string().describe('Id, a UUID'),
    name: z.string(),
    prefix: z.string().describe('How the key begins'),
    scopes: z.array(z.string()),
    state: z.enum(['active', 'expired', 'revoked']),
    userId: z.string().describe('Owner'),
    username: z.string().describe('Name of the owner'),
    issuer: z.string().describe('Issuer of the owner, "" for users of Assay itself'),
    createdAt: z.string(),
    expiresAt: z.string(),
    lastUsedAt: z.string().describe('To the minute; "" if never'),
    revokedAt: z.string().describe('"" if not'),
  })
  .describe('An API key; its secret is not kept');

const withSecret = keyBody.extend({ key: z.string().describe('The key itself, shown this once') });
const notFound = errorBody.describe('There is no such key of yours');
const tags = ['API keys'];

/** API keys for machines. People make and end them; a key itself can do neither. */
export async function apiKeyRoutes(app: ApiInstance, context: ApiContext): Promise<void> {
  const { db } = context;
  const config = { right: 'signedIn', noApiKey: true } as const;
  /** Administrators reach everybody's keys. */
  const whose = (user: Caller) => (user.rights.has('manageUsers') ? undefined : user.id);

  app.post(
    '/api-keys',
    {
      config,
      schema: {
        tags,
        summary: 'Make an API key',
        description:
          'Send it as `Authorization: Bearer assay_…` or `X-API-Key: assay_…`. What it may do are its scopes, as far as your roles ' +
          'give those rights at the time of the call. The answer is the only place where the key is ever shown.',
        body: newKey,
        response: {
          201: z.object({ status: z.int(), data: withSecret }).describe('The key'),
          409: errorBody.describe('You have too many keys'),
        },
      },
    },
    async (request, reply) => {
      const { user, body } = request;
      const wanted = body.scopes ?? SCOPES.filter((right) => user.rights.has(right));
      refuseForeign(wanted, user);
      const { id, secret, expiresAt } = await insertApiKey(db, user.id, {
        name: body.name,
        scopes: [...new Set(wanted)],
        expiresAt: body.expiresAt,
        maxDays: context.config.apiKeyDays,
      });
      await recordAct(db, user, 'api key created', id, {
        name: body.name,
        scopes: wanted,
        expiresAt: expiresAt.toISOString(),
      });
      const key = toKeyBody(await getApiKey(db, id));
      return reply.code(201).send({ status: 201, data: { ...key, key: secret } });
    },
  );

  app.get(
    '/api-keys',
    {
      config,
      schema: {
        tags,
        summary: 'List API keys, newest first',
        querystring: z.object({ all: flagParameter.describe("Everybody's, not only yours; for administrators") }),
        response: { 200: z.object({ status: z.int(), data: z.array(keyBody) }).describe('Keys') },
      },
    },
    async ({ user, query }) => {
      if (query.all && !user.rights.has('manageUsers'))
        throw new AssayError('FORBIDDEN', "all: everybody's keys are for those with the right manageUsers");
      return { status: 200, data: (await listApiKeys(db, query.all ? undefined : user.id)).map(toKeyBody) };
    },
  );

  app.get(
    '/api-keys/:id',
    {
      config,
      schema: {
        tags,
        summary: 'Get an API key',
        params: uuidParams,
        response: { 200: z.object({ status: z.int(), data: keyBody }).describe('The key'), 404: notFound },
      },
    },
    async ({ user, params }) => ({ status: 200, data: toKeyBody(await getApiKey(db, params.id, whose(user))) }),
  );

  app.delete(
    '/api-keys/:id',
    {
      config,
      schema: {
        tags,
        summary: 'Revoke an API key',
        description: 'Works at once, on every server: keys are looked up with every request.',
        params: uuidParams,
        response: { 200: z.object({ status: z.int(), data: keyBody }).describe('The revoked key'), 404: notFound },
      },
    },
    async ({ user, params }) => {
      const { name, username } = await getApiKey(db, params.id, whose(user));
      if (await revokeApiKey(db, params.id))
        await recordAct(db, user, 'api key revoked', params.id, { name, owner: username });
      return { status: 200, data: toKeyBody(await getApiKey(db, params.id)) };
    },
  );
}

/** @throws BAD_REQUEST naming every scope that is none of the caller's rights */
function refuseForeign(wanted: readonly Right[], user: Caller): void {
  const yours = SCOPES.filter((right) => user.rights.has(right));
  if (yours.length === 0) throw new AssayError('FORBIDDEN', 'your roles give no right that a key could have');
  const foreign = wanted.filter((right) => !user.rights.has(right));
  if (foreign.length === 0) return;
  const problems = foreign.map((right) => `scopes: ${right} is no right of yours; you have ${yours.join(', ')}`);
  throw new AssayError('BAD_REQUEST', problems.join('; '), { problems });
}

function toKeyBody(row: ListedApiKey): z.output<typeof keyBody> {
  return {
    _id: row.id,
    name: row.name,
    prefix: row.shown,
    scopes: row.scopes,
    state: row.state,
    userId: row.user_id,
    username: row.username,
    issuer: row.issuer,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    lastUsedAt: row.last_used_at?.toISOString() ?? '',
    revokedAt: row.revoked_at?.toISOString() ?? '',
  };
}
