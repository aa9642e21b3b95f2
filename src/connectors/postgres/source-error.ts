import { AssayError } from '../../errors/assay-error.ts';
import type { ErrorCode } from '../../errors/table.ts';
import { firstCause, toNetworkError } from '../network-error.ts';
import type { PostgresAddress } from './address.ts';
import { at } from './wire.ts';
import { withoutValues } from './without-values.ts';

/** SQLSTATE (or its class) → code. The longest match wins. */
const BY_SQLSTATE: Record<string, ErrorCode> = {
  '08': 'SOURCE_LOST',
  '22': 'SOURCE_BAD_DATA',
  '28': 'SOURCE_AUTH',
  '3D000': 'SOURCE_NO_DATABASE',
  '3F000': 'SOURCE_NO_OBJECT',
  '40': 'SOURCE_BUSY',
  '42501': 'SOURCE_NO_RIGHT',
  '42703': 'SOURCE_NO_OBJECT',
  '42P01': 'SOURCE_NO_OBJECT',
  '53': 'SOURCE_BUSY',
  '53100': 'SOURCE_FAILED',
  '55P03': 'SOURCE_TIMEOUT',
  '57014': 'SOURCE_TIMEOUT',
  '57P01': 'SOURCE_LOST',
  '57P02': 'SOURCE_LOST',
  '57P03': 'SOURCE_BUSY',
  '57P05': 'SOURCE_LOST',
};

/**
 * The one place where errors of the driver, the server and the network become ours. Never quotes a secret.
 *
 * @param ofRows it came up while rows were read: no value of them is quoted
 */
export function toSourceError(thrown: unknown, address: PostgresAddress, ofRows = false): AssayError {
  if (thrown instanceof AssayError) return thrown;
  const { message = String(thrown), code = '' } = firstCause(thrown);
  if (/^[0-9A-Z]{5}$/.test(code))
    // Of class 22 are values only, whatever was read: a policy of a table is asked for a single row of it, too.
    return fromSqlState(
      code,
      ofRows || code.startsWith('22') ? withoutValues(code, message) : message,
      thrown,
      address,
    );
  const network = toNetworkError(thrown, { ...address, at: at(address) });
  if (network) return network;
  if (/timeout expired|timeout exceeded/i.test(message))
    return new AssayError('SOURCE_TIMEOUT', `${at(address)} did not finish opening a session in time`, {
      cause: thrown,
    });
  if (/terminated|Connection ended|not queryable|Client was closed|closed/i.test(message))
    return new AssayError('SOURCE_LOST', `the connection to ${at(address)} broke: ${message}`, { cause: thrown });
  return new AssayError('SOURCE_FAILED', `PostgreSQL at ${at(address)}: ${message}`, { cause: thrown });
}

export const sqlStateOf = (thrown: unknown): string | undefined => {
  const code = firstCause(thrown).code;
  return code && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
};

function fromSqlState(state: string, message: string, cause: unknown, address: PostgresAddress): AssayError {
  const code = BY_SQLSTATE[state] ?? BY_SQLSTATE[state.slice(0, 2)] ?? 'SOURCE_FAILED';
  const said = `PostgreSQL says: ${message} (${state})`;
  return new AssayError(code, `${explainState(state, message, address)}${said}`, {
    cause,
    details: { sqlState: state },
  });
}

function explainState(state: string, message: string, address: PostgresAddress): string {
  const { user, database } = address;
  if (state === '28P01') return `the server refuses user "${user}" with this password (or has no such user). `;
  if (state === '28000' && /pg_hba|no entry/i.test(message))
    return `pg_hba.conf of the server lets user "${user}" not in from this machine to "${database}"; add a line for it or change sslType. `;
  if (state === '28000' && /does not exist/.test(message)) return `the server has no user "${user}". `;
  if (state === '28000') return `user "${user}" may not log in. `;
  if (state === '3D000') return `there is no database "${database}" at ${at(address)}. `;
  if (state === '42501' && /database/.test(message))
    return `user "${user}" may not connect to this database; run GRANT CONNECT ON DATABASE "${database}" TO "${user}". `;
  if (state === '53300') return 'the server takes no more connections; wait, or raise max_connections. ';
  if (state === '57P03') return 'the server is starting up, recovering or shutting down; try again in a moment. ';
  if (state === '57P01' || state === '57P02') return 'the server ended the session. ';
  return '';
}
