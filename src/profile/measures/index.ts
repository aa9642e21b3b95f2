import { counts } from './counts.ts';
import { distinct } from './distinct.ts';
import { formats } from './formats.ts';
import { histogram } from './histogram.ts';
import { lengths } from './lengths.ts';
import type { Measure, MeasureName } from './measure.ts';
import { minMax } from './min-max.ts';
import { patterns } from './patterns.ts';
import { quantiles } from './quantiles.ts';
import { squares } from './squares.ts';
import { sum } from './sum.ts';
import { topValues } from './top-values.ts';
import { valueSet } from './value-set.ts';

/** Every measure that is built, in the order in which a part lists them. */
export const MEASURES: readonly Measure[] = [
  counts,
  minMax,
  sum,
  lengths,
  squares,
  histogram,
  quantiles,
  distinct,
  topValues,
  patterns,
  valueSet,
  formats,
] as readonly Measure[];

export function getMeasure(name: MeasureName): Measure {
  const measure = MEASURES.find((candidate) => candidate.name === name);
  if (!measure) throw new RangeError(`no measure is called "${name}"`);
  return measure;
}
