import { randomUUID } from 'node:crypto';
import { AssayError } from '../../errors/assay-error.ts';
import { isPlainObject } from '../../model/coerce.ts';
import { type Actor, recordAct } from '../../store/audit.ts';
import type { Db, Trx } from '../../store/database.ts';
import { NOUNS, type StoredKind, type StoredMethod } from '../../store/methods/read-methods.ts';
import { lockMethod, putMethod } from '../../store/methods/write-methods.ts';
import { giveTerms } from '../../store/methods/write-terms.ts';
import { toUnstorable } from '../../store/store-error.ts';
import { type BuiltTerms, buildTerms } from '../build-terms.ts';
import type { TermsReport } from '../csv/read-terms.ts';
import { type ReadMethod, readMethod, versionOf, withoutTerms } from '../read-method.ts';
import { sameJson } from '../same-json.ts';
import { type ImportVerdict, rejected } from './verdict.ts';

/** Terms on their way in, and what is known of them when all were taken. */
export interface IncomingTerms {
  terms: AsyncIterable<readonly string[]> | Iterable<readonly string[]>;
  report?: TermsReport;
}

/** A method as an upload brings it. */
export interface Member {
  /** Its name in messages. */
  member: string;
  definition: unknown;
  /** Names of the files it came in. */
  members: Record<string, string>;
  /** Opens its terms, if it brings any. */
  open?: () => Promise<IncomingTerms>;
}

export interface ImportOptions {
  kind: StoredKind;
  /** How it came. */
  origin: string;
  actor: Actor;
  /** Ids that came before in the same upload, and of which member. */
  seen: Map<string, string>;
  /** A method of the id that is there is not overwritten. */
  onlyNew?: boolean;
}

/** Ends a transaction that has nothing to keep. */
class NothingToKeep extends Error {
  readonly verdict: ImportVerdict;
  constructor(verdict: ImportVerdict) {
    super('nothing to keep');
    this.verdict = verdict;
  }
}

/**
 * Stores one member, whole or not at all. What is wrong with the member is its verdict and no error.
 *
 * @throws what is no fault of the member: a database that cannot be reached
 */
export async function storeMember(db: Db, member: Member, options: ImportOptions): Promise<ImportVerdict> {
  try {
    return await storeWhole(db, member, options);
  } catch (error) {
    if (!(error instanceof AssayError) || error.row.status >= 500) throw error;
    const { _id, name } = isPlainObject(member.definition) ? member.definition : {};
    const problems = error.problems.length > 0 ? error.problems : [error.message];
    return rejected(member.member, problems, textOf(_id), textOf(name));
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value.slice(0, 200) : '');

/**
 * The same in one transaction, which is seen by nobody before it ends.
 *
 * @throws BAD_REQUEST naming every problem, or for what the database cannot store; CONFLICT for an id that may not be overwritten
 */
export async function storeWhole(db: Db, member: Member, options: ImportOptions): Promise<ImportVerdict> {
  const read = await readMethod(member.definition, options.kind);
  const id = read.method.id || randomUUID();
  const before = options.seen.get(id);
  if (before !== undefined)
    throw new AssayError('BAD_REQUEST', `_id: ${id} is also that of ${before}, which came before; give it another _id`);
  options.seen.set(id, member.member);
  try {
    return await db.transaction().execute((trx) => store(trx, member, read, id, options));
  } catch (error) {
    if (error instanceof NothingToKeep) return error.verdict;
    throw toUnstorable(error) ?? error;
  }
}

async function store(
  trx: Trx,
  member: Member,
  { method, language, warnings }: ReadMethod,
  id: string,
  options: ImportOptions,
): Promise<ImportVerdict> {
  const { kind, name, enabled, categories } = method;
  const early = await lockMethod(trx, id);
  refuse(early, options);
  const incoming = await member.open?.();
  const built = incoming && (await takeTerms(trx, incoming));
  const said = [...warnings, ...(incoming?.report?.warnings ?? [])];
  const { terms = 0, cardinality = 0, digest = '' } = built ?? early ?? {};
  if (kind === 'dictionary' && terms === 0)
    said.push(`it has no terms yet; send them as text/csv to PUT /dictionaries/${id}/terms`);
  if (kind === 'dictionary' && !built && terms > 0) said.push(`no terms came with it; it keeps the ${terms} it had`);
  const verdict = early ? ('overwritten' as const) : ('created' as const);
  const about = { member: member.member, id, name, terms, cardinality, warnings: said, problems: [] };
  const type = kind === 'dictionary' ? 'Dictionary' : 'DataPattern';
  const definition = { type, ...withoutTerms(member.definition as Record<string, unknown>), _id: id };
  if (early && isSame(early, definition, enabled, built)) throw new NothingToKeep({ ...about, verdict: 'unchanged' });
  await putMethod(trx, {
    ...{ id, kind, name, enabled, categories, language, definition },
    builtIn: false,
    version: versionOf(method, digest),
    origin: options.origin,
    // A definition that came without files is exported with those it had.
    members: Object.keys(member.members).length > 0 ? member.members : (early?.members ?? {}),
    warnings: said,
    userId: options.actor.id,
  });
  if (built) await giveTerms(trx, id, built.termSet);
  const { origin, actor } = options;
  await recordAct(trx, actor, `${NOUNS[kind]} ${verdict}`, id, { name, origin, terms });
  return { ...about, verdict };
}

/** Builds the set of terms that came. @throws BAD_REQUEST where it is no list of terms, or an empty one */
export async function takeTerms(trx: Trx, { terms, report }: IncomingTerms): Promise<BuiltTerms> {
  const built = await buildTerms(trx, terms);
  const problems = [...(report?.problems ?? [])];
  if (problems.length === 0 && built.terms === 0)
    problems.push('terms: there are none; expected a CSV with one term a line', ...(report?.warnings ?? []));
  if (problems.length > 0) throw new AssayError('BAD_REQUEST', problems.join('; '), { problems });
  return built;
}

/** @throws CONFLICT */
function refuse(early: StoredMethod | undefined, { kind, onlyNew }: ImportOptions): void {
  if (!early) return;
  if (early.kind !== kind)
    throw new AssayError(
      'CONFLICT',
      `_id: ${early.id} is that of a ${NOUNS[early.kind]}, "${early.name}"; give it another _id`,
    );
  if (early.builtIn) throw builtInError(early);
  if (onlyNew)
    throw new AssayError(
      'CONFLICT',
      `_id: ${early.id} is that of "${early.name}"; change that one, or import to overwrite it`,
    );
}

const ROUTES: Record<StoredKind, string> = { dictionary: '/dictionaries', pattern: '/data-patterns' };

export const builtInError = ({ id, kind, name }: Pick<StoredMethod, 'id' | 'kind' | 'name'>): AssayError =>
  new AssayError(
    'CONFLICT',
    `"${name}" (${id}) came with Assay and cannot be changed or deleted; copy it (POST ${ROUTES[kind]}/${id}/copy) and change the copy, or switch it off`,
  );

const isSame = (
  early: StoredMethod,
  definition: Record<string, unknown>,
  enabled: boolean,
  built: BuiltTerms | undefined,
): boolean =>
  early.enabled === enabled && (!built || built.digest === early.digest) && sameJson(early.definition, definition);
