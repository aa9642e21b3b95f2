import { isValue } from './header.ts';
import { isBlank, type Marks, splitRecords, type TextRecord } from './records.ts';

const TOTAL =
  /^(?:grand |sub)?-?\s*(?:total|totals|sum|saldo|endsaldo|kontostand|balance|solde|summe|gesamt|insgesamt|totale|totaal|итого|合計|総計|总计|合计|小计)(?!\p{L})/iu;
const NOTE =
  /^(?:\*|\(?\d+ (?:rows?|records?|lines?)|(?:rows?|records?|count|source|note|notes|generated|exported|created|report|end of|quelle|stand|hinweis|fuente|źródło|copyright|©)\b|-{3,}|={3,})/i;
const MOST_FOOTER = 20;

/**
 * Records at the end that are totals or notes and no rows: a line of one field behind a blank line or with the words of a note; a
 * total that lacks cells, or whose first cell is a word in a column of numbers or dates. Pure.
 *
 * @returns how many records, blank ones not counted
 */
export function footerOf(
  options: { complete: boolean; tail?: string },
  text: string,
  marks: Marks,
  columns: number,
  comment: string,
): number {
  const end = options.complete ? text : options.tail;
  if (end === undefined || columns < 2) return 0;
  const isCut = !options.complete || end.length > 2 ** 16;
  const window = isCut ? end.slice(-(2 ** 16)) : end;
  const whole = isCut ? window.slice(window.indexOf('\n') + 1) : window;
  const records = splitRecords(whole, marks, true).filter(
    (record) => !(comment !== '' && whole.startsWith(comment, record.from)),
  );
  while (records.length > 0 && isBlank(records.at(-1) as TextRecord)) records.pop();
  const rows = records.filter((record) => !isBlank(record));
  if (rows.length < 3) return 0;
  let footer = 0;
  let between = 0;
  for (let at = records.length - 1; at > 1 && footer < MOST_FOOTER; at--) {
    const record = records[at] as TextRecord;
    if (isBlank(record)) continue;
    if (record.fields.every((field) => field.trim() === '') && footer > 0) between++;
    else if (isFooter(record, records, at, columns)) {
      footer += 1 + between;
      between = 0;
    } else break;
  }
  // A line of nothing but delimiters that keeps it from the table belongs to it.
  footer += between;
  return footer < rows.length - 1 ? footer : 0;
}

function isFooter(record: TextRecord, records: readonly TextRecord[], at: number, columns: number): boolean {
  const filled = record.fields.map((field) => field.trim()).filter((field) => field !== '');
  const first = filled[0] ?? '';
  const full = filled.length >= columns;
  if (filled.length === 0) return false;
  if (TOTAL.test(first)) {
    if (!full) return true;
    const above = records
      .slice(Math.max(1, at - 20), at)
      .map(({ fields }) => fields[0]?.trim() ?? '')
      .filter((value) => value !== '');
    return above.length > 1 && above.filter(isValue).length >= above.length * 0.9;
  }
  const alone = filled.length === 1 && record.fields[0]?.trim() !== '' && columns > 1;
  const afterBlank = at > 0 && isBlank(records[at - 1] as TextRecord);
  return alone && record.fields.length < columns && (NOTE.test(first) || afterBlank);
}
