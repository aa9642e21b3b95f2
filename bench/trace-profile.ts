import { Session } from '../src/profile/duckdb/session.ts';
import { MEASURES } from '../src/profile/measures/index.ts';
import type { Measure } from '../src/profile/measures/measure.ts';

type Rows = (string | null)[][];

/** Marks in the text of a statement to which measure an expression belongs. */
const MARK = /\/\*measure (\w+) (\w+)\*\//g;

/**
 * Wraps the session and the measures of this process so that their CPU seconds add up by kind. A statement that asks for several measures of a
 * column is put as one statement for each, so that each has its own time; what the planner would have shared is computed twice
 * then, and the sum a little larger than an untraced run. Answers a function that tells the sums.
 */
export function traceProfile(): () => Record<string, number> {
  const kinds: Record<string, number> = {};
  const started = process.cpuUsage();
  let traced = 0;
  const timed = async <T>(kind: string, work: () => T | Promise<T>): Promise<T> => {
    const before = process.cpuUsage();
    try {
      return await work();
    } finally {
      add(kind, before);
    }
  };
  const add = (kind: string, before: NodeJS.CpuUsage): void => {
    const { user, system } = process.cpuUsage(before);
    kinds[kind] = (kinds[kind] ?? 0) + (user + system) / 1e6;
    traced += (user + system) / 1e6;
  };

  const { query, run } = Session.prototype;
  Session.prototype.query = async function (this: Session, sql: string, doing: string): Promise<Rows> {
    const alone = splitByMeasure(sql);
    if (alone.length < 2) return timed(kindOf(sql, doing), () => query.call(this, sql, doing));
    const row: (string | null)[] = [];
    for (const one of alone) {
      const [cells = []] = await timed(kindOf(one, doing), () => query.call(this, one, doing));
      row.push(...cells);
    }
    return [row];
  };
  Session.prototype.run = function (this: Session, sql: string, doing: string): Promise<void> {
    return timed(kindOf(sql, doing), () => run.call(this, sql, doing));
  };
  for (const measure of MEASURES) wrapMeasure(measure, add);

  return () => {
    const { user, system } = process.cpuUsage(started);
    return { ...kinds, 'everything else in JavaScript': (user + system) / 1e6 - traced };
  };
}

function wrapMeasure(measure: Measure, add: (kind: string, before: NodeJS.CpuUsage) => void): void {
  const { sql, part } = measure;
  measure.sql = (column, known) =>
    Object.fromEntries(
      Object.entries(sql(column, known)).map(([alias, expression]) => [
        alias,
        `/*measure ${measure.pass} ${measure.name}*/${expression}`,
      ]),
    );
  measure.part = (row, column, known) => {
    const before = process.cpuUsage();
    const answer = part(row, column, known);
    add(`${measure.name} in JavaScript`, before);
    return answer;
  };
}

/** The expressions of a statement without a relation, by measure; a statement over rows stays whole, for it reads them once. */
function splitByMeasure(sql: string): string[] {
  const list = /^SELECT\n {2}(\(\/\*measure [\s\S]*)$/.exec(sql)?.[1];
  if (list === undefined || /\nFROM \w+$/.test(sql)) return [];
  const items = list.split(/,\n {2}(?=\(\/\*measure )/);
  const byMeasure: { name: string; items: string[] }[] = [];
  for (const item of items) {
    const name = item.matchAll(MARK).next().value?.[2] ?? '';
    if (byMeasure.at(-1)?.name === name) byMeasure.at(-1)?.items.push(item);
    else byMeasure.push({ name, items: [item] });
  }
  return byMeasure.map((one) => `SELECT\n  ${one.items.join(',\n  ')}`);
}

const BY_DOING: Record<string, string> = {
  'reading the file': 'loading',
  'reading the rows': 'loading',
  'casting the rows': 'loading',
  'finding out the types': 'loading',
  'checking the types': 'loading',
  'preparing the rows': 'loading',
  'taking a sample of the rows': 'sample of rows',
  'counting the sample': 'sample of rows',
  'drawing rows': 'drawing rows to show',
  'looking for the newest row': 'drawing rows to show',
};

function kindOf(sql: string, doing: string): string {
  const marks = [...sql.matchAll(MARK)];
  const passes = new Set(marks.map(([, pass]) => pass));
  if (passes.has('scan')) return 'scan of all rows';
  if (passes.has('refine')) return 'refining scan of all rows';
  const names = [...new Set(marks.map(([, , name]) => name))];
  if (names.length > 0) return `${names.join(', ')} in SQL`;
  if (/ TABLE chosen /.test(sql)) return 'sample of different values';
  if (doing.startsWith('grouping')) return 'grouping';
  return BY_DOING[doing] ?? 'other statements';
}
