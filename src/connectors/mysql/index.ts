import { AssayError } from '../../errors/assay-error.ts';
import type { Connector } from '../connector.ts';
import { readAddress } from './address.ts';
import { openSession } from './connect.ts';
import { MysqlConnection } from './connection.ts';
import { mysqlSpec } from './spec.ts';
import { testMysql } from './test-steps.ts';

export const mysqlConnector: Connector = {
  spec: mysqlSpec,
  async connect(config, context) {
    const { address, problems } = readAddress(config);
    if (problems.length > 0) throw new AssayError('BAD_REQUEST', problems.join('; '), { problems });
    return new MysqlConnection(address, context, await openSession(address, context));
  },
  test: testMysql,
};
