import { toStorable } from '../../../model/storable-text.ts';
import { measuredColumn } from '../../column.ts';
import { ELEMENT, ENTRY, field, formatPath, type Step } from '../../nested/path.ts';
import { DEEPEST, MOST_PATHS } from '../../nested/paths-part.ts';
import { quoteText } from '../../sql.ts';
import { factsOf, pointerTo, toFacts } from '../json-facts.ts';
import { jsonType, wordOf } from '../json-types.ts';
import { castList, type StagedColumn } from '../staged-column.ts';
import { settle } from '../staging.ts';
import type { Node, Walk } from './walk.ts';

/** A place within each JSON value of a table, by its pointer (RFC 6901), and what was found there. */
interface Spot {
  pointer: string;
  steps: readonly Step[];
  /** Values by their type in the words of JSON, nulls left out. */
  types: Map<string, number>;
  /** An object with so many different keys that they are data: a map. */
  isMap: boolean;
}

/**
 * Measures what lies within JSON values: `from` has the values in `v` and the row of the table they are of in `o`. Objects are
 * looked at level by level and never by recursion, so no depth of nesting can exhaust the stack. `listed`: the values themselves
 * are, where they were found; then only what lies within them is.
 */
export async function walkJson(
  walk: Walk,
  name: string,
  steps: readonly Step[],
  from: string,
  { listed, lengths }: { listed: boolean; lengths?: Node['lengths'] },
): Promise<void> {
  if (!listed && !walk.take(formatPath(name, steps))) return;
  const spots = await explore(walk, name, steps, from);
  const values = spots.map((_, i) => `e[${i + 1}] AS x${i}`).join(', ');
  const select = `SELECT o, ${values} FROM (SELECT o, json_extract(v, [${pointers(spots)}]) AS e FROM ${from})`;
  await walk.withTable(select, async (table) => {
    await measureSpots(walk, name, listed ? [undefined, ...spots.slice(1)] : spots, table, lengths);
    for (const [i, spot] of spots.entries()) await enter(walk, name, spot, `x${i}`, table);
  });
}

const pointers = (spots: readonly Pick<Spot, 'pointer'>[]): string =>
  spots.map(({ pointer }) => quoteText(pointer)).join(', ');

/** The value itself and everything below it that no array and no map lies between. */
async function explore(walk: Walk, name: string, steps: readonly Step[], from: string): Promise<Spot[]> {
  const found: Spot[] = [];
  let level: Spot[] = [{ pointer: '', steps, types: new Map(), isMap: false }];
  while (level.length > 0) {
    found.push(...level);
    await look(walk, level, from);
    const objects = level.filter(({ types, steps: at }) => {
      if (types.has('object') && at.length >= DEEPEST) walk.leaveOut(`${formatPath(name, at)}…`);
      return types.has('object') && at.length < DEEPEST;
    });
    level = await below(walk, name, objects, from);
  }
  return found;
}

/** Every value of each spot: `i` and `e`. */
const valuesOf = (spots: readonly Spot[], from: string): string =>
  `(SELECT unnest(range(${spots.length})) AS i, unnest(json_extract(v, [${pointers(spots)}])) AS e FROM ${from})`;

async function look(walk: Walk, level: readonly Spot[], from: string): Promise<void> {
  const rows = await walk.session.query(
    `SELECT i::VARCHAR, t, count(*)::VARCHAR FROM (SELECT i, json_type(e) AS t FROM ${valuesOf(level, from)} WHERE e IS NOT NULL) GROUP BY ALL ORDER BY ALL`,
    'looking at the types of JSON',
  );
  for (const [i, type, count] of rows) {
    const { types } = level[Number(i)] as Spot;
    const word = wordOf(type ?? '');
    if (word !== 'null') types.set(word, (types.get(word) ?? 0) + Number(count));
  }
}

/** The keys of objects, in the order in which the objects name them. An object with too many of them is a map. */
async function below(walk: Walk, name: string, objects: readonly Spot[], from: string): Promise<Spot[]> {
  if (objects.length === 0) return [];
  const rows = await walk.session.query(
    `SELECT i::VARCHAR, key FROM (
       SELECT i, key, min(pos) AS pos FROM (
         SELECT i, unnest(keys) AS key, generate_subscripts(keys, 1) AS pos FROM (
           SELECT i, json_keys(e) AS keys FROM ${valuesOf(objects, from)} WHERE json_type(e) = 'OBJECT' GROUP BY ALL))
       GROUP BY ALL)
     QUALIFY row_number() OVER (PARTITION BY i ORDER BY pos, key) <= ${MOST_PATHS + 1}
     ORDER BY i, pos, key`,
    'looking at the keys of JSON',
  );
  const next: Spot[] = [];
  for (const [at, object] of objects.entries()) {
    const keys = rows.filter(([i]) => Number(i) === at).map(([, key]) => key ?? '');
    object.isMap = keys.length > MOST_PATHS;
    if (object.isMap) continue;
    for (const key of keys) {
      const steps = [...object.steps, field(toStorable(key))];
      const path = formatPath(name, steps);
      // A pointer to the key "0" of an object is one to the first element of an array, too.
      if (object.types.has('array') && /^(\d+|-)$/.test(key)) walk.leaveOut(path);
      else if (walk.take(path))
        next.push({ pointer: object.pointer + pointerTo(key), steps, types: new Map(), isMap: false });
    }
  }
  return next;
}

async function measureSpots(
  walk: Walk,
  name: string,
  spots: readonly (Spot | undefined)[],
  table: string,
  lengths: Node['lengths'],
): Promise<void> {
  const nodes = spots.flatMap((spot, i): (Node & { x: string; spot: Spot })[] => {
    if (!spot) return [];
    const { steps, types } = spot;
    return [
      {
        path: formatPath(name, steps),
        x: `x${i}`,
        spot,
        value: `CASE WHEN json_type(x${i}) <> 'NULL' THEN x${i} END`,
        exists: `x${i} IS NOT NULL`,
        types: Object.fromEntries([...types].sort(([a], [b]) => (a < b ? -1 : 1))),
        ...(i === 0 && lengths ? { lengths } : {}),
      },
    ];
  });
  const counted = await walk.count(nodes, table, 'o');
  const leaves = nodes.filter(({ spot: { types, steps } }) => {
    const isContainer = types.size > 0 && [...types.keys()].every((word) => word === 'object' || word === 'array');
    return !isContainer || steps.length >= DEEPEST;
  });
  const measured = await measureLeaves(walk, leaves, table);
  for (const [i, node] of nodes.entries()) {
    const values = measured[leaves.indexOf(node)];
    walk.paths.push({ ...(counted[i] as (typeof counted)[number]), ...(values ? { values } : {}) });
  }
}

async function measureLeaves(walk: Walk, leaves: readonly { path: string; x: string }[], table: string) {
  if (leaves.length === 0) return [];
  const facts = leaves.map(({ x }) => factsOf(x));
  const [row = []] = await walk.session.query(
    `SELECT ${facts.flat().join(', ')} FROM ${table}`,
    'looking at the types',
  );
  const width = facts[0]?.length ?? 0;
  const columns = leaves.map(
    ({ path }, i): StagedColumn => ({
      name: path,
      ...jsonType(toFacts(row.slice(i * width, (i + 1) * width))),
      typeBasis: 'inferred',
    }),
  );
  const texts = leaves.map(({ x }, i) => `${x} ->> '$' AS x${i}`).join(', ');
  const list = castList(columns, (i) => `x${i}`);
  return walk.withTable(`SELECT ${list} FROM (SELECT ${texts} FROM ${table})`, async (cast) => {
    const view = walk.newName();
    const isTyped = (i: number): boolean => columns[i]?.duckdbType.toUpperCase() !== 'VARCHAR';
    const relation = await settle(walk.session, cast, columns, isTyped, view);
    const measured = await walk.measure(relation);
    await walk.session.run(`DROP VIEW ${view}`, 'taking nested values apart');
    return measured;
  });
}

/** Into the elements of the arrays at a spot, and the entries of its maps. */
async function enter(walk: Walk, name: string, { steps, types, isMap }: Spot, x: string, table: string): Promise<void> {
  if (types.has('array') && steps.length >= DEEPEST) walk.leaveOut(`${formatPath(name, steps)}…`);
  else if (types.has('array')) {
    const arrays = `CASE WHEN json_type(${x}) = 'ARRAY' THEN ${x} END`;
    const lengths = await walk.lengths(`json_array_length(${arrays})`, table);
    const elements = `SELECT o, unnest(json_extract(${arrays}, '$[*]')) AS v FROM ${table}`;
    await walk.withTable(elements, (from) =>
      walkJson(walk, name, [...steps, ELEMENT], from, { listed: false, lengths }),
    );
  }
  if (!isMap) return;
  const maps = `CASE WHEN json_type(${x}) = 'OBJECT' THEN ${x} END`;
  const lengths = await walk.lengths(`len(json_keys(${maps}))`, table);
  const entries = `SELECT o, unnest(json_keys(${maps})) AS k, unnest(json_extract(${maps}, '$.*')) AS v FROM ${table}`;
  await walk.withTable(entries, async (from) => {
    const entry = [...steps, ENTRY];
    const key = formatPath(name, [...entry, field('key')]);
    const all = { value: 'v', exists: 'true', lengths };
    if (!walk.take(formatPath(name, entry)) || !walk.take(key)) return;
    walk.paths.push(...(await walk.count([{ path: formatPath(name, entry), ...all }], from, 'o')));
    const [counted] = await walk.count([{ path: key, value: 'k', exists: 'true' }], from, 'o');
    const [values] = await walk.measure({
      name: `(SELECT k AS c0 FROM ${from})`,
      columns: [measuredColumn({ name: key, nativeType: 'string', duckdbType: 'VARCHAR', typeBasis: 'precise' }, 'c0')],
      warnings: [],
      rejectedRows: 0,
    });
    if (counted) walk.paths.push({ ...counted, ...(values ? { values } : {}) });
    await walkJson(walk, name, [...entry, field('value')], from, { listed: false });
  });
}
