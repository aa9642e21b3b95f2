import type { PatternSpec } from '../pattern-spec.ts';
import { COMPANY, INSURANCE, PERSON, TAX } from './kinds-of-ids.ts';

/** Numbers of persons and companies in Oceania and Africa. */
export const IDS_OCEANIA_AFRICA: readonly PatternSpec[] = [
  {
    ...TAX,
    name: 'Tax File Number (Australia)',
    term: 'Tax File Number (Australia)',
    weight: 'digits',
    regex: ['[0-9]{3} ?[0-9]{3} ?[0-9]{3}'],
    validator: 'au-tfn',
    naming: { anywhere: ['tax file'], words: ['tfn'] },
  },
  {
    ...COMPANY,
    name: 'ABN (Australia)',
    term: 'ABN (Australia)',
    weight: 'digits',
    regex: ['[1-9][0-9] ?[0-9]{3} ?[0-9]{3} ?[0-9]{3}'],
    validator: 'au-abn',
    naming: { anywhere: ['australian business'], words: ['abn'] },
  },
  {
    ...INSURANCE,
    name: 'Medicare Number (Australia)',
    term: 'Medicare Number (Australia)',
    weight: 'name',
    regex: ['[2-6][0-9]{3} ?[0-9]{5} ?[0-9]{1,2}'],
    validator: 'au-medicare',
    naming: { anywhere: ['medicare'] },
  },
  {
    ...TAX,
    name: 'IRD Number (New Zealand)',
    term: 'IRD Number (New Zealand)',
    weight: 'name',
    regex: ['[0-9]{2,3}-?[0-9]{3}-?[0-9]{3}'],
    validator: 'nz-ird',
    naming: { anywhere: ['inland revenue'], words: ['ird'] },
  },
  {
    ...PERSON,
    name: 'Identity Number (South Africa)',
    term: 'Identity Number (South Africa)',
    weight: 'digits',
    regex: ['[0-9]{6} ?[0-9]{4} ?[0-9]{3}'],
    validator: 'za-id',
    naming: { anywhere: ['sa id', 'south african id', 'identity number', 'id number'], words: ['rsa id', 'idno'] },
  },
  {
    ...PERSON,
    name: 'National Number (Egypt)',
    term: 'National Number (Egypt)',
    weight: 'name',
    regex: ['[23][0-9]{13}'],
    validator: 'eg-id',
    naming: { anywhere: ['الرقم القومي', 'national id', 'national number'], words: ['nid'] },
  },
  {
    ...COMPANY,
    name: 'ACN (Australia)',
    term: 'ACN (Australia)',
    weight: 'name',
    regex: ['[0-9]{3} ?[0-9]{3} ?[0-9]{3}'],
    validator: 'au-acn',
    naming: { anywhere: ['australian company'], words: ['acn'] },
  },
];
