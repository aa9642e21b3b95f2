import { CHOICE_BITS } from '../../sketch/chosen-values.ts';
import type { MeasuredColumn } from '../column.ts';
import { cutNamed } from '../cut-named.ts';
import { countOfSample } from '../interval.ts';
import { firstPoints, isCut, valueText } from '../value-text.ts';
import { choosingSql } from './canonical-sql.ts';
import { nameSql } from './distinct.ts';
import type { Measure } from './measure.ts';

/** A part hands up so many candidates; a profile shows the first 20. */
export const CANDIDATES = 100;

/** Of a part that grows run by run so many stay named. */
const MOST_KEPT = 1_000;

/** Those of a table of groups that are named. */
export const mostFrequent = (groups: string): string =>
  `SELECT v, n FROM ${groups} ORDER BY n DESC, v LIMIT ${CANDIDATES}`;

type Named = [text: string, count: string, choice?: string, name?: string];

export interface NamedValue {
  value: string;
  count: number;
  missing: number;
  /** Of a part of a table: what it is called in the sample of different values. */
  choice?: number;
  name?: number;
}

/**
 * The most frequent values with their counts among all rows. `missing` is how often a value may occur in parts that did not name
 * it; `floor` how often a value that is not named at all may occur. Both 0 when every value is named.
 *
 * Where rows were sampled, the sample only chooses who is named. Counted in it as well, the most frequent would come out too
 * frequent, for those that chance favoured are at the top: of 95 % intervals 70 % held, of the first value's 45 %.
 */
export interface TopPart {
  values: NamedValue[];
  floor: number;
  /** A sample of the rows chose who is named; `floor` is then what a value may have by its 95 % interval. */
  sampled?: true;
}

export const topValues: Measure<TopPart> = {
  name: 'top',
  pass: 'groups',
  applies: ({ kind }) => kind !== 'blob',
  sql(column, { groups, whole }): Record<string, string> {
    const most = mostFrequent('g');
    const chosen = `(${choosingSql(column, 'v')} >> ${64 - CHOICE_BITS})::VARCHAR, ${nameSql('v')}::VARCHAR`;
    const of = (named: string): string =>
      `(SELECT to_json(list([left(v::VARCHAR, 1025), n::VARCHAR${whole ? '' : `, ${chosen}`}] ORDER BY n DESC, v)) FROM (${named}))`;
    const distinct = '(SELECT count(*) FROM g)';
    if (groups.kind === 'all')
      return { values: of(most), distinct, next: `(SELECT n FROM g ORDER BY n DESC LIMIT 1 OFFSET ${CANDIDATES})` };
    return { values: of('SELECT v, n FROM c'), distinct, last: '(SELECT max(n) FROM g ANTI JOIN c ON g.v = c.v)' };
  },
  inHand({ texts, counts }, column, { whole }) {
    if (!whole) return undefined;
    const most = placesOfMost(counts);
    const next = most[CANDIDATES];
    const named = most.slice(0, CANDIDATES).map((i): Named => [firstPoints(texts[i] ?? '', 1025), String(counts[i])]);
    return {
      values: namedValues(column, named),
      floor: next === undefined ? 0 : (counts[next] ?? 0),
    };
  },
  part(row, column, { groups }) {
    const pairs = row.values ? (JSON.parse(row.values) as Named[]) : [];
    const values = namedValues(column, pairs);
    const others = Number(row.distinct) > pairs.length;
    if (groups.kind === 'all') return { values, floor: others ? Number(row.next ?? pairs.at(-1)?.[1] ?? 0) : 0 };
    const { rows, ofRows } = groups;
    const count = others ? Number(row.last ?? 0) : 0;
    return { values, floor: countOfSample([{ count, rows, ofRows }]).high, sampled: true };
  },
  merge(a, b) {
    const merged = new Map(a.values.map((entry) => [entry.value, { ...entry, missing: entry.missing + b.floor }]));
    for (const entry of b.values) {
      const other = merged.get(entry.value);
      if (other)
        merged.set(entry.value, {
          ...entry,
          ...other,
          count: other.count + entry.count,
          missing: other.missing - b.floor + entry.missing,
        });
      else merged.set(entry.value, { ...entry, missing: entry.missing + a.floor });
    }
    const sampled = a.sampled || b.sampled ? { sampled: true as const } : {};
    return { values: sorted([...merged.values()]), floor: a.floor + b.floor, ...sampled };
  },
  compact({ values, floor, ...rest }) {
    const named = cutNamed(values, floor, MOST_KEPT);
    return { values: named.kept, floor: named.floor, ...rest };
  },
};

/** Two long values may be the same text once cut: they are added up, or one would hide the other. */
function namedValues(column: MeasuredColumn, found: readonly Named[]): NamedValue[] {
  const named = new Map<string, NamedValue>();
  for (const [text, count, choice, name] of found) {
    const value = valueText(column, text);
    const others = named.get(value)?.count ?? 0;
    const chosen = choice === undefined || isCut(value) ? {} : { choice: Number(choice), name: Number(name) };
    named.set(value, { value, count: others + Number(count), missing: 0, ...chosen });
  }
  return sorted([...named.values()]);
}

/** Where the largest counts are, the first of equal ones first: those of the candidates, and the next one. */
function placesOfMost(counts: readonly number[]): number[] {
  const least =
    Float64Array.from(counts)
      .sort()
      .at(-CANDIDATES - 1) ?? 0;
  const larger: number[] = [];
  const equal: number[] = [];
  for (let i = 0; i < counts.length; i += 1) {
    const count = counts[i] as number;
    if (count > least) larger.push(i);
    else if (count === least && equal.length <= CANDIDATES) equal.push(i);
  }
  larger.sort((a, b) => (counts[b] as number) - (counts[a] as number) || a - b);
  return [...larger, ...equal].slice(0, CANDIDATES + 1);
}

const sorted = (values: TopPart['values']): TopPart['values'] =>
  values.sort((x, y) => y.count - x.count || (x.value < y.value ? -1 : x.value > y.value ? 1 : 0));
