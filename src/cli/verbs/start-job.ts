import { Command, CommanderError } from 'commander';
import type { z } from 'zod';
import type { AcceptedJob, AssayClient } from '../../client/index.ts';
import { AssayError } from '../../errors/assay-error.ts';
import { type AnyJobSpec, JOB_SPECS } from '../../jobs/specs.ts';
import { isUuid } from '../../model/ids.ts';
import { findPlace, getSource, rootOf } from '../client/find-things.ts';
import { openSession } from '../client/open-session.ts';
import { exampleText } from '../example-text.ts';
import { EXIT } from '../exit-codes.ts';
import { addRequestOptions, buildRequest, readData } from '../jobs/build-request.ts';
import { type RequestField, requestFields } from '../jobs/request-fields.ts';
import { formatTable } from '../output/format-table.ts';
import { addSettings, configOf } from '../settings-options.ts';
import { type Terminal, toJsonText } from '../terminal.ts';
import { follow } from './jobs.ts';

/** `assay jobs start <type> …`: the options of each type are made from its spec. */
export async function startJob(args: readonly string[], terminal: Terminal): Promise<number> {
  const [type, ...rest] = args;
  if (type === undefined || type === '--help' || type === '-h') {
    terminal.out(`Usage: assay jobs start <type> [options]\n\n${typeTable(terminal)}`);
    terminal.out(
      exampleText(['assay jobs start metadata/ingest --source bank --watch', 'assay jobs start data-profiling --help']),
    );
    return EXIT.done;
  }
  const spec = findType(type);
  const fields = requestFields(spec.request as z.ZodType);
  const command = new Command(`assay jobs start ${spec.path}`)
    .description(`${spec.summary}.\n${spec.description}`)
    .exitOverride()
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err });
  addRequestOptions(command, fields);
  command
    .option('--source <source>', 'a saved data source, by name, fqdnId or id; for a scope: everything in it')
    .option('--data <json>', 'the whole request as JSON, @file or @-; options override it')
    .option('--watch', 'follow the job to its end; the exit code tells how it ended')
    .option('--json', 'print the JSON of the API, for machines');
  addSettings(command, ['serverUrl']);
  const example = JSON.stringify(spec.example);
  command.addHelpText('after', exampleText([`assay jobs start ${spec.path} --data '${example}' --watch`]));
  try {
    command.parse([...rest], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    throw error;
  }
  const options = command.opts();
  const context = { terminal, config: configOf(options), json: options.json === true };
  const body = buildRequest(fields, options, await readData(options.data));
  if (options.source === undefined) requirePlace(spec, fields, body);
  const client = await openSession(context.config, terminal.signal);
  if (Array.isArray(body.scope)) body.scope = await resolveScope(client, body.scope);
  if (options.source !== undefined)
    await addSource(
      client,
      spec,
      fields.map((field) => field.path[0]!),
      body,
      options.source,
    );
  const answer = await startByPath(client, spec.path, body);
  if (options.watch) {
    if (!context.json) terminal.out(`${answer.message}\n`);
    return follow(context, client, answer.data._id);
  }
  terminal.out(
    context.json ? toJsonText(answer) : `${answer.message}\nFollow it with: assay jobs watch ${answer.data._id}\n`,
  );
  return EXIT.done;
}

/** The path comes from the spec, so its type is known only when it runs. */
export function startByPath(client: AssayClient, path: string, body: Record<string, unknown>): Promise<AcceptedJob> {
  return client.post(`/jobs/execute/${path}` as '/jobs/execute/metadata/ingest', { body });
}

const publicSpecs = (): AnyJobSpec[] => (JOB_SPECS as readonly AnyJobSpec[]).filter((spec) => !spec.internal);

function typeTable(terminal: Terminal): string {
  const rows = publicSpecs().map((spec) => [spec.path, spec.name, spec.summary]);
  return formatTable(['type', 'job name', 'what it does'], rows, terminal.columns());
}

/** By path (`metadata/ingest`), by the end of it (`ingest`), or by job name. */
function findType(given: string): AnyJobSpec {
  const wanted = given.toLowerCase();
  const found =
    publicSpecs().find((spec) => spec.path === wanted || spec.name.toLowerCase() === wanted) ??
    publicSpecs().find((spec) => spec.path.split('/').at(-1) === wanted);
  if (found) return found;
  const known = publicSpecs().map((spec) => spec.path);
  throw new AssayError('BAD_REQUEST', `type: received "${given}", expected one of ${known.join(', ')}`);
}

/** The server asks for fields; here --source fills them in. */
function requirePlace(spec: AnyJobSpec, fields: readonly RequestField[], body: Record<string, unknown>): void {
  const lacks = (name: string): boolean =>
    fields.some((field) => field.required && field.path[0] === name) &&
    (body[name] === undefined || (Array.isArray(body[name]) && body[name].length === 0));
  const advice = lacks('scope')
    ? 'give --source <name> for all of a data source, or --scope <id or place...> for parts'
    : lacks('id') && lacks('fqdnId') && 'give --source <name>, or --id and --fqdn-id';
  if (advice) throw new AssayError('BAD_REQUEST', `${spec.path} has nothing to work on; ${advice}`);
}

/** Entity ids as they are; anything else is a place like `bank/crm/customer`. */
async function resolveScope(client: AssayClient, scope: readonly unknown[]): Promise<string[]> {
  const ids: string[] = [];
  for (const one of scope.map(String)) ids.push(isUuid(one) ? one : (await findPlace(client, one))._id);
  return ids;
}

async function addSource(
  client: AssayClient,
  spec: AnyJobSpec,
  fields: readonly string[],
  body: Record<string, unknown>,
  given: string,
): Promise<void> {
  const source = await getSource(client, given);
  if (fields.includes('resourceId')) body.resourceId = source._id;
  else if (fields.includes('scope')) {
    body.scope = [...((body.scope as string[] | undefined) ?? []), (await rootOf(client, source))._id];
  } else if (fields.includes('id') && fields.includes('fqdnId'))
    Object.assign(body, { id: source._id, fqdnId: source.fqdnId });
  else throw new AssayError('BAD_REQUEST', `--source: the job ${spec.path} does not work on a data source`);
}
