import { sql } from 'kysely';
import type { Db, Trx } from '../database.ts';
import { getMethod, listMethodsById, type StoredKind, type StoredMethod } from './read-methods.ts';

export interface NewMethod {
  id: string;
  kind: StoredKind;
  name: string;
  enabled: boolean;
  builtIn: boolean;
  version: string;
  origin: string;
  language: string;
  categories: readonly string[];
  definition: Record<string, unknown>;
  members: Record<string, string>;
  warnings: readonly string[];
  /** Who did it; null for Assay itself. */
  userId: string | null;
}

/** The method of this id, of whatever kind, locked until the transaction ends. */
export async function lockMethod(trx: Trx, id: string): Promise<StoredMethod | undefined> {
  return (await lockMethods(trx, [id]))[0];
}

/** Those that there are of these ids, locked until the transaction ends. */
export async function lockMethods(trx: Trx, ids: readonly string[]): Promise<StoredMethod[]> {
  await sql`SELECT 1 FROM method WHERE id = ANY(${[...ids]}::text[]) ORDER BY id FOR UPDATE`.execute(trx);
  return listMethodsById(trx, ids);
}

/** Stores a method, in place of the one with its id if there is one. Its terms stay. */
export async function putMethod(trx: Trx, method: NewMethod): Promise<void> {
  const { id, kind, name, enabled, version, origin, language, userId } = method;
  const values = {
    ...{ id, kind, name, enabled, version, origin, language },
    built_in: method.builtIn,
    categories: [...method.categories],
    definition: JSON.stringify(method.definition),
    members: JSON.stringify(method.members),
    warnings: JSON.stringify(method.warnings),
  };
  await trx
    .insertInto('method')
    .values({ ...values, created_by: userId, updated_by: userId })
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet({
        ...values,
        revision: sql`method.revision + 1`,
        updated_at: sql`now()`,
        updated_by: userId,
      }),
    )
    .execute();
}

/** Switches a method on or off, also one that came with Assay. @throws NOT_FOUND */
export async function switchMethod(
  db: Db | Trx,
  kind: StoredKind,
  id: string,
  enabled: boolean,
  userId: string,
): Promise<StoredMethod> {
  await sql`UPDATE method SET enabled = ${enabled}, revision = revision + 1, updated_at = now(), updated_by = ${userId}
    WHERE id = ${id} AND kind = ${kind} AND enabled <> ${enabled}`.execute(db);
  return getMethod(db, kind, id);
}

/** Removes a method with its terms. */
export async function deleteMethod(trx: Trx, id: string): Promise<void> {
  await trx.deleteFrom('method').where('id', '=', id).execute();
}
