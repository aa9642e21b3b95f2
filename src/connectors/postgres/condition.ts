import { AssayError } from '../../errors/assay-error.ts';
import { conditionTest } from '../../model/condition-test.ts';
import { blameCondition } from '../blame-condition.ts';
import type { ReadRequest } from '../connector.ts';
import type { Session } from './connect.ts';
import { quotePath } from './dialect.ts';

/** Volatile functions of the server that only compute, wait or tell. */
const HARMLESS = [
  'clock_timestamp',
  'gen_random_uuid',
  'pg_sleep',
  'pg_sleep_for',
  'pg_sleep_until',
  'random',
  'random_normal',
  'timeofday',
  'uuidv4',
  'uuidv7',
];

/**
 * The driver sends COPY as one plain text, in which a hostile condition could close our bracket and begin a statement of its
 * own. So the condition is first prepared (a prepared text holds one statement) where it cannot.
 *
 * A read-only transaction keeps data as they are, but not the server: so a condition may not call its functions that end sessions,
 * reload settings and the like (all volatile ones of its own, and those that reach other databases), nor spell a name in a way that
 * hides one.
 *
 * @throws BAD_REQUEST
 */
export async function checkCondition(session: Session, request: ReadRequest, signal: AbortSignal): Promise<void> {
  const where = request.where ?? '';
  const text = `EXPLAIN ${conditionTest(quotePath(request.path), where)}`;
  try {
    await session.client.query({ text, queryMode: 'extended' } as unknown as string);
  } catch (cause) {
    if (signal.aborted) throw new AssayError('CANCELLED', 'the work was cancelled', { cause });
    const { code = '', message = '' } = cause as { code?: string; message?: string };
    if (code === '42501' || !/^(0A|22|25|42)/.test(code)) throw cause;
    const [, type] = /^argument of CASE\/WHEN must be type boolean, not type (.*)$/.exec(message) ?? [];
    const says =
      type === undefined
        ? `PostgreSQL says: ${message} (${code})`
        : `expected a condition, received an expression of type ${type}`;
    throw new AssayError('BAD_REQUEST', `whereClause: ${says}`, { cause });
  }
  if (/u&"/i.test(where))
    throw new AssayError('BAD_REQUEST', 'whereClause: received a name written as U&"…"; write it as it is');
  const names = [...new Set(where.match(/[\p{L}_][\p{L}\p{N}_$]*/gu)?.map((name) => name.toLowerCase()) ?? [])];
  const acting = await session.query<{ name: string }>(
    `SELECT DISTINCT p.proname AS name FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
     WHERE p.proname = ANY($1) AND p.proname <> ALL($2) AND p.provolatile = 'v'
       AND (n.nspname = 'pg_catalog' OR p.proname LIKE 'dblink%') ORDER BY 1`,
    [names, HARMLESS],
    signal,
  );
  if (acting.length > 0)
    throw new AssayError(
      'BAD_REQUEST',
      `whereClause: received the name of ${acting.map(({ name }) => `${name}()`).join(', ')}, which does more than compute a value; give a condition on the columns of the table`,
    );
}

/** What comes of computing: on values, in functions, against the read-only transaction. Rights, limits and lost connections do not. */
const OF_COMPUTING = /^(?:21|22|25006|2F|38|39|42(?!501)|P0)/;

/** The same error, with the condition named where it came of computing. Pure. */
export const blameComputing = (error: AssayError, request: Pick<ReadRequest, 'type' | 'where'>): AssayError =>
  OF_COMPUTING.test(String(error.details.sqlState ?? '')) ? blameCondition(error, request) : error;
