import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * What libraries of the npm registry offer for getting to know a table, asked for everything that they have a function for. They are
 * installed in a folder of the bench, so their types are not known here: each is described as far as it is used.
 */
export const LIBRARIES = {
  'nodejs-polars': { packages: ['nodejs-polars@0.26.1'], reads: ['CSV file', 'Parquet'], run: polars },
  arquero: { packages: ['arquero@7.2.1'], reads: ['CSV file'], run: arquero },
  'data-forge': { packages: ['data-forge@1.10.5', 'data-forge-fs@0.0.9'], reads: ['CSV file'], run: dataForge },
  // Not called: it is here so that the bench says whether it can be had by now.
  'danfojs-node': { packages: ['danfojs-node@1.2.0'], reads: [], run: () => Promise.reject(new Error('not written')) },
} as const satisfies Record<string, Library>;

export type LibraryName = keyof typeof LIBRARIES;

interface Library {
  packages: readonly string[];
  reads: readonly string[];
  /** Answers the kinds of figures that it gave. */
  run(folder: string, path: string, input: string): Promise<string[]>;
}

const requireFrom = (folder: string, name: string): unknown => createRequire(join(folder, 'index.js'))(name);

type Expression = Record<
  'min' | 'max' | 'mean' | 'std' | 'sum' | 'nullCount' | 'nUnique' | 'count',
  () => Expression
> & {
  alias(name: string): Expression;
  quantile(p: number): Expression;
  cast(type: unknown): Expression;
  str: { lengths(): Expression };
};
interface PolarsFrame {
  schema: Record<string, { variant?: string }>;
  select(...list: Expression[]): PolarsFrame;
  row(i: number): unknown[];
  getColumn(name: string): {
    valueCounts(): { sort(by: string, descending: boolean): { head(n: number): { rows(): unknown[] } } };
  };
}
interface Polars {
  readCSV(path: string, options: object): PolarsFrame;
  readParquet(path: string): PolarsFrame;
  col(name: string): Expression;
  Float64: unknown;
}

const QUANTILES = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99];
const TOP = 20;

async function polars(folder: string, path: string, input: string): Promise<string[]> {
  const pl = requireFrom(folder, 'nodejs-polars') as Polars;
  const frame = input === 'Parquet' ? pl.readParquet(path) : pl.readCSV(path, { tryParseDates: true });
  for (const [name, type] of Object.entries(frame.schema)) {
    const kind = String(type.variant ?? type);
    // It hands no decimals to JavaScript.
    const column = (): Expression => (/Decimal/.test(kind) ? pl.col(name).cast(pl.Float64) : pl.col(name));
    const isNumber = /Int|Float|Decimal/.test(kind);
    const isText = /String|Utf8/.test(kind);
    const list = [column().count(), column().nullCount(), column().nUnique(), column().min(), column().max()];
    if (isNumber)
      list.push(column().mean(), column().std(), column().sum(), ...QUANTILES.map((p) => column().quantile(p)));
    if (isText) list.push(column().str.lengths().min(), column().str.lengths().max(), column().str.lengths().mean());
    frame.select(...list.map((one, i) => one.alias(`a${i}`))).row(0);
    frame.select(column().alias(name)).getColumn(name).valueCounts().sort('count', true).head(TOP).rows();
  }
  return [
    'count',
    'nulls',
    'distinct',
    'min and max',
    'mean',
    'deviation',
    'sum',
    'quantiles',
    'lengths',
    'top values',
  ];
}

interface ArqueroTable {
  columnNames(): string[];
  get(name: string, row: number): unknown;
  rollup(values: Record<string, unknown>): { object(): unknown };
  groupby(...keys: unknown[]): ArqueroTable;
  count(): { orderby(by: unknown): { slice(from: number, to: number): { objects(): unknown[] } } };
}
interface Arquero {
  loadCSV(path: string, options: object): Promise<ArqueroTable>;
  desc(name: string): unknown;
  bin(name: string, options: object): unknown;
  op: Record<string, (name: string, p?: number) => unknown>;
}

async function arquero(folder: string, path: string): Promise<string[]> {
  const entry = createRequire(join(folder, 'index.js')).resolve('arquero');
  const { loadCSV, op, desc, bin } = (await import(pathToFileURL(entry).href)) as Arquero;
  const table = await loadCSV(path, { autoMax: 1_000 });
  for (const name of table.columnNames()) {
    const isNumber = [0, 1, 2, 3].some((row) => typeof table.get(name, row) === 'number');
    const values = Object.fromEntries(
      ['valid', 'invalid', 'distinct', 'min', 'max', ...(isNumber ? ['mean', 'stdev', 'sum'] : [])].map((what) => [
        what,
        op[what]!(name),
      ]),
    );
    if (isNumber) for (const p of QUANTILES) values[`q${p}`] = op['quantile']!(name, p);
    table.rollup(values).object();
    if (isNumber)
      table
        .groupby({ bin: bin(name, { maxbins: 20 }) })
        .count()
        .orderby('bin')
        .slice(0, 100)
        .objects();
    table.groupby(name).count().orderby(desc('count')).slice(0, TOP).objects();
  }
  return [
    'count',
    'nulls',
    'distinct',
    'min and max',
    'mean',
    'deviation',
    'sum',
    'quantiles',
    'histogram',
    'top values',
  ];
}

interface Series {
  count(): number;
  distinct(): Series;
  min(): unknown;
  max(): unknown;
  average(): number;
  std(): number;
  sum(): number;
  median(): number;
  bucket(buckets: number): { toArray(): unknown[] };
  detectValues(): {
    orderByDescending(by: (row: { Frequency: number }) => number): { take(n: number): { toArray(): unknown[] } };
  };
  detectTypes(): { toArray(): unknown[] };
  where(test: (value: unknown) => boolean): Series;
  bake(): Series;
  first(): unknown;
}

async function dataForge(folder: string, path: string): Promise<string[]> {
  const forge = requireFrom(folder, 'data-forge') as {
    readFileSync(path: string): {
      parseCSV(options: object): { bake(): { getColumnNames(): string[]; getSeries(name: string): Series } };
    };
  };
  requireFrom(folder, 'data-forge-fs');
  const frame = forge.readFileSync(path).parseCSV({ dynamicTyping: true }).bake();
  for (const name of frame.getColumnNames()) {
    const all = frame.getSeries(name).bake();
    const series = all.where((value) => value !== null && value !== undefined).bake();
    all.count();
    series.count();
    series.distinct().count();
    series.detectTypes().toArray();
    series
      .detectValues()
      .orderByDescending(({ Frequency }) => Frequency)
      .take(TOP)
      .toArray();
    if (typeof series.first() !== 'number') continue;
    for (const what of ['min', 'max', 'average', 'std', 'sum', 'median'] as const) series[what]();
    series.bucket(20).toArray();
  }
  return [
    'count',
    'nulls',
    'distinct',
    'min and max',
    'mean',
    'deviation',
    'sum',
    'median',
    'histogram',
    'top values',
    'types',
  ];
}
