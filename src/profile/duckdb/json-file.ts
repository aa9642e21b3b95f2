import { AssayError } from '../../errors/assay-error.ts';
import { several } from '../../model/several.ts';
import { toStorable } from '../../model/storable-text.ts';
import { quoteText } from '../sql.ts';
import { findBrokenLine } from './broken-line.ts';
import { tellLongFractions } from './json-digits.ts';
import { factsOf, pointerTo, toFacts } from './json-facts.ts';
import { jsonType } from './json-types.ts';
import { pathList } from './paths.ts';
import type { Session } from './session.ts';
import type { StagedColumn } from './staged-column.ts';
import { GROUP_COLUMNS, loadTexts, type Relation } from './staging.ts';

/** A file whose objects have more different keys than this uses them for data (ids, dates), not for names. */
const MOST_KEYS = 1_000;

/**
 * Loads JSON: an array of objects, one object per line, or objects one after the other. Each key of the objects is a column;
 * what is nested is measured as its JSON text. Records that are no objects make one column, `json`. Not DuckDB's `read_json`:
 * it refuses an object that names a key twice, looks at the first rows only, and dies of a value nested 100,000 deep.
 */
export async function loadJsonFile(session: Session, paths: readonly string[], limited: string): Promise<Relation> {
  await loadRecords(session, paths, limited);
  const [[records, objects] = []] = await session.query(
    `SELECT count(*)::VARCHAR, count(*) FILTER (json_type(json) = 'OBJECT')::VARCHAR FROM raw`,
    'looking at the records',
  );
  const others = Number(records) - Number(objects);
  if (Number(records) === 0)
    return { name: 'r', columns: [], rows: 0, warnings: ['the file holds no records'], rejectedRows: 0 };
  if (others > 0) {
    const warnings =
      Number(objects) > 0 ? [`${others} of ${records} records are no objects; all were measured as one column`] : [];
    return loadWhole(session, warnings);
  }
  const keys = await listKeys(session);
  if (keys.length === 0) return loadWhole(session, ['the objects of the file have no keys']);
  if (keys.length > MOST_KEYS)
    return loadWhole(session, [
      `the objects of the file have more than ${MOST_KEYS.toLocaleString('en-US')} different keys; they were measured as one column`,
    ]);
  const warnings = keys.flatMap(({ key, twice }) =>
    twice > 0
      ? [
          `key "${toStorable(key)}" stands twice in ${several(twice, 'object', 'objects')}; its first value was measured`,
        ]
      : [],
  );
  const list = keys.map(({ key }) => quoteText(pointerTo(key))).join(', ');
  const values = keys.map((_, i) => `v[${i + 1}] AS x${i}`).join(', ');
  return load(
    session,
    `SELECT ${values} FROM (SELECT json_extract(json, [${list}]) AS v FROM raw)`,
    keys.map(({ key }) => toStorable(key)),
    warnings,
  );
}

async function loadRecords(session: Session, paths: readonly string[], limited: string): Promise<void> {
  // DuckDB takes two buffers of this size for each thread.
  const largest = Math.min(Math.floor((session.memoryMb / 16) * 2 ** 20), 2 ** 26);
  try {
    await session.run(
      `CREATE TABLE raw AS SELECT json FROM read_json_objects(${pathList(paths)}, format = 'auto', maximum_object_size = ${largest})${limited}`,
      'reading the file',
    );
  } catch (error) {
    if (!(error instanceof AssayError) || !/Malformed JSON/.test(error.message)) throw error;
    // The line that DuckDB names is off by one more often than not.
    const broken = paths.length === 1 ? await findBrokenLine(paths[0] ?? '', session.signal) : undefined;
    throw brokenJson(error, broken);
  }
}

function brokenJson(cause: AssayError, broken: Awaited<ReturnType<typeof findBrokenLine>>): AssayError {
  const bad = (what: string): AssayError => new AssayError('SOURCE_BAD_DATA', what, { cause });
  if (broken)
    return bad(
      `line ${broken.line} is no JSON: ${broken.reason}; mend that line, or copy the file again if it was cut off`,
    );
  const said = cause.message.slice(cause.message.indexOf('Malformed JSON'));
  if (/UTF-(8|16|32)/.test(said)) return bad(`the file is not written in UTF-8 (${said}); convert it to UTF-8`);
  return bad(`the file is no JSON (${said}); mend it there, or copy it again if it was cut off`);
}

interface Key {
  key: string;
  /** Objects that have it more than once. */
  twice: number;
}

/** Keys in the order in which objects name them. Objects of the same shape are looked at once (`json_each` takes ten times as long). */
async function listKeys(session: Session): Promise<Key[]> {
  const rows = await session.query(
    `SELECT name, coalesce(sum(n) FILTER (times > 1), 0)::VARCHAR FROM (
       SELECT keys, name, n, min(pos) AS pos, count(*) AS times FROM (
         SELECT keys, n, unnest(keys) AS name, generate_subscripts(keys, 1) AS pos FROM (
           SELECT json_keys(json) AS keys, count(*) AS n FROM raw GROUP BY keys)) GROUP BY ALL)
     GROUP BY name ORDER BY min(pos), name LIMIT ${MOST_KEYS + 1}`,
    'looking at the keys',
  );
  return rows.map(([key, twice]) => ({ key: key ?? '', twice: Number(twice) }));
}

/** All records as one column, typed when all are values of one type. */
const loadWhole = (session: Session, warnings: readonly string[]): Promise<Relation> =>
  load(session, 'SELECT json AS x0 FROM raw', ['json'], warnings);

/** `select` gives the JSON values of each column: `x0`, `x1`, … */
async function load(
  session: Session,
  select: string,
  names: readonly string[],
  warnings: readonly string[],
): Promise<Relation> {
  const told = [...warnings, ...(await tellLongFractions(session))];
  await session.run(`CREATE TABLE v AS ${select}`, 'taking the values');
  await session.run('DROP TABLE raw', 'taking the values');
  const columns: StagedColumn[] = [];
  for (let from = 0; from < names.length; from += GROUP_COLUMNS) {
    const group = names.slice(from, from + GROUP_COLUMNS);
    const asked = group.map((_, i) => factsOf(`x${from + i}`));
    const [row = []] = await session.query(`SELECT ${asked.flat().join(', ')} FROM v`, 'looking at the types');
    const width = asked[0]?.length ?? 0;
    for (const [i, name] of group.entries())
      columns.push({ name, ...jsonType(toFacts(row.slice(i * width, (i + 1) * width))), typeBasis: 'inferred' });
  }
  const texts = names.map((_, i) => `x${i} ->> '$' AS x${i}`).join(', ');
  const relation = await loadTexts(session, columns, (table, list) =>
    session.run(`CREATE TABLE ${table} AS SELECT\n  ${list}\nFROM (SELECT ${texts} FROM v)`, 'casting the values'),
  );
  await session.run('DROP TABLE v', 'casting the values');
  return { ...relation, warnings: [...told, ...relation.warnings] };
}
