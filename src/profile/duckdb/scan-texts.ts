import { endsPlainly, isAscii, type KnownTexts } from '../measures/canonical-sql.ts';

/** An aggregate that says whether all texts of a column are what those of a sample are. @param may what those are */
export function textsSql(ref: string, may: 'ascii' | 'plain'): string {
  const text = `${ref}::VARCHAR`;
  return may === 'plain'
    ? `min(CASE WHEN NOT ${isAscii(text)} THEN 0 WHEN ${endsPlainly(text)} THEN 2 ELSE 1 END)`
    : `min((${isAscii(text)})::INTEGER)`;
}

/** Its answer as text. */
export const knownTexts = (said: string | null | undefined): KnownTexts => KNOWN[Number(said ?? 0)];

const KNOWN: readonly KnownTexts[] = [undefined, 'ascii', 'plain'];
