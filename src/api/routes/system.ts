import { z } from 'zod';
import { pingStore } from '../../store/ping.ts';
import type { ApiContext, ApiInstance } from '../app-options.ts';
import { documentFor } from '../plugins/openapi.ts';

/** A store that answers no slower than this is taken for healthy. */
const HEALTH_TIMEOUT_MS = 2_000;

export async function healthRoutes(app: ApiInstance, context: ApiContext): Promise<void> {
  app.get(
    '/api/public/health',
    {
      config: { right: 'public' },
      schema: {
        tags: ['System'],
        summary: 'Whether the server and its database answer',
        response: { 200: z.object({ message: z.literal('OK') }).describe('Both answer') },
      },
    },
    async () => {
      await pingStore(context.db, HEALTH_TIMEOUT_MS);
      return { message: 'OK' as const };
    },
  );
}

/** The document of the routes of this server, as a client of this version sees them. */
export async function openApiRoutes(app: ApiInstance): Promise<void> {
  const version = app.prefix.split('/').at(-1) ?? 'v1';
  app.get('/openapi.json', { config: { right: 'public' }, schema: { hide: true } }, async () =>
    documentFor(app.swagger(), version),
  );
}
