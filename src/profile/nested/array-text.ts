import { quoteText } from '../sql.ts';

const NUMBERS = /^(smallint|integer|bigint|real|double precision|numeric|oid)\b/;

/** A quoted element with its escapes, a bracket, a comma, or an element without quotes. */
const TOKEN = String.raw`"(?:[^"\\]|\\.)*"|[{},]|[^{},"]+`;

/**
 * SQL that turns PostgreSQL's text of an array (`{1,NULL,"a,b"}`, `[0:1]={…}`, section 8.15.6 of its manual) into JSON. Numbers and
 * truth values stay such, as far as JSON has them; every other element is a string. Pure.
 */
export function arrayTextToJson(text: string, nativeType: string): string {
  const plain = NUMBERS.test(nativeType)
    ? `CASE WHEN regexp_full_match(t, '-?[0-9]+([.][0-9]+)?([eE][-+]?[0-9]+)?') THEN t ELSE to_json(t)::VARCHAR END`
    : /^boolean\b/.test(nativeType)
      ? `CASE t WHEN 't' THEN 'true' ELSE 'false' END`
      : 'to_json(t)::VARCHAR';
  const element = `CASE t WHEN '{' THEN '[' WHEN '}' THEN ']' WHEN ',' THEN ',' WHEN 'NULL' THEN 'null' ELSE
    CASE WHEN starts_with(t, '"') THEN to_json(regexp_replace(t[2:-2], '\\\\(.)', '\\1', 'gs'))::VARCHAR ELSE ${plain} END END`;
  const tokens = `regexp_extract_all(regexp_replace(${text}, '^(\\[-?[0-9]+:-?[0-9]+\\])+=', ''), ${quoteText(TOKEN)}, 0, 's')`;
  return `array_to_string(list_transform(${tokens}, lambda t: ${element}), '')`;
}
