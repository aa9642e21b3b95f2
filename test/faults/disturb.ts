import { setTimeout as pause } from 'node:timers/promises';
import type { Store } from '../../src/store/open-store.ts';
import { type Actor, childrenOf } from './actors.ts';
import type { Random } from './random.ts';

export const TARGETS = ['worker', 'task process', 'API', 'database', 'worker stopped and continued'] as const;
export type Target = (typeof TARGETS)[number];

export interface Stage {
  api: Actor;
  /** The worker that is hit, itself or a process of it. */
  victim: Actor;
  store: Store;
}

/** How long a worker is stopped: past its lease, so that it wakes up holding nothing. */
const STOPPED_MS = 12_000;

/** One fault on a real process. @returns false when there was nothing to hit */
export async function disturb(stage: Stage, target: Target, random: Random): Promise<boolean> {
  const worker = stage.victim;
  if (target === 'worker') return worker.signal('SIGKILL');
  if (target === 'API') return stage.api.signal('SIGKILL');
  if (target === 'task process') {
    const pids = worker.pid === undefined ? [] : childrenOf(worker.pid);
    if (pids.length === 0) return false;
    return kill(random.pick(pids));
  }
  if (target === 'database') return kill(stage.store.embedded?.serverPid());
  const { pid } = worker;
  if (pid === undefined || !worker.signal('SIGSTOP')) return false;
  void pause(STOPPED_MS).then(() => kill(pid, 'SIGCONT'));
  return true;
}

function kill(pid: number | undefined, signal: NodeJS.Signals = 'SIGKILL'): boolean {
  if (pid === undefined) return false;
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/** A killed database is back within this time; leases that ran out meanwhile wait for it. */
const OUTAGE_MS = 10_000;

/** Measures how long tasks of a killed worker wait until another attempt begins. */
export class TakeoverWatch {
  private readonly waiting = new Map<number, { fence: number; since: number }>();
  /** While the database was up throughout. */
  readonly tookMs: number[] = [];
  /** While it was killed in between: its recovery counts too. */
  readonly tookMsWithOutage: number[] = [];
  private lastOutage = Number.NEGATIVE_INFINITY;

  noteOutage(): void {
    this.lastOutage = performance.now();
  }

  /** Notes what a worker holds; call right before it is killed. */
  async note(store: Store, workerName: string): Promise<void> {
    const held = await store.db
      .selectFrom('task')
      .select(['id', 'fence'])
      .where('state', '=', 'running')
      .where('worker_name', '=', workerName)
      .execute();
    for (const task of held) this.waiting.set(task.id, { fence: task.fence, since: performance.now() });
  }

  async look(store: Store): Promise<void> {
    if (this.waiting.size === 0) return;
    const rows = await store.db
      .selectFrom('task')
      .select(['id', 'fence', 'state'])
      .where('id', 'in', [...this.waiting.keys()])
      .execute();
    for (const row of rows) {
      const lost = this.waiting.get(row.id);
      if (!lost || (row.fence === lost.fence && row.state === 'running')) continue;
      // It had ended before the kill reached it: no takeover.
      if (row.fence !== lost.fence) {
        const list = this.lastOutage >= lost.since - OUTAGE_MS ? this.tookMsWithOutage : this.tookMs;
        list.push(performance.now() - lost.since);
      }
      this.waiting.delete(row.id);
    }
  }
}
