import { randomUUID } from 'node:crypto';
import { AssayError } from '../../errors/assay-error.ts';
import { type Actor, recordAct } from '../../store/audit.ts';
import type { Db, Trx } from '../../store/database.ts';
import { NOUNS, type StoredKind, type StoredMethod } from '../../store/methods/read-methods.ts';
import { lockMethod, putMethod } from '../../store/methods/write-methods.ts';
import { giveTerms } from '../../store/methods/write-terms.ts';
import { type BuiltTerms, buildTerms } from '../build-terms.ts';
import type { TermsReport } from '../csv/read-terms.ts';
import { type MethodFacts, sameJson, versionOf } from '../method-facts.ts';
import { readMethod } from '../read-method.ts';
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
  const { facts } = readMethod(member.definition);
  try {
    return await storeWhole(db, member, options);
  } catch (error) {
    if (error instanceof AssayError && error.row.status < 500)
      return rejected(
        member.member,
        error.problems.length > 0 ? error.problems : [error.message],
        facts?.id ?? '',
        facts?.name ?? '',
      );
    throw error;
  }
}

/**
 * The same in one transaction, which is seen by nobody before it ends.
 *
 * @throws BAD_REQUEST naming every problem, CONFLICT for an id that may not be overwritten
 */
export async function storeWhole(db: Db, member: Member, options: ImportOptions): Promise<ImportVerdict> {
  const { facts, problems, warnings } = readMethod(member.definition);
  if (!facts) throw new AssayError('BAD_REQUEST', problems.join('; '), { problems });
  const id = facts.id ?? randomUUID();
  const wrong = problemsOf(id, facts, options);
  if (wrong.length > 0) throw new AssayError('BAD_REQUEST', wrong.join('; '), { problems: wrong });
  options.seen.set(id, member.member);
  try {
    return await db.transaction().execute((trx) => store(trx, member, facts, id, warnings, options));
  } catch (error) {
    if (error instanceof NothingToKeep) return error.verdict;
    throw error;
  }
}

function problemsOf(id: string, facts: MethodFacts, { kind, seen }: ImportOptions): string[] {
  if (facts.kind !== kind)
    return [`type: this is a ${NOUNS[facts.kind]}; import it as one, below ${ROUTES[facts.kind]}`];
  const before = seen.get(id);
  return before === undefined ? [] : [`_id: ${id} is also that of ${before}, which was taken; give it another _id`];
}

const ROUTES: Record<StoredKind, string> = { dictionary: '/dictionaries', pattern: '/data-patterns' };

async function store(
  trx: Trx,
  member: Member,
  facts: MethodFacts,
  id: string,
  warnings: readonly string[],
  options: ImportOptions,
): Promise<ImportVerdict> {
  const early = await lockMethod(trx, id);
  refuse(early, facts.kind, options);
  const incoming = await member.open?.();
  const built = incoming && (await takeTerms(trx, incoming));
  const said = [...warnings, ...(incoming?.report?.warnings ?? [])];
  const held = built ?? early;
  if (facts.kind === 'dictionary' && (held?.terms ?? 0) === 0)
    said.push(`it has no terms yet; send them as text/csv to PUT /dictionaries/${id}/terms`);
  if (facts.kind === 'dictionary' && !built && early && early.terms > 0)
    said.push(`no terms came with it; it keeps the ${early.terms} it had`);
  const { terms = 0, cardinality = 0, digest = '' } = held ?? {};
  const verdict: ImportVerdict = {
    member: member.member,
    verdict: early ? 'overwritten' : 'created',
    id,
    name: facts.name,
    terms,
    cardinality,
    warnings: said,
    problems: [],
  };
  const definition = withoutTerms({ ...(member.definition as Record<string, unknown>), _id: id });
  if (early && isSame(early, definition, facts, built)) throw new NothingToKeep({ ...verdict, verdict: 'unchanged' });
  await putMethod(trx, {
    ...facts,
    id,
    builtIn: false,
    version: versionOf(definition, digest),
    origin: options.origin,
    definition,
    // A definition that came without files is exported with those it had.
    members: Object.keys(member.members).length > 0 ? member.members : (early?.members ?? {}),
    warnings: said,
    userId: options.actor.id,
  });
  if (built) await giveTerms(trx, id, built.termSet);
  await recordAct(trx, options.actor, `${NOUNS[facts.kind]} ${early ? 'overwritten' : 'created'}`, id, {
    name: facts.name,
    origin: options.origin,
    terms,
  });
  return verdict;
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
function refuse(early: StoredMethod | undefined, kind: StoredKind, { onlyNew }: ImportOptions): void {
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

export const builtInError = ({ id, kind, name }: Pick<StoredMethod, 'id' | 'kind' | 'name'>): AssayError =>
  new AssayError(
    'CONFLICT',
    `"${name}" (${id}) came with Assay and cannot be changed or deleted; copy it (POST ${ROUTES[kind]}/${id}/copy) and change the copy, or switch it off`,
  );

const isSame = (
  early: StoredMethod,
  definition: Record<string, unknown>,
  facts: MethodFacts,
  built: BuiltTerms | undefined,
): boolean =>
  early.enabled === facts.enabled &&
  (!built || built.digest === early.digest) &&
  sameJson(early.definition, definition);

/** Terms within the definition are kept as all terms are. */
function withoutTerms({ terms: _, ...definition }: Record<string, unknown>): Record<string, unknown> {
  return definition;
}
