import type { FastifyInstance } from 'fastify';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { WORKER_ALIVE_MS } from '../../engine/settings.ts';
import { readEngineCounts } from '../../store/workers.ts';
import type { ApiContext } from '../app-options.ts';

/** Prometheus metrics at /metrics. What the engine holds is counted in the store when somebody asks. */
export function addMetrics(app: FastifyInstance, context: ApiContext): void {
  const registry = new Registry();
  const registers = [registry];
  const requests = new Histogram({
    name: 'assay_request_seconds',
    help: 'Time to answer a request',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers,
  });
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name, help, labelNames, registers });
  const up = gauge('assay_store_up', 'Whether the database answers');
  const jobs = gauge('assay_jobs', 'Jobs kept, by status', ['status']);
  const tasks = gauge('assay_tasks', 'Tasks of jobs that have not ended, by state', ['state']);
  const workers = gauge('assay_workers_alive', 'Workers with a fresh heartbeat');
  const slots = gauge('assay_worker_slots', 'Slots of the living workers', ['state']);
  const age = gauge('assay_queue_age_seconds', 'How long the oldest task has been ready');
  const purged = new Counter({
    name: 'assay_purged_rows_total',
    help: 'Rows purged, by kind',
    labelNames: ['what'],
    registers,
  });
  const memory = gauge('assay_process_memory_bytes', 'Memory of the API process', ['kind']);

  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    requests.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
  });
  app.get('/metrics', { config: { right: 'public' }, schema: { hide: true } }, async (_request, reply) => {
    for (const metric of [jobs, tasks, slots]) metric.reset();
    purged.reset();
    try {
      const counts = await readEngineCounts(context.db, WORKER_ALIVE_MS);
      for (const row of counts.jobs) jobs.set({ status: row.label }, row.count);
      for (const row of counts.tasks) tasks.set({ state: row.label }, row.count);
      for (const row of counts.purged) purged.inc({ what: row.label }, row.count);
      workers.set(counts.workersAlive);
      slots.set({ state: 'all' }, counts.slots);
      slots.set({ state: 'running' }, counts.running);
      age.set(counts.queueAgeSeconds);
      up.set(1);
    } catch (error) {
      app.log.warn({ err: error }, 'metrics: the store does not answer');
      up.set(0);
    }
    const used = process.memoryUsage();
    memory.set({ kind: 'rss' }, used.rss);
    memory.set({ kind: 'heap' }, used.heapUsed);
    return reply.type(registry.contentType).send(await registry.metrics());
  });
}
