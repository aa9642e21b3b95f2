import { sql } from 'kysely';
import { AssayError } from '../../errors/assay-error.ts';
import { newEntityId } from '../../model/ids.ts';
import type { BusinessTermRow, Db, Trx } from '../database.ts';

/** Where terms are put that a method names and nobody made before. */
export const IDENTIFICATION_GLOSSARY = 'Identification';

export interface TermReference {
  id: string;
  glossary: string;
  name: string;
}

/**
 * The business terms that are meant, in the order they were asked for; makes those that are not there. An id counts where a term has it,
 * else the name does; of several terms of a name the one that was made first.
 */
export async function ensureBusinessTerms(
  trx: Trx,
  wanted: readonly { name: string; id?: string }[],
): Promise<TermReference[]> {
  const known = await listMeant(trx, wanted);
  const lacking = [...new Set(wanted.filter((one) => !pick(known, one)).map(({ name }) => name))];
  if (lacking.length > 0) {
    // All in one order, so that two who make the same terms wait for each other and neither for ever.
    await trx
      .insertInto('business_term')
      .values(lacking.sort().map((name) => ({ id: newEntityId(), glossary: IDENTIFICATION_GLOSSARY, name })))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    known.push(...(await listMeant(trx, wanted)));
  }
  return wanted.map((one) => pick(known, one) as TermReference);
}

async function listMeant(trx: Trx, wanted: readonly { name: string; id?: string }[]): Promise<TermReference[]> {
  const ids = wanted.flatMap(({ id }) => id ?? []);
  const { rows } = await sql<TermReference>`SELECT id, glossary, name FROM business_term
    WHERE id = ANY(${ids}::text[]) OR name = ANY(${wanted.map(({ name }) => name)}::text[])
    ORDER BY created_at, id`.execute(trx);
  return rows;
}

const pick = (
  known: readonly TermReference[],
  { id, name }: { name: string; id?: string },
): TermReference | undefined => known.find((term) => term.id === id) ?? known.find((term) => term.name === name);

export interface BusinessTermFilter {
  /** Part of the name, without regard to case. */
  name?: string;
  glossary?: string;
}

/** Terms in the order of name and id, those after a name and id. */
export async function filterBusinessTerms(
  db: Db,
  { name, glossary }: BusinessTermFilter,
  after: readonly [name: string, id: string] | undefined,
  size: number,
): Promise<BusinessTermRow[]> {
  let query = db.selectFrom('business_term').selectAll().orderBy('name').orderBy('id').limit(size);
  if (name !== undefined) query = query.where(sql<boolean>`strpos(lower(name), lower(${name})) > 0`);
  if (glossary !== undefined) query = query.where('glossary', '=', glossary);
  if (after) query = query.where(sql<boolean>`(name, id) > (${after[0]}, ${after[1]})`);
  return query.execute();
}

/** @throws NOT_FOUND */
export async function getBusinessTerm(db: Db | Trx, id: string): Promise<BusinessTermRow> {
  const row = await db.selectFrom('business_term').selectAll().where('id', '=', id).executeTakeFirst();
  if (row) return row;
  throw notThere(id);
}

const notThere = (id: string): AssayError =>
  new AssayError('NOT_FOUND', `there is no business term ${id.slice(0, 200)}`);

export interface BusinessTermFields {
  glossary: string;
  category: string;
  name: string;
  description: string;
}

/** @throws CONFLICT when the glossary has a term of this name in this category */
export async function insertBusinessTerm(db: Db, fields: BusinessTermFields, userId: string): Promise<BusinessTermRow> {
  const row = await db
    .insertInto('business_term')
    .values({ id: newEntityId(), ...fields, created_by: userId, updated_by: userId })
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst();
  if (row) return row;
  throw taken(fields);
}

const taken = ({ glossary, category, name }: BusinessTermFields): AssayError =>
  new AssayError(
    'CONFLICT',
    `name: glossary "${glossary}" has a term "${name}"${category === '' ? '' : ` in category "${category}"`} already; change that one, or give another name or glossary`,
  );

/** @param change sees the term under a lock; throws when it may not be changed. @throws NOT_FOUND, CONFLICT */
export async function updateBusinessTerm(
  db: Db,
  id: string,
  userId: string,
  change: (before: BusinessTermRow) => Partial<BusinessTermFields>,
): Promise<BusinessTermRow> {
  return db.transaction().execute(async (trx) => {
    const before = await trx
      .selectFrom('business_term')
      .selectAll()
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst();
    if (!before) throw notThere(id);
    const after = { ...before, ...change(before) };
    const { rows } = await sql`SELECT 1 FROM business_term WHERE name = ${after.name} AND glossary = ${after.glossary}
      AND category = ${after.category} AND id <> ${id}`.execute(trx);
    if (rows.length > 0) throw taken(after);
    const { glossary, category, name, description } = after;
    return trx
      .updateTable('business_term')
      .set({
        glossary,
        category,
        name,
        description,
        revision: before.revision + 1,
        updated_at: sql`now()`,
        updated_by: userId,
      })
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirstOrThrow();
  });
}

/** @throws NOT_FOUND */
export async function deleteBusinessTerm(db: Db | Trx, id: string): Promise<BusinessTermRow> {
  const row = await db.deleteFrom('business_term').where('id', '=', id).returningAll().executeTakeFirst();
  if (row) return row;
  throw notThere(id);
}
