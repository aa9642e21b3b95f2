import { z } from 'zod';
import { listAudit } from '../../store/audit.ts';
import type { ApiContext, ApiInstance } from '../app-options.ts';
import { cursorInfo, cursorParameter, fromCursor, sizeParameter, toPage } from './pages.ts';

const entry = z.object({
  seq: z.int(),
  at: z.string(),
  userId: z.string(),
  username: z.string(),
  action: z.string(),
  target: z.string(),
  details: z.record(z.string(), z.unknown()),
});

export async function auditRoutes(app: ApiInstance, context: ApiContext): Promise<void> {
  app.get(
    '/audit-log',
    {
      config: { right: 'manageUsers' },
      schema: {
        tags: ['Users'],
        summary: 'Who did what, newest first',
        querystring: z.object({
          action: z.string().max(100).optional().describe('Only this action, e.g. `login failed`'),
          username: z.string().max(200).optional().describe('Only this user'),
          size: sizeParameter(1_000, 100),
          cursor: cursorParameter,
        }),
        response: {
          200: z.object({ status: z.int(), data: z.array(entry), cursorInfo }).describe('A page of the log'),
        },
      },
    },
    async (request) => {
      const { size, cursor, ...filter } = request.query;
      const before = fromCursor(cursor, z.tuple([z.int()]))?.[0];
      const rows = await listAudit(context.db, { ...filter, before, size: size + 1 });
      const { page, cursorInfo: next } = toPage(rows, size, ({ seq }) => [seq]);
      return {
        status: 200,
        data: page.map((row) => ({ ...row, at: row.at.toISOString(), userId: row.user_id ?? '', user_id: undefined })),
        cursorInfo: next,
      };
    },
  );
}
