/** What is a value and no name: numbers, dates, times, booleans, addresses of the net. */
const VALUE =
  /^(?:[-+(]?[$€£¥]?\s?(?:\d[\d.,' \u00a0]*|\.\d+)(?:e[-+]?\d+)?\s?[%€$£¥]?\)?|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[ T]\d{1,2}:\d{2}.*)?|\d{1,2}:\d{2}(?::\d{2}.*)?|true|false|\S+@\S+\.\w+|https?:\/\/\S+|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})$/i;

export const isValue = (text: string): boolean => VALUE.test(text.trim());

/** A quarter named Q1 or a year is a name in a header of years: `country,2019,2020`. */
const YEAR = /^(?:19|20)\d{2}$/;

/**
 * Whether the first of these records holds names. A value among them says no, except years beside names; otherwise each column
 * has its say: a value below a word is for names, a first cell that comes again below is against. Undecided, a first line of
 * different filled words is taken for names, as most tables have them. Pure.
 */
export function hasHeader(rows: readonly (readonly string[])[]): boolean {
  const [first = [], ...others] = rows;
  const cells = first.map((cell) => cell.trim());
  // Files that were put one behind the other repeat their header.
  const different = others.filter((row) => row.some((cell, i) => cell.trim() !== cells[i]));
  const rest = cells.some((_, column) => shareOfValues(different, column) > MOSTLY) ? different : others;
  const filled = cells.filter((cell) => cell !== '');
  if (filled.length === 0) return false;
  const years = filled.filter((cell) => YEAR.test(cell)).length;
  const values = filled.filter((cell) => isValue(cell)).length;
  if (values > years || (years > 0 && years === filled.length && rest.length > 0)) return false;
  if (rest.length === 0) return true;
  let votes = 0;
  for (const [column, cell] of cells.entries()) {
    const below = rest.map((row) => row[column]?.trim() ?? '').filter((value) => value !== '');
    if (below.length === 0) continue;
    if (shareOfValues(rest, column) > MOSTLY) votes += YEAR.test(cell) ? 0 : 2;
    else if (below.includes(cell)) votes -= 2;
    else if (isName(cell)) votes += 1;
    else if (cell.length > 40 && rest.length > 2) votes -= 1;
    else if (sameLength(cell, below)) votes -= 1;
  }
  if (votes !== 0) return votes > 0;
  return new Set(filled).size === filled.length && filled.length >= cells.length / 2;
}

const MOSTLY = 0.9;

/** Of the filled cells of a column; 0 where there are none. */
function shareOfValues(rows: readonly (readonly string[])[], column: number): number {
  const filled = rows.map((row) => row[column]?.trim() ?? '').filter((cell) => cell !== '');
  return filled.length === 0 ? 0 : filled.filter(isValue).length / filled.length;
}

/** Written as columns are named: snake_case, camelCase, or a usual word. */
const isName = (cell: string): boolean =>
  /^(?:[a-z][a-z0-9]*(?:_[a-z0-9]+)+|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|[a-z]+(?:[A-Z][a-z0-9]+)+)$/.test(cell) ||
  USUAL.test(cell);

const USUAL =
  /^(?:.* )?(?:id|nr|no|code|name|date|city|country|state|address|email|e-mail|phone|type|value|amount|price|total|status|title|comment|key|quantity|category|description|vorname|nachname|ort|straße|datum|preis|betrag|land|nom|prénom|ville|pays|prix|nombre|ciudad|fecha|precio|nome|cidade|data|città|naam|stad|氏名|住所|姓名|城市)\.?$/i;

/** Codes of one length under a first cell of the same length look like one more code. */
const sameLength = (cell: string, below: readonly string[]): boolean =>
  below.length >= 2 && /\d/.test(cell) && below.every((value) => value.length === cell.length);

/** Names for all columns: trimmed, `column-3` for an empty one, `a_1` for a second `a`. Pure. */
export function nameColumns(header: readonly string[] | undefined, columns: number): string[] {
  const taken = new Set<string>();
  return Array.from({ length: columns }, (_, i) => {
    const name = header?.[i]?.trim() || `column-${i}`;
    let own = name;
    for (let n = 1; taken.has(own); n++) own = `${name}_${n}`;
    taken.add(own);
    return own;
  });
}
