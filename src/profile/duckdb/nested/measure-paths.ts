import type { MeasuredColumn } from '../../column.ts';
import type { MinMaxPart } from '../../measures/min-max.ts';
import { arrayTextToJson } from '../../nested/array-text.ts';
import { NO_PATHS, type PathsPart } from '../../nested/paths-part.ts';
import { type ColumnPart, isUnknown, type TablePart } from '../../part.ts';
import { reasonOf } from '../answer.ts';
import type { MeasureOptions } from '../measure-work.ts';
import type { Session } from '../session.ts';
import type { Relation } from '../staging.ts';
import { walkJson } from './json-paths.ts';
import { walkTyped } from './typed-paths.ts';
import { Walk } from './walk.ts';

/** Paths that a warning names. */
const SHOWN = 5;

/**
 * Adds to a measured relation the paths within its nested columns: structs, lists, maps and unions, JSON, arrays of PostgreSQL, and
 * texts that are all JSON objects or all JSON arrays. What fails for a column leaves that column without paths, with a warning.
 */
export async function measurePaths(
  session: Session,
  relation: Relation,
  part: TablePart,
  options: MeasureOptions,
): Promise<TablePart> {
  const warnings: string[] = [];
  const columns: ColumnPart[] = [];
  for (const measured of part.columns) columns.push(await withPaths(session, relation, measured, options, warnings));
  return { ...part, columns, warnings: [...part.warnings, ...warnings] };
}

async function withPaths(
  session: Session,
  relation: Relation,
  measured: ColumnPart,
  options: MeasureOptions,
  warnings: string[],
): Promise<ColumnPart> {
  const { column } = measured;
  const from = relation.views?.get(column.ref) ?? relation.name;
  const walk = new Walk(session, options);
  const guessed = column.kind === 'text' && !isDeclared(column);
  try {
    if (column.kind === 'nested') await walkTyped(walk, column.name, column.duckdbType, column.ref, from);
    else {
      const json = await jsonOf(session, measured, from);
      if (json === undefined) return measured;
      const rows = `SELECT * FROM (SELECT row_number() OVER () AS o, ${json} AS v FROM ${from}) WHERE v IS NOT NULL`;
      await walk.withTable(rows, (table) => walkJson(walk, column.name, [], table, { listed: true }));
    }
  } catch (error) {
    warnings.push(`what lies within column "${column.name}" could not be measured: ${reasonOf(error)}`);
    return { ...measured, paths: NO_PATHS };
  }
  const paths: PathsPart = { ...walk.result(), ...(guessed ? { guessed } : {}) };
  warnings.push(...walk.warnings);
  if (paths.leftOut.length > 0) {
    const more = paths.leftOut.length > SHOWN || paths.leftOutMore ? ', …' : '';
    warnings.push(
      `column "${column.name}": ${paths.leftOutMore ? 'more than ' : ''}${paths.leftOut.length} of the paths within it are left out, for there are too many or they lie too deep: ${paths.leftOut.slice(0, SHOWN).join(', ')}${more}`,
    );
  }
  return paths.paths.length + paths.leftOut.length > 0 ? { ...measured, paths } : measured;
}

const isDeclared = ({ duckdbType, nativeType, typeBasis }: MeasuredColumn): boolean =>
  duckdbType.toUpperCase() === 'JSON' || /^jsonb?$/i.test(nativeType) || isOfJsonFile({ nativeType, typeBasis });

/** SQL of a column's values as JSON, null where a value is none; undefined for a column that holds none. */
async function jsonOf(session: Session, part: ColumnPart, from: string): Promise<string | undefined> {
  const { kind, ref, nativeType } = part.column;
  if (kind !== 'text' || !mayHavePaths(part)) return undefined;
  const json = `TRY_CAST(${ref} AS JSON)`;
  if (isDeclared(part.column)) return json;
  if (isArray(part.column)) return `TRY_CAST(${arrayTextToJson(ref, nativeType)} AS JSON)`;
  // Only where every single value is JSON is a text more than a text.
  const [[valid] = []] = await session.query(
    `SELECT (coalesce(bool_and(json_valid(${ref})), false))::VARCHAR FROM ${from}`,
    'looking for JSON in texts',
  );
  return valid === 'true' ? json : undefined;
}

/** Whether values of the column would have to be looked into for paths. */
export const mayHavePaths = ({ column, measures }: ColumnPart): boolean =>
  column.kind === 'nested' ||
  (column.kind === 'text' && (isDeclared(column) || isArray(column) || mayBeJson(measures.minmax)));

const isArray = ({ nativeType, duckdbType }: MeasuredColumn): boolean =>
  nativeType.endsWith('[]') && duckdbType === 'VARCHAR';

/** A column of a JSON file some of whose values are objects or arrays. */
const isOfJsonFile = ({ nativeType, typeBasis }: Pick<MeasuredColumn, 'nativeType' | 'typeBasis'>): boolean =>
  typeBasis === 'inferred' && /\b(object|array)\b/.test(nativeType);

/** All texts lie between the smallest and the largest: when both begin with `{`, all do. */
function mayBeJson(part: unknown): boolean {
  if (part === undefined || isUnknown(part)) return false;
  const { min, max } = part as MinMaxPart;
  const first = min?.[0];
  return (first === '{' || first === '[') && max?.[0] === first;
}
