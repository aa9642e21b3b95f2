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
  inHand({ texts, counts }) {
    const most = counts.map((count, i) => ({ count, i })).sort((a, b) => b.count - a.count || a.i - b.i);
    const named = most.slice(0, CANDIDATES).map(({ count, i }) => [firstPoints(texts[i] ?? '', 1025), String(count)]);
    return { values: JSON.stringify(named), distinct: String(texts.length) };
  },
  part(row, column, { groups }) {
    const pairs = row.values ? (JSON.parse(row.values) as [string, string][]) : [];
    // Two long values may be the same text once cut: add them up, or one would hide the other.
    const counts = new Map<string, number>();
    for (const [value, count] of pairs) {
      const text = valueText(column, value);
      counts.set(text, (counts.get(text) ?? 0) + Number(count));
    }
    const values = sorted([...counts].map(([value, count]) => ({ value, count, missing: 0 })));
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

const sorted = (values: TopPart['values']): TopPart['values'] =>
  values.sort((x, y) => y.count - x.count || (x.value < y.value ? -1 : x.value > y.value ? 1 : 0));
