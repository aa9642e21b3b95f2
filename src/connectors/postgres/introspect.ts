import { AssayError } from '../../errors/assay-error.ts';
import type { IntrospectRequest, ListingEvent, SourceObject } from '../connector.ts';
import { ONE_SCHEMA, RELATION_CURSOR, type RelationRow, type SchemaRow } from './catalog.ts';
import type { Session } from './connect.ts';
import { Describer, type Run } from './describe.ts';
import { toSchemaObject } from './objects.ts';

/** Relations fetched at once; their columns come in groups of at most GROUP_COLUMNS (one wide table may exceed it: 1,600). */
const FETCH_RELATIONS = 2_000;
const GROUP_COLUMNS = 8_000;
const CATALOG_TIMEOUT_MS = 120_000;

/** Lists one schema from one snapshot, in bounded memory: a cursor over its relations, one statement per group of them. */
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
    await run(RELATION_CURSOR(schema.oid, session.version));
    for await (const describe of oneAhead(readGroups(new Describer(name, session.version, run), name, request, run)))
      yield { kind: 'objects', objects: describe() };
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

/** Reads a group of relations at a time; making objects of it waits until it is wanted. */
async function* readGroups(
  describer: Describer,
  schema: string,
  request: IntrospectRequest,
  run: Run,
): AsyncGenerator<() => SourceObject[]> {
  for (;;) {
    const fetched = await run<RelationRow>(`FETCH ${FETCH_RELATIONS} FROM relations`);
    const wanted = request.mayContain ? fetched.filter((row) => request.mayContain?.([schema, row.name])) : fetched;
    for (const group of groupByWidth(wanted)) yield await describer.read(group);
    if (fetched.length < FETCH_RELATIONS) return;
  }
}

/** The source works on the next group while we work on this one. */
async function* oneAhead<T>(items: AsyncIterator<T, void>): AsyncGenerator<T> {
  let next = items.next();
  for (;;) {
    const item = await next;
    if (item.done) return;
    next = items.next();
    // It is awaited when its turn comes; if that never comes, because the reader left, nobody wants to hear of it.
    next.catch(() => {});
    yield item.value;
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
