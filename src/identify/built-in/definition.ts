import type { Alias, Logic } from '../method.ts';

/** An action as definitions write it. */
export interface WrittenAction {
  applyTags: { name: string }[];
  applyBusinessTerms: { name: string }[];
  applySensitivity?: 'LOW' | 'MEDIUM' | 'HIGH';
}

interface WrittenRule<Type extends string> {
  type: Type;
  minSamples: string;
  confidenceScore: Logic;
  condition: Logic;
  actions: WrittenAction[];
}

interface Written<Type extends string> {
  _id: string;
  name: string;
  type: Type;
  isEnabled: true;
  builtIn: true;
  rules: WrittenRule<Type>[];
  categories: string[];
  description: string;
  note: string;
  metadataHints: { aliases: Alias[] };
}

/** Definition of a built-in dictionary, in the shape in which dictionaries are imported and exported. */
export interface DictionaryDefinition extends Written<'Dictionary'> {
  language: string;
}

/** Definition of a built-in data pattern, in the shape in which data patterns are imported and exported. */
export interface PatternDefinition extends Written<'DataPattern'> {
  profilePatterns: string[];
  /** `validator` names a check of src/identify/validators that a value must pass besides. */
  regexMatch: { regex: string[]; exclusions: string[]; validator?: string };
}

/** `weights` times their variables, added up. */
export function weighted(weights: Readonly<Record<string, number>>): Logic {
  return { '+': Object.entries(weights).map(([name, weight]): Logic => ({ '*': [{ var: name }, weight] })) };
}

export const atLeast = (name: string, value: number): Logic => ({ '>=': [{ var: name }, value] });

/** What is personal gets the tag of all personal data besides its own. */
export function toAction(tag: string, sensitivity?: WrittenAction['applySensitivity']): WrittenAction {
  return {
    applyTags: sensitivity ? [{ name: tag }, { name: 'Personal Data' }] : [{ name: tag }],
    applyBusinessTerms: [{ name: tag }],
    ...(sensitivity ? { applySensitivity: sensitivity } : {}),
  };
}
