import { sql } from 'kysely';
import type { Db } from './database.ts';

export interface WorkerView {
  id: string;
  name: string;
  host: string;
  pid: number;
  software: string;
  affinities: string[];
  slots: number;
  running: number;
  alive: boolean;
  startedAt: Date;
  heartbeatAt: Date;
}

/**
 * Workers that live or were seen in the last day, the living ones first.
 *
 * @param aliveMs a heartbeat that is older means the worker is gone
 */
export async function listWorkers(db: Db, aliveMs: number): Promise<WorkerView[]> {
  const { rows } = await sql<WorkerView>`
    SELECT id, name, host, pid, software, affinities, slots, running, started_at AS "startedAt", heartbeat_at AS "heartbeatAt",
      stopped_at IS NULL AND heartbeat_at > now() - make_interval(secs => ${aliveMs / 1000}) AS alive
    FROM worker WHERE heartbeat_at > now() - interval '1 day'
    ORDER BY alive DESC, name, started_at DESC LIMIT 1000`.execute(db);
  return rows;
}

export interface EngineCounts {
  jobs: { label: string; count: number }[];
  tasks: { label: string; count: number }[];
  purged: { label: string; count: number }[];
  workersAlive: number;
  slots: number;
  running: number;
  queueAgeSeconds: number;
}

export async function readEngineCounts(db: Db, aliveMs: number): Promise<EngineCounts> {
  type Row = Omit<EngineCounts, 'jobs' | 'tasks' | 'purged'>;
  const jobs = await sql<{
    label: string;
    count: number;
  }>`SELECT status AS label, count(*) AS count FROM job GROUP BY 1`.execute(db);
  const tasks = await sql<{ label: string; count: number }>`
    SELECT state AS label, count(*) AS count FROM task WHERE job_id IN (SELECT id FROM job WHERE finished_at IS NULL) GROUP BY 1`.execute(
    db,
  );
  const purged = await sql<{
    label: string;
    count: number;
  }>`SELECT what AS label, rows AS count FROM purge_count`.execute(db);
  const rest = await sql<Row>`
    SELECT count(*)::int AS "workersAlive", coalesce(sum(slots), 0)::int AS slots, coalesce(sum(running), 0)::int AS running,
      coalesce((SELECT extract(epoch FROM now() - min(run_at)) FROM task WHERE state = 'ready' AND run_at <= now()), 0)::float8 AS "queueAgeSeconds"
    FROM worker WHERE stopped_at IS NULL AND heartbeat_at > now() - make_interval(secs => ${aliveMs / 1000})`.execute(
    db,
  );
  const row = rest.rows[0] ?? { workersAlive: 0, slots: 0, running: 0, queueAgeSeconds: 0 };
  return { jobs: jobs.rows, tasks: tasks.rows, purged: purged.rows, ...row };
}
