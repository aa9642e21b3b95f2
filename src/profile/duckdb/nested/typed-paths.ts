import { measuredColumn } from '../../column.ts';
import type { LengthsPart } from '../../measures/lengths.ts';
import { type NestedType, parseDuckDbType } from '../../nested/duckdb-type.ts';
import { ELEMENT, ENTRY, field, formatPath, type Step } from '../../nested/path.ts';
import { DEEPEST } from '../../nested/paths-part.ts';
import { quoteText } from '../../sql.ts';
import { walkJson } from './json-paths.ts';
import type { Node, Walk } from './walk.ts';

/** Where values are: a table or view, and its column with the row of the table, where a row may have several values. */
interface Place {
  from: string;
  rowId: string | null;
}

interface Value {
  type: NestedType;
  value: string;
  exists: string;
  steps: readonly Step[];
  lengths?: LengthsPart;
}

/** Measures what lies within a column of a nested type: fields in place, elements of arrays and entries of maps from a table of them. */
export async function walkTyped(walk: Walk, name: string, type: string, ref: string, from: string): Promise<void> {
  const column = { type: parseDuckDbType(type), value: ref, exists: 'true', steps: [] };
  await visit(walk, name, column, { from, rowId: null });
}

async function visit(walk: Walk, name: string, root: Value, place: Place): Promise<void> {
  const containers: Node[] = [];
  const leaves: (Node & { type: string })[] = [];
  const branches: Value[] = [];
  const collect = (one: Value): void => {
    const { type, value, exists, steps, lengths } = one;
    const path = formatPath(name, steps);
    if (steps.length > 0 && !walk.take(path)) return;
    const node = { path, value, exists, ...(lengths ? { lengths } : {}) };
    if (type.kind === 'leaf' || steps.length >= DEEPEST) {
      if (type.kind !== 'leaf') walk.leaveOut(`${path}…`);
      leaves.push({ ...node, type: type.text });
      if (type.text === 'JSON') branches.push(one);
      return;
    }
    if (steps.length > 0) containers.push(node);
    if (type.kind === 'list' || type.kind === 'map') branches.push(one);
    else
      for (const [i, member] of type.fields.entries())
        collect({ ...memberOf(one, i), steps: [...steps, field(member.name)] });
  };
  collect(root);
  walk.paths.push(...(await walk.count(containers, place.from, place.rowId)));
  await measureLeaves(walk, leaves, place);
  for (const branch of branches) await enter(walk, name, branch, place);
}

/** A field of a struct by its place, for its name may be anything; a member of a union, where the union holds that one. */
function memberOf({ type, value }: Value, i: number): Omit<Value, 'steps'> {
  if (type.kind !== 'struct' && type.kind !== 'union') throw new RangeError(`${type.text} has no fields`);
  const member = type.fields[i];
  if (!member) throw new RangeError(`${type.text} has no field ${i}`);
  const tag = quoteText(member.name);
  return type.kind === 'struct'
    ? { type: member.type, value: `struct_extract_at(${value}, ${i + 1})`, exists: `(${value}) IS NOT NULL` }
    : {
        type: member.type,
        value: `union_extract(${value}, ${tag})`,
        exists: `coalesce(union_tag(${value})::VARCHAR = ${tag}, false)`,
      };
}

async function measureLeaves(walk: Walk, leaves: readonly (Node & { type: string })[], place: Place): Promise<void> {
  if (leaves.length === 0) return;
  const counted = await walk.count(leaves, place.from, place.rowId);
  const view = walk.newName();
  const list = leaves.map(({ value }, i) => `${value} AS c${i}`).join(', ');
  await walk.session.run(`CREATE VIEW ${view} AS SELECT ${list} FROM ${place.from}`, 'taking nested values apart');
  const columns = leaves.map(({ path, type }, i) =>
    measuredColumn({ name: path, nativeType: type, duckdbType: type, typeBasis: 'precise' }, `c${i}`),
  );
  const measured = await walk.measure({ name: view, columns, warnings: [], rejectedRows: 0 });
  await walk.session.run(`DROP VIEW ${view}`, 'taking nested values apart');
  walk.paths.push(...counted.map((part, i) => ({ ...part, ...(measured[i] ? { values: measured[i] } : {}) })));
}

/** Into the elements of an array, the entries of a map or the JSON of a text. */
async function enter(walk: Walk, name: string, { type, value, steps }: Value, place: Place): Promise<void> {
  const rowId = place.rowId ?? 'row_number() OVER ()';
  const source = `(SELECT ${rowId} AS o, ${value} AS v FROM ${place.from}) WHERE v IS NOT NULL`;
  if (type.kind === 'leaf')
    return walk.withTable(`SELECT o, v::JSON AS v FROM ${source}`, (from) =>
      walkJson(walk, name, steps, from, { listed: true }),
    );
  if (type.kind !== 'list' && type.kind !== 'map') return;
  const isMap = type.kind === 'map';
  const lengths = await walk.lengths(isMap ? `cardinality(${value})` : `len(${value})`, place.from);
  const items = isMap ? 'map_entries(v)' : `v::${type.of.text}[]`;
  await walk.withTable(`SELECT o, unnest(${items}) AS v FROM ${source}`, (from) =>
    visit(
      walk,
      name,
      {
        type: isMap ? entryType(type) : type.of,
        value: 'v',
        exists: 'true',
        steps: [...steps, isMap ? ENTRY : ELEMENT],
        lengths,
      },
      { from, rowId: 'o' },
    ),
  );
}

const entryType = ({ text, key, value }: Extract<NestedType, { kind: 'map' }>): NestedType => ({
  kind: 'struct',
  text,
  fields: [
    { name: 'key', type: key },
    { name: 'value', type: value },
  ],
});
