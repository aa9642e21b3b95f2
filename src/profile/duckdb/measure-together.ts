import type { MeasuredColumn } from '../column.ts';
import { type Bins, binsAround, histogramOfBins } from '../measures/bins.ts';
import type { KnownTexts } from '../measures/canonical-sql.ts';
import { histogram } from '../measures/histogram.ts';
import { leanAsks, leanHolds } from '../measures/lean.ts';
import type { MinMaxPart } from '../measures/min-max.ts';
import { squares } from '../measures/squares.ts';
import { type ColumnPart, isUnknown } from '../part.ts';
import type { Ask } from '../statements.ts';
import { togetherStatement } from '../together.ts';
import { readAnswers, store, unlessUnread } from './answer.ts';
import { readBins } from './measure-bins.ts';
import { asksOf, groupingOf, isAsked, viewOf, type Work } from './measure-work.ts';
import type { ColumnSample } from './sample-rows.ts';
import { knownTexts, textsSql } from './scan-texts.ts';

/** What was found on the way, by column. */
export interface MeasuredTogether {
  /** The table of its chosen values. */
  found: Map<string, string>;
  texts: Map<string, KnownTexts>;
}

/** Chosen rows are listed in memory: so small a share of it. */
const SHARE_OF_MEMORY = 1 / 16;
/** Beside its text. */
const BYTES_OF_A_VALUE = 16;

/**
 * Measures each column of a large relation that does not repeat in one pass over its rows: the `scan`, its chosen values, and of whole
 * numbers squares and histogram as well, by the range that the sample has. What this cannot tell is left to be asked apart: where the
 * statement fails, where too many rows would be chosen, and where values or texts are not as the sample has them.
 */
export async function measureTogether(
  work: Work,
  samples: ReadonlyMap<string, ColumnSample>,
): Promise<MeasuredTogether> {
  const together: MeasuredTogether = { found: new Map(), texts: new Map() };
  for (const [i, part] of work.columns.entries()) {
    work.options.progress?.((0.3 * i) / work.columns.length);
    const sample = samples.get(part.column.ref);
    if (!sample || sample.repeats || !isListed(part.column, sample, work)) continue;
    await unlessUnread(work.session, measureOne(work, part, sample, together));
  }
  await work.session.run('DROP TABLE IF EXISTS together', 'measuring');
  return together;
}

/** Whether the chosen rows of a column are few and short enough to be held. */
function isListed({ kind }: MeasuredColumn, sample: ColumnSample, { rows, session }: Work): boolean {
  if (kind === 'nested' || kind === 'other' || kind === 'blob') return false;
  const chance = 2 ** -sample.valueLevel + sample.marks.length / 2 ** 16;
  const chosen = rows * (chance + sample.markedRows / Math.max(sample.rows, 1));
  return chosen * (BYTES_OF_A_VALUE + sample.bytes) <= session.memoryMb * 2 ** 20 * SHARE_OF_MEMORY;
}

async function measureOne(
  work: Work,
  part: ColumnPart,
  sample: ColumnSample,
  { found, texts }: MeasuredTogether,
): Promise<void> {
  const { session } = work;
  const { column } = part;
  const scan = leanAsks(asksOf(work, part, ['scan']), column, sample.texts);
  const numbers = numbersOf(work, part, sample);
  const asks = numbers ? [...scan, numbers.squares] : scan;
  // What is known of all texts is not asked.
  const told = work.relation.texts?.has(column.ref) ?? false;
  const also = told ? [] : textsSql(column.ref, sample.texts);
  const wanted = { level: sample.valueLevel, marks: sample.marks, texts: sample.texts };
  const statement = togetherStatement(column, viewOf(work, column), asks, wanted, { also, bins: numbers?.bins });
  await session.run(statement.make, groupingOf(column));
  const [row = []] = await session.query(statement.read.sql, groupingOf(column));
  if (told) texts.set(column.ref, sample.texts);
  else if (also.length > 0) texts.set(column.ref, knownTexts(row.slice(-also.length)));
  if (texts.get(column.ref) === sample.texts) {
    const table = `found_${column.ref}`;
    await session.run(statement.found(table), groupingOf(column));
    found.set(column.ref, table);
  }
  const answers = readAnswers({ ...statement.read, fields: statement.read.fields.slice(0, scan.length) }, row);
  const holds = leanHolds(answers, texts.get(column.ref));
  store(
    work,
    answers.filter(([ask]) => holds(ask)),
  );
  if (!numbers) return;
  const { measures } = part;
  // What the squares are about is the sample's; their sum is that of all rows.
  numbers.squares.known.parts.sum = measures.sum;
  const [[, about] = []] = readAnswers({ ...statement.read, fields: statement.read.fields.slice(scan.length) }, row);
  if (!isUnknown(about)) measures.squares ??= about;
  const { min, max } = measures.minmax as MinMaxPart;
  const bars = histogramOfBins(readBins(row), numbers.bins, { low: Number(min), high: Number(max) });
  if (bars) measures.histogram ??= bars;
}

/** How squares and histogram of whole numbers are asked by the range of the sample; undefined where they are not. */
function numbersOf(work: Work, part: ColumnPart, { range }: ColumnSample): { squares: Ask; bins: Bins } | undefined {
  if (!range || ![squares, histogram].every((measure) => isAsked(work, part, measure, ['refine']))) return undefined;
  const [ask] = asksOf(work, part, ['refine'], undefined, ({ measure }) => measure.name === 'squares');
  if (!ask) return undefined;
  const known = { ...ask.known, parts: { ...ask.known.parts, minmax: range } };
  return { squares: { ...ask, known }, bins: binsAround(Number(range.min), Number(range.max)) };
}
