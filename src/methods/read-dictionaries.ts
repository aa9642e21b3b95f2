import { AssayError } from '../errors/assay-error.ts';
import { unpackNumbers, unpackRun } from '../sketch/hash-runs.ts';
import { termHash } from '../sketch/term-hash.ts';
import type { Db, Trx } from '../store/database.ts';
import type { StoredMethod } from '../store/methods/read-methods.ts';
import {
  listChunks,
  listRuns,
  listRunsOf,
  listSpans,
  type StoredRun,
  streamChunks,
  streamRuns,
} from '../store/methods/read-terms.ts';
import { unpackTerms } from './pack-terms.ts';

type WithTerms = Pick<StoredMethod, 'id' | 'name' | 'termSet' | 'cardinality'>;

/** Hashes of one dictionary, ascending. */
export interface HashRun {
  /** Its place among those that were asked for. */
  dictionary: number;
  hashes: Float64Array;
}

/**
 * The value-set hashes of all terms of these dictionaries, each once, in runs of at most 16,384; of one dictionary ascending from run
 * to run, the dictionaries in any order. With `range`, runs that have hashes in that part of hash space alone, whole.
 *
 * @throws CONFLICT when the terms of one were replaced meanwhile: begin again with its new version
 */
export async function* streamHashes(
  db: Db | Trx,
  dictionaries: readonly WithTerms[],
  range: { from?: number; to?: number } = {},
): AsyncGenerator<HashRun> {
  const places = new Map<number, number>();
  for (const [place, { termSet }] of dictionaries.entries()) if (termSet !== null) places.set(termSet, place);
  const left = dictionaries.map(({ cardinality }) => cardinality);
  for await (const run of streamRuns(db, [...places.keys()], range)) {
    const dictionary = places.get(run.termSet) as number;
    left[dictionary] = (left[dictionary] as number) - run.count;
    yield { dictionary, hashes: unpackRun(run.hashes, run.count) };
  }
  if (range.from !== undefined || range.to !== undefined) return;
  const lacking = dictionaries.find((_, place) => left[place] !== 0);
  if (lacking) throw replaced(lacking);
}

/** So many runs are unpacked before others are let in: 5 ms, 1 MB. */
const RUNS_A_TURN = 32;

/**
 * Those of the hashes that are terms of the dictionary. Reads no runs but those in whose part of hash space one of them lies: of a column
 * with few values a small part of a large dictionary.
 *
 * @throws CONFLICT when the terms were replaced meanwhile
 */
export async function findHashes(
  db: Db | Trx,
  dictionary: WithTerms,
  hashes: Iterable<number>,
): Promise<ReadonlySet<number>> {
  const found = new Set<number>();
  const { termSet } = dictionary;
  if (termSet === null) return found;
  const wanted = Float64Array.from(new Set(hashes)).sort();
  const spans = await listSpans(db, termSet);
  if (spans.reduce((sum, { count }) => sum + count, 0) !== dictionary.cardinality) throw replaced(dictionary);
  const touched = spans.filter(
    ({ first, last }) => (wanted[placeIn(wanted, first)] ?? Number.POSITIVE_INFINITY) <= last,
  );
  for (let at = 0; at < touched.length; at += RUNS_A_TURN) {
    const places = touched.slice(at, at + RUNS_A_TURN).map(({ place }) => place);
    const runs = await listRuns(db, termSet, places);
    if (runs.length !== places.length) throw replaced(dictionary);
    for (const { first, last, count, hashes: bytes } of runs) {
      const run = unpackRun(bytes, count);
      for (let i = placeIn(wanted, first); i < wanted.length && (wanted[i] as number) <= last; i++) {
        const hash = wanted[i] as number;
        if (run[placeIn(run, hash)] === hash) found.add(hash);
      }
    }
  }
  return found;
}

/** Where a number stands in ascending ones, or the first above it. */
function placeIn(ascending: Float64Array, number: number): number {
  let from = 0;
  let to = ascending.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((ascending[middle] as number) < number) from = middle + 1;
    else to = middle;
  }
  return from;
}

const replaced = ({ id, name }: WithTerms): AssayError =>
  new AssayError(
    'CONFLICT',
    `the terms of dictionary "${name}" (${id}) were replaced while they were read; do it again`,
  );

/**
 * Texts of the terms that have these hashes, one for each, spelt as they came first. Costs about 4 ms a hash: for the few that evidence
 * names. Hashes that no term has are left out.
 */
export async function findTerms(
  db: Db | Trx,
  dictionary: WithTerms,
  hashes: readonly number[],
): Promise<Map<number, string>> {
  const texts = new Map<number, string>();
  if (dictionary.termSet === null || hashes.length === 0) return texts;
  const wanted = new Set(hashes);
  const places = new Set<number>();
  for (const run of await listRunsOf(db, dictionary.termSet, hashes))
    for (const place of placesOf(run, wanted)) places.add(place);
  for (const chunk of await listChunks(db, dictionary.termSet, [...places])) {
    for (const term of await unpackTerms(chunk.bytes)) {
      const hash = termHash(term);
      if (wanted.has(hash) && !texts.has(hash)) texts.set(hash, term);
    }
  }
  return texts;
}

/** In which chunks the texts of the wanted hashes of a run are. */
function placesOf(run: StoredRun & { chunks: Buffer }, wanted: ReadonlySet<number>): number[] {
  const chunks = unpackNumbers(run.chunks, run.count);
  const places: number[] = [];
  for (const [i, hash] of unpackRun(run.hashes, run.count).entries())
    if (wanted.has(hash)) places.push(chunks[i] as number);
  return places;
}

/**
 * All terms of a dictionary as they came, in their order, a chunk at a time.
 *
 * @throws CONFLICT when they were replaced meanwhile
 */
export async function* streamTerms(
  db: Db | Trx,
  dictionary: WithTerms & Pick<StoredMethod, 'terms'>,
): AsyncGenerator<string[]> {
  if (dictionary.termSet === null) return;
  let left = dictionary.terms;
  for await (const chunk of streamChunks(db, dictionary.termSet)) {
    const terms = await unpackTerms(chunk.bytes);
    left -= terms.length;
    yield terms;
  }
  if (left !== 0) throw replaced(dictionary);
}
