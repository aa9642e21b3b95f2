import { clearInterval, setInterval } from 'node:timers';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { AssayError } from '../../errors/assay-error.ts';
import { type CompiledRegex, compileRegex, LONG_TEXT, shortened } from './compile-regex.ts';
import type { Expression, RegexTester } from './regex-tester.ts';
import type { Trial } from './regex-worker.ts';

const THREAD = new URL(import.meta.url.endsWith('.ts') ? './regex-worker.ts' : './regex-worker.js', import.meta.url);

/** As long as one expression may take for the texts of one call. */
export const LIMIT_MS = 2_000;
/** Others are let in when an expression has gone on for so long. */
const TURN_MS = 50;
/** After so many texts the clock is looked at: of the linear engine one text of a thousand characters may take 50 ms. */
const TEXTS_A_LOOK = { quick: 64, linear: 1 } as const;

/**
 * Runs expressions: those that cannot hang in one text at once, text by text as long as there is time, the others one after the other in
 * a thread that is ended when it takes too long and started again for the next. Whoever makes one disposes of it.
 */
export class RegexRunner implements RegexTester {
  readonly #limitMs: number;
  #thread: Worker | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  constructor({ limitMs = LIMIT_MS }: { limitMs?: number } = {}) {
    this.#limitMs = limitMs;
  }

  async test(expression: Expression, texts: readonly string[]): Promise<Uint8Array> {
    const compiled = engineFor(compileRegex(expression), texts);
    if (compiled.engine === 'stoppable') return this.#inTurn(() => this.#try(expression, compiled.source, texts));
    const found = new Uint8Array(texts.length);
    const each = TEXTS_A_LOOK[compiled.engine];
    let [took, since] = [0, performance.now()];
    for (let i = 0; i < texts.length; i++) {
      found[i] = compiled.test(texts[i] as string) ? 1 : 0;
      if ((i + 1) % each !== 0 || i + 1 === texts.length) continue;
      const turn = performance.now() - since;
      if (turn < TURN_MS) continue;
      took += turn;
      if (took > this.#limitMs) throw tooSlow(expression, texts, i, took, 'write it with smaller counts');
      await setImmediate();
      since = performance.now();
    }
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
    const { texts } = trial;
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
            const at = Atomics.load(trial.progress, 0);
            reject(tooSlow(expression, texts, at, performance.now() - begun, LINEAR));
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

/** Every engine finds the same, so that one long text may choose for all. */
const engineFor = (compiled: CompiledRegex, texts: readonly string[]): CompiledRegex =>
  compiled.engine === 'quick' && compiled.forLong && texts.some(({ length }) => length > LONG_TEXT)
    ? compiled.forLong()
    : compiled;

const nameOf = ({ owner, source }: Expression): string =>
  `method ${JSON.stringify(owner)}: the regular expression ${JSON.stringify(shortened(source))}`;

const LINEAR =
  'write it without repetitions within repetitions, or without lookaround and references, so that it runs in linear time';

function tooSlow(
  expression: Expression,
  texts: readonly string[],
  at: number,
  tookMs: number,
  remedy: string,
): AssayError {
  return new AssayError(
    'EXPRESSION_TOO_SLOW',
    `${nameOf(expression)} was stopped after ${Math.round(tookMs)} ms on text ${at + 1} of ${texts.length}, which has ${texts[at]?.length ?? 0} characters; ${remedy}`,
    { details: { expression: expression.source, method: expression.owner } },
  );
}
