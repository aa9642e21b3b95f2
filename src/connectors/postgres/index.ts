import { AssayError } from '../../errors/assay-error.ts';
import type { Connector } from '../connector.ts';
import { readAddress } from './address.ts';
import { openSession } from './connect.ts';
import { PostgresConnection } from './connection.ts';
import { postgresSpec } from './spec.ts';
import { testPostgres } from './test-steps.ts';

export const postgresConnector: Connector = {
  spec: postgresSpec,
  async connect(config, context) {
    const { address, problems } = readAddress(config);
    if (problems.length > 0) throw new AssayError('BAD_REQUEST', problems.join('; '), { problems });
    return new PostgresConnection(address, context, await openSession(address, context));
  },
  test: testPostgres,
};
