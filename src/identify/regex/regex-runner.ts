import { clearInterval, setInterval } from 'node:timers';
import { Worker } from 'node:worker_threads';
import { AssayError } from '../../errors/assay-error.ts';
import { compileRegex, shortened } from './compile-regex.ts';
import type { Expression, RegexTester } from './regex-tester.ts';
import type { Trial } from './regex-worker.ts';

const THREAD = new URL(import.meta.url.endsWith('.ts') ? './regex-worker.ts' : './regex-worker.js', import.meta.url);

/** As long as one expression may take for the texts of one call. */
export const LIMIT_MS = 2_000;

/**
 * Runs expressions: those that cannot hang at once, the others one after the other in a thread that is ended when it takes too long and
 * started again for the next. Whoever makes one disposes of it.
 */
export class RegexRunner implements RegexTester {
  readonly #limitMs: number;
  #thread: Worker | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  constructor({ limitMs = LIMIT_MS }: { limitMs?: number } = {}) {
    this.#limitMs = limitMs;
  }

  async test(expression: Expression, texts: readonly string[]): Promise<Uint8Array> {
    const compiled = compileRegex(expression);
    if (compiled.engine === 'stoppable') return this.#inTurn(() => this.#try(expression, compiled.source, texts));
    const found = new Uint8Array(texts.length);
    for (let i = 0; i < texts.length; i++) found[i] = compiled.test(texts[i] as string) ? 1 : 0;
    return found;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#queue.catch(() => undefined);
    await this.#end();
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(work, work);
    this.#queue = turn;
    return turn;
  }

  async #end(): Promise<void> {
    const thread = this.#thread;
    this.#thread = undefined;
    await thread?.terminate();
  }

  async #try(expression: Expression, source: string, texts: readonly string[]): Promise<Uint8Array> {
    if (texts.length === 0) return new Uint8Array(0);
    const progress = new Int32Array(new SharedArrayBuffer(8));
    this.#thread ??= new Worker(THREAD);
    const thread = this.#thread;
    thread.ref();
    try {
      return await this.#answer(thread, { source, texts, progress }, expression);
    } catch (error) {
      await this.#end();
      throw error;
    } finally {
      // Idle, it does not keep the process alive.
      thread.unref();
    }
  }

  #answer(thread: Worker, trial: Trial, expression: Expression): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      const settle = (): void => {
        clearInterval(timer);
        thread.off('message', told);
        thread.off('error', broke);
      };
      const told = (message: 'begun' | Uint8Array): void => {
        if (message === 'begun') {
          const begun = performance.now();
          timer = setInterval(() => {
            // Done, and only its answer is under way: this thread was busy when the time was over.
            if (Atomics.load(trial.progress, 1) === 1) return;
            settle();
            reject(tooSlow(expression, trial, performance.now() - begun));
          }, this.#limitMs);
          return;
        }
        settle();
        resolve(message);
      };
      const broke = (cause: Error): void => {
        settle();
        reject(new AssayError('INTERNAL', `${nameOf(expression)} ended its thread: ${cause.message}`, { cause }));
      };
      thread.on('message', told);
      thread.on('error', broke);
      thread.postMessage(trial);
    });
  }
}

const nameOf = ({ owner, source }: Expression): string =>
  `method ${JSON.stringify(owner)}: the regular expression ${JSON.stringify(shortened(source))}`;

function tooSlow(expression: Expression, { progress, texts }: Trial, tookMs: number): AssayError {
  const at = Atomics.load(progress, 0);
  return new AssayError(
    'TIME_LIMIT',
    `${nameOf(expression)} was stopped after ${Math.round(tookMs)} ms on text ${at + 1} of ${texts.length}, which has ${texts[at]?.length ?? 0} characters; write it without repetitions within repetitions, or without lookaround and references, so that it runs in linear time`,
    { details: { expression: expression.source, method: expression.owner } },
  );
}
