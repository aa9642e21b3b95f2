import { buildCorpus } from './corpus/build-corpus.ts';
import type { LabelledColumn } from './corpus/column.ts';
import type { Half } from './corpus/layouts.ts';
import { identify, type Match, readBuiltIn } from './identify-columns.ts';
import { f1Of, precisionOf, type Quality, recallOf, scoreMatches } from './identify-score.ts';
import { readNumbers } from './options.ts';
import { type Figure, reportBench } from './report.ts';

const USAGE = `How well the built-in identification methods tell what columns hold, on labelled columns: of both halves, the one that methods may
be tuned on and the one that only measures them, with the columns that were written by hand.

  node bench/identify-quality.ts
  node bench/identify-quality.ts --layouts 4       more columns
  node bench/identify-quality.ts --mistakes 200    tell more of the mistakes`;
const { layouts, mistakes } = readNumbers(USAGE, { layouts: 2, mistakes: 40 });

const builtIn = await readBuiltIn();
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`.padStart(8);

function tell(half: Half, quality: Quality, columns: number): void {
  console.log(`\n${half}: ${columns} columns\n  ${'tag'.padEnd(32)} columns  precision  recall      F1`);
  for (const tally of quality.tags)
    console.log(
      `  ${tally.name.padEnd(32)} ${String(tally.right + tally.missed).padStart(7)}   ${percent(precisionOf(tally))} ${percent(recallOf(tally))} ${percent(f1Of(tally))}`,
    );
  for (const mistake of quality.mistakes.slice(0, mistakes)) console.log(`  ${mistake}`);
  if (quality.mistakes.length > mistakes) console.log(`  … and ${quality.mistakes.length - mistakes} more mistakes`);
}

/** The columns that were written by hand, by themselves. */
function byHand(half: Half, columns: readonly LabelledColumn[], matches: readonly (readonly Match[])[]): Figure[] {
  const chosen = columns.flatMap((column, i) => (column.what.startsWith('by hand') ? [i] : []));
  if (chosen.length === 0) return [];
  const quality = scoreMatches(
    chosen.map((i) => columns[i] as LabelledColumn),
    chosen.map((i) => matches[i] ?? []),
  );
  return [
    { what: `${half}, written by hand: precision`, value: quality.precision, unit: `of ${chosen.length} columns` },
    { what: `${half}, written by hand: recall`, value: quality.recall, unit: `of ${chosen.length} columns` },
  ];
}

const figures: Figure[] = [];
for (const half of ['development', 'held out'] as const) {
  const columns = await buildCorpus(half, layouts);
  const started = performance.now();
  const matches = await identify(columns, builtIn);
  const quality = scoreMatches(columns, matches);
  tell(half, quality, columns.length);
  console.log(`  ${((performance.now() - started) / 1000).toFixed(1)} s`);
  const wrongMethods = quality.methods.filter(({ wrong }) => wrong > 0);
  figures.push(
    { what: `${half}: columns`, value: columns.length, unit: 'columns' },
    {
      what: `${half}: types`,
      value: quality.tags.filter(({ right, missed }) => right + missed > 0).length,
      unit: 'tags',
      goal: '≥ 60',
    },
    { what: `${half}: macro-F1`, value: quality.macroF1, unit: '', goal: '≥ 0.97' },
    { what: `${half}: precision`, value: quality.precision, unit: '', goal: '≥ 0.99' },
    { what: `${half}: recall`, value: quality.recall, unit: '' },
    { what: `${half}: methods that were wrong`, value: wrongMethods.length, unit: `of ${builtIn.methods.length}` },
    ...byHand(half, columns, matches),
    ...quality.tags.map(
      (tally): Figure => ({
        what: `${half}, ${tally.name}: F1`,
        value: f1Of(tally),
        unit: `of ${tally.right + tally.missed} columns`,
      }),
    ),
    ...quality.methods.flatMap((tally): Figure[] =>
      tally.wrong > 0
        ? [
            {
              what: `${half}, method ${tally.name}: precision`,
              value: precisionOf(tally),
              unit: `of ${tally.right + tally.wrong} matches`,
            },
          ]
        : [],
    ),
  );
}
reportBench('identify-quality', { layouts }, figures);
