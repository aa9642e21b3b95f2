/** Names of java.sql.Types by DuckDB's, for `sqlDataType`. What is missing here has a name of its own there, or none. */
const SQL_TYPES: Readonly<Record<string, string>> = {
  BOOLEAN: 'BOOLEAN',
  TINYINT: 'TINYINT',
  SMALLINT: 'SMALLINT',
  INTEGER: 'INTEGER',
  BIGINT: 'BIGINT',
  UTINYINT: 'SMALLINT',
  USMALLINT: 'INTEGER',
  UINTEGER: 'BIGINT',
  UBIGINT: 'NUMERIC',
  HUGEINT: 'NUMERIC',
  UHUGEINT: 'NUMERIC',
  BIGNUM: 'NUMERIC',
  FLOAT: 'REAL',
  DOUBLE: 'DOUBLE',
  DECIMAL: 'DECIMAL',
  VARCHAR: 'VARCHAR',
  JSON: 'VARCHAR',
  ENUM: 'VARCHAR',
  UUID: 'VARCHAR',
  BLOB: 'BLOB',
  DATE: 'DATE',
  TIME: 'TIME',
  TIME_NS: 'TIME',
  'TIME WITH TIME ZONE': 'TIME_WITH_TIMEZONE',
  TIMESTAMP: 'TIMESTAMP',
  TIMESTAMP_S: 'TIMESTAMP',
  TIMESTAMP_MS: 'TIMESTAMP',
  TIMESTAMP_NS: 'TIMESTAMP',
  'TIMESTAMP WITH TIME ZONE': 'TIMESTAMP_WITH_TIMEZONE',
  STRUCT: 'STRUCT',
};

/** `DECIMAL(10,2)` → `DECIMAL`, `STRUCT(a INTEGER)[]` → `STRUCT[]`: the type without what is in its brackets. */
export function typeName(type: string): string {
  if (type.endsWith(']')) {
    const cut = type.lastIndexOf('[');
    return `${typeName(type.slice(0, cut))}${type.slice(cut)}`;
  }
  return (type.split('(')[0] ?? '').trim();
}

export function sqlType(type: string): string {
  if (type.endsWith(']')) return 'ARRAY';
  return SQL_TYPES[typeName(type)] ?? 'OTHER';
}

/** Width and scale of a decimal; zeros for everything else. */
export function sizeOf(type: string): { columnSize: number; decimalDigits: number } {
  const match = /^DECIMAL\((\d+),\s*(\d+)\)$/.exec(type);
  return { columnSize: Number(match?.[1] ?? 0), decimalDigits: Number(match?.[2] ?? 0) };
}
