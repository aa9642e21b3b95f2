import type { ReadRest, ReadResult } from '../../connectors/connector.ts';
import { AssayError } from '../../errors/assay-error.ts';
import type { Memberships } from '../membership.ts';
import { isUnknown, type TablePart } from '../part.ts';
import { basisOf, type RowChoice } from '../row-choice.ts';
import { SAMPLING } from '../sampling.ts';
import type { ReadMark } from '../watermark.ts';
import { staysInside } from './bring-inside.ts';
import { type DrawOptions, drawRows } from './draw-rows.ts';
import { countDuplicateRows } from './duplicate-rows.ts';
import { measureMemberships } from './measure-memberships.ts';
import { measureRelation } from './measure-relation.ts';
import { measureShort } from './measure-short.ts';
import type { MeasureOptions } from './measure-work.ts';
import { measurePaths } from './nested/measure-paths.ts';
import { type MarkOptions, readMark } from './read-mark.ts';
import { toRelation } from './relation.ts';
import { SAMPLE_SEED } from './sample-rows.ts';
import { openSession, type Session, type SessionOptions } from './session.ts';
import { readShort } from './short-table.ts';
import type { Relation } from './staging.ts';
import { takeValues } from './take-values.ts';
import { countApart } from './values-apart.ts';

/** What is measured beside the part itself, and kept apart from it. */
export interface MeasuredPart extends TablePart {
  /** With `mark`. */
  mark?: ReadMark;
  /** With `membershipBytes`, which is the most that a filter may take. */
  memberships?: Memberships;
}

/** Measures what a connector read: opens a DuckDB of its own and removes everything of it, whatever happens. */
export async function profileRead(
  read: ReadResult,
  session: SessionOptions,
  options: MeasureOptions & { choice?: RowChoice; draw?: DrawOptions; mark?: MarkOptions; membershipBytes?: number },
): Promise<MeasuredPart> {
  const { rest, took } = restOf(read, options.limit);
  const tell = (part: TablePart): TablePart => {
    const basis = options.choice ? basisOf(options.choice, part.rows, took) : undefined;
    return basis && basis.kind !== 'all rows' ? { ...part, limited: true, basis } : part;
  };
  try {
    // Of parts of a table more is kept than can be told of values in hand.
    const mayBeShort = options.whole && options.mark === undefined && Object.keys(rest).length === 0;
    const most = options.sampling?.inHandRows ?? SAMPLING.inHandRows;
    const { table, read: source } = mayBeShort ? await readShort(read, most, session.signal) : { read };
    const part =
      (table && measureShort(table, options, tell)) ?? (await measureByDuckDb(source, rest, session, options, tell));
    return { ...part, ...(read.kind === 'relation' && read.oneState ? { oneState: true } : {}) };
  } finally {
    // What was called off before its first byte was taken holds a statement open in the source.
    if (read.kind === 'bytes') read.stream.destroy();
  }
}

async function measureByDuckDb(
  read: ReadResult,
  rest: ReadRest,
  session: SessionOptions,
  options: Parameters<typeof profileRead>[2],
  tell: (part: TablePart) => TablePart,
): Promise<MeasuredPart> {
  await using duckdb = await openSession({ ...session, again: await staysInside(read) });
  const seed = options.draw?.seed ?? SAMPLE_SEED;
  const sampleRows = options.sampling?.sampleRows ?? SAMPLING.sampleRows;
  const sampling = options.distinct === 'exact' ? undefined : { seed, sampleRows };
  const loaded = await toRelation(duckdb, read, rest, sampling);
  const { relation: marked, mark } = options.mark
    ? await readMark(duckdb, loaded, options.mark)
    : { relation: loaded, mark: undefined };
  // Taken once, for all that look at them.
  const relation = await takeValues(duckdb, marked, options);
  // Awaited here: the session must stay open until the measuring is done.
  const { aside, ...found } = await measure(duckdb, read, relation, options);
  const columns = { ...found, columns: await countApart(duckdb, relation, found.columns) };
  const measured = await measurePaths(duckdb, relation, columns, options);
  const duplicateRows = await countDuplicateRows(duckdb, relation, measured, options);
  const drawn = options.draw ? await drawRows(duckdb, relation, options.draw, options.columns, aside) : undefined;
  const part = { ...measured, duplicateRows, ...(drawn ? { drawn } : {}), ...(mark ? { mark } : {}) };
  const told = tell(part);
  if (read.kind === 'relation' && read.spec.kind === 'parquet') requireWhole(part, read.spec.rows);
  const mostBytes = options.membershipBytes;
  if (mostBytes === undefined) return told;
  return {
    ...told,
    memberships: await measureMemberships(duckdb, relation, told, { without: options.without, mostBytes }),
  };
}

async function measure(
  duckdb: Session,
  read: ReadResult,
  relation: Relation,
  options: Parameters<typeof measureRelation>[2],
): ReturnType<typeof measureRelation> {
  try {
    return await measureRelation(duckdb, relation, options);
  } catch (error) {
    const unread = error instanceof AssayError && /^no column could be read/.test(error.message);
    if (!unread || read.kind !== 'relation' || read.spec.kind !== 'parquet') throw error;
    throw damagedPages('the file', read.spec.rows, error);
  }
}

/** Values of a Parquet file can always be counted, unless the pages that hold them are damaged: then nothing of the part is to be trusted. */
function requireWhole(part: TablePart, rows: { from: number; to: number } | undefined): void {
  const damaged = part.columns.find(({ measures }) => isUnknown(measures.counts));
  if (damaged) throw damagedPages(`column "${damaged.column.name}"`, rows);
}

function damagedPages(what: string, rows: { from: number; to: number } | undefined, cause?: unknown): AssayError {
  const where = rows ? ` of the rows ${rows.from + 1} to ${rows.to}` : '';
  return new AssayError(
    'SOURCE_BAD_DATA',
    `${what} cannot be read: its pages${where} are damaged; copy the file again from where it came`,
    { cause },
  );
}

/** What is left to be chosen. Files have no blocks that could be chosen at small cost: the first rows are taken. */
function restOf(read: ReadResult, limit: number | undefined): { rest: ReadRest; took?: 'first rows' } {
  const limited = read.kind !== 'relation' || limit === undefined ? {} : { limit };
  const { sample, ...rest } = { ...limited, ...read.rest };
  if (sample?.kind !== 'blocks')
    return { rest: sample ? { ...rest, sample } : rest, ...(read.took ? { took: read.took } : {}) };
  return { rest: { ...rest, limit: Math.min(sample.rows, rest.limit ?? sample.rows) }, took: 'first rows' };
}
