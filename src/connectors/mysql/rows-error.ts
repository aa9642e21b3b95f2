import type { AssayError } from '../../errors/assay-error.ts';
import { blameCondition } from '../blame-condition.ts';
import type { ReadRequest } from '../connector.ts';
import type { MysqlAddress } from './address.ts';
import { toSourceError } from './source-error.ts';
import { OF_SERVER } from './without-values.ts';

/**
 * What went wrong while rows were read, without their values. The condition is named where the error came of computing: rights, limits, names
 * and lost connections are no fault of it.
 */
export function toRowsError(
  thrown: unknown,
  address: MysqlAddress,
  request: Pick<ReadRequest, 'type' | 'where'>,
): AssayError {
  const error = toSourceError(thrown, address, true);
  const number = Number(error.details.number ?? 0);
  return number > 0 && !OF_SERVER.has(number) ? blameCondition(error, request) : error;
}
