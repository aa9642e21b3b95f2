import type { Conclusion, FinishedTask } from '../job.ts';
import type { CountInput } from './schema.ts';

/** `{sum, items}` over the items that were counted to their end. */
export function concludeCount(tasks: FinishedTask[], input: CountInput): Conclusion {
  const last = input.partsPerItem > 1 ? 1 : 0;
  const counted = tasks.filter((task) => task.kind === 'work' && task.stage === last && task.state === 'done');
  const sum = counted.reduce((total, task) => total + Number(task.part?.sum ?? 0), 0);
  return { result: { sum, items: counted.length }, message: `Counted ${counted.length} items: the sum is ${sum}.` };
}
