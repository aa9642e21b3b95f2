import { below, type LabelledColumn, pick, type Random } from './column.ts';

/** A kind of column: how its values are made, and what such columns are called in each half of the corpus. */
export interface ColumnType {
  what: string;
  tags: readonly string[];
  also?: readonly string[];
  value: (random: Random) => string;
  names: Record<Half, readonly string[]>;
  /** Values may be written in any case. */
  cased?: boolean;
  /** The values speak for themselves: names that say nothing are tried too. */
  nameless?: boolean;
}

/** The half that methods may be tuned on, and the half that only measures them. */
export type Half = 'development' | 'held out';

const NOTHING_SAID: Record<Half, readonly string[]> = {
  development: ['col_1', 'Column 3', 'F7'],
  'held out': ['field_02', 'attr9', 'Wert'],
};
const ROWS = [9, 25, 80, 300] as const;
const DIRT = ['n/a', '-', 'unknown', '?', 'TBD', 'none', 'test', 'xxx', '#REF!', 'see notes'] as const;

/** Columns of one type: every name in a few layouts that differ in rows, nulls, blanks, dirty rows, repeats and case. */
export function layOut(type: ColumnType, half: Half, random: Random, layouts = 2): LabelledColumn[] {
  const names = [...type.names[half], ...(type.nameless ? [pick(random, NOTHING_SAID[half])] : [])];
  return names.flatMap((name) =>
    Array.from({ length: layouts }, () => ({
      what: type.what,
      name,
      tags: type.tags,
      ...(type.also ? { also: type.also } : {}),
      values: fillColumn(type, random),
    })),
  );
}

function fillColumn(type: ColumnType, random: Random): (string | null)[] {
  const rows = pick(random, ROWS);
  // Of short columns one dirty row in twenty would often be none, or a tenth of it.
  const dirty = rows < 20 ? 0 : pick(random, [0, 0, 0.03, 0.07]);
  const nulls = pick(random, [0, 0, 0.1, 0.4]);
  const cased = type.cased ? pick(random, [asItIs, asItIs, upper, lower]) : asItIs;
  const repeats = pick(random, [0, 0, 0.5]);
  const values: (string | null)[] = [];
  const seen: string[] = [];
  while (values.length < rows) {
    if (values.length > 4 && random() < nulls) values.push(pick(random, [null, null, '']));
    else if (random() < dirty) values.push(pick(random, DIRT));
    else if (seen.length > 8 && random() < repeats) values.push(seen[below(random, seen.length)] ?? null);
    else {
      const value = cased(type.value(random));
      seen.push(value);
      values.push(value);
    }
  }
  return values;
}
const asItIs = (text: string): string => text;
const upper = (text: string): string => text.toUpperCase();
const lower = (text: string): string => text.toLowerCase();
