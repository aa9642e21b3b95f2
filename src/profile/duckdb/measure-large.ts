import type { MeasuredColumn } from '../column.ts';
import { repeats, seenDistinct, valueLevel } from '../sampling.ts';
import {
  allValuesStatement,
  asValues,
  buildStatement,
  CHOOSER_SQL,
  groupStatement,
  sampleStatement,
  seenSql,
  valuesStatement,
} from '../statements.ts';
import { ask, reasonOf } from './answer.ts';
import { asksOf, GROUPED, type Groups, viewOf, WHOLE_GROUPS, type Work } from './measure-work.ts';

export async function measureLarge(work: Work, level: number): Promise<void> {
  const { session, columns, options } = work;
  const samples = level === 0 ? new Map<string, RowSample>() : await takeSamples(work, level);
  const chooser = level === 0 ? '' : String((await session.query(CHOOSER_SQL, 'naming the hash'))[0]?.[0]);
  for (const [i, part] of columns.entries()) {
    options.progress?.(0.5 + (0.5 * i) / columns.length);
    if (asksOf(work, part, GROUPED).length === 0) continue;
    try {
      const groups = await groupColumn(work, part.column, samples.get(viewOf(work, part.column)), chooser);
      await ask(work, asksOf(work, part, GROUPED, groups), (some) => buildStatement(some, null));
    } catch (error) {
      session.assertLive(error);
      const reason = { unknown: reasonOf(error) };
      for (const { measure } of asksOf(work, part, GROUPED)) part.measures[measure.name] ??= reason;
    }
  }
  for (const name of [
    'VIEW IF EXISTS a',
    'VIEW IF EXISTS d',
    'TABLE IF EXISTS g',
    'TABLE IF EXISTS chosen',
    ...[...samples.values()].map(({ name }) => `TABLE ${name}`),
  ])
    await session.run(`DROP ${name}`, 'grouping');
}

interface RowSample {
  name: string;
  level: number;
  rows: number;
}

/** The same rows of every view; by their positions, so that the answer is the same whoever reads and with how many threads. */
async function takeSamples(work: Work, level: number): Promise<Map<string, RowSample>> {
  const { session, relation } = work;
  const samples = new Map<string, RowSample>();
  for (const view of new Set(work.columns.map(({ column }) => viewOf(work, column)))) {
    const refs = work.columns.flatMap(({ column }) => (viewOf(work, column) === view ? [column.ref] : []));
    const name = `sample_of_${view}`;
    await session.run(sampleStatement(name, refs, view, relation.position ?? '', level), 'taking a sample of the rows');
    const [[rows] = []] = await session.query(`SELECT count(*)::VARCHAR FROM ${name}`, 'counting the sample');
    samples.set(view, { name, level, rows: Number(rows) });
  }
  return samples;
}

/** Makes `g` and `d` of a column, and says of what they are. */
async function groupColumn(
  work: Work,
  column: MeasuredColumn,
  sample: RowSample | undefined,
  chooser: string,
): Promise<Groups> {
  const { session, limits, rows } = work;
  const view = viewOf(work, column);
  const doing = `grouping column "${column.name}"`;
  const wholly = async (): Promise<Groups> => {
    await session.run(groupStatement(column, view), doing);
    await session.run(asValues('g'), doing);
    return WHOLE_GROUPS;
  };
  if (!sample) return wholly();
  await session.run(groupStatement(column, sample.name), doing);
  const [seen = []] = await session.query(seenSql(column), doing);
  const [distinct = 0, once = 0, twice = 0, values = 0] = seen.map(Number);
  const estimate = seenDistinct({ distinct, once, twice }, rows);
  if (repeats(estimate, rows, limits)) return wholly();
  await session.run(allValuesStatement(column, view), doing);
  let chosenLevel = valueLevel(estimate, limits);
  let chosen = 0;
  for (;;) {
    await session.run(valuesStatement(column, view, chosenLevel), doing);
    const [[count] = []] = await session.query('SELECT count(*)::VARCHAR FROM chosen', doing);
    chosen = Number(count);
    if (chosenLevel === 0 || chosen * 2 >= limits.sampledValues) break;
    // The estimate was too high: so many levels less give as many as are wanted.
    const less = Math.max(1, Math.ceil(Math.log2(limits.sampledValues / Math.max(chosen, 1))));
    chosenLevel = Math.max(chosenLevel - less, 0);
  }
  await session.run(asValues('chosen'), doing);
  return {
    groups: { kind: 'sample', level: sample.level, rows: sample.rows, ofRows: rows, values },
    values: chosenLevel === 0 ? { kind: 'all' } : { kind: 'sample', level: chosenLevel, chooser, chosen },
  };
}
