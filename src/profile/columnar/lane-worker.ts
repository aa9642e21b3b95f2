import { parentPort, workerData } from 'node:worker_threads';
import { Lane, type LaneSetup } from './lane.ts';

/** A lane in a thread of its own: takes blocks one after the other, answers each. */
const lane = new Lane(workerData as LaneSetup);

parentPort?.on('message', ({ block, index }: { block: Uint8Array<ArrayBuffer>; index: number }) => {
  try {
    parentPort?.postMessage({ answer: lane.take(block, index), memory: block.buffer }, [block.buffer]);
  } catch (error) {
    parentPort?.postMessage({ failed: { message: String(error), code: (error as NodeJS.ErrnoException).code } });
  }
});
