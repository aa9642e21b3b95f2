import { scaleOf } from '../sampling.ts';
import { valueText } from '../value-text.ts';
import type { Measure } from './measure.ts';

/** A part hands up so many candidates; a profile shows the first 20. */
export const CANDIDATES = 100;

/**
 * The most frequent values with their counts. `missing` is how often a value may occur in parts that did not name it;
 * `floor` how often a value that is not named at all may occur. Both 0 when every value is named.
 */
export interface TopPart {
  values: TopEntry[];
  floor: number;
  /** Given when the part is a sample of the rows and nothing was merged: rows taken, of so many. */
  sample?: { rows: number; ofRows: number };
}

export interface TopEntry {
  value: string;
  /** Of all rows; by estimate where `seen` is given. */
  count: number;
  missing: number;
  /** How often it was seen in samples of each level; those that were counted are under 0. */
  seen?: Record<string, number>;
}

export const topValues: Measure<TopPart> = {
  name: 'top',
  pass: 'groups',
  applies: ({ kind }) => kind !== 'blob',
  sql: () => ({
    values: `(SELECT to_json(list([left(v::VARCHAR, 1025), n::VARCHAR] ORDER BY n DESC, v)) FROM (SELECT v, n FROM g ORDER BY n DESC, v LIMIT ${CANDIDATES}))`,
    distinct: '(SELECT count(*) FROM g)',
  }),
  part(row, column, { groups }) {
    const pairs = row.values ? (JSON.parse(row.values) as [string, string][]) : [];
    // Two long values may be the same text once cut: add them up, or one would hide the other.
    const counts = new Map<string, number>();
    for (const [value, count] of pairs) {
      const text = valueText(column, value);
      counts.set(text, (counts.get(text) ?? 0) + Number(count));
    }
    const scale = scaleOf(groups);
    const last = Number(row.distinct) > pairs.length ? Number(pairs.at(-1)?.[1] ?? 0) : 0;
    const values = [...counts].map(([value, count]) => ({
      value,
      count: count * scale,
      missing: 0,
      ...(groups.kind === 'all' ? {} : { seen: { [groups.level]: count } }),
    }));
    if (groups.kind === 'all') return { values: sorted(values), floor: last };
    const floor = Math.max(last, FEWEST_TO_BE_SEEN) * scale;
    return { values: sorted(values), floor, sample: { rows: groups.rows, ofRows: groups.ofRows } };
  },
  merge(a, b) {
    const merged = new Map(a.values.map((entry) => [entry.value, { ...entry, missing: entry.missing + b.floor }]));
    for (const entry of b.values) {
      const other = merged.get(entry.value);
      if (other)
        merged.set(entry.value, {
          value: entry.value,
          count: other.count + entry.count,
          missing: other.missing - b.floor + entry.missing,
          ...addSeen(other, entry),
        });
      else merged.set(entry.value, { ...entry, missing: entry.missing + a.floor });
    }
    return { values: sorted([...merged.values()]), floor: a.floor + b.floor };
  },
};

/** A value that no row of a sample has may still be in 3.84 · 2^level rows (score interval of nothing seen). */
const FEWEST_TO_BE_SEEN = 4;

function addSeen(a: TopEntry, b: TopEntry): Pick<TopEntry, 'seen'> {
  if (!a.seen && !b.seen) return {};
  const seen = { ...(a.seen ?? { 0: a.count }) };
  for (const [level, count] of Object.entries(b.seen ?? { 0: b.count })) seen[level] = (seen[level] ?? 0) + count;
  return { seen };
}

const sorted = (values: TopPart['values']): TopPart['values'] =>
  values.sort((x, y) => y.count - x.count || (x.value < y.value ? -1 : x.value > y.value ? 1 : 0));
