import type { Entity } from '../client/index.ts';

type Sibling = Pick<Entity, '_id' | 'name' | 'type' | 'metadata'>;

/** Columns in the order of their table, before everything else, which stands by name. */
export function sortSiblings<T extends Sibling>(entities: readonly T[]): T[] {
  return entities.toSorted((a, b) => placeOf(a) - placeOf(b) || compare(a.name, b.name) || compare(a._id, b._id));
}

const placeOf = (entity: Sibling): number =>
  entity.type === 'COLUMN'
    ? Number(
        (entity.metadata.column as { ordinalPosition?: number } | undefined)?.ordinalPosition ??
          Number.MAX_SAFE_INTEGER,
      )
    : Number.MAX_SAFE_INTEGER;
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
