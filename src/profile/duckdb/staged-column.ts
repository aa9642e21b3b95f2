import { castSql, type TimeFormats } from '../cast.ts';
import { type ColumnKind, kindOf } from '../column.ts';

/** A column as a staging table holds it: `c<i>` in its type, `b<i>` the text of values that did not fit it. */
export interface StagedColumn {
  name: string;
  nativeType: string;
  duckdbType: string;
  typeBasis: 'precise' | 'inferred';
  /** As in ReadColumn. */
  sure?: true;
}

/** The type in which whatever parses the texts may give them: casting them there costs half of what it costs behind it. */
export const parsedAs = ({ sure, duckdbType }: StagedColumn): string =>
  sure && PARSED.has(kindOf(duckdbType)) ? duckdbType : 'VARCHAR';

const PARSED = new Set<ColumnKind>(['integer', 'float', 'boolean', 'time', 'uuid']);

/** Whether there may be texts that do not fit its type. */
export const mayMisfit = ({ sure, duckdbType }: StagedColumn): boolean =>
  sure ? ['decimal', 'timestamp'].includes(kindOf(duckdbType)) : duckdbType.toUpperCase() !== 'VARCHAR';

/** SQL that casts what was parsed to the type of the column, null where it does not fit. @param number see `castSql` */
export const castOf = (column: StagedColumn, text: string, formats?: TimeFormats, number?: string): string =>
  column.duckdbType.toUpperCase() === 'VARCHAR' || parsedAs(column) !== 'VARCHAR'
    ? text
    : castSql(text, column, formats, number);

/**
 * SELECT list that casts texts to their types and keeps what does not fit beside them: one pass, and no value is lost.
 * `source(i)` is the text of column i.
 */
export const castList = (columns: readonly StagedColumn[], source: (i: number) => string): string =>
  columns.map((column, i) => castItem(column, i, source(i))).join(',\n  ');

export function castItem(column: StagedColumn, i: number, text: string): string {
  const cast = castOf(column, text);
  if (!mayMisfit(column)) return `${cast} AS c${i}`;
  return `${cast} AS c${i}, CASE WHEN ${text} IS NOT NULL AND ${cast} IS NULL THEN ${text} END AS b${i}`;
}
