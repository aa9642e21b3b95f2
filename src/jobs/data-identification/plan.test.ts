import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ProfileTarget } from '../../store/profiles.ts';
import type { FinishedTask } from '../job.ts';
import { type IdentificationPayload, planIdentification } from './plan.ts';
import { concludeIdentification, type IdentificationPart } from './result.ts';

const target = (id: string, more: Partial<ProfileTarget> = {}): ProfileTarget => ({
  ...{ id, type: 'TABLE', name: id, place: `/s/${id}`, sourceId: 'a', affinityId: 'DEFAULT' },
  ...{ rows: 10, bytes: null, columnCount: 3, columnIds: null, profiledAt: new Date(0) },
  ...more,
});

describe('the plan', () => {
  test('has a task for each table, whatever their number, in lanes that each keep their order', () => {
    fc.assert(
      fc.property(fc.nat(3_000), (count) => {
        const targets = Array.from({ length: count }, (_, i) => target(`t${String(i).padStart(5, '0')}`));
        const { tasks, skipped } = planIdentification(targets, []);
        expect(skipped).toEqual([]);
        expect(tasks.map(({ item }) => item)).toEqual(targets.map(({ id }) => id));
        const lanes = tasks.map(({ lane }) => lane);
        expect(new Set(lanes).size).toBeLessThanOrEqual(16);
        // A lane that was left is not come back to.
        expect(lanes.filter((lane, i) => lane !== lanes[i - 1]).length).toBe(new Set(lanes).size);
        const named = tasks.reduce((sum, { payload }) => sum + (payload as IdentificationPayload).named, 0);
        expect(named).toBeLessThanOrEqual(Math.max(5_000, 2 * count));
      }),
      { numRuns: 30 },
    );
  });

  test('leaves out files that hold no table, and says so of those that were asked for', () => {
    const file = (name: string, more: Partial<ProfileTarget> = {}) =>
      target(name, { type: 'FILE', place: `/${name}`, columnCount: 0, profiledAt: null, ...more });
    const targets = [file('a.csv'), file('b.txt'), file('c.png'), file('d.txt', { columnCount: 2 })];
    const { tasks, skipped } = planIdentification(targets, ['c.png']);
    expect(tasks.map(({ title }) => title)).toEqual(['a.csv', 'd.txt']);
    expect(skipped).toEqual([{ item: 'c.png', title: 'c.png', reason: expect.stringContaining('without columns') }]);
  });
});

describe('the result', () => {
  const part = (more: Partial<IdentificationPart> = {}): IdentificationPart => ({
    ...{ columns: 2, judged: 4, ruledOut: 3, matched: 1, lacking: 0, identified: 1, reasons: {}, pairs: [] },
    ...more,
  });
  const task = (key: string, one: IdentificationPart, kind: 'plan' | 'work' = 'work'): FinishedTask => ({
    ...{ key, item: key, title: key, kind, stage: 0, state: 'done', reason: '' },
    part: kind === 'plan' ? { methods: 2 } : one,
  });
  const input = { scopeIds: [], dictionaryIds: [], dataPatternIds: [] };
  const conclude = (...parts: IdentificationPart[]) =>
    concludeIdentification([task('', part(), 'plan'), ...parts.map((one, i) => task(`t${i}`, one))], input);

  test('adds up, and says what was found and what was not judged', () => {
    const lacks = part({ lacking: 2, reasons: { 'no profile': { pairs: 2, such: 'no profile: run it' } } });
    expect(conclude(part(), lacks)).toEqual({
      result: {
        ...{ tables: 2, columns: 4, methods: 2, identifiedColumns: 2 },
        pairs: { judged: 8, ruledOut: 6, matched: 2, notJudged: 2 },
        feasibility: {
          reasons: { 'no profile': { pairs: 2, such: 'no profile: run it' } },
          pairs: [],
          all: expect.stringContaining('POST /data-identification/feasibility'),
        },
      },
      message:
        'Asked 2 methods about 4 columns of 2 tables: 2 columns were identified; 2 pairs of a method and a column could not be judged (2 pairs of a method and a column: no profile: run it).',
    });
  });

  test('is a failure where nothing could be judged, and where there is nothing to judge', () => {
    expect(
      conclude(
        part({ judged: 0, ruledOut: 0, lacking: 4, reasons: { 'no profile': { pairs: 4, such: 'no profile' } } }),
      ).failed,
    ).toContain('no profile');
    expect(conclude().failed).toContain('nothing to identify');
    expect(conclude(part({ identified: 0 })).failed).toBeUndefined();
    expect(conclude(part({ judged: 0, matched: 0, identified: 0 })).failed).toBeUndefined();
  });
});
