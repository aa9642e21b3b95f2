import { expect, it } from 'vitest';
import { Gate } from './gate.ts';

it('lets so many go on at once, in their order, also behind one that fails', async () => {
  const gate = new Gate(2);
  const ends: (() => void)[] = [];
  const begun: number[] = [];
  const start = (n: number) =>
    gate.run(async () => {
      begun.push(n);
      await new Promise<void>((end, fail) => ends.push(n === 0 ? () => fail(new Error('broken')) : end));
      return n;
    });
  const all = Promise.allSettled([0, 1, 2, 3].map(start));
  expect(begun).toEqual([0, 1]);
  const next = async (): Promise<void> => {
    const before = begun.length;
    ends.shift()?.();
    for (let turns = 0; begun.length === before && turns < 20; turns++) await Promise.resolve();
  };
  await next();
  expect(begun).toEqual([0, 1, 2]);
  await next();
  expect(begun).toEqual([0, 1, 2, 3]);
  for (const end of ends) end();
  expect((await all).map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled', 'fulfilled']);
});
