import type { ColumnKind } from '../profile/column.ts';
import { isKnown } from '../profile/figure.ts';
import type { ColumnProfile } from '../profile/profile.ts';
import type { BasisKind } from '../profile/row-choice.ts';
import { isCut } from '../profile/value-text.ts';
import { HASH_KINDS } from '../sketch/sketch.ts';
import { fromBase64 } from '../sketch/value-set-codec.ts';
import type { ColumnFacts, KnownPatterns, KnownValues, Missing } from './column-facts.ts';

/** What identification reads of the stored profile of a column. */
export interface ProfiledColumn {
  columnId: string;
  tableId: string;
  name: string;
  profileId: number;
  profiledAt: Date;
  /** Rows that the profile was made of, and how they were chosen. */
  rowsRead: number;
  basis: BasisKind;
  figures: Pick<ColumnProfile, 'kind' | 'rows' | 'nonNull' | 'blanks' | 'distinct'> & {
    [K in 'topValues' | 'patterns' | 'valueSet']?: ColumnProfile[K] | null;
  };
  stale?: string;
}

/** Values of rows that were drawn, different ones with how many of the rows hold them; undefined where none were kept. */
export type KeptValues = readonly (readonly [string, number])[] | undefined;

/** What to do where a profile has no values: they are kept unless that was switched off. */
const KEEP =
  'profile the table again by the job data-profiling, with buildSamples or with ASSAY_KEEP_VALUES not set to false';

/**
 * The stored profile of a column → what identification knows of it. Values are read only when they are asked for. Pure.
 *
 * @param readKept opens the values that were kept with the profile
 */
export function toColumnFacts(column: ProfiledColumn, readKept: () => KeptValues): ColumnFacts {
  const { figures } = column;
  const count = (name: 'rows' | 'nonNull' | 'blanks' | 'distinct'): number => {
    const figure = figures[name];
    return isKnown(figure) ? figure.value : 0;
  };
  const [nonNull, blanks] = [count('nonNull'), count('blanks')];
  const wholeTable = column.basis === 'all rows';
  const valueSet = valueSetOf(figures.valueSet, figures.kind);
  let known: KnownValues | Missing | undefined;
  return {
    entityId: column.columnId,
    tableId: column.tableId,
    name: column.name,
    kind: figures.kind,
    profileId: column.profileId,
    profiledAt: column.profiledAt.toISOString(),
    rows: count('rows'),
    sampledRows: column.rowsRead,
    ...(wholeTable ? {} : { partial: true as const }),
    nonNull,
    blanks,
    ...distinctOf(figures.distinct, valueSet),
    valueSet,
    patterns: patternsOf(figures.patterns, nonNull - blanks, wholeTable),
    get values() {
      known ??= allValues(figures.topValues, nonNull, wholeTable) ?? drawnValues(readKept(), nonNull, wholeTable);
      return known;
    },
    ...(column.stale === undefined ? {} : { stale: column.stale }),
  };
}

/** What was not counted is known from the value set. */
function distinctOf(
  figure: ColumnProfile['distinct'],
  valueSet: ColumnFacts['valueSet'],
): Pick<ColumnFacts, 'distinct' | 'distinctBounds'> {
  if (isKnown(figure)) {
    const { low = figure.value, high = figure.value } = figure as { low?: number; high?: number };
    return { distinct: figure.value, ...(low < high ? { distinctBounds: { low, high } } : {}) };
  }
  if ('missing' in valueSet) return { distinct: 0, distinctBounds: { low: 0, high: Number.MAX_SAFE_INTEGER } };
  const [estimate, error] = [valueSet.estimate(), 2 * valueSet.relativeError()];
  return error === 0
    ? { distinct: estimate }
    : {
        distinct: Math.round(estimate),
        distinctBounds: { low: Math.floor(estimate * (1 - error)), high: Math.ceil(estimate * (1 + error)) },
      };
}

function valueSetOf(base64: string | null | undefined, kind: ColumnKind): ColumnFacts['valueSet'] {
  if (base64 === undefined || base64 === null)
    return {
      missing:
        kind === 'nested'
          ? 'a nested column has none, and what lies within it is not compared'
          : kind === 'blob'
            ? 'a column of bytes has none'
            : 'the profile has no value set; profile the table again by the job data-profiling, without `valueset` in its option `without`',
    };
  try {
    const set = fromBase64(base64);
    // Terms are hashed in the newest way alone: of an older set none would be found.
    if (set.hash === HASH_KINDS.choosingCanonicalText) return set;
    return { missing: 'the value set is of an earlier version; profile the table again' };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { missing: `the value set cannot be read (${error.message}); profile the table again` };
  }
}

function patternsOf(
  figure: ColumnProfile['patterns'] | null,
  filled: number,
  wholeTable: boolean,
): KnownPatterns | Missing {
  if (figure === undefined || figure === null)
    return { missing: 'the profile has no patterns; they are measured of texts and the like' };
  if (!isKnown(figure)) return { missing: `patterns are unknown: ${figure.unknown}` };
  const patterns = figure.value.map(({ pattern, count, low, high }) => ({
    pattern,
    count,
    ...(low === undefined ? {} : { low }),
    ...(high === undefined ? {} : { high }),
  }));
  const named = patterns.reduce((sum, { count }) => sum + count, 0);
  return { patterns, filled, all: wholeTable && figure.basis === 'exact' && named === filled };
}

/** All values of a column that has so few that the profile names each. */
function allValues(
  figure: ColumnProfile['topValues'] | null,
  nonNull: number,
  wholeTable: boolean,
): KnownValues | undefined {
  if (!figure || !isKnown(figure) || figure.basis !== 'exact' || figure.value.some(({ value }) => isCut(value)))
    return undefined;
  const rows = figure.value.reduce((sum, { count }) => sum + count, 0);
  if (rows !== nonNull || rows === 0) return undefined;
  return { values: figure.value.map(({ value, count }) => [value, count] as const), rows, all: wholeTable };
}

function drawnValues(kept: KeptValues, nonNull: number, wholeTable: boolean): KnownValues | Missing {
  if (kept === undefined) return { missing: `no values were kept with the profile: ${KEEP}` };
  // Of a long text only how it begins is kept, which tells nothing of a whole value.
  const whole = kept.filter(([value]) => !isCut(value));
  const rows = whole.reduce((sum, [, count]) => sum + count, 0);
  if (rows === 0 && nonNull > 0)
    return {
      missing:
        kept.length > 0
          ? 'the values are longer than what is kept of them'
          : 'none of the rows that were drawn had a value',
    };
  return { values: whole, rows, all: wholeTable && rows === nonNull };
}
