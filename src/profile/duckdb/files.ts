import type { RelationSpec } from '../../connectors/connector.ts';
import { AssayError } from '../../errors/assay-error.ts';
import { toStorable } from '../../model/storable-text.ts';
import { unsigned } from '../cast.ts';
import { measuredColumn } from '../column.ts';
import { kindOfText, type Promised } from '../csv/text-kind.ts';
import { firstLines, lengthOfLines } from '../csv/told.ts';
import { quoteName } from '../sql.ts';
import { bringInside } from './bring-inside.ts';
import type { RowSampling } from './columnar.ts';
import { loadCsvFile } from './csv-file.ts';
import { attachFile, translateFileError } from './database-file.ts';
import { loadJsonText } from './json-text.ts';
import { literally, pathList } from './paths.ts';
import type { Session } from './session.ts';
import type { Relation } from './staging.ts';
import { changeBetween, lookAtText, stateOf, type TextFile } from './text-file.ts';
import { unpackAll } from './unpack.ts';

/**
 * Opens files that DuckDB reads itself. CSV and JSON are loaded, for each pass would parse them again; Parquet and DuckDB are
 * measured in place, unless a limit chooses rows: those are loaded, for each pass would choose others. What is packed is
 * unpacked into the session's folder first, within bounds.
 *
 * @param limit at most so many rows, the first ones of the file
 */
export async function openFile(
  session: Session,
  spec: RelationSpec,
  limit?: number,
  sampling?: RowSampling,
): Promise<Relation> {
  const limited = limit === undefined ? '' : ` LIMIT ${limit}`;
  if (spec.kind === 'duckdb') return openDuckDb(session, spec, limited);
  const before = await stateOf(spec.paths[0] ?? '');
  const { paths: unpacked, bytes } = await unpackAll(session, spec.paths, spec.kind);
  const paths = session.again ? await bringInside(session, unpacked) : unpacked;
  // Both as DuckDB is asked for it and as it opens it.
  await session.lock(session.again ? [] : [...new Set([...paths, ...paths.map(literally)])]);
  if (spec.kind === 'parquet')
    return inPlace(session, `read_parquet(${pathList(paths)})`, limited, PARQUET_POSITION, {
      where: rowRange(spec.rows),
    }).catch((error: unknown) => {
      throw parquetError(error);
    });
  if (bytes === 0) return { name: 'r', columns: [], rows: 0, warnings: ['the file is empty'], rejectedRows: 0 };
  const [path = ''] = paths;
  if (paths.length > 1) throw new AssayError('INTERNAL', `${paths.length} text files were to be read as one table`);
  const file = await lookAtText(path, spec.told?.encoding).catch((error: unknown) => {
    throw spec.kind === 'csv' && spec.promised === 'Parquet' ? notParquet(error) : error;
  });
  const relation = await loadText(session, spec, file, limited, sampling);
  const change = changeBetween(before, await stateOf(spec.paths[0] ?? ''));
  return change === undefined ? relation : { ...relation, warnings: [change, ...relation.warnings] };
}

const notParquet = (cause?: unknown): AssayError =>
  new AssayError(
    'SOURCE_BAD_DATA',
    'it does not begin as a Parquet file does; copy it again, or give it the ending of what it is',
    { cause },
  );

type TextSpec = Extract<RelationSpec, { kind: 'csv' | 'json' }>;

/** Reads a text as what it is, whatever it is called. */
async function loadText(
  session: Session,
  spec: TextSpec,
  file: TextFile,
  limited: string,
  sampling?: RowSampling,
): Promise<Relation> {
  if (file.complete && file.head.trim() === '')
    return { name: 'r', columns: [], rows: 0, warnings: ['the file holds nothing but white space'], rejectedRows: 0 };
  const promised = spec.kind === 'json' ? 'json' : (spec.promised ?? 'csv');
  const kind = kindOfText(file, promised, spec.told);
  if (kind === undefined)
    throw promised === 'Parquet'
      ? notParquet()
      : new AssayError(
          'NOT_A_TABLE',
          'it is text and shows no table: its lines do not have the same number of fields, two or more; if it is one, give it the ending .csv, or say its delimiter (configs.delimiter)',
        );
  if (kind === 'HTML' || kind === 'XML') throw noMarkup(kind, promised);
  const skipped = spec.told?.skipLines ?? 0;
  if (kind === 'csv' && file.head.slice(lengthOfLines(file.head, skipped)).trim() === '')
    return nothingBehind(skipped, file);
  const relation =
    kind === 'json'
      ? await loadJsonText(session, file, limited)
      : await loadCsvFile(session, file, spec.kind === 'csv' ? spec : { told: spec.told }, limited, sampling);
  if (kind === promised || promised === 'nothing') return relation;
  const remark = `its name promises ${WORDS[promised]}, and its content is ${WORDS[kind]}; it was read as that`;
  return { ...relation, warnings: [remark, ...relation.warnings] };
}

function noMarkup(kind: 'HTML' | 'XML', promised: Promised): AssayError {
  const isPage = kind === 'HTML' ? ' (often the page of a sign-in or of an error that was saved under that name)' : '';
  if (promised === 'nothing')
    return new AssayError(
      'NOT_A_TABLE',
      `it is ${kind} and no table; if it holds one, export that as CSV, JSON or Parquet`,
    );
  const remedy = 'export it as CSV, JSON or Parquet, or get it anew from where it came';
  // Whatever is called JSON is read as nothing else because somebody says so.
  const more =
    promised === 'json' ? '' : '. If it is delimited text all the same, say its delimiter (configs.delimiter)';
  return new AssayError(
    'SOURCE_BAD_DATA',
    `its content is ${kind}${isPage}, expected ${WORDS[promised]}, as its name says; ${remedy}${more}`,
  );
}

/** Lines were to be left out, and there are no more. */
function nothingBehind(skipped: number, { complete }: TextFile): Relation {
  if (!complete)
    throw new AssayError(
      'SOURCE_BAD_DATA',
      `no table begins within its first megabyte behind ${skipped} lines (configs.skipLines); leave out fewer`,
    );
  const warning = `the file has nothing behind ${firstLines(skipped)}, which the job leaves out`;
  return { name: 'r', columns: [], rows: 0, warnings: [warning], rejectedRows: 0 };
}

const WORDS = { csv: 'delimited text', json: 'JSON', Parquet: 'Parquet' } as const;

const PARQUET_POSITION: Position = {
  names: ['file_index', 'file_row_number'],
  sql: 'file_index::BIGINT * 1099511627776 + file_row_number',
};

/** A range of rows prunes the row groups outside of it: of 3 million rows in 25 groups, one group takes a tenth of the time of all. */
const rowRange = (rows: { from: number; to: number } | undefined): string =>
  rows ? ` WHERE file_row_number >= ${rows.from} AND file_row_number < ${rows.to}` : '';

/** What DuckDB says of a Parquet file that it cannot open, in words that tell what to do. */
export function parquetError(thrown: unknown): unknown {
  if (!(thrown instanceof AssayError) || thrown.code !== 'SOURCE_BAD_DATA') return thrown;
  const said = thrown.message;
  const bad = (what: string): AssayError => new AssayError('SOURCE_BAD_DATA', what, { cause: thrown });
  if (/No magic bytes found at end of file|too small to be a Parquet file/.test(said))
    return bad(
      'it was read as Parquet, for it begins like that, and it is cut off: the end of a Parquet file is missing; copy it again, whole, from where it came',
    );
  return bad(`it was read as Parquet and is damaged (${said}); copy it again from where it came`);
}

type DuckDbSpec = Extract<RelationSpec, { kind: 'duckdb' }>;

async function openDuckDb(session: Session, spec: DuckDbSpec, limited: string): Promise<Relation> {
  // Views of the file may join as they like.
  await session.run('RESET disabled_optimizers', 'setting the planner');
  await attachFile(session, spec.path);
  const conditions = [
    ...(spec.where === undefined ? [] : [`(${spec.where}\n)`]),
    // What begins with the first row may be a view, or have a column of its own called rowid.
    ...(spec.rows && spec.rows.from > 0 ? [`rowid >= ${spec.rows.from}`] : []),
    ...(spec.rows?.to === undefined ? [] : [`rowid < ${spec.rows.to}`]),
  ];
  const where = conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : '';
  const columns = spec.columns ? spec.columns.map(quoteName).join(', ') : '*';
  const source = `src.${quoteName(spec.schema)}.${quoteName(spec.table)}`;
  try {
    const chosen = spec.where !== undefined;
    return await inPlace(session, source, limited, { names: ['rowid'], sql: 'rowid' }, { columns, where, chosen });
  } catch (error) {
    throw translateFileError(error, spec.path);
  }
}

/** What numbers the rows of a source besides its columns: hidden columns, which a column of the same name would hide. */
interface Position {
  names: readonly string[];
  sql: string;
}

/** @param chosen by a condition, which is to be evaluated once: what it says may change, and an error in it is one of the whole table */
async function inPlace(
  session: Session,
  from: string,
  limited: string,
  position: Position,
  { columns: list = '*', where = '', chosen = false } = {},
): Promise<Relation> {
  const source = `(SELECT ${list} FROM ${from}${where})`;
  const described = await session.query(
    `SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM ${source})`,
    'reading the columns',
  );
  const columns = described.map(([name, type], i) =>
    measuredColumn(
      { name: toStorable(name ?? ''), nativeType: type ?? '', duckdbType: type ?? '', typeBasis: 'precise' },
      `c${i}`,
    ),
  );
  if (columns.length === 0) throw new AssayError('SOURCE_BAD_DATA', 'the file has no columns');
  // By their places: a name in a file may be one that no statement can hold.
  const refs = columns.map(({ ref }) => ref).join(', ');
  const floats = columns.filter(({ kind }) => kind === 'float').map(({ ref, duckdbType }) => unsigned(ref, duckdbType));
  const all = floats.length === 0 ? '*' : `* REPLACE (${floats.join(', ')})`;
  const make = (what: 'TABLE' | 'VIEW', of = source, names = refs): Promise<void> =>
    session.run(
      `CREATE ${what} r AS SELECT ${all} FROM ${of} AS s(${names})${limited}`,
      chosen ? 'whereClause' : 'preparing the rows',
    );
  const made = { name: 'r', columns, warnings: [], rejectedRows: 0 };
  if (limited === '' && !chosen) {
    if (!(await isNumbered(session, from, position))) {
      await make('VIEW');
      return made;
    }
    await make('VIEW', `(SELECT ${list}, ${position.sql} FROM ${from}${where})`, `${refs}, pos`);
    return { ...made, position: 'pos' };
  }
  try {
    await make('TABLE');
    return { ...made, position: 'rowid' };
  } catch (error) {
    // One column that cannot be computed, as a view may have: in place it fails alone.
    if (chosen || !(error instanceof AssayError) || error.code !== 'SOURCE_BAD_DATA') throw error;
    await make('VIEW');
    return made;
  }
}

/** Whether the names of a position are those of hidden columns: a view has none, and a column of that name holds anything. */
async function isNumbered(session: Session, from: string, { names, sql }: Position): Promise<boolean> {
  const columns = await session.query(
    `SELECT column_name FROM (DESCRIBE SELECT * FROM ${from})`,
    'reading the columns',
  );
  if (columns.some(([name]) => names.includes(String(name).toLowerCase()))) return false;
  try {
    await session.query(`SELECT ${sql} FROM ${from} LIMIT 0`, 'numbering the rows');
    return true;
  } catch (error) {
    session.assertLive(error);
    return false;
  }
}
