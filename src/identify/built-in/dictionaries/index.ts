import type { DictionarySpec } from '../dictionary-spec.ts';
import { COMMERCE } from './commerce.ts';
import { FINANCE } from './finance.ts';
import { LANGUAGES } from './languages.ts';
import { NAMES } from './names.ts';
import { PEOPLE } from './people.ts';
import { PLACES } from './places.ts';
import { SCIENCE } from './science.ts';
import { TECHNOLOGY } from './technology.ts';
import { TIMES } from './time.ts';
import { VEHICLES } from './vehicles.ts';

/** Every built-in dictionary. */
export const DICTIONARY_SPECS: readonly DictionarySpec[] = [
  ...PLACES,
  ...NAMES,
  ...PEOPLE,
  ...TIMES,
  ...LANGUAGES,
  ...FINANCE,
  ...COMMERCE,
  ...VEHICLES,
  ...SCIENCE,
  ...TECHNOLOGY,
];
