import { randomUUID } from 'node:crypto';
import { AssayError } from '../errors/assay-error.ts';
import { type Actor, recordAct } from '../store/audit.ts';
import type { Db, Trx } from '../store/database.ts';
import { getMethod, NOUNS, noMethod, type StoredKind, type StoredMethod } from '../store/methods/read-methods.ts';
import { deleteMethod, lockMethod, putMethod } from '../store/methods/write-methods.ts';
import { copyTermSet, giveTerms } from '../store/methods/write-terms.ts';
import { builtInError, type IncomingTerms, takeTerms } from './import/store-member.ts';
import { readMethod, versionOf } from './read-method.ts';

/** Which method is meant, who changes it, and what must hold of it under its lock. */
export interface Edit {
  kind: StoredKind;
  id: string;
  actor: Actor;
  check?: (before: StoredMethod) => void;
}

/**
 * Changes the definition of a method: keys that are given take the place of those that are there, null takes away.
 *
 * @throws NOT_FOUND, CONFLICT for one that came with Assay, BAD_REQUEST naming every problem
 */
export async function editMethod(db: Db, edit: Edit, patch: Record<string, unknown>): Promise<StoredMethod> {
  return db.transaction().execute(async (trx) => {
    const before = await lockOwn(trx, edit);
    const definition: Record<string, unknown> = { ...before.definition, isEnabled: before.enabled };
    for (const [key, value] of Object.entries(patch)) {
      if (value === null) delete definition[key];
      else definition[key] = value;
    }
    const problems: string[] = [];
    if (definition._id !== edit.id) problems.push(`_id: cannot be changed; it is ${edit.id}`);
    if ('terms' in patch)
      problems.push(`terms: are not changed here; send them as text/csv to PUT /dictionaries/${edit.id}/terms`);
    if (problems.length > 0) throw new AssayError('BAD_REQUEST', problems.join('; '), { problems });
    const { method, language, warnings } = await readMethod(definition, edit.kind);
    const { name, enabled, categories } = method;
    await putMethod(trx, {
      ...before,
      ...{ name, enabled, categories, language, definition, warnings },
      version: versionOf(method, before.digest),
      userId: edit.actor.id,
    });
    await recordAct(trx, edit.actor, `${NOUNS[edit.kind]} changed`, edit.id, { name, keys: Object.keys(patch) });
    return getMethod(trx, edit.kind, edit.id);
  });
}

/**
 * Gives a dictionary other terms in place of those it has, whole or not at all.
 *
 * @returns the dictionary, and what was noticed while the terms were read
 * @throws NOT_FOUND, CONFLICT for one that came with Assay, BAD_REQUEST for what is no list of terms
 */
export async function replaceTerms(
  db: Db,
  edit: Edit,
  incoming: IncomingTerms,
): Promise<{ method: StoredMethod; warnings: string[] }> {
  return db.transaction().execute(async (trx) => {
    const before = await lockOwn(trx, edit);
    const built = await takeTerms(trx, incoming);
    const { method, warnings: said } = await readMethod(before.definition, edit.kind);
    const warnings = [...said, ...(incoming.report?.warnings ?? [])];
    await putMethod(trx, {
      ...before,
      version: versionOf(method, built.digest),
      warnings,
      userId: edit.actor.id,
    });
    await giveTerms(trx, edit.id, built.termSet);
    await recordAct(trx, edit.actor, 'terms replaced', edit.id, { name: before.name, terms: built.terms });
    return { method: await getMethod(trx, edit.kind, edit.id), warnings };
  });
}

/** @throws NOT_FOUND, CONFLICT for one that came with Assay */
export async function removeMethod(db: Db, edit: Edit): Promise<StoredMethod> {
  return db.transaction().execute(async (trx) => {
    const before = await lockOwn(trx, edit);
    await deleteMethod(trx, edit.id);
    await recordAct(trx, edit.actor, `${NOUNS[edit.kind]} deleted`, edit.id, { name: before.name });
    return before;
  });
}

/** A method of one's own with everything that this one has, also where it came with Assay. @throws NOT_FOUND */
export async function copyMethod(db: Db, edit: Edit, name: string | undefined): Promise<StoredMethod> {
  return db.transaction().execute(async (trx) => {
    const from = await getMethod(trx, edit.kind, edit.id);
    const id = randomUUID();
    const definition: Record<string, unknown> = {
      ...from.definition,
      _id: id,
      name: name ?? `${from.name} (copy)`,
      isEnabled: from.enabled,
      builtIn: false,
    };
    await putMethod(trx, {
      ...from,
      id,
      name: String(definition.name),
      builtIn: false,
      version: versionOf((await readMethod(definition, edit.kind)).method, from.digest),
      origin: 'copy',
      definition,
      members: {},
      userId: edit.actor.id,
    });
    if (from.termSet !== null) await giveTerms(trx, id, await copyTermSet(trx, from.termSet));
    await recordAct(trx, edit.actor, `${NOUNS[edit.kind]} created`, id, { name: definition.name, copyOf: edit.id });
    return getMethod(trx, edit.kind, id);
  });
}

/** The method under a lock. @throws NOT_FOUND, CONFLICT for one that came with Assay, and what `check` throws */
async function lockOwn(trx: Trx, { kind, id, check }: Edit): Promise<StoredMethod> {
  const before = await lockMethod(trx, id);
  if (before?.kind !== kind) throw noMethod(kind, id);
  if (before.builtIn) throw builtInError(before);
  check?.(before);
  return before;
}
