import { add, type ExactJson, fromDecimalText, fromExactJson, fromInteger, toExactJson } from '../exact-number.ts';
import { hasWholeNumbers, sumInHand } from '../whole-numbers.ts';
import { type Measure, requireCount } from './measure.ts';

/** Exact sum of integers and decimals. (Doubles are summed by `squares`, once their range is known.) */
export interface SumPart {
  count: number;
  sum: ExactJson;
}

export const sum: Measure<SumPart> = {
  name: 'sum',
  pass: 'scan',
  applies: ({ kind }) => kind === 'integer' || kind === 'decimal',
  sql: ({ ref, duckdbType }) => ({
    count: `count(${ref})`,
    // DuckDB adds UHUGEINT up as DOUBLE; values beyond HUGEINT leave the sum unknown, with that reason.
    sum: duckdbType.toUpperCase() === 'UHUGEINT' ? `sum(${ref}::HUGEINT)` : `sum(${ref})`,
  }),
  inHand(values, column) {
    if (!hasWholeNumbers(column)) return undefined;
    const sum = sumInHand(values, column, 1);
    return { count: values.rows, sum: toExactJson(fromInteger(sum, 0, 0 - column.scale)) };
  },
  part: (row) => ({ count: requireCount(row, 'count'), sum: toExactJson(fromDecimalText(row.sum ?? '0')) }),
  merge: (a, b) => ({ count: a.count + b.count, sum: toExactJson(add(fromExactJson(a.sum), fromExactJson(b.sum))) }),
};
