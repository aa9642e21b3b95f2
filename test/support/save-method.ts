import { createHash } from 'node:crypto';
import { buildTerms } from '../../src/methods/build-terms.ts';
import type { Db } from '../../src/store/database.ts';
import { putMethod } from '../../src/store/methods/write-methods.ts';
import { giveTerms } from '../../src/store/methods/write-terms.ts';

export const weighted = (weights: Record<string, number>): object => ({
  '+': Object.entries(weights).map(([name, weight]) => ({ '*': [{ var: name }, weight] })),
});
export const atLeast = (name: string, value: number): object => ({ '>=': [{ var: name }, String(value)] });

interface Rule {
  minSamples?: string;
  confidenceScore?: object;
  condition?: object;
  actions?: object[];
}

interface Saved {
  id: string;
  name?: string;
  enabled?: boolean;
  rule?: Rule;
  aliases?: { nameRegex: string; score: number }[];
}

const definitionOf = (type: string, { id, name = id, enabled = true, rule, aliases = [] }: Saved, score: object) => ({
  _id: id,
  name,
  type,
  isEnabled: enabled,
  categories: [],
  rules: [
    {
      type,
      minSamples: '1',
      confidenceScore: score,
      condition: { and: [atLeast('confidenceScore', 0.7)] },
      actions: [{ applyTags: [{ name }] }],
      ...rule,
    },
  ],
  metadataHints: { aliases },
});

/** A dictionary as an import would store it. */
export async function saveDictionary(db: Db, dictionary: Saved & { terms: string[] }): Promise<void> {
  const { id, name = id, enabled = true, terms } = dictionary;
  const score = weighted({ similarity: 0.9, metadataScore: 0.1 });
  const definition = definitionOf('Dictionary', dictionary, score);
  await db.transaction().execute(async (trx) => {
    const built = await buildTerms(trx, [terms]);
    await putMethod(trx, rowOf('dictionary', id, name, enabled, { definition, digest: built.digest }, definition));
    await giveTerms(trx, id, built.termSet);
  });
}

/** A data pattern as an import would store it. */
export async function savePattern(
  db: Db,
  pattern: Saved & { regex?: string[]; exclusions?: string[]; profilePatterns?: string[] },
): Promise<void> {
  const { id, name = id, enabled = true, regex = [], exclusions = [], profilePatterns = [] } = pattern;
  const score = weighted({ regexScore: 0.7, profilePatternScore: 0.2, metadataScore: 0.1 });
  const definition = {
    ...definitionOf('DataPattern', pattern, score),
    profilePatterns,
    regexMatch: { regex, exclusions },
  };
  await db.transaction().execute((trx) => putMethod(trx, rowOf('pattern', id, name, enabled, definition, definition)));
}

const rowOf = (
  kind: 'dictionary' | 'pattern',
  id: string,
  name: string,
  enabled: boolean,
  versioned: object,
  definition: Record<string, unknown>,
) => ({
  ...{ id, kind, name, enabled, definition },
  version: createHash('sha256').update(JSON.stringify(versioned)).digest('hex').slice(0, 16),
  ...{ builtIn: false, origin: 'json', language: '', categories: [], members: {}, warnings: [], userId: null },
});
