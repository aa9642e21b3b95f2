import { AssayError } from '../errors/assay-error.ts';
import type { EntityType } from '../model/entity.ts';
import { isUuid } from '../model/ids.ts';
import type { Db, JobScope } from '../store/database.ts';
import { listScopeEntities, type ScopeEntity } from '../store/scope.ts';

export interface AcceptedScope {
  /** Each once, in the order they were given. */
  entities: ScopeEntity[];
  scope: JobScope;
  resourceIds: string[];
  /** Of the first source; tasks on others name their own. */
  affinity: string;
}

/** Problems named in one answer; a scope may hold 100,000 ids. */
const NAMED = 20;

/**
 * Resolves the ids of a scope: titles, sources and affinity as they are now.
 *
 * @throws MALFORMED_ID (400), NOT_FOUND (404) or WRONG_ENTITY_TYPE (400), each naming every id concerned
 */
export async function acceptScope(
  db: Db,
  ids: readonly string[],
  allowed?: readonly EntityType[],
): Promise<AcceptedScope> {
  const malformed = ids.filter((id) => !isUuid(id));
  refuse('MALFORMED_ID', malformed, (id) => `scope: received "${id.slice(0, 100)}", expected the UUID of an entity`);
  const wanted = [...new Set(ids.map((id) => id.toLowerCase()))];
  if (wanted.length === 0) throw new AssayError('BAD_REQUEST', 'scope: it is empty; give at least one entity id');
  const entities = await listScopeEntities(db, wanted);
  const known = new Set(entities.map((entity) => entity.id));
  const unknown = wanted.filter((id) => !known.has(id));
  refuse('NOT_FOUND', unknown, (id) => `scope: there is no entity ${id}`);
  if (allowed) {
    const wrong = entities.filter((entity) => !allowed.includes(entity.type));
    refuse('WRONG_ENTITY_TYPE', wrong, (one) => `scope: ${one.id} is a ${one.type}, expected ${allowed.join(', ')}`);
  }
  const sources = new Map(entities.map((entity) => [entity.sourceId, entity.sourceName]));
  return {
    entities,
    scope: {
      dataSources: [...sources].map(([_id, title]) => ({ _id, title })),
      scope: entities.map((entity) => ({ type: entity.type, _id: entity.id, title: entity.name })),
    },
    resourceIds: [...sources.keys()],
    affinity: entities[0]?.affinityId ?? 'DEFAULT',
  };
}

function refuse<T>(
  code: 'MALFORMED_ID' | 'NOT_FOUND' | 'WRONG_ENTITY_TYPE',
  wrong: readonly T[],
  say: (one: T) => string,
): void {
  if (wrong.length === 0) return;
  const problems = wrong.slice(0, NAMED).map(say);
  if (wrong.length > NAMED) problems.push(`and ${wrong.length - NAMED} more`);
  throw new AssayError(code, problems.join('; '), { problems });
}
