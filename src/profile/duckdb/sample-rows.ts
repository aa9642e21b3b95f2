import type { MeasuredColumn } from '../column.ts';
import { repeats, seenDistinct, valueLevel } from '../sampling.ts';
import { FOUND_BITS, groupStatement, sampleStatement, seenSql } from '../statements.ts';
import { asksOf, GROUPED, viewOf, type Work } from './measure-work.ts';

/** What a sample of the rows says of a column. */
export interface ColumnSample {
  /** Its groups, `v` and `n`. */
  table: string;
  /** Each row was taken with the chance 2^−level: so many rows, and so many with a value that is neither null nor NaN. */
  level: number;
  rows: number;
  values: number;
  /** Few enough different values for grouping all rows to cost next to nothing. */
  repeats: boolean;
  /** Different values, at least in the mean. */
  estimate: number;
  /** The level at which its different values are chosen, as far as their number is known. */
  valueLevel: number;
  /** Top bits of the choosing hashes of its most frequent values. */
  marks: number[];
}

/**
 * Groups a sample of the rows of a large relation, the same rows for every column. They are taken by their positions, so that the
 * answer is the same whoever reads and with how many threads. A column that cannot be sampled is absent.
 */
export async function sampleRows(work: Work, level: number): Promise<Map<string, ColumnSample>> {
  const { session, relation } = work;
  const samples = new Map<string, ColumnSample>();
  const columns = work.columns.filter((part) => asksOf(work, part, GROUPED).length > 0).map(({ column }) => column);
  for (const view of new Set(columns.map((column) => viewOf(work, column)))) {
    const ofView = columns.filter((column) => viewOf(work, column) === view);
    const refs = ofView.map(({ ref }) => ref);
    try {
      await session.run(
        sampleStatement('sampled', refs, view, relation.position ?? '', level),
        'taking a sample of the rows',
      );
    } catch (error) {
      // One column may be the cause, which grouping each will tell.
      session.assertLive(error);
      continue;
    }
    const [[rows] = []] = await session.query('SELECT count(*)::VARCHAR FROM sampled', 'counting the sample');
    for (const column of ofView) samples.set(column.ref, await groupSample(work, column, level, Number(rows)));
    await session.run('DROP TABLE sampled', 'taking a sample of the rows');
  }
  return samples;
}

async function groupSample(work: Work, column: MeasuredColumn, level: number, rows: number): Promise<ColumnSample> {
  const { session, limits } = work;
  const doing = `grouping column "${column.name}"`;
  const table = `sample_${column.ref}`;
  await session.run(groupStatement(table, column, 'sampled'), doing);
  const [[distinct, once, twice, values, marks] = []] = await session.query(seenSql(column, table), doing);
  const seen = { distinct: Number(distinct), once: Number(once), twice: Number(twice) };
  const estimate = seenDistinct(seen, work.rows);
  return {
    table,
    level,
    rows,
    values: Number(values),
    estimate,
    repeats: repeats(estimate, work.rows, limits),
    valueLevel: Math.min(valueLevel(estimate, limits), FOUND_BITS),
    marks: JSON.parse(marks ?? '[]') as number[],
  };
}
