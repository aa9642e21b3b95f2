import type { PatternSpec } from '../pattern-spec.ts';
import { FINANCE } from './finance.ts';
import { GOODS } from './goods.ts';
import { IDS_AMERICAS } from './ids-americas.ts';
import { IDS_ASIA } from './ids-asia.ts';
import { IDS_EUROPE } from './ids-europe.ts';
import { IDS_OCEANIA_AFRICA } from './ids-oceania-africa.ts';
import { INTERNET } from './internet.ts';
import { PAPERS } from './papers.ts';
import { PHONES } from './phones.ts';
import { POSTAL_CODES } from './postal-codes.ts';
import { SECRETS } from './secrets.ts';
import { TIME_AND_PLACE } from './time-and-place.ts';

/** Every built-in data pattern. */
export const PATTERN_SPECS: readonly PatternSpec[] = [
  ...INTERNET,
  ...FINANCE,
  ...GOODS,
  ...PHONES,
  ...POSTAL_CODES,
  ...IDS_ASIA,
  ...IDS_AMERICAS,
  ...IDS_EUROPE,
  ...IDS_OCEANIA_AFRICA,
  ...PAPERS,
  ...TIME_AND_PLACE,
  ...SECRETS,
];
