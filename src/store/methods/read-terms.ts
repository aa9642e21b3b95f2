import { sql } from 'kysely';
import type { Db, Trx } from '../database.ts';

/** A run of hashes of a set of terms, packed; see `src/sketch/hash-runs.ts`. */
export interface StoredRun {
  termSet: number;
  place: number;
  first: number;
  last: number;
  count: number;
  hashes: Buffer;
}

/** So many runs are read at once: 4 MB. */
const RUNS_AT_ONCE = 128;

/**
 * The runs of these sets in the order of set and place, a few at a time, as far as they have hashes from `from` to `to`. Whoever replaces
 * a set meanwhile makes its runs vanish: count the hashes.
 */
export async function* streamRuns(
  db: Db | Trx,
  termSets: readonly number[],
  range: { from?: number; to?: number } = {},
): AsyncGenerator<StoredRun> {
  let after: [number, number] = [0, -1];
  for (;;) {
    const { rows }: { rows: StoredRun[] } = await sql<StoredRun>`
      SELECT term_set AS "termSet", place, first, last, count, hashes FROM term_hashes
      WHERE term_set = ANY(${[...termSets]}::bigint[]) AND (term_set, place) > (${after[0]}, ${after[1]})
      AND last >= ${range.from ?? 0} AND first <= ${range.to ?? 2 ** 53}
      ORDER BY term_set, place LIMIT ${RUNS_AT_ONCE}`.execute(db);
    yield* rows;
    const end = rows.at(-1);
    if (end === undefined || rows.length < RUNS_AT_ONCE) return;
    after = [end.termSet, end.place];
  }
}

/** Where the runs of a set lie in hash space, ascending; their hashes are not read. */
export async function listSpans(
  db: Db | Trx,
  termSet: number,
): Promise<Pick<StoredRun, 'place' | 'first' | 'last' | 'count'>[]> {
  return db
    .selectFrom('term_hashes')
    .select(['place', 'first', 'last', 'count'])
    .where('term_set', '=', termSet)
    .orderBy('place')
    .execute();
}

/** Runs of a set by their places. */
export async function listRuns(db: Db | Trx, termSet: number, places: readonly number[]): Promise<StoredRun[]> {
  const { rows } = await sql<StoredRun>`
    SELECT term_set AS "termSet", place, first, last, count, hashes FROM term_hashes
    WHERE term_set = ${termSet} AND place = ANY(${[...places]}::int[]) ORDER BY place`.execute(db);
  return rows;
}

/** The runs in whose part of hash space these hashes lie, each once, with the chunks of their texts. */
export async function listRunsOf(
  db: Db | Trx,
  termSet: number,
  hashes: readonly number[],
): Promise<(StoredRun & { chunks: Buffer })[]> {
  const { rows } = await sql<StoredRun & { chunks: Buffer }>`
    SELECT r.term_set AS "termSet", r.place, r.first, r.last, r.count, r.hashes, r.chunks FROM term_hashes r
    WHERE r.term_set = ${termSet} AND EXISTS (
      SELECT 1 FROM unnest(${[...hashes]}::bigint[]) AS wanted(hash) WHERE hash BETWEEN r.first AND r.last)
    ORDER BY r.place`.execute(db);
  return rows;
}

export interface StoredChunk {
  place: number;
  terms: number;
  bytes: Buffer;
}

/** Chunks of the texts of a set by their places. */
export async function listChunks(db: Db | Trx, termSet: number, places: readonly number[]): Promise<StoredChunk[]> {
  const { rows } = await sql<StoredChunk>`SELECT place, terms, bytes FROM term_chunk
    WHERE term_set = ${termSet} AND place = ANY(${[...places]}::int[]) ORDER BY place`.execute(db);
  return rows;
}

/** So many chunks are read at once: 2 to 4 MB, packed. */
const CHUNKS_AT_ONCE = 64;

/** The chunks of the texts of a set from a place on, in their order, a few at a time. */
export async function* streamChunks(db: Db | Trx, termSet: number, from = 0): AsyncGenerator<StoredChunk> {
  let next = from;
  for (;;) {
    const { rows }: { rows: StoredChunk[] } = await sql<StoredChunk>`SELECT place, terms, bytes FROM term_chunk
      WHERE term_set = ${termSet} AND place >= ${next} ORDER BY place LIMIT ${CHUNKS_AT_ONCE}`.execute(db);
    yield* rows;
    const end = rows.at(-1);
    if (end === undefined || rows.length < CHUNKS_AT_ONCE) return;
    next = end.place + 1;
  }
}
