import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

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

export const serveAssay = (dataDir: string, extra: readonly string[] = []): Promise<Served> =>
  serve((port) => [BIN, 'serve', '--port', String(port), '--data', dataDir, '--log-level', 'warn', ...extra]);

/** The bare operation beside it: the same Node with an empty HTTP server. */
export const serveBareNode = (): Promise<Served> =>
  serve((port) => ['-e', `require('node:http').createServer((q, r) => r.end('ok')).listen(${port}, '127.0.0.1')`]);

async function serve(args: (port: number) => string[]): Promise<Served> {
  const port = await freePort();
  const began = performance.now();
  const child = spawn(NODE, args(port), { stdio: ['ignore', 'ignore', 'inherit'] });
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

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}

/** Memory in MB: proportional set size, summed over these processes and everything below them. Linux only. */
export function treePssMb(roots: readonly number[]): number {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((one) => /^\d+$/.test(one))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // It ended while we looked.
    }
  }
  const isOurs = (pid: number): boolean => roots.includes(pid) || (parents.has(pid) && isOurs(parents.get(pid)!));
  let kilobytes = 0;
  for (const pid of parents.keys()) {
    if (!isOurs(pid)) continue;
    try {
      kilobytes += Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
    } catch {
      // It ended while we looked.
    }
  }
  return kilobytes / 1024;
}
