import { MEASURES } from './measures/index.ts';
import type { MeasureName } from './measures/measure.ts';
import { type ColumnPart, isUnknown } from './part.ts';

/** Why a measure is not there that nobody wanted. */
export const SWITCHED_OFF = 'switched off by the request (without)';

/** Measures that others read, or that say whether their values fit in memory. All are aggregates of a scan that is made anyway. */
const READ_BY: Partial<Record<MeasureName, readonly MeasureName[]>> = {
  minmax: ['histogram', 'squares'],
  sum: ['squares'],
  lengths: ['quantiles', 'distinct', 'top', 'patterns', 'formats', 'valueset'],
};

/** Whether a measure is to be computed: it is wanted, or one that is wanted reads it. Pure. */
export function isComputed(name: MeasureName, without: readonly MeasureName[] = []): boolean {
  const isOff = (one: MeasureName): boolean => without.includes(one);
  return !isOff(name) || (READ_BY[name] ?? []).some((reader) => !isOff(reader));
}

/** The measures of a column, with the reason in place of each that was switched off. Pure. */
export function withoutSwitchedOff(
  { column, measures }: Pick<ColumnPart, 'column' | 'measures'>,
  without: readonly MeasureName[] = [],
): ColumnPart['measures'] {
  const off = MEASURES.filter(({ name, applies }) => without.includes(name) && applies(column));
  return { ...measures, ...Object.fromEntries(off.map(({ name }) => [name, { unknown: SWITCHED_OFF }])) };
}

export const isSwitchedOff = (part: unknown): boolean => isUnknown(part) && part.unknown === SWITCHED_OFF;
