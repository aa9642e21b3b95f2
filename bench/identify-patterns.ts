import { builtInPatterns } from '../src/identify/built-in/index.ts';
import { readDefinition } from '../src/identify/definition/read-definition.ts';
import { buildInvertedIndex } from '../src/identify/inverted-index.ts';
import type { PatternMethod } from '../src/identify/method.ts';
import { validators } from '../src/identify/validators/index.ts';
import { Judge } from '../src/methods/judge.ts';
import { buildCorpus } from './corpus/build-corpus.ts';
import { factsOf } from './identify-columns.ts';
import { readNumbers } from './options.ts';
import { reportBench } from './report.ts';

const { columns, rows, seed } = readNumbers(
  'How many columns a second all built-in data patterns judge: labelled columns, each with as many different rows as a profile keeps, and each name met once.',
  { columns: 300, rows: 1_024, seed: 1 },
);

const methods = builtInPatterns().map(
  (definition): PatternMethod =>
    readDefinition(definition, { validators: Object.keys(validators), builtIn: true, kind: 'pattern' }).method,
);

const corpus = await buildCorpus('development', 4);
const byKind = [...Map.groupBy(corpus, ({ what }) => what).values()];
// Columns of one kind together have as many values as a real one; each gets a name that was not met before.
const made = Array.from({ length: columns }, (_, i) => {
  const kind = byKind[(i * 7 + seed) % byKind.length] ?? [];
  const all = kind.flatMap(({ values }) => values.filter((value) => value !== null));
  const { name } = kind[i % kind.length] ?? { name: 'none' };
  return factsOf({
    name: `${name}_${i}`,
    values: Array.from({ length: rows }, (_, row) => all[row % all.length] ?? null),
  });
});

async function run(): Promise<{ seconds: number; matched: number }> {
  await using judge = new Judge(methods, await buildInvertedIndex(none(), 0));
  const start = performance.now();
  let matched = 0;
  for (const facts of made)
    matched += (await judge.judge({ id: facts.entityId, name: facts.name, facts, shown: new Set() })).matched.length;
  return { seconds: (performance.now() - start) / 1000, matched };
}

async function* none(): AsyncGenerator<never> {}

const first = await run();
const second = await run();
if (first.matched !== second.matched) throw new Error(`${first.matched} matched, then ${second.matched}`);
const values = made.reduce((sum, { distinct }) => sum + distinct, 0) / made.length;

reportBench('identify-patterns', { columns, rows, patterns: methods.length, values: Math.round(values), seed }, [
  { what: 'matches', value: first.matched, unit: 'of all columns' },
  { what: 'by expressions that were compiled before', value: columns / second.seconds, unit: 'columns/s' },
  { what: 'expressions compiled on the way', value: columns / first.seconds, unit: 'columns/s' },
]);
