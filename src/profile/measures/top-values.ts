import { valueText } from '../value-text.ts';
import type { Measure } from './measure.ts';

/** A part hands up so many candidates; a profile shows the first 20. */
export const CANDIDATES = 100;

/**
 * The most frequent values with their counts. `missing` is how often a value may occur in parts that did not name it;
 * `floor` how often a value that is not named at all may occur. Both 0 when every value is named.
 */
export interface TopPart {
  values: { value: string; count: number; missing: number }[];
  floor: number;
}

export const topValues: Measure<TopPart> = {
  name: 'top',
  pass: 'groups',
  applies: ({ kind }) => kind !== 'blob',
  sql: () => ({
    values: `(SELECT to_json(list([left(v::VARCHAR, 1025), n::VARCHAR] ORDER BY n DESC, v)) FROM (SELECT v, n FROM g ORDER BY n DESC, v LIMIT ${CANDIDATES}))`,
    distinct: '(SELECT count(*) FROM g)',
  }),
  part(row, column) {
    const pairs = row.values ? (JSON.parse(row.values) as [string, string][]) : [];
    // Two long values may be the same text once cut: add them up, or one would hide the other.
    const counts = new Map<string, number>();
    for (const [value, count] of pairs) {
      const text = valueText(column, value);
      counts.set(text, (counts.get(text) ?? 0) + Number(count));
    }
    const values = [...counts].map(([value, count]) => ({ value, count, missing: 0 }));
    return { values: sorted(values), floor: Number(row.distinct) > pairs.length ? Number(pairs.at(-1)?.[1] ?? 0) : 0 };
  },
  merge(a, b) {
    const merged = new Map(a.values.map((entry) => [entry.value, { ...entry, missing: entry.missing + b.floor }]));
    for (const entry of b.values) {
      const other = merged.get(entry.value);
      if (other)
        merged.set(entry.value, {
          ...other,
          count: other.count + entry.count,
          missing: other.missing - b.floor + entry.missing,
        });
      else merged.set(entry.value, { ...entry, missing: entry.missing + a.floor });
    }
    return { values: sorted([...merged.values()]), floor: a.floor + b.floor };
  },
};

const sorted = (values: TopPart['values']): TopPart['values'] =>
  values.sort((x, y) => y.count - x.count || (x.value < y.value ? -1 : x.value > y.value ? 1 : 0));
