import { z } from 'zod';
import { exportedDefinition } from '../../methods/export/exported-definition.ts';
import type { ImportVerdict } from '../../methods/import/verdict.ts';
import type { StoredMethod } from '../../store/methods/read-methods.ts';

const head = {
  _id: z.string(),
  name: z.string(),
  type: z.enum(['Dictionary', 'DataPattern']),
  isEnabled: z.boolean().describe('Whether jobs without a choice of methods use it'),
  builtIn: z.boolean().describe('It came with Assay: it can be switched on and off and copied, not changed or deleted'),
  categories: z.array(z.string()),
  language: z.string(),
  description: z.string(),
  state: z.enum(['READY', 'NO_TERMS']).describe('A dictionary without terms matches nothing'),
  termCount: z.int().describe('Rows of terms; 0 for data patterns'),
  cardinality: z.int().describe('Different terms without regard to case'),
  origin: z.string().describe('How it came: json, csv, zip, column, copy, built-in'),
  methodVersion: z.string().describe('Changes with everything that could change a verdict; evidence names it'),
  createdAt: z.string(),
  updatedAt: z.string(),
};

/** A method in a list. */
export const methodHead = z.object(head).meta({ title: 'MethodHead' });

/** A method with its definition, in the fields of the original. */
export const methodBody = z
  .looseObject({
    ...head,
    warnings: z.array(z.string()).describe('What was doubtful when it was stored'),
    rules: z.array(z.record(z.string(), z.unknown())),
  })
  .meta({
    title: 'Method',
    description: 'The definition in the fields it came with, and beside them what Assay knows of it',
  });

export const importVerdict = z
  .object({
    member: z.string().describe('The file, of inner zips with the path to it; `body` where there is one only'),
    verdict: z.enum(['created', 'overwritten', 'unchanged', 'rejected']),
    id: z.string(),
    name: z.string(),
    terms: z.int().describe('Rows of terms'),
    cardinality: z.int().describe('Different terms without regard to case'),
    warnings: z.array(z.string()).describe('What was left out or may not be what was meant; by line where it helps'),
    problems: z.array(z.string()).describe('Why it was rejected'),
  })
  .meta({ title: 'ImportVerdict', description: 'What became of one member of an upload' });

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

export function toMethodHead(method: StoredMethod): z.output<typeof methodHead> {
  return {
    _id: method.id,
    name: method.name,
    type: method.kind === 'dictionary' ? 'Dictionary' : 'DataPattern',
    isEnabled: method.enabled,
    builtIn: method.builtIn,
    categories: method.categories,
    language: method.language,
    description: text(method.definition.description),
    state: method.kind === 'dictionary' && method.terms === 0 ? 'NO_TERMS' : 'READY',
    termCount: method.terms,
    cardinality: method.cardinality,
    origin: method.origin,
    methodVersion: method.version,
    createdAt: method.createdAt.toISOString(),
    updatedAt: method.updatedAt.toISOString(),
  };
}

export function toMethodBody(method: StoredMethod): z.output<typeof methodBody> {
  const { rules, ...definition } = exportedDefinition(method);
  return {
    ...definition,
    ...toMethodHead(method),
    warnings: method.warnings,
    rules: Array.isArray(rules) ? rules : [],
  };
}

/** "2 of 3 members were imported (1 created, 1 unchanged); 1 was rejected" */
export function importMessage(verdicts: readonly ImportVerdict[]): string {
  const counts = ['created', 'overwritten', 'unchanged'].flatMap((verdict) => {
    const count = verdicts.filter((one) => one.verdict === verdict).length;
    return count > 0 ? [`${count} ${verdict}`] : [];
  });
  const lost = verdicts.filter(({ verdict }) => verdict === 'rejected').length;
  const taken = verdicts.length - lost;
  const members = verdicts.length === 1 ? 'member' : 'members';
  return `${taken} of ${verdicts.length} ${members} taken${taken > 0 ? ` (${counts.join(', ')})` : ''}${lost > 0 ? `; ${lost} rejected, see problems` : ''}`;
}
