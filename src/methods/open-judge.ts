import { AssayError } from '../errors/assay-error.ts';
import { buildInvertedIndex, MOST_DICTIONARIES } from '../identify/inverted-index.ts';
import type { Method } from '../identify/method.ts';
import type { Db } from '../store/database.ts';
import { NOUNS, type StoredMethod } from '../store/methods/read-methods.ts';
import { Judge } from './judge.ts';
import { streamHashes } from './read-dictionaries.ts';
import { toMethod } from './to-method.ts';

export interface OpenJudge {
  judge: Judge;
  /** Methods that cannot be asked, by their names, each with the reason. */
  unusable: string[];
}

/** Reads methods with all terms of the dictionaries among them: 10 million terms take seconds, and some 150 MB. */
export async function openJudge(db: Db, stored: readonly StoredMethod[]): Promise<OpenJudge> {
  const methods: Method[] = [];
  const dictionaries: StoredMethod[] = [];
  const unusable: string[] = [];
  for (const one of stored) {
    try {
      methods.push(toMethod(one));
      if (one.kind === 'dictionary') dictionaries.push(one);
    } catch (error) {
      if (!(error instanceof AssayError)) throw error;
      unusable.push(`${NOUNS[one.kind]} ${one.name} (${one.id}): ${error.message}`);
    }
  }
  if (dictionaries.length > MOST_DICTIONARIES)
    throw new AssayError(
      'BAD_REQUEST',
      `${dictionaries.length} dictionaries are asked for, ${MOST_DICTIONARIES} at most go together; name fewer in dictionaryIds`,
    );
  const index = await buildInvertedIndex(streamHashes(db, dictionaries), dictionaries.length);
  return { judge: new Judge(methods, index), unusable };
}
