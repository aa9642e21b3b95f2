import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  afterPlan,
  type Found,
  type KnownAssertion,
  planAssertions,
  SET_BY_PEOPLE,
  sensitivityOfTable,
} from './machine-assertions.ts';

const found = (columnId: string, value: string, more: Partial<Found> = {}): Found => ({
  entityId: columnId,
  kind: 'tag',
  value,
  methodId: 'm1',
  columnId,
  body: { sourceName: 'm1', confidenceScore: 0.9 },
  evidence: { rule: 0 },
  ...more,
});
let ids = 0;
const kept = (one: Found, more: Partial<KnownAssertion> = {}): KnownAssertion => ({
  ...one,
  id: ++ids,
  origin: 'job',
  refused: false,
  ...more,
});
const byPerson = (one: Found, more: Partial<KnownAssertion> = {}): KnownAssertion =>
  kept(one, { origin: 'human', methodId: null, columnId: null, body: {}, evidence: {}, ...more });

const asked = () => true;
const nobodyAsked = () => false;

const any = fc.record({
  columnId: fc.constantFrom('c1', 'c2'),
  value: fc.constantFrom('a', 'b', 'c'),
  methodId: fc.constantFrom('m1', 'm2'),
  evidence: fc.constantFrom({ rule: 0 }, { rule: 1 }),
});
const findings = fc.uniqueArray(any, {
  selector: ({ columnId, value, methodId }) => `${columnId} ${value} ${methodId}`,
});
const toFound = (list: { columnId: string; value: string; methodId: string; evidence: object }[]): Found[] =>
  list.map(({ columnId, value, ...more }) => found(columnId, value, more as Partial<Found>));

describe('planAssertions', () => {
  test('a term that a person took back is not said again under the id it has after it was made anew', () => {
    const term = (value: string, name: string, glossaryId = 'Identification') =>
      found('c1', value, { kind: 'term', body: { name, glossaryId, confidenceScore: 0.9 } });
    const known = [kept(term('t1', 'Hue'), { refused: true })];
    const next = [term('t2', 'Hue'), term('t3', 'Tint'), term('t4', 'Hue', 'Paints'), found('c1', 'Hue')];
    const plan = planAssertions(known, next, asked);
    expect(plan.overruled.map(({ value }) => value)).toEqual(['t2']);
    expect(plan.add.map(({ value }) => value)).toEqual(['t3', 't4', 'Hue']);
  });

  test('what is kept after a plan is what was found, where everything was asked', () => {
    fc.assert(
      fc.property(findings, findings, (before, now) => {
        const known = toFound(before).map((one) => kept(one));
        const after = afterPlan(known, planAssertions(known, toFound(now), asked));
        const words = (list: readonly object[]) =>
          list.map((one) => JSON.stringify({ ...found('', ''), ...one, id: 0, origin: '', refused: '' })).sort();
        expect(words(after)).toEqual(words(toFound(now)));
      }),
    );
  });

  test('the same findings twice change nothing, whatever people said and took back', () => {
    fc.assert(
      fc.property(findings, findings, findings, findings, (before, said, refused, now) => {
        const known = [
          ...toFound(before).map((one) => kept(one)),
          ...toFound(said).map((one) => byPerson(one)),
          ...toFound(refused).map((one) => kept(one, { refused: true })),
        ];
        const first = planAssertions(known, toFound(now), asked);
        const after = [
          ...known.filter((one) => one.refused),
          ...afterPlan(known, first).map((one) => ('id' in one ? one : kept(one))),
        ].map((one) => ('id' in one ? one : kept(one)));
        const { add, renew, remove } = planAssertions(after, toFound(now), asked);
        expect({ add, renew, remove }).toEqual({ add: [], renew: [], remove: [] });
      }),
    );
  });

  test('what a method was not asked about stays', () => {
    fc.assert(
      fc.property(findings, (before) => {
        const known = toFound(before).map((one) => kept(one));
        expect(planAssertions(known, [], nobodyAsked).remove).toEqual([]);
        expect(planAssertions(known, [], asked).remove).toEqual(known);
      }),
    );
  });

  test('people win', () => {
    const [tag, term] = [found('c1', 'PII'), found('c1', 'T1', { kind: 'term' })];
    const known = [kept(tag, { refused: true }), byPerson(term)];
    const plan = planAssertions(known, [tag, term, found('c2', 'PII')], asked);
    expect(plan.overruled).toEqual([tag, term]);
    expect(plan.add).toEqual([found('c2', 'PII')]);
    expect(plan.remove).toEqual([]);
  });

  test('a sensitivity of a person stands alone', () => {
    const high = found('c1', 'HIGH', { kind: 'sensitivity' });
    const known = [byPerson(found('c1', 'LOW', { kind: 'sensitivity' }))];
    expect(planAssertions(known, [high], asked).overruled).toEqual([high]);
  });
});

describe('sensitivityOfTable', () => {
  const rated = (columnId: string, value: string, more: Partial<Found> = {}) =>
    found(columnId, value, { kind: 'sensitivity', ...more });

  test('is the highest of its columns, and of several the surest', () => {
    const columns = [
      rated('c1', 'LOW'),
      rated('c2', 'HIGH', { body: { confidenceScore: 0.7 } }),
      rated('c3', 'HIGH', { body: { confidenceScore: 0.8 } }),
      found('c4', 'PII'),
    ];
    expect(sensitivityOfTable('t', [], columns)).toEqual([
      { ...rated('c3', 'HIGH'), entityId: 't', body: { confidenceScore: 0.8 } },
    ]);
    expect(sensitivityOfTable('t', [], [found('c4', 'PII'), rated('c1', 'UNKNOWN')])).toEqual([]);
  });

  test('does not take what a person took back from the table, and takes what one set on a column', () => {
    const refused = kept(rated('c2', 'HIGH', { entityId: 't' }), { refused: true });
    const columns = [rated('c2', 'HIGH'), byPerson(rated('c1', 'MEDIUM'))];
    expect(sensitivityOfTable('t', [refused], columns)).toMatchObject([
      { entityId: 't', value: 'MEDIUM', methodId: SET_BY_PEOPLE, columnId: 'c1' },
    ]);
  });
});
