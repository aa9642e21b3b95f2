import { AssayError } from '../../errors/assay-error.ts';
import { filterEntities, findPlace } from '../client/find-things.ts';
import { openSession } from '../client/open-session.ts';
import { EXIT } from '../exit-codes.ts';
import { columnProfile, type ProfiledEntity, tableProfile } from '../profile-text.ts';
import { toJsonText } from '../terminal.ts';
import type { VerbContext } from '../verb-context.ts';

const PROFILING = '/entities/filter/profiling-info';

/** The profile of a column in full, or of a table or file with a line per column. */
export async function showProfile({ config, terminal, json }: VerbContext, place: string): Promise<number> {
  const client = await openSession(config, terminal.signal);
  const entity = await findPlace(client, place);
  if (!['TABLE', 'VIEW', 'FILE', 'COLUMN'].includes(entity.type)) {
    throw new AssayError('WRONG_ENTITY_TYPE', `${entity.fqdn} is a ${entity.type}: give a table, view, file or column`);
  }
  const filters: Record<string, string[]> =
    entity.type === 'COLUMN'
      ? { parentIds: [String(entity.parentId)], names: [entity.name] }
      : { parentIds: [entity._id] };
  const found = (await filterEntities(client, filters, 10_000, PROFILING)) as ProfiledEntity[];
  const columns = found.filter((one) => one.type === 'COLUMN' && one.profilingInfo);
  if (columns.length === 0) {
    throw new AssayError(
      'NOT_FOUND',
      `${entity.fqdn} was not profiled yet: assay jobs start data-profiling --scope ${entity._id} --watch`,
    );
  }
  if (json) terminal.out(toJsonText(columns));
  else if (entity.type === 'COLUMN') terminal.out(columnProfile(columns[0]!, terminal.columns()));
  else terminal.out(tableProfile(entity.fqdn, columns, terminal.columns()));
  return EXIT.done;
}
