import { setTimeout as sleep } from 'node:timers/promises';
import { AssayError } from '../../errors/assay-error.ts';
import { type Effects, noEffects } from '../../model/job-status.ts';
import type { TaskContext, TaskOutcome, ToStore } from '../job.ts';
import type { CountPayload } from './plan.ts';
import type { CountInput } from './schema.ts';
import { NUMBERS_PER_PART, sumNumbers } from './series.ts';

const CHUNKS = 10;

export async function runCount(payload: CountPayload, context: TaskContext): Promise<TaskOutcome> {
  const input = context.job.input as CountInput;
  disturb(payload.item, input, context.attempt);
  const ballast = Buffer.alloc(input.memoryMb * 1024 * 1024, 1);
  const sum =
    payload.part === undefined ? await fold(context) : await count(payload.item, payload.part, input.workMs, context);
  const part = { sum, heldMb: ballast.length / 1024 / 1024 };
  if (input.together > 1 && input.partsPerItem === 1)
    return {
      outcome: 'done',
      stored: {
        found: { item: payload.item, part },
        rows: 1,
        write: async (_trx, all) => all.map((one) => store(one, input)),
      } satisfies ToStore<Found>,
    };
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(sum);
  return {
    outcome: 'done',
    part,
    ...(payload.part !== undefined && input.partsPerItem > 1 ? { bytes: { sum: bytes } } : {}),
    write: async () => counted(),
  };
}

/** Summed once per committed task: one that counted twice would show here. */
const counted = (): Effects => ({ ...noEffects(), created: { parts: 1 } });

interface Found {
  item: number;
  part: { sum: number; heldMb: number };
}

function store({ item, part }: Found, input: CountInput): Awaited<ReturnType<ToStore['write']>>[number] {
  if (input.unstorableItems.includes(item))
    throw new AssayError(input.failCode, `item ${item} was asked not to be stored`);
  return { part, effects: counted(), warnings: [`item ${item} was stored`] };
}

function disturb(item: number, input: CountInput, attempt: number): void {
  if (input.crashItems.includes(item) && attempt <= input.crashTimes) process.kill(process.pid, 'SIGKILL');
  if (input.failItems.includes(item) && attempt <= (input.failTimes ?? Number.POSITIVE_INFINITY)) {
    throw new AssayError(input.failCode, `item ${item} was asked to fail with ${input.failCode} (attempt ${attempt})`);
  }
}

async function count(item: number, part: number, workMs: number, context: TaskContext): Promise<number> {
  const size = NUMBERS_PER_PART / CHUNKS;
  let sum = 0;
  for (let chunk = 0; chunk < CHUNKS; chunk++) {
    if (context.signal.aborted)
      throw new AssayError('CANCELLED', 'counting was stopped', { cause: context.signal.reason });
    sum += sumNumbers(item, part, chunk * size, (chunk + 1) * size);
    if (workMs > 0) await sleep(workMs / CHUNKS, undefined, { signal: context.signal });
    context.progress((chunk + 1) / CHUNKS);
  }
  return sum;
}

async function fold(context: TaskContext): Promise<number> {
  const parts = await context.earlierParts();
  const bytes = await context.earlierBytes('sum');
  const fromParts = parts.reduce((sum, task) => sum + Number(task.part?.sum ?? Number.NaN), 0);
  const fromBytes = bytes.reduce((sum, entry) => sum + entry.bytes.readDoubleLE(), 0);
  if (fromParts !== fromBytes)
    throw new AssayError('INTERNAL', `parts add up to ${fromParts}, their bytes to ${fromBytes}`);
  return fromParts;
}
