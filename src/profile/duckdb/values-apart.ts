import { kindOf } from '../column.ts';
import type { CountsPart } from '../measures/counts.ts';
import { type ColumnPart, isUnknown } from '../part.ts';
import type { Session } from './session.ts';
import type { StagedColumn } from './staged-column.ts';
import type { Relation } from './staging.ts';

/** What a decimal of PostgreSQL may be and one of DuckDB may not. */
const NAN = 'NaN';
const INFINITE = ['Infinity', '-Infinity'];
const quoted = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(', ');

/** Columns of decimals that hold nothing else that does not fit. @param misfits column → how many values do not */
export async function findApart(
  session: Session,
  table: string,
  columns: readonly StagedColumn[],
  misfits: ReadonlyMap<number, number>,
): Promise<Set<number>> {
  const asked = [...misfits.keys()].filter((i) => kindOf(columns[i]?.duckdbType ?? '') === 'decimal');
  if (asked.length === 0) return new Set();
  const list = asked.map((i) => `bool_and(b${i} IN (${quoted([NAN, ...INFINITE])}))::VARCHAR`);
  const [row = []] = await session.query(`SELECT ${list.join(', ')} FROM ${table}`, 'checking the types');
  return new Set(asked.filter((_, at) => row[at] === 'true'));
}

/** Adds to the counts of columns what lies apart from them. */
export async function countApart(
  session: Session,
  { name, views, apart }: Relation,
  columns: readonly ColumnPart[],
): Promise<ColumnPart[]> {
  const counted: ColumnPart[] = [];
  for (const part of columns) {
    const { ref } = part.column;
    const { counts } = part.measures;
    const beside = apart?.get(ref);
    if (beside === undefined || counts === undefined || isUnknown(counts)) {
      counted.push(part);
      continue;
    }
    const [[nan, infinite] = []] = await session.query(
      `SELECT count_if(${beside} = '${NAN}')::VARCHAR, count_if(${beside} IN (${quoted(INFINITE)}))::VARCHAR FROM ${views?.get(ref) ?? name}`,
      'counting what is no number',
    );
    const more = { beside: { nan: Number(nan), infinite: Number(infinite) } };
    counted.push({ ...part, measures: { ...part.measures, counts: { ...(counts as CountsPart), ...more } } });
  }
  return counted;
}
