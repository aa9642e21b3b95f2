import { hasHeader, isValue } from './header.ts';
import { isBlank, type TextRecord } from './records.ts';

/** Titles and notes before a table. */
const MOST_PREAMBLE = 60;

/** The first record that is as full as the table is; what stands before it has fewer fields, or hardly any filled. */
export function firstOfTable(
  all: readonly TextRecord[],
  common: number,
  isComment: (record: TextRecord) => boolean,
  from: number,
): number {
  const open = (record: TextRecord): boolean => isBlank(record) || isComment(record);
  const none = Math.max(
    all.findIndex((record, i) => i >= from && !open(record)),
    from,
  );
  if (common < 2) return none;
  for (let at = from; at < Math.min(all.length, MOST_PREAMBLE); at++) {
    const record = all[at] as TextRecord;
    if (open(record)) continue;
    const filled = filledOf(record);
    const fits = record.fields.length >= common - 1 && record.fields.length >= 2;
    if (!fits || filled < Math.min(common, Math.max(2, common / 2))) continue;
    if (filled >= common || !hasNamesBehind(all, at, common, open)) return at;
  }
  return none;
}

const filledOf = ({ fields }: TextRecord): number => fields.filter((field) => field.trim() !== '').length;

/** Rows that show what stands below names. */
const LOOKED_AT = 100;

/** Whether a fuller line of names, with values below it, follows a line: then that is a title padded with delimiters, such as `IBAN;DE89…;;`. */
function hasNamesBehind(
  all: readonly TextRecord[],
  from: number,
  common: number,
  open: (record: TextRecord) => boolean,
): boolean {
  const rows = all.slice(from + 1, from + 1 + MOST_PREAMBLE + LOOKED_AT).filter((record) => !open(record));
  return rows.slice(0, MOST_PREAMBLE).some((record, i) => {
    if (record.fields.length !== common || filledOf(record) < common || record.fields.some(isValue)) return false;
    const below = rows.slice(i + 1, i + 1 + LOOKED_AT);
    return record.fields.some((_, column) => {
      const cells = below.map(({ fields }) => fields[column]?.trim() ?? '').filter((cell) => cell !== '');
      return cells.length > 1 && cells.filter(isValue).length >= cells.length * 0.9;
    });
  });
}

/** The last comment before the table, when it has as many fields as the table and that begins with a row: `#id<TAB>name`. */
export function namesInComment(
  all: readonly TextRecord[],
  first: number,
  common: number,
  isComment: (record: TextRecord) => boolean,
): number | undefined {
  const before = all[first - 1];
  if (!before || common < 2 || !isComment(before) || before.fields.length !== common) return undefined;
  const row = all[first]?.fields ?? [];
  return before.fields.some(isValue) ||
    !(row.some(isValue) || !hasHeader([row, ...all.slice(first + 1).map(({ fields }) => fields)]))
    ? undefined
    : first - 1;
}
