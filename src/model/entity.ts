/** The kinds of node in the catalog. A RESOURCE is the root of a data source. */
export const ENTITY_TYPES = ['RESOURCE', 'SCHEMA', 'TABLE', 'VIEW', 'COLUMN', 'FOLDER', 'FILE'] as const;
export type EntityType = (typeof ENTITY_TYPES)[number];

/** Types that hold rows and can be profiled. */
export const TABLE_LIKE: readonly EntityType[] = ['TABLE', 'VIEW', 'FILE'];

/** Permanent, unique name of an entity: `fqdnId` and the names of its ancestors, joined by `/`. */
export function buildFqdn(fqdnId: string, names: readonly string[]): string {
  return [fqdnId, ...names.map(encodeFqdnSegment)].join('/');
}

/** No fqdn that is kept has more: an entry of an index of PostgreSQL takes 2,704 bytes. */
export const FQDN_BYTES = 2_650;

/** Percent-encodes `/`, `%` and control characters, so that a name can never look like two. */
export function encodeFqdnSegment(name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what is encoded
  return name.replace(/[/%\u0000-\u001f\u007f-\u009f]/g, (c) =>
    [...Buffer.from(c, 'utf8')].map((b) => `%${b.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );
}

/** What counts of the types are called. */
export const ENTITY_WORDS: Record<EntityType, string> = {
  RESOURCE: 'data sources',
  SCHEMA: 'schemas',
  TABLE: 'tables',
  VIEW: 'views',
  COLUMN: 'columns',
  FOLDER: 'folders',
  FILE: 'files',
};
