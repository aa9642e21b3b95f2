import { createHash } from 'node:crypto';

/**
 * The published 64-bit value hash: bytes 8–15 of the MD5 digest of the UTF-8 text, little-endian. The same as
 * `(md5_number(x)::UHUGEINT >> 64)::UBIGINT` in DuckDB. Part of the file format: never changes.
 */
export const valueHash = (text: string): bigint => createHash('md5').update(text, 'utf8').digest().readBigUInt64LE(8);
