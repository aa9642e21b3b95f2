import type { ToldText } from '../../connectors/connector.ts';
import type { MeasureName } from '../../profile/measures/measure.ts';
import { DEFAULT_ROW_LIMIT } from '../../profile/row-choice.ts';
import { findMethod, findType, SAMPLE_METHODS, SAMPLE_TYPES, TYPES } from './spellings.ts';
import { type GivenText, readText } from './text-options.ts';

/** What a request asks for, as a job keeps it. Absent: the default. */
export interface ProfilingOptions {
  sinceDays: number;
  samples: boolean;
  /** Every row, however large the table is. */
  whole?: true;
  where?: string;
  sample?: { kind: 'nth'; n: number } | { kind: 'share'; percent: number } | { kind: 'rows'; rows: number };
  limit?: number;
  /** Columns of a task, where tables are split by columns; null: never split. Absent: split what is too wide for one task. */
  columnsPerTask?: number | null;
  tablesPerTask: number;
  timeLimitSeconds?: number;
  watermarkColumn?: string;
  partitionPredicates?: string[];
  parallelReads?: number;
  rowsPerSecond?: number;
  distinct?: 'exact' | 'estimated';
  /** Absent: `auto`. */
  pushDown?: 'always' | 'never';
  without?: MeasureName[];
  text?: ToldText;
}

/** The keys of `configs` that say something about rows, tasks and load; zod has seen to their types. */
export interface GivenConfigs extends GivenText {
  dataProfiledSinceDays?: number;
  buildSamples?: boolean;
  sampleType?: string;
  sampleMethod?: string;
  sampleValue?: number;
  jdbcRowLimitSize?: number;
  nthValue?: number;
  whereClause?: string;
  splitJobByColumns?: boolean;
  columnsPerJob?: number;
  numberOfTablesPerJob?: number;
  watermarkColumn?: string;
  partitionPredicates?: string[];
  maxParallelReads?: number;
  maxRowsPerSecond?: number;
  timeLimitSeconds?: number;
  distinct?: string;
  pushDown?: string;
  without?: string[];
}

export interface OptionProblem {
  field: keyof GivenConfigs;
  /** What was received and what is valid. */
  says: string;
}

export const DEFAULT_TABLES_PER_TASK = 10;
export const DEFAULT_COLUMNS_PER_TASK = 25;

const list = (values: readonly string[]): string => values.map((value) => JSON.stringify(value)).join(', ');
const shown = (value: string): string =>
  value.length > 100 ? `a text of ${value.length} characters` : JSON.stringify(value);

/**
 * What a request asks for, or every problem of it. Zero and the empty text say nothing. Without `sampleType` the other keys tell
 * which is meant. A condition goes with every way to choose rows, and is evaluated first; `jdbcRowLimitSize` goes with each, and
 * cuts off last. Pure.
 *
 * @param measures the names that `without` may hold
 */
export function readOptions(
  given: GivenConfigs,
  measures: readonly string[],
): { options: ProfilingOptions; problems: OptionProblem[] } {
  const problems: OptionProblem[] = [];
  const options: ProfilingOptions = {
    sinceDays: given.dataProfiledSinceDays ?? 0,
    samples: given.buildSamples ?? false,
    tablesPerTask: given.numberOfTablesPerJob || DEFAULT_TABLES_PER_TASK,
    ...readRows(given, problems),
    ...readLoad(given),
    ...readMeasures(given, measures, problems),
  };
  const text = readText(given, (field, says) => void problems.push({ field, says }));
  if (text) options.text = text;
  if (given.splitJobByColumns === true) options.columnsPerTask = given.columnsPerJob || DEFAULT_COLUMNS_PER_TASK;
  if (given.splitJobByColumns === false) options.columnsPerTask = null;
  return { options, problems };
}

type RowOptions = Pick<
  ProfilingOptions,
  'whole' | 'where' | 'sample' | 'limit' | 'watermarkColumn' | 'partitionPredicates'
>;

function readRows(given: GivenConfigs, problems: OptionProblem[]): RowOptions {
  const say = (field: keyof GivenConfigs, says: string): void => void problems.push({ field, says });
  const { sampleType = '', sampleMethod = '', jdbcRowLimitSize: limit = 0 } = given;
  const where = given.whereClause?.trim() ?? '';
  const named = findType(sampleType);
  const type = named?.type;
  const method = sampleMethod.trim() === '' ? named?.method : findMethod(sampleMethod);
  const badType = sampleType.trim() !== '' && type === undefined;
  const badMethod = sampleMethod.trim() !== '' && method === undefined;
  /** A number is given once: by its key or within `sampleType`. */
  const numberOf = (field: 'sampleValue' | 'nthValue', within: number | undefined): number => {
    const value = given[field] || within || 0;
    if (within !== undefined && value !== within)
      say(field, `received ${value} together with sampleType ${shown(sampleType)}, expected one number`);
    return value;
  };
  const sampleValue = numberOf('sampleValue', type === 'nth' ? undefined : named?.value);
  const nthValue = numberOf('nthValue', type === 'nth' ? named?.value : undefined);
  if (badType) say('sampleType', `received ${shown(sampleType)}, expected one of ${list(SAMPLE_TYPES)}`);
  if (badMethod) say('sampleMethod', `received ${shown(sampleMethod)}, expected one of ${list(SAMPLE_METHODS)}`);
  if (named?.method !== undefined && method !== undefined && method !== named.method)
    say(
      'sampleMethod',
      `received ${shown(sampleMethod)} together with sampleType ${shown(sampleType)}, expected one of both`,
    );

  const result: RowOptions = {};
  if (where !== '') result.where = where;
  if (limit > 0) result.limit = limit;
  if (type === 'none') result.whole = true;

  const hasClause = sampleMethod.trim() !== '' || sampleValue > 0;
  const isClause = type === 'clause' || (type === undefined && !badType && hasClause);
  const isNth = type === 'nth' || (type === undefined && !badType && nthValue > 0);
  if (isClause && isNth && type === undefined) {
    say(
      'nthValue',
      `received ${nthValue} together with a sample clause (sampleMethod, sampleValue), expected one of both`,
    );
    return result;
  }
  const foreign = (field: 'sampleMethod' | 'sampleValue' | 'nthValue', value: string | number): void => {
    if (type === undefined) return;
    say(
      field,
      `received ${JSON.stringify(value)}, which contradicts sampleType ${list([TYPES[type].shown])}; leave it out, or give sampleType ${list([field === 'nthValue' ? TYPES.nth.shown : TYPES.clause.shown])}`,
    );
  };
  if (type !== undefined && type !== 'nth' && nthValue > 0) foreign('nthValue', nthValue);
  if (type !== undefined && type !== 'clause' && sampleMethod.trim() !== '') foreign('sampleMethod', sampleMethod);
  if (type !== undefined && type !== 'clause' && type !== 'first' && sampleValue > 0)
    foreign('sampleValue', sampleValue);

  if (isClause && !badMethod) {
    if (method === undefined)
      say('sampleMethod', `received nothing, expected one of ${list(SAMPLE_METHODS)} for a sample clause`);
    else if (method === 'percentage') {
      if (!(sampleValue > 0 && sampleValue <= 100))
        say('sampleValue', `received ${sampleValue}, expected more than 0 and at most 100, for it is a percentage`);
      else if (sampleValue < 100) result.sample = { kind: 'share', percent: sampleValue };
      else result.whole = true;
    } else if (!Number.isSafeInteger(sampleValue) || sampleValue < 1)
      say('sampleValue', `received ${sampleValue}, expected a whole number of at least 1, for it is a number of rows`);
    else result.sample = { kind: 'rows', rows: sampleValue };
  }
  if (isNth) {
    if (nthValue < 1)
      say('nthValue', `received ${nthValue}, expected at least 1 for sampleType ${list([TYPES.nth.shown])}`);
    else if (nthValue > 1) result.sample = { kind: 'nth', n: nthValue };
    else result.whole = true;
  }
  if (type === 'first') {
    if (sampleValue > 0 && limit > 0 && sampleValue !== limit)
      say('sampleValue', `received ${sampleValue} and jdbcRowLimitSize ${limit}, expected one number of rows`);
    else if (sampleValue > 0 && !Number.isSafeInteger(sampleValue))
      say('sampleValue', `received ${sampleValue}, expected a whole number, for it is a number of rows`);
    else result.limit = sampleValue || limit || DEFAULT_ROW_LIMIT;
  }
  if (type === 'filter' && where === '')
    say('whereClause', `received nothing, expected an SQL condition for sampleType ${list([TYPES.filter.shown])}`);
  const increments = readIncrements(given, result, problems);
  if (/^\s*always\s*$/i.test(given.pushDown ?? '')) {
    const chosen = result.sample !== undefined || result.limit !== undefined || Object.keys(increments).length > 0;
    if (chosen)
      say(
        'pushDown',
        'received "always" together with a sample, a row limit, a watermark column or partition predicates, expected one of both: the source measures all rows, or those of the condition',
      );
  }
  return { ...result, ...increments };
}

function readIncrements(
  given: GivenConfigs,
  rows: RowOptions,
  problems: OptionProblem[],
): Pick<ProfilingOptions, 'watermarkColumn' | 'partitionPredicates'> {
  const say = (field: keyof GivenConfigs, says: string): void => void problems.push({ field, says });
  const column = given.watermarkColumn ?? '';
  const predicates = (given.partitionPredicates ?? []).map((one) => one.trim());
  const chosen = rows.sample !== undefined || rows.limit !== undefined;
  if (column !== '' && chosen)
    say(
      'watermarkColumn',
      `received ${shown(column)} together with a sample or a row limit, expected one of both: what is left out now would never be read`,
    );
  if (predicates.some((one) => one === ''))
    say('partitionPredicates', 'received an empty condition, expected an SQL condition for each partition');
  if (predicates.length > 0 && (chosen || column !== ''))
    say(
      'partitionPredicates',
      'received together with a sample, a row limit or a watermark column, expected one of them',
    );
  return {
    ...(column === '' ? {} : { watermarkColumn: column }),
    ...(predicates.length === 0 ? {} : { partitionPredicates: predicates }),
  };
}

function readLoad(given: GivenConfigs): Pick<ProfilingOptions, 'parallelReads' | 'rowsPerSecond' | 'timeLimitSeconds'> {
  const rows = given.maxRowsPerSecond ?? 0;
  const reads = given.maxParallelReads ?? 0;
  return {
    // A rate is one of the source: without a number of readers it could not be kept.
    ...(reads > 0 || rows > 0 ? { parallelReads: reads || 1 } : {}),
    ...(rows > 0 ? { rowsPerSecond: rows } : {}),
    ...(given.timeLimitSeconds ? { timeLimitSeconds: given.timeLimitSeconds } : {}),
  };
}

function readMeasures(
  given: GivenConfigs,
  measures: readonly string[],
  problems: OptionProblem[],
): Pick<ProfilingOptions, 'distinct' | 'pushDown' | 'without'> {
  const result: Pick<ProfilingOptions, 'distinct' | 'pushDown' | 'without'> = {};
  const distinct = (given.distinct ?? '').trim().toLowerCase();
  if (distinct === 'exact' || distinct === 'estimated') result.distinct = distinct;
  else if (distinct !== '' && distinct !== 'auto')
    problems.push({
      field: 'distinct',
      says: `received ${shown(given.distinct ?? '')}, expected one of "auto", "exact", "estimated"`,
    });
  const pushDown = (given.pushDown ?? '').trim().toLowerCase();
  if (pushDown === 'always' || pushDown === 'never') result.pushDown = pushDown;
  else if (pushDown !== '' && pushDown !== 'auto')
    problems.push({
      field: 'pushDown',
      says: `received ${shown(given.pushDown ?? '')}, expected one of "auto", "always", "never"`,
    });
  const without = (given.without ?? []).map((name) => name.trim());
  const unknown = without.filter((name) => !measures.includes(name));
  if (unknown.length > 0)
    problems.push({
      field: 'without',
      says: `received ${unknown.slice(0, 5).map(shown).join(', ')}, expected any of ${list(measures)}`,
    });
  else if (without.length > 0) result.without = [...new Set(without)] as MeasureName[];
  return result;
}
