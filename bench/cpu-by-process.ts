import { readFileSync } from 'node:fs';
import type pg from 'pg';
import type { Figure } from './report.ts';
import { cpuSecondsOf, treeCpuSeconds, treeOf } from './served.ts';

/** Processor seconds so far of this process and all below it, by what they do. Linux only. */
export interface CpuSeconds {
  all: number;
  /** By process id; the kind is what it does. */
  processes: Map<number, { kind: string; seconds: number }>;
}

/**
 * @param store the catalog's database, whose server is asked what its sessions are for
 */
export async function cpuByProcess(store: pg.Pool): Promise<CpuSeconds> {
  const { rows } = await store.query<{ pid: number; kind: string }>(
    `SELECT pid, CASE WHEN datname = current_database() THEN 'sessions of ' || application_name ELSE 'sessions of the source' END AS kind
     FROM pg_stat_activity WHERE backend_type = 'client backend'`,
  );
  const sessions = new Map(rows.map(({ pid, kind }) => [pid, kind]));
  const processes = new Map(
    treeOf([process.pid]).map((pid) => [
      pid,
      { kind: pid === process.pid ? 'worker' : (sessions.get(pid) ?? kindOf(pid)), seconds: cpuSecondsOf(pid) },
    ]),
  );
  return { all: treeCpuSeconds(process.pid), processes };
}

const kindOf = (pid: number): string =>
  readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('task-main') ? 'task processes' : 'rest of the store';

/** What lies between two readings for each of so many items, in milliseconds: first all together, then by kind. */
export function cpuFigures(before: CpuSeconds, after: CpuSeconds, items: number, what: string, goal: string): Figure[] {
  const perItem = (seconds: number): number => (1_000 * seconds) / items;
  const kinds = new Map<string, number>();
  for (const [pid, { kind, seconds }] of after.processes)
    kinds.set(kind, (kinds.get(kind) ?? 0) + seconds - (before.processes.get(pid)?.seconds ?? 0));
  const all = after.all - before.all;
  const known = [...kinds.values()].reduce((sum, seconds) => sum + seconds, 0);
  return [
    { what: `CPU of ${what}`, value: perItem(all), unit: 'ms', goal },
    ...[...kinds, ['processes that ended', all - known] as const]
      .filter(([, seconds]) => perItem(seconds) >= 0.05)
      .sort(([, a], [, b]) => b - a)
      .map(([kind, seconds]) => ({ what: `  ${kind}`, value: perItem(seconds), unit: 'ms' })),
  ];
}
