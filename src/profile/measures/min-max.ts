import { isNumeric, isTemporal, isWords } from '../column.ts';
import { compareValues, firstPoints, LONGEST_TEXT, valueText } from '../value-text.ts';
import type { Measure } from './measure.ts';

/** Smallest and largest value as text; null when there is none. NaN is left out; for words the order is that of UTF-8 bytes. */
export interface MinMaxPart {
  min: string | null;
  max: string | null;
  /** The same without infinities, for doubles. */
  finiteMin?: string | null;
  finiteMax?: string | null;
}

export const minMax: Measure<MinMaxPart> = {
  name: 'minmax',
  pass: 'scan',
  applies: ({ kind }) => isNumeric(kind) || isTemporal(kind) || isWords(kind),
  sql({ ref, kind, duckdbType }): Record<string, string> {
    if (kind === 'text') {
      // An ENUM has the order in which its words were declared.
      const text = /^ENUM/i.test(duckdbType) ? `${ref}::VARCHAR` : ref;
      return { min: `left(min(${text}), ${LONGEST_TEXT + 1})`, max: `left(max(${text}), ${LONGEST_TEXT + 1})` };
    }
    if (kind !== 'float') return { min: `min(${ref})`, max: `max(${ref})` };
    // Not by FILTER: that copies the columns of the whole statement for each aggregate.
    const [number, finite] = [
      `CASE WHEN NOT isnan(${ref}) THEN ${ref} END`,
      `CASE WHEN isfinite(${ref}) THEN ${ref} END`,
    ];
    return {
      min: `min(${number})`,
      max: `max(${number})`,
      finite_min: `min(${finite})`,
      finite_max: `max(${finite})`,
    };
  },
  inHand({ texts }, column) {
    const text = (value: string | undefined): string | null =>
      value === undefined ? null : valueText(column, firstPoints(value, LONGEST_TEXT + 1));
    if (column.kind !== 'float') return { min: text(texts[0]), max: text(texts.at(-1)) };
    const numbers = texts.filter((value) => value !== 'nan');
    const finite = numbers.filter((value) => !value.endsWith('inf'));
    return {
      min: text(numbers[0]),
      max: text(numbers.at(-1)),
      finiteMin: text(finite[0]),
      finiteMax: text(finite.at(-1)),
    };
  },
  part(row, column) {
    const text = (alias: string): string | null => (row[alias] == null ? null : valueText(column, row[alias]));
    const part: MinMaxPart = { min: text('min'), max: text('max') };
    return column.kind === 'float' ? { ...part, finiteMin: text('finite_min'), finiteMax: text('finite_max') } : part;
  },
  merge(a, b, column) {
    const smaller = (x: string, y: string): boolean => compareValues(column, x, y) <= 0;
    const larger = (x: string, y: string): boolean => compareValues(column, x, y) >= 0;
    const part: MinMaxPart = { min: pick(a.min, b.min, smaller), max: pick(a.max, b.max, larger) };
    if (column.kind !== 'float') return part;
    return {
      ...part,
      finiteMin: pick(a.finiteMin ?? null, b.finiteMin ?? null, smaller),
      finiteMax: pick(a.finiteMax ?? null, b.finiteMax ?? null, larger),
    };
  },
};

function pick(a: string | null, b: string | null, first: (a: string, b: string) => boolean): string | null {
  if (a === null || b === null) return a ?? b;
  return first(a, b) ? a : b;
}
