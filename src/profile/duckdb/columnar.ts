import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AssayError } from '../../errors/assay-error.ts';
import { castSql, type TimeFormats, unsigned } from '../cast.ts';
import { asText, type MeasuredColumn, measuredColumn } from '../column.ts';
import { type BlockFormat, TEXT_BITS } from '../columnar/block-reader.ts';
import type { BlockOptions } from '../columnar/blocks.ts';
import type { ByteSource } from '../columnar/byte-source.ts';
import { type ColumnCode, columnCode, TEXT } from '../columnar/column-code.ts';
import { writeColumns } from '../columnar/write-columns.ts';
import type { KnownTexts } from '../measures/canonical-sql.ts';
import { longestLine } from './csv-limits.ts';
import { misfitWarning } from './make-view.ts';
import { quotePath } from './paths.ts';
import type { Session } from './session.ts';
import type { StagedColumn } from './staged-column.ts';
import type { Relation } from './staging.ts';
import { textsInstead } from './texts-instead.ts';
import { findApart } from './values-apart.ts';

/** How rows of a large relation will be sampled: by `rowHash` with this seed, so many of them or up to twice as many. */
export interface RowSampling {
  seed: number;
  sampleRows: number;
}

/** Delimited text that can be read without DuckDB's parser. */
export interface ColumnarSource {
  open(): Promise<ByteSource>;
  format: BlockFormat;
  header: boolean;
  mark: BlockOptions['mark'];
  formats?: TimeFormats;
  /** Absent: no rows are put aside for a sample. */
  sampling?: RowSampling;
  /** Bytes of a block; absent: those of `writeColumns`. */
  blockBytes?: number;
}

/** Fewer columns leave empty lines unclear; each of more takes memory of its own in every statement (`loadWide`). */
const [LEAST_COLUMNS, MOST_COLUMNS] = [2, 200];

interface Marks {
  delimiter: string;
  quote: string;
  escape: string;
  nullText: string;
}

/** Whether rows that are written so can be read into columns: one-byte marks, quotes that are doubled within quotes. */
export const isColumnar = ({ delimiter, quote, escape: escapedBy, nullText }: Marks, columns: number): boolean =>
  columns >= LEAST_COLUMNS &&
  columns <= MOST_COLUMNS &&
  isOneByte(delimiter) &&
  isOneByte(quote) &&
  escapedBy === quote &&
  Buffer.byteLength(nullText) <= MOST_NULL_BYTES;

const MOST_NULL_BYTES = 8;
const isOneByte = (mark: string): boolean => mark.length === 1 && Buffer.byteLength(mark) === 1;

/**
 * Reads text that can be read again into columns that DuckDB measures where they lie: on disk, in the session's folder. A column with a value
 * that does not fit its type, or with dates that may be read in two ways, is text: it is read a second time then.
 *
 * @throws OddRows where the rows are not written as was said
 */
export async function readColumns(
  session: Session,
  columns: readonly StagedColumn[],
  source: ColumnarSource,
): Promise<Relation> {
  const { formats } = source;
  const written = await writeTo(session, columns, source);
  const misfits = await countMisfits(session, written, formats);
  const relation = await makeView(session, written, formats);
  const typed = { table: 'r', view: 'r', from: 0 };
  const instead = await textsInstead(session, columns, relation.columns, misfits, typed, formats ?? {});
  if (!instead) return relation;
  await removeFiles(written);
  const again = await readColumns(session, instead.columns, source);
  return { ...again, warnings: [...instead.warnings, ...again.warnings] };
}

/** The same of text that is sent once: a column with a value that does not fit its type is text, the others of its values as DuckDB writes them. */
export async function readColumnsOnce(
  session: Session,
  columns: readonly StagedColumn[],
  source: ColumnarSource,
): Promise<Relation> {
  const { formats } = source;
  const written = await writeTo(session, columns, source);
  const misfits = await countMisfits(session, written, formats);
  const left = written.columns.flatMap((one, i) => {
    const misfit = misfits.has(i) && misfitSql(one, i, formats);
    return misfit ? [`${misfit} AS b${i}`] : [];
  });
  const table = `(SELECT ${left.join(', ')} FROM ${fileOf(written)})`;
  const apart = left.length === 0 ? new Set<number>() : await findApart(session, table, columns, misfits);
  for (const i of apart) misfits.delete(i);
  return makeView(session, written, formats, misfits, apart);
}

interface Written {
  path: string;
  sample?: { path: string; seed: number; level: number };
  rows: number;
  columns: readonly {
    column: StagedColumn;
    /** Undefined: the file holds its texts. */
    code: ColumnCode | undefined;
    /** So many of its texts lie in `b<i>`. */
    odd: number;
    /** Where the file holds its texts: bits of `TEXT_BITS`. */
    texts: number;
  }[];
}

let files = 0;

async function writeTo(session: Session, columns: readonly StagedColumn[], source: ColumnarSource): Promise<Written> {
  // What DuckDB keeps of a file that it has read must not be that of another one.
  const path = join(session.folder, `rows-${++files}.parquet`);
  const sample = source.sampling && { ...source.sampling, path: join(session.folder, `sample-${files}.parquet`) };
  const codes = columns.map((column) => columnCode(column, source.formats));
  await using bytes = await source.open();
  try {
    const { rows, odd, texts, level } = await writeColumns(bytes, {
      path,
      columns: codes.map((code) => code ?? TEXT),
      format: source.format,
      header: source.header,
      mark: source.mark,
      blockBytes: source.blockBytes,
      sample,
      threads: session.threads,
      mostBytes: longestLine(session.memoryMb),
      signal: session.signal,
    });
    return {
      ...{
        path,
        rows,
        columns: columns.map((column, i) => ({ column, code: codes[i], odd: odd[i] ?? 0, texts: texts[i] ?? 0 })),
      },
      ...(sample ? { sample: { ...sample, level } } : {}),
    };
  } catch (error) {
    await removeFiles({ path, sample });
    session.assertLive(error);
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC')
      throw new AssayError(
        'DISK_FULL',
        'reading the rows: no space is left for their columns in the temporary folder',
        {
          cause: error,
        },
      );
    throw error;
  }
}

/** SQL of a text of a column that DuckDB has to look at, and of what it makes of it; undefined where nothing is left to it. */
function castHere(
  { column, code, odd }: Written['columns'][number],
  i: number,
  formats: TimeFormats | undefined,
): { text: string; cast: string } | undefined {
  if (column.duckdbType.toUpperCase() === 'VARCHAR' || (code !== undefined && odd === 0)) return undefined;
  const text = code === undefined ? `x${i}` : `b${i}`;
  return { text, cast: castSql(text, column, formats) };
}

/** SQL of a text that does not fit, null for all others. */
function misfitSql(one: Written['columns'][number], i: number, formats: TimeFormats | undefined): string | undefined {
  const here = castHere(one, i, formats);
  return here && `CASE WHEN ${here.cast} IS NULL THEN ${here.text} END`;
}

async function removeFiles({ path, sample }: Pick<Written, 'path'> & { sample?: { path: string } }): Promise<void> {
  await rm(path, { force: true });
  if (sample) await rm(sample.path, { force: true });
}

const fileOf = ({ path }: Pick<Written, 'path'>): string => `read_parquet(${quotePath(path)})`;

/** @returns column → values that do not fit; columns without any are left out */
async function countMisfits(
  session: Session,
  written: Written,
  formats: TimeFormats | undefined,
): Promise<Map<number, number>> {
  const checked = written.columns.flatMap((one, i) => {
    const misfit = misfitSql(one, i, formats);
    return misfit ? [{ i, misfit }] : [];
  });
  if (checked.length === 0) return new Map();
  const list = checked.map(({ misfit }) => `count(${misfit})::VARCHAR`);
  const [row = []] = await session.query(`SELECT ${list.join(', ')} FROM ${fileOf(written)}`, 'checking the types');
  return new Map(checked.flatMap(({ i }, at) => (row[at] === '0' ? [] : [[i, Number(row[at])] as const])));
}

async function makeView(
  session: Session,
  written: Written,
  formats: TimeFormats | undefined,
  misfits: ReadonlyMap<number, number> = new Map(),
  apart: ReadonlySet<number> = new Set(),
): Promise<Relation> {
  const { rows, columns } = written;
  const warnings: string[] = [];
  const measured: MeasuredColumn[] = [];
  const signed: string[] = [];
  const list = columns.map((one, i) => {
    const { column, code } = one;
    const ref = `c${i}`;
    const here = castHere(one, i, formats);
    const count = misfits.get(i);
    const made = measuredColumn(count === undefined ? column : asText(column), ref);
    measured.push(made);
    const read = code?.castTo ? `x${i}::${code.castTo}` : `x${i}`;
    const value =
      here === undefined
        ? read
        : code
          ? `CASE WHEN ${here.text} IS NULL THEN ${read} ELSE ${here.cast} END`
          : here.cast;
    if (here && made.kind === 'float') signed.push(unsigned(ref, made.duckdbType));
    if (here === undefined || count === undefined) return `${value} AS ${ref}`;
    warnings.push(misfitWarning(column, count));
    return `coalesce((${value})::VARCHAR, ${here.text}) AS ${ref}`;
  });
  const beside = columns.flatMap((one, i) => (apart.has(i) ? [`${misfitSql(one, i, formats)} AS n${i}`] : []));
  const outer = signed.length === 0 ? '*' : `* REPLACE (${signed.join(', ')})`;
  const make = (view: string, path: string, position: string): Promise<void> =>
    session.run(
      `CREATE OR REPLACE VIEW ${view} AS SELECT ${outer} FROM (SELECT ${[...list, ...beside, position].join(', ')} FROM ${fileOf({ path })})`,
      'preparing the rows',
    );
  await make('r', written.path, 'file_row_number AS pos');
  const { sample } = written;
  if (sample) await make(SAMPLE, sample.path, 'pos');
  return {
    ...{ name: 'r', columns: measured, position: 'pos', rows, warnings, rejectedRows: 0 },
    ...(apart.size > 0 ? { apart: new Map([...apart].map((i) => [`c${i}`, `n${i}`])) } : {}),
    texts: textsOf(columns),
    ...(sample ? { sample: { view: SAMPLE, seed: sample.seed, level: sample.level } } : {}),
  };
}

/** What all texts of the columns are, by reference. */
const textsOf = (columns: Written['columns']): Map<string, KnownTexts> =>
  new Map(
    columns.flatMap(({ column, code, texts }, i) =>
      code === undefined && column.duckdbType.toUpperCase() === 'VARCHAR' ? [[`c${i}`, knownOf(texts)] as const] : [],
    ),
  );

function knownOf(bits: number): KnownTexts {
  if ((bits & TEXT_BITS.beyondAscii) !== 0) return undefined;
  if ((bits & TEXT_BITS.ends) !== 0) return 'ascii';
  return (bits & TEXT_BITS.capitals) !== 0 ? 'plain' : 'canonical';
}

const SAMPLE = 'r_sample';
