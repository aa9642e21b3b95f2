import type { ToldText } from '../connectors/connector.ts';
import type { MeasuredColumn } from './column.ts';
import { compactPart } from './compact-part.ts';
import { type DrawnRows, mergeDrawn } from './drawn.ts';
import { foldParts, mergeParts } from './fold.ts';
import { PART_VERSION, type TablePart } from './part.ts';
import type { ProfileBasis, TableProfile } from './profile.ts';
import { valueText } from './value-text.ts';

/** What a read of a table says of its watermark column. */
export interface ReadMark {
  column: MeasuredColumn;
  /** Largest value of the rows that were read, as DuckDB writes it; null: there is none. */
  value: string | null;
  /** Rows that hold it. */
  rows: number;
  /** Rows without a value. */
  nulls: number;
  /** Rows that hold the mark from which on was read; they are none of the rows that were measured. */
  atMark?: number;
}

/** What was asked of the rows and measures: parts go together only where it is the same. */
export interface KeptRequest {
  column: string;
  where?: string;
  without: readonly string[];
  distinct?: string;
  draws: boolean;
  /** How text files were to be read. */
  text?: ToldText;
}

/** What the next profile by the same watermark goes on from: everything that was seen so far, as one part. */
export interface KeptParts extends KeptRequest {
  version: number;
  mark: { value: string; rows: number };
  /** Rows without a value in the watermark column, which only the first run saw. */
  nulls: number;
  /** When all rows were last read. */
  since: string;
  /** Runs that are folded in. */
  runs: number;
  part: TablePart;
  drawn?: DrawnRows;
}

/** How far a profile goes that was folded over time. */
export interface WatermarkBasis {
  column: string;
  /** Only rows above this value were read, and added to what earlier runs saw; null: all rows were read. */
  from: string | null;
  /** The largest value that was seen: the next run reads the rows above it. Null: none was. */
  to: string | null;
  /** When all rows were last read. */
  since: string;
  /** Runs that are folded into the profile, the first one with all rows. */
  runs: number;
  /** Rows that this run added. */
  newRows: number;
  /** Rows without a value in the column, as the run that read all rows counted them. */
  nulls: number;
  /** Why all rows were read though an earlier run was there to go on from. */
  why?: string;
}

/** One read, as it was measured. */
export interface MarkedPart {
  part: TablePart;
  mark: ReadMark;
  drawn?: DrawnRows;
}

/** Only their order is the same in every source and in DuckDB; texts are sorted by collations, doubles have NaN. */
const ORDERED: ReadonlySet<MeasuredColumn['kind']> = new Set(['integer', 'decimal', 'date', 'timestamp']);
export const ORDERED_WORDS = 'integers, decimals, dates or timestamps';
export const isOrdered = ({ kind }: Pick<MeasuredColumn, 'kind'>): boolean => ORDERED.has(kind);

/** Whether every source reads this text as that value: no infinity, no year before Christ or beyond 9999. */
export const isPlainMark = (value: string): boolean =>
  /^-?\d+(\.\d+)?$/.test(value) || /^\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d(\.\d+)?(\+00)?)?$/.test(value);

/** Why what was kept is not what this request would go on from; undefined where it is. Pure. */
export function whyNotKept(kept: KeptParts, request: KeptRequest): string | undefined {
  if (kept.version !== PART_VERSION) return 'what the last run kept was written by another version';
  const differs = (key: keyof KeptRequest): boolean => JSON.stringify(kept[key]) !== JSON.stringify(request[key]);
  if (differs('column')) return `the last run went by column "${kept.column}"`;
  if (differs('where')) return 'the last run had another whereClause';
  if (differs('without') || differs('distinct')) return 'the last run measured other figures (without, distinct)';
  if (differs('text'))
    return 'the last run was to read text in another way (encoding, delimiter, quote, header, skipLines)';
  if (differs('draws')) return 'the last run kept no values of rows, or this one does not';
  return undefined;
}

/** Why rows that were read from the mark on cannot be added to what was kept; undefined where they can. Pure. */
export function whyNotFolded(kept: KeptParts, { part, mark }: MarkedPart): string | undefined {
  if (mark.atMark === 0)
    return 'no row holds the largest value of the last run any more: the table was set back to an earlier state, or that row was deleted';
  if (mark.atMark !== kept.mark.rows)
    return `${mark.atMark} rows hold the largest value of the last run, and then it was ${kept.mark.rows}: rows come that are not above it`;
  if (part.rows === 0) return undefined;
  const [before, now] = [kept.part, part].map(({ columns }) =>
    columns.map(
      ({ column }) => `"${column.name}" ${column.nativeType || 'of no declared type'}, read as ${column.kind}`,
    ),
  ) as [string[], string[]];
  const changed = [
    ...before.filter((one) => !now.includes(one)).map((one) => `was: ${one}`),
    ...now.filter((one) => !before.includes(one)).map((one) => `is: ${one}`),
  ];
  if (changed.length > 0) return `its columns are not those of the last run (${changed.slice(0, 6).join('; ')})`;
  return before.join() === now.join() ? undefined : 'its columns have another order than in the last run';
}

const unusableMark = (column: string): string =>
  `the largest value of column "${column}" is infinite or lies outside of the years 1 to 9999, above which nothing will come: the next run reads all rows again`;

const shown = (column: Pick<MeasuredColumn, 'kind' | 'duckdbType'>, value: string): string => valueText(column, value);

/** Lines that could not be read are told with numbers, so that each run may have sentences of its own. */
const MOST_WARNINGS = 100;

export interface Folded {
  profile: TableProfile;
  drawn?: DrawnRows;
  /** Absent: nothing that could be gone on from; the warnings of the profile say why. */
  kept?: KeptParts;
}

/** All rows were read: the first run, or one that could not go on from the last. Pure. */
export function startMark(read: MarkedPart, request: KeptRequest, at: string, why?: string): Folded {
  const { part, mark } = read;
  const basis = { column: request.column, from: null, since: at, runs: 1, newRows: part.rows, nulls: mark.nulls };
  const warnings = why === undefined ? [] : [`all rows were read, for ${why}`];
  if (mark.value === null)
    warnings.push(`no row has a value in column "${request.column}": the next run reads all rows again`);
  else if (!isPlainMark(mark.value)) warnings.push(unusableMark(request.column));
  const to = mark.value === null ? null : shown(mark.column, mark.value);
  const profile = told(part, { ...basis, to, ...(why === undefined ? {} : { why }) }, warnings);
  const drawn = read.drawn ? { drawn: read.drawn } : {};
  if (mark.value === null || !isPlainMark(mark.value)) return { profile, ...drawn };
  const kept = { value: mark.value, rows: mark.rows };
  return {
    profile,
    ...drawn,
    kept: { ...request, version: PART_VERSION, mark: kept, nulls: mark.nulls, since: at, runs: 1, part, ...drawn },
  };
}

/** Adds the rows above the mark to all that was seen before. Pure. */
export function foldMark(kept: KeptParts, read: MarkedPart): Folded {
  const { part, mark } = read;
  const empty = part.rows === 0;
  const merged = empty ? kept.part : compactPart(mergeParts(kept.part, part));
  const whole = { ...merged, warnings: merged.warnings.slice(0, MOST_WARNINGS) };
  const drawn = empty ? kept.drawn : mergeDrawn([kept.drawn, read.drawn].filter((one) => one !== undefined));
  const next = mark.value !== null && isPlainMark(mark.value) ? { value: mark.value, rows: mark.rows } : kept.mark;
  const unusable = mark.value !== null && !isPlainMark(mark.value);
  const runs = kept.runs + 1;
  const basis: WatermarkBasis = {
    column: kept.column,
    from: shown(mark.column, kept.mark.value),
    to: shown(mark.column, mark.value ?? kept.mark.value),
    since: kept.since,
    runs,
    newRows: part.rows,
    nulls: kept.nulls,
  };
  const warnings = [
    `rows of ${runs} runs since ${kept.since} are added up, by the watermark column "${kept.column}": what was changed or deleted since it was read, and rows that came with a value below the mark, are not noticed`,
  ];
  if (kept.nulls > 0)
    warnings.push(
      `${kept.nulls} ${kept.nulls === 1 ? 'row' : 'rows'} had no value in column "${kept.column}" when all rows were read; rows without one that came since are not seen`,
    );
  if (unusable) warnings.push(unusableMark(kept.column));
  const { drawn: _drawn, ...rest } = kept;
  const more = drawn ? { drawn } : {};
  const profile = told(whole, basis, warnings);
  return { profile, ...more, ...(unusable ? {} : { kept: { ...rest, mark: next, runs, part: whole, ...more } }) };
}

function told(part: TablePart, watermark: WatermarkBasis, warnings: readonly string[]): TableProfile {
  const profile = foldParts([part]);
  const { runs } = watermark;
  const basis: ProfileBasis = {
    ...profile.basis,
    partitions: runs,
    ...(runs > 1 ? { snapshot: 'each part' as const } : {}),
    watermark,
  };
  return { ...profile, basis, warnings: [...profile.warnings, ...warnings] };
}
