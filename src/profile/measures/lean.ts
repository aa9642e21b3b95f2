import type { MeasuredColumn } from '../column.ts';
import type { Ask } from '../statements.ts';
import type { KnownTexts } from './canonical-sql.ts';
import { type CountsPart, counts } from './counts.ts';
import type { Measure } from './measure.ts';
import { type MinMaxPart, minMax } from './min-max.ts';

/** As if no double was infinite or NaN. */
const finiteCounts: Measure<CountsPart> = {
  ...counts,
  sql: ({ ref }) => ({ non_null: `count(${ref})`, nan: `count_if(isnan(${ref}))` }),
};
const finiteMinMax: Measure<MinMaxPart> = {
  ...minMax,
  sql: ({ ref }) => ({ min: `min(${ref})`, max: `max(${ref})` }),
  part: (row, column, known) =>
    minMax.part({ ...row, finite_min: row.min ?? null, finite_max: row.max ?? null }, column, known),
};
/** As if no text was blank. */
const filledCounts: Measure<CountsPart> = { ...counts, sql: ({ ref }) => ({ non_null: `count(${ref})` }) };

/**
 * The same asked in fewer aggregates, half of what they take, where a column is likely to be as nearly all are: doubles finite, texts
 * plain. Whether it was, `leanHolds` tells. Pure.
 */
export function leanAsks(asks: readonly Ask[], { kind }: MeasuredColumn, texts: KnownTexts): Ask[] {
  const names = new Set(asks.map(({ measure }) => measure.name));
  const leanOf = ({ measure }: Ask): Measure => {
    if (kind === 'float' && names.has('counts') && names.has('minmax')) {
      if (measure.name === 'counts') return finiteCounts as Measure;
      if (measure.name === 'minmax') return finiteMinMax as Measure;
    }
    return kind === 'text' && isFilled(texts) && measure.name === 'counts' ? (filledCounts as Measure) : measure;
  };
  return asks.map((ask) => ({ ...ask, measure: leanOf(ask) }));
}

/** Whether an answer to a lean ask is that to the full one. @param texts what is known of all texts now */
export function leanHolds(answers: readonly (readonly [Ask, unknown])[], texts: KnownTexts): (ask: Ask) => boolean {
  const of = (measure: object): unknown => answers.find(([ask]) => ask.measure === measure)?.[1];
  const [seen, range] = [of(finiteCounts), of(finiteMinMax)] as [CountsPart | undefined, MinMaxPart | undefined];
  const finite =
    seen?.nan === 0 && [range?.min, range?.max].every((text) => text == null || Number.isFinite(Number(text)));
  return ({ measure }) => {
    const lean: object = measure;
    if (lean === finiteCounts || lean === finiteMinMax) return finite;
    return lean !== filledCounts || isFilled(texts);
  };
}

/** Whether none of the texts is blank. */
const isFilled = (texts: KnownTexts): boolean => texts === 'plain' || texts === 'canonical';
