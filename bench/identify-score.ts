import type { LabelledColumn } from './corpus/column.ts';
import type { Match } from './identify-columns.ts';

/** How a tag, or a method, did: columns rightly found, wrongly found, and missed. */
export interface Tally {
  name: string;
  right: number;
  wrong: number;
  missed: number;
}

export interface Quality {
  tags: Tally[];
  methods: Tally[];
  macroF1: number;
  /** Of all tags that were given, those that are true. */
  precision: number;
  recall: number;
  /** Each mistake in words. */
  mistakes: string[];
}

export const precisionOf = ({ right, wrong }: Tally): number => (right + wrong === 0 ? 1 : right / (right + wrong));
export const recallOf = ({ right, missed }: Tally): number => (right + missed === 0 ? 1 : right / (right + missed));
/** Harmonic mean of precision and recall. */
export const f1Of = (tally: Tally): number => (2 * tally.right) / (2 * tally.right + tally.wrong + tally.missed || 1);

/**
 * Compares what was found with what is true. A tag counts once a column, whichever methods gave it; macro-F1 is the mean over the tags
 * that some column should have. Tags that are true besides count neither way.
 */
export function scoreMatches(columns: readonly LabelledColumn[], matches: readonly (readonly Match[])[]): Quality {
  const tags = new Map<string, Tally>();
  const methods = new Map<string, Tally>();
  const of = (map: Map<string, Tally>, name: string): Tally => {
    const tally = map.get(name) ?? { name, right: 0, wrong: 0, missed: 0 };
    map.set(name, tally);
    return tally;
  };
  const mistakes: string[] = [];
  for (const [i, column] of columns.entries()) {
    const given = new Map<string, string[]>();
    for (const { method, tags: its } of matches[i] ?? []) {
      for (const tag of its) given.set(tag, [...(given.get(tag) ?? []), method.name]);
      const verdicts = its.map((tag) =>
        column.tags.includes(tag) ? 'right' : column.also?.includes(tag) ? undefined : 'wrong',
      );
      for (const verdict of verdicts) if (verdict) of(methods, method.name)[verdict]++;
    }
    const told = `${JSON.stringify(column.name)} (${column.what}: ${column.values.slice(0, 5).join(', ')}; ${column.values.length} rows)`;
    for (const tag of column.tags) {
      if (given.has(tag)) of(tags, tag).right++;
      else {
        of(tags, tag).missed++;
        mistakes.push(`missed ${tag} of ${told}`);
      }
    }
    for (const [tag, by] of given) {
      if (column.tags.includes(tag) || column.also?.includes(tag)) continue;
      of(tags, tag).wrong++;
      mistakes.push(`wrong ${tag} by ${by.join(', ')} of ${told}`);
    }
  }
  const expected = [...tags.values()].filter(({ right, missed }) => right + missed > 0);
  const total = [...tags.values()].reduce(
    (sum, tally) => ({
      name: 'all',
      right: sum.right + tally.right,
      wrong: sum.wrong + tally.wrong,
      missed: sum.missed + tally.missed,
    }),
    { name: 'all', right: 0, wrong: 0, missed: 0 },
  );
  return {
    tags: [...tags.values()].sort((a, b) => a.name.localeCompare(b.name, 'en')),
    methods: [...methods.values()].sort((a, b) => a.name.localeCompare(b.name, 'en')),
    macroF1: expected.reduce((sum, tally) => sum + f1Of(tally), 0) / expected.length,
    precision: precisionOf(total),
    recall: recallOf(total),
    mistakes,
  };
}
