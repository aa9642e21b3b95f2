import { shareOfSample } from '../../profile/interval.ts';
import { isBlank } from '../../profile/text/alphabet.ts';
import { canonicalText } from '../../sketch/canonical-text.ts';
import { allRead, type ColumnFacts, type KnownValues, type Missing } from '../column-facts.ts';
import type { PatternMethod } from '../method.ts';
import type { RegexTester } from '../regex/regex-tester.ts';
import { shapeOf, shapesOf } from '../regex/shape.ts';
import type { Score } from '../verdict.ts';
import { exactScore, scoreOf } from './score.ts';

/** A check that a whole value must pass besides its expression, by the name that definitions call it. */
export type Validators = Readonly<Record<string, (value: string) => boolean>>;

/** `score`, and values that matched and that did not, most frequent first. */
export interface RegexShare {
  score: Score;
  matched: string[];
  unmatched: string[];
}

/**
 * `regexScore`: of the rows that are neither null nor blank the share whose whole value matches one of the expressions, is none of
 * the exclusions (compared by canonical text: in any case, white space around it left out), and passes the validator.
 *
 * h of the n known rows that are not blank: h/n, exact where all rows are known, else with Wilson's interval, corrected for the rows
 * there are.
 *
 * @source E. B. Wilson, Probable inference, JASA 22 (1927)
 * @throws AssayError EXPRESSION_TOO_SLOW that names an expression which could not be tried in time
 */
export async function regexShareOf(
  method: Pick<PatternMethod, 'name' | 'regexes' | 'exclusions' | 'validator'>,
  facts: ColumnFacts,
  tester: RegexTester,
  validators: Validators,
): Promise<RegexShare | Missing> {
  const share = await regexShareFrom(method, facts, tester, validators, 0);
  if (!share) throw new RangeError('a share is below 0');
  return share;
}

/**
 * The same, or undefined as soon as it is certain that the share is below `least`: values of shapes that no expression can match are not
 * tried, and the others only as long as enough of them may match, those of most rows first.
 */
export async function regexShareFrom(
  method: Pick<PatternMethod, 'name' | 'regexes' | 'exclusions' | 'validator'>,
  facts: ColumnFacts,
  tester: RegexTester,
  validators: Validators,
  least: number,
): Promise<RegexShare | Missing | undefined> {
  const { values: known } = facts;
  if (method.regexes.length === 0 && method.validator === undefined)
    return { score: exactScore(0), matched: [], unmatched: [] };
  if ('missing' in known) return known;
  const validate = method.validator === undefined ? undefined : validators[method.validator];
  if (method.validator !== undefined && !validate)
    return { missing: `validator ${JSON.stringify(method.validator)}: there is none of that name here` };
  const { filled, rows } = filledOf(known);
  const hits = new Uint8Array(filled.length);
  // Rows that match, or may.
  let possible = rows;
  const tooFew = (): boolean => possible / rows < least;
  let order: readonly number[] | undefined;
  if (least > 0 && method.regexes.length > 0) {
    ({ order, possible } = possibleOf(method.regexes, known));
    if (tooFew()) return undefined;
  }
  const places = order ?? filled.map((_, i) => i);
  const excluded = new Set(method.exclusions.map((text) => canonicalText(text)));
  for (let [from, size] = [0, least > 0 ? FIRST_LOOK : places.length]; from < places.length; from += size, size *= 4) {
    const chunk = places.slice(from, from + size);
    await tryExpressions(method, chunk, filled, hits, tester);
    for (const i of chunk) {
      const [value, count] = filled[i] as readonly [string, number];
      // What is dearer comes last, and looks at nothing but hits.
      if (hits[i] && excluded.size > 0 && excluded.has(canonicalText(value))) hits[i] = 0;
      else if (hits[i] && validate && !validate(value)) hits[i] = 0;
      if (hits[i]) continue;
      possible -= count;
      if (tooFew()) return undefined;
    }
  }
  const ofRows = Math.max(facts.nonNull - facts.blanks, rows);
  return {
    score: known.all
      ? exactScore(rows === 0 ? 0 : possible / rows, rows)
      : scoreOf(shareOfSample(possible, rows, allRead(facts) ? ofRows : undefined), 'sample', rows),
    // Hundreds of methods are tried on a column, and of few anybody wants to know.
    get matched() {
      return mostFrequent(filled.filter((_, i) => hits[i]));
    },
    get unmatched() {
      return mostFrequent(filled.filter((_, i) => !hits[i]));
    },
  };
}

/** As much of the rows as may match by the shapes of their values, without trying anything; 1 where values say nothing yet. */
export function mostRegexShare({ regexes }: Pick<PatternMethod, 'regexes'>, { values: known }: ColumnFacts): number {
  if (regexes.length === 0 || 'missing' in known) return 1;
  const { rows } = filledOf(known);
  return rows === 0 ? 1 : possibleOf(regexes, known).possible / rows;
}

/** So many values are tried before it is asked whether the others can still matter. */
const FIRST_LOOK = 32;

/** Marks the hits among the values at the places. An expression is tried on what the ones before it left. */
async function tryExpressions(
  { name, regexes }: Pick<PatternMethod, 'name' | 'regexes'>,
  places: readonly number[],
  filled: KnownValues['values'],
  hits: Uint8Array,
  tester: RegexTester,
): Promise<void> {
  if (regexes.length === 0) for (const i of places) hits[i] = 1;
  let open = places;
  for (const source of regexes) {
    if (open.length === 0) break;
    const found = await tester.test(
      { source, mode: 'whole', owner: name },
      open.map((i) => (filled[i] as readonly [string, number])[0]),
    );
    for (const [at, i] of open.entries()) if (found[at]) hits[i] = 1;
    if (regexes.length > 1) open = open.filter((i) => !hits[i]);
  }
}

/** Places of the values whose shape one of the expressions may match, those of most rows first, and the rows that hold them. */
function possibleOf(regexes: readonly string[], known: KnownValues): { order: number[]; possible: number } {
  const filled = filledOf(known);
  filled.shapes ??= groupByShape(filled);
  const shapes = regexes.map(shapesOf);
  const groups = filled.shapes.filter(({ shape }) => shapes.some((one) => one === undefined || one.test(shape)));
  const order = groups.flatMap(({ places }) => places);
  if (groups.length > 1) order.sort((a, b) => (filled.filled[b]?.[1] ?? 0) - (filled.filled[a]?.[1] ?? 0));
  return { order, possible: groups.reduce((sum, { rows }) => sum + rows, 0) };
}

function groupByShape({ filled }: Filled): NonNullable<Filled['shapes']> {
  const groups = new Map<string, { shape: string; places: number[]; rows: number }>();
  for (const [i, [value, count]] of filled.entries()) {
    const shape = shapeOf(value);
    const group = groups.get(shape) ?? { shape, places: [], rows: 0 };
    groups.set(shape, group);
    group.places.push(i);
    group.rows += count;
  }
  for (const { places } of groups.values()) places.sort((a, b) => (filled[b]?.[1] ?? 0) - (filled[a]?.[1] ?? 0));
  return [...groups.values()];
}

interface Filled {
  filled: KnownValues['values'];
  rows: number;
  /** Made when it is first asked for. */
  shapes?: { shape: string; places: number[]; rows: number }[];
}
const FILLED = new WeakMap<KnownValues, Filled>();

/** The values that are not blank, once for all methods that are tried on them. */
function filledOf(known: KnownValues): Filled {
  const kept = FILLED.get(known);
  if (kept) return kept;
  const filled = known.values.filter(([value]) => !isBlank(value));
  const made: Filled = { filled, rows: filled.reduce((sum, [, count]) => sum + count, 0) };
  FILLED.set(known, made);
  return made;
}

const mostFrequent = (values: readonly (readonly [string, number])[]): string[] =>
  values.toSorted((a, b) => b[1] - a[1]).map(([value]) => value);
