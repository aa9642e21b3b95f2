/** How many values of each storage class a column holds. */
export interface StorageClasses {
  integer: number;
  real: number;
  text: number;
  blob: number;
  /** Integers that a double cannot hold. */
  large: number;
}

export type Affinity = 'INTEGER' | 'REAL' | 'TEXT' | 'BLOB' | 'NUMERIC';

/** The rules of https://www.sqlite.org/datatype3.html, section 3.1, in their order. */
export function affinityOf(declared: string): Affinity {
  const type = declared.toUpperCase();
  if (type.includes('INT')) return 'INTEGER';
  if (/CHAR|CLOB|TEXT/.test(type)) return 'TEXT';
  if (type === '' || type.includes('BLOB')) return 'BLOB';
  if (/REAL|FLOA|DOUB/.test(type)) return 'REAL';
  return 'NUMERIC';
}

/**
 * The type its values are given in. SQLite's declared types bind nobody, so what is stored decides; `inferred` says that it
 * is not what the declaration promised.
 */
export function readType(
  declared: string,
  found: StorageClasses,
): { duckdbType: string; typeBasis: 'precise' | 'inferred' } {
  const affinity = affinityOf(declared);
  const duckdbType = storedType(affinity, found);
  const promised = { INTEGER: 'BIGINT', REAL: 'DOUBLE', TEXT: 'VARCHAR', BLOB: 'BLOB', NUMERIC: '' }[affinity];
  return { duckdbType, typeBasis: duckdbType === promised ? 'precise' : 'inferred' };
}

function storedType(affinity: Affinity, found: StorageClasses): string {
  const { integer, real, text, blob, large } = found;
  if (blob > 0 && text + integer + real === 0) return 'BLOB';
  // Beside values of other classes bytes are given as hex digits, so their lengths count digits.
  if (text > 0 || blob > 0) return 'VARCHAR';
  if (integer > 0 && real === 0) return 'BIGINT';
  if (real > 0) return integer > 0 && large > 0 ? 'VARCHAR' : 'DOUBLE';
  // No values at all: what the declaration says.
  return { INTEGER: 'BIGINT', REAL: 'DOUBLE', TEXT: 'VARCHAR', BLOB: 'VARCHAR', NUMERIC: 'DOUBLE' }[affinity];
}
