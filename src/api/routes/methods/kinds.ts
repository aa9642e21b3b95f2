import { z } from 'zod';
import { newDictionary, newPattern } from '../../../methods/new-definitions.ts';
import type { StoredKind } from '../../../store/methods/read-methods.ts';
import { errorBody } from '../../plugins/errors.ts';

/** What differs between the routes of the two kinds. */
export interface MethodRoutes {
  kind: StoredKind;
  path: '/dictionaries' | '/data-patterns';
  tags: string[];
  one: string;
  many: string;
  example: Record<string, unknown>;
}

export const DICTIONARIES: MethodRoutes = {
  kind: 'dictionary',
  path: '/dictionaries',
  tags: ['Dictionaries'],
  one: 'dictionary',
  many: 'dictionaries',
  example: { ...newDictionary('Colours'), terms: ['red', 'green', 'blue'] },
};

export const DATA_PATTERNS: MethodRoutes = {
  kind: 'pattern',
  path: '/data-patterns',
  tags: ['Data patterns'],
  one: 'data pattern',
  many: 'data patterns',
  example: newPattern('Order number', { patterns: ['AAsdddddd'], regexes: ['[A-Z]{2}-\\d{6}'] }),
};

/** Ids come from definitions: any text that fits into a path. */
export const methodParams = z.object({ id: z.string().min(1).max(200).describe('Id, the `_id` of its definition') });

export const notFound = errorBody.describe('There is no such method of this kind');
export const refused = errorBody.describe('It came with Assay: copy it and change the copy');
export const stale = errorBody.describe('Somebody changed it meanwhile');
