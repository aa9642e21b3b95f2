import type { MeasuredColumn } from '../column.ts';
import type { Dialect } from '../csv/dialect.ts';
import { GROUPED_DIGITS, groupedWarning, mayBeGrouped } from '../csv/grouped-digits.ts';
import { splitRecords } from '../csv/records.ts';
import { quoteText } from '../sql.ts';
import type { Session } from './session.ts';
import type { TextFile } from './text-file.ts';

/** Records whose form is looked at before a file is read once more for its texts. */
const LOOKED_AT = 200;

/**
 * Warnings for columns of doubles that may be thousands, by their texts: once loaded 1.500 is 1.5. The file is read again only where its
 * first records leave that possible.
 *
 * @param source SQL of its texts `x0`, `x1`, …
 */
export async function tellGrouped(
  session: Session,
  columns: readonly MeasuredColumn[],
  file: TextFile,
  dialect: Dialect,
  source: string,
): Promise<string[]> {
  const floats = columns.flatMap(({ kind }, i) => (kind === 'float' ? [i] : []));
  if (floats.length === 0) return [];
  const records = splitRecords(file.head.slice(dialect.start), dialect, file.complete, LOOKED_AT);
  const rows = records.slice(dialect.header ? 1 : 0);
  const textsOf = (i: number): string[] =>
    rows.map(({ fields }) => fields[i]?.trim() ?? '').filter((text) => text !== '');
  const doubtful = floats.filter((i) => mayBeGrouped(textsOf(i)));
  if (doubtful.length === 0) return [];
  const list = doubtful.map((i) => `bool_and(regexp_full_match(trim(x${i}), ${quoteText(GROUPED_DIGITS)}))::VARCHAR`);
  const [row = []] = await session.query(`SELECT ${list.join(', ')} FROM ${source}`, 'looking at the digits');
  return doubtful.flatMap((i, at) => (row[at] === 'true' ? [groupedWarning(columns[i]?.name ?? '')] : []));
}
