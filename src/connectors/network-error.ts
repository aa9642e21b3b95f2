import { AssayError } from '../errors/assay-error.ts';
import type { ErrorCode } from '../errors/table.ts';
import type { SslMode } from './ssl-fields.ts';

/** What a sentence about a server needs to know of it. */
export interface ServerPlace {
  host: string;
  sslMode: SslMode;
  /** For people: `db:5432`, or the path of a socket. */
  at: string;
}

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

/** Errors of the network and of TLS, which are the same whatever server was dialled; undefined for all others. */
export function toNetworkError(thrown: unknown, place: ServerPlace): AssayError | undefined {
  const { message = String(thrown), code = '' } = firstCause(thrown);
  const system = BY_SYSTEM_CODE[code];
  if (system) return new AssayError(system, explainSystem(system, code, place), { cause: thrown, details: { code } });
  if (!isTlsError(code, message)) return undefined;
  return new AssayError('SOURCE_TLS', explainTls(code, message, place), { cause: thrown, details: { code } });
}

/** When a name has several addresses, Node reports one AggregateError for all. */
export function firstCause(thrown: unknown): { message?: string; code?: string } {
  if (thrown instanceof AggregateError && thrown.errors.length > 0) return thrown.errors[0] as { message?: string };
  return (thrown ?? {}) as { message?: string };
}

function explainSystem(code: ErrorCode, system: string, { at, host }: ServerPlace): string {
  if (code === 'SOURCE_NAME_NOT_RESOLVED')
    return `the host name "${host}" does not resolve (${system}); check its spelling and the name server of the worker`;
  if (system === 'ECONNREFUSED')
    return `nothing listens at ${at} (connection refused); check host and port and that the server runs`;
  if (system === 'ENOENT' || system === 'ENOTSOCK')
    return `there is no server socket at ${at}; check the folder in host, the port, and that the server runs`;
  if (system === 'EACCES') return `the worker may not open the socket ${at}; check the rights of the folder`;
  if (code === 'SOURCE_LOST') return `the connection to ${at} was cut off (${system})`;
  return `${at} cannot be reached (${system}); check host, port and firewall`;
}

function isTlsError(code: string, message: string): boolean {
  return (
    /^ERR_(TLS|SSL)|^HANDSHAKE_(NO_)?SSL|CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET)|CRL/.test(code) ||
    /\bSSL\b|\bTLS\b|certificate/i.test(message)
  );
}

/** A driver may put a code of its own in the place of Node's; then the words tell. */
function explainTls(code: string, message: string, { at, sslMode }: ServerPlace): string {
  if (/does not support (SSL|secure)/.test(message))
    return `${at} offers no encrypted connections, but sslType is ${sslMode}; enable ssl on the server or use sslType disable`;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID' || /does not match certificate/.test(message))
    return `the certificate of ${at} is for another name; use the name in the certificate as host, or sslType verify-ca`;
  if (code === 'CERT_HAS_EXPIRED' || /certificate has expired/.test(message))
    return `the certificate of ${at} has expired; renew it on the server`;
  if (/SELF_SIGNED|UNABLE_TO|ISSUER/.test(code) || /self-signed|unable to (get|verify)/.test(message))
    return `the certificate of ${at} is signed by nobody we trust (${message}); name the PEM of its authority in trustStoreLocation`;
  return `the encrypted connection to ${at} could not be set up: ${message}`;
}
