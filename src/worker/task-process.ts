import { type ChildProcess, fork } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { constants, getPriority, setPriority } from 'node:os';
import type { ClaimedTask } from '../engine/claim.ts';
import type { SerializedError } from '../errors/assay-error.ts';
import type { ChildSetup, FromChild, ToChild } from './protocol.ts';

export interface TaskProcessEvents {
  /** Heard of the task, where it was asked to confirm that. */
  onBegun(taskId: number): void;
  onProgress(taskId: number, fraction: number): void;
  onLimit(taskId: number, ms: number, reason: string): void;
  /** Run, and not committed yet: the next one may come. */
  onRan(taskId: number): void;
  /** Committed, or not for this reason. */
  onEnded(taskIds: readonly number[], error?: SerializedError): void;
  /** Not committed together: each is to be done again, alone. */
  onUncommitted(taskIds: readonly number[]): void;
  /** The process is gone. `words` is what it said on stderr at the end. */
  onExit(code: number | null, signal: NodeJS.Signals | null, words: string): void;
}

const ENTRY = new URL(import.meta.url.endsWith('.ts') ? './task-main.ts' : './task-main.js', import.meta.url);
/** Enough of stderr to hold V8's last words. */
const STDERR_KEPT = 4_000;

/**
 * One process that does tasks, one at a time. A process, not a thread: a running SQLite or DuckDB call cannot be stopped
 * otherwise, and running out of memory must not take the worker along.
 */
export class TaskProcess {
  readonly child: ChildProcess;
  private stderr = '';

  constructor(setup: ChildSetup, events: TaskProcessEvents) {
    this.child = fork(ENTRY, [], {
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
      execArgv: [
        ...process.execArgv.filter((arg) => !arg.startsWith('--inspect')),
        `--max-old-space-size=${setup.limits.memoryMb}`,
      ],
    });
    yieldToOthers(this.child.pid);
    this.child.on('message', (message: FromChild) => {
      if (message.type === 'progress') events.onProgress(message.taskId, message.fraction);
      else if (message.type === 'limit') events.onLimit(message.taskId, message.ms, message.reason);
      else if (message.type === 'begun') events.onBegun(message.taskId);
      else if (message.type === 'ran') events.onRan(message.taskId);
      else if (message.type === 'uncommitted') events.onUncommitted(message.taskIds);
      else events.onEnded(message.taskIds, message.type === 'broken' ? message.error : undefined);
    });
    this.child.stderr?.on('data', (chunk: Buffer) => {
      this.stderr = (this.stderr + chunk.toString()).slice(-STDERR_KEPT);
    });
    // 'close' comes after stderr was read to its end, 'exit' before.
    this.child.on('close', (code, signal) => events.onExit(code, signal, this.stderr));
    this.child.on('error', (error) => {
      this.stderr += error.message;
      if (this.child.pid === undefined) events.onExit(null, null, this.stderr);
    });
    this.send({ type: 'setup', setup });
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /**
   * @param more another task of its lane follows
   * @param confirm it is to say that it heard of it
   */
  run(task: ClaimedTask, more: boolean, confirm: boolean): void {
    this.send({ type: 'run', task, more, confirm });
  }

  abort(taskId: number, reason: string): void {
    this.send({ type: 'abort', taskId, reason });
  }

  /** None of the lane follows after all. */
  last(): void {
    this.send({ type: 'last' });
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  /** Asks an idle process to close its connections and leave. */
  exit(): void {
    this.send({ type: 'exit' });
  }

  private send(message: ToChild): void {
    if (this.child.connected) this.child.send(message, () => {});
  }
}

/** Steps of Unix below the worker: about a tenth of its share of a core that both want. On Windows one class below. */
const STEPS_BELOW = constants.priority.PRIORITY_BELOW_NORMAL;

/**
 * Work waits for answers: where the cores are taken, the API, the worker and the database come first. Not lower, since a task
 * that holds a lock of the database must still come to its commit. At once, because the threads of the process inherit it.
 */
function yieldToOthers(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, Math.min(constants.priority.PRIORITY_LOW, getPriority() + STEPS_BELOW));
  } catch {
    // A hint to the system: one that refuses it does the work all the same, and a process that has ended needs none.
  }
}

/** Resident memory of a process in MB, or undefined where the system does not say (not Linux, or gone). */
export async function residentMb(pid: number): Promise<number | undefined> {
  try {
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    const kb = /^VmRSS:\s+(\d+) kB/m.exec(status)?.[1];
    return kb === undefined ? undefined : Number(kb) / 1024;
  } catch {
    return undefined;
  }
}
