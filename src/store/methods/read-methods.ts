import { type RawBuilder, sql } from 'kysely';
import { AssayError } from '../../errors/assay-error.ts';
import type { Db, Trx } from '../database.ts';

export type StoredKind = 'dictionary' | 'pattern';

/** A method as it is stored, with what is known of its terms. */
export interface StoredMethod {
  id: string;
  kind: StoredKind;
  name: string;
  enabled: boolean;
  builtIn: boolean;
  revision: number;
  version: string;
  origin: string;
  language: string;
  categories: string[];
  definition: Record<string, unknown>;
  members: Record<string, string>;
  warnings: string[];
  createdAt: Date;
  createdBy: string | null;
  updatedAt: Date;
  updatedBy: string | null;
  /** Id of its set of terms; null for patterns, and for dictionaries that have none yet. */
  termSet: number | null;
  /** Rows of the set, those that repeat a term included. */
  terms: number;
  /** Different terms by canonical text. */
  cardinality: number;
  /** Of the texts of the terms, in their order. */
  digest: string;
}

const SELECT = sql`SELECT m.id, m.kind, m.name, m.enabled, m.built_in AS "builtIn", m.revision, m.version, m.origin, m.language,
  m.categories, m.definition, m.members, m.warnings, m.created_at AS "createdAt", m.created_by AS "createdBy",
  m.updated_at AS "updatedAt", m.updated_by AS "updatedBy", t.id AS "termSet",
  coalesce(t.terms, 0) AS terms, coalesce(t.cardinality, 0) AS cardinality, coalesce(t.digest, '') AS digest
  FROM method m LEFT JOIN term_set t ON t.method_id = m.id`;

/** The methods of these ids, of one kind or of both; those that do not exist are left out. In the order of kind, name and id. */
export async function listMethodsById(
  db: Db | Trx,
  ids: readonly string[],
  kind?: StoredKind,
): Promise<StoredMethod[]> {
  const { rows } = await sql<StoredMethod>`${SELECT} WHERE m.id = ANY(${[...ids]}::text[])
    ${kind === undefined ? sql`` : sql`AND m.kind = ${kind}`} ORDER BY m.kind, m.name, m.id`.execute(db);
  return rows;
}

/** All methods that are enabled, in the order of kind, name and id. */
export async function listEnabledMethods(db: Db | Trx): Promise<StoredMethod[]> {
  const { rows } = await sql<StoredMethod>`${SELECT} WHERE m.enabled ORDER BY m.kind, m.name, m.id`.execute(db);
  return rows;
}

/** Ids of methods that found something in a table or in its columns which holds, and that were deleted or disabled since. */
export async function listSilentFinders(
  db: Db | Trx,
  tableId: string,
): Promise<{ deleted: string[]; disabled: string[] }> {
  // As an array, so that assertions are found by their entities whatever the planner knows of the two tables.
  const { rows } = await sql<{ id: string; there: boolean }>`
    SELECT a.method_id AS id, m.id IS NOT NULL AS there FROM (
      SELECT DISTINCT method_id FROM assertion
      WHERE entity_id = ANY(ARRAY(SELECT id FROM entity WHERE id = ${tableId} OR parent_id = ${tableId}))
      AND method_id IS NOT NULL AND removed_at IS NULL) a
    LEFT JOIN method m ON m.id = a.method_id WHERE m.id IS NULL OR NOT m.enabled ORDER BY a.method_id`.execute(db);
  const ids = (there: boolean): string[] => rows.filter((row) => row.there === there).map(({ id }) => id);
  return { deleted: ids(false), disabled: ids(true) };
}

export async function findMethod(db: Db | Trx, kind: StoredKind, id: string): Promise<StoredMethod | undefined> {
  return (await listMethodsById(db, [id], kind))[0];
}

/** @throws NOT_FOUND */
export async function getMethod(db: Db | Trx, kind: StoredKind, id: string): Promise<StoredMethod> {
  const found = await findMethod(db, kind, id);
  if (found) return found;
  throw noMethod(kind, id);
}

export const noMethod = (kind: StoredKind, id: string): AssayError =>
  new AssayError('NOT_FOUND', `there is no ${NOUNS[kind]} ${id.slice(0, 200)}`);

/** What people call the two kinds. */
export const NOUNS: Record<StoredKind, string> = { dictionary: 'dictionary', pattern: 'data pattern' };

export interface MethodFilter {
  /** Part of the name, without regard to case. */
  name?: string;
  enabled?: boolean;
  builtIn?: boolean;
  category?: string;
  language?: string;
}

/** Methods of a kind in the order of name and id, those after a name and id. */
export async function filterMethods(
  db: Db,
  kind: StoredKind,
  filter: MethodFilter,
  after: readonly [name: string, id: string] | undefined,
  size: number,
): Promise<StoredMethod[]> {
  const tests: RawBuilder<unknown>[] = [sql`m.kind = ${kind}`];
  if (filter.name !== undefined) tests.push(sql`strpos(lower(m.name), lower(${filter.name})) > 0`);
  if (filter.enabled !== undefined) tests.push(sql`m.enabled = ${filter.enabled}`);
  if (filter.builtIn !== undefined) tests.push(sql`m.built_in = ${filter.builtIn}`);
  if (filter.category !== undefined) tests.push(sql`${filter.category} = ANY(m.categories)`);
  if (filter.language !== undefined) tests.push(sql`lower(m.language) = lower(${filter.language})`);
  if (after) tests.push(sql`(m.name, m.id) > (${after[0]}, ${after[1]})`);
  const { rows } = await sql<StoredMethod>`${SELECT} WHERE ${sql.join(tests, sql` AND `)}
    ORDER BY m.name, m.id LIMIT ${size}`.execute(db);
  return rows;
}
