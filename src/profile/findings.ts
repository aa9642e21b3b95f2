import { several } from '../model/several.ts';
import { isNumeric, isTemporal, isWords } from './column.ts';
import { intervalOf } from './compare/figures.ts';
import { type Figure, isKnown, knownValue } from './figure.ts';
import { placeOf } from './number-line.ts';
import type { ColumnProfile } from './profile.ts';
import { isCut } from './value-text.ts';

export type FindingCode =
  | 'NO_ROWS'
  | 'REJECTED_ROWS'
  | 'DUPLICATE_ROWS'
  | 'NO_KEY'
  | 'STALE'
  | 'ALL_NULL'
  | 'CONSTANT'
  | 'HIGH_NULL_SHARE'
  | 'HIGH_BLANK_SHARE'
  | 'DOMINANT_VALUE'
  | 'SKEWED'
  | 'OUTLIERS'
  | 'NOT_A_NUMBER'
  | 'LIKELY_KEY'
  | 'ALMOST_KEY'
  | 'MIXED_FORMATS'
  | 'TYPE_MISFIT';

/** What a person should look at. Holds counts and shares, never a value: it is shown to everybody who may read. */
export interface Finding {
  code: FindingCode;
  severity: 'warning' | 'notice' | 'info';
  sentence: string;
  figures: Record<string, number>;
}

/** From where on something is a finding. Shares are 0..1. */
export const FINDING = {
  /** Nulls of all rows. */
  nullShare: 0.5,
  /** Blank texts of all rows. */
  blankShare: 0.05,
  /** The most frequent value of all that are not null, where there are several. */
  dominantShare: 0.9,
  /** |q95 + q05 − 2 · median| / (q95 − q05) (Hinkley 1975): 0 for symmetry, 0.56 for an exponential distribution. */
  skew: 0.6,
  /** So many quartile distances beyond the quartiles lies what Tukey (1977) calls far out. */
  farOut: 3,
  /** Distinct values of all rows, from which on a column nearly is a key; and of how many rows at least. */
  almostKeyShare: 0.99,
  /** A sample of values tells their number to ±1.5 %, so that of a true key may come out at 98.5 % ± 1.5 %. */
  likelyKeyShare: 0.965,
  keyRows: 100,
  /** One way of writing is the rule from this share on, and its exceptions are a finding from that share on. */
  usualFormShare: 0.8,
  otherFormShare: 0.005,
  /** Texts that read as a type of their own, from this share on. */
  misfitShare: 0.95,
  /** Days between the newest date of a table and its profile. */
  staleDays: 365,
  /** Below so many values a distribution says nothing. */
  fewestValues: 20,
} as const;

const percent = (share: number): string => {
  const shown = share * 100;
  if (shown > 0 && shown < 0.1) return 'less than 0.1 %';
  return share < 1 && shown > 99.9 ? 'more than 99.9 %' : `${Number(shown.toFixed(1))} %`;
};
const COUNTS = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const number = (count: number): string => COUNTS.format(count);

/** What stands out in a column. Pure; the same for everybody, whether or not they may see values. */
export function findInColumn(profile: ColumnProfile): Finding[] {
  const rows = knownValue(profile.rows) ?? 0;
  if (rows === 0) return [];
  return [...findGaps(profile, rows), ...findRepeats(profile, rows), ...findShape(profile), ...findForms(profile)];
}

function findGaps(profile: ColumnProfile, rows: number): Finding[] {
  const found: Finding[] = [];
  const nulls = knownValue(profile.nulls) ?? 0;
  if (nulls === rows)
    return [{ code: 'ALL_NULL', severity: 'warning', sentence: 'every value is null', figures: { nulls } }];
  const shares = [
    ['HIGH_NULL_SHARE', 'nulls', nulls / rows, FINDING.nullShare, 'are null'],
    [
      'HIGH_BLANK_SHARE',
      'blanks',
      (knownValue(profile.blanks) ?? 0) / rows,
      FINDING.blankShare,
      'are blank: empty, or white space only',
    ],
  ] as const;
  for (const [code, name, share, threshold, says] of shares)
    if (share >= threshold)
      found.push({
        code,
        severity: 'warning',
        sentence: `${percent(share)} of the values ${says}`,
        figures: { [name]: share * rows, share },
      });
  const odd = (knownValue(profile.nan) ?? 0) + (knownValue(profile.infinite) ?? 0);
  if (odd > 0)
    found.push({
      code: 'NOT_A_NUMBER',
      severity: 'warning',
      sentence: `${odd === 1 ? '1 value is' : `${number(odd)} values are`} NaN or infinite`,
      figures: { nan: knownValue(profile.nan) ?? 0, infinite: knownValue(profile.infinite) ?? 0 },
    });
  return found;
}

function findRepeats(profile: ColumnProfile, rows: number): Finding[] {
  const { distinct, topValues } = profile;
  const values = knownValue(profile.nonNull) ?? 0;
  if (!isKnown(distinct) || values === 0) return [];
  const { low, high } = intervalOf(distinct);
  const count = distinct.value;
  const blanks = knownValue(profile.blanks) ?? 0;
  if (high <= 1 && count === 1 && values > 1 && blanks === 0) {
    const all = values === rows ? 'every row has the same value' : 'every value that is not null is the same';
    return [{ code: 'CONSTANT', severity: 'warning', sentence: all, figures: { distinct: 1, values } }];
  }
  const found: Finding[] = [];
  const first = isKnown(topValues) ? topValues.value[0] : undefined;
  // Of a long value only its beginning is kept, which others may share.
  const top = first && isCut(first.value) ? undefined : first;
  if (top && top.count / values >= FINDING.dominantShare && values >= FINDING.fewestValues)
    found.push({
      code: 'DOMINANT_VALUE',
      severity: 'notice',
      sentence: `one value makes up ${percent(Math.min(1, top.count / values))} of all that are not null`,
      figures: { count: top.count, share: top.count / values },
    });
  // A value that comes twice is known to, whatever an estimate of the different ones leaves possible.
  const key =
    rows > 1 && values === rows && blanks === 0 && (distinct.basis === 'exact' || top === undefined || top.count <= 1);
  const sure = distinct.basis === 'exact';
  // One true key in twenty lies outside of its 95 % interval, and one in ten thousand outside of twice that.
  const highest = sure ? high : 2 * high - count;
  if (key && highest >= rows && low >= rows * FINDING.likelyKeyShare) {
    found.push({
      code: 'LIKELY_KEY',
      severity: 'info',
      sentence: sure
        ? 'a key: every row has a value of its own'
        : `likely a key: about as many values as rows, by ${distinct.basis === 'sample' ? 'a sample' : 'an estimate'}`,
      figures: { distinct: count, rows },
    });
  } else if (rows >= FINDING.keyRows && high < values && low >= values * FINDING.almostKeyShare) {
    found.push({
      code: 'ALMOST_KEY',
      severity: 'notice',
      sentence: `nearly every value is different, but ${distinct.basis === 'exact' ? '' : 'about '}${number(values - blanks - count)} repeat`,
      figures: { distinct: count, values },
    });
  }
  return found;
}

function findShape(profile: ColumnProfile): Finding[] {
  const { quantiles, kind } = profile;
  const values = knownValue(profile.nonNull) ?? 0;
  if (!isKnown(quantiles) || values < FINDING.fewestValues || !(isNumeric(kind) || isTemporal(kind))) return [];
  const at = (q: string): number | undefined => placeOf(kind, quantiles.value[q]);
  const [low, first, middle, third, high] = [at('0.05'), at('0.25'), at('0.5'), at('0.75'), at('0.95')];
  if (low === undefined || first === undefined || middle === undefined || third === undefined || high === undefined)
    return [];
  const found: Finding[] = [];
  const skew = high > low ? (high + low - 2 * middle) / (high - low) : 0;
  if (Math.abs(skew) >= FINDING.skew)
    found.push({
      code: 'SKEWED',
      severity: 'notice',
      sentence: `skewed to the ${skew > 0 ? 'right' : 'left'}: most values lie near the ${skew > 0 ? 'smallest' : 'largest'}`,
      figures: { skew: Number(skew.toFixed(3)) },
    });
  const reach = FINDING.farOut * (third - first);
  const ends = [placeOf(kind, knownValue(profile.min)), placeOf(kind, knownValue(profile.max))] as const;
  const below = reach > 0 && ends[0] !== undefined && ends[0] < first - reach;
  const above = reach > 0 && ends[1] !== undefined && ends[1] > third + reach;
  if (!below && !above) return found;
  const sides = [...(below ? ['small'] : []), ...(above ? ['large'] : [])].join(' and ');
  const atLeast = farOutCount(profile.histogram, first - reach, third + reach);
  found.push({
    code: 'OUTLIERS',
    severity: 'notice',
    sentence: `far-out ${sides} values: more than ${FINDING.farOut} times the distance of the quartiles beyond them${atLeast > 0 ? `, at least ${number(atLeast)} of them` : ''}`,
    figures: { atLeast: Math.max(atLeast, (below ? 1 : 0) + (above ? 1 : 0)) },
  });
  return found;
}

/** Values in bins that lie wholly beyond a fence. */
function farOutCount(histogram: ColumnProfile['histogram'], low: number, high: number): number {
  if (!isKnown(histogram)) return 0;
  const beyond = histogram.value.filter(({ from, to }) => Number(to) <= low || Number(from) > high);
  return beyond.reduce((sum, { count }) => sum + count, 0);
}

/** How texts are written: by their patterns, runs of one class of characters taken as one. */
function findForms(profile: ColumnProfile): Finding[] {
  const { patterns, kind } = profile;
  if (!isWords(kind) || !isKnown(patterns) || patterns.value.length === 0) return [];
  const found: Finding[] = [];
  const total = patterns.value.reduce((sum, { count }) => sum + count, 0);
  const filled = Math.max(total, (knownValue(profile.nonNull) ?? 0) - (knownValue(profile.blanks) ?? 0));
  const forms = new Map<string, number>();
  for (const { pattern, count } of patterns.value) {
    const form = pattern.replace(/(.)\1+/gu, '$1');
    forms.set(form, (forms.get(form) ?? 0) + count);
  }
  const usual = Math.max(...forms.values()) / filled;
  const others = (total - usual * filled) / filled;
  const logical = isKnown(profile.logicalType) ? profile.logicalType.value : undefined;
  const formats = logical?.formats ?? [];
  const [first, second] = formats.map(({ share }) => share);
  if (first !== undefined && second !== undefined && second >= FINDING.otherFormShare)
    found.push({
      code: 'MIXED_FORMATS',
      severity: 'notice',
      sentence: `mixed formats of ${logical?.type}: ${percent(first)} as ${formats[0]?.format}, ${percent(second)} as ${formats[1]?.format}`,
      figures: { usual: first, others: second },
    });
  else if (filled >= FINDING.fewestValues && usual >= FINDING.usualFormShare && others >= FINDING.otherFormShare)
    found.push({
      code: 'MIXED_FORMATS',
      severity: 'notice',
      sentence: `mixed formats: ${percent(usual)} of the values are written one way, at least ${percent(others)} another`,
      figures: { usual, others },
    });
  // Columns of JSON are declared so, or are objects and arrays of a JSON file.
  if (logical?.type === 'json' && /^(?:jsonb?|object|array)\b/i.test(profile.nativeType)) return found;
  if (kind === 'text' && logical && BETTER_TYPES.has(logical.type) && logical.share >= FINDING.misfitShare) {
    found.push({
      code: 'TYPE_MISFIT',
      severity: 'notice',
      sentence: `declared as text, but ${logical.share === 1 ? 'every value' : percent(logical.share)} reads as ${logical.type}`,
      figures: { share: logical.share },
    });
    return found;
  }
  const misfit = kind === 'text' && !logical && total >= filled ? betterType(patterns.value) : undefined;
  if (misfit)
    found.push({
      code: 'TYPE_MISFIT',
      severity: 'notice',
      sentence: `declared as text, but every value looks like ${misfit}`,
      figures: { values: filled },
    });
  return found;
}

/** Logical types that a database has a type of its own for. */
const BETTER_TYPES = new Set(['integer', 'decimal', 'boolean', 'date', 'time', 'timestamp', 'uuid', 'json']);

/** Digits only and no zero in front, or all as YYYY-MM-DD. */
function betterType(patterns: readonly { pattern: string; smallest: string; largest: string }[]): string | undefined {
  if (patterns.every(({ pattern, smallest }) => /^d+$/.test(pattern) && (pattern.length === 1 || smallest[0] !== '0')))
    return 'an integer';
  const iso = ({ pattern, smallest, largest }: (typeof patterns)[number]): boolean =>
    pattern === 'ddddsddsdd' && [smallest, largest].every((edge) => edge[4] === '-' && edge[7] === '-');
  return patterns.every(iso) ? 'a date' : undefined;
}

/** A table as far as its findings need it. */
export interface TableFacts {
  rows: Figure<number>;
  rejectedRows?: number;
  duplicateRows?: Figure<number>;
  profiledAt: Date;
  columns: readonly ColumnProfile[];
}

/** What stands out in a table as a whole. Pure. */
export function findInTable({ rows, rejectedRows = 0, duplicateRows, profiledAt, columns }: TableFacts): Finding[] {
  const found: Finding[] = [];
  const count = knownValue(rows);
  if (count === 0)
    found.push({ code: 'NO_ROWS', severity: 'warning', sentence: 'there are no rows', figures: { rows: 0 } });
  if (rejectedRows > 0)
    found.push({
      code: 'REJECTED_ROWS',
      severity: 'warning',
      sentence: `${several(rejectedRows, 'line', 'lines')} could not be read as ${rejectedRows === 1 ? 'a row' : 'rows'}`,
      figures: { rejectedRows },
    });
  if (isKnown(duplicateRows) && intervalOf(duplicateRows).low > 0)
    found.push({
      code: 'DUPLICATE_ROWS',
      severity: 'warning',
      sentence: `${duplicateRows.basis === 'exact' ? '' : 'about '}${several(duplicateRows.value, 'row is a copy of another', 'rows are copies of others')}`,
      figures: { duplicateRows: duplicateRows.value },
    });
  if (count === undefined || count < 2) return found;
  if (columns.length > 0 && !columns.some((column) => findInColumn(column).some(({ code }) => code === 'LIKELY_KEY')))
    found.push({
      code: 'NO_KEY',
      severity: 'info',
      sentence: 'no single column is a key',
      figures: { columns: columns.length },
    });
  const now = profiledAt.getTime() / 1000;
  const dates = columns.flatMap((column) => {
    const newest =
      column.kind === 'date' || column.kind === 'timestamp' ? placeOf(column.kind, knownValue(column.max)) : undefined;
    return newest === undefined ? [] : [newest];
  });
  // How old exactly would tell the largest value of a column to those who may not see it.
  if (dates.length > 0 && dates.every((newest) => newest < now - FINDING.staleDays * 86_400))
    found.push({
      code: 'STALE',
      severity: 'info',
      sentence: `no date in any column lies within the ${FINDING.staleDays} days before the profile was made`,
      figures: { days: FINDING.staleDays },
    });
  return found;
}
