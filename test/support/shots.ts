import fc from 'fast-check';

type Schema = Record<string, unknown> & {
  type?: string;
  format?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  enum?: unknown[];
  required?: string[];
  minLength?: number;
  minItems?: number;
  minimum?: number;
  maximum?: number;
  anyOf?: Schema[];
  oneOf?: Schema[];
};

export interface Route {
  method: string;
  /** With `{id}`. */
  path: string;
  parameters: { name: string; in: 'path' | 'query' | 'header'; schema: Schema }[];
  body: Schema | undefined;
  isPublic: boolean;
  takesApiKeys: boolean;
}

/** One request. */
export interface Shot {
  route: Route;
  url: string;
  headers: Record<string, string>;
  payload: string | undefined;
}

/** Ids that exist, so that requests get past the first check. */
export interface KnownIds {
  source: string;
  entity: string;
  job: string;
  user: string;
  apiKey: string;
  dictionary: string;
  pattern: string;
  term: string;
}

type Operation = {
  parameters?: Route['parameters'];
  security?: object[];
  requestBody?: { content: Record<string, { schema: Schema }> };
};

interface Document {
  paths: Record<string, Record<string, Operation>>;
  components?: { schemas?: Record<string, object> };
}

/** Every operation of an OpenAPI document, schemas in full. */
export function listRoutes(shared: Document): Route[] {
  const document = inline(shared, shared.components?.schemas ?? {}) as Document;
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      parameters: operation.parameters ?? [],
      body: Object.values(operation.requestBody?.content ?? {})[0]?.schema,
      isPublic: operation.security === undefined || operation.security.length === 0,
      takesApiKeys: (operation.security ?? []).some((scheme) => Object.hasOwn(scheme, 'apiKey')),
    })),
  );
}

function inline(node: unknown, schemas: Record<string, object>): unknown {
  if (Array.isArray(node)) return node.map((item) => inline(item, schemas));
  if (typeof node !== 'object' || node === null) return node;
  if ('$ref' in node) return inline(schemas[String(node.$ref).split('/').at(-1)!], schemas);
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, inline(value, schemas)]));
}

/** The request that the document gives as its example, with ids that exist. */
export function exampleAt(route: Route, known: KnownIds): Shot {
  const body = withIds('', route.body?.example ?? {}, known);
  return {
    route,
    url: route.path.replace(/\{\w+\}/, idFor(route.path, known)),
    headers: { 'content-type': JSON_TYPE },
    payload: route.body ? JSON.stringify(body) : undefined,
  };
}

const ID_KEYS = new Set(['scope', 'parentIds', 'rootIds', 'ids', 'id', 'fqdnId', 'resourceId', 'resourceIds']);

function withIds(key: string, value: unknown, known: KnownIds): unknown {
  // Of sources and of entities there are `ids`: the form of the example tells which.
  const isEntity = key === 'ids' && String(value).includes('-');
  const found = isEntity ? known.entity : ID_KEYS.has(key) ? TAME_TEXTS[key]?.(known) : undefined;
  if (found !== undefined) return Array.isArray(value) ? [found] : found;
  if (Array.isArray(value)) return value.map((item) => withIds('', item, known));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([inner, given]) => [inner, withIds(inner, given, known)]));
}

/** Requests at a route: a good half as the document asks for them, the rest with one thing wrong, or everything. */
export function shotAt(route: Route, known: KnownIds): fc.Arbitrary<Shot> {
  return fc.oneof(
    { weight: 4, arbitrary: assemble(route, known, tameValue(route.body, '', known), tameHeaders, false) },
    { weight: 3, arbitrary: assemble(route, known, mutated(tameValue(route.body, '', known)), tameHeaders, false) },
    { weight: 2, arbitrary: assemble(route, known, hostileValue(route.body), hostileHeaders, true) },
  );
}

function assemble(
  route: Route,
  known: KnownIds,
  body: fc.Arbitrary<unknown>,
  headers: fc.Arbitrary<Record<string, string>>,
  hostile: boolean,
): fc.Arbitrary<Shot> {
  const own = fc.constant(idFor(route.path, known));
  const pathId = hostile ? fc.oneof(own, text, fc.constantFrom(...Object.values(known))) : own;
  const path = fc.tuple(...route.path.split('/').map((part) => (part.startsWith('{') ? pathId : fc.constant(part))));
  const inQuery = route.parameters.filter((parameter) => parameter.in === 'query');
  const queryValue = (schema: Schema, name: string) =>
    hostile ? fc.oneof(hostileValue(schema), text) : tameValue(schema, name, known);
  const query = fc.record(Object.fromEntries(inQuery.map(({ name, schema }) => [name, queryValue(schema, name)])), {
    requiredKeys: [],
  });
  const encoded = body.map((value) => JSON.stringify(value));
  const payload = !route.body
    ? fc.constant(undefined)
    : hostile
      ? fc.oneof({ weight: 5, arbitrary: encoded }, { weight: 1, arbitrary: text })
      : encoded;
  return fc.tuple(path, query, payload, headers).map(([segments, parameters, sent, given]) => ({
    route,
    url: segments.map(encodeText).join('/') + toQuery(parameters),
    headers: given,
    payload: sent,
  }));
}

function idFor(path: string, known: KnownIds): string {
  if (path.includes('/jobs/')) return known.job;
  if (path.includes('/entities/')) return known.entity;
  if (path.includes('/api-keys/')) return known.apiKey;
  if (path.includes('/dictionaries/')) return known.dictionary;
  if (path.includes('/data-patterns/')) return known.pattern;
  if (path.includes('/business-terms/')) return known.term;
  return path.includes('/users/') ? known.user : known.source;
}

/** What the schema asks for; names tell which id is meant. */
function tameValue(schema: Schema | undefined, name: string, known: KnownIds): fc.Arbitrary<unknown> {
  if (!schema) return fc.constant(undefined);
  const branches = schema.oneOf ?? schema.anyOf;
  if (branches) return fc.oneof(...branches.map((branch) => tameValue(branch, name, known)));
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.type === 'string') return tameText(schema, name, known);
  if (schema.type === 'integer' || schema.type === 'number') {
    return fc.integer({
      min: Math.max(schema.minimum ?? 0, -1_000_000),
      max: Math.min(schema.maximum ?? 100, 1_000_000),
    });
  }
  if (schema.type === 'boolean') return fc.boolean();
  if (schema.type === 'null') return fc.constant(null);
  if (schema.type === 'array')
    return fc.array(tameValue(schema.items, name, known), { minLength: schema.minItems ?? 0, maxLength: 3 });
  if (schema.properties) {
    const fields = Object.entries(schema.properties).map(
      ([key, inner]) => [key, tameValue(inner, key, known)] as const,
    );
    // A handful of the optional fields: all sixty at once would always break some rule.
    const required = new Set(schema.required ?? []);
    return fc
      .tuple(
        fc.record(Object.fromEntries(fields)),
        fc.subarray(
          fields.map(([key]) => key),
          { maxLength: Math.min(5, fields.length) },
        ),
      )
      .map(([all, chosen]) =>
        Object.fromEntries(
          Object.entries(all).filter(([key]) => required.has(key) || chosen.includes(key) || key === 'filters'),
        ),
      );
  }
  return schema.type === 'object' ? fc.dictionary(word, word, { maxKeys: 2 }) : word;
}

const word = fc.string({ unit: fc.constantFrom(...'abcdefghXYZ019 -_ü漢'), minLength: 1, maxLength: 20 });

const TAME_TEXTS: Record<string, (known: KnownIds) => string> = {
  scope: (known) => known.entity,
  parentIds: (known) => known.entity,
  rootIds: (known) => known.entity,
  ids: (known) => known.source,
  id: (known) => known.source,
  fqdnId: (known) => known.source,
  resourceId: (known) => known.source,
  resourceIds: (known) => known.source,
  dataSourceId: (known) => known.source,
  userId: (known) => known.user,
  cursor: () => '',
  status: () => 'ACCEPTED',
  from: () => '2020-01-01',
  to: () => '2030-01-01T00:00:00Z',
  profiledAt: () => '2020-01-01',
  profileStatus: () => 'COMPLETED',
  types: () => 'TABLE',
  email: () => 'a@example.org',
  databaseType: () => 'POSTGRES',
  grant_type: () => 'password',
};

function tameText(schema: Schema, name: string, known: KnownIds): fc.Arbitrary<string> {
  const fixed = TAME_TEXTS[name];
  return fixed ? fc.constant(fixed(known)) : word.map((found) => found.padEnd(schema.minLength ?? 0, 'x'));
}

/** The same value with one thing in it replaced by anything at all. */
function mutated(value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.tuple(value, fc.nat(), junk).map(([good, where, bad]) => {
    const places = listPlaces(good);
    const place = places[where % places.length] ?? [];
    return replaceAt(good, place, bad);
  });
}

function listPlaces(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => listPlaces(inner, [...path, key]))];
}

function replaceAt(value: unknown, [key, ...rest]: string[], bad: unknown): unknown {
  if (key === undefined || typeof value !== 'object' || value === null) return bad;
  const copy: Record<string, unknown> = Array.isArray(value) ? ([...value] as never) : { ...value };
  copy[key] = replaceAt(copy[key], rest, bad);
  return copy;
}

/** Texts that have broken programs before. */
const nasty = fc.constantFrom(
  ...[
    '',
    ' ',
    '\u0000',
    'a\u0000b',
    '\ud800',
    '%00',
    '%',
    "'; DROP TABLE job; --",
    '../../etc/passwd',
    '{}',
    '[]',
    'null',
    'NaN',
    '-1',
    '1e999',
  ],
  ...[
    '9'.repeat(40),
    '__proto__',
    'constructor',
    '\u202e',
    '😀'.repeat(500),
    'x'.repeat(10_000),
    '2026-02-31',
    '0000-00-00T00:00:00Z',
  ],
  ...[
    '1970-01-01T24:00:00Z',
    '9999-12-31',
    '*',
    '%_\\',
    'jdbc:postgresql://a:b@c/d?password=e',
    'WyJhIl0',
    'WzFd',
    'WzkwMDcxOTkyNTQ3NDA5OTFd',
  ],
);
const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.string({ maxLength: 40 }), nasty);
const junk = fc.oneof(
  text,
  fc.double(),
  fc.maxSafeInteger(),
  fc.boolean(),
  fc.constant(null),
  fc.jsonValue({ maxDepth: 3 }),
  fc.object({ maxDepth: 2 }),
);

function hostileValue(schema: Schema | undefined, depth = 0): fc.Arbitrary<unknown> {
  if (!schema || depth > 5) return junk;
  const branches = schema.oneOf ?? schema.anyOf;
  if (branches) return fc.oneof(junk, ...branches.map((branch) => hostileValue(branch, depth + 1)));
  if (schema.type === 'array') return fc.oneof(junk, fc.array(hostileValue(schema.items, depth + 1), { maxLength: 4 }));
  if (!schema.properties) return junk;
  const fields = Object.fromEntries(
    Object.entries(schema.properties).map(([key, inner]) => [key, hostileValue(inner, depth + 1)]),
  );
  return fc
    .tuple(fc.record(fields, { requiredKeys: [] }), fc.dictionary(text, junk, { maxKeys: 3 }))
    .map(([a, b]) => ({ ...a, ...b }));
}

const JSON_TYPE = 'application/json';
const tameHeaders = fc.constantFrom<Record<string, string>>(
  { 'content-type': JSON_TYPE },
  { 'content-type': JSON_TYPE, 'if-match': '*' },
);
const headerText = fc.string({ unit: fc.constantFrom(...'abcXYZ019"*,;= %()'), maxLength: 300 });
const hostileHeaders = fc.record({
  'content-type': fc.oneof(
    { weight: 8, arbitrary: fc.constant(JSON_TYPE) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        'application/x-www-form-urlencoded',
        'text/plain',
        'application/json; charset=utf-16',
        'multipart/form-data; boundary=x',
        'x',
      ),
    },
  ),
  'if-match': headerText,
  'idempotency-key': headerText,
});

const encodeText = (value: string): string => encodeURIComponent(value.toWellFormed());

function toQuery(parameters: Record<string, unknown>): string {
  const pairs = Object.entries(parameters)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${encodeText(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))}`);
  return pairs.length > 0 ? `?${pairs.join('&')}` : '';
}
