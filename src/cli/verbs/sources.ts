import type { AssayClient, DataSource, NewDataSource } from '../../client/index.ts';
import { AssayError } from '../../errors/assay-error.ts';
import { SOURCE_FIELDS } from '../../model/source-fields.ts';
import { askPassword, confirm } from '../ask.ts';
import { getSource, listSources as readSources } from '../client/find-things.ts';
import { openSession } from '../client/open-session.ts';
import { EXIT } from '../exit-codes.ts';
import { readData } from '../jobs/build-request.ts';
import { describeEnd, exitCodeOfStatus, watchJob } from '../jobs/watch-job.ts';
import { formatTable } from '../output/format-table.ts';
import { harmless } from '../output/text-width.ts';
import { toJsonText } from '../terminal.ts';
import type { VerbContext } from '../verb-context.ts';
import { follow, stepsOf, stepTable } from './jobs.ts';

const session = ({ config, terminal }: VerbContext): Promise<AssayClient> => openSession(config, terminal.signal);

export async function listSources(context: VerbContext): Promise<number> {
  const sources = await readSources(await session(context));
  const { terminal } = context;
  if (context.json) terminal.out(toJsonText(sources));
  else if (sources.length === 0) terminal.out('No data sources. Add one with: assay sources add --help\n');
  else {
    const rows = sources.map((source) => [
      source.resourceName,
      source.databaseType,
      source.status,
      placeOf(source),
      source.affinityId,
      source._id,
    ]);
    terminal.out(formatTable(['name', 'type', 'status', 'place', 'affinity', 'id'], rows, terminal.columns()));
  }
  return EXIT.done;
}

function placeOf(source: DataSource): string {
  if (source.uri) return String(source.uri);
  if (source.path) return String(source.path);
  const host = source.host ? `${source.host}${source.port ? `:${source.port}` : ''}` : '';
  return [host, source.databaseName].filter(Boolean).join('/');
}

export async function showSource(context: VerbContext, given: string): Promise<number> {
  const source = await getSource(await session(context), given);
  const { terminal } = context;
  if (context.json) terminal.out(toJsonText(source));
  else {
    const rows = Object.entries(source)
      .filter(([, value]) => value !== '' && value !== null && !(Array.isArray(value) && value.length === 0))
      .map(([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : String(value)]);
    terminal.out(formatTable(['field', 'value'], rows, terminal.columns()));
  }
  return EXIT.done;
}

export interface AddOptions {
  type?: string;
  host?: string;
  port?: string;
  database?: string;
  path?: string;
  user?: string;
  passwordStdin?: boolean;
  affinity?: string;
  data?: string;
}

export async function addSource(context: VerbContext, name: string, options: AddOptions): Promise<number> {
  const { terminal } = context;
  const data = await readData(options.data);
  const unknown = Object.keys(data).filter((key) => !Object.hasOwn(SOURCE_FIELDS, key));
  if (unknown.length > 0)
    throw new AssayError('BAD_REQUEST', `--data: not fields of a data source: ${unknown.join(', ')}`);
  const body = Object.fromEntries(
    Object.entries({
      ...data,
      resourceName: name,
      databaseType: options.type ?? data.databaseType,
      host: options.host ?? data.host,
      port: options.port ?? data.port,
      databaseName: options.database ?? data.databaseName,
      path: options.path ?? data.path,
      userName: options.user ?? data.userName,
      affinityId: options.affinity ?? data.affinityId,
    }).filter(([, value]) => value !== undefined),
  );
  if (options.passwordStdin || (options.user && body.password === undefined)) {
    body.password = await askPassword(
      `Password of ${options.user ?? name}: `,
      options.passwordStdin === true,
      terminal.signal,
    );
  }
  const client = await session(context);
  const answer = await client.post('/data-sources', { body: body as NewDataSource });
  const [source] = answer.data;
  for (const warning of answer.warnings ?? []) terminal.err(`warning: ${harmless(warning)}\n`);
  terminal.out(
    context.json
      ? toJsonText(source)
      : `Added ${source!.resourceName} (${source!._id}). Next: assay sources test ${name}; assay jobs start metadata/ingest --source ${name} --watch\n`,
  );
  return EXIT.done;
}

export async function testSource(context: VerbContext, given: string): Promise<number> {
  const client = await session(context);
  const source = await getSource(client, given);
  const { data } = await client.post('/jobs/execute/test-connection', { body: { resourceId: source._id } });
  const end = await watchJob(client, data._id, context.terminal, { silent: true });
  const { data: detail } = await client.get('/jobs/{id}', { path: { id: data._id } });
  const { terminal } = context;
  if (context.json) terminal.out(toJsonText(detail));
  else terminal.out(stepTable(stepsOf(detail), terminal.columns()) + describeEnd(end));
  return exitCodeOfStatus(end.status);
}

export async function removeSource(context: VerbContext, given: string, yes: boolean): Promise<number> {
  const client = await session(context);
  const source = await getSource(client, given);
  const question = `Remove ${source.resourceName} with everything that was found in it?`;
  if (!yes && !(await confirm(question, context.terminal.signal))) {
    context.terminal.err('Nothing was removed. Say --yes to remove without a question.\n');
    return EXIT.usage;
  }
  const body = { id: source._id, fqdnId: source.fqdnId };
  const { data } = await client.post('/jobs/execute/remove-datasource', { body });
  return follow(context, client, data._id);
}
