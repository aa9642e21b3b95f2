import type { ColumnFacts } from '../identify/column-facts.ts';
import type { PatternMethod } from '../identify/method.ts';
import type { RegexTester } from '../identify/regex/regex-tester.ts';
import { type RegexShare, regexShareOf } from '../identify/scores/regex-share.ts';
import { validators } from '../identify/validators/index.ts';

/** Shown in place of what was cut off a value. */
const CUT = '…';

/**
 * A share with the values that a profile shows in place of those that were kept: the score is of what was kept, and evidence names what may
 * be seen. Of nearly unique values the ones that were drawn are hardly ever those that are shown.
 */
export async function withShownValues(
  share: RegexShare,
  method: PatternMethod,
  facts: ColumnFacts,
  shown: ReadonlySet<string>,
  tester: RegexTester,
): Promise<RegexShare> {
  const values = [...shown].filter((value) => !value.endsWith(CUT)).map((value) => [value, 1] as const);
  const seen = await regexShareOf(
    method,
    { ...facts, values: { values, rows: values.length, all: false } },
    tester,
    validators,
  );
  if ('missing' in seen) return share;
  return { score: share.score, matched: seen.matched, unmatched: seen.unmatched };
}
