import { AssayError } from '../errors/assay-error.ts';
import type { Method } from '../identify/method.ts';
import type { Db } from '../store/database.ts';
import { listEnabledMethods, listMethodsById, type StoredMethod } from '../store/methods/read-methods.ts';
import { ensureBuiltIns } from './ensure-built-ins.ts';
import { toMethod } from './read-method.ts';

export interface LoadedMethods {
  /** In the order of kind, name and id. */
  methods: { method: Method; stored: StoredMethod }[];
  /** Methods whose stored definition this version of Assay cannot read any more. */
  broken: { id: string; name: string; reason: string }[];
}

/**
 * Methods as identification works with them: those of the ids, switched on or not, or with no ids at all every one that is switched on.
 *
 * @throws BAD_REQUEST naming every id that is unknown or of the other kind
 */
export async function loadMethods(
  db: Db,
  { dictionaryIds, dataPatternIds }: { dictionaryIds: readonly string[]; dataPatternIds: readonly string[] },
): Promise<LoadedMethods> {
  await ensureBuiltIns(db);
  const all = dictionaryIds.length + dataPatternIds.length === 0;
  const found = all
    ? await listEnabledMethods(db)
    : [
        ...(await listMethodsById(db, dictionaryIds, 'dictionary')),
        ...(await listMethodsById(db, dataPatternIds, 'pattern')),
      ];
  if (!all) refuseUnknown(found, dictionaryIds, dataPatternIds);
  const loaded: LoadedMethods = { methods: [], broken: [] };
  for (const stored of found) {
    try {
      loaded.methods.push({ method: await toMethod(stored), stored });
    } catch (error) {
      if (!(error instanceof AssayError)) throw error;
      loaded.broken.push({ id: stored.id, name: stored.name, reason: error.message });
    }
  }
  return loaded;
}

function refuseUnknown(
  found: readonly StoredMethod[],
  dictionaryIds: readonly string[],
  dataPatternIds: readonly string[],
): void {
  const known = new Set(found.map(({ kind, id }) => `${kind} ${id}`));
  const lacking = (ids: readonly string[], kind: string, field: string): string[] =>
    ids.filter((id) => !known.has(`${kind} ${id}`)).map((id) => `${field}: there is no ${id.slice(0, 200)}`);
  const problems = [
    ...lacking(dictionaryIds, 'dictionary', 'dictionaryIds'),
    ...lacking(dataPatternIds, 'pattern', 'dataPatternIds'),
  ];
  if (problems.length > 0) throw new AssayError('BAD_REQUEST', problems.join('; '), { problems });
}
