import type { AssayClient, Entity } from '../../client/index.ts';
import { AssayError } from '../../errors/assay-error.ts';
import { formatOfName, mayHoldTable, TABLE_FILES } from '../../model/file-formats.ts';
import { basisText } from '../../profile/basis-text.ts';
import { filterEntities, filterProfiles, findPlace, placeText } from '../client/find-things.ts';
import { openSession } from '../client/open-session.ts';
import { type ColumnResource, columnProfileText } from '../column-profile-text.ts';
import { EXIT } from '../exit-codes.ts';
import { formatTable } from '../output/format-table.ts';
import { formatTime } from '../output/format-time.ts';
import {
  bareProfile,
  type ProfiledEntity,
  type TableResource,
  tableFacts,
  tableProfile,
  warningLines,
} from '../profile-text.ts';
import { toJsonText } from '../terminal.ts';
import type { VerbContext } from '../verb-context.ts';

/** The profile of a column in full, or of a table or file with a line per column. */
export async function showProfile({ config, terminal, json }: VerbContext, place: string): Promise<number> {
  const client = await openSession(config, terminal.signal);
  const entity = await findPlace(client, place);
  if (!['TABLE', 'VIEW', 'FILE', 'COLUMN'].includes(entity.type)) {
    throw new AssayError(
      'WRONG_ENTITY_TYPE',
      `${placeText(entity)} is a ${entity.type}: give a table, view, file or column`,
    );
  }
  const { columns: screen } = terminal;
  if (entity.type === 'COLUMN') {
    const { data } = await client.get('/entities/{id}/profile', { path: { id: entity._id } });
    terminal.out(json ? toJsonText(data) : columnProfileText(placeText(entity), data as ColumnResource, screen()));
    return EXIT.done;
  }
  const found = await filterProfiles(client, { parentIds: [entity._id] });
  const columns = found.filter((one) => one.profilingInfo);
  if (json && columns.length > 0) {
    terminal.out(toJsonText(columns));
    return EXIT.done;
  }
  // Where only some of its columns were profiled, the table itself has no profile.
  const table: TableResource = entity.system?.profiledAt
    ? ((await client.get('/entities/{id}/profile', { path: { id: entity._id } })).data as TableResource)
    : {};
  const title = placeText(entity);
  if (columns.length > 0) {
    const figures = new Map((table.columns ?? (await profilesOf(client, columns))).map((one) => [one.entityId, one]));
    const basis = table.basis ? basisText(table.basis) : '';
    const text = tableProfile(title, columns as ProfiledEntity[], screen(), figures, basis);
    const facts = tableFacts(table);
    terminal.out(`${text}${facts === '' ? '' : `\n${facts}`}${warningLines(table.warnings)}`);
    return EXIT.done;
  }
  if (table.fields !== 0) throw new AssayError('NOT_FOUND', `${title} ${await whyNone(client, entity)}`);
  terminal.out(json ? toJsonText(columns) : bareProfile(title, table));
  return EXIT.done;
}

/** Each by itself, where the table has no profile: they are those that somebody named. */
async function profilesOf(
  client: AssayClient,
  columns: readonly { _id: string }[],
): Promise<NonNullable<TableResource['columns']>> {
  const all: { entityId: string }[] = [];
  for (const { _id } of columns) all.push((await client.get('/entities/{id}/profile', { path: { id: _id } })).data);
  return all as NonNullable<TableResource['columns']>;
}

/** Why a table, view or file has no profile to show, and what helps where something does. */
async function whyNone(client: AssayClient, { _id, type, name, fqdn, system }: Entity): Promise<string> {
  const remedy = `assay jobs start data-profiling --scope ${_id} --watch`;
  if (system?.profiledAt)
    return `has no column left that was there when it was profiled, ${formatTime(system.profiledAt)}: ${remedy}`;
  const failed = await filterEntities(client, { fqdns: [fqdn], profileStatus: ['FAILED'] }, 1);
  if (failed.length > 0)
    return `failed when it was last profiled; why, its job says: assay jobs list --name DATA_PROFILE --status FAILED; to try again: ${remedy}`;
  if (type === 'FILE' && formatOfName(name) === undefined) {
    if (!mayHoldTable(name)) return `is not profiled: only files of these kinds are: ${TABLE_FILES}`;
    const skipped = await filterEntities(client, { fqdns: [fqdn], profileStatus: ['SKIPPED'] }, 1);
    if (skipped.length > 0)
      return 'was looked into and skipped: it holds no table; if it does, give it the ending of what it is: .csv, .tsv, .json';
  }
  return `was not profiled yet: ${remedy}`;
}

/** Sample rows of a table or file, or sample values of a column. */
export async function showSamples({ config, terminal, json }: VerbContext, place: string): Promise<number> {
  const client = await openSession(config, terminal.signal);
  const entity = await findPlace(client, place);
  const { data } = await client.get('/entities/{id}/samples', { path: { id: entity._id } });
  if (json) {
    terminal.out(toJsonText(data));
    return EXIT.done;
  }
  const heads = data.columns.map(({ name }) => name);
  const rows = data.rows.map((row) => row.map((value) => value ?? '(null)'));
  const masked = data.masked ? '\nValues are masked: you may not see samples (the right viewSamples).' : '';
  terminal.out(
    `${placeText(entity)}, ${rows.length} sample rows of ${formatTime(data.profiledAt)}\n${formatTable(heads, rows, terminal.columns())}${masked}`,
  );
  return EXIT.done;
}
