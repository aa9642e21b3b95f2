import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ClaimedTask } from '../engine/claim.ts';
import type { HeldTask } from '../engine/lease.ts';
import { KILL_GRACE_MS } from '../engine/settings.ts';
import { AssayError, fromSerialized } from '../errors/assay-error.ts';
import { crashError } from './crash-error.ts';
import type { ChildSetup } from './protocol.ts';
import type { SlotEnd } from './slot-end.ts';
import { residentMb, TaskProcess, type TaskProcessEvents } from './task-process.ts';

interface Slot {
  setup: ChildSetup;
  /** Told to exit, or killed; takes no task any more, whatever it still says. */
  leaving: boolean;
  process: TaskProcess;
  task: ClaimedTask | undefined;
  /** Given to a process that was idle, which may have ended by itself meanwhile; it has not said that it heard of it. */
  unheard: boolean;
  /** Of the same lane, to be done after it. */
  waiting: ClaimedTask[];
  /** Of the same lane, run before it and not committed yet. */
  ran: Map<number, { task: ClaimedTask; stopping: 'cancel' | 'drop' | undefined }>;
  progress: number;
  stopping: 'cancel' | 'drop' | 'memory' | 'limit' | undefined;
  limitReason: string;
  limitTimer: NodeJS.Timeout | undefined;
  killTimer: NodeJS.Timeout | undefined;
  idleTimer: NodeJS.Timeout | undefined;
}

/** A process without work is kept so long: starting one costs about 0.5 s of processor. */
const KEEP_WARM_MS = 10_000;

/** The processes of a worker and what each of them holds. */
export class Slots {
  private readonly slots = new Set<Slot>();
  private closing = false;
  private readonly size: number;
  private readonly setup: () => ChildSetup;
  private readonly onEnd: (task: ClaimedTask, end: SlotEnd) => void;

  private readonly openProcess: (setup: ChildSetup, events: TaskProcessEvents) => TaskProcess;

  constructor(
    size: number,
    setup: () => ChildSetup,
    onEnd: (task: ClaimedTask, end: SlotEnd) => void,
    openProcess = (setup: ChildSetup, events: TaskProcessEvents) => new TaskProcess(setup, events),
  ) {
    this.size = size;
    this.setup = setup;
    this.onEnd = onEnd;
    this.openProcess = openProcess;
  }

  get running(): number {
    return [...this.slots].filter(isBusy).length;
  }

  get free(): number {
    return this.size - this.running;
  }

  /** What is held, for renewal. */
  held(): HeldTask[] {
    return [...this.slots].flatMap(({ task, progress, waiting, ran }) => [
      ...[...ran.values()].map(({ task: { id, fence } }) => ({ id, fence, progress: 1 })),
      ...(task ? [{ id: task.id, fence: task.fence, progress }] : []),
      ...waiting.map(({ id, fence }) => ({ id, fence, progress: 0 })),
    ]);
  }

  /** @param rest of the same lane, done by the same process one after the other */
  start(task: ClaimedTask, rest: readonly ClaimedTask[] = []): void {
    const idle = [...this.slots].find(
      (one) => !isBusy(one) && !one.stopping && !one.leaving && one.process.child.connected,
    );
    const slot = idle ?? this.open();
    clearTimeout(slot.idleTimer);
    slot.waiting = [...rest];
    this.begin(slot, task, idle !== undefined);
  }

  private begin(slot: Slot, task: ClaimedTask, wasIdle = false): void {
    slot.task = task;
    slot.unheard = wasIdle;
    slot.progress = 0;
    slot.process.run(task, slot.waiting.length > 0, wasIdle);
  }

  /** Stops the given tasks: politely first, SIGKILL after the grace time; `drop` kills at once since nothing may be kept. */
  stop(tasks: readonly { id: number; fence: number }[], why: 'cancel' | 'drop'): void {
    const isMeant = (one: ClaimedTask): boolean => tasks.some(({ id, fence }) => id === one.id && fence === one.fence);
    for (const slot of this.slots) {
      const isLast = this.stopWaiting(slot, isMeant, why);
      for (const one of slot.ran.values()) {
        if (one.stopping || !isMeant(one.task)) continue;
        one.stopping = why;
        this.abort(slot, one.task, why);
      }
      if (slot.task && !slot.stopping && isMeant(slot.task)) {
        slot.stopping = why;
        this.abort(slot, slot.task, why);
      }
      // After it was said which of those that wait for their commit are stopped.
      if (isLast) slot.process.last();
    }
  }

  private abort(slot: Slot, task: ClaimedTask, why: 'cancel' | 'drop'): void {
    slot.process.abort(task.id, why === 'cancel' ? 'the job is being cancelled' : 'another worker has the task');
    slot.killTimer ??= setTimeout(() => kill(slot), KILL_GRACE_MS);
  }

  /** @returns whether tasks were to follow, and none is any more */
  private stopWaiting(slot: Slot, isMeant: (one: ClaimedTask) => boolean, why: 'cancel' | 'drop'): boolean {
    const stopped = slot.waiting.filter(isMeant);
    slot.waiting = slot.waiting.filter((one) => !isMeant(one));
    for (const one of stopped) this.onEnd(one, { how: SAID[why] });
    return stopped.length > 0 && slot.waiting.length === 0;
  }

  /** Kills what outgrew its memory before the system has to. */
  async watchMemory(): Promise<void> {
    for (const slot of this.slots) {
      const { pid } = slot.process;
      if (!isBusy(slot) || slot.stopping || pid === undefined) continue;
      // Half as much again as the heap may take: buffers and native libraries lie outside of the heap.
      const limitMb = slot.setup.limits.memoryMb * 1.5;
      const mb = await residentMb(pid);
      if (mb === undefined || mb <= limitMb || slot.stopping) continue;
      slot.stopping = 'memory';
      kill(slot);
    }
  }

  /**
   * Ends all processes; resolves when they are gone. What ran and waits for its commit may still be committed, within the grace time; the
   * other tasks they held are reported as dropped.
   */
  async close(): Promise<void> {
    this.closing = true;
    const gone = [...this.slots].map(
      (slot) => new Promise<void>((resolve) => slot.process.child.once('close', () => resolve())),
    );
    for (const slot of this.slots) {
      // Those that wait are handed back by whoever closes, with everything else that is held.
      slot.waiting = [];
      if (isBusy(slot)) {
        if (slot.task) this.stop([slot.task], 'drop');
        slot.process.last();
      } else leave(slot);
      slot.killTimer ??= setTimeout(() => kill(slot), KILL_GRACE_MS);
    }
    await Promise.all(gone);
  }

  private open(): Slot {
    const setup = this.setup();
    const slot: Slot = {
      setup,
      leaving: false,
      task: undefined,
      unheard: false,
      waiting: [],
      ran: new Map(),
      limitReason: '',
      limitTimer: undefined,
      progress: 0,
      stopping: undefined,
      killTimer: undefined,
      idleTimer: undefined,
      process: this.openProcess(setup, {
        onBegun: (taskId) => {
          if (slot.task?.id === taskId) slot.unheard = false;
        },
        onProgress: (taskId, fraction) => {
          if (slot.task?.id === taskId) slot.progress = fraction;
        },
        onLimit: (taskId, ms, reason) => {
          if (slot.task?.id !== taskId) return;
          clearTimeout(slot.limitTimer);
          slot.limitReason = reason;
          slot.limitTimer = setTimeout(() => {
            if (slot.task?.id !== taskId || slot.stopping) return;
            slot.stopping = 'limit';
            kill(slot);
          }, ms + KILL_GRACE_MS);
        },
        onRan: (taskId) => {
          if (slot.task?.id !== taskId) return;
          const { task, stopping } = slot;
          slot.ran.set(taskId, {
            task,
            stopping: stopping === 'cancel' || stopping === 'drop' ? stopping : undefined,
          });
          this.goOn(slot);
        },
        onEnded: (taskIds, error) => {
          const end: SlotEnd = error ? { how: 'error', error: fromSerialized(error) } : { how: 'committed' };
          for (const taskId of taskIds) this.release(slot, taskId, end);
        },
        onUncommitted: (taskIds) => {
          for (const taskId of taskIds) this.release(slot, taskId, { how: 'uncommitted' });
        },
        onExit: (code, signal, words) => this.lost(slot, code, signal, words),
      }),
    };
    this.slots.add(slot);
    return slot;
  }

  /** The process lives on and may take another task. */
  private release(slot: Slot, taskId: number, end: SlotEnd): void {
    const ran = slot.ran.get(taskId);
    const task = ran?.task ?? (slot.task?.id === taskId ? slot.task : undefined);
    if (!task) return;
    const stopping = ran ? ran.stopping : slot.stopping;
    slot.ran.delete(taskId);
    if (ran) this.rest(slot);
    else this.goOn(slot);
    if (end.how === 'committed' || (stopping !== 'cancel' && stopping !== 'drop')) this.onEnd(task, end);
    else this.onEnd(task, { how: SAID[stopping] });
  }

  /** The task that was being run is so no more: takes the next one. */
  private goOn(slot: Slot): void {
    clearTimeout(slot.limitTimer);
    slot.task = undefined;
    slot.stopping = undefined;
    const next = this.closing || slot.leaving ? undefined : slot.waiting.shift();
    if (next) this.begin(slot, next);
    this.rest(slot);
  }

  /** Ends what runs only while there is something to stop, or to do. */
  private rest(slot: Slot): void {
    const isStopping = slot.stopping !== undefined || [...slot.ran.values()].some(({ stopping }) => stopping);
    if (!isStopping && !this.closing && !slot.leaving) {
      clearTimeout(slot.killTimer);
      slot.killTimer = undefined;
    }
    if (isBusy(slot)) return;
    clearTimeout(slot.idleTimer);
    slot.idleTimer = setTimeout(() => leave(slot), this.closing ? 0 : KEEP_WARM_MS);
    slot.idleTimer.unref();
  }

  private lost(slot: Slot, code: number | null, signal: NodeJS.Signals | null, words: string): void {
    clearTimeout(slot.killTimer);
    clearTimeout(slot.idleTimer);
    clearTimeout(slot.limitTimer);
    this.slots.delete(slot);
    // What a killed process could not clear away itself.
    if (isOfOneProcess(slot.setup.limits.tempFolder))
      void rm(slot.setup.limits.tempFolder, { recursive: true, force: true }).catch(() => {});
    const { task, stopping, waiting, ran } = slot;
    slot.task = undefined;
    slot.waiting = [];
    slot.ran = new Map();
    for (const one of waiting) this.onEnd(one, { how: 'unbegun' });
    for (const one of ran.values())
      this.onEnd(one.task, { how: SAID[one.stopping ?? (this.closing ? 'drop' : 'none')] });
    if (!task) return;
    // Ended by itself before it began this one. The next process is a new one, or says that it heard of it: then the task is to blame.
    if (slot.unheard && !slot.leaving && !stopping) this.onEnd(task, { how: 'unbegun' });
    // Killed for the sake of one that ran before it.
    else if (slot.leaving && !stopping) this.onEnd(task, { how: 'uncommitted' });
    else if (stopping === 'cancel') this.onEnd(task, { how: 'cancelled' });
    else if (stopping === 'drop') this.onEnd(task, { how: 'dropped' });
    else if (stopping === 'limit')
      this.onEnd(task, { how: 'error', error: new AssayError('TIME_LIMIT', slot.limitReason) });
    else
      this.onEnd(task, {
        how: 'error',
        error: crashError(code, signal, words, stopping === 'memory', slot.setup.limits.memoryMb),
      });
  }
}

const SAID = { cancel: 'cancelled', drop: 'dropped', none: 'uncommitted' } as const;

/** Something of it is not committed. */
const isBusy = ({ task, ran }: Slot): boolean => task !== undefined || ran.size > 0;

/** Told by its name, as `startTasks` gives it: a folder that others use too must never be removed, whatever the setup says. */
const isOfOneProcess = (folder: string): boolean => basename(folder).startsWith('task-');

function kill(slot: Slot): void {
  slot.leaving = true;
  slot.process.kill();
}

function leave(slot: Slot): void {
  slot.leaving = true;
  slot.process.exit();
}
