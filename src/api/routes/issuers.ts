import { z } from 'zod';
import type { ApiContext, ApiInstance } from '../app-options.ts';

const issuerBody = z.object({
  issuer: z.string().describe('URL; its discovery document lies below it'),
  clientId: z.string().describe('Public client for signing in'),
  scopes: z.string().describe('What to ask for, separated by spaces'),
  tokenToSend: z.enum(['access_token', 'id_token']).describe('Which of the tokens this server takes'),
});

/** Where people can sign in, for clients that do it for them. Holds nothing that the issuer would not tell everybody. */
export async function issuerRoutes(app: ApiInstance, context: ApiContext): Promise<void> {
  app.get(
    '/auth/issuers',
    {
      config: { right: 'public' },
      schema: {
        tags: ['Authentication'],
        summary: 'List the OpenID Connect issuers that people can sign in at',
        response: {
          200: z
            .object({ status: z.int(), data: z.array(issuerBody) })
            .describe('Issuers with a client for signing in'),
        },
      },
    },
    async () => ({
      status: 200,
      data: context.issuerTokens.issuers.flatMap(({ issuer, clientId, scopes, idTokens }) =>
        clientId === undefined
          ? []
          : [{ issuer, clientId, scopes, tokenToSend: idTokens ? ('id_token' as const) : ('access_token' as const) }],
      ),
    }),
  );
}
