import type { DictionaryDefinition, PatternDefinition } from './definition.ts';
import { DICTIONARY_SPECS } from './dictionaries/index.ts';
import { toDictionaryDefinition } from './dictionary-spec.ts';
import { toPatternDefinition } from './pattern-spec.ts';
import { PATTERN_SPECS } from './patterns/index.ts';
import { readTerms } from './term-files.ts';

/** A dictionary that comes with the program. */
export interface BuiltInDictionary {
  definition: DictionaryDefinition;
  /** Reads them from their file: a few hundred kilobytes at most. */
  terms(): Promise<string[]>;
}

/** All built-in dictionaries: the same ids, names and terms on every machine. */
export function builtInDictionaries(): BuiltInDictionary[] {
  return DICTIONARY_SPECS.map((spec) => ({
    definition: toDictionaryDefinition(spec),
    terms: () => readTerms(spec.file),
  }));
}

/** All built-in data patterns. */
export function builtInPatterns(): PatternDefinition[] {
  return PATTERN_SPECS.map(toPatternDefinition);
}
