import { z } from 'zod';
import { AssayError } from '../../errors/assay-error.ts';
import { SENSITIVITIES } from '../../model/attributes.ts';
import { ENTITY_TYPES } from '../../model/entity.ts';
import { nearestName } from '../../model/nearest-name.ts';
import { queryTokens } from '../../model/search-words.ts';
import type { Range, SearchFilter } from '../../store/search/filter.ts';
import type { SourceName } from '../../store/search/source-names.ts';

export const PROFILED = ['PROFILED', 'NOT_PROFILED'] as const;
const MOST_VALUES = 1_000;
const MOST_WORDS = 20;
const upper = (given: unknown): unknown => (typeof given === 'string' ? given.toUpperCase() : given);
const list = <T extends z.ZodType>(item: T) =>
  z.union([z.array(item).max(MOST_VALUES), item.transform((one) => [one])]);
const word = z.string().min(1).max(1_000);

const RANGE = /^(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)$/;

/** `[51, 75]`, or values that the facets gave: `["51-75", "none"]`. */
const ranges = z
  .array(z.union([z.number(), z.string()]))
  .min(1)
  .max(100)
  .transform((values, context): Range[] => {
    const [low, high] = values;
    if (typeof low === 'number' && typeof high === 'number' && values.length === 2 && low <= high) return [[low, high]];
    const read = values.map((value) => toRange(value));
    if (read.every((range) => range !== undefined)) return read;
    context.addIssue({
      code: 'custom',
      message: 'expected two numbers [lowest, highest], or values of the facet such as "51-75" and "none"',
    });
    return z.NEVER;
  });

function toRange(value: string | number): Range | undefined {
  if (value === 'none') return 'none';
  const found = RANGE.exec(String(value));
  const [low, high] = [Number(found?.[1]), Number(found?.[2])];
  return found && low <= high ? [low, high] : undefined;
}

const FACETS = {
  type: list(z.preprocess(upper, z.enum(ENTITY_TYPES))).describe(`Types: ${ENTITY_TYPES.join(', ')}`),
  dataSource: list(word).describe('Data sources, by id, name or fqdnId'),
  sensitivity: list(z.preprocess(upper, z.enum(SENSITIVITIES))).describe(SENSITIVITIES.join(', ')),
  tags: list(word).describe('Tags, exactly'),
  terms: list(word).describe('Business terms, by id'),
  profiled: list(z.preprocess(upper, z.enum(PROFILED))).describe(PROFILED.join(', ')),
  trustScore: ranges.describe('[lowest, highest], both included, or values of the facet'),
  qualityScore: ranges.describe('[lowest, highest], both included, or values of the facet'),
  rating: ranges.describe('[lowest, highest], both included, or values of the facet'),
};
export const FACET_KEYS = Object.keys(FACETS) as (keyof typeof FACETS)[];
const optional = Object.fromEntries(Object.entries(FACETS).map(([key, type]) => [key, type.optional()])) as {
  [K in keyof typeof FACETS]: z.ZodOptional<(typeof FACETS)[K]>;
};

const searchTerm = z
  .string()
  .max(1_000)
  .refine((term) => queryTokens(term).length <= MOST_WORDS, `expected at most ${MOST_WORDS} words`)
  .default('')
  .describe('Words, beginnings of words, or a path as sales.customer.email; "" or "*" for everything');
const searchFacets = z
  .object(optional)
  .catchall(z.custom<never>(() => false, `not a facet; expected one of ${FACET_KEYS.join(', ')}`))
  // The others are refused by name, above; to the outside the object is closed.
  .meta({ additionalProperties: false })
  .default({})
  .describe('What to narrow to: AND between facets, OR within one');

const example = { searchTerm: 'customer email', searchFacets: { type: ['COLUMN'] } };

/** Pages count from 1. */
export const searchRequest = z
  .strictObject({
    searchTerm,
    searchFacets,
    page: z.int().min(1).max(1_000_000).default(1).describe('Page, from 1'),
    perPage: z.int().min(1).max(500).default(30).describe('Rows per page, up to 500'),
  })
  .meta({ example: { ...example, page: 1, perPage: 30 } });

/** The same body; a page has no meaning here and may be there. */
export const facetsRequest = z
  .strictObject({
    searchTerm,
    searchFacets,
    page: z.int().optional().describe('Not used'),
    perPage: z.int().optional().describe('Not used'),
  })
  .meta({ example });

/** @throws NOT_FOUND for a data source that there is not */
export function toSearchFilter(facets: z.output<typeof searchFacets>, sources: readonly SourceName[]): SearchFilter {
  return {
    types: facets.type,
    sourceIds: facets.dataSource?.map((given) => getSourceId(given, sources)),
    profiled: facets.profiled?.map((state) => state === 'PROFILED'),
    sensitivities: facets.sensitivity,
    tags: facets.tags,
    terms: facets.terms,
    trustScore: facets.trustScore,
    qualityScore: facets.qualityScore,
    rating: facets.rating,
  };
}

function getSourceId(given: string, sources: readonly SourceName[]): string {
  const found =
    sources.find((source) => source.id === given.toLowerCase()) ??
    sources.find((source) => source.resourceName === given) ??
    sources.find((source) => source.fqdnId === given);
  if (found) return found.id;
  const nearest = nearestName(
    given,
    sources.map((source) => source.resourceName),
  );
  throw new AssayError(
    'NOT_FOUND',
    `searchFacets.dataSource: no data source has the id, name or fqdnId "${given.slice(0, 100)}"${nearest === undefined ? '' : `; the nearest name is ${nearest}`}`,
  );
}
