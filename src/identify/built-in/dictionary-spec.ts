import type { Logic } from '../method.ts';
import { NAME_SCORES, type Naming, toAliases } from './aliases.ts';
import { atLeast, type DictionaryDefinition, toAction, type WrittenAction, weighted } from './definition.ts';
import { builtInId } from './method-id.ts';

/**
 * How much the values of a column say by themselves.
 *
 * - `values`: terms that mean one thing wherever they stand (names of countries): three different ones, or most of the list, will do
 *   without a name.
 * - `both`: terms that have other uses too (surnames, colours): the name of the column must speak of them, or say nothing at all.
 * - `script`: names of people in letters that few other lists share (Japanese, Cyrillic): five different values, nine of ten being terms, will
 *   do whatever the column is called.
 * - `name`: short codes, which many lists share (`CA`, `404`): the name of the column must speak of them.
 */
export type Weight = 'values' | 'both' | 'script' | 'name';

/** One built-in dictionary. */
export interface DictionarySpec {
  name: string;
  /** Term file, without its ending. */
  file: string;
  tag: string;
  category: string;
  /** BCP 47, or `mul` for several. */
  language: string;
  weight: Weight;
  naming: Naming;
  /** Where the terms are from, as docs/built-in-methods.md tells it. */
  source: string;
  sensitivity?: WrittenAction['applySensitivity'];
  /** Share of the column's values that must be terms where the name speaks for it; lower where no list is ever complete. */
  leastShare?: number;
}

/** Formula and condition of each weight. With `s` = least share, a name that speaks needs s and the others correspondingly more. */
const RULES: Record<Weight, (leastShare: number) => { confidenceScore: Logic; condition: Logic }> = {
  values: (share) => ({
    confidenceScore: weighted({ similarity: 0.9, metadataScore: 0.1 }),
    condition: {
      or: [
        { and: [atLeast('confidenceScore', round(0.9 * share + 0.05)), atLeast('metadataScore', NAME_SCORES.hints)] },
        { and: [atLeast('similarity', 0.8), atLeast('columnCardinality', 3)] },
        // Most of a list that few other things share: what is found beside it is dirt.
        { and: [atLeast('similarity', 0.5), atLeast('dictionarySimilarity', 0.4), atLeast('columnCardinality', 5)] },
      ],
    },
  }),
  both: (share) => ({
    confidenceScore: weighted({ similarity: 0.6, metadataScore: 0.4 }),
    condition: {
      or: [
        { and: [atLeast('confidenceScore', round(0.6 * share + 0.4)), atLeast('metadataScore', NAME_SCORES.hints)] },
        {
          and: [
            atLeast('metadataScore', NAME_SCORES.neutral),
            atLeast('similarity', 0.9),
            atLeast('columnCardinality', 5),
          ],
        },
      ],
    },
  }),
  script: (share) => ({
    confidenceScore: weighted({ similarity: 0.6, metadataScore: 0.4 }),
    condition: {
      or: [
        { and: [atLeast('confidenceScore', round(0.6 * share + 0.4)), atLeast('metadataScore', NAME_SCORES.hints)] },
        { and: [atLeast('similarity', 0.9), atLeast('columnCardinality', 5)] },
      ],
    },
  }),
  name: (share) => ({
    confidenceScore: weighted({ similarity: 0.8, metadataScore: 0.2 }),
    condition: {
      and: [atLeast('confidenceScore', round(0.8 * share + 0.2)), atLeast('metadataScore', NAME_SCORES.hints)],
    },
  }),
};
const LEAST_SHARES: Record<Weight, number> = { values: 0.55, both: 0.5, script: 0.5, name: 0.75 };

const round = (value: number): number => Math.round(value * 1000) / 1000;

/** The definition that the spec stands for. */
export function toDictionaryDefinition(spec: DictionarySpec): DictionaryDefinition {
  const { name, tag, weight } = spec;
  return {
    _id: builtInId('dictionary', name),
    name,
    type: 'Dictionary',
    isEnabled: true,
    builtIn: true,
    rules: [
      {
        type: 'Dictionary',
        minSamples: '1',
        ...RULES[weight](spec.leastShare ?? LEAST_SHARES[weight]),
        actions: [toAction(tag, spec.sensitivity)],
      },
    ],
    categories: [spec.category],
    description: `Columns that hold: ${tag.toLowerCase()}.`,
    note: `Terms: ${spec.source}.`,
    language: spec.language,
    metadataHints: { aliases: toAliases(spec.naming) },
  };
}
