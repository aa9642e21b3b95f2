import { DICTIONARY_SPECS } from '../../src/identify/built-in/dictionaries/index.ts';
import { builtInDictionaries, builtInPatterns } from '../../src/identify/built-in/index.ts';
import { PATTERN_SPECS } from '../../src/identify/built-in/patterns/index.ts';
import { VALIDATOR_DESCRIPTIONS } from '../../src/identify/validators/index.ts';
import { toTable } from './table.ts';

const COUNTS = new Intl.NumberFormat('en');

const DICTIONARY_WEIGHTS = {
  values: 'values',
  both: 'values and name',
  script: 'values, or name',
  name: 'name and values',
} as const;
const PATTERN_WEIGHTS = { shape: 'shape', digits: 'five values, or name', name: 'name and shape' } as const;

async function dictionaryRows(): Promise<string[][]> {
  const built = builtInDictionaries();
  return Promise.all(
    DICTIONARY_SPECS.map(async (spec, i) => [
      spec.name,
      spec.tag,
      COUNTS.format((await built[i]?.terms())?.length ?? 0),
      spec.language,
      DICTIONARY_WEIGHTS[spec.weight],
      spec.sensitivity ?? '',
      spec.source,
    ]),
  );
}

const patternRows = (): string[][] =>
  PATTERN_SPECS.map((spec) => [
    spec.name,
    spec.tag,
    spec.validator ? `\`${spec.validator}\`` : '',
    PATTERN_WEIGHTS[spec.weight],
    spec.sensitivity ?? '',
  ]);

/** docs/built-in-methods.md from the specs of the built-in methods and the checks. */
export async function buildBuiltInMethodsPage(): Promise<string> {
  const [dictionaries, patterns] = [await dictionaryRows(), patternRows()];
  return `# Built-in identification methods

${dictionaries.length} dictionaries and ${builtInPatterns().length} data patterns come with Assay, enabled. They can be disabled, and copied to be changed. Each gives a tag and a business
term; what is personal also the tag \`Personal Data\` and a sensitivity, what must stay secret the tag \`Secret\`.

How well they do on labelled columns is measured by \`node bench/identify-quality.ts\` and kept in \`bench/results/identify-quality.json\`.

## What it takes

Confidence is computed as each definition says, from the share of values that are found or match, and from the name of the column.
Names are compared with words in many languages: a name may speak of the thing (1), of something that the thing may be called (0.5),
say nothing, as \`col_3\` does (0.2), or speak of another thing that looks the same, as \`version\` does of an IPv4 address (0.01).

- **values**, **shape**: three different values, or most of a short list, do without a name. A name that speaks lowers the share that is needed.
- **values and name**: terms that have other uses too. The name must speak of them; where it says nothing, nine of ten values must be terms.
- **values, or name**: names of people in letters that few other lists share. Five different values, nine of ten in the list, do whatever the name is.
- **five values, or name**: one of ten random numbers passes a check digit, so five different values are wanted where the name does not speak.
- **name and values**, **name and shape**: short codes and plain digits, which many things share. The name must speak of them.

## Dictionaries

${toTable(['name', 'tag', 'terms', 'language', 'decided by', 'sensitivity', 'source'], dictionaries)}
## Data patterns

${toTable(['name', 'tag', 'check', 'decided by', 'sensitivity'], patterns)}
## Checks

The \`validator\` of a data pattern names one of these; patterns of your own may too. Separators between digits are ignored.

${toTable(
  ['name', 'what it checks'],
  Object.entries(VALIDATOR_DESCRIPTIONS).map(([name, description]) => [`\`${name}\``, description]),
)}
## Where the terms are from

Term files that come from elsewhere are written by \`node scripts/generate-built-in.ts\` and committed, so what a dictionary holds depends on no
machine. Terms of *public facts* were written for this project from what authorities and standards publish. The other sources
(the texts of their licences are in \`src/identify/built-in/NOTICE\`):

- Unicode CLDR (names of countries, languages, currencies, months, days, units, scripts): © Unicode, Inc., Unicode License v3,
  <https://www.unicode.org/license.txt>.
- @faker-js/faker (names, cities, airlines, elements, breeds, genres): © Faker contributors, MIT.
- iso-3166 and iso-639-3 (codes of countries, their parts, and languages): © Titus Wormer, MIT; the latter after SIL International.
- airports (IATA codes and names): © James Brooks, MIT.
- mime-db (media types and file extensions): © Jonathan Ong and Douglas Christopher Wilson, MIT.
- tlds (top-level domains, after IANA): © Stephen Mathieson and Richie Bendall, MIT.
- spdx-license-ids (identifiers of licences): CC0-1.0.
- libphonenumber-js (numbering plans of telephones, used when a pattern is tried): © catamphetamine, MIT, after Google's libphonenumber, Apache-2.0.
`;
}
