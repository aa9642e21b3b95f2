import type { PatternSpec } from '../pattern-spec.ts';

const POSTAL = {
  anywhere: [
    'postal',
    'post code',
    'postcode',
    'zip code',
    'zipcode',
    'postleitzahl',
    'code postal',
    'código postal',
    'codigo postal',
    'codice postale',
    'postnummer',
    'kod pocztowy',
    'pin code',
    'pincode',
    'eircode',
    'irányítószám',
    'почтовый индекс',
    'posta kodu',
    '郵便番号',
    '우편번호',
    '邮编',
    '邮政编码',
  ],
  words: ['zip', 'plz', 'cap', 'cep', 'cp', 'psc', 'postnr', 'pc', '〒', 'npa'],
};

/** Country and the shapes of its postal codes (Universal Postal Union, addressing systems of its members). */
const COUNTRIES: readonly (readonly [string, readonly string[]])[] = [
  ['United States', ['[0-9]{5}(?:-[0-9]{4})?']],
  ['Canada', ['(?i)[abceghj-nprstvxy][0-9][abceghj-nprstv-z][ -]?[0-9][abceghj-nprstv-z][0-9]']],
  [
    'United Kingdom',
    [
      '(?i)(?:[a-pr-uwyz][0-9][0-9a-hjkpstuw]?|[a-pr-uwyz][a-hk-y][0-9][0-9abehmnprv-y]?) ?[0-9][abd-hjlnp-uw-z]{2}',
      '(?i)gir ?0aa',
    ],
  ],
  ['Germany', ['(?:D-)?(?:0[1-9]|[1-9][0-9])[0-9]{3}']],
  ['France', ['(?:F-)?(?:0[1-9]|[1-8][0-9]|9[0-8])[0-9]{3}']],
  ['Italy, Spain', ['[0-9]{5}']],
  ['Austria, Switzerland, Belgium, Denmark, Norway, Australia', ['(?:[A-Z]{1,2}-)?[0-9]{4}']],
  ['Netherlands', ['(?i)[1-9][0-9]{3} ?[a-z]{2}']],
  ['Poland', ['[0-9]{2}-[0-9]{3}']],
  ['Sweden, Czechia, Slovakia, Greece', ['[0-9]{3} [0-9]{2}']],
  ['Portugal', ['[1-9][0-9]{3}-[0-9]{3}']],
  ['Ireland', ['(?i)[ac-fhknprtv-y][0-9][0-9w] ?[0-9ac-fhknprtv-y]{4}']],
  ['Japan', ['〒? ?[0-9]{3}[-ー−][0-9]{4}', '[0-9]{7}']],
  ['Korea', ['[0-9]{5}', '[0-9]{3}-[0-9]{3}']],
  ['China, India, Russia, Singapore', ['[0-9]{6}', '[1-9][0-9]{2} [0-9]{3}']],
  ['Brazil', ['[0-9]{5}-?[0-9]{3}']],
  ['Argentina', ['(?i)[a-hj-np-z][0-9]{4}[a-z]{3}']],
];

/** Customers of many countries: any of their shapes, with the country in front or not. */
const MIXED: readonly [string, readonly string[]] = [
  'Mixed Countries',
  [
    '(?:[A-Z]{1,3}-)?[0-9]{4,6}(?:-[0-9]{3,4})?',
    '(?:[A-Z]{1,3}-)?[0-9]{2,3}[ -][0-9]{2,4}',
    ...COUNTRIES.flatMap(([, shapes]) => shapes).filter((shape) => shape.includes('[a-') || shape.includes('gir')),
  ],
];

/** Postal codes by country. Digits of their length are everywhere, so the name of the column must speak of them. */
export const POSTAL_CODES: readonly PatternSpec[] = [...COUNTRIES, MIXED].map(
  ([country, regex]): PatternSpec => ({
    name: `Postal Code (${country})`,
    tag: 'Postal Code',
    category: 'Contact',
    weight: 'name',
    regex,
    naming: POSTAL,
    sensitivity: 'LOW',
    leastShare: 0.75,
  }),
);
