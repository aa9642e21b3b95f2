import type { GroupAsk, GroupedColumn, PushedScan, ScannedColumn } from '../connector.ts';
import type { PushColumn } from './push-columns.ts';

/**
 * The two statements by which PostgreSQL measures a table itself. SQL is a pure function of its inputs. Both answer with one
 * row: the scan with one array of texts per column, the second with one JSON document per column.
 */

/** Unicode White_Space, as measures/counts.ts has it; a text of nothing else is blank. */
const WHITE_SPACE = [
  '\\t\\n\\u000b\\f\\r \\u0085\\u00a0\\u1680\\u2000\\u2001\\u2002\\u2003\\u2004\\u2005\\u2006',
  '\\u2007\\u2008\\u2009\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000',
].join('');
/**
 * Trimming takes 0.3 µs, so it is asked of no text that begins with a sign of ASCII behind the space. Texts are compared by their bytes: each
 * carries the collation "C".
 */
const isBlank = (text: string): string =>
  `((${text} < '!' OR ${text} >= E'\\u0080') AND btrim(${text}, E'${WHITE_SPACE}') = '')`;

/** Longest text of a value that leaves the source, in characters: one more than a profile keeps. */
const CUT = 1_025;
const cut = (text: string): string => `left(${text}, ${CUT})`;

type Field = [name: string, sql: string];

function scanFields({ column, kind, text, misfit }: PushColumn, value: string, length: string): Field[] {
  const fields: Field[] = [['nonNull', `count(${value})`]];
  const add = (name: string, sql: string): unknown => fields.push([name, sql]);
  if (misfit) add('misfits', `count(*) FILTER (WHERE ${misfit(value)})`);
  if (kind === 'text') {
    add('blanks', `count(*) FILTER (WHERE ${isBlank(value)})`);
    add('min', cut(`min(${value})`));
    add('max', cut(`max(${value})`));
  }
  if (kind === 'uuid') {
    // Before PostgreSQL 18 a UUID has no smallest; its text has the same order.
    add('min', `min(${value}::text COLLATE "C")`);
    add('max', `max(${value}::text COLLATE "C")`);
  }
  if (kind === 'temporal' || kind === 'integer' || kind === 'decimal') {
    add('min', text(`min(${value})`));
    add('max', text(`max(${value})`));
  }
  if (kind === 'integer' || kind === 'decimal') {
    add('sum', `sum(${value})`);
    add('squares', squaresOf(column.duckdbType, value));
  }
  if (kind === 'float') {
    add('nan', `count(*) FILTER (WHERE ${value} = 'NaN')`);
    add('infinite', `count(*) FILTER (WHERE ${value} IN ('Infinity', '-Infinity'))`);
    const [number, onlyFinite] = [`FILTER (WHERE ${value} <> 'NaN')`, `FILTER (WHERE ${finite(value)})`];
    add('min', text(`(min(${value}) ${number})`));
    add('max', text(`(max(${value}) ${number})`));
    add('finiteMin', text(`(min(${value}) ${onlyFinite})`));
    add('finiteMax', text(`(max(${value}) ${onlyFinite})`));
  }
  if (kind === 'text' || kind === 'blob') {
    add('shortest', `min(${length})`);
    add('longest', `max(${length})`);
    add('total', `sum(${length})`);
    add('totalSquares', `sum(${length} * ${length}::int8)`);
  }
  return fields;
}

const finite = (value: string): string => `${value} NOT IN ('NaN', 'Infinity', '-Infinity')`;

/** Squares of 32 bits fit 64, which are added up exactly; all else is multiplied as numeric, which has any number of digits. */
function squaresOf(duckdbType: string, value: string): string {
  if (duckdbType.startsWith('DECIMAL')) return `sum(${value} * ${value})`;
  if (duckdbType !== 'BIGINT') return `sum(${value}::int8 * ${value})`;
  const fits = `${value} BETWEEN -2147483648 AND 2147483647`;
  const sums = [`${value} * ${value} END`, `0 ELSE ${value}::numeric * ${value} END`];
  return sums.map((sum) => `coalesce(sum(CASE WHEN ${fits} THEN ${sum}), 0)`).join(' + ');
}

/**
 * Of all columns: one scan. Texts that have to be made, and lengths, come out of a subquery that is not taken apart (OFFSET 0), so that
 * each is made once.
 *
 * @param from what stands behind FROM
 */
export function scanStatement(columns: readonly PushColumn[], from: string): string {
  const arrays = columns.map((column, i) => {
    const fields = scanFields(column, `v${i}`, `l${i}`);
    return `ARRAY[${fields.map(([, sql]) => `(${sql})::text`).join(', ')}] AS c${i}`;
  });
  const values = columns.map(({ value }, i) => `${value} AS v${i}`);
  const lengths = columns.flatMap(({ kind }, i) => {
    if (kind !== 'text' && kind !== 'blob') return [];
    return [`${kind === 'blob' ? 'octet_length' : 'length'}(v${i}) AS l${i}`];
  });
  const made = `SELECT ${values.join(', ')} FROM ${from} OFFSET 0`;
  const source = lengths.length === 0 ? made : `SELECT *, ${lengths.join(', ')} FROM (${made}) s OFFSET 0`;
  return `SELECT ${['count(*)::text AS n', ...arrays].join(',\n  ')}\nFROM (${source}) s`;
}

export function readScan(columns: readonly PushColumn[], row: Record<string, unknown>): PushedScan {
  return {
    rows: Number(row.n),
    columns: columns.map((column, i) => readScanned(column, row[`c${i}`] as (string | null)[])),
  };
}

function readScanned(pushed: PushColumn, values: readonly (string | null)[]): ScannedColumn {
  const found = new Map(scanFields(pushed, 'v', 'l').map(([name], i) => [name, values[i] ?? null]));
  const count = (name: string): number => Number(found.get(name) ?? 0);
  const { kind, column } = pushed;
  const scanned: ScannedColumn = {
    ...column,
    pushed: kind,
    nonNull: count('nonNull'),
    misfits: count('misfits'),
  };
  for (const name of ['min', 'max', 'finiteMin', 'finiteMax'] as const)
    if (found.has(name)) scanned[name] = found.get(name) ?? null;
  for (const name of ['blanks', 'nan', 'infinite'] as const) if (found.has(name)) scanned[name] = count(name);
  for (const name of ['sum', 'squares'] as const) if (found.has(name)) scanned[name] = found.get(name) ?? '0';
  if (kind === 'text' || kind === 'blob')
    scanned.lengths = {
      min: found.get('shortest') == null ? null : count('shortest'),
      max: found.get('longest') == null ? null : count('longest'),
      sum: found.get('total') ?? '0',
      squares: found.get('totalSquares') ?? '0',
    };
  return scanned;
}

/** Up to so many rows a square of a count fits a bigint. */
const SQUARES_FIT = 3_000_000_000;

/** What was asked of each column, from its values with their counts; a column of which nothing is asked is null. */
export function groupsStatement(
  columns: readonly PushColumn[],
  asks: readonly GroupAsk[],
  rows: number,
  from: string,
): string {
  const items = columns.map((column, i) => `${columnDocument(column, asks[i], rows, from)} AS c${i}`);
  return `SELECT ${items.join(',\n')}`;
}

function columnDocument(column: PushColumn, ask: GroupAsk | undefined, rows: number, from: string): string {
  const members = ask ? documentMembers(column, ask, rows) : [];
  if (members.length === 0) return 'NULL';
  const values = `FROM (SELECT ${column.value} AS v FROM ${from}) s WHERE v IS DISTINCT FROM NULL`;
  const groups = ask?.grouped
    ? `MATERIALIZED (SELECT v, count(*) AS n ${values} GROUP BY v)`
    : `NOT MATERIALIZED (SELECT v, 1::int8 AS n ${values})`;
  const document = members.map(([name, sql]) => `'${name}', (${sql})`).join(',\n    ');
  return `(WITH g AS ${groups}\n  SELECT json_build_object(${document})::text)`;
}

function documentMembers(column: PushColumn, ask: GroupAsk, rows: number): Field[] {
  const { kind, text } = column;
  const members: Field[] = [];
  const filled = kind === 'text' ? `NOT ${isBlank('v')}` : 'true';
  if (ask.distinct) {
    const square = rows < SQUARES_FIT ? 'n * n' : 'n::numeric * n';
    if (ask.grouped)
      members.push([
        'distinct',
        `SELECT json_build_array(count(*) FILTER (WHERE ${filled}), sum(${square})::text, count(*)) FROM g`,
      ]);
    members.push(['masks', masksOf(text('v'), filled)]);
  }
  if (ask.top > 0)
    members.push([
      'top',
      `SELECT json_agg(json_build_array(${cut(text('v'))}, n) ORDER BY n DESC, v) FROM (SELECT v, n FROM g ORDER BY n DESC, v LIMIT ${ask.top}) t`,
    ]);
  if (ask.top > 0 && !ask.distinct) members.push(['values', 'SELECT count(*) FROM g']);
  if (ask.ranks.length > 0) members.push(['ranks', ranksOf(column, ask.ranks, rows)]);
  if (ask.bins) members.push(['bins', binsOf(kind, ask.bins.exponent)]);
  if (ask.fixed) members.push(['fixed', fixedOf(ask.fixed)]);
  return members;
}

/**
 * The published value hash (bytes 8–15 of the MD5 digest, little-endian) by bucket: its top 11 bits are the bucket, the lowest
 * set bit of the other 53 is the rank's one-hot. The digits of those bytes come in big-endian order: the lowest byte is the first, and
 * only where that is 0, once in 256 times, are they turned round.
 */
function masksOf(text: string, condition: string): string {
  const swapped = (bits: string, mask: string, by: number): string =>
    `(((${bits}) & ${mask}) << ${by}) | (((${bits}) >> ${by}) & ${mask})`;
  const halves = swapped('h', '4294967295', 32);
  const turned = swapped(swapped(halves, '281470681808895', 16), '71777214294589695', 8);
  return `SELECT json_agg(json_build_array(b, m::text) ORDER BY b) FROM (
      SELECT ((h & 255) << 3) | ((h >> 13) & 7) AS b, bit_or(CASE WHEN low <> 0 THEN low & -low ELSE w & -w END) AS m FROM (
        SELECT h, low, CASE WHEN low = 0 THEN ((${turned}) & 9007199254740991) | 9007199254740992 END AS w FROM (
          SELECT h, (h >> 56) & 255 AS low FROM (
            SELECT ('x' || right(md5(${text}), 16))::bit(64)::int8 AS h FROM g WHERE ${condition} OFFSET 0
          ) a OFFSET 0) b) c GROUP BY 1) f`;
}

function ranksOf({ kind, text }: PushColumn, ranks: readonly number[], rows: number): string {
  // Counts of 32 bits add up as 64, wider ones as numeric, which takes longer.
  const n = rows < 2 ** 31 ? 'n::int4' : 'n';
  const numbers = kind === 'float' ? ` WHERE v <> 'NaN'` : '';
  const list = `'{${ranks.join(',')}}'::int8[]`;
  // Values are counted up row by row, for each is there once, and joined with the ranks only where a rank lies between two.
  return `SELECT json_agg(json_build_array(r, ${text('v')})) FROM (
      SELECT v, n, upto FROM (
        SELECT v, n, (sum(${n}) OVER (ORDER BY v ROWS UNBOUNDED PRECEDING))::int8 AS upto FROM g${numbers}) w
      WHERE width_bucket(upto, ${list}) > width_bucket(upto - n, ${list}) OFFSET 0) s
    JOIN unnest(${list}) r ON r <= upto AND r > upto - n`;
}

/** A double as SQL writes it: the shortest text that reads back to the same. */
const double = (value: number): string => `'${value}'::float8`;
const power = (exponent: number): string => double(2 ** exponent);

function binsOf(kind: PushColumn['kind'], exponent: number): string {
  const x = kind === 'float' ? 'v' : 'v::float8';
  // PostgreSQL calls it an error when a quotient is too small for a double; DuckDB says 0.
  const vanishes = exponent > 0 ? `abs(${x}) <= ${power(exponent - 1075)}` : 'false';
  const bin = `CASE WHEN ${vanishes} THEN 0 ELSE floor(${x} / ${power(exponent)})::int8 END`;
  const condition = kind === 'float' ? ` WHERE ${finite('v')}` : '';
  return `SELECT json_agg(json_build_array(b, n) ORDER BY b) FROM (SELECT ${bin} AS b, sum(n) AS n FROM g${condition} GROUP BY 1) t`;
}

/** Below this a difference's square is less than half of the smallest unit that is counted, 2^−1006. */
const NEGLIGIBLE = 1e-152;

/** Two rounded multiples of a value; what would vanish is 0, for PostgreSQL calls it an error. */
function fixedOf({ middle, top, squareTop }: NonNullable<GroupAsk['fixed']>): string {
  const off = `(v - ${double(middle)})`;
  const square = `CASE WHEN abs(${off}) < ${double(NEGLIGIBLE)} THEN 0 ELSE ${off} * ${off} END`;
  const first = (x: string, high: number): string =>
    `CASE WHEN abs(${x}) <= ${power(high - 1)} THEN 0 ELSE (${x} / ${power(high)})::int8 END`;
  const second = (x: string, one: string, high: number): string =>
    first(`(${x} - ${one}::float8 * ${power(high)})`, high - 53);
  return `SELECT json_build_array(sum(n), sum(x1::numeric * n)::text, sum(x2::numeric * n)::text, sum(s1::numeric * n)::text, sum(s2::numeric * n)::text) FROM (
      SELECT n, x1, ${second('x', 'x1', top - 53)} AS x2, s1, ${second('s', 's1', squareTop - 53)} AS s2 FROM (
        SELECT n, x, s, ${first('x', top - 53)} AS x1, ${first('s', squareTop - 53)} AS s1 FROM (
          SELECT n, v::float8 AS x, ${square} AS s FROM g WHERE ${finite('v')} OFFSET 0) a OFFSET 0) b OFFSET 0) c`;
}

interface Document {
  /** Values that are not blank, squares, all values. */
  distinct?: [number, string | null, number];
  masks?: [number, string][] | null;
  top?: [string, number][] | null;
  values?: number;
  ranks?: [number, string][] | null;
  bins?: [number, number][] | null;
  fixed?: [number | null, string | null, string | null, string | null, string | null];
}

export function readGroups(asks: readonly GroupAsk[], row: Record<string, unknown>): GroupedColumn[] {
  return asks.map((ask, i) => {
    const text = row[`c${i}`];
    if (typeof text !== 'string') return {};
    const found = JSON.parse(text) as Document;
    const grouped: GroupedColumn = {};
    if (ask.distinct) grouped.distinct = { masks: found.masks ?? [] };
    if (found.distinct && grouped.distinct)
      Object.assign(grouped.distinct, { count: found.distinct[0], squares: found.distinct[1] ?? '0' });
    const different = found.distinct?.[2] ?? found.values;
    if (ask.top > 0 && different !== undefined) {
      const values = found.top ?? [];
      grouped.top = { values, all: different <= values.length };
    }
    if (ask.ranks.length > 0) {
      const at = new Map(found.ranks ?? []);
      grouped.ranks = ask.ranks.map((rank) => at.get(rank) ?? '');
    }
    if (ask.bins) grouped.bins = found.bins ?? [];
    if (found.fixed) {
      const [count, x1, x2, s1, s2] = found.fixed;
      grouped.fixed = { count: count ?? 0, x1: x1 ?? '0', x2: x2 ?? '0', s1: s1 ?? '0', s2: s2 ?? '0' };
    }
    return grouped;
  });
}
