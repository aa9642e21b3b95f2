import type { PatternSpec } from '../pattern-spec.ts';

type Kind = Pick<PatternSpec, 'tag' | 'category' | 'sensitivity'>;

/** Numbers that a state gives a person for all purposes. */
export const PERSON: Kind = { tag: 'National ID Number', category: 'Identity', sensitivity: 'HIGH' };
/** Of taxpayers, persons among them. */
export const TAX: Kind = { tag: 'Tax Number', category: 'Identity', sensitivity: 'HIGH' };
/** Of companies and other organisations: no personal data. */
export const COMPANY: Kind = { tag: 'Company Number', category: 'Commerce' };
/** Of the insured of social security and health care. */
export const INSURANCE: Kind = { tag: 'Social Insurance Number', category: 'Identity', sensitivity: 'HIGH' };
/** Of members of a profession. */
export const PROFESSIONAL: Kind = { tag: 'Professional Licence Number', category: 'Identity', sensitivity: 'LOW' };
