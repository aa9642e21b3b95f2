import { shareOfSample } from '../../profile/interval.ts';
import { isBlank } from '../../profile/text/alphabet.ts';
import { canonicalText } from '../../sketch/canonical-text.ts';
import { allRead, type ColumnFacts, type KnownValues, type Missing } from '../column-facts.ts';
import type { PatternMethod } from '../method.ts';
import type { RegexTester } from '../regex/regex-tester.ts';
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
  const { values: known } = facts;
  if (method.regexes.length === 0 && method.validator === undefined)
    return { score: exactScore(0), matched: [], unmatched: [] };
  if ('missing' in known) return known;
  const { filled, values } = filledOf(known);
  const excluded = new Set(method.exclusions.map((text) => canonicalText(text)));
  const validate = method.validator === undefined ? undefined : validators[method.validator];
  if (method.validator !== undefined && !validate)
    return { missing: `validator ${JSON.stringify(method.validator)}: there is none of that name here` };
  const hits = new Uint8Array(values.length);
  if (method.regexes.length === 0) hits.fill(1);
  // An expression is tried on what the ones before it left.
  let open: number[] | undefined;
  for (const source of method.regexes) {
    const texts = open ? open.map((i) => values[i] as string) : values;
    if (texts.length === 0) break;
    const found = await tester.test({ source, mode: 'whole', owner: method.name }, texts);
    for (let at = 0; at < texts.length; at++) if (found[at]) hits[open ? (open[at] as number) : at] = 1;
    if (method.regexes.length > 1) open = (open ?? values.map((_, i) => i)).filter((i) => !hits[i]);
  }
  // What is dearer comes last, and looks at nothing but hits.
  for (let i = 0; i < values.length; i++) {
    if (!hits[i]) continue;
    const value = values[i] as string;
    if (excluded.size > 0 && excluded.has(canonicalText(value))) hits[i] = 0;
    else if (validate && !validate(value)) hits[i] = 0;
  }
  let [matching, rows] = [0, 0];
  for (let i = 0; i < filled.length; i++) {
    const [, count] = filled[i] as readonly [string, number];
    rows += count;
    if (hits[i]) matching += count;
  }
  const ofRows = Math.max(facts.nonNull - facts.blanks, rows);
  return {
    score: known.all
      ? exactScore(rows === 0 ? 0 : matching / rows, rows)
      : scoreOf(shareOfSample(matching, rows, allRead(facts) ? ofRows : undefined), 'sample', rows),
    // Hundreds of methods are tried on a column, and of few anybody wants to know.
    get matched() {
      return mostFrequent(filled.filter((_, i) => hits[i]));
    },
    get unmatched() {
      return mostFrequent(filled.filter((_, i) => !hits[i]));
    },
  };
}

interface Filled {
  filled: KnownValues['values'];
  values: string[];
}
const FILLED = new WeakMap<KnownValues, Filled>();

/** The values that are not blank, once for all methods that are tried on them. */
function filledOf(known: KnownValues): Filled {
  const kept = FILLED.get(known);
  if (kept) return kept;
  const filled = known.values.filter(([value]) => !isBlank(value));
  const made = { filled, values: filled.map(([value]) => value) };
  FILLED.set(known, made);
  return made;
}

const mostFrequent = (values: readonly (readonly [string, number])[]): string[] =>
  values.toSorted((a, b) => b[1] - a[1]).map(([value]) => value);
