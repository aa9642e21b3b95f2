import { writeFile } from 'node:fs/promises';
import type { AssayClient } from '../../client/index.ts';
import { AssayError } from '../../errors/assay-error.ts';
import { isHexId } from '../../model/ids.ts';
import { findPlace, placeText } from '../client/find-things.ts';
import { openSession } from '../client/open-session.ts';
import { readCount } from '../client/read-count.ts';
import { comparisonText, type ProfileComparison } from '../comparison-text.ts';
import { EXIT } from '../exit-codes.ts';
import { formatTable } from '../output/format-table.ts';
import { formatTime } from '../output/format-time.ts';
import { toJsonText } from '../terminal.ts';
import type { VerbContext } from '../verb-context.ts';

/** The profiles of an entity that are kept, newest first. */
export async function showHistory({ config, terminal, json }: VerbContext, place: string): Promise<number> {
  const client = await openSession(config, terminal.signal);
  const entity = await findPlace(client, place);
  const heads = [];
  for await (const head of client.items('GET', '/entities/{id}/profiles', { path: { id: entity._id } }))
    heads.push(head);
  if (json) terminal.out(toJsonText(heads));
  else if (heads.length === 0) terminal.out(`${placeText(entity)} was not profiled yet\n`);
  else {
    const right = (title: string) => ({ title, align: 'right' as const });
    const rows = heads.map(({ profileId, profiledAt, rows: figure, basis, jobId, current }) => [
      String(profileId),
      formatTime(profiledAt),
      'value' in figure ? figure.value : 'unknown',
      basis.kind,
      jobId,
      current ? 'current' : '',
    ]);
    const columns = [right('profile'), 'when', right('rows'), 'basis', 'job', ''];
    terminal.out(`${placeText(entity)}\n${formatTable(columns, rows, terminal.columns())}`);
  }
  return EXIT.done;
}

/** What changed between two profiles of an entity, or between two entities, the first being the earlier side. */
export async function compare(
  { config, terminal, json }: VerbContext,
  places: readonly [string, string?],
  options: { before?: string; after?: string },
): Promise<number> {
  const client = await openSession(config, terminal.signal);
  const first = await findPlace(client, places[0]);
  const second = places[1] === undefined ? undefined : await findPlace(client, places[1]);
  const query = {
    ...(second ? { with: first._id } : {}),
    ...(options.before === undefined ? {} : { before: readCount('--before', options.before) }),
    ...(options.after === undefined ? {} : { after: readCount('--after', options.after) }),
  };
  const { data } = await client.get('/entities/{id}/profiles/compare', { path: { id: (second ?? first)._id }, query });
  terminal.out(json ? toJsonText(data) : comparisonText(data as ProfileComparison, terminal.columns()));
  return EXIT.done;
}

/** A report of a table, or of everything that a job measured, as one HTML file. */
export async function writeReport(
  { config, terminal, json }: VerbContext,
  given: string,
  options: { output?: string },
): Promise<number> {
  const client = await openSession(config, terminal.signal);
  const html = isHexId(given) ? await client.report('/jobs/{id}/report', given) : await reportOf(client, given);
  if (options.output === '-') {
    terminal.out(html);
    return EXIT.done;
  }
  const name = given.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[-.]+|-+$/g, '');
  const file = options.output ?? `${name.slice(-100) || 'profile'}.html`;
  await writeFile(file, html).catch((error: Error) => {
    throw new AssayError('BAD_REQUEST', `the report cannot be written to ${file}: ${error.message}`);
  });
  const bytes = Buffer.byteLength(html);
  terminal.out(
    json ? toJsonText({ file, bytes }) : `${file} (${Math.ceil(bytes / 1000).toLocaleString('en-US')} KB)\n`,
  );
  return EXIT.done;
}

async function reportOf(client: AssayClient, place: string): Promise<string> {
  const entity = await findPlace(client, place);
  if (!['TABLE', 'VIEW', 'FILE', 'COLUMN'].includes(entity.type))
    throw new AssayError(
      'WRONG_ENTITY_TYPE',
      `${placeText(entity)} is a ${entity.type}: give a table, view or file, or the id of a profiling job`,
    );
  return client.report('/entities/{id}/profile/report', entity._id);
}
