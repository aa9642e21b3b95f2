import type { DictionaryDefinition, PatternDefinition } from './definition.ts';
import { DICTIONARY_SPECS } from './dictionaries/index.ts';
import { toDictionaryDefinition } from './dictionary-spec.ts';
import { toPatternDefinition } from './pattern-spec.ts';
import { PATTERN_SPECS } from './patterns/index.ts';
import { readTerms } from './term-files.ts';

/**
 * Raised with every change of the definitions or terms below, whatever it is: a catalog never goes back to a lower one, so that
 * processes of two versions of the program do not take turns at it. A test tells when it must be raised.
 */
export const CONTENT_VERSION = 1;

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
