import { AssayError } from '../../errors/assay-error.ts';
import { filterProfiles, findPlace, placeText } from '../client/find-things.ts';
import { openSession } from '../client/open-session.ts';
import { type ColumnResource, columnProfileText } from '../column-profile-text.ts';
import { EXIT } from '../exit-codes.ts';
import { formatTable } from '../output/format-table.ts';
import { formatTime } from '../output/format-time.ts';
import { type ProfiledEntity, type TableResource, tableFacts, tableProfile } from '../profile-text.ts';
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
  if (columns.length === 0) {
    const remedy = `assay jobs start data-profiling --scope ${entity._id} --watch`;
    const at = entity.system?.profiledAt;
    const why = at
      ? `has no column left that was there when it was profiled, ${formatTime(at)}`
      : 'was not profiled yet';
    throw new AssayError('NOT_FOUND', `${placeText(entity)} ${why}: ${remedy}`);
  }
  if (json) {
    terminal.out(toJsonText(columns));
    return EXIT.done;
  }
  // Where only some of its columns were profiled, the table itself has no profile.
  const { data = {} } = entity.system?.profiledAt
    ? await client.get('/entities/{id}/profile', { path: { id: entity._id } })
    : {};
  const facts = tableFacts(data as TableResource);
  terminal.out(
    `${tableProfile(placeText(entity), columns as ProfiledEntity[], screen())}${facts === '' ? '' : `\n${facts}`}`,
  );
  return EXIT.done;
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
