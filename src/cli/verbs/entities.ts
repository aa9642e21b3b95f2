import type { AssayClient, Entity, EntityFilter } from '../../client/index.ts';
import { AssayError } from '../../errors/assay-error.ts';
import * as find from '../client/find-things.ts';
import { openSession } from '../client/open-session.ts';
import { readCount } from '../client/read-count.ts';
import { EXIT } from '../exit-codes.ts';
import { formatTable } from '../output/format-table.ts';
import { formatTime } from '../output/format-time.ts';
import { harmless } from '../output/text-width.ts';
import { sortSiblings } from '../sort-siblings.ts';
import { toJsonText } from '../terminal.ts';
import type { VerbContext } from '../verb-context.ts';

const session = ({ config, terminal }: VerbContext): Promise<AssayClient> => openSession(config, terminal.signal);

/** What the server does not know, it names. */
type EntityTypes = NonNullable<EntityFilter['filters']['types']>;

export async function listEntities(context: VerbContext, place: string | undefined): Promise<number> {
  const client = await session(context);
  const filters: find.Filters = place
    ? { parentIds: [(await find.findPlace(client, place))._id] }
    : { types: ['RESOURCE'] };
  print(context, sortSiblings(await find.filterEntities(client, filters)));
  return EXIT.done;
}

export async function filterEntities(
  context: VerbContext,
  options: { type?: string[]; name?: string[]; source?: string[]; below?: string; limit: string },
): Promise<number> {
  const client = await session(context);
  const filters: find.Filters = {};
  if (options.type) filters.types = options.type.flatMap((one) => one.toUpperCase().split(',')) as EntityTypes;
  if (options.name) filters.names = options.name;
  if (options.source) {
    filters.resourceIds = [];
    for (const source of options.source) filters.resourceIds.push((await find.getSource(client, source))._id);
  }
  if (options.below) filters.rootIds = [(await find.findPlace(client, options.below))._id];
  if (Object.keys(filters).length === 0) {
    throw new AssayError('BAD_REQUEST', 'say at least one of --type, --name, --source, --below');
  }
  print(context, await find.filterEntities(client, filters, readCount('--limit', options.limit)));
  return EXIT.done;
}

export async function showTree(context: VerbContext, place: string, depth: string): Promise<number> {
  const client = await session(context);
  const top = await find.findPlace(client, place);
  const levels = readCount('--depth', depth);
  const grow = async (entity: Entity, level: number): Promise<Tree> => {
    const children = level < levels ? sortSiblings(await find.filterEntities(client, { parentIds: [entity._id] })) : [];
    const below: Tree[] = [];
    for (const child of children) below.push(await grow(child, level + 1));
    return { _id: entity._id, type: entity.type, name: entity.name, says: describe(entity), children: below };
  };
  const tree = await grow(top, 0);
  const lines: string[] = [];
  draw(tree, '', lines);
  context.terminal.out(context.json ? toJsonText(tree) : `${lines.join('\n')}\n`);
  return EXIT.done;
}

interface Tree {
  _id: string;
  type: string;
  name: string;
  says: string;
  children: Tree[];
}

function draw(tree: Tree, indent: string, lines: string[]): void {
  lines.push(`${harmless(tree.name)}  ${tree.type}${tree.says ? `  ${harmless(tree.says)}` : ''}`);
  tree.children.forEach((child, index) => {
    const last = index === tree.children.length - 1;
    const before = lines.length;
    draw(child, `${indent}${last ? '   ' : '│  '}`, lines);
    lines[before] = `${indent}${last ? '└─ ' : '├─ '}${lines[before]}`;
  });
}

export async function showEntity(context: VerbContext, place: string): Promise<number> {
  const client = await session(context);
  const found = await find.findPlace(client, place);
  const { data } = await client.get('/entities/{id}', { path: { id: found._id }, query: { extended: 'true' } });
  const { terminal } = context;
  if (context.json) {
    terminal.out(toJsonText(data));
    return EXIT.done;
  }
  const rows: string[][] = [];
  const add = (prefix: string, value: unknown): void => {
    if (value === null || value === '' || value === undefined) return;
    if (typeof value === 'object' && !Array.isArray(value)) {
      for (const [key, inner] of Object.entries(value)) add(prefix ? `${prefix}.${key}` : key, inner);
    } else if (!Array.isArray(value) || value.length > 0) {
      rows.push([prefix, Array.isArray(value) ? JSON.stringify(value) : String(value)]);
    }
  };
  add('', data);
  terminal.out(formatTable(['field', 'value'], rows, terminal.columns()));
  return EXIT.done;
}

function print({ terminal, json }: VerbContext, entities: Entity[]): void {
  if (json) terminal.out(toJsonText(entities));
  else if (entities.length === 0) terminal.out('Nothing found.\n');
  else {
    const rows = entities.map((entity) => [
      entity.type,
      find.placeText(entity),
      describe(entity),
      formatTime(entity.system?.profiledAt),
      entity._id,
    ]);
    terminal.out(formatTable(['type', 'place', 'what it is', 'profiled', 'id'], rows, terminal.columns()));
  }
}

/** A few words beside the name: the type of a column, the rows of a table and when they were counted, the comment of either. */
function describe(entity: Entity): string {
  const { column, table, stats } = entity.metadata as Record<string, Record<string, unknown> | undefined>;
  const profiledAt = entity.system?.profiledAt;
  const words = [
    column?.sqlDataType ?? column?.typeName ?? column?.dataType,
    typeof stats?.rows === 'number' && entity.type !== 'COLUMN'
      ? `${stats.rows.toLocaleString('en-US')} rows${profiledAt ? ` at ${formatTime(profiledAt)}` : ''}`
      : undefined,
    column?.remarks ?? table?.remarks,
  ];
  return words.filter(Boolean).map(String).join(', ');
}
