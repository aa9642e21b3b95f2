import { ANY_DECIMAL } from '../connector.ts';
/** What the catalog of PostgreSQL says of a column's type, domains already resolved to their base. */
export interface NativeType {
  /** `pg_type.typname`: `varchar`, `numeric`, `_int4`. For `toDuckdbType` with its schema where that is not pg_catalog: `app.date`. */
  typname: string;
  /** `pg_type.typtype`: b base, e enum, c composite, r range, m multirange. */
  typtype: string;
  /** `pg_attribute.atttypmod` (or the domain's), -1 when there is none. */
  typmod: number;
}

export interface MappedType {
  duckdbType: string;
  /** `inferred`: the text does not carry the kind of the declared type, so what it is must be found from the values. */
  typeBasis: 'precise' | 'inferred';
  /** Values are written as their type is; not said where what they are must be found out. */
  sure?: true;
}

const PLAIN: Record<string, string> = {
  bool: 'BOOLEAN',
  int2: 'SMALLINT',
  int4: 'INTEGER',
  int8: 'BIGINT',
  oid: 'BIGINT',
  xid: 'BIGINT',
  float4: 'FLOAT',
  float8: 'DOUBLE',
  uuid: 'UUID',
  time: 'TIME',
  date: 'DATE',
  timestamp: 'TIMESTAMP',
  timestamptz: 'TIMESTAMP WITH TIME ZONE',
  // Each connection sets bytea_output = 'hex', so the text is `\x4142`, which is read back as bytes.
  bytea: 'BLOB',
};

/**
 * The DuckDB type in which a column is given. VARCHAR wherever another type could lose something: `money` (locale), `timetz`, `interval`, JSON, arrays, ranges, geometry, addresses.
 */
export function toDuckdbType({ typname, typtype, typmod }: NativeType): MappedType {
  const plain = typtype === 'b' && PLAIN[typname];
  if (plain) return { duckdbType: plain, typeBasis: 'precise', sure: true };
  if (typname === 'numeric') return toDecimal(typmod);
  return { duckdbType: 'VARCHAR', typeBasis: 'precise' };
}

function toDecimal(typmod: number): MappedType {
  const { precision, scale } = decimalShape(typmod);
  if (precision === undefined || precision > 38 || scale < 0 || scale > precision)
    return { duckdbType: ANY_DECIMAL, typeBasis: 'inferred' };
  return { duckdbType: `DECIMAL(${precision},${scale})`, typeBasis: 'precise', sure: true };
}

/** Precision and scale of a `numeric`; since PostgreSQL 15 the scale may be negative or exceed the precision. */
export function decimalShape(typmod: number): { precision?: number; scale: number } {
  if (typmod < 4) return { scale: 0 };
  const packed = typmod - 4;
  const scale = ((packed & 0x7ff) ^ 1024) - 1024;
  return { precision: (packed >> 16) & 0xffff, scale };
}

/** Names of java.sql.Types as JDBC clients know them. */
const SQL_TYPES: Record<string, string> = {
  bool: 'BIT',
  int2: 'SMALLINT',
  int4: 'INTEGER',
  int8: 'BIGINT',
  oid: 'BIGINT',
  float4: 'REAL',
  float8: 'DOUBLE',
  numeric: 'NUMERIC',
  money: 'DOUBLE',
  bpchar: 'CHAR',
  varchar: 'VARCHAR',
  text: 'VARCHAR',
  name: 'VARCHAR',
  bytea: 'BINARY',
  date: 'DATE',
  time: 'TIME',
  timetz: 'TIME_WITH_TIMEZONE',
  timestamp: 'TIMESTAMP',
  timestamptz: 'TIMESTAMP_WITH_TIMEZONE',
  xml: 'SQLXML',
  bit: 'BIT',
};

export function toSqlType({ typname, typtype }: NativeType): string {
  if (typname.startsWith('_') && typtype === 'b') return 'ARRAY';
  if (typtype === 'c') return 'STRUCT';
  if (typtype === 'e') return 'VARCHAR';
  return SQL_TYPES[typname] ?? 'OTHER';
}

/** Characters or digits (0 when unbounded), and digits after the point. */
export function sizeOf({ typname, typmod }: NativeType): { columnSize: number; decimalDigits: number } {
  if (typname === 'numeric') {
    const { precision = 0, scale } = decimalShape(typmod);
    return { columnSize: precision, decimalDigits: scale };
  }
  if ((typname === 'varchar' || typname === 'bpchar') && typmod >= 4)
    return { columnSize: typmod - 4, decimalDigits: 0 };
  const fixed: Record<string, [number, number]> = {
    bool: [1, 0],
    int2: [5, 0],
    int4: [10, 0],
    int8: [19, 0],
    float4: [8, 8],
    float8: [17, 17],
    uuid: [36, 0],
    date: [10, 0],
  };
  const [columnSize = 0, decimalDigits = 0] = fixed[typname] ?? [];
  return { columnSize, decimalDigits };
}
