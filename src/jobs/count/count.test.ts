import { expect, test } from 'vitest';
import type { FinishedTask, TaskContext } from '../job.ts';
import { countRunner } from './index.ts';
import { type CountInput, countRequest, countSpec } from './schema.ts';
import { expectedSum } from './series.ts';

const contextOf = (input: CountInput, earlier: FinishedTask[], attempt = 1): TaskContext =>
  ({
    job: { id: '0'.repeat(24), name: 'COUNT', seq: 1, input, resourceIds: [] },
    attempt,
    signal: new AbortController().signal,
    progress: () => {},
    earlierParts: async () => earlier,
    earlierBytes: async () =>
      earlier.map((task) => {
        const bytes = Buffer.alloc(8);
        bytes.writeDoubleLE(Number(task.part?.sum));
        return { key: task.key, bytes };
      }),
  }) as unknown as TaskContext;

async function runAll(request: Record<string, unknown>): Promise<FinishedTask[]> {
  const input = countRequest.parse(request) as CountInput;
  const plan = await countRunner.plan?.(input, contextOf(input, []));
  const finished: FinishedTask[] = [];
  for (const task of plan?.tasks ?? []) {
    const earlier = finished.filter((other) => other.item === task.item);
    const outcome = await countRunner.run(task.payload, contextOf(input, task.stage ? earlier : []));
    finished.push({
      ...task,
      kind: 'work',
      stage: task.stage ?? 0,
      state: 'done',
      part: outcome.part ?? null,
      reason: '',
    });
  }
  return finished;
}

test.each([{ items: 1 }, { items: 50 }, { items: 7, partsPerItem: 3 }])(
  'an undisturbed run comes to the sum known in advance: %o',
  async (request) => {
    const input = countRequest.parse(request) as CountInput;
    const conclusion = countSpec.conclude(await runAll(request), input);
    expect(conclusion.result).toEqual({ sum: expectedSum(input.items, input.partsPerItem), items: input.items });
  },
);

test('a lost task changes the sum', async () => {
  const input = countRequest.parse({ items: 20 }) as CountInput;
  const tasks = await runAll({ items: 20 });
  expect(countSpec.conclude(tasks.slice(1), input).result.sum).not.toBe(expectedSum(20));
});

test('an item fails as often as asked, with the code asked for', async () => {
  const input = countRequest.parse({ items: 2, failItems: [1], failCode: 'SOURCE_AUTH', failTimes: 2 }) as CountInput;
  await expect(countRunner.run({ item: 1, part: 0 }, contextOf(input, [], 2))).rejects.toMatchObject({
    code: 'SOURCE_AUTH',
  });
  expect((await countRunner.run({ item: 1, part: 0 }, contextOf(input, [], 3))).outcome).toBe('done');
});
