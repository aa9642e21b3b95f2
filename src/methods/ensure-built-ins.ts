import { createHash } from 'node:crypto';
import type { BuiltInDictionary } from '../identify/built-in/index.ts';
import type { Db, Trx } from '../store/database.ts';
import {
  deleteOtherBuiltIns,
  findContent,
  lockBuiltIns,
  recordContent,
  type StoredContent,
} from '../store/methods/built-ins.ts';
import type { StoredMethod } from '../store/methods/read-methods.ts';
import { lockMethods, putMethod } from '../store/methods/write-methods.ts';
import { giveTerms } from '../store/methods/write-terms.ts';
import { buildTerms, digestOf } from './build-terms.ts';
import { readMethod, versionOf } from './read-method.ts';
import { sameJson } from './same-json.ts';

/** What comes with the program. */
export interface BuiltInContent {
  /** Higher for what is newer. */
  version: number;
  dictionaries: readonly { definition: object; terms: BuiltInDictionary['terms'] }[];
  patterns: readonly object[];
}

/** Loaded by who needs it: a server that never does starts without it. */
async function loadOwn(): Promise<BuiltInContent> {
  const { builtInDictionaries, builtInPatterns, CONTENT_VERSION } = await import('../identify/built-in/index.ts');
  return { version: CONTENT_VERSION, dictionaries: builtInDictionaries(), patterns: builtInPatterns() };
}

/** Databases that were brought up to date by this process. */
const done = new WeakMap<Db, Promise<void>>();

/**
 * Brings the built-in methods into the catalog, or up to the content of this version: by the first process that needs methods, once
 * a version, while the others wait. Costs nothing from the second call on. What people switched off stays off.
 */
export async function ensureBuiltIns(db: Db): Promise<void> {
  let going = done.get(db);
  if (!going) {
    going = loadOwn().then(async (own) => void (await bringBuiltIns(db, own)));
    done.set(db, going);
    // A database that could not be reached may be so the next time.
    going.catch(() => done.delete(db));
  }
  await going;
}

/**
 * Leaves alone what a newer version of the program brought.
 *
 * @returns how many were written; 0 when the content was there already
 */
export async function bringBuiltIns(db: Db, content: BuiltInContent): Promise<number> {
  const methods = await load(content);
  const own = { version: content.version, fingerprint: fingerprintOf(methods) };
  if (isCovered(await findContent(db), own)) return 0;
  return db.transaction().execute(async (trx) => {
    await lockBuiltIns(trx);
    if (isCovered(await findContent(trx), own)) return 0;
    const ids = methods.map(({ id }) => id);
    // All at once: one query for each would take as long as all the rest.
    const known = new Map((await lockMethods(trx, ids)).map((method) => [method.id, method]));
    let written = 0;
    for (const method of methods) if (await put(trx, method, known.get(method.id))) written++;
    await deleteOtherBuiltIns(trx, ids);
    await recordContent(trx, own);
    return written;
  });
}

const isCovered = (stored: StoredContent | undefined, own: StoredContent): boolean =>
  stored !== undefined &&
  (stored.version > own.version || (stored.version === own.version && stored.fingerprint === own.fingerprint));

/** Version and fingerprint of what comes with the program. */
export async function describeOwn(): Promise<StoredContent> {
  const own = await loadOwn();
  return { version: own.version, fingerprint: fingerprintOf(await load(own)) };
}

const fingerprintOf = (methods: readonly BuiltIn[]): string =>
  createHash('sha256')
    .update(JSON.stringify(methods.map(({ definition, digest }) => [definition, digest])))
    .digest('hex');

interface BuiltIn {
  id: string;
  definition: Record<string, unknown>;
  terms?: string[];
  digest: string;
}

async function load({ dictionaries, patterns }: BuiltInContent): Promise<BuiltIn[]> {
  const methods: BuiltIn[] = [];
  for (const { definition, terms } of dictionaries) {
    const list = await terms();
    methods.push({ ...toBuiltIn(definition), terms: list, digest: digestOf(list) });
  }
  for (const definition of patterns) methods.push(toBuiltIn(definition));
  return methods;
}

function toBuiltIn(given: object): BuiltIn {
  const definition = { ...given } as Record<string, unknown>;
  return { id: String(definition._id), definition, digest: '' };
}

/** Somebody's own method of the id is left alone. */
async function put(
  trx: Trx,
  { id, definition, terms, digest }: BuiltIn,
  early: StoredMethod | undefined,
): Promise<boolean> {
  const isThere = early && early.digest === digest && sameJson(early.definition, definition);
  if (isThere || early?.builtIn === false) return false;
  const { method, language, warnings } = await readMethod(definition, terms ? 'dictionary' : 'pattern');
  const { kind, name, categories } = method;
  await putMethod(trx, {
    ...{ id, kind, name, categories, language, definition, warnings },
    enabled: early?.enabled ?? method.enabled,
    builtIn: true,
    version: versionOf(method, digest),
    origin: 'built-in',
    members: {},
    userId: null,
  });
  if (terms) await giveTerms(trx, id, (await buildTerms(trx, [terms])).termSet);
  return true;
}
