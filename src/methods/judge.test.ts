import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildCorpus } from '../../bench/corpus/build-corpus.ts';
import { factsOf } from '../../bench/identify-columns.ts';
import { bestAliases } from '../identify/best-alias.ts';
import { builtInPatterns } from '../identify/built-in/index.ts';
import { readDefinition } from '../identify/definition/read-definition.ts';
import { evaluateMethod } from '../identify/evaluate.ts';
import { buildInvertedIndex } from '../identify/inverted-index.ts';
import type { PatternMethod } from '../identify/method.ts';
import { RegexRunner } from '../identify/regex/regex-runner.ts';
import { regexShareOf } from '../identify/scores/regex-share.ts';
import { validators } from '../identify/validators/index.ts';
import { Judge } from './judge.ts';

const read = (definition: unknown): PatternMethod =>
  readDefinition(definition, { validators: Object.keys(validators), builtIn: true, kind: 'pattern' }).method;

async function* none(): AsyncGenerator<never> {}

describe('data patterns that are ruled out before all values were tried', () => {
  it('are those that do not match when all are tried', async () => {
    const [first] = builtInPatterns();
    if (!first) throw new Error('there are no data patterns');
    const written = (name: string, parts: object): PatternMethod =>
      ({ ...read(first), id: name, name, aliases: [], regexes: ['[a-z]+'], ...parts }) as PatternMethod;
    const rule = { minSamples: 0, confidenceScore: { var: 'regexScore' }, actions: [] };
    const methods = [
      ...builtInPatterns().map(read),
      written('many rows', {
        rules: [{ ...rule, minSamples: 10_000, condition: { '>=': [{ var: 'regexScore' }, 0.1] } }],
      }),
      written('few values', { rules: [{ ...rule, condition: { '<': [{ var: 'regexScore' }, 0.3] } }] }),
      written('half', { rules: [{ ...rule, condition: { '>=': [{ var: 'confidenceScore' }, 0.5] } }] }),
      written('no check', { validator: 'none of that name', rules: [{ ...rule, condition: { var: 'regexScore' } }] }),
    ];
    const corpus = await buildCorpus('development', 1);
    await using judge = new Judge(methods, await buildInvertedIndex(none(), 0));
    await using runner = new RegexRunner();
    let [matched, lacking] = [0, 0];
    for (const column of fc.sample(fc.constantFrom(...corpus), { numRuns: 40 })) {
      const facts = factsOf(column);
      const judged = await judge.judge({ id: facts.entityId, name: facts.name, facts, shown: new Set() });
      const expected = { matched: [] as string[], lacking: [] as string[] };
      for (const method of methods) {
        const [alias] = await bestAliases(method, [facts.name], runner);
        const regex = await regexShareOf(method, facts, runner, validators);
        const { outcome } = evaluateMethod(method, facts, { ...(alias ? { alias } : {}), regex });
        if (outcome === 'matched') expected.matched.push(method.name);
        if (outcome === 'could not match') expected.lacking.push(method.name);
      }
      expect(judged.matched.map(({ method }) => method.name)).toEqual(expected.matched);
      expect(judged.lacking.map(({ method }) => method.name)).toEqual(expected.lacking);
      expect(judged.judged + judged.lacking.length).toBe(methods.length);
      matched += expected.matched.length;
      lacking += expected.lacking.length;
    }
    expect(matched).toBeGreaterThan(10);
    expect(lacking).toBeGreaterThan(10);
  }, 60_000);
});
