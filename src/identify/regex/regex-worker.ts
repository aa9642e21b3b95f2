import { parentPort } from 'node:worker_threads';

/** What is tried here may never come to an end; whoever started this thread ends it then. */
export interface Trial {
  source: string;
  texts: readonly string[];
  /** Where it is, told while it runs: [text it is at, 1 when all are done]. */
  progress: Int32Array;
}

parentPort?.on('message', ({ source, texts, progress }: Trial) => {
  // From here on the time counts: on a busy machine a thread takes long to start.
  parentPort?.postMessage('begun');
  const expression = new RegExp(source, 'v');
  const found = new Uint8Array(texts.length);
  for (const [i, text] of texts.entries()) {
    Atomics.store(progress, 0, i);
    found[i] = expression.test(text) ? 1 : 0;
  }
  Atomics.store(progress, 1, 1);
  parentPort?.postMessage(found);
});
