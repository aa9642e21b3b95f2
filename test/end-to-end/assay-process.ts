import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

const BIN = join(import.meta.dirname, '../../bin/assay.js');

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  out: string;
  err: string;
}

export interface AssayProcess {
  child: ChildProcess;
  /** Resolves with the first match in standard output; rejects when the process ends before. */
  said(what: RegExp): Promise<RegExpExecArray>;
  ended: Promise<Ended>;
}

/** Starts the real command with an environment of its own: only PATH comes from outside. */
export function startAssay(args: readonly string[], env: Record<string, string>, input = ''): AssayProcess {
  const child = spawn(process.execPath, [BIN, ...args], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const texts = { out: '', err: '' };
  const listeners = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    texts.out += text;
    for (const listener of listeners) listener();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    texts.err += text;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, ...texts }));
  });
  return {
    child,
    ended,
    said: (what) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const match = what.exec(texts.out);
          if (!match) return;
          listeners.delete(look);
          resolve(match);
        };
        listeners.add(look);
        look();
        void ended.then(({ code, err }) => reject(new Error(`ended with ${code} before it said ${what}: ${err}`)));
      }),
  };
}

/** Runs the command to its end. */
export const runAssay = (args: readonly string[], env: Record<string, string>, input = ''): Promise<Ended> =>
  startAssay(args, env, input).ended;
