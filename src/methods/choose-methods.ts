import { AssayError } from '../errors/assay-error.ts';
import type { Db } from '../store/database.ts';
import {
  listEnabledMethods,
  listMethodsById,
  NOUNS,
  type StoredKind,
  type StoredMethod,
} from '../store/methods/read-methods.ts';
import { ensureBuiltIns } from './ensure-built-ins.ts';

/** Which methods are asked for; both empty: all that are enabled. */
export interface MethodChoice {
  dictionaryIds: readonly string[];
  dataPatternIds: readonly string[];
}

/** Problems named in one answer. */
const NAMED = 20;

export const isAll = ({ dictionaryIds, dataPatternIds }: MethodChoice): boolean =>
  dictionaryIds.length + dataPatternIds.length === 0;

/**
 * The methods that were asked for, in the order of kind, name and id. A disabled one that is named is an error and not a silence: it
 * would be left out of what somebody believes it is in.
 *
 * @throws BAD_REQUEST (400) naming every id that is unknown, of the other kind, or disabled
 */
export async function chooseMethods(db: Db, choice: MethodChoice): Promise<StoredMethod[]> {
  await ensureBuiltIns(db);
  if (isAll(choice)) return listEnabledMethods(db);
  const found = await listMethodsById(db, [...new Set([...choice.dictionaryIds, ...choice.dataPatternIds])]);
  const byId = new Map(found.map((method) => [method.id, method]));
  const problems = [
    ...choice.dictionaryIds.map((id) => problemOf('dictionaryIds', 'dictionary', id, byId.get(id))),
    ...choice.dataPatternIds.map((id) => problemOf('dataPatternIds', 'pattern', id, byId.get(id))),
  ].filter((problem) => problem !== undefined);
  if (problems.length > 0) {
    const named = problems.slice(0, NAMED);
    if (problems.length > NAMED) named.push(`and ${problems.length - NAMED} more`);
    throw new AssayError('BAD_REQUEST', named.join('; '), { problems: named });
  }
  return found;
}

function problemOf(field: string, kind: StoredKind, id: string, method: StoredMethod | undefined): string | undefined {
  const shown = id.slice(0, 100);
  if (!method) return `${field}: there is no ${NOUNS[kind]} ${shown}`;
  if (method.kind !== kind)
    return `${field}: ${shown} is a ${NOUNS[method.kind]} (${method.name}), expected a ${NOUNS[kind]}`;
  if (!method.enabled)
    return `${field}: the ${NOUNS[kind]} ${method.name} (${shown}) is disabled; enable it, or leave it out`;
  return undefined;
}
