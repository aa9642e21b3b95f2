import { expect, test } from 'vitest';
import { awaitState } from '../../test/support/await-state.ts';
import type { ClaimedTask } from '../engine/claim.ts';
import { KILL_GRACE_MS } from '../engine/settings.ts';
import type { ChildSetup } from './protocol.ts';
import { Slots } from './slots.ts';
import { TaskProcess, type TaskProcessEvents } from './task-process.ts';

const setup = (): ChildSetup => ({
  connection: {},
  secretKey: Buffer.alloc(32).toString('base64'),
  limits: { fileRoots: [], protectedPaths: [], memoryMb: 32, threads: 1, tempFolder: '' },
});
const taskOf = (id: number): ClaimedTask => ({ id, fence: 1, job_name: 'COUNT', payload: {} }) as ClaimedTask;

/** Never says by itself that a task has been run. */
class Deaf extends TaskProcess {
  readonly begun: number[] = [];
  readonly confirms: number[] = [];
  lasts = 0;
  override run(task: ClaimedTask, _more: boolean, confirm: boolean): void {
    this.begun.push(task.id);
    if (confirm) this.confirms.push(task.id);
  }
  override last(): void {
    this.lasts += 1;
  }
}

/** What it says last lies in the pipe when it is killed, and is read after. */
class Talking extends Deaf {
  readonly #events: TaskProcessEvents;
  constructor(one: ChildSetup, events: TaskProcessEvents) {
    super(one, events);
    this.#events = events;
  }
  override kill(): void {
    super.kill();
    this.#events.onRan(1);
  }
}

function slotOf(Kind: typeof Deaf): { slots: Slots; ends: string[]; told: TaskProcessEvents; process: Deaf } {
  const ends: string[] = [];
  const opened: { told: TaskProcessEvents; process: Deaf }[] = [];
  const slots = new Slots(
    1,
    setup,
    ({ id }, { how }) => ends.push(`${id} ${how}`),
    (one, told) => {
      const process = new Kind(one, told);
      opened.push({ told, process });
      return process;
    },
  );
  slots.start(taskOf(1), [taskOf(2), taskOf(3)]);
  return { slots, ends, ...opened[0]! };
}

test.each(['limit', 'memory', 'drop'] as const)(
  'a task that was run when the kill for %s had been sent takes no other task of its lane along',
  async (why) => {
    const { slots, ends, told, process } = slotOf(Talking);
    if (why === 'limit') told.onLimit(1, -KILL_GRACE_MS, 'it took too long');
    if (why === 'drop') slots.stop([taskOf(1)], 'drop');
    await awaitState(
      'the end of the process',
      async () => {
        if (why === 'memory') await slots.watchMemory();
        return [...ends];
      },
      ({ length }) => length === 3,
    );
    expect(process.begun).toEqual([1]);
    expect(ends).toEqual(['2 unbegun', '3 unbegun', why === 'drop' ? '1 dropped' : '1 uncommitted']);
  },
);

test('a task that runs while its process is killed for one before it is not to blame', async () => {
  const { slots, ends, told, process } = slotOf(Deaf);
  told.onRan(1);
  slots.stop([taskOf(1)], 'drop');
  await awaitState(
    'the end of the process',
    async () => [...ends],
    ({ length }) => length === 3,
  );
  expect(process.begun).toEqual([1, 2]);
  expect(ends).toEqual(['3 unbegun', '1 dropped', '2 uncommitted']);
});

test.each([
  ['before it heard of the next task: that one is not to blame', false, '4 unbegun'],
  ['after: that one is to blame', true, '4 error'],
])('an idle process that ends by itself, %s', async (_, heard, end) => {
  const { slots, ends, told, process } = slotOf(Deaf);
  for (const id of [1, 2, 3]) told.onEnded([id]);
  expect([process.begun, process.confirms, slots.running]).toEqual([[1, 2, 3], [], 0]);
  slots.start(taskOf(4));
  expect([process.begun, process.confirms]).toEqual([[1, 2, 3, 4], [4]]);
  if (heard) told.onBegun(4);
  process.child.kill('SIGKILL');
  await awaitState(
    'the end of the process',
    async () => [...ends],
    ({ length }) => length === 4,
  );
  expect(ends).toEqual(['1 committed', '2 committed', '3 committed', end]);
});

test('a process is told when nothing of its lane follows after all', async () => {
  const { slots, process } = slotOf(Deaf);
  slots.stop([taskOf(2)], 'drop');
  expect(process.lasts).toBe(0);
  slots.stop([taskOf(3)], 'drop');
  expect(process.lasts).toBe(1);
  process.kill();
  await awaitState(
    'the end of the process',
    async () => slots.running,
    (running) => running === 0,
  );
});
