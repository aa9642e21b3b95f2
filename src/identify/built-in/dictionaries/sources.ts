/** Where terms are from, as documents cite it. */
export const SOURCES = {
  own: 'public facts, written for this project',
  cldr: 'Unicode CLDR 48 (Unicode License v3), through the ICU of Node',
  faker: '@faker-js/faker 10.6.0 (MIT)',
  fakerAndOwn: '@faker-js/faker 10.6.0 (MIT), and public facts written for this project',
  iso3166: 'iso-3166 4.4.0 (MIT)',
  iso3166AndOwn: 'iso-3166 4.4.0 (MIT) and @faker-js/faker 10.6.0 (MIT)',
  iso639: 'iso-639-3 3.0.1 (MIT)',
  cldrAndIso: 'Unicode CLDR 48 (Unicode License v3) and iso-3166 4.4.0 (MIT)',
  airports: 'airports 1.0.0 (MIT)',
  mime: 'mime-db 1.54.0 (MIT)',
  spdx: 'spdx-license-ids 3.0.24 (CC0-1.0)',
  tlds: 'tlds 1.261.0 (MIT), after IANA',
  node: 'RFC 9110 and the IANA register, as Node names them',
} as const;
