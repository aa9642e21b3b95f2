import { AssayError } from '../../errors/assay-error.ts';
import type { ErrorCode } from '../../errors/table.ts';
import type { PostgresAddress } from './address.ts';
import { at } from './wire.ts';

interface Thrown {
  message?: string;
  code?: string;
}

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

const BY_SYSTEM_CODE: Record<string, ErrorCode> = {
  ENOTFOUND: 'SOURCE_NAME_NOT_RESOLVED',
  EAI_AGAIN: 'SOURCE_NAME_NOT_RESOLVED',
  ECONNREFUSED: 'SOURCE_UNREACHABLE',
  EHOSTUNREACH: 'SOURCE_UNREACHABLE',
  ENETUNREACH: 'SOURCE_UNREACHABLE',
  EADDRNOTAVAIL: 'SOURCE_UNREACHABLE',
  ETIMEDOUT: 'SOURCE_UNREACHABLE',
  ENOENT: 'SOURCE_UNREACHABLE',
  EACCES: 'SOURCE_UNREACHABLE',
  ENOTSOCK: 'SOURCE_UNREACHABLE',
  ECONNRESET: 'SOURCE_LOST',
  EPIPE: 'SOURCE_LOST',
};

/** The one place where errors of the driver, the server and the network become ours. Never quotes a secret. */
export function toSourceError(thrown: unknown, address: PostgresAddress): AssayError {
  if (thrown instanceof AssayError) return thrown;
  const first = firstCause(thrown);
  const { message = String(thrown), code = '' } = first;
  if (/^[0-9A-Z]{5}$/.test(code)) return fromSqlState(code, message, thrown, address);
  const system = BY_SYSTEM_CODE[code];
  if (system) return new AssayError(system, explainSystem(system, code, address), { cause: thrown, details: { code } });
  if (isTlsError(code, message))
    return new AssayError('SOURCE_TLS', explainTls(code, message, address), { cause: thrown, details: { code } });
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

/** When a name has several addresses, Node reports one AggregateError for all. */
function firstCause(thrown: unknown): Thrown {
  if (thrown instanceof AggregateError && thrown.errors.length > 0) return thrown.errors[0] as Thrown;
  return (thrown ?? {}) as Thrown;
}

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

function explainSystem(code: ErrorCode, system: string, address: PostgresAddress): string {
  if (code === 'SOURCE_NAME_NOT_RESOLVED')
    return `the host name "${address.host}" does not resolve (${system}); check its spelling and the name server of the worker`;
  if (system === 'ECONNREFUSED')
    return `nothing listens at ${at(address)} (connection refused); check host and port and that the server runs`;
  if (system === 'ENOENT' || system === 'ENOTSOCK')
    return `there is no server socket at ${at(address)}; check the folder in host, the port, and that the server runs`;
  if (system === 'EACCES') return `the worker may not open the socket ${at(address)}; check the rights of the folder`;
  if (code === 'SOURCE_LOST') return `the connection to ${at(address)} was cut off (${system})`;
  return `${at(address)} cannot be reached (${system}); check host, port and firewall`;
}

function isTlsError(code: string, message: string): boolean {
  return (
    /^ERR_(TLS|SSL)|CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET)|CRL/.test(code) ||
    /\bSSL\b|\bTLS\b|certificate/i.test(message)
  );
}

function explainTls(code: string, message: string, address: PostgresAddress): string {
  const where = at(address);
  if (/does not support SSL/.test(message))
    return `${where} offers no encrypted connections, but sslType is ${address.sslMode}; enable ssl on the server or use sslType disable`;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return `the certificate of ${where} is for another name; use the name in the certificate as host, or sslType verify-ca`;
  if (code === 'CERT_HAS_EXPIRED') return `the certificate of ${where} has expired; renew it on the server`;
  if (/SELF_SIGNED|UNABLE_TO|ISSUER/.test(code))
    return `the certificate of ${where} is signed by nobody we trust (${code}); name the PEM of its authority in trustStoreLocation`;
  return `the encrypted connection to ${where} could not be set up: ${message}`;
}
