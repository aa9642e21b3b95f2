import { isNumeric } from '../column.ts';
import { binsAround, histogramOfBins } from '../measures/bins.ts';
import { finiteRange, histogram } from '../measures/histogram.ts';
import { squares } from '../measures/squares.ts';
import { binnedStatement } from '../together.ts';
import { readAnswers, store, unlessUnread } from './answer.ts';
import { asksOf, groupingOf, isAsked, viewOf, type Work } from './measure-work.ts';

/**
 * Squares and histogram of the numbers of a large relation, each column in one pass of its own: half of what two expressions in wide
 * statements take. What fails is left to be asked apart, which tells the reason.
 */
export async function measureByBins(work: Work): Promise<void> {
  for (const part of work.columns) {
    const { column, measures } = part;
    if (!isNumeric(column.kind)) continue;
    if (![squares, histogram].every((measure) => isAsked(work, part, measure, ['refine']))) continue;
    await unlessUnread(
      work.session,
      (async () => {
        const asks = asksOf(work, part, ['refine'], undefined, ({ measure }) => measure.name === 'squares');
        const range = asks[0] && finiteRange(asks[0].known, column.kind === 'float');
        if (!range) return;
        const bins = binsAround(range.low, range.high);
        const statement = binnedStatement(column, viewOf(work, column), asks, bins);
        const [row = []] = await work.session.query(statement.sql, groupingOf(column));
        const bars = histogramOfBins(readBins(row), bins, range);
        store(work, readAnswers(statement, row));
        if (bars) measures.histogram = bars;
      })(),
    );
  }
}

/** The last of an answer: numbers of bins and their counts. */
export const readBins = (row: readonly (string | null)[]): [number | null, number][] =>
  JSON.parse(row.at(-1) ?? '[]') as [number | null, number][];
