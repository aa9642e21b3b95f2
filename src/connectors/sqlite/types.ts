/** Which storage classes the values of a column have. */
export interface StorageClasses {
  integer: boolean;
  real: boolean;
  text: boolean;
  blob: boolean;
  /** Integers that a double cannot hold. Only told where there are reals, too. */
  large: boolean;
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
export const readType = (declared: string, found: StorageClasses): ReadType =>
  withBasis(declared, storedType(affinityOf(declared), found));

export type ReadType = { duckdbType: string; typeBasis: 'precise' | 'inferred' };

export function withBasis(declared: string, duckdbType: string): ReadType {
  const affinity = affinityOf(declared);
  const promised = { INTEGER: 'BIGINT', REAL: 'DOUBLE', TEXT: 'VARCHAR', BLOB: 'BLOB', NUMERIC: '' }[affinity];
  return { duckdbType, typeBasis: duckdbType === promised ? 'precise' : 'inferred' };
}

function storedType(affinity: Affinity, found: StorageClasses): string {
  const { integer, real, text, blob, large } = found;
  if (blob && !text && !integer && !real) return 'BLOB';
  // Beside values of other classes bytes are given as hex digits, so their lengths count digits.
  if (text || blob) return 'VARCHAR';
  if (integer && !real) return 'BIGINT';
  if (real) return integer && large ? 'VARCHAR' : 'DOUBLE';
  // No values at all: what the declaration says.
  return { INTEGER: 'BIGINT', REAL: 'DOUBLE', TEXT: 'VARCHAR', BLOB: 'VARCHAR', NUMERIC: 'DOUBLE' }[affinity];
}
