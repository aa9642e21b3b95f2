import type { MeasuredColumn } from '../column.ts';
import type { KnownTexts } from '../measures/canonical-sql.ts';
import type { SamplingLimits } from '../sampling.ts';
import {
  allValuesStatement,
  buildStatement,
  chosenStatement,
  foundStatement,
  GROUPED_VALUES,
  groupStatement,
  groupsOfTable,
  namedStatement,
} from '../statements.ts';
import { ask, readAnswers, reasonOf, store } from './answer.ts';
import type { MeasuredTogether } from './measure-together.ts';
import { asksOf, GROUPED, type Groups, groupingOf, groupsOf, viewOf, WHOLE_GROUPS, type Work } from './measure-work.ts';
import type { ColumnSample } from './sample-rows.ts';
import { knownTexts, textsSql } from './scan-texts.ts';

/**
 * The `scan` pass of a large relation. Of text columns whose values will be chosen it asks as well whether all of them are ASCII, and
 * plain: then neither choosing nor the value set has to look.
 *
 * @param known what is known of the texts of columns that were scanned already; what is found is added
 */
export async function scanLarge(
  work: Work,
  samples: ReadonlyMap<string, ColumnSample>,
  known: Map<string, KnownTexts>,
): Promise<void> {
  for (const { view, columns } of groupsOf(work.columns, (column) => viewOf(work, column))) {
    const asks = columns.flatMap((part) => asksOf(work, part, ['scan']));
    // What the sample says no to needs no looking at every row.
    const may = columns.flatMap(({ column: { ref } }) => {
      const sample = samples.get(ref);
      if (sample && work.relation.texts?.has(ref)) known.set(ref, sample.texts);
      return !sample || sample.repeats || known.has(ref) ? [] : [{ ref, sql: textsSql(ref, sample.texts) }];
    });
    if (asks.length + may.flatMap(({ sql }) => sql).length === 0) continue;
    try {
      const statement = buildStatement(
        asks,
        view,
        may.flatMap(({ sql }) => sql).map((count, i) => `${count}::VARCHAR AS is${i}`),
      );
      const [row = []] = await work.session.query(statement.sql, 'measuring');
      store(work, readAnswers(statement, row));
      let at = row.length - may.flatMap(({ sql }) => sql).length;
      for (const { ref, sql } of may) {
        if (sql.length > 0) known.set(ref, knownTexts(row.slice(at, at + sql.length)));
        at += sql.length;
      }
    } catch (error) {
      work.session.assertLive(error);
      await ask(work, asks, (some) => buildStatement(some, view));
    }
  }
}

/**
 * The groups of each column of a large relation.
 *
 * @param samples absent: every column is grouped wholly
 * @param grouped column reference → the table of its groups, where it was grouped already
 */
export async function measureLarge(
  work: Work,
  samples?: ReadonlyMap<string, ColumnSample>,
  { found, texts }: Partial<MeasuredTogether> = {},
  grouped: ReadonlyMap<string, string> = new Map(),
): Promise<void> {
  const { session, columns, options } = work;
  for (const [i, part] of columns.entries()) {
    options.progress?.(0.5 + (0.5 * i) / columns.length);
    if (asksOf(work, part, GROUPED).length === 0) continue;
    try {
      const sample = samples?.get(part.column.ref);
      const groups =
        sample && !sample.repeats
          ? await groupBySample(work, part.column, sample, texts?.get(part.column.ref), found?.get(part.column.ref))
          : await groupWholly(work, part.column, grouped.get(part.column.ref));
      await ask(work, asksOf(work, part, GROUPED, groups), (some) => buildStatement(some, null));
    } catch (error) {
      session.assertLive(error);
      const reason = { unknown: reasonOf(error) };
      for (const { measure } of asksOf(work, part, GROUPED)) part.measures[measure.name] ??= reason;
    }
  }
  for (const name of [
    ...['VIEW IF EXISTS a', 'VIEW IF EXISTS c', 'VIEW IF EXISTS d', 'VIEW IF EXISTS g'],
    ...['TABLE IF EXISTS grouped', 'TABLE IF EXISTS found'],
    ...[...(samples?.values() ?? [])].map(({ table }) => `TABLE ${table}`),
    ...[...grouped.values(), ...(found?.values() ?? [])].map((table) => `TABLE ${table}`),
  ])
    await session.run(`DROP ${name}`, 'grouping');
}

/** Makes `g` and `d` of all values of a column. @param known the table of its groups, where there is one */
async function groupWholly(work: Work, column: MeasuredColumn, known?: string): Promise<Groups> {
  if (known === undefined)
    await work.session.run(groupStatement('grouped', column, viewOf(work, column)), groupingOf(column));
  await work.session.run(groupsOfTable(known ?? 'grouped'), groupingOf(column));
  await work.session.run(GROUPED_VALUES, groupingOf(column));
  return WHOLE_GROUPS;
}

/**
 * Makes `g` of the sample, `d` of different values chosen from all rows, `c` of those that are named, and `a`.
 *
 * @param known the table of its chosen values, where there is one
 */
async function groupBySample(
  work: Work,
  column: MeasuredColumn,
  sample: ColumnSample,
  texts: KnownTexts,
  known?: string,
): Promise<Groups> {
  const { session, rows, limits } = work;
  const view = viewOf(work, column);
  await session.run(groupsOfTable(sample.table), groupingOf(column));
  let level = sample.valueLevel;
  let table = known;
  for (;;) {
    if (table === undefined) {
      await session.run(foundStatement(column, view, { level, marks: sample.marks, texts }), groupingOf(column));
      table = 'found';
    }
    await session.run(chosenStatement(table, level), groupingOf(column));
    const [[count] = []] = await session.query('SELECT count(*)::VARCHAR FROM d', groupingOf(column));
    const less = levelsLess(Number(count), limits);
    if (level === 0 || less === 0) break;
    level = Math.max(level - less, 0);
    table = undefined;
  }
  await session.run(namedStatement(table, sample.marks.length > 0), groupingOf(column));
  await session.run(allValuesStatement(column, view), groupingOf(column));
  return {
    groups: { kind: 'sample', level: sample.level, rows: sample.rows, ofRows: rows, values: sample.values },
    values: level === 0 ? { kind: 'all' } : { kind: 'sample', level, texts },
  };
}

/** The estimate was too high where too few values were chosen: so many levels less give as many as are wanted. */
const levelsLess = (chosen: number, { sampledValues }: SamplingLimits): number =>
  chosen * 2 >= sampledValues ? 0 : Math.max(1, Math.ceil(Math.log2(sampledValues / Math.max(chosen, 1))));
