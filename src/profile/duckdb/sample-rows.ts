import type { MeasuredColumn } from '../column.ts';
import type { KnownTexts } from '../measures/canonical-sql.ts';
import { repeats, seenDistinct, valueLevel } from '../sampling.ts';
import { FOUND_BITS, groupStatement, seenSql } from '../statements.ts';
import { type DrawOptions, drawnSql, type PutAside } from './draw-rows.ts';
import { findNewest, type Newest, rowSql } from './find-newest.ts';
import { asksOf, GROUPED, groupingOf, groupsOf, viewOf, type Work } from './measure-work.ts';
import type { Relation } from './staging.ts';

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
  /** Top bits of the choosing hashes of its most frequent values; none where none is more frequent than by chance. */
  marks: number[];
  /** Rows of the sample with one of those values. */
  markedRows: number;
  /** Smallest and largest whole number of the sample. */
  range?: { min: string; max: string };
  /** Of texts, in the mean. */
  bytes: number;
  /** What its texts may be, for all that were sampled are. */
  texts: KnownTexts;
}

/** Any number would do where no rows are drawn; with it the hash of a position is not that of an equal value. */
export const SAMPLE_SEED = 20_011;

/**
 * Groups a sample of the rows of a large relation, the same rows for every column. They are taken by their positions, so that the
 * answer is the same whoever reads and with how many threads. A column that cannot be sampled is absent. The rows to draw are the
 * first of the same order, and put aside on the way.
 */
export async function sampleRows(
  work: Work,
  level: number,
  draw: DrawOptions | undefined,
): Promise<{ samples: Map<string, ColumnSample>; aside?: PutAside }> {
  const { session, relation } = work;
  const samples = new Map<string, ColumnSample>();
  const seed = draw?.seed ?? SAMPLE_SEED;
  const counted = { ...relation, rows: work.rows };
  const newest =
    draw &&
    (await findNewest(
      session,
      counted,
      work.columns.map(({ column }) => column),
      draw.wholeRows,
    ));
  const aside: PutAside | undefined = newest && { newest, tables: new Map() };
  const chosen = `hash(${rowSql(relation)}, ${seed}) >> ${64 - level} = 0`;
  const columns = work.columns.filter((part) => asksOf(work, part, GROUPED).length > 0);
  for (const [at, group] of groupsOf(columns, (column) => viewOf(work, column), columns.length).entries()) {
    const refs = group.columns.map(({ column }) => column.ref);
    const list = [...refs, relation.position].join(', ');
    const from = takenFrom(relation, group.view, { list, chosen, seed, level }, newest);
    try {
      await session.run(`CREATE OR REPLACE TEMP TABLE taken AS ${from}`, 'taking a sample of the rows');
    } catch (error) {
      // One column may be the cause, which grouping each will tell.
      session.assertLive(error);
      continue;
    }
    const name = `sampled_${at}`;
    await session.run(`CREATE TEMP VIEW ${name} AS SELECT * FROM taken WHERE ${chosen}`, 'taking a sample of the rows');
    const [[rows] = []] = await session.query(`SELECT count(*)::VARCHAR FROM ${name}`, 'counting the sample');
    for (const { column } of group.columns)
      samples.set(column.ref, await groupSample(work, column, { name, level, rows: Number(rows) }));
    if (aside) {
      const table = `aside_${at}`;
      await session.run(
        `CREATE TEMP TABLE ${table} AS SELECT * FROM taken${drawnSql(counted, seed, aside.newest)}`,
        'drawing rows',
      );
      for (const ref of refs) aside.tables.set(ref, table);
    }
    await session.run(`DROP VIEW ${name}`, 'taking a sample of the rows');
    await session.run('DROP TABLE taken', 'taking a sample of the rows');
  }
  return { samples, ...(aside ? { aside } : {}) };
}

/** The sample, and the newest row: of the rows that were put aside while all were read, where there are some of this sample. */
function takenFrom(
  relation: Relation,
  view: string,
  { list, chosen, seed, level }: { list: string; chosen: string; seed: number; level: number },
  newest: Newest | undefined,
): string {
  const { sample } = relation;
  if (sample === undefined || sample.seed !== seed || sample.level > level || view !== relation.name)
    return `SELECT ${list} FROM ${view} WHERE ${chosen}${newest ? ` OR ${rowSql(relation)} = ${newest.row}` : ''}`;
  const aside = `SELECT ${list} FROM ${sample.view} WHERE ${chosen}`;
  if (newest === undefined) return aside;
  // By the position itself, of which the file can tell where it lies.
  return `${aside} UNION ALL SELECT ${list} FROM ${view} WHERE ${relation.position} = ${newest.row - 1} AND NOT (${chosen})`;
}

async function groupSample(
  work: Work,
  column: MeasuredColumn,
  { name, level, rows }: { name: string; level: number; rows: number },
): Promise<ColumnSample> {
  const { session, limits } = work;
  const doing = groupingOf(column);
  const table = `sample_${column.ref}`;
  await session.run(groupStatement(table, column, name), doing);
  const [[distinct, once, twice, values, named, min, max, bytes, ascii, plain] = []] = await session.query(
    seenSql(column, table),
    doing,
  );
  const { marks, rows: markedRows } = JSON.parse(named ?? '{"marks":[],"rows":0}') as { marks: number[]; rows: number };
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
    marks,
    markedRows,
    ...(min == null || max == null ? {} : { range: { min, max } }),
    bytes: Number(bytes ?? 0),
    texts: work.relation.texts?.has(column.ref)
      ? work.relation.texts.get(column.ref)
      : plain === 'true'
        ? 'plain'
        : ascii === 'true'
          ? 'ascii'
          : undefined,
  };
}
