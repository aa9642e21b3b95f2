import type { MeasuredColumn } from '../column.ts';
import { countOfSample } from '../interval.ts';
import { firstPoints, valueText } from '../value-text.ts';
import type { Measure } from './measure.ts';

/** A part hands up so many candidates; a profile shows the first 20. */
export const CANDIDATES = 100;

/** Those of a table of groups that are named. */
export const mostFrequent = (groups: string): string =>
  `SELECT v, n FROM ${groups} ORDER BY n DESC, v LIMIT ${CANDIDATES}`;

/**
 * The most frequent values with their counts among all rows. `missing` is how often a value may occur in parts that did not name
 * it; `floor` how often a value that is not named at all may occur. Both 0 when every value is named.
 *
 * Where rows were sampled, the sample only chooses who is named. Counted in it as well, the most frequent would come out too
 * frequent, for those that chance favoured are at the top: of 95 % intervals 70 % held, of the first value's 45 %.
 */
export interface TopPart {
  values: { value: string; count: number; missing: number }[];
  floor: number;
  /** A sample of the rows chose who is named; `floor` is then what a value may have by its 95 % interval. */
  sampled?: true;
}

export const topValues: Measure<TopPart> = {
  name: 'top',
  pass: 'groups',
  applies: ({ kind }) => kind !== 'blob',
  sql(_column, { groups }): Record<string, string> {
    const most = mostFrequent('g');
    const of = (named: string): string =>
      `(SELECT to_json(list([left(v::VARCHAR, 1025), n::VARCHAR] ORDER BY n DESC, v)) FROM (${named}))`;
    const distinct = '(SELECT count(*) FROM g)';
    if (groups.kind === 'all') return { values: of(most), distinct };
    return { values: of('SELECT v, n FROM c'), distinct, last: `(SELECT min(n) FROM (${most}))` };
  },
  inHand({ texts, counts }, column) {
    const most = placesOfMost(counts);
    const named = most.map((i): [string, number] => [firstPoints(texts[i] ?? '', 1025), counts[i] as number]);
    return { values: namedValues(column, named), floor: texts.length > named.length ? (named.at(-1)?.[1] ?? 0) : 0 };
  },
  part(row, column, { groups }) {
    const pairs = row.values ? (JSON.parse(row.values) as [string, string][]) : [];
    const values = namedValues(
      column,
      pairs.map(([value, count]) => [value, Number(count)]),
    );
    const others = Number(row.distinct) > pairs.length;
    if (groups.kind === 'all') return { values, floor: others ? Number(pairs.at(-1)?.[1] ?? 0) : 0 };
    const { rows, ofRows } = groups;
    const count = others ? Number(row.last) : 0;
    return { values, floor: countOfSample([{ count, rows, ofRows }]).high, sampled: true };
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
    const sampled = a.sampled || b.sampled ? { sampled: true as const } : {};
    return { values: sorted([...merged.values()]), floor: a.floor + b.floor, ...sampled };
  },
};

/** Two long values may be the same text once cut: they are added up, or one would hide the other. */
function namedValues(column: MeasuredColumn, pairs: readonly [string, number][]): TopPart['values'] {
  const counts = new Map<string, number>();
  for (const [value, count] of pairs) {
    const text = valueText(column, value);
    counts.set(text, (counts.get(text) ?? 0) + count);
  }
  return sorted([...counts].map(([value, count]) => ({ value, count, missing: 0 })));
}

/** Where the largest counts are, the first of equal ones first. */
function placesOfMost(counts: readonly number[]): number[] {
  const order = Uint32Array.from(counts, (_, i) => i);
  order.sort((a, b) => (counts[b] as number) - (counts[a] as number) || a - b);
  return [...order.subarray(0, CANDIDATES)];
}

const sorted = (values: TopPart['values']): TopPart['values'] =>
  values.sort((x, y) => y.count - x.count || (x.value < y.value ? -1 : x.value > y.value ? 1 : 0));
