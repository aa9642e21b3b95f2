import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../database.ts';

/** A range of scores, both ends included, or those that have none. */
export type Range = readonly [low: number, high: number] | 'none';

/** What narrows a search: AND between keys, OR within. */
export interface SearchFilter {
  types?: readonly string[];
  sourceIds?: readonly string[];
  profiled?: readonly boolean[];
  sensitivities?: readonly string[];
  tags?: readonly string[];
  terms?: readonly string[];
  trustScore?: readonly Range[];
  qualityScore?: readonly Range[];
  rating?: readonly Range[];
}

const all = (tests: RawBuilder<unknown>[]): RawBuilder<unknown> =>
  tests.length > 0 ? sql`(${sql.join(tests, sql` AND `)})` : sql`true`;

/** On columns `type` and `source_id`. */
function nodeTest({ types, sourceIds }: SearchFilter): RawBuilder<unknown> {
  const tests: RawBuilder<unknown>[] = [];
  if (types) tests.push(sql`type = ANY(${types}::text[])`);
  if (sourceIds) tests.push(sql`source_id = ANY(${sourceIds}::text[])`);
  return all(tests);
}

/** Numbers of the kinds that pass; undefined: all. */
export async function listKinds(db: Db, filter: SearchFilter): Promise<number[] | undefined> {
  if (!filter.types && !filter.sourceIds) return undefined;
  const { rows } = await sql<{ kind: number }>`SELECT kind FROM search_total WHERE ${nodeTest(filter)}`.execute(db);
  return rows.map(({ kind }) => kind);
}

/** Whether only the profiled, or only the others, are wanted. */
export function profiledState({ profiled }: SearchFilter): boolean | undefined {
  return profiled && new Set(profiled).size === 1 ? profiled[0] : undefined;
}

/** What the state leaves of columns `n` and `profiled`. */
export function sizeOf(filter: SearchFilter): RawBuilder<unknown> {
  const state = profiledState(filter);
  return state === undefined ? sql`n` : state ? sql`profiled` : sql`(n - profiled)`;
}

/** On columns `type`, `source_id` and a boolean `profiled`. */
export function placeTest(filter: SearchFilter): RawBuilder<unknown> {
  const state = profiledState(filter);
  const test = state === undefined ? sql`true` : state ? sql`profiled` : sql`NOT profiled`;
  return all([nodeTest(filter), test]);
}

/** The rest, on the columns of `search_doc`. */
export function saidTest(filter: SearchFilter): RawBuilder<unknown> {
  const tests: RawBuilder<unknown>[] = [];
  if (filter.sensitivities) tests.push(sql`sensitivity = ANY(${filter.sensitivities}::text[])`);
  if (filter.tags) tests.push(sql`tags && ${filter.tags}::text[]`);
  if (filter.terms) tests.push(sql`terms && ${filter.terms}::text[]`);
  if (filter.trustScore) tests.push(inRanges(sql`trust_score`, filter.trustScore));
  if (filter.qualityScore) tests.push(inRanges(sql`quality_score`, filter.qualityScore));
  if (filter.rating) tests.push(inRanges(sql`rating`, filter.rating));
  return all(tests);
}

/** A score as it is shown. */
export const wholeScore = (what: RawBuilder<unknown>): RawBuilder<unknown> => sql`floor(${what} + 0.5)::integer`;

/** Scores count as shown, in whole numbers, so that none falls between 50 and 51. */
function inRanges(what: RawBuilder<unknown>, ranges: readonly Range[]): RawBuilder<unknown> {
  const tests = ranges.map((range) =>
    range === 'none' ? sql`${what} IS NULL` : sql`${wholeScore(what)} BETWEEN ${range[0]} AND ${range[1]}`,
  );
  return sql`(${sql.join([sql`false`, ...tests], sql` OR `)})`;
}

/** Whether entities about which nothing is said pass. */
export function passesBare(filter: SearchFilter): boolean {
  const scores = [filter.trustScore, filter.qualityScore, filter.rating];
  return (
    (filter.sensitivities?.includes('UNKNOWN') ?? true) &&
    filter.tags === undefined &&
    filter.terms === undefined &&
    scores.every((ranges) => ranges === undefined || ranges.includes('none'))
  );
}
