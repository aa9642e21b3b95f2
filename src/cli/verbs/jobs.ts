import type { AssayClient, JobDetail, JobEvent } from '../../client/index.ts';
import { openSession } from '../client/open-session.ts';
import { EXIT } from '../exit-codes.ts';
import { effectLines, scopeTitle } from '../jobs/job-view.ts';
import { describeEnd, exitCodeOfStatus, watchJob } from '../jobs/watch-job.ts';
import { formatTable } from '../output/format-table.ts';
import { formatDuration, formatTime } from '../output/format-time.ts';
import { harmless } from '../output/text-width.ts';
import { toJsonText } from '../terminal.ts';
import type { VerbContext } from '../verb-context.ts';

/** The most that the server gives at once. */
const EVENTS_PAGE = 1_000;
const EVENTS_SHOWN = 15;

const session = ({ config, terminal }: VerbContext): Promise<AssayClient> => openSession(config, terminal.signal);

export async function listJobs(
  context: VerbContext,
  options: { status?: string[]; name?: string[]; limit: string },
): Promise<number> {
  const client = await session(context);
  const page = await client.get('/jobs', {
    query: { status: options.status?.join(','), name: options.name?.join(','), size: options.limit as never },
  });
  const { terminal } = context;
  if (context.json) terminal.out(toJsonText(page.data));
  else {
    const rows = page.data.map((job) => [
      job.workerId,
      job.activity,
      scopeTitle(job),
      job.status,
      `${Math.floor(job.progress)} %`,
      formatTime(job.createdAt),
      job.status === 'ACCEPTED' ? '' : formatDuration(job.duration),
      job.message,
    ]);
    const right = (title: string) => ({ title, align: 'right' as const });
    const heads = ['id', 'job', 'scope', 'status', right('done'), 'accepted', right('took'), 'message'];
    terminal.out(rows.length > 0 ? formatTable(heads, rows, terminal.columns()) : 'No jobs.\n');
  }
  return EXIT.done;
}

export async function showJob(context: VerbContext, id: string): Promise<number> {
  const client = await session(context);
  const { data: job } = await client.get('/jobs/{id}', { path: { id } });
  const { terminal } = context;
  if (context.json) {
    terminal.out(toJsonText(job));
    return EXIT.done;
  }
  const facts = [
    ['job', `${job.activity} (${job.workerName})`],
    ['scope', scopeTitle(job)],
    ['status', `${job.status}, ${Math.floor(job.progress)} %`],
    ['started', `${formatTime(job.startedAt)} by ${job.user?.name ?? ''}`],
    ['took', formatDuration(job.duration)],
    ['message', job.message],
    ...effectLines(job.effects).map((line) => ['', line]),
  ];
  terminal.out(formatTable([job._id, ''], facts, terminal.columns()));
  const steps = stepsOf(job);
  if (steps.length > 0) terminal.out(`\n${stepTable(steps, terminal.columns())}`);
  const tasks = job.tasks.filter((task) => task.state !== 'done').slice(0, 20);
  if (tasks.length > 0) {
    const rows = tasks.map((task) => [task.title, task.state, task.attempt, task.workerName, task.reason]);
    terminal.out(`\n${formatTable(['task', 'state', 'attempt', 'worker', 'reason'], rows, terminal.columns())}`);
  }
  for (const event of await lastEvents(client, id))
    terminal.out(`${formatTime(event.at)}  ${event.level.padEnd(7)}  ${harmless(event.message)}\n`);
  return EXIT.done;
}

/** Of the end of the event log, which comes from its beginning, page after page. */
async function lastEvents(client: AssayClient, id: string): Promise<JobEvent[]> {
  const last: JobEvent[] = [];
  for (let after = 0; ; after = last.at(-1)!.seq) {
    const { data } = await client.get('/jobs/{id}/events', { path: { id }, query: { after, size: EVENTS_PAGE } });
    last.push(...data);
    last.splice(0, last.length - EVENTS_SHOWN);
    if (data.length < EVENTS_PAGE) return last;
  }
}

interface Step {
  name: string;
  outcome: string;
  ms: number;
  reason: string;
  remedy: string;
}

/** The steps of a connection test; none of any other job. */
export const stepsOf = (job: JobDetail): Step[] => (job.result?.steps ?? []) as Step[];

export function stepTable(steps: readonly Step[], columns: number): string {
  const rows = steps.map((step) => [
    step.name,
    step.outcome,
    formatDuration(step.ms),
    step.remedy ? `${step.reason.replace(/[.!?]?$/, (end) => end || '.')} ${step.remedy}` : step.reason,
  ]);
  return formatTable(['step', 'outcome', { title: 'took', align: 'right' }, 'what was found'], rows, columns);
}

export async function watch(context: VerbContext, id: string): Promise<number> {
  return follow(context, await session(context), id);
}

/** Follows a job and prints its end; the exit code is the job's. */
export async function follow(context: VerbContext, client: AssayClient, id: string): Promise<number> {
  const job = await watchJob(client, id, context.terminal, { silent: context.json });
  context.terminal.out(context.json ? toJsonText(job) : describeEnd(job));
  return exitCodeOfStatus(job.status);
}

export async function cancel(context: VerbContext, id: string): Promise<number> {
  const client = await session(context);
  const job = await client.post('/jobs/{id}/cancel', { path: { id } });
  const said = job.message ? `: ${harmless(job.message)}` : '';
  const note = job.status === 'CANCELLING' ? `; follow it with: assay jobs watch ${id}` : said;
  context.terminal.out(context.json ? toJsonText(job) : `${job.status}${note}\n`);
  return EXIT.done;
}

export async function reRun(context: VerbContext, id: string, andWatch: boolean): Promise<number> {
  const client = await session(context);
  const answer = await client.post('/jobs/{id}/re-run', { path: { id } });
  if (andWatch) return follow(context, client, answer.data._id);
  context.terminal.out(context.json ? toJsonText(answer) : `${answer.message}\n`);
  return EXIT.done;
}
