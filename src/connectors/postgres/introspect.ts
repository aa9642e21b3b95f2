import { AssayError } from '../../errors/assay-error.ts';
import type { IntrospectRequest, ListingEvent, SourceObject } from '../connector.ts';
import {
  COLUMNS,
  CONSTRAINTS,
  type ColumnRow,
  type ConstraintRow,
  ONE_SCHEMA,
  RELATION_CURSOR,
  type RelationRow,
  type SchemaRow,
  SIZES,
  type SizeRow,
  UNIQUE_KEYS,
  type UniqueKeyRow,
} from './catalog.ts';
import type { Session } from './connect.ts';
import { toColumnObject, toSchemaObject, toTableObject } from './objects.ts';

/** Relations fetched at once; their columns come in groups of at most GROUP_COLUMNS (one wide table may exceed it: 1,600). */
const FETCH_RELATIONS = 2_000;
const GROUP_COLUMNS = 8_000;
const CATALOG_TIMEOUT_MS = 120_000;
/** A table that somebody holds exclusively has no size for us; nobody should wait for that. */
const SIZE_LOCK_TIMEOUT_MS = 500;

/** Lists one schema from one snapshot, in bounded memory: a cursor over its relations, four statements per group of them. */
export async function* introspectSchema(session: Session, request: IntrospectRequest): AsyncGenerator<ListingEvent> {
  const { unit, signal } = request;
  const [name] = unit.path;
  const run = <Row extends Record<string, unknown>>(text: string, values?: unknown[]) =>
    session.query<Row>(text, values, signal);
  try {
    if (name === undefined || unit.path.length !== 1)
      throw new AssayError('NOT_SUPPORTED', `PostgreSQL lists one schema at a time, received /${unit.path.join('/')}`);
    await run('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await run(`SET LOCAL statement_timeout = ${CATALOG_TIMEOUT_MS}`);
    // Names in definitions are then always written with their schema, whatever the role's search_path is.
    await run('SET LOCAL search_path = pg_catalog');
    const schema = (await run<SchemaRow>(ONE_SCHEMA, [name]))[0];
    if (!schema) throw new AssayError('SOURCE_NO_OBJECT', `there is no schema "${name}" (any more)`);
    yield { kind: 'objects', objects: [toSchemaObject(schema)] };
    await run(RELATION_CURSOR(schema.oid));
    for (;;) {
      const fetched = await run<RelationRow>(`FETCH ${FETCH_RELATIONS} FROM relations`);
      const wanted = request.mayContain ? fetched.filter((row) => request.mayContain?.([name, row.name])) : fetched;
      for (const group of groupByWidth(wanted)) yield { kind: 'objects', objects: await describe(name, group, run) };
      if (fetched.length < FETCH_RELATIONS) break;
    }
    await run('COMMIT');
    // The snapshot can't see that the schema went away while it was read.
    if ((await run<SchemaRow>(ONE_SCHEMA, [name]))[0]?.oid !== schema.oid)
      throw new AssayError('SOURCE_NO_OBJECT', `schema "${name}" was dropped while it was listed`);
    yield { kind: 'complete', path: unit.path };
  } catch (error) {
    if (!session.dead) await session.query('ROLLBACK').catch(() => session.end());
    if (signal.aborted) throw error;
    yield { kind: 'failed', path: unit.path, error: error as Error };
  }
}

type Run = <Row extends Record<string, unknown>>(text: string, values?: unknown[]) => Promise<Row[]>;

async function describe(schema: string, relations: RelationRow[], run: Run): Promise<SourceObject[]> {
  const oids = [relations.map((row) => row.oid)];
  const columns = Map.groupBy(await run<ColumnRow>(COLUMNS, oids), (row) => row.relation);
  const keys = Map.groupBy(await run<UniqueKeyRow>(UNIQUE_KEYS, oids), (row) => row.relation);
  const constraints = Map.groupBy(await run<ConstraintRow>(CONSTRAINTS, oids), (row) => row.relation);
  const sizes = new Map((await readSizes(oids, run)).map((row) => [row.oid, row]));
  return relations.flatMap((relation) => {
    const own = {
      keys: keys.get(relation.oid) ?? [],
      constraints: constraints.get(relation.oid) ?? [],
      size: sizes.get(relation.oid),
    };
    return [
      toTableObject(schema, relation, own),
      ...(columns.get(relation.oid) ?? []).map((column) => toColumnObject(schema, relation, column, own)),
    ];
  });
}

/** Sizes are the only thing that takes a lock on the tables; without them the listing is still whole. */
async function readSizes(oids: number[][], run: Run): Promise<SizeRow[]> {
  await run('SAVEPOINT sizes');
  try {
    await run(`SET LOCAL lock_timeout = ${SIZE_LOCK_TIMEOUT_MS}`);
    return await run<SizeRow>(SIZES, oids);
  } catch (error) {
    if (!(error instanceof AssayError) || error.code !== 'SOURCE_TIMEOUT') throw error;
    return [];
  } finally {
    await run('ROLLBACK TO SAVEPOINT sizes').catch(() => []);
  }
}

function* groupByWidth(relations: RelationRow[]): Generator<RelationRow[]> {
  let group: RelationRow[] = [];
  let width = 0;
  for (const relation of relations) {
    if (group.length > 0 && width + relation.width + 1 > GROUP_COLUMNS) {
      yield group;
      group = [];
      width = 0;
    }
    group.push(relation);
    width += relation.width + 1;
  }
  if (group.length > 0) yield group;
}
