import type { Logic } from '../method.ts';
import { NAME_SCORES, type Naming, toAliases } from './aliases.ts';
import { atLeast, type PatternDefinition, toAction, type WrittenAction, weighted } from './definition.ts';
import { builtInId } from './method-id.ts';

/**
 * How much the shape of the values says by itself.
 *
 * - `shape`: nothing else looks like it (e-mail addresses, IBANs with their check digits).
 * - `digits`: digits with a check that one of ten random numbers passes: five different values, or a name that speaks of it.
 * - `name`: other things look the same (postal codes, ids without check digits): the name of the column must speak of it.
 */
export type PatternWeight = 'shape' | 'digits' | 'name';

/** One built-in data pattern. */
export interface PatternSpec {
  name: string;
  tag: string;
  /** Business term, where it is not named like the tag. */
  term?: string;
  category: string;
  /** Whole values, in the syntax of Java. */
  regex: readonly string[];
  /** Name of a check in src/identify/validators. */
  validator?: string;
  weight: PatternWeight;
  naming: Naming;
  sensitivity?: WrittenAction['applySensitivity'];
  exclusions?: readonly string[];
  /** Share of the rows that must match where the name speaks for it. */
  leastShare?: number;
  /** The tag is no personal data although it is sensitive: secrets. */
  secret?: boolean;
}

const LEAST_SHARE = 0.7;

function ruleOf(weight: PatternWeight, share: number): { confidenceScore: Logic; condition: Logic } {
  if (weight === 'name')
    return {
      confidenceScore: weighted({ regexScore: 0.8, metadataScore: 0.2 }),
      condition: {
        and: [atLeast('confidenceScore', round(0.8 * share + 0.2)), atLeast('metadataScore', NAME_SCORES.hints)],
      },
    };
  const enough = atLeast('confidenceScore', round(0.9 * share + 0.1));
  return {
    confidenceScore: weighted({ regexScore: 0.9, metadataScore: 0.1 }),
    condition:
      weight === 'shape'
        ? { and: [enough, { '!=': [{ var: 'metadataScore' }, NAME_SCORES.against] }] }
        : { and: [enough, { or: [atLeast('metadataScore', NAME_SCORES.hints), atLeast('columnCardinality', 5)] }] },
  };
}

const round = (value: number): number => Math.round(value * 1000) / 1000;

/** The definition that the spec stands for. */
export function toPatternDefinition(spec: PatternSpec): PatternDefinition {
  const { name, tag, regex, validator, exclusions = [] } = spec;
  const action = { ...toAction(tag, spec.sensitivity), applyBusinessTerms: [{ name: spec.term ?? tag }] };
  return {
    _id: builtInId('pattern', name),
    name,
    type: 'DataPattern',
    isEnabled: true,
    builtIn: true,
    rules: [
      {
        type: 'DataPattern',
        minSamples: '1',
        ...ruleOf(spec.weight, spec.leastShare ?? LEAST_SHARE),
        actions: [spec.secret ? { ...action, applyTags: [{ name: tag }, { name: 'Secret' }] } : action],
      },
    ],
    categories: [spec.category],
    description: `Columns that hold: ${tag}.`,
    note: validator ? `Each value must pass the check ${validator} besides.` : '',
    metadataHints: { aliases: toAliases(spec.naming) },
    profilePatterns: [],
    regexMatch: { regex: [...regex], exclusions: [...exclusions], ...(validator ? { validator } : {}) },
  };
}
