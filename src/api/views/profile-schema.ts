import { z } from 'zod';
import {
  histogramFigure,
  lengthFigure,
  logicalTypeFigure,
  numberFigure,
  patternsFigure,
  qualityFigure,
  quantilesFigure,
  regexesFigure,
  topValuesFigure,
  valueFigure,
} from './profile-figures.ts';

export const profileBasis = z
  .object({
    kind: z
      .enum([
        'all rows',
        'first rows',
        'every n-th row',
        'percentage',
        'rows chosen at random',
        'blocks chosen at random',
        'filter',
      ])
      .describe('Which rows were read'),
    n: z.number().optional().describe('Every n-th row'),
    percent: z.number().optional().describe('Each row with this chance, in percent'),
    wanted: z.number().optional().describe('So many rows were asked for'),
    seed: z.number().optional().describe('Seed of the choice: it stays with the table'),
    filtered: z.boolean().optional().describe('Only rows that fulfil the condition of the request'),
    why: z.string().optional().describe('Why not all rows, when nobody asked for less'),
    rowsRead: z.number().describe('Rows that the figures are of'),
    partitions: z.number().describe('Parts in which the table was read'),
    snapshot: z.literal('each part').optional().describe('The parts were read at different moments'),
    computed: z.literal('in the source').optional().describe('The source measured its rows itself'),
    watermark: z
      .object({
        column: z.string().describe('Column whose values only grow'),
        from: z
          .string()
          .nullable()
          .describe('Rows above this value were read; null: all rows. `******` without `viewSamples`'),
        to: z.string().nullable().describe('The largest value that was seen; null: there was none'),
        since: z.string().describe('When all rows were last read, ISO 8601'),
        runs: z.number().describe('Runs that are added up'),
        newRows: z.number().describe('Rows that the last run added'),
        nulls: z.number().describe('Rows without a value in the column when all rows were read'),
        why: z.string().optional().describe('Why all rows were read again'),
      })
      .optional()
      .describe('How far a profile goes that was made in several runs'),
  })
  .meta({ title: 'ProfileBasis', description: 'Of which rows the figures are' });

const about = {
  profileId: z.int().optional().describe('Id of the profile, where one was asked for by it'),
  entityId: z.string().describe('The table or column'),
  profiledAt: z.string().describe('When it was stored, ISO 8601 in UTC'),
  jobId: z.string().describe('The job that made it, 24 hex digits'),
  basis: profileBasis,
};

const kind = z
  .enum([
    'integer',
    'decimal',
    'float',
    'text',
    'boolean',
    'date',
    'time',
    'timestamp',
    'interval',
    'uuid',
    'blob',
    'nested',
    'other',
  ])
  .describe('What the values are');

/** Figures that a column and a path within one may have; absent where the type has no such figure. */
const figures = {
  blanks: numberFigure.describe('Rows: texts that are empty or white space only'),
  distinct: numberFigure.describe('Different values, neither nulls nor blanks among them'),
  uniqueness: numberFigure.describe('Percent: 100 · distinct / rows'),
  density: numberFigure.describe('Percent: 100 · (rows − nulls − blanks) / rows'),
  selectivity: numberFigure.describe('Percent: 100 · Σ (count / rows)²; 100 for a constant, 100 / rows for a key'),
};
const optionalFigures = {
  min: valueFigure.optional().describe('Smallest number or time'),
  max: valueFigure.optional().describe('Largest number or time'),
  lexicalMin: valueFigure.optional().describe('First text in the order of UTF-8 bytes'),
  lexicalMax: valueFigure.optional().describe('Last text in the order of UTF-8 bytes'),
  sum: valueFigure.optional().describe('Sum, in the unit of the values'),
  mean: valueFigure.optional().describe('Mean, in the unit of the values'),
  standardDeviation: valueFigure.optional().describe('Of the sample (n − 1), in the unit of the values'),
  nan: numberFigure
    .optional()
    .describe(
      'Rows: not a number; of doubles, and of decimals that have some, which are in no other figure of decimals than the filled rows',
    ),
  infinite: numberFigure.optional().describe('Rows: infinite; as `nan`'),
  length: lengthFigure.optional().describe('Code points of texts, bytes of binary values'),
  topValues: topValuesFigure.optional().describe('The most frequent values'),
  patterns: patternsFigure.optional().describe('The most frequent patterns; docs/profile.md has the alphabet'),
  logicalType: logicalTypeFigure.optional().describe('What the values of a text are, and in which format'),
  regexes: regexesFigure.optional().describe('Regular expressions that the values of a text follow'),
  quality: qualityFigure.optional().describe('Quality estimate'),
  quantiles: quantilesFigure.optional().describe('At 0.01, 0.05, 0.25, 0.5, 0.75, 0.95 and 0.99'),
  histogram: histogramFigure.optional().describe('Finite numbers and times'),
};
const counts = {
  rows: numberFigure.describe('Rows; within nested values: values of the path'),
  nonNull: numberFigure.describe('Rows that are not null'),
  nulls: numberFigure.describe('Rows that are null'),
};
const types = {
  nativeType: z.string().describe('Type in the words of the source'),
  duckdbType: z.string().describe('Type in which the values were measured'),
  typeBasis: z.enum(['precise', 'inferred']).describe('Whether the source declared the type'),
  kind,
};

const path = z
  .object({
    path: z.string().describe('`address.city`, `orders[].sku`, `attrs{}.key`'),
    ...counts,
    presentIn: numberFigure.describe('Rows of the table that have at least one value of the path'),
    types: z.record(z.string(), z.number()).optional().describe('Of JSON: values by their JSON type, nulls left out'),
    arrayLength: lengthFigure.optional().describe('Elements of the arrays or maps'),
    ...z.object({ ...types, ...figures }).partial().shape,
    ...optionalFigures,
  })
  .meta({ title: 'PathProfile', description: 'What lies at one path within nested values' });

const finding = z
  .object({
    code: z.string().describe('LIKELY_KEY, CONSTANT, HIGH_NULL_SHARE, …'),
    severity: z.enum(['warning', 'notice', 'info']).describe('How much it matters'),
    sentence: z.string().describe('For people; holds no value of the column'),
    figures: z.record(z.string(), z.number()).describe('The numbers it rests on'),
  })
  .meta({ title: 'ProfileFinding', description: 'Something a person should look at' });

export const columnProfile = z
  .object({
    ...about,
    name: z.string().describe('Name of the column in the source'),
    ordinal: z.int().describe('Its place in the table, from 0'),
    ...types,
    ...counts,
    ...figures,
    ...optionalFigures,
    paths: z.array(path).optional().describe('What lies within nested values, in the order of the paths'),
    pathsLeftOut: z
      .array(z.string())
      .optional()
      .describe('Paths that were found and not measured: too many, or too deep'),
    membership: z
      .union([
        z.object({
          values: z.number().describe('Different values it was built from'),
          bitsPerValue: z.number().describe('Bits a value, of all its bytes'),
          bytes: z.number().describe('Size in bytes'),
          falsePositives: z
            .number()
            .describe('Share of other values that it takes for its own, 0 to 1; it misses none of its own'),
        }),
        z.object({ unknown: z.string().describe('Why there is none') }),
      ])
      .optional()
      .describe('Of columns that may be keys: the filter of their values that is kept for finding joins'),
    findings: z.array(finding).describe('What stands out'),
  })
  .meta({ title: 'ColumnProfile', description: 'What profiling knows of one column' });

export const tableProfile = z
  .object({
    ...about,
    version: z.literal(1).describe('Version of this shape'),
    rows: numberFigure.describe('Rows of the table'),
    fields: z.int().optional().describe('Columns that were read'),
    bytes: numberFigure.optional().describe('Bytes, as the source said when its metadata was last ingested'),
    columnTypes: z
      .array(
        z.object({ name: z.string().describe('Name'), nativeType: z.string().describe('In the words of the source') }),
      )
      .optional()
      .describe('Every column that was read'),
    keys: z
      .array(
        z.object({
          column: z.string().describe('Name'),
          as: z.enum(['key', 'likely key']).describe('Whether every value was counted'),
          distinct: numberFigure.describe('Different values'),
        }),
      )
      .optional()
      .describe('Single columns in which every row has a value of its own, at most 100'),
    newest: z
      .array(z.object({ column: z.string().describe('Name'), value: valueFigure.describe('It may lie in the future') }))
      .optional()
      .describe('The largest value of each column of dates or timestamps'),
    freshness: z
      .object({
        column: z.string().describe('Name'),
        newest: z.string().describe('The newest value that does not lie after the profile'),
        days: z.number().describe('Days between it and the profile'),
      })
      .optional()
      .describe('Absent without the right `viewSamples`'),
    duplicateRows: numberFigure.optional().describe('Rows less different rows'),
    warnings: z.array(z.string()).optional().describe('What was out of the ordinary when the rows were read'),
    rejectedRows: z.number().optional().describe('Lines of a file that could not be read as rows'),
    columns: z.array(columnProfile).optional().describe('The columns in the order of the table'),
  })
  .meta({ title: 'TableProfile', description: 'What profiling knows of one table, view or file' });

export const profileData = z
  .union([columnProfile, tableProfile])
  .describe('Of a column, or of a table with its columns');
