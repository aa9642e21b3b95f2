/** What the values of a key are, nulls left out. */
export interface KeyFacts {
  /** DuckDB's `json_type` of each. */
  types: ReadonlySet<string>;
  /** A number is written with a point or an exponent. */
  hasFraction: boolean;
  /** Characters of the longest value. */
  longest: number;
  /** All texts are written `2024-02-29`. */
  dates: boolean;
  /** All texts are written `2024-02-29T23:59:59`, without a zone. */
  timestamps: boolean;
  /** The same with a zone. */
  zoned: boolean;
}

const WORDS: Readonly<Record<string, string>> = {
  BIGINT: 'number',
  UBIGINT: 'number',
  HUGEINT: 'number',
  DOUBLE: 'number',
  VARCHAR: 'string',
  BOOLEAN: 'boolean',
  OBJECT: 'object',
  ARRAY: 'array',
};

/** DuckDB's `json_type` in the words of JSON. */
export const wordOf = (type: string): string => WORDS[type] ?? type.toLowerCase();

/**
 * Type of a column of JSON: `nativeType` in the words of JSON (`number`, `object`, `number or string`), `duckdbType` the one its
 * values are cast to. Texts that all look like dates or times become such. Pure.
 */
export function jsonType(facts: KeyFacts): { nativeType: string; duckdbType: string } {
  const words = [...new Set([...facts.types].map(wordOf))].sort();
  return {
    nativeType: words.join(' or ') || 'null',
    duckdbType: words.length === 1 ? typeOf(words[0] ?? '', facts) : 'VARCHAR',
  };
}

function typeOf(word: string, facts: KeyFacts): string {
  if (word === 'boolean') return 'BOOLEAN';
  if (word === 'number') {
    if (facts.hasFraction) return 'DOUBLE';
    // 18 digits and a sign always fit 64 bits, 38 and a sign always fit 128.
    if (facts.longest <= 18) return 'BIGINT';
    return facts.longest <= 38 ? 'HUGEINT' : 'VARCHAR';
  }
  if (word !== 'string') return 'VARCHAR';
  if (facts.dates) return 'DATE';
  if (facts.timestamps) return 'TIMESTAMP';
  return facts.zoned ? 'TIMESTAMP WITH TIME ZONE' : 'VARCHAR';
}
