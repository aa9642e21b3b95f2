import { safeText } from '../value-text.ts';
import { CUT, isBlank, LONGEST_PATTERN, POINTS, takePoints } from './alphabet.ts';
import { FormTable, MARKS, takeMarks } from './forms.ts';
import { type GroupedValues, type Seen, type Spread, standFor, wholeSpread } from './grouped-values.ts';
import { mostFrequent } from './most-frequent.ts';
import { type Counted, MOST_PATTERNS, MOST_SHAPES, type PatternsPart, type Weighed } from './patterns-part.ts';
import { GrowingShape } from './shapes.ts';

/**
 * Values of a column → its patterns. Of each value only the form is found at first; the characters are looked at where its pattern or
 * its shape is one of those that are kept. `filled`: rows that are neither null nor blank, where that is known. Pure.
 */
export function patternsOf(given: GroupedValues, filled: number | undefined): PatternsPart {
  const { texts } = given;
  const forms = new FormTable();
  const formOf = new Int32Array(texts.length).map((_, i) =>
    isBlank(texts[i] as string) ? -1 : forms.find(texts[i] as string),
  );
  const ofForms = tally(formOf, forms.patternOf.length, given);
  const ofPatterns = sumBy(forms.patternOf, forms.patterns.length, ofForms);
  // The last one is of those without a shape.
  const ofShapes = sumBy(forms.shapeOf, forms.shapes.length + 1, ofForms);
  const all = seenAt(
    sumBy(
      forms.patternOf.map(() => 0),
      1,
      ofForms,
    ),
    0,
  );
  const perLight = given.light === 0 ? 0 : given.lightRows / given.light;
  const rows = filled ?? Math.round(all.rows + perLight * all.light);
  const weigh = (tallies: Tallies, at: number): Weighed => {
    const { rows: count, variance } = standFor(seenAt(tallies, at), given, all, rows);
    // Whole numbers add up to the same in any order.
    return { count: Math.round(count), variance: Math.ceil(variance), missing: 0 };
  };
  const spreadOf = (seen: Seen): Spread => wholeSpread(standFor(seen, given, all, rows));
  const counted = (at: number): Counted => ({ count: weigh(ofShapes, at).count, missing: 0 });
  const countsOf = (tallies: Tallies): Float64Array =>
    given.all ? tallies.rows : tallies.rows.map((_, at) => weigh(tallies, at).count);
  const patterns = mostFrequent(forms.patterns, countsOf(ofPatterns), MOST_PATTERNS);
  const shapes = mostFrequent(forms.shapes, countsOf(ofShapes).subarray(0, -1), MOST_SHAPES);
  const grown = lookAtKept(texts, formOf, forms, patterns.kept, shapes.kept);
  return {
    filled: rows,
    looked: given.all ? null : texts.length,
    patterns: patterns.kept.map((at) => ({
      ...{ pattern: forms.patterns[at] as string, ...weigh(ofPatterns, at) },
      ...(grown.patterns[at] as GrowingPattern).toTexts(),
    })),
    floor: patterns.floor,
    shapes: shapes.kept.map((at) => ({
      ...{ key: forms.shapes[at] as string, runs: (grown.shapes[at] as GrowingShape).toRuns() },
      ...counted(at),
      ...spreadOf(seenAt(ofShapes, at)),
    })),
    shapeFloor: shapes.floor,
    shapeless: counted(forms.shapes.length),
    spread: spreadOf(all),
  };
}

/** Of many things the rows of their heavy values, and how many light values they have. */
interface Tallies {
  rows: Float64Array;
  light: Float64Array;
}
const noTallies = (size: number): Tallies => ({ rows: new Float64Array(size), light: new Float64Array(size) });
const seenAt = ({ rows, light }: Tallies, at: number): Seen => ({ rows: rows[at] ?? 0, light: light[at] ?? 0 });

function tally(formOf: Int32Array, size: number, { counts, heavyFrom }: GroupedValues): Tallies {
  const { rows, light } = noTallies(size);
  for (let i = 0; i < formOf.length; i += 1) {
    const form = formOf[i] as number;
    const count = counts[i] as number;
    if (form < 0) continue;
    if (count >= heavyFrom) rows[form] = (rows[form] as number) + count;
    else light[form] = (light[form] as number) + 1;
  }
  return { rows, light };
}

/** @param places of each form; −1 is the last one */
function sumBy(places: readonly number[], size: number, of: Tallies): Tallies {
  const { rows, light } = noTallies(size);
  for (let form = 0; form < places.length; form += 1) {
    const place = places[form] === -1 ? size - 1 : (places[form] as number);
    rows[place] = (rows[place] as number) + (of.rows[form] as number);
    light[place] = (light[place] as number) + (of.light[form] as number);
  }
  return { rows, light };
}

function lookAtKept(
  texts: readonly string[],
  formOf: Int32Array,
  forms: FormTable,
  keptPatterns: readonly number[],
  keptShapes: readonly number[],
): { patterns: GrowingPattern[]; shapes: GrowingShape[] } {
  const patterns: GrowingPattern[] = [];
  for (const at of keptPatterns) patterns[at] = new GrowingPattern();
  const shapes: GrowingShape[] = [];
  for (const at of keptShapes) shapes[at] = new GrowingShape(forms.shapes[at] as string);
  for (let i = 0; i < formOf.length; i += 1) {
    const form = formOf[i] as number;
    const pattern = patterns[forms.patternOf[form] as number];
    const shape = shapes[forms.shapeOf[form] as number];
    if (!pattern && !shape) continue;
    const text = texts[i] as string;
    const length = takePoints(text);
    pattern?.add(text, Math.min(length, LONGEST_PATTERN));
    if (!shape) continue;
    takeMarks(length);
    shape.add(POINTS, MARKS, length);
  }
  return { patterns, shapes };
}

/** The characters of the values of a pattern: at each place the smallest and the largest. Values are taken as they will be stored. */
class GrowingPattern {
  #sample: string | undefined;
  readonly #smallest: number[] = [];
  readonly #largest: number[] = [];

  /** Takes in the value whose points were taken. */
  add(value: string, length: number): void {
    const text = value.includes('\0') ? value.replaceAll('\0', '\ufffd') : value;
    const isFirst = this.#sample === undefined;
    if (this.#sample === undefined || text < this.#sample) this.#sample = text;
    for (let i = 0; i < length; i += 1) {
      const point = POINTS[i] || 0xfffd;
      if (isFirst || point < (this.#smallest[i] as number)) this.#smallest[i] = point;
      if (isFirst || point > (this.#largest[i] as number)) this.#largest[i] = point;
    }
  }

  toTexts(): { sample: string; smallest: string; largest: string } {
    return {
      sample: sampleText(this.#sample ?? ''),
      smallest: textOfPoints(this.#smallest),
      largest: textOfPoints(this.#largest),
    };
  }
}

/** Of ASCII as bytes, which takes a tenth of the time. */
const textOfPoints = (points: readonly number[]): string =>
  points.every((point) => point <= 0x7f)
    ? Buffer.from(points).toString('latin1')
    : safeText(String.fromCodePoint(...points));

/** As long as a pattern. */
function sampleText(text: string): string {
  if (text.length <= LONGEST_PATTERN) return safeText(text);
  const points = [...text];
  return safeText(points.length > LONGEST_PATTERN ? `${points.slice(0, LONGEST_PATTERN).join('')}${CUT}` : text);
}
