import { AssayError } from '../../errors/assay-error.ts';

/** A whole number above 0, as given to an option. @throws AssayError BAD_REQUEST */
export function readCount(flag: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new AssayError('BAD_REQUEST', `${flag}: received "${text}", expected a whole number above 0`);
}
