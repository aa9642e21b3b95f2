import { endsPlainly, isAscii, type KnownTexts } from '../measures/canonical-sql.ts';

/**
 * Aggregates that say whether all texts of a column are what those of a sample are: how many are not. Two counts take half of what one
 * CASE does, in which nothing that two branches ask is shared.
 *
 * @param may what those of the sample are
 */
export function textsSql(ref: string, may: KnownTexts): string[] {
  const text = `${ref}::VARCHAR`;
  if (may === undefined) return [];
  return [isAscii(text), ...(may === 'ascii' ? [] : [endsPlainly(text)])].map((holds) => `count_if(NOT (${holds}))`);
}

/** Their answers as text. */
export const knownTexts = ([others, ends]: readonly (string | null)[]): KnownTexts =>
  others !== '0' ? undefined : ends === '0' ? 'plain' : 'ascii';
