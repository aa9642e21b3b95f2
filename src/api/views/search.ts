import { z } from 'zod';
import { toAttributes } from '../../model/attributes.ts';
import { isPlainObject } from '../../model/coerce.ts';
import { type Highlight, highlight } from '../../model/search-highlights.ts';
import type { FacetCount, FacetKey } from '../../store/search/count-facets.ts';
import type { SearchHit } from '../../store/search/find-page.ts';
import { type EntityOptions, entityBody, toEntityBody } from './entity.ts';

const highlightBody = z.object({
  field: z.string().describe('name, path, description, tags or terms'),
  text: z.string(),
  how: z.enum(['exact', 'word', 'prefix', 'typo']),
  ranges: z.array(z.array(z.int()).length(2)).describe('[start, end) in UTF-16 units of `text`'),
});

export const searchRow = entityBody
  .extend({
    score: z.number().describe('Higher is better; docs/search.md has the formula'),
    matchedOn: z.array(z.string()).describe('Fields that answer the term: name, path, description, tags, terms'),
    highlights: z.array(highlightBody).describe('Where they do'),
  })
  .meta({ title: 'SearchRow' });

export const facetBody = z
  .object({
    key: z.string().describe('Name of the facet, as in `searchFacets`'),
    options: z
      .array(
        z.object({
          name: z.string().describe('For people'),
          value: z.string().describe('For `searchFacets`'),
          count: z.int(),
        }),
      )
      .describe('Most frequent first'),
    more: z.int().describe('Options beyond those listed'),
  })
  .meta({ title: 'Facet' });

/** Rows that say why they are there. */
export function toSearchRow(hit: SearchHit, term: string, options: EntityOptions): z.output<typeof searchRow> {
  const highlights = explain(hit, term);
  const fields = highlights.map(({ field }) => field);
  if (hit.byPath) fields.push('path');
  return {
    ...toEntityBody(hit.entity, options),
    score: Math.round(hit.score * 100) / 100,
    matchedOn: [...new Set(fields)],
    highlights,
  };
}

function explain({ entity, byPath }: SearchHit, term: string): Highlight[] {
  const { info, tags, businessTerms } = toAttributes(entity.attributes, entity.assertions);
  const texts: [string, string][] = [
    ['name', entity.name],
    ...(byPath ? ([['path', entity.fqdn]] as [string, string][]) : []),
    ['description', isPlainObject(info) && typeof info.description === 'string' ? info.description : ''],
    ...namesOf(tags).map((name): [string, string] => ['tags', name]),
    ...namesOf(businessTerms).map((name): [string, string] => ['terms', name]),
  ];
  return texts.flatMap(([field, text]) => highlight(field, text, term) ?? []);
}

const namesOf = (list: unknown): string[] =>
  (Array.isArray(list) ? list : []).map((item) => String(item.name ?? item.id ?? '')).filter(Boolean);

/** What is shown of each facet; the count of the rest is told. */
const OPTIONS = 100;

type Option = z.output<typeof facetBody>['options'][number];

const TRUST: readonly [string, number, number][] = [
  ['Untrusted', 0, 50],
  ['Trusted', 51, 75],
  ['Highly Trusted', 76, 100],
];
const QUALITY: readonly [string, number, number][] = [
  ['0 to 50', 0, 50],
  ['51 to 75', 51, 75],
  ['76 to 100', 76, 100],
];
const STARS = [0, 1, 2, 3, 4, 5].map((stars): [string, number, number] => [String(stars), stars, stars]);
const BANDS: Partial<Record<FacetKey, readonly [string, number, number][]>> = {
  trustScore: TRUST,
  qualityScore: QUALITY,
  rating: STARS,
};

export function toFacet(
  key: FacetKey,
  counts: readonly FacetCount[],
  sourceNames: ReadonlyMap<string, string>,
): z.output<typeof facetBody> {
  const own = counts.filter((count) => count.key === key);
  const bands = BANDS[key];
  const options = bands
    ? toBands(own, bands)
    : own.map(({ value, name, n }): Option => {
        const shown = key === 'dataSource' ? sourceNames.get(value) : name;
        return { name: shown ?? value, value, count: n };
      });
  return { key, options: options.slice(0, OPTIONS), more: Math.max(0, options.length - OPTIONS) };
}

function toBands(counts: readonly FacetCount[], bands: readonly [string, number, number][]): Option[] {
  const sum = (wanted: (value: string) => boolean) =>
    counts.filter(({ value }) => wanted(value)).reduce((total, { n }) => total + n, 0);
  return [
    ...bands.map(([name, low, high]) => ({
      name,
      value: `${low}-${high}`,
      count: sum((value) => value !== '' && Number(value) >= low && Number(value) <= high),
    })),
    { name: 'Not computed', value: 'none', count: sum((value) => value === '') },
  ].filter(({ count }) => count > 0);
}
