import { describe, expect, test } from 'vitest';
import { exact, unknown } from '../profile/figure.ts';
import type { PatternFigure } from '../profile/text/finish-patterns.ts';
import { ValueSet } from '../sketch/value-set.ts';
import { toBase64, valueSetHash } from '../sketch/value-set-codec.ts';
import { tooFewSamples } from './evaluate.ts';
import { ingredientsOf } from './ingredients.ts';
import type { DictionaryMethod } from './method.ts';
import { type KeptValues, type ProfiledColumn, toColumnFacts } from './profile-facts.ts';
import { patternShareOf } from './scores/pattern-share.ts';
import { containmentOf } from './scores/similarity.ts';

const set = new ValueSet(['red', 'green', 'blue'].map(valueSetHash));
const pattern = (text: string, count: number): PatternFigure => ({
  ...{ pattern: text, count, percent: 0, heat: 0 },
  ...{ sample: '', smallest: '', largest: '' },
});
const column = (
  figures: Partial<ProfiledColumn['figures']> = {},
  more: Partial<ProfiledColumn> = {},
): ProfiledColumn => ({
  columnId: 'c',
  tableId: 't',
  name: 'colour',
  profileId: 7,
  profiledAt: new Date('2026-01-02T03:04:05Z'),
  rowsRead: 10,
  basis: 'all rows',
  figures: {
    kind: 'text',
    rows: exact(10),
    nonNull: exact(8),
    blanks: exact(1),
    distinct: exact(3),
    valueSet: toBase64(set),
    ...figures,
  },
  ...more,
});
const none = (): KeptValues => undefined;
const top = (entries: Record<string, number>) =>
  exact(Object.entries(entries).map(([value, count]) => ({ value, count, percent: 0 })));

describe('what is known of a column', () => {
  test('are its counts, its value set, and when it was profiled', () => {
    expect(toColumnFacts(column(), none)).toMatchObject({
      entityId: 'c',
      name: 'colour',
      kind: 'text',
      profileId: 7,
      profiledAt: '2026-01-02T03:04:05.000Z',
      ...{ rows: 10, sampledRows: 10, nonNull: 8, blanks: 1, distinct: 3 },
      valueSet: { hashes: set.hashes, cut: false },
    });
  });

  test('are of a part of the table where rows were chosen, and then no score is exact', () => {
    const patterns = { value: [pattern('aaa', 7)], basis: 'sample' as const, ofRows: 10 };
    expect(toColumnFacts(column({ patterns }), none)).not.toHaveProperty('partial');
    const facts = toColumnFacts(column({ patterns }, { basis: 'first rows' }), none);
    expect(facts).toMatchObject({ rows: 10, sampledRows: 10, partial: true });
    const { similarity, columnCardinality } = containmentOf(facts, set, 3, 10);
    expect(similarity).toMatchObject({ value: 1, high: 1, basis: 'sample' });
    expect(similarity.low).toBeLessThan(0.5);
    expect(columnCardinality.basis).toBe('sample');
    const share = patternShareOf(facts, ['aaa']);
    expect('missing' in share ? share : share.score).toMatchObject({ value: 1, basis: 'sample', of: 7 });
    expect('missing' in share ? 1 : share.score.low).toBeLessThan(0.7);
    const dictionary = { kind: 'dictionary', cardinality: 10 } as DictionaryMethod;
    expect(ingredientsOf(dictionary, facts, {}).scores.rowCount).toMatchObject({ value: 10, low: 10, basis: 'sample' });
    const rule = { minSamples: 200, confidenceScore: 0, condition: 0, actions: [] };
    expect(tooFewSamples(rule, 0, facts)).toContain('profile more rows');
  });

  test('are all values where the profile names each, else those that were kept, else a reason', () => {
    const few = column({ topValues: top({ red: 5, '': 1, blue: 2 }) });
    expect(toColumnFacts(few, none).values).toEqual({
      values: [
        ['red', 5],
        ['', 1],
        ['blue', 2],
      ],
      rows: 8,
      all: true,
    });
    expect(toColumnFacts({ ...few, basis: 'first rows' }, none).values).toMatchObject({ all: false });
    const many = column({ topValues: top({ red: 5 }) });
    expect(
      toColumnFacts(many, () => [
        ['red', 4],
        ['blue', 1],
      ]).values,
    ).toEqual({
      values: [
        ['red', 4],
        ['blue', 1],
      ],
      rows: 5,
      all: false,
    });
    expect(toColumnFacts(many, none).values).toEqual({ missing: expect.stringContaining('no values were kept') });
    const long = `${'x'.repeat(1_024)}…`;
    expect(toColumnFacts(many, () => [[long, 4]]).values).toEqual({ missing: expect.stringContaining('longer') });
  });

  test('values are opened only when they are asked for, and once', () => {
    let opened = 0;
    const facts = toColumnFacts(column(), () => {
      opened++;
      return [['red', 8]];
    });
    expect([opened, facts.values, facts.values, opened]).toEqual([0, expect.anything(), expect.anything(), 1]);
  });

  test('are its patterns, all of them only where the profile names each', () => {
    const { patterns } = toColumnFacts(column({ patterns: exact([pattern('aaa', 3), pattern('aaaa', 4)]) }), none);
    expect(patterns).toMatchObject({ filled: 7, all: true });
    expect(toColumnFacts(column({ patterns: exact([pattern('aaa', 3)]) }), none).patterns).toMatchObject({
      all: false,
    });
    expect(toColumnFacts(column({ patterns: unknown('switched off') }), none).patterns).toEqual({
      missing: expect.stringContaining('switched off'),
    });
  });

  test('of a value set that cannot be read is how to get another', () => {
    const { valueSet, distinct } = toColumnFacts(column({ valueSet: 'QVM=', distinct: unknown('no') }), none);
    expect([valueSet, distinct]).toEqual([{ missing: expect.stringContaining('profile the table again') }, 0]);
    expect(toColumnFacts(column({ distinct: unknown('no') }), none).distinct).toBe(3);
  });
});
