import type { EntityView } from './client/find-things.ts';

/** Columns in the order of their table, before everything else, which stands by name. */
export function sortSiblings(entities: readonly EntityView[]): EntityView[] {
  return entities.toSorted((a, b) => placeOf(a) - placeOf(b) || compare(a.name, b.name) || compare(a._id, b._id));
}

const placeOf = (entity: EntityView): number =>
  entity.type === 'COLUMN'
    ? Number(entity.metadata?.column?.ordinalPosition ?? Number.MAX_SAFE_INTEGER)
    : Number.MAX_SAFE_INTEGER;
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
