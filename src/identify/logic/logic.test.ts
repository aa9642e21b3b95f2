import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Logic } from '../method.ts';
import { VARIABLES, type Variable } from '../verdict.ts';
import { evaluateLogic, isTrue } from './evaluate-logic.ts';
import { linearWeights } from './linear-weights.ts';
import { canBeFalse, canBeTrue, rangeOfLogic, truthOfRange } from './range-of-logic.ts';
import { problemsOfLogic } from './read-logic.ts';

const NAMES: Variable[] = ['similarity', 'metadataScore', 'columnCardinality'];
const check = (logic: unknown, allowed: readonly Variable[] = VARIABLES): string[] =>
  problemsOfLogic(logic, 'rules[0].condition', allowed, (name) => `${name} is not known here`);

/** Any expression without problems. Numbers of few digits, so that sums in another order are the same. */
const number = fc.integer({ min: -8, max: 8 }).map((n) => n / 4);
const leaf: fc.Arbitrary<Logic> = fc.oneof(
  number,
  number.map(String),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom(...NAMES).map((name) => ({ var: name })),
);
const logics: fc.Arbitrary<Logic> = fc.letrec<{ logic: Logic }>((tie) => ({
  logic: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'logic' },
    leaf,
    fc
      .tuple(
        fc.constantFrom('and', 'or', '+', '*', 'min', 'max', 'if'),
        fc.array(tie('logic'), { minLength: 1, maxLength: 4 }),
      )
      .map(([operator, values]): Logic => ({ [operator]: values })),
    fc
      .tuple(fc.constantFrom('-', '/', '<', '<=', '>', '>=', '==', '===', '!=', '!=='), tie('logic'), tie('logic'))
      .map(([operator, a, b]): Logic => ({ [operator]: [a, b] })),
    fc
      .tuple(fc.constantFrom('<', '<='), tie('logic'), tie('logic'), tie('logic'))
      .map(([operator, ...of]): Logic => ({ [operator]: of })),
    fc.tuple(fc.constantFrom('!', '!!', '-'), tie('logic')).map(([operator, a]): Logic => ({ [operator]: a })),
  ),
})).logic;
const ranges = fc.record(
  Object.fromEntries(
    NAMES.map((name) => [
      name,
      fc.tuple(number, number).map(([a, b]) => ({ low: Math.min(a, b), high: Math.max(a, b) })),
    ]),
  ) as Record<Variable, fc.Arbitrary<{ low: number; high: number }>>,
);

/** The same expression with each of its numbers written in another way. */
function rewrite(logic: Logic, write: (constant: Logic) => Logic): Logic {
  if (typeof logic !== 'object' || logic === null) return write(logic);
  if (Array.isArray(logic)) return logic.map((item) => rewrite(item, write));
  return Object.fromEntries(
    Object.entries(logic).map(([key, value]) => [key, key === 'var' ? value : rewrite(value, write)]),
  );
}

describe('JsonLogic of rules', () => {
  const scores = { similarity: 0.9, metadataScore: 0.1, columnCardinality: 8 };

  it.each<[Logic, number]>([
    [{ '+': [{ '*': [{ var: 'similarity' }, 0.9] }, { '*': [{ var: 'metadataScore' }, '0.1'] }] }, 0.82],
    [{ and: [{ '>=': [{ var: 'similarity' }, '0.7'] }, { '>=': [{ var: 'columnCardinality' }, '1'] }] }, 1],
    [{ and: [{ '>=': [{ var: 'similarity' }, 0.7] }, { '>': [{ var: 'columnCardinality' }, '8'] }] }, 0],
    [{ or: [0, '0', null, false, 3, 4] }, 3],
    [{ and: [2, '3'] }, 3],
    [{ '<': [0, { var: 'similarity' }, 1] }, 1],
    [{ '<=': ['0.9', { var: 'similarity' }, '0.9'] }, 1],
    [{ '<': ['0.9', { var: 'similarity' }, 1] }, 0],
    [{ '===': ['8', { var: ['columnCardinality', 0] }] }, 1],
    [{ '!=': [8, '8.0'] }, 0],
    [{ if: [{ '>': [{ var: 'columnCardinality' }, 5] }, 0.5, 0.25] }, 0.5],
    [{ if: [false, 1, '0', 2, 3] }, 3],
    [{ if: [false, 1] }, 0],
    [{ '!': [{ var: 'rowCount' }] }, 1],
    [{ '!!': 2 }, 1],
    [{ '-': ['3'] }, -3],
    [{ '-': ['3', 1] }, 2],
    [{ '/': [1, 4] }, 0.25],
    [{ min: [3, '2', { var: 'similarity' }] }, 0.9],
    [{ max: [] as Logic[] }, Number.NEGATIVE_INFINITY],
    [true, 1],
  ])('%j is %d', (logic, value) => {
    expect(evaluateLogic(logic, scores)).toBeCloseTo(value, 12);
  });

  it('names every problem with its place', () => {
    const logic = {
      and: [
        { gt: [1, 2] },
        { '>=': [{ var: 'confidenceScor' }, 'high'] },
        { '>': [{ var: 'regexScore' }] },
        { '+': [1], '-': [2] },
        {},
        { var: [['a']] },
        [1],
        { '<': [1, 2, 3, 4] },
      ],
    };
    expect(check(logic, ['confidenceScore'])).toEqual([
      expect.stringContaining('rules[0].condition.and[0]: unknown operator "gt"'),
      'rules[0].condition.and[1].>=[0]: unknown variable "confidenceScor"; did you mean confidenceScore?',
      'rules[0].condition.and[1].>=[1]: received the text "high", expected a number, since every variable is one',
      'rules[0].condition.and[2]: ">" received 1 arguments, expected 2',
      'rules[0].condition.and[2].>[0]: regexScore is not known here',
      'rules[0].condition.and[3]: received the keys "+", "-", expected one operation, as {"and": […]}',
      'rules[0].condition.and[4]: received an empty object, expected one operation, as {"and": […]}',
      'rules[0].condition.and[5]: unknown variable ["a"]; known are confidenceScore',
      'rules[0].condition.and[6]: received a list, expected an operation or a number',
      'rules[0].condition.and[7]: "<" received 4 arguments, expected 2 to 3',
    ]);
    expect(check(undefined)).toEqual(['rules[0].condition: received undefined, expected an operation or a number']);
    expect(check({ toString: [1] })).toEqual([expect.stringContaining('unknown operator "toString"')]);
    let deep: unknown = 1;
    for (let i = 0; i < 100_000; i++) deep = { '!': deep };
    expect(check(deep)).toEqual([expect.stringContaining('nested more than 50 deep')]);
  });

  it('gives the same for numbers and numeric texts, for one argument with and without a list', () => {
    fc.assert(
      fc.property(logics, fc.record({ similarity: number, metadataScore: number }), (logic, variables) => {
        expect(check(logic)).toEqual([]);
        const value = evaluateLogic(logic, variables);
        const asTexts = rewrite(logic, (constant) => (typeof constant === 'number' ? ` ${constant}` : constant));
        const asNumbers = rewrite(logic, (constant) => (typeof constant === 'string' ? Number(constant) : constant));
        const asTruths = rewrite(logic, (constant) => (constant === true ? 1 : constant === false ? '0' : constant));
        for (const other of [asTexts, asNumbers, asTruths, { max: [logic] }, { max: logic }] as Logic[])
          expect(evaluateLogic(other, variables)).toBe(value);
      }),
    );
  });

  it('negates, and orders comparisons', () => {
    fc.assert(
      fc.property(logics, logics, fc.record({ similarity: number, metadataScore: number }), (a, b, variables) => {
        const is = (logic: Logic): boolean => isTrue(evaluateLogic(logic, variables));
        expect(is({ '!': [a] })).toBe(!is(a));
        expect(is({ '!!': [a] })).toBe(is(a));
        expect(is({ and: [a, b] })).toBe(is(a) && is(b));
        expect(is({ or: [a, b] })).toBe(is(a) || is(b));
        expect(is({ if: [a, 1, 0] })).toBe(is(a));
        expect(is({ '!=': [a, b] })).toBe(!is({ '==': [a, b] }));
        expect(is({ '<': [a, b] })).toBe(is({ '>': [b, a] }));
        expect(is({ '<=': [a, b] })).toBe(is({ or: [{ '<': [a, b] }, { '==': [a, b] }] }));
      }),
    );
  });

  it('takes the largest of a quotient that may be none for anything', () => {
    const logic = { max: [{ '/': [0, { '!': { var: 'similarity' } }] }, 0.25] };
    const range = rangeOfLogic(logic, { similarity: { low: 0, high: 1 } });
    expect(evaluateLogic(logic, { similarity: 1 })).toBeNaN();
    expect([canBeFalse(range), canBeTrue(range)]).toEqual([true, true]);
  });

  it('bounds what an expression can be', () => {
    fc.assert(
      fc.property(
        logics,
        ranges,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 }),
        (logic, within, at) => {
          const variables = Object.fromEntries(
            Object.entries(within).map(([name, { low, high }], i) => [
              name,
              Math.min(Math.max(low + (at[i] ?? 0) * (high - low), low), high),
            ]),
          );
          const value = evaluateLogic(logic, variables);
          const range = rangeOfLogic(logic, within);
          const slack = 1e-9 * Math.max(1, Math.abs(value));
          if (Number.isNaN(value)) expect(canBeFalse(range)).toBe(true);
          else {
            expect(range.low).toBeLessThanOrEqual(Number.isFinite(value) ? value + slack : value);
            expect(range.high).toBeGreaterThanOrEqual(Number.isFinite(value) ? value - slack : value);
          }
          if (isTrue(value)) expect(canBeTrue(range)).toBe(true);
          else expect(canBeFalse(range)).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('is one value where every range is', () => {
    fc.assert(
      fc.property(
        logics,
        fc.record({ similarity: number, metadataScore: number, columnCardinality: number }),
        (logic, of) => {
          const within = Object.fromEntries(
            Object.entries(of).map(([name, value]) => [name, { low: value, high: value }]),
          );
          const value = evaluateLogic(logic, of);
          if (Number.isFinite(value))
            expect(truthOfRange(rangeOfLogic(logic, within))).not.toBe(isTrue(value) ? 'false' : 'true');
        },
      ),
    );
  });

  it('reads the weights of a weighted sum however it is written', () => {
    const sum: Logic = {
      '+': [
        { '*': ['0.4', { var: 'regexScore' }] },
        { '-': [{ var: 'metadataScore' }, { '/': [{ var: 'similarity' }, 2] }] },
        1,
      ],
    };
    expect(linearWeights(sum)).toEqual({
      constant: 1,
      weights: new Map([
        ['regexScore', 0.4],
        ['metadataScore', 1],
        ['similarity', -0.5],
      ]),
    });
    expect(linearWeights({ '*': [{ var: 'similarity' }, { var: 'similarity' }] })).toBeUndefined();
    expect(linearWeights({ max: [{ var: 'similarity' }, 0.5] })).toBeUndefined();
    fc.assert(
      fc.property(
        logics,
        fc.record({ similarity: number, metadataScore: number, columnCardinality: number }),
        (logic, of) => {
          const linear = linearWeights(logic);
          fc.pre(linear !== undefined);
          const total = [...(linear?.weights ?? [])].reduce(
            (all, [name, weight]) => all + weight * (of[name as 'similarity'] ?? 0),
            linear?.constant ?? 0,
          );
          const value = evaluateLogic(logic, of);
          if (Number.isFinite(value)) expect(total).toBeCloseTo(value, 6);
        },
      ),
    );
  });
});
