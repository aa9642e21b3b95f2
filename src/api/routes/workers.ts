import { z } from 'zod';
import { WORKER_ALIVE_MS } from '../../engine/settings.ts';
import { listWorkers } from '../../store/workers.ts';
import type { ApiContext, ApiInstance } from '../app-options.ts';

const workerBody = z.object({
  _id: z.string(),
  name: z.string(),
  host: z.string(),
  pid: z.int(),
  software: z.string().describe('Version it runs'),
  affinities: z.array(z.string()).describe('Affinities it serves'),
  slots: z.int().describe('Tasks it does at a time'),
  running: z.int().describe('Tasks it is doing'),
  alive: z.boolean(),
  startedAt: z.string(),
  heartbeatAt: z.string(),
});

export async function workerRoutes(app: ApiInstance, context: ApiContext): Promise<void> {
  app.get(
    '/workers',
    {
      config: { right: 'read' },
      schema: {
        tags: ['System'],
        summary: 'Workers that live, or lived in the last day',
        response: {
          200: z.object({ status: z.int(), data: z.array(workerBody) }).describe('Workers, the living ones first'),
        },
      },
    },
    async () => {
      const workers = await listWorkers(context.db, WORKER_ALIVE_MS);
      return {
        status: 200,
        data: workers.map(({ id, ...worker }) => ({
          _id: id,
          ...worker,
          startedAt: worker.startedAt.toISOString(),
          heartbeatAt: worker.heartbeatAt.toISOString(),
        })),
      };
    },
  );
}
