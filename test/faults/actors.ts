import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ASSAY = fileURLToPath(new URL('../../bin/assay.js', import.meta.url));

/** A process of Assay that comes back whenever it dies, as an operator's supervisor would bring it back. */
export class Actor {
  readonly name: string;
  private readonly args: string[];
  private readonly env: Record<string, string>;
  private child: ChildProcess | undefined;
  private wanted = true;
  restarts = 0;
  /** Last words, for the report when something goes wrong. */
  output = '';

  constructor(name: string, args: string[], env: Record<string, string>) {
    this.name = name;
    this.args = args;
    this.env = env;
    this.start();
  }

  get pid(): number | undefined {
    return this.child?.exitCode === null && this.child.signalCode === null ? this.child.pid : undefined;
  }

  signal(signal: NodeJS.Signals): boolean {
    return this.pid !== undefined && process.kill(this.pid, signal);
  }

  /** Asks it to leave and waits; after `graceMs` it is killed. @returns exit code, or null when it had to be killed */
  async stop(graceMs = 20_000): Promise<number | null> {
    this.wanted = false;
    const { child } = this;
    if (!child || this.pid === undefined) return 0;
    const gone = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
    child.kill('SIGCONT');
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
    const code = await gone;
    clearTimeout(timer);
    return code;
  }

  private start(): void {
    const child = spawn(process.execPath, [ASSAY, ...this.args], {
      env: { ...process.env, ...this.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        this.output = (this.output + chunk.toString()).slice(-20_000);
      });
    }
    child.on('exit', () => {
      if (!this.wanted) return;
      this.restarts++;
      setTimeout(() => this.wanted && this.start(), 200);
    });
    this.child = child;
  }
}

/** Process ids of the task processes below a worker (Linux). */
export function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

const TASK_MAIN = fileURLToPath(new URL('../../src/worker/task-main.ts', import.meta.url));

/** Task processes of this tree whose worker is gone (Linux). They should have ended with it. */
export function orphans(): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      const parent = Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
      return command.includes(TASK_MAIN) && !isWorker(parent);
    } catch {
      return false;
    }
  });
}

function isWorker(pid: number): boolean {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(ASSAY);
}
