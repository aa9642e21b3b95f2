import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SessionPool } from '../session-pool.ts';
import type { Session } from './session.ts';
import { sideBySide } from './side-by-side.ts';

const toSession = (): Session => ({ dead: false, end: async () => {} }) as unknown as Session;

test('each piece of work is done once, on at most so many sessions, and all of them come back', async () => {
  const plan = fc.record({
    work: fc.integer({ min: 1, max: 8 }),
    atOnce: fc.integer({ min: 1, max: 6 }),
    given: fc.nat(4),
    fails: fc.option(fc.nat(7)),
  });
  await fc.assert(
    fc.asyncProperty(plan, fc.scheduler(), async ({ work, atOnce, given, fails }, scheduler) => {
      let opened = 0;
      const pool = new SessionPool<Session>(toSession(), async () => {
        await scheduler.schedule(Promise.resolve());
        if (opened++ >= given) throw new Error('too many connections');
        return toSession();
      });
      const own = await pool.acquire();
      const [done, users, busy] = [[] as number[], new Set<Session>(), new Set<Session>()];
      const pieces = Array.from({ length: work }, (_, index) => async (session: Session) => {
        expect(busy.has(session)).toBe(false);
        if (index === 0) expect(session).toBe(own);
        busy.add(users.add(session) && session);
        await scheduler.schedule(Promise.resolve());
        busy.delete(session);
        if (index === fails) throw new Error(`piece ${index}`);
        done.push(index);
      });
      const outcome = sideBySide(own, pool, atOnce, pieces).then(
        () => 'done',
        (error: Error) => error.message,
      );
      await scheduler.waitFor(outcome);
      expect(busy.size).toBe(0);
      expect(users.size).toBeLessThanOrEqual(Math.min(atOnce, given + 1));
      expect(new Set(done).size).toBe(done.length);
      if (fails !== null && fails < work) expect(await outcome).toBe(`piece ${fails}`);
      else expect([await outcome, done.length]).toEqual(['done', work]);
      pool.release(own);
      let stillBusy: readonly Session[] = [own];
      await pool.close(async (sessions) => {
        stillBusy = sessions;
      });
      expect(stillBusy).toEqual([]);
    }),
  );
});
