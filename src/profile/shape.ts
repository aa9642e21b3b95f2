import { toStorable } from '../model/storable-text.ts';
import { type Figure, isKnown, knownValue, unknown } from './figure.ts';
import type { PathProfile } from './nested/finish-paths.ts';
import type { ColumnProfile, ProfileBasis, TableProfile } from './profile.ts';
import { type Freshness, freshnessOf, type TableFigures } from './table-figures.ts';

/** A column is called highly cardinal from this many distinct values on (our choice; the original does not publish its own). */
export const HIGH_CARDINALITY = 10_000;

/** The original's `profilingInfo` of a column. Absent figures are `null`; numbers that a double cannot hold are texts. */
export interface ProfilingInfo {
  bindType: string;
  bitsetCardinality: number | null;
  stats: {
    rowCount: number | null;
    nonNullCount: number | null;
    density: number | null;
    uniqueness: number | null;
    /** Lengths when the column is text, values otherwise. */
    min: number | string | null;
    max: number | string | null;
    average: number | string | null;
    lexicalMin: string | null;
    lexicalMax: string | null;
    isHighCardinality: boolean;
  };
  patternAnalysis: { patterns: { pattern: string; sample: string; counter: number }[] };
  dataSampling: { sample: unknown[] };
  sampling: { sample: unknown[] };
  sampleValues: unknown[];
  /** Ours: what lies within nested values, by path, in the same shape; absent where nothing does. */
  paths?: PathInfo[];
}

/** `stats.rowCount` is the number of values of the path, `presentIn` the number of rows of the table that have one. */
export type PathInfo = Pick<ProfilingInfo, 'bindType' | 'bitsetCardinality' | 'stats' | 'patternAnalysis'> & {
  path: string;
  presentIn: number | null;
};

const BIND_TYPES: Partial<Record<ColumnProfile['kind'], string>> = {
  integer: 'INTEGER',
  decimal: 'DECIMAL',
  float: 'DOUBLE',
  boolean: 'BOOLEAN',
  date: 'DATE',
  time: 'TIME',
  timestamp: 'TIMESTAMP',
  blob: 'BINARY',
};

export function toProfilingInfo(profile: ColumnProfile): ProfilingInfo {
  const paths = profile.paths?.map(toPathInfo);
  return { ...figuresOf(profile), ...(paths ? { paths } : {}) };
}

/** Of a path to objects or arrays there are counts alone. */
function toPathInfo(path: PathProfile): PathInfo {
  const { bindType, bitsetCardinality, stats, patternAnalysis } = figuresOf(path);
  return { path: path.path, presentIn: known(path.presentIn), bindType, bitsetCardinality, stats, patternAnalysis };
}

function figuresOf(profile: Partial<ColumnProfile>): ProfilingInfo {
  const length = knownValue(profile.length);
  const text = profile.length !== undefined;
  return {
    bindType: (profile.kind && BIND_TYPES[profile.kind]) ?? 'STRING',
    bitsetCardinality: known(profile.distinct),
    stats: {
      rowCount: known(profile.rows),
      nonNullCount: known(profile.nonNull),
      density: known(profile.density),
      uniqueness: known(profile.uniqueness),
      min: text ? (length?.min ?? null) : wireValue(profile, known(profile.min)),
      max: text ? (length?.max ?? null) : wireValue(profile, known(profile.max)),
      average: text ? (length?.mean ?? null) : wireNumber(known(profile.mean)),
      lexicalMin: known(profile.lexicalMin),
      lexicalMax: known(profile.lexicalMax),
      isHighCardinality: (knownValue(profile.distinct) ?? 0) >= HIGH_CARDINALITY,
    },
    patternAnalysis: {
      patterns: (knownValue(profile.patterns) ?? []).map(({ pattern, sample, count }) => ({
        pattern,
        sample,
        counter: count,
      })),
    },
    dataSampling: { sample: [] },
    sampling: { sample: [] },
    sampleValues: [],
  };
}

/** `metadata.stats` of a COLUMN. Figures that are not known are left out. */
export function toColumnStats(profile: ColumnProfile): Record<string, number | string> {
  const text = profile.length !== undefined;
  const length = knownValue(profile.length);
  return present({
    rows: known(profile.rows),
    nulls: known(profile.nulls),
    blanks: known(profile.blanks),
    cardinality: known(profile.distinct),
    density: known(profile.density),
    uniqueness: known(profile.uniqueness),
    selectivity: known(profile.selectivity),
    minValue: text ? known(profile.lexicalMin) : wireValue(profile, known(profile.min)),
    maxValue: text ? known(profile.lexicalMax) : wireValue(profile, known(profile.max)),
    avgValue: text ? (length?.mean ?? null) : wireNumber(known(profile.mean)),
    stdevValue: text ? (length?.standardDeviation ?? null) : wireNumber(known(profile.standardDeviation)),
    minWidth: length?.min ?? null,
    maxWidth: length?.max ?? null,
    avgWidth: length?.mean ?? null,
  });
}

/** Body of a table's row in the store: everything but its columns, which have rows of their own. */
export interface TableProfileBody extends TableFigures {
  version: 1;
  rows: Figure<number>;
  fields: number;
  /** As the source said when its metadata was last ingested. */
  bytes: Figure<number>;
  /** Every column, so that a later comparison knows of those that left the catalog since, their profiles with them. */
  columnTypes: { name: string; nativeType: string }[];
  warnings: string[];
  rejectedRows: number;
}

/** @param bytes as the catalog has it; null: the source does not say */
export const toTableBody = (profile: TableProfile, bytes: number | null): TableProfileBody => ({
  version: 1,
  rows: profile.rows,
  fields: profile.columns.length,
  bytes: bytes === null ? unknown('its source does not say how large it is') : { value: bytes, basis: 'estimate' },
  columnTypes: profile.columns.map(({ name, nativeType }) => ({ name: toStorable(name), nativeType })),
  keys: profile.keys.map((key) => ({ ...key, column: toStorable(key.column) })),
  newest: profile.newest.map(({ column, value }) => ({ column: toStorable(column), value })),
  duplicateRows: profile.duplicateRows,
  warnings: profile.warnings,
  rejectedRows: profile.rejectedRows,
});

/** Our own resource of a column: its profile with the basis of the reading, without the bytes of its sketches. */
export function toColumnResource(
  profile: ColumnProfile,
  basis: ProfileBasis,
): Omit<ColumnProfile, 'distinctCounter' | 'valueSet' | 'pathSketches'> & { basis: ProfileBasis } {
  const { distinctCounter: _counter, valueSet: _hashes, pathSketches: _bytes, ...figures } = profile;
  return { ...figures, basis };
}

/** Our own resource of a table; the newest values only for those who may see samples, and with them how old they are. */
export function toTableResource(
  { newest, ...body }: Partial<TableProfileBody>,
  profiledAt: Date,
  samples: boolean,
): Partial<TableProfileBody> & { freshness?: Freshness } {
  // A table that was profiled by an earlier version.
  if (!newest) return body;
  if (!samples)
    return {
      ...body,
      newest: newest.map(({ column, value }) => ({
        column,
        value: isKnown(value) && value.value !== null ? { ...value, value: MASK } : value,
      })),
    };
  const freshness = freshnessOf(newest, profiledAt);
  return { ...body, newest, ...(freshness ? { freshness } : {}) };
}

export const MASK = '******';
/** In place of what is no text, and where a difference of hidden figures would be. */
export const HIDDEN = 'its values are shown only to those with the right viewSamples';

/** The basis of a reading, for those who may see samples or not: the marks of an incremental profile are values of the source. */
export function toBasisResource(basis: ProfileBasis, samples: boolean): ProfileBasis {
  const { watermark } = basis;
  if (!watermark || samples) return basis;
  const hide = (value: string | null): string | null => (value === null ? null : MASK);
  return { ...basis, watermark: { ...watermark, from: hide(watermark.from), to: hide(watermark.to) } };
}

/** Below so many values, or so many different ones, sums and the like are masked too: of one value they are that value. */
export const FEWEST_TO_SUM_UP = 10;

/**
 * Values of the source become `******` for those who may not see samples: top values, smallest and largest, quantiles, samples and
 * characters of patterns, suggested regular expressions (a strict one may be a value), and
 * the edges of histograms, of which the outer ones lie next to the smallest and largest. Sum, mean and deviation, also of
 * lengths, stay only where there are at least 10 values, at least 10 of them different: the sum of one value is that
 * value, and from the figures of two or three they can be worked out. Counts and percentages always stay.
 */
export function maskProfile<T extends Partial<Omit<ColumnProfile, 'paths'>> & { paths?: PathProfile[] }>(
  profile: T,
): T {
  const masked = { ...profile };
  const hide = (key: 'min' | 'max' | 'lexicalMin' | 'lexicalMax' | 'sum' | 'mean' | 'standardDeviation'): void => {
    const figure = masked[key];
    if (isKnown(figure) && figure.value !== null) masked[key] = { ...figure, value: MASK };
  };
  for (const key of ['min', 'max', 'lexicalMin', 'lexicalMax'] as const) hide(key);
  const fewest = Math.min(knownValue(masked.nonNull) ?? 0, knownValue(masked.distinct) ?? 0);
  if (fewest < FEWEST_TO_SUM_UP) {
    for (const key of ['sum', 'mean', 'standardDeviation'] as const) hide(key);
    if (isKnown(masked.length)) masked.length = unknown(HIDDEN);
  }
  if (isKnown(masked.topValues))
    masked.topValues = {
      ...masked.topValues,
      value: masked.topValues.value.map((entry) => ({ ...entry, value: MASK })),
    };
  if (isKnown(masked.patterns))
    masked.patterns = {
      ...masked.patterns,
      value: masked.patterns.value.map((entry) => ({ ...entry, sample: MASK, smallest: MASK, largest: MASK })),
    };
  // A strict one may name the only value there is; the others name its symbols.
  if (isKnown(masked.regexes))
    masked.regexes = { ...masked.regexes, value: masked.regexes.value.map((entry) => ({ ...entry, regex: MASK })) };
  if (isKnown(masked.quantiles)) {
    const hidden = Object.fromEntries(Object.keys(masked.quantiles.value).map((key) => [key, MASK]));
    const bounds = 'low' in masked.quantiles ? { low: hidden, high: hidden } : {};
    masked.quantiles = { ...masked.quantiles, value: hidden, ...bounds };
  }
  if (isKnown(masked.histogram)) {
    masked.histogram = {
      ...masked.histogram,
      value: masked.histogram.value.map(({ count }) => ({ from: MASK, to: MASK, count })),
    };
  }
  if (masked.paths) masked.paths = masked.paths.map(maskProfile<PathProfile>);
  return masked;
}

const known = <T>(figure: Figure<T> | undefined): T | null => knownValue(figure) ?? null;

/** A number where a double holds exactly what the text says, else the text. */
export function wireNumber(text: string | null): number | string | null {
  if (text === null) return null;
  const number = Number(text);
  if (!Number.isFinite(number)) return text;
  return canonical(text) === canonical(String(number)) ? number : text;
}

const wireValue = (profile: Partial<ColumnProfile>, text: string | null): number | string | null =>
  profile.kind === 'integer' || profile.kind === 'decimal' || profile.kind === 'float' ? wireNumber(text) : text;

/** `0012.50` → `12.5`: so that texts of equal numbers are equal. */
function canonical(text: string): string {
  if (/e/i.test(text)) return String(Number(text));
  const negative = text.startsWith('-');
  const [whole = '', fraction = ''] = text.replace(/^[+-]/, '').split('.');
  const digits = whole.replace(/^0+(?=\d)/, '') || '0';
  const rest = fraction.replace(/0+$/, '');
  const result = rest ? `${digits}.${rest}` : digits;
  return negative && result !== '0' ? `-${result}` : result;
}

function present(values: Record<string, number | string | null>): Record<string, number | string> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, number | string] => entry[1] !== null),
  );
}
