import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measuredColumn } from '../src/profile/column.ts';
import { measureRelation } from '../src/profile/duckdb/measure-relation.ts';
import { openSession, type Session } from '../src/profile/duckdb/session.ts';
import { type Figure, isKnown } from '../src/profile/figure.ts';
import { foldParts } from '../src/profile/fold.ts';
import type { TablePart } from '../src/profile/part.ts';
import type { ColumnProfile } from '../src/profile/profile.ts';
import { readingsOf } from '../src/profile/text/recognise.ts';
import { resolveType } from '../src/profile/text/resolve.ts';
import { readNumbers } from './options.ts';
import { type Figure as Line, reportBench } from './report.ts';

const USAGE = `How often the 95 % interval of an estimated figure holds the truth, over generated tables that are measured by sample; figures
that say they are exact are counted apart and compared with the truth.

  node bench/coverage.ts
  node bench/coverage.ts --tables 100 --rows 6000
  node bench/coverage.ts --parts 4            tables cut into so many parts of so many rows each, measured each for itself and folded
  node bench/coverage.ts --detail 2           the figures of each column for themselves`;
const numbers = readNumbers(USAGE, { tables: 1_000, rows: 6_000, parts: 1, detail: 1 });
const byColumn = numbers.detail > 1;
const { tables, rows: rowsOfPart, parts } = numbers;
const rows = rowsOfPart * parts;

/** Bounds of the sampling small enough for a table of some thousand rows to be measured as one of millions is. */
const SAMPLING = { smallRows: 1_000, sampleRows: 1_000, groupedValues: 50, sampledValues: 250 };

/** 32 random bits of row i, others for each column and table. Of MD5, for `hash` chooses the sample and is no stranger to itself. */
const bits = (column: number, seed: number): string =>
  `(md5_number(concat(i, ' ', ${column}, ' ', ${seed})) >> 96)::UBIGINT`;
const u = (column: number, seed: number): string => `(${bits(column, seed)} / 4294967296.0)`;

interface Generated {
  name: string;
  type: string;
  sql(seed: number): string;
  /** Hardly any value comes twice, so that bounds of a quantile hold it by chance and not by ties. */
  continuous?: boolean;
}

const COLUMNS: Generated[] = [
  { name: 'unique integers', type: 'BIGINT', sql: (s) => `${bits(1, s)} * 6000 + i`, continuous: true },
  { name: 'unique texts', type: 'VARCHAR', sql: (s) => `'K' || (${bits(2, s)} * 6000 + i)` },
  { name: 'pairs', type: 'BIGINT', sql: (s) => `${s} * 100000 + ${bits(3, s)} % 3000` },
  { name: 'some thousands', type: 'BIGINT', sql: (s) => `${s} * 100000 + floor(2000 * ${u(4, s)})` },
  { name: 'some hundreds', type: 'VARCHAR', sql: (s) => `'w${s} ' || floor(300 * ${u(5, s)})::BIGINT` },
  { name: 'skewed', type: 'BIGINT', sql: (s) => `${s} * 100000 + floor(5000 ** ${u(6, s)})` },
  {
    name: 'one frequent',
    type: 'VARCHAR',
    sql: (s) => `CASE WHEN ${u(7, s)} < 0.4 THEN 'often' ELSE 'x' || (${bits(8, s)} * 6000 + i) END`,
  },
  {
    name: 'doubles',
    type: 'DOUBLE',
    sql: (s) => `sqrt(-2 * ln(1 - ${u(9, s)})) * cos(6.283185307179586 * ${u(10, s)})`,
    continuous: true,
  },
  {
    name: 'mostly null',
    type: 'BIGINT',
    sql: (s) => `CASE WHEN ${u(11, s)} < 0.3 THEN ${s} * 100000 + floor(700 * ${u(12, s)}) END`,
  },
  { name: 'days', type: 'DATE', sql: (s) => `DATE '1900-01-01' + (floor(40000 * ${u(13, s)}))::INTEGER` },
  { name: 'twenty codes', type: 'VARCHAR', sql: (s) => `'c' || floor(20 * ${u(14, s)} ** 2)::BIGINT` },
  { name: 'in order', type: 'BIGINT', sql: (s) => `i * 1000 + floor(1000 * ${u(15, s)})`, continuous: true },
  { name: 'in clusters', type: 'BIGINT', sql: (s) => `${s} * 100000 + (i // 4000) * 700 + floor(1500 * ${u(16, s)})` },
  {
    name: 'drifting',
    type: 'DOUBLE',
    sql: (s) => `i / 20000.0 + sqrt(-2 * ln(1 - ${u(17, s)})) * cos(6.283185307179586 * ${u(18, s)})`,
    continuous: true,
  },
  {
    name: 'written in two ways',
    type: 'VARCHAR',
    sql: (s) =>
      `CASE WHEN ${u(19, s)} < 0.4 THEN 'Name' ELSE 'name' END || ' ' || floor(1500 * ${u(20, s)})::BIGINT || ' ${s}'`,
  },
  {
    name: 'dates and words',
    type: 'VARCHAR',
    sql: (s) =>
      `CASE WHEN ${u(22, s)} < 0.8 THEN (DATE '1900-01-01' + (floor(40000 * ${u(23, s)}))::INTEGER)::VARCHAR ELSE 'no date ' || (${bits(24, s)} % 1000) END`,
  },
  {
    name: 'amounts in several forms',
    type: 'VARCHAR',
    sql: (s) =>
      `CASE WHEN ${u(25, s)} < 0.5 THEN (${bits(26, s)} % 100000)::VARCHAR WHEN ${u(25, s)} < 0.9 THEN ((${bits(26, s)} % 1000000) / 100.0)::DECIMAL(9,2)::VARCHAR WHEN ${u(25, s)} < 0.93 THEN 'unknown' ELSE 'see note ' || (${bits(27, s)} % 5000) END`,
  },
  {
    name: 'long tail',
    type: 'BIGINT',
    sql: (s) => `${s}::BIGINT * 100000000 + least(floor((1 - ${u(21, s)}) ** -1.3), 90000000)`,
  },
];

interface Tally {
  held: number;
  of: number;
  /** Figures that said they were exact, and how many of them were not. */
  exact: number;
  wrong: number;
}
const tallies = new Map<string, Tally>();

function note(what: string, basis: string, holds: boolean): void {
  const tally = tallies.get(what) ?? { held: 0, of: 0, exact: 0, wrong: 0 };
  tallies.set(what, tally);
  if (basis === 'exact') {
    tally.exact++;
    if (!holds) tally.wrong++;
  } else {
    tally.of++;
    if (holds) tally.held++;
  }
}

/** Half of an interval's width, as a share of the truth. */
const widths = new Map<string, number[]>();
function noteWidth(what: string, width: number): void {
  const list = widths.get(what) ?? [];
  widths.set(what, list);
  list.push(width);
}

function noteNumber(what: string, figure: Figure<number>, truth: number): void {
  if (!isKnown(figure)) return;
  const near = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(b), 1e-9);
  if (figure.basis === 'exact') {
    note(what, 'exact', near(figure.value, truth));
    return;
  }
  const { low = figure.value, high = figure.value } = figure;
  noteWidth(what, (high - low) / 2 / truth);
  note(what, figure.basis, (low <= truth && truth <= high) || near(low, truth) || near(high, truth));
}

/** Compares everything a profile says of a column with what its values are. */
function compare(profile: ColumnProfile, generated: Generated, counts: ReadonlyMap<string, number>): void {
  const of = [...counts.values()];
  const told = (what: string): string => (byColumn ? `${what} of ${generated.name}` : what);
  noteNumber(told('distinct'), profile.distinct, counts.size);
  noteNumber(told('selectivity'), profile.selectivity, 100 * of.reduce((sum, count) => sum + (count / rows) ** 2, 0));
  noteCounts(
    'top values',
    profile.topValues,
    'value',
    (value) => counts.get(value.replace('T', ' ')) ?? counts.get(value) ?? 0,
  );
  const nonNull = of.reduce((sum, count) => sum + count, 0);
  noteCounts(told('patterns'), profile.patterns, 'pattern', (pattern) => patternCount(pattern, counts), nonNull);
  noteLogicalType(told('logical types'), profile.logicalType, counts);
  if (!isKnown(profile.quantiles)) return;
  const number = (text: string): number => (generated.type === 'DATE' ? Date.parse(text) : Number(text));
  const sorted = [...counts].sort((a, b) => number(a[0]) - number(b[0]));
  for (const [q, value] of Object.entries(profile.quantiles.value)) {
    let [left, at] = [Math.ceil(Number(q) * nonNull), 0];
    for (; left > (sorted[at]?.[1] ?? Number.POSITIVE_INFINITY); at++) left -= sorted[at]?.[1] ?? 0;
    const truth = number(sorted[at]?.[0] ?? '');
    const bounds: { low?: Record<string, string>; high?: Record<string, string> } =
      profile.quantiles.basis === 'exact' ? {} : profile.quantiles;
    const [low, high] = [bounds.low?.[q] ?? value, bounds.high?.[q] ?? value];
    const kind = generated.continuous ? `quantile ${q}` : 'quantiles of values that repeat';
    note(told(kind), profile.quantiles.basis, number(low) <= truth && truth <= number(high));
  }
}

interface Counted {
  count: number;
  /** Where an entry has bounds of its own. */
  low?: number;
  high?: number;
}

function noteCounts<Key extends string>(
  what: string,
  figure: Figure<(Counted & Record<Key, string>)[]> | undefined,
  key: Key,
  truthOf: (name: string) => number,
  total = Number.POSITIVE_INFINITY,
): void {
  if (!isKnown(figure)) return;
  for (const [i, entry] of figure.value.entries()) {
    const within = 'within' in figure ? (figure.within ?? 0) : 0;
    const { low = entry.count, high = entry.count + within } = entry;
    const truth = truthOf(entry[key]);
    // A pattern of every value is seen in every value: its interval reaches to one side only.
    const name = truth === total ? `${what} of all values` : what;
    // A count between itself and itself was counted in all rows.
    const basis = low === high ? 'exact' : figure.basis;
    note(name, basis, low <= truth && truth <= high);
    if (i === 0) note(`${name}: the first`, basis, low <= truth && truth <= high);
  }
}

/** A type that is not that of all values was not held. */
function noteLogicalType(
  what: string,
  figure: ColumnProfile['logicalType'],
  counts: ReadonlyMap<string, number>,
): void {
  if (!isKnown(figure)) return;
  const readings = new Map<string, number>();
  for (const [text, count] of counts) {
    const found = readingsOf(text);
    readings.set(found, (readings.get(found) ?? 0) + count);
  }
  const truth = resolveType([...readings]).type;
  const { type, share, low = share, high = share } = figure.value;
  const holds = type === truth.type && low - 1e-9 <= truth.share && truth.share <= high + 1e-9;
  note(truth.share === 1 ? `${what} of all values` : what, figure.basis, holds);
}

/** The texts are of Latin letters, digits, spaces and signs. */
const patternOf = (text: string): string =>
  text.replace(/./gu, (c) =>
    /[A-Z]/.test(c) ? 'A' : /[a-z]/.test(c) ? 'a' : /[0-9]/.test(c) ? 'd' : c === ' ' ? 'w' : 's',
  );
const patternsOfCounts = new WeakMap<ReadonlyMap<string, number>, Map<string, number>>();
function patternCount(pattern: string, counts: ReadonlyMap<string, number>): number {
  let known = patternsOfCounts.get(counts);
  if (!known) {
    known = new Map();
    for (const [text, count] of counts) known.set(patternOf(text), (known.get(patternOf(text)) ?? 0) + count);
    patternsOfCounts.set(counts, known);
  }
  return known.get(pattern) ?? 0;
}

async function oneTable(session: Session, seed: number): Promise<void> {
  const list = COLUMNS.map(({ sql, type }, i) => `(${sql(seed)})::${type} AS c${i}`);
  const relation = {
    name: 'r',
    columns: COLUMNS.map(({ name, type }, i) =>
      measuredColumn({ name, nativeType: type, duckdbType: type, typeBasis: 'precise' }, `c${i}`),
    ),
    warnings: [],
    rejectedRows: 0,
  };
  const measured: TablePart[] = [];
  const truth = COLUMNS.map(() => new Map<string, number>());
  for (let part = 0; part < parts; part++) {
    const range = `range(${part * rowsOfPart}, ${(part + 1) * rowsOfPart})`;
    // Others are chosen in each table, and in each part. A column, for the sample keeps the position by its name.
    const place = `i + ${(seed * parts + part) * 1_000_003} AS place`;
    await session.run(
      `CREATE OR REPLACE TABLE r AS SELECT ${list.join(', ')}, ${place} FROM ${range} t(i)`,
      'generating',
    );
    const options = { key: parts === 1 ? 'all' : `part ${part}`, whole: parts === 1, sampling: SAMPLING };
    measured.push(await measureRelation(session, { ...relation, position: 'place' }, options));
    for (const [i, counts] of truth.entries()) {
      const sql = `SELECT c${i}::VARCHAR, count(*)::VARCHAR FROM r WHERE c${i} IS NOT NULL GROUP BY 1`;
      for (const [value, count] of await session.query(sql, 'counting'))
        counts.set(value ?? '', (counts.get(value ?? '') ?? 0) + Number(count));
    }
  }
  for (const [i, column] of foldParts(measured).columns.entries())
    compare(column, COLUMNS[i] as Generated, truth[i] as Map<string, number>);
}

const folder = await mkdtemp(join(tmpdir(), 'assay-bench-'));
try {
  await using session = await openSession({
    memoryMb: 512,
    threads: 2,
    tempFolder: folder,
    signal: new AbortController().signal,
  });
  for (let seed = 1; seed <= tables; seed++) await oneTable(session, seed);
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** What cannot come out at 95 of 100, and why: such figures are counted for themselves. */
const APART: readonly [what: RegExp, goal: string][] = [
  [/of all values/, '100: one side only'],
  [/values that repeat/, '≥ 94: a bound that many rows share holds more'],
  [/^top values/, '≥ 94: bounds of what other parts may hold'],
];
const goalOf = (what: string): string => APART.find(([one]) => one.test(what))?.[1] ?? '94 to 96';

const median = (of: readonly number[]): number => of.toSorted((a, b) => a - b)[of.length >> 1] ?? 0;
const lines = [...tallies].flatMap(([what, { held, of, exact, wrong }]): Line[] => [
  ...(of > 0
    ? [{ what: `${what}: ${of} intervals hold`, value: (100 * held) / of, unit: '%', goal: goalOf(what) }]
    : []),
  ...(widths.has(what)
    ? [{ what: `${what}: middle ± of an interval`, value: 100 * median(widths.get(what) ?? []), unit: '%' }]
    : []),
  ...(exact > 0 ? [{ what: `${what}: ${exact} exact, of them wrong`, value: wrong, unit: 'figures', goal: '0' }] : []),
]);
reportBench(
  parts === 1 ? 'coverage' : 'coverage-of-parts',
  { tables, columns: COLUMNS.length, rows, parts, ...SAMPLING },
  lines,
);
