import type { DictionarySpec } from '../dictionary-spec.ts';
import { COMMERCE } from './commerce.ts';
import { LANGUAGES } from './languages.ts';
import { PEOPLE } from './people.ts';
import { PLACES } from './places.ts';
import { SCIENCE } from './science.ts';
import { TECHNOLOGY } from './technology.ts';
import { TIMES } from './time.ts';

/** Every built-in dictionary. */
export const DICTIONARY_SPECS: readonly DictionarySpec[] = [
  ...PLACES,
  ...PEOPLE,
  ...TIMES,
  ...LANGUAGES,
  ...COMMERCE,
  ...SCIENCE,
  ...TECHNOLOGY,
];
