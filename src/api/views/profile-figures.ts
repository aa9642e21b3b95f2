import { z } from 'zod';

const bound = (side: string, value: z.ZodType) => value.optional().describe(`${side} end of the 95 % interval`);

/** A figure with its basis, written once in the document under `title`. */
function figure<T extends z.ZodType>(title: string, value: T, description: string) {
  const bounds = { low: bound('Lower', value), high: bound('Upper', value) };
  return z
    .union([
      z.object({ value, basis: z.literal('exact').describe('Of every row that was read') }),
      z.object({
        value,
        basis: z
          .literal('estimate')
          .describe(
            'Of every row, from a sketch or a part of the rows chosen without regard to values; without bounds where several runs by a watermark column are added up, for rows that were updated since may be counted twice',
          ),
        ...bounds,
        error: z
          .number()
          .optional()
          .describe('Relative standard error; of quantiles the largest error of a rank, as a share of the rows'),
        within: z.number().optional().describe('No count is off by more rows than this'),
      }),
      z.object({
        value,
        basis: z.literal('sample').describe('Of some of the rows'),
        ofRows: z.number().describe('So many rows'),
        ...bounds,
      }),
      z.object({ unknown: z.string().describe('Why the figure could not be had') }),
    ])
    .meta({ title, description });
}

export const numberFigure = figure('NumberFigure', z.number(), 'A number and how far it can be trusted');
export const valueFigure = figure(
  'ValueFigure',
  z.string().nullable(),
  'A value of the column as text, so that no digit is lost, and how far it can be trusted; null where there is none',
);

export const lengthFigure = figure(
  'LengthFigure',
  z.object({
    min: z.number().nullable().describe('Shortest; null where there are no values'),
    max: z.number().nullable().describe('Longest'),
    mean: z.number().nullable().describe('Mean'),
    standardDeviation: z.number().nullable().describe('Of the sample (n − 1); null below two values'),
  }),
  'Lengths: code points of texts, bytes of binary values, elements of arrays and maps',
);

const percent = (of: string) => z.number().describe(`Percent of ${of}, 0 to 100`);
const intervalBounds = (of: string) => ({
  low: z.number().optional().describe(`Lower end of the 95 % interval of the ${of}; absent where that is exact`),
  high: z.number().optional().describe(`Upper end of the 95 % interval of the ${of}`),
});

export const topValuesFigure = figure(
  'TopValuesFigure',
  z.array(
    z.object({
      value: z
        .string()
        .describe('Cut behind 1,024 characters, then with … behind it; `******` without the right `viewSamples`'),
      count: z.number().describe('Rows that hold it'),
      percent: percent('all rows'),
      ...intervalBounds('count'),
    }),
  ),
  'At most 20 values, the most frequent first',
);

export const patternsFigure = figure(
  'PatternsFigure',
  z.array(
    z.object({
      pattern: z.string().describe('One letter for each character: A a L d w c s'),
      count: z.number().describe('Rows whose value has it'),
      percent: percent('the rows whose value is neither null nor blank'),
      ...intervalBounds('count'),
      heat: z.number().describe('100 · count / count of the most frequent pattern'),
      sample: z.string().describe('One of its values, cut at 128 characters'),
      smallest: z.string().describe('The smallest character at each place, by code point'),
      largest: z.string().describe('The largest character at each place'),
    }),
  ),
  'At most 20 patterns, the most frequent first',
);

const share = (of: string) => z.number().describe(`Share of ${of}, 0 to 1`);
const FILLED = 'the rows that are neither null nor blank';

export const logicalTypeFigure = figure(
  'LogicalTypeFigure',
  z.object({
    type: z.string().describe('`integer`, `date`, `uuid`, `email`, … or `text`'),
    share: share(`${FILLED} whose value is of this type`),
    ...intervalBounds('share'),
    format: z.string().optional().describe('The most frequent format; absent where the type has but one'),
    formats: z
      .array(z.object({ format: z.string().describe('`dd/MM/yyyy`'), share: share(FILLED) }))
      .optional()
      .describe('All formats where there are several, at most 10'),
    ambiguous: z
      .array(z.string())
      .optional()
      .describe('Readings that explain the same values, the chosen one among them'),
    others: z
      .array(z.object({ type: z.string().describe('Type, or `placeholder`'), share: share(FILLED) }))
      .describe('What the other values are'),
  }),
  'What the values of a text are',
);

export const regexesFigure = figure(
  'RegexesFigure',
  z.array(
    z.object({
      strictness: z.enum(['loose', 'moderate', 'strict']).describe('How narrow it is'),
      regex: z
        .string()
        .describe('In what RE2, Java and JavaScript have in common; `******` without the right `viewSamples`'),
      coverage: share('the rows that are not null whose value it matches'),
      ...intervalBounds('coverage'),
    }),
  ),
  'Suggested regular expressions; unknown for free text',
);

export const qualityFigure = figure(
  'QualityFigure',
  z.object({
    percent: z.number().describe('100 · completeness · conformity'),
    completeness: z.number().describe('(rows − nulls − blanks − placeholders) / rows, 0 to 1'),
    conformity: z.number().describe('Share of the values that are as the others are, 0 to 1'),
    by: z.enum(['declared type', 'format', 'patterns', 'nothing: free text']).describe('What conformity was judged by'),
  }),
  'An estimate for a first look; no verdict of business rules',
);

export const quantilesFigure = figure(
  'QuantilesFigure',
  z.record(z.string(), z.string()),
  'Value by share of the values: `{"0.5": "17"}` is the median; nearest rank, nulls and NaN left out',
);

export const histogramFigure = figure(
  'HistogramFigure',
  z.array(
    z.object({
      from: z.string().describe('Smallest value of the bin'),
      to: z.string().describe('The value from which on the next bin begins'),
      count: z.number().describe('Rows'),
    }),
  ),
  'Bins of equal width, a power of two; empty ones are left out',
);
