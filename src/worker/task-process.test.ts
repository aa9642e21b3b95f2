import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { expect, test } from 'vitest';
import { awaitState } from '../../test/support/await-state.ts';
import { TaskProcess } from './task-process.ts';

test('a task process leaves the cores to whoever answers, with all its threads', async () => {
  const process = new TaskProcess(
    {
      connection: {},
      secretKey: Buffer.alloc(32).toString('base64'),
      limits: { fileRoots: [], protectedPaths: [], memoryMb: 128, threads: 1, tempFolder: '' },
    },
    { onBegun() {}, onLimit() {}, onProgress() {}, onRan() {}, onEnded() {}, onUncommitted() {}, onExit() {} },
  );
  const pid = process.pid!;
  const ended = once(process.child, 'close');
  try {
    const below = Math.min(19, getPriority() + 10);
    expect(getPriority(pid)).toBe(below);
    if (globalThis.process.platform !== 'linux') return;
    const threads = await awaitState(
      'the threads of the process',
      async () => niceOfThreads(pid),
      (found) => found.length > 4,
    );
    expect(new Set(threads)).toEqual(new Set([below]));
  } finally {
    process.exit();
    await ended;
  }
});

/** Field 19 of each thread's stat (proc(5)); the name before it may hold anything. */
function niceOfThreads(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).map((thread) => {
    const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]);
  });
}
