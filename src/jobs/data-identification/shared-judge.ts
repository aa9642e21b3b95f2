import { AssayError } from '../../errors/assay-error.ts';
import { chooseMethods, isAll } from '../../methods/choose-methods.ts';
import { type OpenJudge, openJudge } from '../../methods/open-judge.ts';
import type { Db } from '../../store/database.ts';
import { listMethodsById, type StoredMethod } from '../../store/methods/read-methods.ts';
import type { TaskContext } from '../job.ts';
import type { IdentificationInput } from './accept.ts';

/** The methods of a job as they are now: those of an earlier job may have been deleted or switched off since it was accepted. */
export async function methodsOf(db: Db, input: IdentificationInput): Promise<StoredMethod[]> {
  if (isAll(input)) return chooseMethods(db, input);
  const { dictionaryIds, dataPatternIds } = input;
  const found = await listMethodsById(db, [...dictionaryIds, ...dataPatternIds]);
  return found.filter(({ enabled }) => enabled);
}

/** Kept in this process from one task to the next: reading 10 million terms takes seconds. */
let last: { jobId: string; versions: string; open: Promise<OpenJudge> } | undefined;

/**
 * The methods of the job, ready to be asked. All tasks of a job that a process does ask the same ones; those of the next job too, where
 * no version differs.
 */
export async function judgeOf({ db, job }: Pick<TaskContext, 'db' | 'job'>): Promise<OpenJudge> {
  for (let tries = 1; ; tries++) {
    try {
      last = last?.jobId === job.id ? last : await open(db, job.id, job.input as IdentificationInput);
      return await last.open;
    } catch (error) {
      last = undefined;
      // Somebody gave a dictionary other terms while they were read: the new ones are there.
      if (!(error instanceof AssayError) || error.code !== 'CONFLICT' || tries === MOST_TRIES) throw error;
    }
  }
}

const MOST_TRIES = 3;

async function open(db: Db, jobId: string, input: IdentificationInput): Promise<NonNullable<typeof last>> {
  const methods = await methodsOf(db, input);
  const versions = JSON.stringify(methods.map(({ id, version, termSet }) => [id, version, termSet]));
  if (last?.versions === versions) return { ...last, jobId };
  // The old ones go before the new ones come: both together may be too much.
  const old = last?.open;
  last = undefined;
  await old?.then(({ judge }) => judge[Symbol.asyncDispose]());
  return { jobId, versions, open: openJudge(db, methods) };
}
