import { z } from 'zod';
import { ENCODINGS } from '../../profile/encoding/labels.ts';
import { MEASURES } from '../../profile/measures/index.ts';
import { DEFAULT_ROW_LIMIT } from '../../profile/row-choice.ts';
import { SAMPLING } from '../../profile/sampling.ts';
import { ORDERED_WORDS } from '../../profile/watermark.ts';
import type { JobSpec } from '../job.ts';
import { acceptProfiling, type ProfilingInput } from './accept.ts';
import { DEFAULT_COLUMNS_PER_TASK, DEFAULT_TABLES_PER_TASK, readOptions } from './options.ts';
import { concludeProfiling } from './result.ts';
import { SAMPLE_METHODS, SAMPLE_TYPES } from './spellings.ts';
import { DELIMITERS_SAID, QUOTES_SAID } from './text-options.ts';

/** What can be left out; the counts of rows are part of every figure. */
export const SWITCHABLE: readonly string[] = MEASURES.map(({ name }) => name).filter((name) => name !== 'counts');

const quoted = (values: readonly string[]): string => values.map((value) => `\`${value}\``).join(', ');
const rowLimit = DEFAULT_ROW_LIMIT.toLocaleString('en-US');
const number = (most: number) => z.number().int().min(0).max(most);
const threads = (what: string) =>
  number(256)
    .optional()
    .describe(
      `Number of threads, 0 to 256. ${what} A hint: accepted for clients that send it; how much is done at once is set where the workers are started (\`--slots\`).`,
    );
const TEXT =
  'Not in the original. How delimited text (.csv, .tsv, .txt, …) in scope is to be read, where finding it out goes wrong; other files and tables are read as always.';
const FOUND = 'Empty: found out for each file.';
const CONDITION =
  'in the SQL of the source (of DuckDB for files), on the columns of the table. Evaluated in a read-only transaction and ended after ASSAY_CONDITION_SECONDS';

export const profilingConfigs = z
  .strictObject({
    dataProfiledSinceDays: number(36_500)
      .default(0)
      .describe('Days, 0 to 36,500. Leaves out tables profiled within so many days; 0 leaves out none.'),
    buildSamples: z
      .boolean()
      .default(false)
      .describe(
        'Whether to keep about 200 sample rows for people who may see samples (`viewSamples`), the newest row among them; they replace those of the last run. ' +
          'With false none are kept, only up to 1,024 values per column, encrypted and shown to nobody, for patterns and regular expressions (ASSAY_KEEP_VALUES=false turns that off).',
      ),
    sampleType: z
      .string()
      .meta({ examples: SAMPLE_TYPES })
      .default('')
      .describe(
        `How rows are chosen: ${quoted(SAMPLE_TYPES)}, in any case, with or without spaces, underscores and hyphens; with their number (\`first 10 rows\`, \`every 3rd row\`), or for a sample clause its method alone (\`percentage\`, \`number of rows\`, \`10 %\`). Empty: told by the other keys; without any, every row of a table that its source can afford to have read (see ASSAY_WHOLE_TABLE_ROWS and ASSAY_WHOLE_TABLE_GB, by the estimates of the source), else ${rowLimit} rows. \`None\`: every row whatever it costs. ` +
          'A sample is chosen in the source where that is possible, and the same rows are chosen for as long as the table stays as it is. Every figure of it says that it is of a sample, and of how many rows.',
      ),
    sampleMethod: z
      .string()
      .meta({ examples: SAMPLE_METHODS })
      .default('')
      .describe(
        `Of a sample clause what \`sampleValue\` is: ${quoted(SAMPLE_METHODS)}, also as \`percent\`, \`%\`, \`number of rows\`, in any case. \`percentage\` takes each row with that chance, \`rows\` so many rows at random.`,
      ),
    sampleValue: z
      .number()
      .min(0)
      .default(0)
      .describe(
        'For `percentage` more than 0 and at most 100; for `rows`, and for `First N Rows`, a number of rows. 0: not given.',
      ),
    jdbcRowLimitSize: number(Number.MAX_SAFE_INTEGER)
      .default(0)
      .describe(
        `Rows. At most so many are read of each table: the first that the source gives, of those that the condition and the sample leave. 0: no limit, or ${rowLimit} for \`First N Rows\`.`,
      ),
    nthValue: number(1_000_000_000)
      .default(0)
      .describe(
        'For `Every Nth Row`: the rows n, 2n, 3n, … in the order of the source. 1 reads every row, 0: not given.',
      ),
    whereClause: z
      .string()
      .max(10_000)
      .default('')
      .describe(
        `One SQL condition, up to 10,000 characters, ${CONDITION}. Only rows that fulfil it are profiled. A table on which it cannot be evaluated fails, with the words of the source; the others go on. It goes with every sample and limit, and is evaluated first.`,
      ),
    splitJobByColumns: z
      .boolean()
      .optional()
      .describe(
        'true: a table with more than `columnsPerJob` columns is measured in groups of columns, each by a task of its own, which workers do side by side and which read the same rows. ' +
          'It is read once for each group, so tables of fewer than a million cells (by the estimate of the source; one without an estimate is split) and files are never split. false: never. Not given: only tables of more than 1,000 columns, by 1,000.',
      ),
    columnsPerJob: number(10_000)
      .optional()
      .meta({ default: DEFAULT_COLUMNS_PER_TASK })
      .describe(
        `Columns of a group, 1 to 10,000, where \`splitJobByColumns\` is true; 0 or not given: ${DEFAULT_COLUMNS_PER_TASK}.`,
      ),
    numberOfTablesPerJob: number(100)
      .optional()
      .meta({ default: DEFAULT_TABLES_PER_TASK })
      .describe(
        `Small tables and files that one worker profiles in one go, over one connection, 1 to 100; 0 or not given: ${DEFAULT_TABLES_PER_TASK}. Each of them succeeds or fails by itself.`,
      ),
    persistThreads: threads('Of the original: threads that write profiles. Here each task writes its own.'),
    persistFilesThreads: threads(
      'Of the original: threads that write profiles of files. Here each task writes its own.',
    ),
    profileThreads: threads(
      'Of the original: threads that measure. Here a task has one, so that the same rows give the same bytes.',
    ),
    watermarkColumn: z
      .string()
      .max(255)
      .optional()
      .meta({ default: '' })
      .describe(
        `Not in the original. A column of ${ORDERED_WORDS} whose values only grow (an id, the time of insertion); its name, up to 255 characters. Empty: none. The first run reads all rows; the next ones read the rows above the largest value that was seen, and the profile is that of all rows together: counts, sums, smallest and largest stay exact, different values, quantiles and frequent values become estimates. Rows that were changed or deleted since are not noticed, nor those that came with a smaller value or none: the profile says so. All rows are read again, and the profile says why, where the rows at the largest value are no longer what they were (the table was set back), where columns or options changed, and where another run without this option came in between. Not with samples and limits, and for whole tables only.`,
      ),
    partitionPredicates: z
      .array(z.string().max(10_000))
      .max(1_000)
      .optional()
      .meta({ default: [] })
      .describe(
        `Not in the original. Up to 1,000 SQL conditions, ${CONDITION}, each of which is read as a part of the table by a task of its own. Rows that fulfil several count several times, rows that fulfil none are left out. Not with samples and limits.`,
      ),
    maxParallelReads: number(256)
      .optional()
      .meta({ default: 0 })
      .describe(
        'Not in the original. At most so many tasks of this job read from a data source at once, 1 to 256; 0 or not given: as many as there are workers (1 with `maxRowsPerSecond`).',
      ),
    maxRowsPerSecond: number(1_000_000_000)
      .optional()
      .meta({ default: 0 })
      .describe(
        'Not in the original. Rows a second that this job reads from a data source at most, shared among `maxParallelReads`; 0 or not given: no limit. Files and DuckDB databases are read in place and know no such limit.',
      ),
    timeLimitSeconds: number(604_800)
      .optional()
      .meta({ default: 0 })
      .describe(
        'Not in the original. Seconds that a table may take, up to 604,800; of one that is read in parts all of them together, also those that are read at once, and with those that had to be tried again; what lies between two tries does not count. A table that is read in one part has the whole time with each try. Then it is stopped in the source and fails with TIME_LIMIT, and the other tables go on. 0 or not given: no limit.',
      ),
    distinct: z
      .string()
      .optional()
      .meta({ default: 'auto', examples: ['auto', 'exact', 'estimated'] })
      .describe(
        `Not in the original. How different values are counted, in any case of letters. \`exact\`: all of them, at any price in time and disk, so a large table is read in one part and cannot be resumed; of \`partitionPredicates\`, which are parts all the same, the counts are estimates. \`estimated\`: from ${SAMPLING.smallRows.toLocaleString('en-US')} rows on by samples of rows and of values, so that only columns of few different values are counted wholly; tables that stream in from a source whose rows have no positions are still counted. \`auto\` (the default): large tables by samples, and wholly the columns whose values repeat.`,
      ),
    pushDown: z
      .string()
      .optional()
      .meta({ default: 'auto', examples: ['auto', 'always', 'never'] })
      .describe(
        'Not in the original. Whether a source that can (see docs/connectors.md) measures a table itself, so that no row leaves it: `always` (a table of a source that cannot fails), `never`, `auto` (the default): where the table is too large to be read whole (ASSAY_WHOLE_TABLE_ROWS, ASSAY_WHOLE_TABLE_GB); should that fail, a sample of it is read. Figures are then of all rows; those that the source does not compute, such as patterns, are unknown. It is for tables whose rows cannot be moved, not for speed: it costs the source about 20 times the CPU time of sending all rows (some 28 core-seconds for a million rows of 12 columns of PostgreSQL, about 1.4 to send them), and memory or temporary space for grouping; of more than 20 million rows nothing is grouped, and most frequent values and quantiles are unknown. Stopped after `timeLimitSeconds`, or else ASSAY_CONDITION_SECONDS.',
      ),
    without: z
      .array(z.string().meta({ enum: SWITCHABLE }))
      .max(50)
      .optional()
      .meta({ default: [] })
      .describe(
        `Not in the original. Measures to leave out: ${quoted(SWITCHABLE)}. Their figures, and those that follow from them, are then unknown, with that reason: of \`distinct\` also uniqueness, selectivity and the distinct counter, of \`valueset\` the membership filter, of \`patterns\` the suggested regular expressions, of \`squares\` the deviation and, for doubles, sum and mean too. \`minmax\`, \`sum\` and \`lengths\` are computed all the same where other measures read them, and not shown; without \`minmax\` texts are not searched for JSON.`,
      ),
    encoding: z
      .string()
      .max(100)
      .optional()
      .meta({ default: '', examples: ['UTF-8', 'windows-1252', 'Shift_JIS'] })
      .describe(
        `${TEXT} Its encoding: ${quoted(ENCODINGS)}, also by other names in use (\`latin1\`, \`cp1252\`, \`sjis\`), in any case. Only a byte order mark goes before it. Of JSON files, too. ${FOUND}`,
      ),
    delimiter: z
      .string()
      .max(100)
      .optional()
      .meta({ default: '', examples: [';', 'tab', '|'] })
      .describe(
        `${TEXT} What stands between two fields: ${DELIMITERS_SAID}; with \`none\` each line is one value. A file that is called CSV, text or Parquet is then read as delimited text, whatever its content looks like. ${FOUND}`,
      ),
    quote: z
      .string()
      .max(100)
      .optional()
      .meta({ default: '', examples: ['"', "'", 'none'] })
      .describe(`${TEXT} What stands around a field: ${QUOTES_SAID}. ${FOUND}`),
    header: z
      .boolean()
      .optional()
      .describe(
        `${TEXT} Whether the first line of the table holds the names of its columns; with false they are \`column-0\`, \`column-1\`, … Not given: found out for each file.`,
      ),
    skipLines: number(10_000)
      .optional()
      .meta({ default: 0 })
      .describe(
        `${TEXT} Lines at the beginning that are no part of the table, up to 10,000: the header, or the first row, follows. 0 or not given: found out for each file.`,
      ),
  })
  .superRefine((configs, context) => {
    for (const { field, says } of readOptions(configs, SWITCHABLE).problems)
      context.addIssue({ code: 'custom', path: [field], message: says, input: configs });
  })
  .meta({ 'x-narrows': true });

export const profilingRequest = z.strictObject({
  scope: z
    .array(z.string())
    .min(1)
    .max(100_000)
    .describe(
      'Entity ids. A container stands for every table, view and delimited file below it; columns for themselves.',
    ),
  configs: profilingConfigs
    .optional()
    .describe(
      'Options; all may be left out. Of a key that is not listed here the answer says that it is ignored; one that is nearly the name of an option is refused.',
    ),
});
export type ProfilingRequest = z.output<typeof profilingRequest>;

export const dataProfilingSpec: JobSpec<ProfilingRequest, ProfilingInput> = {
  name: 'DATA_PROFILE',
  path: 'data-profiling',
  activity: 'Data profiling',
  summary: 'Profile tables and files',
  description:
    'Reads the rows of the tables, views and files in scope and measures each column: counts, nulls, blanks, distinct values, smallest and largest, sum, mean, deviation, lengths, quantiles, histogram, most frequent values. Each figure says whether it is exact, an estimate or of a sample.',
  request: profilingRequest,
  example: {
    scope: ['eb98554a-5ff4-47a8-9268-102268fad0d0'],
    configs: {
      dataProfiledSinceDays: 0,
      buildSamples: true,
      sampleType: 'Sample Clause',
      sampleMethod: 'percentage',
      sampleValue: 10,
      splitJobByColumns: true,
      columnsPerJob: 25,
      profileThreads: 1,
    },
  },
  noun: ['table', 'tables'],
  accept: acceptProfiling,
  conclude: concludeProfiling,
};
