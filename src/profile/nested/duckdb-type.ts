/** A type of DuckDB, taken apart as far as it is nested. */
export type NestedType =
  | { kind: 'leaf'; text: string }
  | { kind: 'struct' | 'union'; text: string; fields: { name: string; type: NestedType }[] }
  | { kind: 'list'; text: string; of: NestedType }
  | { kind: 'map'; text: string; key: NestedType; value: NestedType };

/** `STRUCT(a INTEGER, "b c" VARCHAR[])` → its fields. What is not understood is a leaf, measured by its text. Pure. */
export function parseDuckDbType(given: string): NestedType {
  const text = given.trim();
  const array = /\[\d*\]$/.exec(text);
  if (array) return { kind: 'list', text, of: parseDuckDbType(text.slice(0, array.index)) };
  const match = /^(STRUCT|UNION|MAP)\s*\((.*)\)$/s.exec(text);
  if (!match) return { kind: 'leaf', text };
  const members = splitOutside(match[2] ?? '', ',');
  if (match[1] === 'MAP') {
    const [key = '', value = ''] = members;
    return { kind: 'map', text, key: parseDuckDbType(key), value: parseDuckDbType(value) };
  }
  const fields = members.map((member) => {
    const [name = '', ...type] = splitOutside(member.trim(), ' ');
    return { name: unquoted(name), type: parseDuckDbType(type.join(' ')) };
  });
  return { kind: match[1] === 'STRUCT' ? 'struct' : 'union', text, fields };
}

const unquoted = (name: string): string => (name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name);

/** Cuts where the sign stands in no brackets and no quotes. Doubled quotes need no care: they end and begin again. */
function splitOutside(text: string, sign: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quote = '';
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] as string;
    if (quote) {
      if (char === quote) quote = '';
    } else if (char === '"' || char === "'") quote = char;
    else if (char === '(') depth += 1;
    else if (char === ')') depth -= 1;
    else if (char === sign && depth === 0) {
      parts.push(text.slice(from, at));
      from = at + 1;
    }
  }
  return [...parts, text.slice(from)];
}
