import { sql } from 'kysely';
import { addEffects, type Effects, type JobStatus, noEffects, type Statistics } from '../model/job-status.ts';
import type { Trx } from '../store/database.ts';
import { appendEvents } from './events.ts';
import { TASK_CHANNEL } from './settings.ts';
import type { ConcludeJob, FinishedTask, JobWords } from './task.ts';

/** Ends the job when no task is open: folds the parts, counts, and says in words what came of it. The job's row is locked. */
export async function concludeJobIfDone(trx: Trx, jobId: string, conclude: ConcludeJob): Promise<void> {
  const job = await trx
    .selectFrom('job')
    .select(['name', 'status', 'input', 'open_tasks', 'lock_keys', 'finished_at'])
    .where('id', '=', jobId)
    .executeTakeFirstOrThrow();
  if (job.open_tasks > 0 || job.finished_at !== null) return;
  const rows = await trx
    .selectFrom('task')
    .select(['key', 'item', 'title', 'kind', 'stage', 'state', 'part', 'reason', 'effects'])
    .where('job_id', '=', jobId)
    .orderBy('key')
    .execute();
  const tasks = rows as (FinishedTask & { effects: Effects | null })[];
  const effects = tasks.reduce((sum, task) => (task.effects ? addEffects(sum, task.effects) : sum), noEffects());
  effects.skipped = { ...effects.skipped, ...reasonsOfSkipped(tasks) };
  const words = conclude(job.name, tasks, job.input);
  const ending = judge(job.status === 'CANCELLING', tasks, words);
  await trx
    .updateTable('job')
    .set((eb) => ({
      status: ending.status,
      message: ending.message,
      result: JSON.stringify(words.result),
      effects: JSON.stringify(effects),
      statistics: JSON.stringify(ending.statistics),
      finished_at: sql`clock_timestamp()`,
      updated_at: sql`clock_timestamp()`,
      version: eb('version', '+', 1),
    }))
    .where('id', '=', jobId)
    .execute();
  await sql`DELETE FROM task_bytes WHERE task_id IN (SELECT id FROM task WHERE job_id = ${jobId})`.execute(trx);
  await sql`UPDATE task SET part = NULL WHERE job_id = ${jobId} AND part IS NOT NULL`.execute(trx);
  const level = ending.status === 'FAILED' ? 'error' : ending.status === 'CANCELLED' ? 'warning' : 'info';
  await appendEvents(trx, jobId, [{ level, kind: 'ended', message: `${ending.status}: ${ending.message}` }]);
  // Jobs that waited for this one's lock may start, whatever their affinity.
  if (job.lock_keys.length > 0) await sql`SELECT pg_notify(${TASK_CHANNEL}, '*')`.execute(trx);
}

/** Reasons why things were left out that are counted each; the rarer ones are counted together. */
const NAMED_REASONS = 5;
const LONGEST_REASON = 300;

/** Why items were left out, with one of them as an example → how many, the most frequent reasons first. Pure. */
export function reasonsOfSkipped(tasks: readonly FinishedTask[]): Record<string, number> {
  const ended = new Set(tasks.flatMap(({ item, state }) => (state === 'failed' || state === 'cancelled' ? item : [])));
  const skipped = tasks.filter(({ kind, state, item }) => kind !== 'plan' && state === 'skipped' && !ended.has(item));
  const byReason = [...Map.groupBy(skipped, ({ reason }) => reason)]
    .map(([reason, some]) => ({ reason, items: new Map(some.map(({ item, title }) => [item, title])) }))
    .sort((a, b) => b.items.size - a.items.size || (a.reason < b.reason ? -1 : 1));
  const named = byReason.slice(0, NAMED_REASONS).map(({ reason, items }): [string, number] => {
    const [example = ''] = items.values();
    return [`${reason.slice(0, LONGEST_REASON)} (${example}${items.size > 1 ? ', …' : ''})`, items.size];
  });
  const others = byReason.slice(NAMED_REASONS).reduce((sum, { items }) => sum + items.size, 0);
  return Object.fromEntries(others > 0 ? [...named, ['other reasons', others]] : named);
}

/** At most so many failures are named in the message; the rest are counted. */
const NAMED_FAILURES = 5;

/** Status, counts and sentence of a job whose tasks have all ended. Pure. */
export function judge(
  cancelled: boolean,
  tasks: readonly FinishedTask[],
  words: JobWords,
): { status: JobStatus; message: string; statistics: Statistics } {
  const statistics = countItems(tasks);
  const broken = tasks.filter((task) => task.state === 'failed');
  const planFailure = broken.find((task) => task.kind === 'plan');
  if (cancelled) {
    const done =
      statistics.total > 0 ? ` after ${statistics.done} of ${statistics.total} ${noun(words, statistics.total)}` : '';
    return { status: 'CANCELLED', message: `Cancelled${done}.`, statistics };
  }
  if (planFailure) return { status: 'FAILED', message: planFailure.reason, statistics };
  if (broken.length > 0) {
    const named = broken
      .slice(0, NAMED_FAILURES)
      .map((task) => (statistics.total > 1 ? `${task.title}: ${task.reason}` : task.reason));
    const more = broken.length > NAMED_FAILURES ? `; and ${broken.length - NAMED_FAILURES} more` : '';
    const count =
      statistics.total > 1
        ? `${statistics.failed} of ${statistics.total} ${noun(words, statistics.total)} failed: `
        : '';
    return { status: 'FAILED', message: `${count}${named.join('; ')}${more}`, statistics };
  }
  if (words.failed !== undefined) return { status: 'FAILED', message: words.failed, statistics };
  return { status: 'COMPLETED', message: words.message, statistics };
}

const noun = (words: JobWords, count: number): string => (count === 1 ? words.noun[0] : words.noun[1]);

/** Counts items, not tasks: an item is failed if any of its tasks failed, else skipped or cancelled, else done. */
export function countItems(tasks: readonly FinishedTask[]): Statistics {
  const states = new Map<string, 'done' | 'failed' | 'skipped' | 'cancelled'>();
  const rank = { done: 0, skipped: 1, cancelled: 2, failed: 3 };
  for (const task of tasks) {
    if (task.kind === 'plan') continue;
    const before = states.get(task.item);
    if (before === undefined || rank[task.state] > rank[before]) states.set(task.item, task.state);
  }
  const all = [...states.values()];
  return {
    total: all.length,
    done: all.filter((state) => state === 'done').length,
    failed: all.filter((state) => state === 'failed').length,
    skipped: all.filter((state) => state === 'skipped').length,
  };
}
