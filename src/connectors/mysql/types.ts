import type { ColumnRow } from './catalog.ts';

export interface MappedType {
  duckdbType: string;
  /** `inferred`: the text does not carry the kind of the declared type, so what it is must be found from the values. */
  typeBasis: 'precise' | 'inferred';
  /** How a value is written: digits and dates as they come, text in quotes, bytes as `\x` and hex digits. */
  form: 'plain' | 'text' | 'hex';
  /** Put behind each value. */
  suffix?: string;
  /** How the column is asked for when its own text would lose something. */
  select?(quoted: string): string;
}

type TypedColumn = Pick<ColumnRow, 'dataType' | 'columnType' | 'precision' | 'scale' | 'charset'>;

const INTEGERS: Record<string, string> = {
  tinyint: 'TINYINT',
  smallint: 'SMALLINT',
  mediumint: 'INTEGER',
  int: 'INTEGER',
  integer: 'INTEGER',
  bigint: 'BIGINT',
};
const GEOMETRY =
  /^(geometry|point|linestring|polygon|multipoint|multilinestring|multipolygon|geometrycollection|geomcollection)$/;

/** The DuckDB type in which a column is given; VARCHAR wherever another type could lose something. */
export function toDuckdbType(column: TypedColumn): MappedType {
  const { dataType, columnType } = column;
  const unsigned = /\bunsigned\b|\bzerofill\b/i.test(columnType);
  const integer = INTEGERS[dataType];
  if (integer) return plain(unsigned ? `U${integer}` : integer);
  if (dataType === 'decimal' || dataType === 'numeric') return toDecimal(column);
  // The text of a float has six digits; as a double it has all of them.
  if (dataType === 'float') return { ...plain('FLOAT'), select: (name) => `${name} + 0e0` };
  if (dataType === 'double' || dataType === 'real') return { ...plain('DOUBLE'), select: (name) => `${name} + 0e0` };
  if (dataType === 'bit')
    return { ...plain(/\(1\)/.test(columnType) ? 'BOOLEAN' : 'UBIGINT'), select: (name) => `${name} + 0` };
  if (dataType === 'year') return plain('SMALLINT');
  if (dataType === 'date') return plain('DATE');
  if (dataType === 'datetime') return plain('TIMESTAMP');
  // Stored as an instant; the session's zone is UTC.
  if (dataType === 'timestamp') return { ...plain('TIMESTAMP WITH TIME ZONE'), suffix: '+00' };
  if (dataType === 'time') return plain('TIME');
  if (dataType === 'uuid') return plain('UUID');
  if (GEOMETRY.test(dataType)) return { ...text, select: (name) => `ST_AsText(${name})` };
  if (/(blob|binary)$/.test(dataType) || dataType === 'vector')
    return { duckdbType: 'BLOB', typeBasis: 'precise', form: 'hex' };
  return text;
}

const text: MappedType = { duckdbType: 'VARCHAR', typeBasis: 'precise', form: 'text' };
const plain = (duckdbType: string): MappedType => ({ duckdbType, typeBasis: 'precise', form: 'plain' });

/** DuckDB holds 38 digits, MySQL up to 65. */
function toDecimal({ precision, scale }: TypedColumn): MappedType {
  const [width, digits] = [Number(precision ?? 10), Number(scale ?? 0)];
  if (width > 38) return { ...text, typeBasis: 'inferred' };
  return plain(`DECIMAL(${width},${digits})`);
}

/** Names of java.sql.Types as JDBC clients know them. */
const SQL_TYPES: Record<string, string> = {
  tinyint: 'TINYINT',
  smallint: 'SMALLINT',
  mediumint: 'INTEGER',
  int: 'INTEGER',
  bigint: 'BIGINT',
  decimal: 'DECIMAL',
  float: 'REAL',
  double: 'DOUBLE',
  bit: 'BIT',
  year: 'DATE',
  date: 'DATE',
  datetime: 'TIMESTAMP',
  timestamp: 'TIMESTAMP',
  time: 'TIME',
  char: 'CHAR',
  varchar: 'VARCHAR',
  tinytext: 'VARCHAR',
  text: 'LONGVARCHAR',
  mediumtext: 'LONGVARCHAR',
  longtext: 'LONGVARCHAR',
  json: 'LONGVARCHAR',
  enum: 'CHAR',
  set: 'CHAR',
  binary: 'BINARY',
  varbinary: 'VARBINARY',
  tinyblob: 'VARBINARY',
  blob: 'LONGVARBINARY',
  mediumblob: 'LONGVARBINARY',
  longblob: 'LONGVARBINARY',
};

export const toSqlType = ({ dataType }: Pick<ColumnRow, 'dataType'>): string => SQL_TYPES[dataType] ?? 'OTHER';

/** Characters, bytes or digits (0 when unbounded), and digits after the point. */
export function sizeOf(column: ColumnRow): { columnSize: number; decimalDigits: number } {
  if (column.length !== null) return { columnSize: Number(column.length), decimalDigits: 0 };
  if (column.precision !== null)
    return { columnSize: Number(column.precision), decimalDigits: Number(column.scale ?? 0) };
  return { columnSize: 0, decimalDigits: Number(column.timePrecision ?? 0) };
}
