import { Worker } from 'node:worker_threads';
import { Lane, type LaneAnswer, type LaneSetup } from './lane.ts';

const THREAD = new URL(import.meta.url.endsWith('.ts') ? './lane-worker.ts' : './lane-worker.js', import.meta.url);

/** Blocks that this thread reads before others are started, which takes 40 ms of a core each. */
const ALONE = 3;
/** Blocks that wait in each thread: one is read, one is ready. */
const WAITING = 2;

interface Thread {
  worker: Worker;
  waiting: { resolve(answer: LaneAnswer): void; reject(error: unknown): void }[];
}

type Message = { answer: LaneAnswer; memory: ArrayBuffer } | { failed: { message: string; code?: string } };

/**
 * Reads blocks in up to so many threads, and has the memory for them: what was read is given again, for to touch new memory takes as
 * long as reading it does.
 */
export class Lanes {
  readonly #setup: LaneSetup;
  readonly #most: number;
  readonly #own: Lane;
  readonly #threads: Thread[] = [];
  readonly #memory: ArrayBuffer[] = [];
  #taken = 0;
  #over = false;
  #roomMade = (): void => undefined;

  constructor(setup: LaneSetup, most: number) {
    this.#setup = setup;
    this.#most = Math.max(1, most);
    this.#own = new Lane(setup);
  }

  memory(bytes: number): Uint8Array<ArrayBuffer> {
    const free = this.#memory.findIndex(({ byteLength }) => byteLength >= bytes);
    const [buffer] = free < 0 ? [] : this.#memory.splice(free, 1);
    return new Uint8Array(buffer ?? new ArrayBuffer(bytes), 0, bytes);
  }

  /** @returns as soon as another block may be given; the answer comes with `answer` */
  async take(block: Uint8Array<ArrayBuffer>): Promise<{ answer: Promise<LaneAnswer> }> {
    const index = this.#taken++;
    if (index < ALONE) {
      const answer = this.#own.take(block, index);
      this.#look(answer);
      this.#memory.push(block.buffer);
      return { answer: Promise.resolve(answer) };
    }
    const thread = this.#freeThread();
    const answer = new Promise<LaneAnswer>((resolve, reject) => thread.waiting.push({ resolve, reject }));
    // An error is told by whoever awaits it later.
    answer.catch(() => undefined);
    thread.worker.postMessage({ block, index }, [block.buffer]);
    while (this.#isFull() && !this.#over) await new Promise<void>((resolve) => (this.#roomMade = resolve));
    return { answer };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
  }

  /** Something odd was found, or a thread failed: no more blocks are wanted. The answers tell what it was, but not all of them may come. */
  get isOver(): boolean {
    return this.#over;
  }

  #look(answer: LaneAnswer): void {
    if ('oddity' in answer) this.#over = true;
  }

  #isFull(): boolean {
    return this.#threads.length >= this.#most && this.#threads.every(({ waiting }) => waiting.length >= WAITING);
  }

  #freeThread(): Thread {
    const least = this.#threads.toSorted((a, b) => a.waiting.length - b.waiting.length)[0];
    if (least && (least.waiting.length === 0 || this.#threads.length >= this.#most)) return least;
    const thread: Thread = { worker: new Worker(THREAD, { workerData: this.#setup }), waiting: [] };
    thread.worker.on('message', (message: Message) => {
      const next = thread.waiting.shift();
      if ('failed' in message) {
        this.#over = true;
        next?.reject(Object.assign(new Error(message.failed.message), message.failed));
      } else {
        this.#memory.push(message.memory);
        this.#look(message.answer);
        next?.resolve(message.answer);
      }
      this.#roomMade();
    });
    thread.worker.on('error', (error) => {
      // Its blocks will never be counted, for which others may wait.
      this.#over = true;
      for (const { reject } of thread.waiting.splice(0)) reject(error);
      this.#roomMade();
    });
    this.#threads.push(thread);
    return thread;
  }
}
