export const JOB_STATUSES = ['ACCEPTED', 'RUNNING', 'CANCELLING', 'COMPLETED', 'FAILED', 'CANCELLED'] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

export const TERMINAL: readonly JobStatus[] = ['COMPLETED', 'FAILED', 'CANCELLED'];
export const isTerminal = (status: JobStatus): boolean => TERMINAL.includes(status);

/** What a finished job did, by count and by reason. Keys are words a person understands: `tablesCreated`. */
export interface Effects {
  created: Record<string, number>;
  changed: Record<string, number>;
  deleted: Record<string, number>;
  unchanged: Record<string, number>;
  skipped: Record<string, number>;
  /** Reason in words → how many times. */
  notDone: Record<string, number>;
}

export const noEffects = (): Effects => ({
  created: {},
  changed: {},
  deleted: {},
  unchanged: {},
  skipped: {},
  notDone: {},
});

/** Adds effects up; order and grouping do not matter. */
export function addEffects(a: Effects, b: Effects): Effects {
  const sum = noEffects();
  for (const part of [a, b]) {
    for (const kind of Object.keys(sum) as (keyof Effects)[]) {
      for (const [key, count] of Object.entries(part[kind] ?? {})) sum[kind][key] = (sum[kind][key] ?? 0) + count;
    }
  }
  return sum;
}

export interface Statistics {
  total: number;
  done: number;
  failed: number;
  skipped: number;
}
