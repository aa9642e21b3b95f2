import { quoteText } from '../sql.ts';
import type { KeyFacts } from './json-types.ts';

const DATE = '[0-9]{4}-[0-9]{2}-[0-9]{2}';
const TIMESTAMP = `${DATE}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?`;
const ZONE = '(Z|[+-][0-9]{2}:?[0-9]{2})';

/** What `toFacts` reads of a column of JSON values. */
export function factsOf(x: string): string[] {
  const type = `json_type(${x})`;
  const matches = (pattern: string): string =>
    `coalesce(bool_and(regexp_full_match(${x} ->> '$', ${quoteText(pattern)})) FILTER (${type} = 'VARCHAR'), false)`;
  return [
    `list(DISTINCT ${type}) FILTER (${type} <> 'NULL')`,
    `coalesce(bool_or(regexp_matches(${x}::VARCHAR, '[.eE]')) FILTER (${type} IN ('BIGINT', 'UBIGINT', 'DOUBLE')), false)`,
    `coalesce(max(length(${x}::VARCHAR)), 0)::VARCHAR`,
    matches(DATE),
    matches(TIMESTAMP),
    matches(TIMESTAMP + ZONE),
  ];
}

export function toFacts(row: readonly unknown[]): KeyFacts {
  const [types, hasFraction, longest, dates, timestamps, zoned] = row;
  return {
    types: new Set((types as string[] | null) ?? []),
    hasFraction: hasFraction === true,
    longest: Number(longest),
    dates: dates === true,
    timestamps: timestamps === true,
    zoned: zoned === true,
  };
}

/** JSON pointer (RFC 6901) to a key of the object itself. */
export const pointerTo = (key: string): string => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
