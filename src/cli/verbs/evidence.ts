import type { AssayClient, Entity } from '../../client/index.ts';
import { TABLE_LIKE } from '../../model/entity.ts';
import { filterEntities, findPlace, placeText } from '../client/find-things.ts';
import { openSession } from '../client/open-session.ts';
import { type AssertionResource, evidenceText, findingsTable } from '../evidence-text.ts';
import { EXIT } from '../exit-codes.ts';
import { harmless } from '../output/text-width.ts';
import { sortSiblings } from '../sort-siblings.ts';
import { toJsonText } from '../terminal.ts';
import type { VerbContext } from '../verb-context.ts';

/** Of an entity, and of the columns below it: which tags, terms and sensitivity it has, and why. */
export async function showEvidence(
  { config, terminal, json }: VerbContext,
  place: string,
  options: { all?: boolean },
): Promise<number> {
  const client = await openSession(config, terminal.signal);
  const entity = await findPlace(client, place);
  const found = await listFindings(client, entity, options.all === true);
  if (json) {
    terminal.out(toJsonText(found));
    return EXIT.done;
  }
  const said = found.flatMap(({ entity: { name, _id }, assertions }) =>
    assertions.map((one) => ({ ...one, where: _id === entity._id ? '' : name })),
  );
  const now = said.filter(({ removedAt }) => removedAt === '');
  terminal.out(`${harmless(placeText(entity))}\n`);
  if (said.length === 0)
    terminal.out(
      [...TABLE_LIKE, 'COLUMN'].includes(entity.type)
        ? 'Nobody said anything of it, and no method found anything.\n'
        : 'Nobody said anything of it; ask of a table, file or column below it.\n',
    );
  else terminal.out(findingsTable(now, terminal.columns()));
  for (const one of said) {
    const where = one.where === '' ? '' : `${harmless(one.where)}: `;
    terminal.out(`\n${where}${evidenceText(one, terminal.columns())}`);
  }
  return EXIT.done;
}

/** The assertions of an entity and of its columns, of those of which something is said. */
export async function listFindings(
  client: AssayClient,
  entity: Entity,
  all = false,
): Promise<{ entity: Pick<Entity, '_id' | 'name' | 'fqdn'>; assertions: AssertionResource[] }[]> {
  const columns =
    entity.type === 'COLUMN' ? [] : await filterEntities(client, { parentIds: [entity._id], types: ['COLUMN'] });
  const entities = [entity, ...sortSiblings(columns).filter((column) => all || isSaidOf(column))];
  const found: { entity: Pick<Entity, '_id' | 'name' | 'fqdn'>; assertions: AssertionResource[] }[] = [];
  for (const { _id, name, fqdn } of entities) {
    const { data } = await client.get('/entities/{id}/assertions', { path: { id: _id } });
    const assertions = data.filter(({ removedAt }) => all || removedAt === '');
    if (assertions.length > 0) found.push({ entity: { _id, name, fqdn }, assertions });
  }
  return found;
}

const isSaidOf = ({ attributes }: Entity): boolean =>
  'tags' in attributes ||
  'businessTerms' in attributes ||
  (typeof attributes.features === 'object' && attributes.features !== null && 'sensitivity' in attributes.features);
