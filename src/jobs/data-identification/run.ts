import type { Action, Method } from '../../identify/method.ts';
import type { Evidence } from '../../identify/verdict.ts';
import { isAll } from '../../methods/choose-methods.ts';
import { NO_PROFILE } from '../../methods/judge.ts';
import type { OpenJudge } from '../../methods/open-judge.ts';
import { type ReadColumn, readColumns } from '../../methods/read-columns.ts';
import { toKept } from '../../methods/to-kept.ts';
import { type Effects, noEffects } from '../../model/job-status.ts';
import type { Found } from '../../model/machine-assertions.ts';
import { writeFound } from '../../store/assertions/write-found.ts';
import type { Trx } from '../../store/database.ts';
import { ensureBusinessTerms, type TermReference } from '../../store/methods/business-terms.ts';
import { listSilentFinders } from '../../store/methods/read-methods.ts';
import { listColumnIds } from '../../store/profiled-columns.ts';
import type { TaskContext, TaskOutcome } from '../job.ts';
import type { IdentificationInput } from './accept.ts';
import type { IdentificationPayload } from './plan.ts';
import { type IdentificationPart, reasonOf } from './result.ts';
import { judgeOf } from './shared-judge.ts';

/** Columns that are read at once: some 8 MB. */
const COLUMNS_AT_ONCE = 200;

/** A rule of a method matched a column. Of rules that say the same the surest comes last, and counts. */
interface Match {
  column: ReadColumn;
  method: Method;
  actions: Action[];
  evidence: Evidence;
}

/** Asks the methods of the job about the columns of one table. What it reads is the store, and nothing else. */
export async function runIdentification(payload: IdentificationPayload, context: TaskContext): Promise<TaskOutcome> {
  const open = await judgeOf(context);
  const { judge } = open;
  const ids = await listColumnIds(context.db, payload.tableId, payload.columnIds);
  if (ids.length === 0)
    return {
      outcome: 'failed',
      reason:
        'it has no columns in the catalog; ingest its metadata, and profile it by the job data-profiling, then identify it again',
    };
  const tally = new Tally(payload.named, open);
  for (let from = 0; from < ids.length; from += COLUMNS_AT_ONCE) {
    const some = ids.slice(from, from + COLUMNS_AT_ONCE);
    for (const column of await readColumns(context.db, context.unseal, some, judge.readsValues)) {
      context.signal.throwIfAborted();
      await tally.add(column, context);
    }
    context.progress((from + some.length) / ids.length);
  }
  const { part, problems, matches } = tally;
  return {
    outcome: problems.length > 0 ? 'failed' : 'done',
    reason: problems.join('; '),
    part,
    effects: effectsOf(part),
    write: (trx) => writeMatches(trx, payload.tableId, matches, tally, open, context),
  };
}

/** What comes of the columns of a table, as they are judged. */
class Tally {
  readonly part: IdentificationPart = {
    ...{ columns: 0, judged: 0, ruledOut: 0, matched: 0, lacking: 0, identified: 0 },
    ...{ reasons: {}, pairs: [] },
  };
  readonly matches: Match[] = [];
  /** Method and column of the pairs that were not judged, whatever the reason. */
  readonly #unjudged = new Set<string>();
  readonly #asked = new Set<string>();
  readonly #unprofiled: string[] = [];
  readonly #broken = new Map<string, string>();
  readonly #named: number;
  readonly #open: OpenJudge;

  constructor(named: number, open: OpenJudge) {
    this.#named = named;
    this.#open = open;
  }

  async add(column: ReadColumn, context: TaskContext): Promise<void> {
    const { part } = this;
    part.columns++;
    if (!column.facts) {
      this.#unprofiled.push(column.name);
      for (const method of this.#open.judge.methods) this.#lack(column, method, [NO_PROFILE]);
      return;
    }
    const { judged, ruledOut, matched, lacking, broken } = await this.#open.judge.judge(column as Required<ReadColumn>);
    this.#asked.add(column.id);
    part.judged += judged;
    part.ruledOut += ruledOut;
    part.matched += matched.length;
    if (matched.length > 0) part.identified++;
    for (const { method, missing } of lacking) this.#lack(column, method, missing);
    for (const { method, problem } of broken) {
      this.#unjudged.add(pairKey(method.id, column.id));
      this.#broken.set(`${NOUNS[method.kind]} ${method.name} (${method.id})`, problem);
      context.event('error', `${column.name}: ${NOUNS[method.kind]} ${method.name} (${method.id}): ${problem}`);
    }
    for (const { method, verdict } of matched)
      for (const { actions, evidence } of verdict.found ?? []) this.matches.push({ column, method, actions, evidence });
  }

  /** Whether a method was asked about a column and could tell. */
  wasAsked(methodId: string, columnId: string): boolean {
    return this.#asked.has(columnId) && !this.#unjudged.has(pairKey(methodId, columnId));
  }

  get problems(): string[] {
    const { columns } = this.part;
    const missing = this.#unprofiled;
    const named = missing.slice(0, 5).join(', ') + (missing.length > 5 ? ', …' : '');
    return [
      ...(missing.length === 0
        ? []
        : [
            missing.length === columns
              ? 'it was not profiled; run the job data-profiling on it, then identify it again'
              : `${missing.length} of ${columns} columns have no profile (${named}); run the job data-profiling on them, then identify them again`,
          ]),
      ...[...this.#broken].map(([method, problem]) => `${method}: ${problem}`),
      ...this.#open.unusable,
    ];
  }

  #lack(column: ReadColumn, method: Method, missing: string[]): void {
    const { part } = this;
    part.lacking++;
    this.#unjudged.add(pairKey(method.id, column.id));
    for (const such of missing) {
      const reason = reasonOf(such);
      part.reasons[reason] = {
        pairs: (part.reasons[reason]?.pairs ?? 0) + 1,
        such: part.reasons[reason]?.such ?? such,
      };
    }
    if (part.pairs.length < this.#named)
      part.pairs.push({
        ...{ columnId: column.id, column: column.name },
        ...{ methodId: method.id, method: method.name, missing },
      });
  }
}

const NOUNS = { dictionary: 'dictionary', pattern: 'data pattern' } as const;
const pairKey = (methodId: string, columnId: string): string => `${methodId}\n${columnId}`;

function effectsOf({ reasons }: IdentificationPart): Effects {
  const counts = Object.entries(reasons).map(([reason, { pairs }]) => [
    `pairs of a method and a column that could not be judged: ${reason}`,
    pairs,
  ]);
  return { ...noEffects(), notDone: Object.fromEntries(counts) };
}

async function writeMatches(
  trx: Trx,
  tableId: string,
  matches: readonly Match[],
  tally: Tally,
  { judge }: OpenJudge,
  context: TaskContext,
): Promise<Effects> {
  const wanted = matches.flatMap(({ actions }) => actions.flatMap(({ terms }) => terms));
  const terms = await ensureBusinessTerms(trx, wanted);
  const meant = new Map(wanted.map((one, i) => [termKey(one), terms[i] as TermReference]));
  const found = matches.flatMap((match) =>
    toFound(tableId, match, (term) => meant.get(termKey(term)) as TermReference),
  );
  const asked = new Set(judge.methods.map(({ id }) => id));
  // Looked up now: another job may have told what methods found that came after this one had read its own.
  const { deleted, disabled } = await listSilentFinders(trx, tableId);
  const [gone, silent] = [new Set(deleted), new Set(isAll(context.job.input as IdentificationInput) ? disabled : [])];
  return writeFound(trx, context.job.id, {
    tableId,
    found,
    // What a method that is no more said before can no longer be asked for; nor, by a job of all methods, that of one which is disabled.
    wasAsked: (methodId, columnId) =>
      gone.has(methodId) || ((asked.has(methodId) || silent.has(methodId)) && tally.wasAsked(methodId, columnId)),
  });
}

type Term = Action['terms'][number];
const termKey = ({ id, name }: Term): string => JSON.stringify([id ?? null, name]);

/** The contract's words for the two kinds of method. */
const SOURCE_TYPES = { dictionary: 'Dictionary', pattern: 'DataPattern' } as const;

/** A match → what it says of the column and of its table. Pure. */
function toFound(
  tableId: string,
  { column, method, actions, ...found }: Match,
  termOf: (term: Term) => TermReference,
): Found[] {
  const evidence = { ...toKept(found.evidence, method.kind, column.shown), column: column.name };
  const source = {
    sourceName: method.name,
    sourceType: SOURCE_TYPES[method.kind],
    confidenceScore: found.evidence.confidence.value,
  };
  const base = { methodId: method.id, columnId: column.id, body: source, evidence };
  return actions.flatMap(({ tags, tableTags, terms, sensitivity }): Found[] => [
    ...tags.map((value) => ({ ...base, entityId: column.id, kind: 'tag' as const, value })),
    ...tableTags.map((value) => ({ ...base, entityId: tableId, kind: 'tag' as const, value })),
    ...terms.map((term) => {
      const { id, name, glossary } = termOf(term);
      return {
        ...base,
        entityId: column.id,
        kind: 'term' as const,
        value: id,
        body: { name, glossaryId: glossary, ...source },
      };
    }),
    ...(sensitivity ? [{ ...base, entityId: column.id, kind: 'sensitivity' as const, value: sensitivity }] : []),
  ]);
}
