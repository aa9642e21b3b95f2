/**
 * What a user may see, read from SHOW GRANTS. A server shows in information_schema only what the user has some right on, and
 * says nothing of the rest: a listing proves that something is gone only where the user may see everything. What is not
 * understood here counts as no right, so doubt never deletes.
 */
export interface Grants {
  /** Whether everything in this database is shown. */
  seesAllOf(schema: string): boolean;
  /** Whether all columns of this table are shown. */
  seesColumns(schema: string, table: string): boolean;
  mayRead(schema: string, table: string): boolean;
}

interface Grant {
  rights: Set<string>;
  /** SELECT on some columns only. */
  hasColumns: boolean;
  /** A pattern when `table` is EVERY, else a name. */
  schema: Name;
  table: Name;
}

/** The bare `*`. A database or table may be called so too, and then stands in quotes. */
const EVERY = null;
type Name = string | typeof EVERY;

/**
 * @param lines rows of SHOW GRANTS
 * @param hasWildcards false where MySQL takes `_` and `%` in the name of a database as they are (partial_revokes)
 */
export function readGrants(lines: readonly string[], hasWildcards = true): Grants {
  const grants: Grant[] = [];
  const revoked: Name[] = [];
  for (const line of lines) {
    const grant = parseGrant(line);
    if (/^\s*REVOKE\b/i.test(line)) revoked.push(grant?.schema ?? EVERY);
    else if (grant) grants.push(grant);
  }
  const global = grants.filter((one) => one.schema === EVERY && one.table === EVERY);
  const isCut = (schema: string): boolean =>
    revoked.some((pattern) => pattern === EVERY || matchesSchema(pattern, schema, true));
  const onSchema = (schema: string): Grant[] =>
    grants.filter(
      (one) => one.schema !== EVERY && one.table === EVERY && matchesSchema(one.schema, schema, hasWildcards),
    );
  const readsAll = (schema: string): boolean => {
    if (global.some(reads) && !isCut(schema)) return true;
    // The server uses the most special of several patterns; whichever that is, it must allow to read.
    const own = onSchema(schema);
    return own.length > 0 && own.every(reads);
  };
  const readsTable = (schema: string, table: string): boolean =>
    readsAll(schema) || grants.some((one) => one.schema === schema && one.table === table && reads(one));
  return {
    seesAllOf: readsAll,
    seesColumns: readsTable,
    mayRead: (schema, table) =>
      readsTable(schema, table) || grants.some((one) => one.schema === schema && one.table === table && one.hasColumns),
  };
}

const reads = (grant: Grant): boolean => grant.rights.has('SELECT') || grant.rights.has('ALL PRIVILEGES');

/** `_` and `%` stand for any character and any text, unless a backslash is in front, which is no part of the name. Names compare as the server is set; here exactly. */
function matchesSchema(pattern: string, schema: string, hasWildcards: boolean): boolean {
  let source = '';
  for (let i = 0; i < pattern.length; i++) {
    const character = pattern[i] as string;
    const isEscape = character === '\\' && i + 1 < pattern.length;
    if (isEscape) source += escapeRegExp(pattern[++i] as string);
    else if (hasWildcards && character === '%') source += '.*';
    else if (hasWildcards && character === '_') source += '.';
    else source += escapeRegExp(character);
  }
  return new RegExp(`^${source}$`, 'su').test(schema);
}

const escapeRegExp = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/** `GRANT SELECT, INSERT (`a`, `b`) ON `shop`.`item` TO …`; undefined for roles, proxies, routines and what else there is. */
function parseGrant(line: string): Grant | undefined {
  const start = /^\s*(?:GRANT|REVOKE)\s+/i.exec(line);
  if (!start) return undefined;
  const reader = new Reader(line, start[0].length);
  const rights = new Set<string>();
  let hasColumns = false;
  for (;;) {
    const right = reader.take(/[A-Z][A-Z_ ]*?(?=\s*(?:,|\(|\s+ON\s|\s+TO\s))/iy);
    if (right === undefined) return undefined;
    const columns = reader.take(/\s*\((?:`(?:[^`]|``)*`|"(?:[^"]|"")*"|[^()`"])*\)/y);
    if (columns === undefined) rights.add(right.trim().toUpperCase());
    else hasColumns ||= right.trim().toUpperCase() === 'SELECT';
    if (reader.take(/\s*,\s*/y) === undefined) break;
  }
  if (reader.take(/\s+ON\s+(?:TABLE\s+)?/iy) === undefined) return undefined;
  const schema = reader.takeName();
  if (schema === undefined || reader.take(/\./y) === undefined) return undefined;
  const table = reader.takeName();
  return table === undefined ? undefined : { rights, hasColumns, schema, table };
}

class Reader {
  readonly #text: string;
  #at: number;

  constructor(text: string, at: number) {
    this.#text = text;
    this.#at = at;
  }

  /** @param pattern sticky */
  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (!match) return undefined;
    this.#at = pattern.lastIndex;
    return match[0];
  }

  takeName(): Name | undefined {
    if (this.take(/\*/y) !== undefined) return EVERY;
    const quoted = this.take(/`(?:[^`]|``)*`|"(?:[^"]|"")*"/y);
    if (quoted !== undefined)
      return quoted.slice(1, -1).replaceAll(quoted[0]?.repeat(2) as string, quoted[0] as string);
    return this.take(/[\w$\u0080-\uffff]+/y);
  }
}
