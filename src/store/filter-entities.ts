import { type RawBuilder, sql } from 'kysely';
import { ENTITY_TYPES } from '../model/entity.ts';
import type { Db } from './database.ts';
import { type Below, type Crowd, findBelow, findCrowd } from './entity-trees.ts';

export type ProfileState = 'COMPLETED' | 'FAILED' | 'SKIPPED' | 'NONE';

export interface EntityFilter {
  /** Direct children of these. */
  parentIds?: readonly string[];
  /** Everything below these. */
  rootIds?: readonly string[];
  types?: readonly string[];
  /** Data sources. */
  resourceIds?: readonly string[];
  names?: readonly string[] | undefined;
  fqdns?: readonly string[];
  buckets?: readonly string[];
  profileStatus?: readonly ProfileState[];
  profiledFrom?: string;
  profiledTo?: string;
}

type Test = RawBuilder<unknown>;

/**
 * Ids in their own order after the given one; AND between keys, OR within.
 *
 * A page has to cost what a page is worth, not what the catalog holds, so the way to the rows is chosen here and not left to
 * the planner, which cannot know where in the order of the ids the rows of a filter lie: few rows are fetched and sorted; many
 * are read in the order of an index that has it, some from each source, type or name, and laid together.
 */
export async function filterEntityIds(
  db: Db,
  filter: EntityFilter,
  after: string | undefined,
  size: number,
): Promise<string[]> {
  const below = filter.rootIds ? await findBelow(db, filter.rootIds) : undefined;
  const crowd = filter.parentIds ? await findCrowd(db, filter.parentIds) : undefined;
  const ways = chooseWay(filter, below, crowd, after).map((way) => {
    const tests = way.byName
      ? testsOf({ ...filter, names: undefined }, below, undefined)
      : testsOf(filter, below, after);
    return pageOf(way, tests, size);
  });
  const { rows } = await sql<{ id: string }>`
    SELECT id FROM (${sql.join(ways, sql` UNION ALL `)}) page ORDER BY id LIMIT ${size}`.execute(db);
  return rows.map((row) => row.id);
}

const LOWEST_ID = '00000000-0000-0000-0000-000000000000';

const distinct = (values: readonly string[]): string[] => [...new Set(values)];

/** `each`: relations from which one page each is read; `sorted`: whether the rows are few and fetched first. */
interface Way {
  each: RawBuilder<unknown>;
  test: Test;
  sorted?: true;
  /** The names of the filter and the place in the order are in `test`, and the rows of a relation are ordered by name and id. */
  byName?: true;
}

function chooseWay(
  filter: EntityFilter,
  below: Below | undefined,
  crowd: Crowd | undefined,
  after: string | undefined,
): Way[] {
  const none = sql`(SELECT) AS one`;
  if (filter.fqdns) return [{ each: none, test: sql`e.fqdn = ANY(${filter.fqdns}::text[])`, sorted: true }];
  if (filter.parentIds && !crowd)
    return [{ each: none, test: sql`e.parent_id = ANY(${filter.parentIds}::uuid[])`, sorted: true }];
  if (below && below.many.length === 0 && below.sources.length === 0)
    return [{ each: none, test: sql`e.id = ANY(${below.ids}::uuid[])`, sorted: true }];
  // A comparison of rows, of which the planner expects many, so that it reads the index of names in its order. For an equal name it
  // would drop the name from the order, and walk any index of ids; of a range it expects few, fetches all and sorts them.
  if (filter.names)
    return [
      {
        each: sql`unnest(${distinct(filter.names)}::text[]) AS n(name)`,
        test: sql`(e.name, e.id) > (n.name, ${after ?? LOWEST_ID}::uuid) AND e.name <= n.name`,
        byName: true,
      },
    ];
  if (!filter.types && !filter.resourceIds && !filter.parentIds && !below) return [{ each: none, test: sql`true` }];
  const types = distinct(filter.types ?? ENTITY_TYPES).filter((type) => !crowd || crowd.types.some((t) => t === type));
  const sources = filter.resourceIds
    ? sql`unnest(${distinct(filter.resourceIds.map((id) => id.toLowerCase()))}::text[]) AS s(id)`
    : crowd
      ? sql`unnest(${crowd.sources}::text[]) AS s(id)`
      : sql`data_source s`;
  const others = types.filter((type) => type !== 'COLUMN');
  return [
    ...(types.includes('COLUMN') ? [{ each: sources, test: sql`e.source_id = s.id AND e.type = 'COLUMN'` }] : []),
    {
      each: sql`${sources}, unnest(${others}::text[]) AS t(type)`,
      test: sql`e.source_id = s.id AND e.type = t.type AND e.type <> 'COLUMN'`,
    },
  ];
}

function pageOf({ each, test, sorted, byName }: Way, tests: readonly Test[], size: number): RawBuilder<unknown> {
  const where = sql.join([test, ...tests], sql` AND `);
  const from = sql`FROM entity e LEFT JOIN profile p ON p.entity_id = e.id AND p.current WHERE ${where}`;
  // OFFSET 0 keeps the planner from walking all ids in their order until it has met enough that fit.
  if (sorted) return sql`(SELECT id FROM (SELECT e.id ${from} OFFSET 0) few ORDER BY id LIMIT ${size})`;
  return sql`(SELECT x.id FROM ${each}, LATERAL (SELECT e.id ${from} ORDER BY ${byName ? sql`e.name, e.id` : sql`e.id`} LIMIT ${size}) x)`;
}

function testsOf(filter: EntityFilter, below: Below | undefined, after: string | undefined): Test[] {
  const tests: Test[] = [];
  const any = (test: Test) => tests.push(test);
  // IS TRUE hides a test from the indexes that would serve it: its rows are many, and they would all be fetched and sorted.
  if (filter.parentIds) any(sql`(e.parent_id = ANY(${filter.parentIds}::uuid[])) IS TRUE`);
  if (below) any(isBelow(below));
  if (filter.types) any(sql`(e.type = ANY(${filter.types}::text[])) IS TRUE`);
  if (filter.resourceIds) any(sql`e.source_id = ANY(${filter.resourceIds.map((id) => id.toLowerCase())}::text[])`);
  if (filter.names) any(sql`(e.name = ANY(${filter.names}::text[])) IS TRUE`);
  if (filter.fqdns) any(sql`e.fqdn = ANY(${filter.fqdns}::text[])`);
  if (filter.buckets) any(sql`e.metadata->'file'->>'bucket' = ANY(${filter.buckets}::text[])`);
  if (filter.profileStatus)
    any(sql`(${sql.join([sql`false`, ...filter.profileStatus.map(hasProfileState)], sql` OR `)})`);
  if (filter.profiledFrom) any(sql`p.profiled_at >= ${filter.profiledFrom}::timestamptz`);
  if (filter.profiledTo) any(sql`p.profiled_at < ${filter.profiledTo}::timestamptz`);
  if (after) any(sql`e.id > ${after}::uuid`);
  return tests;
}

function isBelow({ sources, many, ids }: Below): Test {
  const tests: Test[] = [sql`e.id = ANY(${ids}::uuid[])`];
  if (sources.length > 0) tests.push(sql`(e.source_id = ANY(${sources}::text[]) AND e.parent_id IS NOT NULL)`);
  // '0' follows '/' in byte order: everything below lies between the two.
  for (const { sourceId, fqdn } of many)
    tests.push(sql`(e.source_id = ${sourceId} AND e.fqdn > ${`${fqdn}/`} AND e.fqdn < ${`${fqdn}0`})`);
  return sql`(${sql.join(tests, sql` OR `)})`;
}

function hasProfileState(state: ProfileState): Test {
  if (state === 'COMPLETED') return sql`p.id IS NOT NULL`;
  if (state === 'NONE') return sql`p.id IS NULL`;
  return sql`e.id::text IN (
    SELECT item FROM (
      SELECT DISTINCT ON (t.item) t.item, t.state FROM task t JOIN job j ON j.id = t.job_id
      WHERE j.name = 'DATA_PROFILE' AND t.kind = 'work' AND t.state IN ('done', 'failed', 'skipped')
      ORDER BY t.item, t.finished_at DESC
    ) last WHERE last.state = ${state.toLowerCase()})`;
}
