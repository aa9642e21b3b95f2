import { STATUS_CODES } from 'node:http';
import { createRequire } from 'node:module';
import { allLocales } from '@faker-js/faker';

const require = createRequire(import.meta.url);
const english = allLocales.en;

/** File → terms: registers of technology and commerce, from mime-db, spdx-license-ids, tlds and @faker-js/faker. */
export function buildRegisterTerms(): Record<string, string[]> {
  const media = require('mime-db') as Record<string, { source?: string; extensions?: string[] }>;
  const extensions = Object.values(media).flatMap((type) => type.extensions ?? []);
  const area = english.person?.job_area ?? [];
  const kinds = english.person?.job_type ?? [];
  const animals = english.animal;
  return {
    'mime-types': Object.keys(media),
    'file-extensions': extensions.flatMap((extension) => [extension, `.${extension}`]),
    'spdx-licences': require('spdx-license-ids') as string[],
    'top-level-domains': (require('tlds') as string[]).flatMap((domain) => [domain, `.${domain}`]),
    'http-status-codes': Object.keys(STATUS_CODES),
    'http-status-texts': Object.entries(STATUS_CODES).flatMap(([code, text]) => [text ?? '', `${code} ${text}`]),
    'airline-names': (english.airline?.airline ?? []).map(({ name }) => name),
    'airline-codes': (english.airline?.airline ?? []).map(({ iataCode }) => iataCode),
    'aircraft-types': (english.airline?.airplane ?? []).map(({ name }) => name),
    'chemical-elements-en': (english.science?.chemical_element ?? []).map(({ name }) => name),
    'chemical-symbols': (english.science?.chemical_element ?? []).map(({ symbol }) => symbol),
    'music-genres': [...(english.music?.genre ?? [])],
    'dog-breeds': [...(animals?.dog ?? [])],
    'cat-breeds': [...(animals?.cat ?? [])],
    'horse-breeds': [...(animals?.horse ?? [])],
    'fruits-vegetables': [...(english.food?.fruit ?? []), ...(english.food?.vegetable ?? [])],
    spices: [...(english.food?.spice ?? [])],
    'gender-identities': [...(english.person?.gender ?? [])],
    'corporate-titles-en': area.flatMap((field) => kinds.map((kind) => `${field} ${kind}`)),
  };
}
