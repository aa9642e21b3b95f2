import { type ChildProcess, spawn } from 'node:child_process';
import { openSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../test/support/free-port.ts';

const BIN = join(import.meta.dirname, '../bin/assay.js');
const NODE = join(import.meta.dirname, '../node_modules/node/bin/node');

/** A server as a user starts it, or any other program that answers HTTP on a port. */
export interface Served {
  child: ChildProcess;
  port: number;
  /** From exec to the first 200. */
  listeningMs: number;
  stop(): Promise<void>;
}

/** @param logFile keeps the log at its usual level; without it there are warnings on stderr */
export const serveAssay = (dataDir: string, extra: readonly string[] = [], logFile?: string): Promise<Served> => {
  const level = logFile === undefined ? ['--log-level', 'warn'] : [];
  return serve((port) => [BIN, 'serve', '--port', String(port), '--data', dataDir, ...level, ...extra], logFile);
};

/** The bare operation beside a start: the same Node with an empty HTTP server. */
export const serveBareNode = (): Promise<Served> =>
  serve((port) => ['-e', `require('node:http').createServer((q, r) => r.end('ok')).listen(${port}, '127.0.0.1')`]);

/** The bare operation beside an answer: a fastify with one route that reads and writes nothing. */
export const serveBareFastify = (): Promise<Served> =>
  serve((port) => [
    '-e',
    `const app = require('fastify')(); app.get('/api/public/health', async () => ({ status: 'UP' })); app.listen({ port: ${port} })`,
  ]);

async function serve(args: (port: number) => string[], logFile?: string): Promise<Served> {
  const port = await freePort();
  const began = performance.now();
  const child = spawn(NODE, args(port), {
    stdio: ['ignore', 'ignore', logFile === undefined ? 'inherit' : openSync(logFile, 'a')],
  });
  const ended = new Promise<void>((resolve) => child.on('exit', () => resolve()));
  const url = `http://127.0.0.1:${port}/api/public/health`;
  for (;;) {
    const ok = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (ok) break;
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`);
    await pause(5);
  }
  return {
    child,
    port,
    listeningMs: performance.now() - began,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** These processes and everything below them. Linux only, as is all that follows. */
export function treeOf(roots: readonly number[]): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((one) => /^\d+$/.test(one))) {
    const parent = statOf(Number(name))?.[1];
    if (parent !== undefined) parents.set(Number(name), parent);
  }
  const isOurs = (pid: number): boolean => roots.includes(pid) || (parents.has(pid) && isOurs(parents.get(pid)!));
  return [...parents.keys()].filter(isOurs);
}

/** Memory of a tree in MB: proportional set size, so that shared pages count once. */
export function treePssMb(roots: readonly number[]): number {
  let kilobytes = 0;
  for (const pid of treeOf(roots)) {
    try {
      kilobytes += Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
    } catch {
      // It ended while we looked.
    }
  }
  return kilobytes / 1024;
}

/** Fields of `/proc/<pid>/stat` from the third on, letters as NaN (proc(5)). */
function statOf(pid: number): number[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
  } catch {
    // It ended while we looked.
    return undefined;
  }
}

/** Clock ticks of a second in /proc: USER_HZ is 100 on every Linux that Node runs on. */
const TICKS = 100;

/** Processor time so far of a process, or of a tree with what has ended below it, in seconds. */
export const cpuSecondsOf = (pid: number): number => ((statOf(pid)?.[11] ?? 0) + (statOf(pid)?.[12] ?? 0)) / TICKS;
export const treeCpuSeconds = (root: number): number =>
  treeOf([root])
    .map((pid) => (statOf(pid) ?? []).slice(11, 15).reduce((sum, ticks) => sum + ticks, 0) / TICKS)
    .reduce((sum, seconds) => sum + seconds, 0);
