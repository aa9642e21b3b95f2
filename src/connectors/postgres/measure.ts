import { AssayError } from '../../errors/assay-error.ts';
import type { GroupAsk, PushDownRequest, PushedScan, PushedTable } from '../connector.ts';
import type { PostgresAddress } from './address.ts';
import { blameComputing, checkCondition } from './condition.ts';
import type { Session } from './connect.ts';
import { quotePath } from './dialect.ts';
import { pushColumn } from './push-columns.ts';
import { groupsStatement, readGroups, readScan, scanStatement } from './push-down.ts';
import { readableColumns, toReadColumn } from './read.ts';
import { toSourceError } from './source-error.ts';

/** The longest statement_timeout the server takes. */
const MOST_MS = 2 ** 31 - 1;

/** Measures a table by two statements in one read-only snapshot; an abort stops the one that runs. */
export async function measureTable(
  session: Session,
  address: PostgresAddress,
  request: PushDownRequest,
  decide: (scan: PushedScan) => readonly GroupAsk[],
): Promise<PushedTable> {
  const { signal } = request;
  const run = async (sql: string): Promise<Record<string, unknown>> => {
    const [row] = await session.query(sql, [], signal);
    return row ?? {};
  };
  const rows = await readableColumns(session, request);
  if (rows.length === 0)
    throw new AssayError('NOT_SUPPORTED', `"${request.path.join('"."')}" has no columns to measure`);
  const columns = rows.map((row) => pushColumn(toReadColumn(row), row.typname));
  try {
    await run('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const { encoding } = await run("SELECT current_setting('server_encoding') AS encoding");
    if (encoding !== 'UTF8')
      throw new AssayError(
        'NOT_SUPPORTED',
        `the database is encoded in ${encoding}; texts are measured in the source only where that is UTF8, for their hashes and their order are of UTF-8`,
      );
    if (request.where !== undefined) await checkCondition(session, request, signal);
    await run(`SET LOCAL statement_timeout = ${Math.min(Math.max(Math.ceil(request.timeoutMs), 1), MOST_MS)}`);
    // Compiling hundreds of aggregates takes longer than it saves.
    await run('SET LOCAL jit = off');
    const from = `${quotePath(request.path)}${request.where === undefined ? '' : ` WHERE (${request.where}\n)`}`;
    const scan = readScan(columns, await run(scanStatement(columns, from)));
    const asks = decide(scan);
    const groups = readGroups(asks, await run(groupsStatement(columns, asks, scan.rows, from)));
    await session.query('COMMIT');
    return { scan, groups };
  } catch (error) {
    if (!session.dead) await session.query('ROLLBACK').catch(() => session.end());
    throw blameComputing(toSourceError(error, address, true), request);
  }
}
