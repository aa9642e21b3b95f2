import type { AssayClient, DataSource, JobStatus } from '../../client/index.ts';
import { AssayError } from '../../errors/assay-error.ts';
import { type AnyJobSpec, JOB_SPECS } from '../../jobs/specs.ts';
import { filterEntities, filterProfiles, findPlace, listSources, rootOf } from '../client/find-things.ts';
import { type ColumnResource, columnProfileText } from '../column-profile-text.ts';
import { evidenceText, findingsTable } from '../evidence-text.ts';
import { effectLines } from '../jobs/job-view.ts';
import { watchJob } from '../jobs/watch-job.ts';
import { formatDuration } from '../output/format-time.ts';
import { harmless } from '../output/text-width.ts';
import { type ProfiledEntity, type TableResource, tableProfile } from '../profile-text.ts';
import type { Terminal } from '../terminal.ts';
import { listFindings } from '../verbs/evidence.ts';
import { startByPath } from '../verbs/start-job.ts';
import { SAMPLE_TABLES } from './company/tables/all-tables.ts';

export interface DemoPlan {
  client: AssayClient;
  terminal: Terminal;
  /** Bodies of the data sources, by name; the last one is there to be removed. */
  sources: Record<'bank' | 'files' | 'atm' | 'attic', Record<string, unknown>>;
  /** Changes the database behind the catalog's back. */
  changeBank(): Promise<void>;
}

export interface DemoOutcome {
  /** Sentences about what did not go as it should; empty when all is well. */
  problems: string[];
  /** Names of the job types that ran. */
  ran: Set<string>;
}

/** Runs every job type on the sample company through the REST API and prints what came of it. */
export async function runDemo(plan: DemoPlan): Promise<DemoOutcome> {
  const { client, terminal } = plan;
  const outcome: DemoOutcome = { problems: [], ran: new Set() };
  const section = (title: string): void => terminal.out(`\n${title}\n`);
  const run = (path: string, title: string, body: Record<string, unknown>): Promise<JobStatus | undefined> =>
    runJob(plan, outcome, path, title, body);

  section('Connections');
  const sources = new Map<string, DataSource>();
  for (const [name, body] of Object.entries(plan.sources)) sources.set(name, await saveSource(client, name, body));
  const of = (name: keyof DemoPlan['sources']): DataSource => sources.get(name)!;
  for (const [name, source] of sources) await run('test-connection', `test ${name}`, { resourceId: source._id });

  section('Metadata');
  for (const [name, source] of sources) {
    const job = await run('metadata/ingest', `ingest ${name}`, { resourceId: source._id });
    printEffects(terminal, job);
  }
  await checkTables(client, of('bank'), outcome);

  section('Profiles');
  for (const name of ['bank', 'files', 'atm'] as const) {
    const root = await rootOf(client, of(name));
    printEffects(terminal, await run('data-profiling', `profile ${name}`, { scope: [root._id] }));
  }
  if (outcome.ran.has('DATA_PROFILE')) await showFindings(client, terminal, outcome);

  section('What columns hold');
  for (const name of ['bank', 'files', 'atm'] as const) {
    const root = await rootOf(client, of(name));
    printEffects(terminal, await run('data-identification', `identify ${name}`, { scope: [root._id] }));
  }
  if (outcome.ran.has('DATA_IDENTIFICATION')) await showIdentified(client, terminal, outcome);

  section('The source changes: a new table and column, a dropped table and column, another type');
  await plan.changeBank();
  const bank = await rootOf(client, of('bank'));
  printEffects(terminal, await run('metadata/re-ingest', 're-ingest bank', { scope: [bank._id] }));
  if (outcome.ran.has('METADATA_REINGEST')) await checkChanges(client, of('bank'), outcome);

  section('A source goes');
  const attic = of('attic');
  const removal = await run('remove-datasource', 'remove attic', { id: attic._id, fqdnId: attic.fqdnId });
  printEffects(terminal, removal);
  const left = (await listSources(client)).map((source) => source.resourceName);
  if (removal && left.includes('attic')) outcome.problems.push('the removed source is still listed');

  for (const spec of JOB_SPECS as readonly AnyJobSpec[]) {
    if (!spec.internal && !outcome.ran.has(spec.name)) outcome.problems.push(`the job ${spec.name} was not shown`);
  }
  return outcome;
}

/** Undefined for a job type that this version does not have. */
async function runJob(
  { client, terminal }: DemoPlan,
  outcome: DemoOutcome,
  path: string,
  title: string,
  body: Record<string, unknown>,
): Promise<JobStatus | undefined> {
  const spec = (JOB_SPECS as readonly AnyJobSpec[]).find((one) => one.path === path);
  if (!spec) {
    terminal.out(`${title}: this version has no job ${path}\n`);
    return undefined;
  }
  const { data } = await startByPath(client, path, body);
  const job = await watchJob(client, data._id, terminal, { title });
  outcome.ran.add(spec.name);
  if (job.status !== 'COMPLETED') {
    const problem = `${title}: ${job.status}: ${job.message}`;
    outcome.problems.push(problem);
    terminal.out(`  ${harmless(problem)}\n`);
  }
  return job;
}

function printEffects(terminal: Terminal, job: JobStatus | undefined): void {
  if (!job) return;
  const lines = effectLines(job.effects);
  const said = lines.length > 0 ? lines.join('; ') : job.message;
  terminal.out(`  ${harmless(said)} (${formatDuration(job.duration)})\n`);
}

/** A second run finds its sources of the first: they get the addresses and passwords of this one. */
async function saveSource(client: AssayClient, name: string, body: Record<string, unknown>): Promise<DataSource> {
  const there = (await listSources(client)).find((source) => source.resourceName === name);
  if (there) return (await client.patch('/data-sources/{id}', { path: { id: there._id }, body })).data;
  const fresh = { resourceName: name, fqdnId: name, databaseType: '', ...body };
  const [source] = (await client.post('/data-sources', { body: fresh })).data;
  if (!source) throw new AssayError('INTERNAL', `the server made no data source ${name}`);
  return source;
}

async function tableNames(client: AssayClient, bank: DataSource): Promise<string[]> {
  const tables = await filterEntities(client, { resourceIds: [bank._id], types: ['TABLE'] });
  return tables.map((table) => table.fqdn.split('/').slice(1).join('.')).sort();
}

async function checkTables(client: AssayClient, bank: DataSource, outcome: DemoOutcome): Promise<void> {
  const found = await tableNames(client, bank);
  const wanted = SAMPLE_TABLES.map((table) => `${table.schema}.${table.name}`).sort();
  const missing = wanted.filter((name) => !found.includes(name));
  if (missing.length > 0) outcome.problems.push(`the ingest missed ${missing.join(', ')}`);
}

async function checkChanges(client: AssayClient, bank: DataSource, outcome: DemoOutcome): Promise<void> {
  const found = await tableNames(client, bank);
  if (!found.includes('core.dispute')) outcome.problems.push('the re-ingest missed the new table core.dispute');
  if (found.includes('core.standing_order'))
    outcome.problems.push('the re-ingest kept the dropped core.standing_order');
}

const SHOWN = ['bank/crm/customer/email', 'bank/core/transaction/amount'];

async function showFindings(client: AssayClient, terminal: Terminal, outcome: DemoOutcome): Promise<void> {
  const customer = await findPlace(client, 'bank/crm/customer');
  const columns = (await filterProfiles(client, { parentIds: [customer._id] })) as ProfiledEntity[];
  const profiled = columns.filter((column) => column.profilingInfo?.stats);
  if (profiled.length === 0) {
    outcome.problems.push('crm.customer has no profile after profiling');
    return;
  }
  const { data: table } = await client.get('/entities/{id}/profile', { path: { id: customer._id } });
  const figures = new Map(((table as TableResource).columns ?? []).map((one) => [one.entityId, one]));
  terminal.out(`\n${tableProfile('crm.customer, a line per column', profiled, terminal.columns(), figures)}`);
  for (const place of SHOWN) {
    const column = await findPlace(client, place);
    const { data } = await client.get('/entities/{id}/profile', { path: { id: column._id } });
    terminal.out(`\n${columnProfileText(column.fqdn, data as ColumnResource, terminal.columns())}`);
  }
  terminal.out('\nassay report bank/crm/customer writes all of this as one HTML file\n');
}

const IDENTIFIED = 'bank/crm/customer';
/** Findings of which the evidence is shown in full. */
const EXPLAINED = 2;

async function showIdentified(client: AssayClient, terminal: Terminal, outcome: DemoOutcome): Promise<void> {
  const found = await listFindings(client, await findPlace(client, IDENTIFIED));
  const said = found.flatMap(({ entity, assertions }) =>
    assertions.map((one) => ({ ...one, where: entity.fqdn.endsWith('/customer') ? '' : entity.name })),
  );
  if (said.length === 0) {
    outcome.problems.push('nothing was found in crm.customer after identification');
    return;
  }
  terminal.out(`\ncrm.customer, what was found\n${findingsTable(said, terminal.columns())}`);
  const tags = said.filter(({ kind, where }) => kind === 'tag' && where !== '');
  for (const one of tags.slice(0, EXPLAINED))
    terminal.out(`\n${harmless(one.where)}: ${evidenceText(one, terminal.columns())}`);
  terminal.out(`\nassay evidence ${IDENTIFIED} explains all of it\n`);
}
