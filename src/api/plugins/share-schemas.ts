type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type JsonObject = { [key: string]: Json };

/**
 * Writes every schema that has a `title` once, below components.schemas, and refers to it elsewhere: the document gets a
 * tenth of its size, and clients made from it get types with names. The description of a place stays at the place.
 *
 * @throws Error when two different schemas have the same title
 */
export function shareSchemas<T extends object>(document: T): T {
  const shared: Record<string, JsonObject> = {};
  const { components, ...rest } = document as unknown as JsonObject;
  const walked = share(rest, shared) as JsonObject;
  const known = (components ?? {}) as JsonObject;
  const schemas = Object.fromEntries(Object.entries(shared).sort(([a], [b]) => (a < b ? -1 : 1)));
  return {
    ...walked,
    components: { ...known, schemas: { ...(known.schemas as JsonObject), ...schemas } },
  } as unknown as T;
}

function share(node: Json, shared: Record<string, JsonObject>, isNames = false): Json {
  if (Array.isArray(node)) return node.map((item) => share(item, shared));
  if (typeof node !== 'object' || node === null) return node;
  const copy: JsonObject = {};
  // What stands in an example or a default is no schema; what stands below `properties` are names.
  for (const [key, value] of Object.entries(node))
    copy[key] = key === 'example' || key === 'default' ? value : share(value, shared, key === 'properties' && !isNames);
  if (isNames || typeof copy.title !== 'string' || !('type' in copy || 'anyOf' in copy || 'oneOf' in copy)) return copy;
  const { title, description, ...schema } = copy;
  const known = shared[title];
  if (known && JSON.stringify({ ...known, description: undefined }) !== JSON.stringify(schema))
    throw new Error(`two different schemas have the title ${title}: give each a title of its own`);
  shared[title] ??= { ...schema, ...(description === undefined ? {} : { description }) };
  return { $ref: `#/components/schemas/${title}`, ...(description === undefined ? {} : { description }) };
}
