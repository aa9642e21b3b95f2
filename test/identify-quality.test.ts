import { describe, expect, it } from 'vitest';
import { buildCorpus } from '../bench/corpus/build-corpus.ts';
import { identify, readBuiltIn } from '../bench/identify-columns.ts';
import { scoreMatches } from '../bench/identify-score.ts';

describe('quality of the built-in methods', () => {
  it('holds the goals on the half of the corpus that nothing was tuned on', async () => {
    const columns = await buildCorpus('held out', 1);
    const quality = scoreMatches(columns, await identify(columns, await readBuiltIn()));
    expect(columns.length).toBeGreaterThan(500);
    expect(quality.tags.filter(({ right, missed }) => right + missed > 0).length).toBeGreaterThanOrEqual(60);
    expect(quality.precision, quality.mistakes.join('\n')).toBeGreaterThanOrEqual(0.99);
    expect(quality.macroF1, quality.mistakes.join('\n')).toBeGreaterThanOrEqual(0.97);
  }, 180_000);

  it('is seen to fall when columns are called other things than they hold', async () => {
    const columns = (await buildCorpus('development', 1)).filter((_, i) => i % 10 === 0);
    const shifted = columns.map((column, i) => ({ ...column, tags: columns[(i + 1) % columns.length]?.tags ?? [] }));
    const quality = scoreMatches(shifted, await identify(shifted, await readBuiltIn()));
    expect(quality.macroF1).toBeLessThan(0.8);
    expect(quality.precision).toBeLessThan(0.8);
  }, 180_000);
});
